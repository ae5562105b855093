"""Strict JSON, such as package.json: nodes with exact spans, and the edits that a change comes to.

The values are those of Python's own json module; tree-sitter only says where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from json import JSONDecodeError, dumps, loads
from typing import TYPE_CHECKING, Any, NamedTuple

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
from tp_fix.node import Data, Node, Route, plain, show
from tp_fix.source import MAX_DEPTH, Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

WORD = re.compile(r'"(?:[^"\\]|\\.)*+"?|-?[0-9][0-9.eE+-]*', re.DOTALL)
"""A string or a number. An unclosed string counts to the end, so that the search stays linear."""
BREAKS = re.compile(r"(?:\r?\n[ \t]*)*\r?\n")
"""A line end, with the blank lines before it."""

Pairs = list[tuple[Node, Node]]


def parse(source: Source) -> Node:
    """The document's root. Raises Unreadable for what is no single, duplicate-free JSON value of moderate depth."""
    values(source)
    return _node(source, _tree(WORD.sub(_mask, source.text)))


def values(source: Source) -> Data:
    """What the document says, without where: for files that are only read. Raises Unreadable as `parse` does.

    Of a key that appears twice the last one counts, as for npm.
    """
    if not source.text.strip():
        raise Unreadable(source.path, "empty: no JSON content")
    masked = WORD.sub(_mask, source.text)
    _check_depth(source, masked)
    return _checked(source, masked)


def comments(source: Source, root: Node) -> list[Span]:
    """None: strict JSON has no comments."""
    return []


def _mask(word: re.Match[str]) -> str:
    """A word of the same length that tree-sitter counts and reads as wanted.

    It counts bytes where we count code points, and its grammar lacks numbers such as 1e+5
    (tree-sitter-json 0.24.8, measured).
    """
    length = word.end() - word.start()
    return f'"{"a" * (length - 2)}"' if word.group().startswith('"') else "1" * length


def _check_depth(source: Source, masked: str) -> None:
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", masked):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > MAX_DEPTH:
            line, _ = source.position(bracket.start())
            raise Unreadable(source.path, f"nested deeper than {MAX_DEPTH} levels; not read", line)


def _checked(source: Source, masked: str) -> Data:
    try:
        data: Data = loads(source.text)
    except JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise Unreadable(source.path, f"not JSON: {reason}", error.lineno) from None
    except ValueError:  # Python's limit on the digits of an integer
        raise Unreadable(source.path, "has a number that is too long to read") from None
    if odd := re.search("NaN|-?Infinity", masked):
        raise Unreadable(source.path, f"not JSON: {odd.group()} is no number there", source.position(odd.start())[0])
    return data


def _tree(masked: str) -> Tree:
    import tree_sitter_json
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_json.language())).parse(masked.encode("ascii")).root_node.named_children[0]


def _node(source: Source, tree: Tree) -> Node:
    span = Span(tree.start_byte, tree.end_byte)
    if tree.type == "object":
        return Node(span, "flow", pairs=_pairs(source, tree))
    if tree.type == "array":
        return Node(span, "flow", items=[_node(source, item) for item in tree.named_children])
    return Node(span, "double" if tree.type == "string" else "plain", loads(source.text[span.start : span.end]))


def _pairs(source: Source, tree: Tree) -> Pairs:
    pairs: dict[str, tuple[Node, Node]] = {}
    for pair in tree.named_children:
        key, value = (_node(source, child) for child in pair.named_children)
        name = str(key.value)
        if name in pairs:
            line, _ = source.position(key.span.start)
            raise Unreadable(source.path, f"the key {name!r} appears twice in one object", line)
        pairs[name] = (key, value)
    return list(pairs.values())


def lower(source: Source, root: Node, change: Change) -> Lowered:
    """The edits that make `change` true. Raises CannotEdit for a route that is not there and a change not supported."""
    if reason := REFUSED.get(type(change)):
        raise CannotEdit(reason)
    return SUPPORTED[type(change)](source, root, change)


def _set_value(source: Source, root: Node, change: SetValue) -> Lowered:
    node = _find(root, change.route)
    new = _spell(change.value, _layout(source, root, change.route))
    same = dumps(plain(node)) == dumps(change.value)  # unlike ==, minds the order of keys and tells 1 from true
    return Lowered(() if same else (Edit(node.span, new),))


