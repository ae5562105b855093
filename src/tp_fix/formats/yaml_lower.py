"""Lowering for YAML: from a change by route to the characters that change, by an explicit table of kind × change."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tp_fix.change import (
    AddKey,
    Change,
    InsertItem,
    RemoveItem,
    RemoveKeys,
    RenameKey,
    ReplaceInScalar,
    SetComment,
    SetValue,
)
from tp_fix.edit import Edit, Lowered
from tp_fix.errors import CannotEdit
from tp_fix.formats import emit
from tp_fix.formats.emit import Look
from tp_fix.formats.spelling import block_scalar, content_start, span_map, to_source
from tp_fix.formats.yaml import comments, dash
from tp_fix.node import Data, Node, Route
from tp_fix.source import Source, Span

ON_PARENT = (RenameKey, RemoveItem)
QUOTES = {"single": "'", "double": '"'}


def lower(source: Source, root: Node, change: Change) -> Lowered:
    """The edits that carry a change out. Raises CannotEdit where the spelling is not one that the table supports."""
    route = change.route[:-1] if isinstance(change, ON_PARENT) else change.route
    node = root.at(route)
    if node is None:
        raise CannotEdit(f"there is no {show(route)} in the file")
    for depth in range(len(route) + 1):
        step = root.at(route[:depth])
        if step is not None and (step.alias or step.shared):
            raise CannotEdit(f"{show(route)} is shared through a YAML anchor; change it by hand, in all its places")
    handler = TABLE.get((kind(node), type(change)))
    if handler is None:
        raise CannotEdit(f"{NAMES[type(change)]} a {kind(node)} is not supported; change {show(route)} by hand")
    lowered = handler(Site(source, root, route, node), change)
    if _ends_in_lines(change) and any(edit.span.end == len(source.text) for edit in lowered.edits):
        raise CannotEdit("the file has no final line end, and the new text would need one; add it by hand first")
    return lowered


def _ends_in_lines(change: Change) -> bool:
    """Whether a change brings in something whose last characters are a block scalar's line end."""
    value: Data = change.value if isinstance(change, AddKey | InsertItem | SetValue) else None
    while isinstance(value, dict | list) and value:
        value = list(value.values())[-1] if isinstance(value, dict) else value[-1]
    return isinstance(value, str) and value.endswith("\n")


