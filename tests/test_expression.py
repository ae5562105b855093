"""The language of expressions: what GitHub parses, how it groups, and what it turns down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_fix.formats.expression import (
    Binary,
    Call,
    Expression,
    Index,
    Literal,
    Name,
    Not,
    NotAnExpression,
    Star,
    parse,
    parts,
    walk,
)


def grouped(expression: Expression) -> str:
    """The tree in brackets."""
    match expression:
        case Literal(value):
            return repr(value)
        case Name(name):
            return name
        case Star():
            return "*"
        case Index(target, key):
            return f"{grouped(target)}[{grouped(key)}]"
        case Not(operand):
            return f"!{grouped(operand)}"
        case Binary(operator, operands):
            return "(" + f" {operator} ".join(map(grouped, operands)) + ")"
        case Call(name, arguments):
            return f"{name}({', '.join(map(grouped, arguments))})"
    raise TypeError(expression)


GROUPS = [
    ("a || b && c", "(a || (b && c))"),
    ("a && b || c && d || e", "((a && b) || (c && d) || e)"),
    ("(a || b) && c", "((a || b) && c)"),
    ("(a || b) || c", "((a || b) || c)"),
    ("a == b && c != d", "((a == b) && (c != d))"),
    ("a < b == c > d", "((a < b) == (c > d))"),
    ("a == b == c", "((a == b) == c)"),
    ("a<=b>=c", "((a <= b) >= c)"),
    ("!a == b", "(!a == b)"),
    ("!(a == b)", "!(a == b)"),
    ("!!a.b", "!!a['b']"),
    ("a.b['c'].d[0][*].*", "a['b']['c']['d'][0.0][*][*]"),
    ("a [ 'b' ] . c", "a['b']['c']"),
    ("a.true.null", "a['true']['null']"),
    ("a[b || c]", "a[(b || c)]"),
    ("f()", "f()"),
    ("f(a, b || c, g('x'))", "f(a, (b || c), g('x'))"),
    ("fromJSON(a).b", "fromJSON(a)['b']"),
    ("(a).b", "a['b']"),
    ("'it''s'", '"it\'s"'),
    ("''", "''"),
    ("a == 'x && y'", "(a == 'x && y')"),
    ("true", "True"),
    ("null == false", "(None == False)"),
    ("TRUE", "TRUE"),
    ("-1.5e3", "-1500.0"),
    ("+2", "2.0"),
    (".5", "0.5"),
    ("0xfF", "255.0"),
    ("0o17", "15.0"),
    ("Infinity", "inf"),
    ("a-b", "a-b"),
    ("\n a\t&&\r\n b ", "(a && b)"),
]


@pytest.mark.parametrize(("text", "tree"), GROUPS)
def test_groups_as_github_does(text: str, tree: str) -> None:
    assert grouped(parse(text)) == tree


TURNED_DOWN = [
    "",
    "  ",
    "a b",
    "1 2",
    "a &&",
    "&& a",
    "a & b",
    "a = b",
    "!",
    "(a",
    "a)",
    "a.",
    "a.1",
    "a..b",
    "a[",
    "a[]",
    "a[1",
    "f(a",
    "f(a b)",
    "f(,)",
    "'open",
    '"double"',
    "a + b",
    "-a",
    "1.2.3",
    "$a",
    "true.x",
    "'a'.b",
    "*",
    "contains(a)",
    "startsWith(a, b, c)",
    "always(1)",
    "(" * 60 + "a" + ")" * 60,
    "!" * 60 + "a",
    "a" + ".b" * 60,
    " == ".join("a" * 60),
    "a" * 21_001,
]


@pytest.mark.parametrize("text", TURNED_DOWN)
def test_turns_down_what_github_does(text: str) -> None:
    with pytest.raises(NotAnExpression):
        parse(text)


def test_many_operands_are_one_level() -> None:
    found = parse(" && ".join(["a"] * 3000))
    assert isinstance(found, Binary) and len(found.operands) == 3000


def test_spans_are_places_in_the_text() -> None:
    text = "x && (github.ref == 'a' || contains(b, 'c'))"
    spans = [text[node.span.start : node.span.end] for node in walk(parse(text))]
    assert "(github.ref == 'a' || contains(b, 'c'))" in spans
    assert {"x", "github.ref", "github", "'a'", "contains(b, 'c')", "b"} <= set(spans)


PARTS = [
    ("plain", [("plain", False)]),
    ("${{ a }}", [(" a ", True)]),
    ("x ${{ a }} y${{b}}", [("x ", False), (" a ", True), (" y", False), ("b", True)]),
    ("${{ '}}' }}\n", [(" '}}' ", True), ("\n", False)]),
    ("${{ 'it''s }}' }}", [(" 'it''s }}' ", True)]),
    ("", []),
]


@pytest.mark.parametrize(("text", "found"), PARTS)
def test_parts(text: str, found: list[tuple[str, bool]]) -> None:
    assert [(part.text, part.code) for part in parts(text)] == found
    assert "".join(text[part.span.start : part.span.end] for part in parts(text)) == text


def test_an_open_expression_is_none() -> None:
    with pytest.raises(NotAnExpression):
        parts("${{ 'x }}")


@given(st.text(alphabet="ab.*[]()!<>=&|,' 01-+\"${}\n", max_size=40))
def test_any_text_is_parsed_or_turned_down(text: str) -> None:
    for read in (parse, parts):
        try:
            read(text)
        except NotAnExpression:
            continue