def _add_key(source: Source, root: Node, change: AddKey) -> Lowered:
    node = _object(root, change.route)
    if change.key in node.keys:
        raise CannotEdit(f"{show(change.route)} has a key {change.key!r} already")
    layout = _layout(source, root, change.route)
    if not node.pairs:
        return Lowered((_fill(source, node, change, layout),))
    index = node.keys.index(change.after) if change.after in node.keys else len(node.pairs) - 1
    at = node.pairs[index][1].span.end
    joint = BREAKS.sub(source.eol(at), _joint(source, node, index) or layout.comma)
    layout = layout._replace(line=source.eol(at) + _indent(joint.rpartition("\n")[2]) if "\n" in joint else None)
    new = joint + _spell(change.key, layout) + layout.colon + _spell(change.value, layout)
    return Lowered((Edit(Span(at, at), new),))


def _joint(source: Source, node: Node, index: int) -> str:
    """The comma and white space before a new pair behind number `index`: those behind that pair, else those before it.

    Empty where the only pair does not show how two would be parted.
    """
    joints = _joints(source, node)
    if joints:
        return joints[min(index, len(joints) - 1)]
    before = source.text[node.span.start + 1 : _children(node)[0].start]
    return "," + before if "\n" in before else ""


def _fill(source: Source, node: Node, change: AddKey, layout: _Layout) -> Edit:
    """The edit that puts the first key into an empty object."""
    start, end = node.span.start + 1, node.span.end - 1
    inside, new = source.text[start:end], _spell({change.key: change.value}, layout)[1:-1]
    if "\n" in inside:  # the lines of the two braces stay as they are
        eol = source.eol(start)
        blank = Span(source.next_line(start), source.line_start(end))
        return Edit(blank, new.removeprefix(eol).removesuffix(layout.line or "") + eol)
    pad = " " if inside and layout.line is None else ""
    return Edit(Span(start, end), pad + new + pad)


def _remove_keys(source: Source, root: Node, change: RemoveKeys) -> Lowered:
    node = _object(root, change.route)
    keys, removed = node.keys, set(change.keys)
    if missing := sorted(removed.difference(keys)):
        raise CannotEdit(f"{show(change.route)} has no key {missing[0]!r}")
    if keys and len(removed) == len(keys):
        raise CannotEdit(f"this would leave an empty object; remove {show(change.route)} as a whole by hand")
    gone = [key in removed for key in keys]
    runs = [list(run) for goes, run in groupby(range(len(gone)), gone.__getitem__) if goes]
    children = _children(node)
    return Lowered(tuple(Edit(_cut(source, children, run[0], run[-1]), "") for run in runs))


def _cut(source: Source, children: list[Span], first: int, last: int) -> Span:
    """What goes with a run of neighbouring pairs: as many commas, and their lines if they have lines of their own.

    It ends where a kept neighbour begins, so that the cuts of several runs never meet.
    """
    start, end = children[first].start, children[last].end
    if last + 1 == len(children):
        return Span(children[first - 1].end, end)
    comma, following = source.text.index(",", end), children[last + 1].start
    begins = _begins_line(source, start)
    if begins and not source.text[comma + 1 : source.line_end(comma)].strip():
        return Span(source.line_start(start), source.next_line(comma))
    if first == 0 or (begins and "\n" not in source.text[end:following]):
        return Span(start, following)
    return Span(children[first - 1].end, end)


def _rename_key(source: Source, root: Node, change: RenameKey) -> Lowered:
    if not change.route:
        raise CannotEdit("the document's root has no key of its own to rename")
    parent, key = _object(root, change.route[:-1]), change.route[-1]
    node = parent.key(key) if isinstance(key, str) else None
    if node is None:
        raise CannotEdit(f"there is no key {show(change.route)} in the file")
    if change.name == key:
        return Lowered(())
    if change.name in parent.keys:
        raise CannotEdit(f"{show(change.route[:-1])} has a key {change.name!r} already")
    return Lowered((Edit(node.span, _spell(change.name, _layout(source, root, change.route))),))


