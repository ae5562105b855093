"""YAML text to nodes with exact spans, from the parser's events; nothing is ever dumped back.

Events rather than composed nodes: they show aliases as aliases, carry the marks of every token, and can be
refused one by one, so that a hostile file is turned down at depth 200 before anything recurses into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tp_fix.errors import Unreadable
from tp_fix.formats.spelling import block_scalar, content_start
from tp_fix.node import Atom, Node, Style
from tp_fix.source import MAX_DEPTH, Source, Span

MAX_EXPANDED = 100_000
"""Nodes after aliases are followed: more than this is an attack ("a billion laughs"), not a workflow."""

STYLES: dict[str | None, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
NUMBER = re.compile(r"[-+]?(?:0o[0-7]+|0x[0-9a-fA-F]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)")
SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_NUMBER = 400
"""Characters: what is longer is a hash or an attack, and Python refuses to read integers of more than 4,300 digits."""
COMMENT = re.compile(r"(?:^|(?<=[ \t\n]))#[^\r\n]*", re.MULTILINE)
BLANK = re.compile(r"(?:[ \t\r\n]|(?:^|(?<=[ \t\n]))#[^\n]*)*", re.MULTILINE)
"""White space and comments: what may stand between two tokens."""
URL = re.compile(r"[\[{,]\s*(?:[^\"'\s]+:\s+)?\w+://")
"""In a text: what looks like a plain URL inside brackets."""


def parse(source: Source, *, pure: bool = False) -> Node:
    """The document's root. Raises Unreadable for what is no single, non-empty, duplicate-free YAML document.

    The C parser is used where it is installed; `pure` asks for the Python one, which gives the same nodes.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if odd := re.search("\r(?!\n)|[\x85\u2028\u2029]", source.text):
        name = {"\r": "a lone carriage return"}.get(odd.group(), "an exotic line separator")
        raise Unreadable(source.path, f"has {name}, which parsers count as a line end", source.position(odd.start())[0])
    try:
        return _Builder(source).build(YAML(typ="safe", pure=pure).parse(source.text))
    except MarkedYAMLError as error:
        if not pure and URL.search(source.text):
            return parse(source, pure=True)  # libyaml refuses a plain URL in brackets, which GitHub takes
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "cannot be parsed"
        raise Unreadable(source.path, f"not YAML: {reason}", mark.line + 1 if mark else 0) from None
    except YAMLError as error:
        raise Unreadable(source.path, f"not YAML: {str(error).splitlines()[0]}") from None
    except (ValueError, OverflowError):  # what the Python parser makes of an escape or a version that is none
        raise Unreadable(source.path, "not YAML: an escape or a directive that nobody can read") from None


def comments(source: Source, root: Node) -> list[Span]:
    """The comments of a document, in order: `#` after white space wherever no scalar is."""
    found, at = [], 0
    for leaf in root.leaves():
        found += _comments_in(source.text, at, leaf.span.start)
        if leaf.style in ("literal", "folded"):
            found += _comments_in(source.text, leaf.span.start, source.line_end(content_start(source.text, leaf)))
        at = leaf.span.end
    return found + _comments_in(source.text, at, len(source.text))


