"""A script gone through in the mind: with which words, and in which folder, one of its commands runs each time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tp_fix.formats.shell import Command, Word, is_question, tree, words_of
from tp_fix.formats.shell_text import unquoted
from tp_fix.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

MANY = 2000
"""Statements that are gone through; what runs behind as many is not known."""
DEEPEST = 40
"""Statements in statements, calls of functions among them."""
SEQUENCES = frozenset({"program", "compound_statement", "do_group", "redirected_statement", "negated_command"})
BRANCHES = frozenset(
    {"if_statement", "elif_clause", "else_clause", "while_statement", "case_statement", "case_item"}
    | {"c_style_for_statement"}
)
PLAIN = re.compile(r"[\w@./+:,= *-]*")
"""A value that means the same wherever it is put."""
VARIABLE = re.compile(r"\$(?:\{(\w+)(%/)?\}|(\w+))")
ARRAY = re.compile(r"""["']?\$\{(\w+)\[[@*]\]\}["']?""")
GLOB = re.compile(r"[\w@./+*-]+")
EXISTS = re.compile(r"\[\[?\s*!?\s*-[defrs]\s")
"""How a test starts that asks only whether a file is there."""
SETS = frozenset({"read", "mapfile", "readarray", "getopts", "unset", "printf", "let"})
HIDES = frozenset({"source", ".", "eval", "set", "shift"})
"""After one of these no variable is known."""
Values = dict[str, tuple[str, ...] | None]


class Visit(NamedTuple):
    """One time that the command runs: its words as far as they are known then, and the folder (None: not known)."""

    command: Command
    folder: str | None


class Surroundings(NamedTuple):
    """What a script cannot tell by itself.

    `spell` puts values for the workflow expressions of a text, `enter` gives the folder that a path leads to, and
    `matches` the folders that a pattern stands for, None where that is not known.
    """

    spell: Callable[[str], str]
    enter: Callable[[str | None, str], str | None]
    matches: Callable[[str | None, str], tuple[str, ...] | None]


def visits(
    text: str, offset: int, folder: str | None, variables: dict[str, str | None], around: Surroundings
) -> list[Visit] | None:
    """Every time that the command at an offset runs, conditions taken for fulfilled; None where that is not known."""
    root = tree(text).root_node
    if root.has_error:
        return None
    known: Values = {name: None if value is None else (value,) for name, value in variables.items()}
    run = _Run(text, offset, around, folder, known)
    run.statement(root, 0)
    return None if run.lost or run.left <= 0 else run.visits


@dataclass
class _Run:
    text: str
    offset: int
    around: Surroundings
    folder: str | None
    values: Values
    visits: list[Visit] = field(default_factory=list)
    functions: dict[str, Node] = field(default_factory=dict)
    stack: list[str | None] = field(default_factory=list)
    lost: bool = False
    left: int = MANY

    def statement(self, node: Node, depth: int) -> None:
        self.left -= 1
        if self.left <= 0 or depth > DEEPEST:
            self.lost = True
        elif node.type in SEQUENCES:
            for child in node.named_children:
                self.statement(child, depth + 1)
        elif node.type == "command":
            self.command(node, depth)
        elif node.type in ("variable_assignment", "declaration_command", "variable_assignments"):
            self.assign(node)
        elif node.type == "list":
            self.chain(node, depth)
        elif node.type == "for_statement":
            self.loop(node, depth)
        elif node.type == "function_definition":
            self.functions[self.raw(node.named_children[0])] = node.named_children[-1]
        elif node.type == "subshell":
            self.apart(node.named_children, depth)
        elif node.type == "pipeline":
            for child in node.named_children:
                self.apart([child], depth)
        elif node.type in BRANCHES:
            for child in node.named_children:
                self.perhaps(child, depth)

    def raw(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte]

    def apart(self, nodes: list[Node], depth: int) -> None:
        """Statements in a shell of their own."""
        folder, values, stack = self.folder, dict(self.values), list(self.stack)
        for node in nodes:
            self.statement(node, depth + 1)
        self.folder, self.values, self.stack = folder, values, stack

    def perhaps(self, node: Node, depth: int) -> None:
        """A statement that may be left out: what it changes is not known afterwards."""
        folder, values = self.folder, dict(self.values)
        self.statement(node, depth + 1)
        self.folder = folder if self.folder == folder else None
        changed = {name for name in self.values if self.values[name] != values.get(name)}
        self.values = {**values, **dict.fromkeys(changed)}

    def chain(self, node: Node, depth: int) -> None:
        """`a && b` and `a || b`."""
        left, operator, right = node.children[0], node.children[1].type, node.children[-1]
        self.statement(left, depth + 1)
        if operator == "&&" and not is_question(left):
            self.statement(right, depth + 1)
        else:
            self.perhaps(right, depth)

    def loop(self, node: Node, depth: int) -> None:
        variable, body = node.child_by_field_name("variable"), node.child_by_field_name("body")
        if variable is None or body is None:
            return
        name = self.raw(variable)
        found = [self.words(self.raw(value)) for value in node.children_by_field_name("value")]
        rows: list[tuple[str, ...] | None] = [None]
        if found and all(each is not None for each in found) and not self.chooses(body, name):
            rows = [(value,) for each in found if each is not None for value in each]
        folder = self.folder
        for row in rows:
            self.values[name] = row
            self.statement(body, depth + 1)
        if rows == [None] and self.folder != folder:
            self.folder = None

    def chooses(self, body: Node, name: str) -> bool:
        """Whether a loop does something else for some of its values, or stops."""
        pending = [body]
        while pending:
            node = pending.pop()
            raw = self.raw(node)
            if node.type == "test_command" and re.search(rf"\$\{{?{name}\b", raw) and not EXISTS.match(raw):
                return True
            if node.type == "case_statement" and re.search(rf"\$\{{?{name}\b", raw.split("\n")[0]):
                return True
            if node.type == "command" and raw.split()[0] == "break":
                return True
            pending += node.named_children
        return False

    def command(self, node: Node, depth: int) -> None:
        words = words_of(self.text, node)
        if not words:
            return
        program = words[0].literal
        if node.start_byte == self.offset:
            spoken = tuple(each for word in words for each in self.spoken(word))
            span = Span(node.start_byte, node.end_byte)
            self.visits.append(Visit(Command(spoken, span), self.folder))
        if program in ("cd", "pushd", "popd"):
            self.cd(program, words)
        elif program in SETS:
            self.values |= {re.split(r"\W", word.text)[0]: None for word in words[1:]}
        elif program in HIDES:
            self.values = {}
        elif program is not None and program in self.functions:
            self.call(self.functions[program], words[1:], depth)

    def call(self, body: Node, words: tuple[Word, ...], depth: int) -> None:
        """A function of the script, with its words as $1, $2 …"""
        found = [self.words(word.text) for word in words]
        outer = {name: value for name, value in self.values.items() if name.isdigit()}
        for name in outer:
            del self.values[name]
        if all(each is not None and len(each) == 1 for each in found):
            self.values |= {str(number): each for number, each in enumerate(found, 1)}
        self.statement(body, depth + 1)
        self.values = {name: value for name, value in self.values.items() if not name.isdigit()} | outer

    def cd(self, program: str, words: tuple[Word, ...]) -> None:
        old = self.folder
        back = program == "popd" or (len(words) == 2 and words[1].literal == "-")
        if back:
            self.folder = self.stack.pop() if self.stack else None
            self.stack += [old] if program != "popd" else []
        elif len(words) != 2:
            self.folder = None
        else:
            found = self.words(words[1].text)
            path = found[0] if found is not None and len(found) == 1 else words[1].text.strip('"')
            self.folder = self.around.enter(old, path)
            self.stack.append(old)

    def assign(self, node: Node) -> None:
        for each in [node] if node.type == "variable_assignment" else node.named_children:
            if each.type != "variable_assignment":
                continue
            name, equals, value = self.raw(each).partition("=")
            if each.named_children and each.named_children[-1].type == "array":
                self.values[name] = self.array(each.named_children[-1])
            else:
                found = self.words(value) if value else ("",)
                self.values[name.rstrip("+")] = found if equals and found and len(found) == 1 else None
            if name.endswith("+"):
                self.values[name[:-1]] = None

    def array(self, node: Node) -> tuple[str, ...] | None:
        found = [self.words(self.raw(child)) for child in node.named_children if child.type != "comment"]
        if any(each is None for each in found):
            return None
        return tuple(value for each in found if each is not None for value in each)

    def spoken(self, word: Word) -> list[Word]:
        """A word of the command as it is this time, or as it is written."""
        found = self.words(word.text) if word.literal is None else None
        return [word] if found is None else [Word(value, value, word.span) for value in found]

    def words(self, raw: str) -> tuple[str, ...] | None:
        """The words that one stands for; None where that is not known."""
        if (array := ARRAY.fullmatch(raw)) is not None:
            return self.values.get(array[1])
        text = self.around.spell(raw)
        if "${{" in text:
            return None
        if not raw.startswith("'"):
            text = VARIABLE.sub(self._value, text)
        if text != raw and not raw.startswith(('"', "'")) and re.search(r"\s", text):
            parts = [self._one(part) for part in text.split()]
            return tuple(value for part in parts if part for value in part) if all(parts) else None
        if text != raw and not text:
            return ()
        return self._one(text)

    def _one(self, text: str) -> tuple[str, ...] | None:
        literal = unquoted(text)
        if literal is not None:
            return (literal,)
        return self.around.matches(self.folder, text) if GLOB.fullmatch(text) else None

    def _value(self, match: re.Match[str]) -> str:
        known = self.values.get(match[1] or match[3])
        if known is None or len(known) != 1 or not PLAIN.fullmatch(known[0]):
            return match[0]
        return known[0].removesuffix("/") if match[2] else known[0]