def show(route: Route) -> str:
    """A route for a person: jobs.publish.steps[2]."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route).lstrip(".")
    return f"`{text}`" if text else "the document's root"


def kind(node: Node) -> str:
    """The row of the table that a node belongs to."""
    if node.pairs is not None:
        return f"{node.style} mapping"
    if node.items is not None:
        return f"{node.style} sequence"
    return f"{node.style} scalar"


@dataclass(frozen=True)
class Site:
    """The place of a change: the document, the route to the node that changes, and that node."""

    source: Source
    root: Node
    route: Route
    node: Node

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def in_flow(self) -> bool:
        """Whether the node stands inside brackets."""
        ancestors = (self.root.at(self.route[:depth]) for depth in range(len(self.route)))
        return any(ancestor is not None and ancestor.style == "flow" for ancestor in ancestors)

    def look(self, at: int, near: Sequence[Node] = ()) -> Look:
        """How new text at an offset should look, its quotes after the last of the nodes near it."""
        quote = next((QUOTES.get(node.style, "") for node in reversed(near) if node.scalar), "")
        return Look(self.step(), self.dash_offset(), self.source.eol(at), quote)

    def step(self) -> int:
        """Columns from a block mapping to the one inside it: on the way to here, else anywhere, else two."""
        way = [self.root.at(self.route[:depth]) for depth in range(len(self.route), -1, -1)]
        return next((step for node in [*way, self.root] if node and (step := self._step_in(node))), 2)

    def _step_in(self, node: Node) -> int:
        for key, value in node.pairs or ():
            if value.pairs and value.style == "block" and not value.alias and not value.tagged:
                return self.source.column(value.pairs[0][0].span.start) - self.source.column(key.span.start)
        return 0

    def dash_offset(self) -> int:
        """Columns from a key to the dashes of the sequence below it, as the first such sequence has it."""
        queue = [self.root]
        while queue:
            node = queue.pop(0)
            for key, value in node.pairs or ():
                if value.items and value.style == "block" and not value.alias:
                    return self.source.column(dash(self.text, value, 0)) - self.source.column(key.span.start)
                queue.append(value)
            queue += node.items or ()
        return self.step()


# Block mappings


def add_to_block(site: Site, change: AddKey) -> Lowered:
    pairs = site.node.pairs or []
    absent(site.node, change.key)
    _check_first_key(site)
    index = site.node.keys.index(change.after) if change.after in site.node.keys else len(pairs) - 1
    key, value = pairs[index]
    column = site.source.column(pairs[0][0].span.start)
    at = _line_end_after(site, value)
    look = site.look(at, [value])
    name = emit.scalar(change.key, QUOTES.get(key.style, "") or emit.key_quote(change.key))
    return Lowered(
        (Edit(Span(at, at), look.eol + " " * column + name + ":" + emit.behind_key(change.value, column, look)),)
    )


def remove_from_block(site: Site, change: RemoveKeys) -> Lowered:
    pairs = site.node.pairs or []
    gone = _indexes(site.node, change.keys)
    _check_first_key(site)
    runs = _runs(gone)
    edits, dropped = [], []
    for first, last in runs:
        _check_unshared(site, [value for _, value in pairs[first : last + 1]])
        start, end = pairs[first][0].span.start, pairs[last][1].span.end
        if first == 0 and not site.source.line(start)[: site.source.column(start)].isspace() and site.source.column(start):
            span = Span(start, pairs[last + 1][0].span.start)
            if _own_line_comments(site, span):
                raise CannotEdit(f"comments stand between the keys of {show(site.route)}; change it by hand")
        else:
            names = _names(pairs[first : last + 1])
            kept = {key for key in site.node.keys if key not in change.keys}
            span = _whole_lines(site, Span(_comments_above(site, start, names, kept), end), first=first == 0)
        edits.append(Edit(span, ""))
        dropped += _comments_within(site, span)
    return Lowered(tuple(edits), tuple(dropped))


def set_block_key_value(site: Site, change: SetValue) -> Lowered:
    """A collection in the place of a scalar: it goes below the key, whose line keeps its comment."""
    key = _own_key(site)
    colon = site.text.index(":", key.span.end) + 1
    at = site.source.line_end(site.node.span.end)
    below = emit.behind_key(change.value, site.source.column(key.span.start), site.look(at))
    edits = [Edit(Span(at, at), below)]
    if site.node.style != "empty":
        edits.insert(0, Edit(Span(colon, site.node.span.end), ""))
    if at == site.node.span.end:
        edits = [Edit(Span(colon, at), below)]
    return Lowered(tuple(edits))


def rename(site: Site, change: RenameKey) -> Lowered:
    absent(site.node, change.name)
    key = site.node.key(str(change.route[-1]))
    if key is None:
        raise CannotEdit(f"there is no {show(change.route)} in the file")
    text = emit.scalar(change.name, QUOTES.get(key.style, "") or emit.key_quote(change.name))
    return Lowered((Edit(Span(content_start(site.text, key), key.span.end), text),))


# Flow collections


def add_to_flow(site: Site, change: AddKey) -> Lowered:
    absent(site.node, change.key)
    pairs = site.node.pairs or []
    if not pairs:
        text = f"{emit.scalar(change.key, flow=True)}: {emit.flow(change.value)}"
        return Lowered((_fill_empty(site, text, " "),))
    index = site.node.keys.index(change.after) if change.after in site.node.keys else len(pairs) - 1
    key, value = pairs[index]
    quote = QUOTES.get(value.style, "")
    text = f"{emit.scalar(change.key, QUOTES.get(key.style, ''), flow=True)}: {emit.flow(change.value, quote)}"
    return Lowered(_insert_after(site, key.span.start, value.span.end, text))


def insert_in_flow(site: Site, change: InsertItem) -> Lowered:
    items = site.node.items or []
    _check_index(site, change.index)
    text = emit.flow(change.value, QUOTES.get(items[0].style, "") if items else "")
    if not items:
        return Lowered((_fill_empty(site, text, ""),))
    if change.index == 0:
        at = items[0].span.start
        return Lowered((Edit(Span(at, at), text + ", "),))
    before = items[change.index - 1]
    return Lowered(_insert_after(site, before.span.start, before.span.end, text))


def remove_from_flow(site: Site, change: RemoveKeys) -> Lowered:
    pairs = site.node.pairs or []
    gone = _indexes(site.node, change.keys)
    _check_unshared(site, [pairs[index][1] for index in gone])
    spans = [Span(key.span.start, value.span.end) for key, value in pairs]
    return _cut_from_flow(site, spans, gone)


def remove_item_from_flow(site: Site, change: RemoveItem) -> Lowered:
    index = _item_index(site, change)
    items = site.node.items or []
    _check_unshared(site, [items[index]])
    return _cut_from_flow(site, [item.span for item in items], [index])


def _cut_from_flow(site: Site, spans: list[Span], gone: list[int]) -> Lowered:
    edits = []
    for first, last in _runs(gone):
        span = (
            Span(spans[first].start, spans[last + 1].start)
            if last + 1 < len(spans)
            else Span(spans[first - 1].end, spans[last].end)
        )
        if _comments_within(site, span):
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


def _insert_after(site: Site, start: int, end: int, text: str) -> tuple[Edit, ...]:
    """`, text` behind a flow collection's entry; on a line of its own, below the entry's comment, where that has one."""
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


# Block sequences


def insert_in_block(site: Site, change: InsertItem) -> Lowered:
    items = site.node.items or []
    _check_index(site, change.index)
    first = dash(site.text, site.node, 0)
    column = site.source.column(first)
    near = items[max(change.index - 1, 0)]
    offset = site.source.column(items[0].span.start) - column
    offset = offset if items[0].style != "empty" and offset > 1 and not items[0].tagged else 2
    at = first if change.index == 0 else _line_end_after(site, near)
    look = site.look(at, [near])
    text = "-" + " " * (offset - 1) + emit.item(change.value, column + offset, look)
    gap = look.eol if _spaced(site) else ""
    if change.index == 0:
        return Lowered((Edit(Span(at, at), text + look.eol + gap + " " * column),))
    return Lowered((Edit(Span(at, at), look.eol + gap + " " * column + text),))


def remove_item_from_block(site: Site, change: RemoveItem) -> Lowered:
    index = _item_index(site, change)
    item = (site.node.items or [])[index]
    _check_unshared(site, [item])
    start = dash(site.text, site.node, index)
    if site.source.line(start)[: site.source.column(start)].strip():
        raise CannotEdit(f"{show(change.route)} shares its line with what it stands in; change it by hand")
    names = _names(item.pairs or [])
    span = _whole_lines(site, Span(_comments_above(site, start, names, set()), item.span.end), first=index == 0)
    return Lowered((Edit(span, ""),), tuple(_comments_within(site, span)))


def _spaced(site: Site) -> bool:
    """Whether an empty line stands between the items."""
    items = site.node.items or []
    return any(
        re.search(r"\n[ \t]*\r?\n", site.text[before.span.end : after.span.start]) for before, after in pairwise(items)
    )


# Scalars


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
    if style == "plain" and not emit.is_plain(old[: change.span.start] + text + old[change.span.end :], flow=site.in_flow):
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
    if site.node.style == "folded" and ("\n" in text or _indented_lines(new) != _indented_lines(old)):
        raise CannotEdit(f"{show(site.route)} is a folded scalar; break its lines by hand")
    if new.lstrip("\n").startswith((" ", "\t")) and not re.search(r"\d", block.header):
        raise CannotEdit(f"{show(site.route)} would start with white space; change it by hand")
    pieces = span_map(site.text, site.node)
    if site.node.style == "literal" and _whole(old, change.span) and not text:
        return Lowered((Edit(_literal_lines(site, old, change.span, block.first), ""),))
    text = text.replace("\n", site.source.eol(site.node.span.start) + " " * block.indent)
    return Lowered((Edit(to_source(pieces, change.span), text),))


def _indented_lines(value: str) -> int:
    """How many lines start with white space: a folded scalar does not fold those."""
    return sum(line.startswith((" ", "\t")) for line in value.split("\n"))


def _whole(value: str, span: Span) -> bool:
    """Whether a span is made of whole lines of the value, line ends included."""
    starts = span.start == 0 or value[span.start - 1] == "\n"
    return starts and (span.end == len(value) or value[span.end - 1] == "\n")


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


# What they share


def absent(node: Node, key: str) -> None:
    """Raises CannotEdit when a mapping has the key already."""
    if key in node.keys:
        raise CannotEdit(f"the key `{key}` is there already")


def _own_key(site: Site) -> Node:
    """The key in front of a value, which must start its line or follow a dash."""
    parent = site.root.at(site.route[:-1])
    key = parent.key(site.route[-1]) if parent and site.route and isinstance(site.route[-1], str) else None
    if key is None:
        raise CannotEdit(f"{show(site.route)} is no mapping's value; change it by hand")
    return key


def _check_first_key(site: Site) -> None:
    """A block mapping whose keys stand at the start of their lines, behind spaces and dashes only."""
    for index, (key, _) in enumerate(site.node.pairs or []):
        prefix = site.source.line(key.span.start)[: site.source.column(key.span.start)]
        if not re.fullmatch(r" *" if index else r" *(?:- +)*", prefix):
            raise CannotEdit(f"the keys of {show(site.route)} are written in an unusual way; change it by hand")


def _check_unshared(site: Site, nodes: list[Node]) -> None:
    """What goes must not hold an anchor that something else repeats."""
    queue = list(nodes)
    while queue:
        node = queue.pop()
        if node.alias:
            continue
        if node.shared:
            raise CannotEdit(f"something in {show(site.route)} is repeated elsewhere through a YAML alias")
        queue += [child for _, child in node.children()]


def _check_index(site: Site, index: int) -> None:
    if not 0 <= index <= len(site.node.items or []):
        raise CannotEdit(f"{show(site.route)} has no place number {index}")


def _item_index(site: Site, change: RemoveItem) -> int:
    index, count = change.route[-1], len(site.node.items or [])
    if not isinstance(index, int) or not 0 <= index < count:
        raise CannotEdit(f"there is no {show(change.route)} in the file")
    if count == 1:
        raise CannotEdit(f"{show(site.route)} would become empty")
    return index


def _indexes(node: Node, keys: Sequence[str]) -> list[int]:
    """The places of the keys. Raises CannotEdit when one is missing, or when none would be left."""
    missing = [key for key in keys if key not in node.keys]
    if missing:
        raise CannotEdit(f"there is no key `{missing[0]}` to remove")
    if len(set(keys)) == len(node.keys):
        raise CannotEdit("no key would be left in the mapping; the mapping itself has to go")
    return sorted({node.keys.index(key) for key in keys})


def _runs(indexes: list[int]) -> list[tuple[int, int]]:
    """Neighbouring indexes as (first, last)."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def _line_end_after(site: Site, node: Node) -> int:
    """Where a line can be added behind a node: the end of its last line."""
    at = site.source.line_end(node.span.end)
    _check_chomping(site, node, at)
    return at