def _comments_in(text: str, start: int, end: int) -> list[Span]:
    return [Span(*match.span()) for match in COMMENT.finditer(text, start, end)]


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come: its node, its anchor, the count of values before it, the key that waits."""

    node: Node
    anchor: str | None
    expanded: int
    key: Node | None = None
    keys: set[str] = field(default_factory=set)


class _Builder:
    """Turns one stream of events into nodes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.anchors: dict[str, Node] = {}
        self.sizes: dict[int, int] = {}
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0
        self.expanded = 0

    def build(self, events: Iterator[Any]) -> Node:
        for event in events:
            getattr(self, _HANDLERS[type(event).__name__])(event)
        if self.root is None or self.root.style == "empty":
            raise Unreadable(self.source.path, "empty: no YAML content")
        return self.root

    def fail(self, event: Any, reason: str) -> Unreadable:
        return Unreadable(self.source.path, reason, event.start_mark.line + 1)

    def ignore(self, event: Any) -> None:
        """Stream starts and ends say nothing."""

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.fail(event, "more than one YAML document in the file; only one can be a workflow")

    def scalar(self, event: Any) -> None:
        if SURROGATE.search(event.value):
            raise self.fail(event, "not YAML: half of a surrogate pair")
        style = STYLES.get(event.style, "plain")
        span = Span(event.start_mark.index, event.end_mark.index)
        tagged = event.anchor is not None or event.tag is not None
        if style == "plain" and event.value == "" and not tagged:
            span, style = self.empty_span(span), "empty"
        value = resolve(event.value) if style in ("plain", "empty") and event.tag is None else event.value
        node = Node(span, style, value, tagged=tagged)
        if style in ("literal", "folded"):
            node.span = Span(span.start, self.block_end(node))
        elif tagged and event.value == "" and style == "plain":
            node.span = Span(span.start, span.start + len(self.text[span.start : span.end].rstrip()))
        self.add(node, event)
        self.anchor(event.anchor, node)

    def empty_span(self, mark: Span) -> Span:
        """Where nothing stands: right behind the colon or the dash. The parsers' own marks differ here."""
        if self.open:
            parent, key = self.open[-1].node, self.open[-1].key
            if key is not None:
                at = skip_blank(self.text, key.span.end)
                at = at + 1 if self.text[at : at + 1] == ":" else key.span.end
                return Span(at, at)
            if parent.items is not None and parent.style == "block":
                at = dash(self.text, parent, len(parent.items)) + 1
                return Span(at, at)
        return Span(mark.start, mark.start)

    def block_end(self, node: Node) -> int:
        """The end of a block scalar's last line of content, without its line end.

        Trailing lines of mere indentation are content only under "keep" chomping.
        """
        block = block_scalar(self.text, node)
        end = node.span.end
        while end > block.first and "+" not in block.header:
            start = self.text.rfind("\n", 0, end - 1) + 1
            line = self.text[start:end].rstrip("\r\n")
            if line.strip(" ") or len(line) > block.indent:
                break
            end = start
        end = max(end, block.first)
        end -= self.text[end - 1 : end] == "\n"
        return end - (self.text[end - 1 : end] == "\r")

    def alias(self, event: Any) -> None:
        target = self.anchors.get(event.anchor)
        if target is None or any(target is level.node for level in self.open):
            raise self.fail(event, f"alias *{event.anchor} has no complete anchor before it")
        target.shared = True
        self.expanded += self.sizes.get(id(target), 1)
        if self.expanded > MAX_EXPANDED:
            raise self.fail(event, "its aliases expand to more than 100,000 values; not read")
        span = Span(event.start_mark.index, event.end_mark.index)
        self.add(Node(span, target.style, target.value, target.pairs, target.items, alias=True), event)

    def start_mapping(self, event: Any) -> None:
        self.start(event, Node(self.start_span(event), self.collection_style(event), pairs=[]))

    def start_sequence(self, event: Any) -> None:
        self.start(event, Node(self.start_span(event), self.collection_style(event), items=[]))

    @staticmethod
    def collection_style(event: Any) -> Literal["flow", "block"]:
        return "flow" if event.flow_style else "block"

    @staticmethod
    def start_span(event: Any) -> Span:
        return Span(event.start_mark.index, event.end_mark.index)

    def start(self, event: Any, node: Node) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise self.fail(event, f"nested deeper than {MAX_DEPTH} levels; not read")
        node.tagged = event.anchor is not None or event.tag is not None
        self.add(node, event)
        self.open.append(_Open(node, event.anchor, self.expanded))

    def end(self, event: Any) -> None:
        level = self.open.pop()
        node = level.node
        if node.style == "flow":
            node.span = Span(node.span.start, event.end_mark.index)
        else:
            last = node.pairs[-1][1] if node.pairs else node.items[-1] if node.items else node
            node.span = Span(node.span.start, last.span.end)
        self.anchor(level.anchor, node, self.expanded - level.expanded)

    def anchor(self, name: str | None, node: Node, size: int = 1) -> None:
        if name is not None:
            self.anchors[name] = node
            self.sizes[id(node)] = size

    def add(self, node: Node, event: Any) -> None:
        self.expanded += 1
        if not self.open:
            self.root = node
            return
        level = self.open[-1]
        if level.node.items is not None:
            level.node.items.append(node)
        elif level.key is None:
            level.key = self.checked_key(node, level, event)
        elif level.node.pairs is not None:
            level.node.pairs.append((level.key, node))
            level.key = None

    def checked_key(self, node: Node, level: _Open, event: Any) -> Node:
        if not node.scalar or node.alias:
            raise self.fail(event, "a key that is a collection or an alias; no workflow has one")
        node.value = event.value
        if event.value in level.keys:
            raise self.fail(event, f"the key {event.value!r} appears twice in one mapping")
        level.keys.add(event.value)
        return node


_HANDLERS = {
    "StreamStartEvent": "ignore",
    "StreamEndEvent": "ignore",
    "DocumentStartEvent": "document",
    "DocumentEndEvent": "ignore",
    "ScalarEvent": "scalar",
    "AliasEvent": "alias",
    "MappingStartEvent": "start_mapping",
    "SequenceStartEvent": "start_sequence",
    "MappingEndEvent": "end",
    "SequenceEndEvent": "end",
}


def skip_blank(text: str, at: int) -> int:
    """The first offset from `at` that is neither white space nor comment."""
    match = BLANK.match(text, at)
    return match.end() if match else at


def dash(text: str, sequence: Node, index: int) -> int:
    """Where the `-` of a block sequence's item stands; `index` may be one past the last item read so far."""
    if index == 0:
        return skip_blank(text, content_start(text, sequence))
    return skip_blank(text, (sequence.items or [])[index - 1].span.end)


def resolve(text: str) -> Atom:
    """A plain scalar's value by YAML 1.2's core schema, which GitHub's own reader uses."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        return text
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