SUPPORTED: dict[type[Change], Callable[[Source, Node, Any], Lowered]] = {
    SetValue: _set_value,
    AddKey: _add_key,
    RemoveKeys: _remove_keys,
    RenameKey: _rename_key,
}
REFUSED: dict[type[Change], str] = {
    InsertItem: "tp-fix does not insert items into JSON arrays; insert this one by hand",
    RemoveItem: "tp-fix does not remove items from JSON arrays; remove this one by hand",
    ReplaceItem: "tp-fix does not replace items of JSON arrays; replace this one by hand",
    ReplaceInScalar: "tp-fix does not replace a part of a JSON string; change it by hand",
    SetComment: "JSON has no comments, so there is no place for this one",
}


def _find(root: Node, route: Route) -> Node:
    """The node at a route. Raises CannotEdit with the first step that leads nowhere."""
    node = root
    for depth, step in enumerate(route):
        below = node.at((step,))
        if below is None and isinstance(step, str) and node.pairs is None:
            raise CannotEdit(f"{show(route[:depth])} is not an object, so it has no key {step!r}")
        if below is None:
            raise CannotEdit(f"there is no {show(route[: depth + 1])} in the file")
        node = below
    return node


def _object(root: Node, route: Route) -> Node:
    node = _find(root, route)
    if node.pairs is None:
        raise CannotEdit(f"{show(route)} is not an object")
    return node


class _Layout(NamedTuple):
    """How new text is laid out.

    `line` is the line end and the indentation that each further line of it starts with, or None when it has to
    stay on one line; `unit` is one step of indentation, `comma` what stands between two values on one line.
    """

    colon: str
    comma: str
    line: str | None
    unit: str


def _spell(value: Data, layout: _Layout) -> str:
    """JSON text for a value. Raises CannotEdit for numbers and characters that JSON in UTF-8 cannot have."""
    indent, comma = (None, layout.comma) if layout.line is None else (layout.unit, ",")
    try:
        text = dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=(comma, layout.colon))
        text.encode("utf-8")
    except ValueError:
        raise CannotEdit("the new value holds a number or a character that JSON cannot spell") from None
    return text.replace("\n", layout.line or "")


def _layout(source: Source, root: Node, route: Route) -> _Layout:
    """The layout of the value at `route`, or of one that replaces it, by its own and its neighbours' example."""
    path = [_find(root, route[:depth]) for depth in range(len(route) + 1)]
    colons = (found for node in reversed(path) for found in _colons(source, node) if "\n" not in found)
    colon = next(colons, ": ")
    commas = (found for node in reversed(path) for found in _joints(source, node) if "\n" not in found)
    comma = next(commas, ", " if colon.endswith(" ") else ",")
    start = path[-1].span.start
    line = source.eol(start) + _indent(source.line(start)) if _takes_lines(source, path, route) else None
    return _Layout(colon, comma, line, _unit(source, root))


def _takes_lines(source: Source, path: list[Node], route: Route) -> bool:
    """Whether what replaces the node at the path's end may take several lines, as the node or its neighbours do."""
    node = path[-1]
    if "\n" in source.text[node.span.start : node.span.end]:
        return True
    if node.pairs or node.items or not route:
        return False
    first = path[-2].key(str(route[-1])) or node
    return _begins_line(source, first.span.start)


def _unit(source: Source, root: Node) -> str:
    """The file's first step of indentation."""
    step = None
    for step in _steps(source, root):
        if step:
            break
    return "  " if step is None else step


def _steps(source: Source, node: Node) -> Iterator[str]:
    """For every collection with lines of its own, how much deeper its first child is than itself."""
    children = _children(node)
    if children and _begins_line(source, children[0].start):
        outer, inner = _indent(source.line(node.span.start)), _indent(source.line(children[0].start))
        yield inner.removeprefix(outer) if inner.startswith(outer) else ""
    for _, child in node.children():
        yield from _steps(source, child)


def _children(node: Node) -> list[Span]:
    """The spans of a collection's pairs or items."""
    if node.pairs is not None:
        return [Span(key.span.start, value.span.end) for key, value in node.pairs]
    return [item.span for item in node.items or ()]


def _joints(source: Source, node: Node) -> list[str]:
    """What stands between the pairs or the items of a collection: a comma and white space."""
    return [source.text[one.end : two.start] for one, two in pairwise(_children(node))]


def _colons(source: Source, node: Node) -> list[str]:
    """What stands between the keys and the values of an object."""
    return [source.text[key.span.end : value.span.start] for key, value in node.pairs or ()]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _begins_line(source: Source, offset: int) -> bool:
    return not source.text[source.line_start(offset) : offset].strip()