def _check_chomping(site: Site, node: Node, at: int) -> None:
    """A block scalar that ends the file without a line end would gain or lose one by what comes or goes behind it."""
    last = node
    while not last.alias and (last.pairs or last.items):
        last = last.pairs[-1][1] if last.pairs else (last.items or [])[-1]
    if last.style in ("literal", "folded") and at >= len(site.text) and "-" not in block_scalar(site.text, last).header:
        raise CannotEdit("the file ends with a block scalar and no line end; add one by hand first")


def _whole_lines(site: Site, span: Span, *, first: bool) -> Span:
    """The lines of a span, with the empty lines that would otherwise double.

    At the end of a file without final line end, the line end before goes instead.
    """
    text, source = site.text, site.source
    start, end = source.line_start(span.start), source.next_line(span.end)
    blank_before = first or start == 0 or not source.line(start - 1).strip()
    while blank_before and end < len(text) and not source.line(end).strip():
        end = source.next_line(end)
    if end == len(text) and start > 0 and not text.endswith("\n"):
        start = source.line_end(start - 1)
        _check_ends_block_scalar(site, start)
    return Span(start, end)


def _check_ends_block_scalar(site: Site, at: int) -> None:
    before = [leaf for leaf in site.root.leaves() if leaf.span.end <= at]
    if before and before[-1].style in ("literal", "folded") and before[-1].span.end == at:
        _check_chomping(site, before[-1], len(site.text))


