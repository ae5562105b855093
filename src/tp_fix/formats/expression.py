"""The language of GitHub's expressions, `${{ … }}`: a text becomes a small tree whose nodes know their place in it.

Precedence, literals and limits are those of GitHub's documentation ("Evaluate expressions in workflows and actions")
and of its parser (S actions/languageservices, expressions/src/lexer.ts and parser.ts, checked 2026-11-22).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tp_fix.source import Span

MAX_LENGTH = 21_000
MAX_DEPTH = 50
"""GitHub's own limits; the second one also keeps everything that walks a tree off Python's stack limit."""
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))
"""Binary operators, the loosest first."""
TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')"
    r"|(?P<operator>\|\||&&|==|!=|<=|>=|[<>!()\[\],*])"
    r"|(?P<word>[A-Za-z_][\w-]*(?=[\s()\[\],.!<>=&|]|$))"
    r"|(?P<number>[-+.\d][^\s()\[\],!<>=&|]*)"
    r"|(?P<end>$))",
    re.ASCII,
)
DOT = re.compile(r"\s*\.")
CONSTANTS: dict[str, bool | float | None] = {
    "null": None,
    "true": True,
    "false": False,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}
ARGUMENTS = {
    "always": (0, 0),
    "cancelled": (0, 0),
    "case": (3, 255),
    "contains": (2, 2),
    "endswith": (2, 2),
    "format": (1, 255),
    "fromjson": (1, 1),
    "hashfiles": (1, 255),
    "join": (1, 2),
    "startswith": (2, 2),
    "tojson": (1, 1),
}
"""How many arguments the known functions take, by their names in lower case."""
DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class NotAnExpression(ValueError):
    """A text that GitHub would not take for an expression."""


class Literal(NamedTuple):
    """null, a boolean, a number or a string; the name behind a dot is a string too."""

    value: bool | float | str | None
    span: Span


class Name(NamedTuple):
    """A context, like `github`."""

    name: str
    span: Span


class Star(NamedTuple):
    """The `*` of `labels.*.name`."""

    span: Span


class Index(NamedTuple):
    """`target.key` or `target[key]`."""

    target: Expression
    key: Expression
    span: Span


class Call(NamedTuple):
    name: str
    arguments: tuple[Expression, ...]
    span: Span


class Not(NamedTuple):
    operand: Expression
    span: Span


class Binary(NamedTuple):
    """Two operands, or more where `&&` or `||` stands between each and the next."""

    operator: str
    operands: tuple[Expression, ...]
    span: Span


Expression = Literal | Name | Star | Index | Call | Not | Binary


def parse(text: str) -> Expression:
    """The tree of an expression, without the `${{ }}` around it. Raises NotAnExpression."""
    if len(text) > MAX_LENGTH:
        raise NotAnExpression(f"longer than {MAX_LENGTH} characters")
    parser = _Parser(text)
    found = parser.binary(0)
    if parser.token.kind != "end":
        raise NotAnExpression(f"unexpected {parser.token.text!r} at {parser.token.span.start}")
    _check_depth(found)
    return found


def _check_depth(expression: Expression) -> None:
    level = [expression]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _children(node)]
    if level:
        raise NotAnExpression(f"more than {MAX_DEPTH} levels")


def walk(expression: Expression) -> Iterator[Expression]:
    """A tree's nodes, each before what stands in it."""
    yield expression
    for child in _children(expression):
        yield from walk(child)


