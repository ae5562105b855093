"""The .npmrc family, line by line: every line that sets something is one entry; nothing else is interpreted.

npm reads these files with the package ini, which trims lines and takes `;` and `#` at their start for comments:
https://github.com/npm/ini
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tp_fix.change import (
    AddKey,
    Change,
    InsertItem,
    RemoveItem,
    RemoveKeys,
    RenameKey,
    ReplaceInScalar,
    ReplaceItem,
    SetComment,
    SetValue,
)
from tp_fix.edit import Edit, Lowered
from tp_fix.errors import CannotEdit, Unreadable
from tp_fix.node import Node, Route
from tp_fix.source import Source, Span

ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)")
"""Control characters and what UTF-8 cannot spell. npm ends a line at a lone carriage return too; git does not."""
VARIABLE = re.compile(r"\$\{([^${}?]+)")
"""A variable of the environment in a value, as npm finds it: `${NAME}` or `${NAME?}`."""
COMMENT = (";", "#")


def parse(source: Source) -> Node:
    """The sequence of the file's entries, in order; it may have none. Raises Unreadable for control characters."""
    if odd := ODD.search(source.text):
        name = "a lone carriage return" if odd.group() == "\r" else f"a control character ({odd.group()!r})"
        raise Unreadable(source.path, f"has {name}; remove it and run again", source.position(odd.start())[0])
    spans = [span for span in _lines(source) if not source.text.startswith(COMMENT, span.start)]
    items = [Node(span, "line", source.text[span.start : span.end]) for span in spans]
    return Node(Span(spans[0].start, spans[-1].end) if spans else Span(0, 0), "block", items=items)


def comments(source: Source, root: Node) -> list[Span]:
    """The comments, in order: lines that start with `;` or `#`, each up to its line end."""
    starts = [span.start for span in _lines(source) if source.text.startswith(COMMENT, span.start)]
    return [Span(start, source.line_end(start)) for start in starts]


def entry(value: str) -> tuple[str, str]:
    """Key and value of an entry, the value without the quotes that npm takes off; it is empty where there is no `=`."""
    key, _, setting = value.partition("=")
    setting = setting.strip()
    quoted = len(setting) > 1 and setting[0] == setting[-1] and setting[0] in "\"'"
    return key.strip(), setting[1:-1] if quoted else setting


def _lines(source: Source) -> Iterator[Span]:
    """The lines that are not blank, without the white space around them."""
    for start in source.line_starts:
        line = source.text[start : source.line_end(start)]
        if bare := line.strip():
            at = start + line.index(bare)
            yield Span(at, at + len(bare))


def lower(source: Source, root: Node, change: Change) -> Lowered:
    """The edits that make `change` true. Raises CannotEdit for a line that is not there and a change not supported."""
    if reason := REFUSED.get(type(change)):
        raise CannotEdit(reason)
    return SUPPORTED[type(change)](source, root, change)


def _set_value(source: Source, root: Node, change: SetValue) -> Lowered:
    node, new = _find(root, change.route), change.value
    if not isinstance(new, str) or "\n" in new or ODD.search(new):
        raise CannotEdit("an .npmrc entry is one line of text, and this value is not")
    if new != new.strip() or not new or new.startswith(COMMENT):
        raise CannotEdit("an .npmrc entry is neither blank nor a comment, and has no white space around it")
    return Lowered(() if new == node.value else (Edit(node.span, new),))


def _remove_item(source: Source, root: Node, change: RemoveItem) -> Lowered:
    node = _find(root, change.route)
    above = _comments_above(source, node)
    dropped = above if any(_names(source.text[span.start : span.end], str(node.value)) for span in above) else []
    start = source.line_start(dropped[0].start if dropped else node.span.start)
    end = source.next_line(node.span.start)
    if not source.text.endswith("\n"):
        start = start if end < len(source.text) else len(source.text[:start].rstrip("\r\n"))
    return Lowered((Edit(Span(start, end), ""),), tuple(dropped))


def _comments_above(source: Source, node: Node) -> list[Span]:
    """The comments on the unbroken run of lines directly above a node's line."""
    found, at = [], source.line_start(node.span.start)
    for span in reversed(comments(source, node)):
        if source.next_line(span.start) == at:
            found.append(span)
            at = source.line_start(span.start)
    return found[::-1]


def _names(comment: str, removed: str) -> bool:
    """Whether a comment has the key of the removed entry, the key's last part or one of its variables as a word."""
    key, setting = entry(removed)
    names = filter(re.compile(r"\w").search, [key, key.rpartition(":")[2], *VARIABLE.findall(setting)])
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", comment) for name in names)


SUPPORTED: dict[type[Change], Callable[[Source, Node, Any], Lowered]] = {
    SetValue: _set_value,
    RemoveItem: _remove_item,
}
REFUSED: dict[type[Change], str] = {
    AddKey: "tp-fix adds no lines to an .npmrc file; add this one by hand",
    RemoveKeys: "the lines of an .npmrc file are removed one by one, not by key; remove these by hand",
    RenameKey: "tp-fix renames no keys in an .npmrc file; rename this one by hand",
    InsertItem: "tp-fix adds no lines to an .npmrc file; add this one by hand",
    ReplaceItem: "tp-fix replaces .npmrc lines one by one; replace this one by hand",
    ReplaceInScalar: "tp-fix replaces .npmrc lines as a whole only; change this part by hand",
    SetComment: "an .npmrc line has no comment behind it; write one above it by hand",
}


def _find(root: Node, route: Route) -> Node:
    """The entry at a route. Raises CannotEdit when it is not there."""
    node = root.at(route)
    if node is None or node is root:
        raise CannotEdit(f"there is no .npmrc entry at {list(route)}")
    return node