def _names(pairs: list[tuple[Node, Node]]) -> set[str]:
    """The words by which a comment would name what goes: its keys, and the variables and secrets in its values."""
    names = {str(key.value) for key, _ in pairs}
    for _, value in pairs:
        for leaf in value.leaves():
            names |= set(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", str(leaf.value)))
    return names


def _comments_above(site: Site, start: int, names: set[str], kept: set[str]) -> int:
    """Where the unbroken block of comments directly above starts, if it names what goes and nothing that stays."""
    line, column = site.source.line_start(start), site.source.column(start)
    top, words = line, ""
    while top > 0:
        above = site.source.line(top - 1)
        if not above.startswith(" " * column + "#"):
            break
        words += above
        top = site.source.line_start(top - 1)

    def named(name: str) -> bool:
        return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words) is not None

    goes = any(map(named, names)) and not any(map(named, kept))
    return top if goes and not _inside_scalar(site, top) else start


def _inside_scalar(site: Site, offset: int) -> bool:
    """Lines that look like comments can be the end of a block scalar above."""
    return any(leaf.span.start < offset < leaf.span.end for leaf in site.root.leaves())


def _comments_within(site: Site, span: Span) -> list[Span]:
    return [comment for comment in comments(site.source, site.root) if span.covers(comment)]


