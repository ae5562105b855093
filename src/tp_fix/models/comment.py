"""Comments beside a value: what people say about it there."""

from __future__ import annotations

import re

from tp_fix.formats import Document, format_of
from tp_fix.node import Node


def comment_behind(document: Document, node: Node) -> str | None:
    """The comment at the end of a scalar's last line, without its `#`; '' for none.

    None when something else stands in between and a comment may follow it.
    """
    source = document.source
    rest = source.text[node.span.end : source.line_end(node.span.end)]
    if match := re.fullmatch(r"[ \t]*(?:#+(.*))?", rest):
        return (match[1] or "").strip()
    return None if "#" in rest else ""


def comment_above(document: Document, node: Node) -> bool:
    """Whether the line above the one where a node starts is a comment."""
    source = document.source
    start = source.line_start(node.span.start)
    return start > 0 and source.line(start - 1).lstrip().startswith("#")


def comments_name(document: Document, word: str) -> bool:
    """Whether any comment of a document holds a word."""
    if word not in document.source.text:
        return False
    spans = format_of(document.path).comments(document.source, document.root)
    return any(word in document.source.text[span.start : span.end] for span in spans)
