"""Lowering in YAML flow collections: entries come and go with one comma, inside the brackets."""

from __future__ import annotations

import re

from tp_fix.change import AddKey, InsertItem, RemoveItem, RemoveKeys, comments_of
from tp_fix.edit import Edit, Lowered
from tp_fix.errors import CannotEdit
from tp_fix.formats import emit
from tp_fix.formats.spelling import content_start
from tp_fix.formats.yaml_quotes import kin, padding, quotes_like
from tp_fix.formats.yaml_site import (
    QUOTES,
    Site,
    absent,
    check_index,
    check_unshared,
    comments_within,
    indexes,
    item_index,
    runs,
)
from tp_fix.node import show
from tp_fix.source import Span


def add_to_flow(site: Site, change: AddKey) -> Lowered:
    absent(site.node, change.key)
    if change.comments:
        raise CannotEdit(f"there is no place for a comment between the brackets of {show(site.route)}")
    pairs = site.node.pairs or []
    if not pairs:
        text = f"{emit.scalar(change.key, flow=True)}: {emit.flow(change.value)}"
        return Lowered((_fill_empty(site, text, " "),))
    index = site.node.keys.index(change.after) if change.after in site.node.keys else len(pairs) - 1
    key, value = pairs[index]
    look = emit.Look(quote=QUOTES.get(value.style, ""))
    text = f"{emit.scalar(change.key, QUOTES.get(key.style, ''), flow=True)}: {emit.flow(change.value, look)}"
    return Lowered(_insert_after(site, key.span.start, value.span.end, text))


def insert_in_flow(site: Site, change: InsertItem) -> Lowered:
    items = site.node.items or []
    check_index(site, change.at)
    if comments_of(change):
        raise CannotEdit(f"there is no place for a comment between the brackets of {show(site.route)}")
    quote = QUOTES.get(items[max(change.at - 1, 0)].style, "") if items else ""
    quotes = tuple(quotes_like(items, lambda: kin(site), change.value))
    text = emit.flow(change.value, emit.Look(quote=quote, quotes=quotes, pad=padding(site, items)))
    if not items:
        return Lowered((_fill_empty(site, text, ""),))
    if change.at == 0:
        return Lowered((_insert_before(site, items[0].span.start, text),))
    before = items[change.at - 1]
    return Lowered(_insert_after(site, before.span.start, before.span.end, text))


def remove_from_flow(site: Site, change: RemoveKeys) -> Lowered:
    pairs = site.node.pairs or []
    gone = indexes(site.node, change.keys)
    check_unshared(site, [pairs[index][1] for index in gone])
    spans = [Span(key.span.start, value.span.end) for key, value in pairs]
    return _cut_from_flow(site, spans, gone)


def remove_item_from_flow(site: Site, change: RemoveItem) -> Lowered:
    index = item_index(site, change)
    items = site.node.items or []
    check_unshared(site, [items[index]])
    return _cut_from_flow(site, [item.span for item in items], [index])


def _cut_from_flow(site: Site, spans: list[Span], gone: list[int]) -> Lowered:
    edits = []
    for first, last in runs(gone):
        span = (
            Span(spans[first].start, spans[last + 1].start)
            if last + 1 < len(spans)
            else Span(spans[first - 1].end, spans[last].end)
        )
        if comments_within(site, span):
            raise CannotEdit(f"comments stand inside the brackets of {show(site.route)}; change it by hand")
        edits.append(Edit(span, ""))
    return Lowered(tuple(edits))


def _fill_empty(site: Site, text: str, padding: str) -> Edit:
    start = content_start(site.text, site.node)
    span = Span(start + 1, site.node.span.end - 1)
    inner = site.text[span.start : span.end]
    if inner.strip():
        raise CannotEdit(f"{show(site.route)} holds only a comment; change it by hand")
    return Edit(span, padding + text + padding)


def _insert_before(site: Site, start: int, text: str) -> Edit:
    """`text, ` before a flow collection's first entry, on a line of its own where the entry starts one."""
    indent = site.text[site.source.line_start(start) : start]
    own_line = site.source.line_start(start) > site.node.span.start and not indent.strip()
    return Edit(Span(start, start), text + ("," + site.source.eol(start) + indent if own_line else ", "))


def _insert_after(site: Site, start: int, end: int, text: str) -> tuple[Edit, ...]:
    """`, text` behind a flow collection's entry, on a line of its own where the entry has one."""
    line = site.source.line_start(start)
    indent = site.text[line:start]
    if line <= site.node.span.start or indent.strip():
        return (Edit(Span(end, end), ", " + text),)
    below = site.source.eol(end) + indent + text
    line_end = site.source.line_end(end)
    rest = site.text[end:line_end]
    if match := re.fullmatch(r"(,?)[ \t]*(?:#.*)?", rest):
        if match[1]:  # the comma that is there now serves the entry before; the new last entry takes one after it
            return (Edit(Span(line_end, line_end), below + ","),)
        if rest.strip():
            return Edit(Span(end, end), ","), Edit(Span(line_end, line_end), below)
        return (Edit(Span(end, end), "," + below),)
    return (Edit(Span(end, end), ", " + text),)