def _own_line_comments(site: Site, span: Span) -> list[Span]:
    return [
        comment
        for comment in _comments_within(site, span)
        if not site.source.line(comment.start)[: site.source.column(comment.start)].strip()
    ]


Handler = Callable[[Site, Any], Lowered]
TABLE: dict[tuple[str, type], Handler] = {
    ("block mapping", AddKey): add_to_block,
    ("block mapping", RemoveKeys): remove_from_block,
    ("block mapping", RenameKey): rename,
    ("flow mapping", AddKey): add_to_flow,
    ("flow mapping", RemoveKeys): remove_from_flow,
    ("flow mapping", RenameKey): rename,
    ("flow mapping", SetValue): set_scalar,
    ("flow sequence", SetValue): set_scalar,
    ("block sequence", InsertItem): insert_in_block,
    ("block sequence", RemoveItem): remove_item_from_block,
    ("flow sequence", InsertItem): insert_in_flow,
    ("flow sequence", RemoveItem): remove_item_from_flow,
    ("empty scalar", SetValue): set_scalar,
    ("empty scalar", AddKey): lambda site, change: set_scalar(site, SetValue(site.route, {change.key: change.value})),
    **{(f"{style} scalar", SetValue): set_scalar for style in ("plain", "single", "double")},
    **{(f"{style} scalar", SetValue): set_block_scalar for style in ("literal", "folded")},
    **{(f"{style} scalar", ReplaceInScalar): replace_in_flow_scalar for style in ("plain", "single", "double")},
    **{(f"{style} scalar", ReplaceInScalar): replace_in_scalar for style in ("literal", "folded")},
    **{(f"{style} scalar", SetComment): set_comment for style in ("plain", "single", "double")},
}
NAMES: dict[type, str] = {
    SetValue: "setting",
    AddKey: "adding a key to",
    RemoveKeys: "removing keys from",
    RenameKey: "renaming a key of",
    InsertItem: "inserting an item in",
    RemoveItem: "removing an item from",
    ReplaceInScalar: "changing text in",
    SetComment: "commenting",
}

__all__ = ["TABLE", "Data", "lower"]
