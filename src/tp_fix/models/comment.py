"""Comments beside a value: what people say about it there."""

from __future__ import annotations

import re

from tp_fix.formats import Document
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
