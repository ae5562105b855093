"""Shell text to its own statements, each as a whole: the commands in it, the files it writes, its here-documents."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tp_fix.formats.shell import Command, parse, tree
from tp_fix.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

SETS = frozenset({"variable_assignment", "variable_assignments", "declaration_command", "unset_command"})
WRITES = frozenset({">", ">>", ">|", "&>", "&>>"})

SPLIT = frozenset(
    {
        "program",
        "list",
        "if_statement",
        "elif_clause",
        "else_clause",
        "for_statement",
        "while_statement",
        "do_group",
        "compound_statement",
        "subshell",
        "case_statement",
        "case_item",
        "negated_command",
    }
)
"""Nodes around statements that change nothing of what each of them does."""
SINGLE = SETS | {"command", "redirected_statement", "pipeline", "test_command", "function_definition", "comment"}


class Redirect(NamedTuple):
    """A file that output goes to, as it is written."""

    target: str
    append: bool


class ShellStatement(NamedTuple):
    """One statement of the script's own, comments left out.

    `kind` is the grammar's name for it. `commands` are all in it, in order; `bodies` the texts of here-documents.
    `kinds` are those of everything in it; `sets` says that it gives a value to a variable.
    """

    kind: str
    span: Span
    text: str
    commands: tuple[Command, ...]
    redirects: tuple[Redirect, ...]
    bodies: tuple[str, ...]
    kinds: frozenset[str]
    follows: str = ""

    @property
    def sets(self) -> bool:
        return bool(self.kinds & SETS) or any(command.assignments for command in self.commands)


@lru_cache(maxsize=1024)
def statements(text: str) -> tuple[ShellStatement, ...] | None:
    """The statements of a bash or sh script, in order; None where the grammar does not understand all of it."""
    root = tree(text).root_node
    if root.has_error:
        return None
    commands = parse(text)
    own = [child for child in root.children if child.is_named and child.type != "comment"]
    return tuple(_statement(child, text, commands) for child in own)


@lru_cache(maxsize=1024)
def simple_statements(text: str) -> tuple[ShellStatement, ...]:
    """The statements in branches, loops and lists too, each for itself; none where the grammar stumbles.

    What a branch or a list is part of, such as `{ …; } > file`, a pipeline or a function, stays one statement.
    """
    root = tree(text).root_node
    if root.has_error:
        return ()
    commands = parse(text)
    return tuple(_statement(node, text, commands) for node in _simple(root))


def _simple(node: Node) -> list[Node]:
    found, pending = [], [node]
    while pending:
        each = pending.pop()
        if each.type in SPLIT:
            pending += reversed(each.named_children)
        elif each.type in SINGLE:
            found.append(each)
    return found


def _statement(node: Node, text: str, commands: list[Command]) -> ShellStatement:
    span = Span(node.start_byte, node.end_byte)
    below = _descendants(node)
    redirects = [found for each in below if each.type == "file_redirect" and (found := _redirect(each, text))]
    bodies = tuple(_body(each, text) for each in below if each.type == "heredoc_redirect")
    inside = tuple(command for command in commands if span.start <= command.span.start < span.end)
    follows = text[span.end :].lstrip(" \t")[:1]
    kinds = frozenset(each.type for each in below)
    return ShellStatement(
        node.type, span, text[span.start : span.end], inside, tuple(redirects), bodies, kinds, follows
    )


def _descendants(node: Node) -> list[Node]:
    found, pending = [], [node]
    while pending:
        each = pending.pop()
        found.append(each)
        pending += reversed(each.children)
    return found


def _redirect(node: Node, text: str) -> Redirect | None:
    """Output into a file; None for input, and for what goes to another stream."""
    operator = next((child.type for child in node.children if child.type in WRITES), "")
    places = node.children_by_field_name("destination")
    if not operator or not places:
        return None
    return Redirect(text[places[0].start_byte : places[0].end_byte], operator.endswith(">>"))


def _body(node: Node, text: str) -> str:
    """What a here-document holds, up to its last word."""
    found = next((child for child in node.children if child.type == "heredoc_body"), None)
    return text[found.start_byte : found.end_byte] if found is not None else ""
