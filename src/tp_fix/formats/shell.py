"""Shell text to simple commands: which words run, where they stand, and how far their reading can be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from tp_fix.formats.shell_text import mask, salvaged, unquoted
from tp_fix.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

GLUE = re.compile(r"(?:\\(?:\r\n|.))*", re.DOTALL)
"""What may stand between two parts of a word: an escaped line end, and escaped white space, which the grammar skips."""

SIMPLE = frozenset({"command", "declaration_command", "unset_command", "test_command"})
REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
NO_WORD = REDIRECTS | {"comment", "subshell", "ERROR"}
TESTS = frozenset(
    {"test_command", "unary_expression", "binary_expression", "parenthesized_expression", "negation_expression"}
)
SEQUENCES = frozenset({"program", "compound_statement", "redirected_statement", "negated_command"})
"""Nodes whose statements run one after the other, in the shell that reads them."""
QUESTIONS = frozenset({b"test", b"grep", b"command", b"which"})
LONGEST_CHAIN = 20
"""How far back a chain of `&&` is followed; what stands further on counts as conditional."""


class Word(NamedTuple):
    """One word of a command: its raw text, and its value when quotes are all that stands between the two.

    `literal` is None for a word with an expansion, a substitution, a glob or a workflow expression.
    """

    text: str
    literal: str | None
    span: Span


class Command(NamedTuple):
    """One simple command; `words` has the program first, assignments and redirects left out.

    `span` covers all of it, redirects and the body of a here-document included. `sure` is False from the first
    statement on that the grammar does not understand. `top` says that the command runs unconditionally in the
    script's own shell, so that a `cd` counts for what follows: not in a pipe, a subshell, a condition, a function.
    """

    words: tuple[Word, ...]
    span: Span
    assignments: tuple[tuple[str, str | None], ...] = ()
    sure: bool = True
    top: bool = True


def parse(text: str) -> list[Command]:
    """Every command of a bash or sh script, in the order of the text; those inside `$(…)` and functions too.

    Where the grammar gives up, what looks like a command is one, and not sure.
    """
    root = tree(text).root_node
    commands: list[Command] = []
    extras: dict[int, list[Span]] = {}
    ends: dict[int, int] = {}
    pending = list(_statements(root))
    while pending:
        node, top, sure = pending.pop()
        if node.type == "redirected_statement":
            _note_redirects(node, extras, ends)
        if node.type in SIMPLE and node.children[0].type != "((":
            words = words_of(text, node, extras.get(node.id, []))
            span = Span(node.start_byte, ends.get(node.id, node.end_byte))
            commands.append(Command(words, span, tuple(_assignments(text, node)), sure, top))
        pending += [(child, top and still, sure) for child, still in _children(node)]
    commands += _salvage(text, root, {word.span.start for command in commands for word in command.words})
    return sorted(commands, key=lambda command: command.span.start)


def mentions(text: str, name: str) -> bool:
    """Whether a script names an environment variable, in whatever way; comments do not count where they are certain."""
    found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.ASCII)
    if not found.search(text):
        return False
    root = tree(text).root_node
    if root.has_error:
        return True
    comments = sorted((node.start_byte, node.end_byte) for node in _descendants(root) if node.type == "comment")
    edges = [0, *(edge for comment in comments for edge in comment), len(text)]
    return any(found.search(text, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))


FIRST = r"[A-Za-z_.][\w./+-]*"
OTHER = r"(?:--[\w@./:=+~-]*|-[\w=/@+-]*|[\w./:=+][\w@./:=+~-]*)"
PLAIN = re.compile(rf"[ \t]*(?:{FIRST}(?:[ \t]+{OTHER})*[ \t]*)?", re.ASCII)


def plain_words(text: str) -> bool:
    """Whether bash, PowerShell and cmd read every line alike: words without any character that one of them treats.

    That leaves out more than the obvious: `a,b` is an array, a word that starts with `@` a splat and `-a.b` two words
    to PowerShell, `^` an escape to cmd, `A=b` at the start an assignment and a leading `~` a folder to bash.
    """
    return all(PLAIN.fullmatch(line.removesuffix("\r")) for line in text.split("\n"))


@cache
def _parser() -> Parser:
    from tree_sitter import Language, Parser
    from tree_sitter_bash import language

    return Parser(Language(language()))


def tree(text: str) -> Tree:
    """The syntax tree of a script. Its byte offsets are the text's code points."""
    return _parser().parse(mask(text).encode("ascii"))


