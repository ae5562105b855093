"""How a YAML scalar's value is spelled in the text: which characters of the file stand for which of the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.errors import CannotEdit
from tp_fix.node import Node
from tp_fix.source import Span

PROPERTIES = re.compile(r"(?:[&!][^ \t\r\n]*[ \t\r\n]+)*")
ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)")


class BlockScalar(NamedTuple):
    """A literal or folded scalar: where its first line starts, its indentation, its header without comment."""

    first: int
    indent: int
    header: str


class Piece(NamedTuple):
    """Characters of the value and the characters of the file that spell exactly them, one for one."""

    value: Span
    source: Span


def content_start(text: str, node: Node) -> int:
    """Where a node's own characters start, behind its anchor and its tag."""
    if not node.tagged:
        return node.span.start
    match = PROPERTIES.match(text, node.span.start)
    return match.end() if match else node.span.start


def block_scalar(text: str, node: Node) -> BlockScalar:
    start = content_start(text, node)
    newline = text.find("\n", start)
    end = newline if newline >= 0 else len(text)
    header = text[start:end].split("#")[0].strip()
    first = min(end + 1, len(text))
    for line in text[first : node.span.end].split("\n"):
        if bare := line.lstrip(" ").rstrip("\r"):
            indent = len(line.rstrip("\r")) - len(bare)
            if re.search(r"\d", header):
                value = str(node.value).lstrip("\n")
                indent -= len(value) - len(value.lstrip(" "))
            return BlockScalar(first, indent, header)
    return BlockScalar(first, 0, header)


def span_map(text: str, node: Node) -> list[Piece]:
    """The pieces of a scalar's value that stand in the file as they are; folds and escapes lie between them.

    Raises CannotEdit when the pieces do not add up to the value.
    """
    value = str(node.value)
    pieces, at = [], 0
    for span in _chunks(text, node):
        chunk = text[span.start : span.end]
        found = value.find(chunk, at)
        if found < 0:
            raise CannotEdit("the spelling of this scalar cannot be followed character by character")
        pieces.append(Piece(Span(found, found + len(chunk)), span))
        at = found + len(chunk)
    return pieces


def to_source(pieces: list[Piece], span: Span) -> Span:
    """Where in the file a span of the value stands. Raises CannotEdit when an end of it lies in a fold or an escape."""
    start = next((p for p in pieces if p.value.start <= span.start < p.value.end), None)
    end = next((p for p in pieces if p.value.start < span.end <= p.value.end), None)
    if span.start == span.end:
        start = end = end or start
    if start is None or end is None:
        raise CannotEdit("the text to change is folded or escaped in the file; change it by hand")
    return Span(
        start.source.start + span.start - start.value.start,
        end.source.start + span.end - end.value.start,
    )


def _chunks(text: str, node: Node) -> Iterator[Span]:
    start = content_start(text, node)
    if node.style in ("literal", "folded"):
        block = block_scalar(text, node)
        for line in _lines(text, Span(block.first, node.span.end)):
            if line.end > line.start + block.indent:
                yield Span(line.start + block.indent, line.end)
        return
    inner = Span(start, node.span.end) if node.style == "plain" else Span(start + 1, node.span.end - 1)
    for line in _lines(text, inner):
        raw = text[line.start : line.end]
        left = 0 if line.start == inner.start else len(raw) - len(raw.lstrip(" \t"))
        right = len(raw) if line.end == inner.end else len(raw.rstrip(" \t"))
        yield from _unescaped(text, Span(line.start + left, line.start + max(left, right)), node.style)


def _unescaped(text: str, span: Span, style: str) -> Iterator[Span]:
    pattern = {"single": re.compile("''"), "double": ESCAPE}.get(style)
    at = span.start
    for match in pattern.finditer(text, span.start, span.end) if pattern else ():
        if match.start() > at:
            yield Span(at, match.start())
        at = match.end()
    if span.end > at:
        yield Span(at, span.end)


def _lines(text: str, span: Span) -> Iterator[Span]:
    at = span.start
    while at <= span.end:
        newline = text.find("\n", at, span.end)
        end = newline if newline >= 0 else span.end
        yield Span(at, end - 1 if end > at and text[end - 1] == "\r" else end)
        at = end + 1
