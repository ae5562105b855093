"""Comments beside a value: what people say about it there."""

from __future__ import annotations

import re

from tp_fix.formats import Document, format_of
from tp_fix.models.workflow import Step
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


def comments_above(document: Document, node: Node) -> str:
    """The unbroken block of comment lines right above the line where a node starts; '' for none."""
    source = document.source
    start, found = source.line_start(node.span.start), []
    while start > 0 and (line := source.line(start - 1).strip()).startswith("#"):
        found.append(line)
        start = source.line_start(start - 1)
    return "\n".join(reversed(found))


def spoken_of(step: Step, key: str) -> bool:
    """Whether a comment stands beside an input of a step, above it or at the end of its line."""
    document = step.job.workflow.document
    inputs = step.node.get("with")
    name, value = (inputs.key(key), inputs.get(key)) if inputs is not None else (None, None)
    return (
        name is None or value is None or comments_above(document, name) != "" or comment_behind(document, value) != ""
    )


def comments_name(document: Document, word: str) -> bool:
    """Whether any comment of a document holds a word."""
    if word not in document.source.text:
        return False
    spans = format_of(document.path).comments(document.source, document.root)
    return any(word in document.source.text[span.start : span.end] for span in spans)
