"""What a YAML or JSON text says and where it says it: values with the spans of the characters that spell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tp_fix.source import Span

Atom = str | int | float | bool | None
Data = Atom | list["Data"] | dict[str, "Data"]
"""Plain data: what json.loads would give."""

Route = tuple[str | int, ...]
"""The way from a document's root to a node: keys of mappings and indexes of sequences."""

Style = Literal["plain", "single", "double", "literal", "folded", "empty", "block", "flow", "line"]
"""How a node is spelled. JSON's collections are flow and its strings double; lines are those of an .npmrc."""


@dataclass(slots=True, eq=False)
class Node:
    """One value. `span` covers its own characters; a block collection's ends with its last leaf.

    `pairs` is None unless the node is a mapping, `items` is None unless it is a sequence. An alias is a node
    with its anchor's content and its own span, `alias` set; `shared` says that an alias elsewhere repeats it.
    `tagged` says that the span starts with an anchor or a tag.
    """

    span: Span
    style: Style
    value: Atom = None
    pairs: list[tuple[Node, Node]] | None = None
    items: list[Node] | None = None
    alias: bool = False
    shared: bool = False
    tagged: bool = False

    def get(self, key: str) -> Node | None:
        """The value under a key; None when there is none, or when this is no mapping."""
        for name, value in self.pairs or ():
            if name.value == key:
                return value
        return None

    def key(self, key: str) -> Node | None:
        """The key's own node."""
        for name, _ in self.pairs or ():
            if name.value == key:
                return name
        return None

    @property
    def keys(self) -> list[str]:
        return [str(name.value) for name, _ in self.pairs or ()]

    @property
    def text(self) -> str | None:
        """The value if it is a string, else None."""
        return self.value if isinstance(self.value, str) else None

    @property
    def scalar(self) -> bool:
        return self.pairs is None and self.items is None

    def at(self, route: Route) -> Node | None:
        """The node at the end of a route from here; None when the route leaves the document."""
        node: Node | None = self
        for step in route:
            if node is None:
                return None
            if isinstance(step, str):
                node = node.get(step)
            else:
                items = node.items or []
                node = items[step] if 0 <= step < len(items) else None
        return node

    def children(self) -> Iterator[tuple[str | int, Node]]:
        if self.pairs is not None:
            for name, value in self.pairs:
                yield str(name.value), value
        yield from enumerate(self.items or ())

    def leaves(self) -> Iterator[Node]:
        """Every key and every value that is no collection, in the order of the text, aliases not followed."""
        if self.alias or self.scalar:
            yield self
        elif self.pairs is not None:
            for name, value in self.pairs:
                yield name
                yield from value.leaves()
        else:
            for item in self.items or ():
                yield from item.leaves()


def plain(node: Node) -> Data:
    """The node as plain data."""
    if node.pairs is not None:
        return {str(name.value): plain(value) for name, value in node.pairs}
    if node.items is not None:
        return [plain(item) for item in node.items]
    return node.value


def show(route: Route) -> str:
    """A route for a person: jobs.publish.steps[2]."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route).lstrip(".")
    return f"`{text}`" if text else "the document's root"
