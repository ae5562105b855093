"""Which format a file has: every one parses to nodes, lists its comments, and lowers changes to edits."""

from __future__ import annotations

import re
from types import ModuleType
from typing import NamedTuple, Protocol, cast

from tp_fix.change import Change
from tp_fix.edit import Lowered
from tp_fix.node import Node
from tp_fix.source import Source, Span


class Format(Protocol):
    """What a module of this package offers."""

    def parse(self, source: Source) -> Node: ...
    def comments(self, source: Source, root: Node) -> list[Span]: ...
    def lower(self, source: Source, root: Node, change: Change) -> Lowered: ...


class Document(NamedTuple):
    """A file that was read: its text and the nodes in it."""

    source: Source
    root: Node

    @property
    def path(self) -> str:
        return self.source.path

    def line(self, node: Node) -> int:
        return self.source.position(node.span.start)[0]


def format_of(path: str) -> Format:
    """The format of a file, by its name: YAML for workflows, JSON for manifests, else the .npmrc family."""
    return cast(Format, _module(path))


def _module(path: str) -> ModuleType:
    if re.search(r"\.ya?ml$", path):
        from tp_fix.formats import yaml

        return yaml
    if path.endswith(".json"):
        from tp_fix.formats import json

        return json
    from tp_fix.formats import npmrc

    return npmrc


def read(source: Source) -> Document:
    """Parse a file. Raises Unreadable."""
    return Document(source, format_of(source.path).parse(source))
