"""The place of a change in a YAML document, and what every kind of lowering asks about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tp_fix.change import RemoveItem, ReplaceItem
from tp_fix.errors import CannotEdit
from tp_fix.formats.emit import Look
from tp_fix.formats.spelling import block_scalar
from tp_fix.formats.yaml_parse import comments, dash
from tp_fix.node import Node, Route, show
from tp_fix.source import Source, Span

QUOTES = {"single": "'", "double": '"'}


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
        return Look(self.step(), *self.dashes(), self.source.eol(at), quote)

    def step(self) -> int:
        """Columns from a block mapping to the one inside it: on the way to here, else anywhere, else two."""
        way = [self.root.at(self.route[:depth]) for depth in range(len(self.route), -1, -1)]
        return next((step for node in [*way, self.root] if node and (step := self.step_in(node))), 2)

    def step_in(self, node: Node) -> int:
        """Columns from a mapping's keys to those of the first block mapping in it; 0 when it has none."""
        for key, value in node.pairs or ():
            if value.pairs and value.style == "block" and not value.alias and not value.tagged:
                return self.source.column(value.pairs[0][0].span.start) - self.source.column(key.span.start)
        return 0

    def dashes(self) -> tuple[int, int]:
        """Columns from a key to the dashes of the sequence below it, and from a dash to what stands behind it.

        As the first such sequence has it.
        """
        return next((self._dashes_of(*pair) for pair in self._sequences()), (self.step(), 2))

    def _sequences(self) -> Iterator[tuple[Node, Node]]:
        """The block sequences of the document with their keys, the outer ones first."""
        queue = [self.root]
        while queue:
            node = queue.pop(0)
            for key, value in node.pairs or ():
                if value.items and value.style == "block" and not value.alias:
                    yield key, value
                queue.append(value)
            queue += node.items or ()

    def _dashes_of(self, key: Node, value: Node) -> tuple[int, int]:
        first = (value.items or [])[0]
        column = self.source.column(dash(self.text, value, 0))
        inner = self.source.column(first.span.start) - column
        usual = first.style == "empty" or first.tagged or inner < 2
        return column - self.source.column(key.span.start), 2 if usual else inner


def absent(node: Node, key: str) -> None:
    """Raises CannotEdit when a mapping has the key already."""
    if key in node.keys:
        raise CannotEdit(f"the key `{key}` is there already")


def own_key(site: Site) -> Node:
    """The key in front of a value, which must start its line or follow a dash."""
    parent = site.root.at(site.route[:-1])
    key = parent.key(site.route[-1]) if parent and site.route and isinstance(site.route[-1], str) else None
    if key is None:
        raise CannotEdit(f"{show(site.route)} is no mapping's value; change it by hand")
    return key


def check_first_key(site: Site) -> None:
    """A block mapping whose keys stand at the start of their lines, behind spaces and dashes only."""
    for index, (key, _) in enumerate(site.node.pairs or []):
        prefix = site.source.line(key.span.start)[: site.source.column(key.span.start)]
        if not re.fullmatch(r" *" if index else r" *(?:- +)*", prefix):
            raise CannotEdit(f"the keys of {show(site.route)} are written in an unusual way; change it by hand")


def check_unshared(site: Site, nodes: list[Node]) -> None:
    """What goes must not hold an anchor that something else repeats."""
    queue = list(nodes)
    while queue:
        node = queue.pop()
        if node.alias:
            continue
        if node.shared:
            raise CannotEdit(f"something in {show(site.route)} is repeated elsewhere through a YAML alias")
        queue += [child for _, child in node.children()]


def check_index(site: Site, index: int) -> None:
    if not 0 <= index <= len(site.node.items or []):
        raise CannotEdit(f"{show(site.route)} has no place number {index}")


def item_index(site: Site, change: RemoveItem | ReplaceItem, *, alone: bool = False) -> int:
    """Which item a change is about; `alone` says that it may be the only one."""
    index, count = change.route[-1], len(site.node.items or [])
    if not isinstance(index, int) or not 0 <= index < count:
        raise CannotEdit(f"there is no {show(change.route)} in the file")
    if count == 1 and not alone:
        raise CannotEdit(f"{show(site.route)} would become empty")
    return index


