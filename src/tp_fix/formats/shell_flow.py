"""Shell text to what flows where: the commands of each pipeline, what is expanded in them, where their output goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tp_fix.formats.shell import SIMPLE, Word, tree, words_of
from tp_fix.formats.shell_text import EXPRESSION
from tp_fix.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 40
"""Levels of statements and substitutions that are followed; a script that is meant has a few."""
STRINGS = frozenset({"herestring_redirect", "heredoc_redirect"})
UNTRACED = frozenset({"comment", "heredoc_body", "herestring_redirect"})
COMPOUND = frozenset({"compound_statement", "subshell", "if_statement", "for_statement", "while_statement"})
COMPOUND |= {"case_statement", "c_style_for_statement"}
PASSING = frozenset({"list", "pipeline", "negated_command", "redirected_statement"})
"""Statements whose redirect belongs to their last command only."""
NO_STATEMENT = frozenset(
    {"variable_assignment", "variable_assignments", "command_substitution", "process_substitution"}
)
"""Where the output of commands goes into a value and not to the statement's own."""
NAMED = re.compile(r"\$\{?[#!]?(\w+)", re.ASCII)


class Expansion(NamedTuple):
    """A variable or a workflow expression that is put into the text at `span`.

    `name` is the variable's, '' for an expression. `text` is the whole spelling: `$X`, `${X:0:4}`, `${{ env.X }}`.
    """

    name: str
    text: str
    span: Span


class Inner(NamedTuple):
    """The output of other commands, put in where they stand: `$(…)`."""

    flows: tuple[Flow, ...]


Piece = Expansion | Inner


class Stage(NamedTuple):
    """One command of a pipeline. `words` has the program first; `pieces` is what is expanded in each of its words.

    `given` is what a here-string or a here-document puts into its standard input, `target` the file that its standard
    output goes to, as it is written; '' for none. A group of commands has no words, and its commands in `group`.
    """

    span: Span
    words: tuple[Word, ...] = ()
    pieces: tuple[tuple[Piece, ...], ...] = ()
    given: tuple[Piece, ...] = ()
    target: str = ""
    group: tuple[Flow, ...] = ()


class Flow(NamedTuple):
    """Commands joined by pipes. `span` is the whole statement's, `top` says that it is one of the script's own.

    A statement of the script's own is no part of a list, a condition, a loop, a function or a group.
    """

    stages: tuple[Stage, ...]
    span: Span
    top: bool = False


class Assigned(NamedTuple):
    """A variable that is given a value."""

    name: str
    pieces: tuple[Piece, ...]


class Flows(NamedTuple):
    """What a script does with its output. `statements` are the spans of the script's own, comments left out.

    `lists` are those among them whose exit status can be a failure that the shell goes on from. `traced` is what
    `set -x` would show expanded. `sound` is False when the grammar does not understand all of the text.
    """

    flows: tuple[Flow, ...]
    assigned: tuple[Assigned, ...]
    statements: tuple[Span, ...]
    lists: frozenset[Span]
    traced: tuple[Expansion, ...]
    sound: bool


def flows_of(text: str) -> Flows:
    """The flows of a bash or sh script, in the order of the text."""
    root = tree(text).root_node
    reader = _Reader(text)
    own = [child for child in root.named_children if child.type != "comment"]
    found = [flow for child in own for flow in reader.flows(child, own_statement=True)]
    plain = (*SIMPLE, "pipeline", "variable_assignment", "variable_assignments", "redirected_statement")
    return Flows(
        tuple(found),
        tuple(reader.assignments(root)),
        tuple(span_of(child) for child in own),
        frozenset(span_of(child) for child in own if child.type not in plain or b"&&" in (child.text or b"")),
        tuple(reader.traced(root)),
        not root.has_error,
    )