def _children(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Index(target, key):
            return (target, key)
        case Call(_, arguments):
            return arguments
        case Not(operand):
            return (operand,)
        case Binary(_, operands):
            return operands
    return ()


def number(text: str) -> float:
    """A text as a number: '' is 0, what is none is NaN (S actions/runner, ExpressionUtility.ParseNumber)."""
    text = text.strip()
    if not text:
        return 0.0
    if DECIMAL.fullmatch(text):
        return float(text)
    if match := re.fullmatch(r"0x([0-9a-fA-F]{1,8})", text):
        value = int(match[1], 16)
        return float(value - (1 << 32) if value >= 1 << 31 else value)
    if match := re.fullmatch(r"0o([0-7]{1,11})", text):
        return float(int(match[1], 8))
    return {"Infinity": float("inf"), "+Infinity": float("inf"), "-Infinity": float("-inf")}.get(text, float("nan"))


class Part(NamedTuple):
    """A piece of a text: an expression's own text when `code` is set, else characters that stand for themselves.

    The span is that of the whole piece, `${{` and `}}` included.
    """

    text: str
    code: bool
    span: Span


def parts(text: str) -> list[Part]:
    """A text cut at its `${{ … }}`. Raises NotAnExpression when one of them is not closed."""
    found, at = [], 0
    while (start := text.find("${{", at)) >= 0:
        if start > at:
            found.append(Part(text[at:start], False, Span(at, start)))
        at = _closing(text, start)
        found.append(Part(text[start + 3 : at - 2], True, Span(start, at)))
    if at < len(text):
        found.append(Part(text[at:], False, Span(at, len(text))))
    return found


def _closing(text: str, start: int) -> int:
    """Where the expression that opens at `start` ends; braces in its strings do not count."""
    quoted = False
    for at in range(start + 3, len(text)):
        if text[at] == "'":
            quoted = not quoted
        elif not quoted and text.startswith("}}", at):
            return at + 2
    raise NotAnExpression("`${{` is not closed")


class _Token(NamedTuple):
    kind: str
    text: str
    span: Span


class _Parser:
    """One pass over a text; `token` is the one that comes next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = 0
        self.depth = 0
        self.token = self._read()

    def _read(self) -> _Token:
        match = TOKEN.match(self.text, self.end)
        if match is None:
            raise NotAnExpression(f"unexpected {self.text[self.end :].strip()[:20]!r} at {self.end}")
        kind = match.lastgroup or "end"
        return _Token(kind, match[kind], Span(*match.span(kind)))

    def advance(self) -> _Token:
        token, self.end = self.token, self.token.span.end
        self.token = _Token("dot", ".", Span(*match.span())) if (match := self._dot(token)) else self._read()
        return token

    def _dot(self, token: _Token) -> re.Match[str] | None:
        """A dot after a name, a bracket or a star; elsewhere it starts a number."""
        follows = token.kind == "word" or token.text in (")", "]", "*")
        return DOT.match(self.text, self.end) if follows else None

    def take(self, text: str) -> bool:
        """Whether the next token is this operator; then it is passed."""
        if self.token.kind not in ("operator", "dot") or self.token.text != text:
            return False
        self.advance()
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise NotAnExpression(f"expected {text!r} at {self.token.span.start}")

    def binary(self, level: int) -> Expression:
        if level == len(LEVELS):
            return self.unary()
        found, links = self.binary(level + 1), 0
        while self.token.kind == "operator" and self.token.text in LEVELS[level]:
            operator = self.advance().text
            right = self.binary(level + 1)
            joined = Span(found.span.start, right.span.end)
            if level < 2 and links:
                assert isinstance(found, Binary)
                found = Binary(operator, (*found.operands, right), joined)
            else:
                found = Binary(operator, (found, right), joined)
            links += 1
        return found

    def unary(self) -> Expression:
        if self.token.kind != "operator" or self.token.text != "!":
            return self.postfix()
        start = self.advance().span.start
        operand = self.nested(self.unary)
        return Not(operand, Span(start, operand.span.end))

    def postfix(self) -> Expression:
        indexed = (self.token.kind == "word" and self.token.text not in CONSTANTS) or self.token.text == "("
        found = self.primary()
        while indexed and self.token.kind in ("operator", "dot") and self.token.text in (".", "["):
            key = self.key()
            found = Index(found, key, Span(found.span.start, self.end))
        return found

    def key(self) -> Expression:
        """What stands behind a dot or in brackets."""
        if not self.take("."):
            self.expect("[")
            star = self.token
            found = Star(star.span) if self.take("*") else self.inner()
            self.expect("]")
            return found
        token = self.token
        if token.kind != "word" and token.text != "*":
            raise NotAnExpression(f"expected a name at {token.span.start}")
        self.advance()
        return Literal(token.text, token.span) if token.kind == "word" else Star(token.span)

    def inner(self) -> Expression:
        """An expression in brackets of some kind."""
        return self.nested(lambda: self.binary(0))

    def nested(self, read: Callable[[], Expression]) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotAnExpression(f"more than {MAX_DEPTH} levels")
        found = read()
        self.depth -= 1
        return found

    def primary(self) -> Expression:
        token = self.token
        if token.kind == "operator" and token.text == "(":
            self.advance()
            found = self.inner()
            self.expect(")")
            return found._replace(span=Span(token.span.start, self.end))
        if token.kind in ("operator", "dot", "end"):
            raise NotAnExpression(f"expected a value at {token.span.start}")
        self.advance()
        if token.kind == "string":
            return Literal(token.text[1:-1].replace("''", "'"), token.span)
        if token.kind == "number":
            return Literal(_written(token), token.span)
        return self.named(token)

    def named(self, token: _Token) -> Expression:
        if token.text in CONSTANTS:
            return Literal(CONSTANTS[token.text], token.span)
        if not self.take("("):
            return Name(token.text, token.span)
        arguments: list[Expression] = []
        while not self.take(")"):
            arguments.append(self.inner())
            if self.token.text != ")":
                self.expect(",")
        least, most = ARGUMENTS.get(token.text.lower(), (0, 255))
        if not least <= len(arguments) <= most:
            raise NotAnExpression(f"{token.text} takes another number of arguments, at {token.span.start}")
        return Call(token.text, tuple(arguments), Span(token.span.start, self.end))


def _written(token: _Token) -> float:
    value = number(token.text)
    if value != value:
        raise NotAnExpression(f"unexpected {token.text!r} at {token.span.start}")
    return value