def indexes(node: Node, keys: Sequence[str]) -> list[int]:
    """The places of the keys. Raises CannotEdit when one is missing, or when none would be left."""
    missing = [key for key in keys if key not in node.keys]
    if missing:
        raise CannotEdit(f"there is no key `{missing[0]}` to remove")
    if len(set(keys)) == len(node.keys):
        raise CannotEdit("no key would be left in the mapping; the mapping itself has to go")
    return sorted({node.keys.index(key) for key in keys})


def runs(indexes: list[int]) -> list[tuple[int, int]]:
    """Neighbouring indexes as (first, last)."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def line_end_after(site: Site, node: Node) -> int:
    """Where a line can be added behind a node: the end of its last line."""
    at = site.source.line_end(node.span.end)
    check_chomping(site, node, at)
    return at


def check_chomping(site: Site, node: Node, at: int) -> None:
    """A block scalar that ends the file without a line end would gain or lose one by what comes or goes behind it."""
    last = node
    while not last.alias and (last.pairs or last.items):
        last = last.pairs[-1][1] if last.pairs else (last.items or [])[-1]
    if last.style in ("literal", "folded") and at >= len(site.text) and "-" not in block_scalar(site.text, last).header:
        raise CannotEdit("the file ends with a block scalar and no line end; add one by hand first")


def whole_lines(site: Site, span: Span, *, first: bool) -> Span:
    """The lines of a span, with the empty lines that would otherwise double.

    At the end of a file without final line end, the line ends before go instead.
    """
    text, source = site.text, site.source
    start, end = source.line_start(span.start), source.next_line(span.end)
    blank_before = first or start == 0 or not source.line(start - 1).strip()
    while blank_before and end < len(text) and not source.line(end).strip():
        end = source.next_line(end)
    if end == len(text) and start > 0 and not text.endswith("\n"):
        ends = re.search(r"(?:\r?\n[ \t]*)+\Z", text[:start])
        start = ends.start() if ends else start
        _check_ends_block_scalar(site, start)
    _check_joins_block_scalar(site, Span(start, end))
    return Span(start, end)


def _check_ends_block_scalar(site: Site, at: int) -> None:
    before = [leaf for leaf in site.root.leaves() if leaf.span.start < at]
    if before and before[-1].style in ("literal", "folded") and before[-1].span.end >= at:
        check_chomping(site, before[-1], len(site.text))


def _check_joins_block_scalar(site: Site, gone: Span) -> None:
    """A comment behind what goes would be text of the block scalar before it, if it stands as deep as that text."""
    below = site.text[gone.end :].lstrip("\r\n")
    column = len(below) - len(below.lstrip(" "))
    if not below.startswith("#", column):
        return
    before = [leaf for leaf in site.root.leaves() if leaf.span.start < gone.start]
    if before and before[-1].style in ("literal", "folded") and column >= block_scalar(site.text, before[-1]).indent:
        raise CannotEdit("the comment below what goes would become text of what stands above; move it by hand first")


def names(pairs: list[tuple[Node, Node]]) -> set[str]:
    """The words by which a comment would name what goes: its keys, and the variables and secrets in its values."""
    names = {str(key.value) for key, _ in pairs}
    for _, value in pairs:
        for leaf in value.leaves():
            names |= set(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", str(leaf.value)))
    return names


def comments_above(site: Site, start: int, names: set[str], kept: set[str]) -> int:
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


def comments_within(site: Site, span: Span) -> list[Span]:
    if "#" not in site.text[span.start : span.end]:
        return []  # and no need to look through the document for the others
    return [comment for comment in comments(site.source, site.root) if span.covers(comment)]


def own_line_comments(site: Site, span: Span) -> list[Span]:
    return [
        comment
        for comment in comments_within(site, span)
        if not site.source.line(comment.start)[: site.source.column(comment.start)].strip()
    ]