def flows_below(text: str, node: Node) -> Iterator[Flow]:
    """The flows of a statement, given as its node in the tree of `text`, those inside it too."""
    return _Reader(text).flows(node)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def flows(self, node: Node, depth: int = 0, *, own_statement: bool = False) -> Iterator[Flow]:
        """The pipelines of a statement, each with the redirects around it."""
        if depth > DEEPEST or node.type in NO_STATEMENT:
            return
        if node.type in SIMPLE or node.type in ("pipeline", "redirected_statement"):
            yield from self._pipeline(node, depth, own_statement)
        else:
            for child in node.named_children:
                yield from self.flows(child, depth + 1)

    def _pipeline(self, node: Node, depth: int, own: bool) -> Iterator[Flow]:
        if node.type == "redirected_statement":
            body = node.child_by_field_name("body")
            inner = list(self.flows(body, depth + 1)) if body is not None else []
            whole = body is not None and body.type in COMPOUND
            simple = body is not None and (body.type in SIMPLE or body.type == "pipeline")
            for index, flow in enumerate(inner):
                concerned = whole or index == len(inner) - 1
                stages = self._redirected(flow.stages, node, depth) if concerned else flow.stages
                yield Flow(stages, span_of(node) if simple else flow.span, own and simple)
        elif node.type == "pipeline":
            stages = tuple(self._stage(child, depth) for child in node.named_children if child.type != "comment")
            yield Flow(stages, span_of(node), own)
        else:
            yield Flow((self._stage(node, depth),), span_of(node), own)

    def _stage(self, node: Node, depth: int) -> Stage:
        if node.type == "redirected_statement":
            inner = list(self.flows(node, depth + 1))
            if len(inner) == 1 and len(inner[0].stages) == 1:
                return inner[0].stages[0]
        if node.type not in SIMPLE:
            return Stage(span_of(node), group=tuple(self.flows(node, depth + 1)))
        words = words_of(self.text, node)
        children = list(node.named_children)
        pieces = tuple(
            tuple(
                piece
                for child in children
                if word.span.start <= child.start_byte < word.span.end
                for piece in self.pieces(child, depth)
            )
            for word in words
        )
        given = tuple(piece for child in children if child.type in STRINGS for piece in self.pieces(child, depth))
        return Stage(span_of(node), words, pieces, given)

    def _redirected(self, stages: tuple[Stage, ...], node: Node, depth: int) -> tuple[Stage, ...]:
        """The stages with what the redirects around them say: input for the first, output of the last."""
        first, given, target = stages[0], stages[0].given, ""
        more: list[Stage] = []
        redirects = list(node.children_by_field_name("redirect"))
        for redirect in redirects:
            redirects += redirect.children_by_field_name("redirect")
        for redirect in redirects:
            if redirect.type == "file_redirect":
                target = self._target(redirect) or target
            else:
                bodies = [child for child in redirect.children if child.type not in ("pipeline", "file_redirect")]
                given = (*given, *(piece for child in bodies for piece in self.pieces(child, depth)))
                for child in redirect.named_children:
                    if child.type == "pipeline":
                        more += [self._stage(each, depth) for each in child.named_children]
        if more and target:
            more[-1] = more[-1]._replace(target=target)
            target = ""
        changed = [first._replace(given=given), *stages[1:]]
        changed[-1] = changed[-1]._replace(target=target or changed[-1].target)
        return (*changed, *more)

    def _target(self, redirect: Node) -> str:
        """Where standard output goes by a redirect: `&3` for a stream of the script's own; '' for the other streams."""
        operator = next((child.type for child in redirect.children if ">" in child.type), "")
        stream = redirect.child_by_field_name("descriptor")
        if not operator or (stream is not None and stream.text != b"1"):
            return ""
        places = redirect.children_by_field_name("destination")
        place = self.text[places[0].start_byte : places[0].end_byte] if places else ""
        if operator == ">&" and place.isdigit():
            return "" if place in ("1", "2") else f"&{place}"
        return place

    def pieces(self, node: Node, depth: int = 0) -> Iterator[Piece]:
        """What is expanded below a node, in order; workflow expressions too, which the grammar does not see."""
        found: list[tuple[int, Piece]] = []
        covered: list[Span] = []
        pending = [(node, depth)]
        while pending:
            each, level = pending.pop()
            if each.type in ("simple_expansion", "expansion"):
                found.append((each.start_byte, self._expansion(each)))
            if each.type in ("command_substitution", "process_substitution"):
                covered.append(span_of(each))
                if level < DEEPEST:
                    flows = tuple(flow for child in each.named_children for flow in self.flows(child, level + 1))
                    found.append((each.start_byte, Inner(flows)))
            else:
                pending += [(child, level + 1) for child in each.children]
        for match in EXPRESSION.finditer(self.text, *span_of(node)):
            if not any(span.start <= match.start() < span.end for span in covered):
                found.append((match.start(), Expansion("", match.group(), Span(*match.span()))))
        yield from (piece for _, piece in sorted(found, key=lambda pair: pair[0]))

    def _expansion(self, node: Node) -> Expansion:
        """The grammar counts a blank in front of it to an expansion that follows another one in a string."""
        whole = self.text[node.start_byte : node.end_byte]
        text = whole.lstrip()
        match = NAMED.match(text)
        return Expansion(match[1] if match else "", text, Span(node.end_byte - len(text), node.end_byte))

    def assignments(self, root: Node) -> Iterator[Assigned]:
        pending = [root]
        while pending:
            node = pending.pop()
            if node.type == "variable_assignment":
                name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
                if name is not None and value is not None:
                    yield Assigned(self.text[name.start_byte : name.end_byte], tuple(self.pieces(value)))
            pending += reversed(node.children)

    def traced(self, root: Node) -> Iterator[Expansion]:
        pending, hidden = [root], []
        while pending:
            node = pending.pop()
            if node.type in UNTRACED:
                hidden.append(span_of(node))
                continue
            if node.type in ("simple_expansion", "expansion"):
                yield self._expansion(node)
            pending += reversed(node.children)
        for match in EXPRESSION.finditer(self.text):
            if not any(span.start <= match.start() < span.end for span in hidden):
                yield Expansion("", match.group(), Span(*match.span()))


def span_of(node: Node) -> Span:
    """Where a node stands in its text."""
    return Span(node.start_byte, node.end_byte)