def _statements(root: Node) -> Iterator[tuple[Node, bool, bool]]:
    """The script's own statements. What stands beside an error is not sure, nor what holds one, nor what follows."""
    wrong = [child.is_error or child.is_missing for child in root.children]
    sure = root.type == "program"
    for index, (child, top) in enumerate(_children(root)):
        sure = sure and not child.has_error and not child.is_missing
        yield child, top, sure and not any(wrong[index + 1 : index + 2])


def _children(node: Node) -> Iterator[tuple[Node, bool]]:
    """A node's children, and whether each runs unconditionally in the shell that the node runs in."""
    types = [child.type for child in node.children]
    for index, child in enumerate(node.children):
        if node.type in SEQUENCES:
            yield child, types[index + 1 : index + 2] != ["&"]
        elif node.type == "list":
            yield child, index == 0 or ("&&" in types and not _asks(node.children[0]))
        else:
            yield child, node.type == "heredoc_redirect" and "&&" in types


def _asks(left: Node) -> bool:
    """Whether the left side of `&&` is a question, as in `[ -n "$X" ] && cd x`, and not a step that should succeed."""
    for _ in range(LONGEST_CHAIN):
        if left.type not in ("list", "redirected_statement") or not left.named_children:
            return is_question(left)
        if left.type == "list" and is_question(left.children[-1]):
            return True
        left = left.children[0]
    return True


def is_question(node: Node) -> bool:
    named = node.child_by_field_name("name") if node.type == "command" else None
    return node.type in ("test_command", "negated_command") or (named is not None and named.text in QUESTIONS)


def _descendants(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += node.children


def _note_redirects(statement: Node, extras: dict[int, list[Span]], ends: dict[int, int]) -> None:
    """Give what a statement's redirects hold to its last simple command: its end, and words that follow a target."""
    body = statement.child_by_field_name("body")
    while body is not None and body.type not in SIMPLE and body.named_children:
        if body.type not in ("list", "pipeline", "negated_command"):
            return
        body = body.named_children[-1]
    if body is None:
        return
    for redirect in statement.children_by_field_name("redirect"):
        ends[body.id] = _end(redirect)
        for each in (redirect, *redirect.children_by_field_name("redirect")):
            words = [*each.children_by_field_name("destination")[1:], *each.children_by_field_name("argument")]
            extras.setdefault(body.id, []).extend(Span(word.start_byte, word.end_byte) for word in words)


def _end(redirect: Node) -> int:
    """Where a redirect ends; one whose line goes on with another command ends before that."""
    if redirect.type == "heredoc_redirect":
        for index, child in enumerate(redirect.children):
            if child.type in ("&&", "||", "pipeline"):
                return redirect.children[index - 1].end_byte
    return redirect.end_byte


def words_of(text: str, node: Node, extra: Sequence[Span] = ()) -> tuple[Word, ...]:
    """The words of a simple command's node, those at `extra` among them; assignments and redirects are left out."""
    spans = list(_word_spans(node)) if node.type != "test_command" else list(_test_spans(node))
    joined: list[Span] = []
    for span in sorted([*spans, *extra]):
        if joined and node.type == "command" and GLUE.fullmatch(text, joined[-1].end, span.start):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(Word(text[start:end], unquoted(text[start:end]), Span(start, end)) for start, end in joined)


def _salvage(text: str, root: Node, seen: set[int]) -> Iterator[Command]:
    """What may be commands in the statements that hold an error, besides those that the grammar found there."""
    broken = [root] if root.type != "program" else [child for child in root.children if child.has_error]
    masked = mask(text) if broken else ""
    for node in broken:
        for spans in salvaged(masked, node.start_byte, node.end_byte):
            if spans[0].start not in seen:
                words = tuple(
                    Word(text[start:end], unquoted(text[start:end]), Span(start, end)) for start, end in spans
                )
                yield Command(words, Span(spans[0].start, spans[-1].end), (), False, False)


def _word_spans(node: Node) -> Iterator[Span]:
    for child in node.children:
        assigned = child.type == "variable_assignment" and node.type == "command"
        if child.type not in NO_WORD and not assigned:
            yield Span(child.start_byte, child.end_byte)


def _test_spans(test: Node) -> Iterator[Span]:
    """The words of `[ … ]`, which the grammar gives as an expression."""
    pending = [test]
    while pending:
        node = pending.pop()
        if node.type in TESTS:
            pending += reversed(node.children)
        else:
            yield Span(node.start_byte, node.end_byte)


def _assignments(text: str, node: Node) -> Iterator[tuple[str, str | None]]:
    for child in node.children if node.type == "command" else ():
        if child.type == "variable_assignment":
            name, _, value = text[child.start_byte : child.end_byte].partition("=")
            yield (name, unquoted(value)) if not name.endswith("+") else (name[:-1], None)
