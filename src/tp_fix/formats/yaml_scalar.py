"""Lowering in YAML scalars of every style, and of the comments behind them."""

from __future__ import annotations

import re

from tp_fix.change import ReplaceInScalar, SetComment, SetValue
from tp_fix.edit import Edit, Lowered
from tp_fix.errors import CannotEdit
from tp_fix.formats import emit
from tp_fix.formats.spelling import block_scalar, span_map, to_source
from tp_fix.formats.yaml_block import set_block_key_value
from tp_fix.formats.yaml_site import QUOTES, Site
from tp_fix.node import show
from tp_fix.source import Span


def set_scalar(site: Site, change: SetValue) -> Lowered:
    value = change.value
    if isinstance(value, dict | list) and not site.in_flow and value:
        return set_block_key_value(site, change)
    if isinstance(value, str) and "\n" in value:
        raise CannotEdit(f"{show(site.route)} would become several lines; change it by hand")
    if site.node.tagged:
        raise CannotEdit(f"{show(site.route)} carries a YAML tag or anchor; change it by hand")
    quote = QUOTES.get(site.node.style, "")
    text = emit.flow(value) if isinstance(value, dict | list) else emit.scalar(value, quote, flow=site.in_flow)
    if site.node.style != "empty":
        return Lowered((Edit(site.node.span, text),))
    at = site.node.span.start
    if site.text[at - 1 : at] not in (":", "-"):
        raise CannotEdit(f"{show(site.route)} has no colon; change it by hand")
    return Lowered((Edit(site.node.span, " " + text),))


def set_block_scalar(site: Site, change: SetValue) -> Lowered:
    """The lines of a literal or folded scalar; what stands at its end (one line feed, or none) has to stay."""
    old, new = str(site.node.value), change.value
    if not isinstance(new, str):
        raise CannotEdit(f"{show(site.route)} is a block scalar and would become something else; change it by hand")
    tail = old[len(old.rstrip("\n")) :]
    if not new.endswith(tail) or new.rstrip("\n") + tail != new or not new.strip():
        raise CannotEdit(f"{show(site.route)} would end differently; change it by hand")
    span = Span(0, len(old) - len(tail))
    return replace_in_scalar(site, ReplaceInScalar(change.route, span, new[: len(new) - len(tail)]))


def replace_in_flow_scalar(site: Site, change: ReplaceInScalar) -> Lowered:
    """Inside a plain or quoted scalar, with the quotes and escapes that its style needs."""
    text, style = change.text, site.node.style
    old = str(site.node.value)
    if "\n" in text:
        raise CannotEdit(f"{show(site.route)} would become several lines; change it by hand")
    new = old[: change.span.start] + text + old[change.span.end :]
    if style == "plain" and not emit.is_plain(new, flow=site.in_flow):
        raise CannotEdit(f"{show(site.route)} would need quotes; change it by hand")
    text = {"single": text.replace("'", "''"), "double": emit.scalar(text, '"')[1:-1]}.get(style, text)
    return Lowered((Edit(to_source(span_map(site.text, site.node), change.span), text),))


def replace_in_scalar(site: Site, change: ReplaceInScalar) -> Lowered:
    """Inside a literal or folded scalar; whole lines of a literal one go with their indentation."""
    old = str(site.node.value)
    new = old[: change.span.start] + change.text + old[change.span.end :]
    if not new.strip():
        raise CannotEdit(f"{show(site.route)} would become empty; remove it instead")
    block = block_scalar(site.text, site.node)
    text = change.text
    if "+" not in block.header and _line_feeds_at_end(new) != _line_feeds_at_end(old):
        raise CannotEdit(f"{show(site.route)} would end differently; change it by hand")
    if site.node.style == "folded" and ("\n" in text or _indented_lines(new) != _indented_lines(old)):
        raise CannotEdit(f"{show(site.route)} is a folded scalar; break its lines by hand")
    if new.lstrip("\n").startswith((" ", "\t")) and not re.search(r"\d", block.header):
        raise CannotEdit(f"{show(site.route)} would start with white space; change it by hand")
    pieces = span_map(site.text, site.node)
    if site.node.style == "literal" and not text and _last_lines(old, change.span):
        return Lowered((Edit(_literal_lines(site, old, Span(change.span.start + 1, len(old)), block.first), ""),))
    if site.node.style == "literal" and _whole(old, change.span) and not text:
        return Lowered((Edit(_literal_lines(site, old, change.span, block.first), ""),))
    text = text.replace("\n", site.source.eol(site.node.span.start) + " " * block.indent)
    return Lowered((Edit(to_source(pieces, change.span), text),))


def _line_feeds_at_end(value: str) -> int:
    """How many: what a block scalar's chomping indicator decides, unless it keeps them all."""
    return len(value) - len(value.rstrip("\n"))


def _indented_lines(value: str) -> int:
    """How many lines start with white space: a folded scalar does not fold those."""
    return sum(line.startswith((" ", "\t")) for line in value.split("\n"))


def _whole(value: str, span: Span) -> bool:
    """Whether a span is made of whole lines of the value, line ends included."""
    starts = span.start == 0 or value[span.start - 1] == "\n"
    return starts and (span.end == len(value) or value[span.end - 1] == "\n")


def _last_lines(value: str, span: Span) -> bool:
    """Whether a span is made of the last lines of a value that has no line end behind them, and the one before."""
    return span.end == len(value) and not value.endswith("\n") and value[span.start : span.start + 1] == "\n"


def _literal_lines(site: Site, value: str, span: Span, first: int) -> Span:
    """The lines of the file that spell whole lines of a literal scalar's value."""
    start = end = first
    for _ in range(value.count("\n", 0, span.start)):
        start = site.source.next_line(start)
    end = start
    for _ in range(value.count("\n", span.start, span.end)):
        end = site.source.next_line(end)
    if span.end == len(value):  # the last lines: they take the line end before them, as a last line has none of its own
        end = site.node.span.end
        start = site.source.line_end(start - 1)
    return Span(start, end)


def set_comment(site: Site, change: SetComment) -> Lowered:
    if not change.text.isprintable():
        raise CannotEdit("a comment is one line of printable characters")
    end = site.node.span.end
    line_end = site.source.line_end(end)
    match = re.fullmatch(r"([ \t]*)(#.*)?", site.text[end:line_end])
    if match is None:
        raise CannotEdit(f"more than a comment stands behind {show(site.route)}; change it by hand")
    if match[2]:
        old = Span(end + match.start(2), line_end)
        return Lowered((Edit(old, f"# {change.text}"),), (old,))
    return Lowered((Edit(Span(end, end), f" # {change.text}"),))
