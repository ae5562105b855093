"""JSON: what is read, what is refused, and which characters each change touches."""

from __future__ import annotations

from json import dumps, loads
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_fix import change as changes
from tp_fix.change import AddKey, Change, RemoveKeys, RenameKey, SetValue, matches, replay, shape
from tp_fix.edit import apply, check_disjoint
from tp_fix.errors import CannotEdit, Unreadable
from tp_fix.formats.json import REFUSED, SUPPORTED, comments, lower, parse
from tp_fix.node import Data, Node, Route, plain
from tp_fix.source import MAX_DEPTH, Source, Span


def read(text: str) -> Source:
    return Source.decode("package.json", text.encode("utf-8"))


def edited(text: str, change: Change) -> str:
    """The text after the change, once it is proved to say what the change asked for."""
    source = read(text)
    root = parse(source)
    edits = lower(source, root, change).edits
    check_disjoint(edits)
    after = apply(source.text, edits)
    assert matches(replay(shape(root, source.text), change), shape(parse(read(after)), after)), after
    return after


def reason(text: str, change: Change) -> str:
    source = read(text)
    with pytest.raises(CannotEdit) as caught:
        lower(source, parse(source), change)
    return caught.value.reason


# Reading


DEEP = "[" * MAX_DEPTH + "]" * MAX_DEPTH


@pytest.mark.parametrize(
    "text",
    [
        *[DEEP, dumps(["[" * 300, loads(DEEP[1:-1])])],
        *['{"a": [1, {"b": null}], "c": "d"}', "[]", " 5\n", '"é😀"', '{"": {}}', '\r{\r"a": 1\r}\r'],
        *['{"é😀": "\\ud83d\\ude00", "é": "\\u00e9\\/\\n"}', '["// {[", "\\"", "\\\\"]'],
        *["[1e+5, -0.5E-3, -0, 1E5, 0]", "[true, false, null]"],
    ],
)
def test_values_are_those_of_json_loads(text: str) -> None:
    assert dumps(plain(parse(read(text)))) == dumps(loads(text))


def test_spans_and_styles() -> None:
    source = read('\ufeff{"é😀": ["✓", 1],\r\n "b": {"c": true}}')
    root = parse(source)
    inner = [node for _, node in root.children()]
    assert [(source.text[node.span.start : node.span.end], node.style) for node in [*root.leaves(), *inner]] == [
        *[('"é😀"', "double"), ('"✓"', "double"), ("1", "plain"), ('"b"', "double"), ('"c"', "double")],
        *[("true", "plain"), ('["✓", 1]', "flow"), ('{"c": true}', "flow")],
    ]
    assert (root.span, comments(source, root)) == (Span(0, len(source.text)), [])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "empty"),
        (" \n\t", 0, "empty"),
        ('{"a": 1\n"b": 2}', 2, "not JSON: expecting ',' delimiter"),
        ('{"a": 1}\n\n{}', 3, "not JSON: extra data"),
        ('{"a": 1, // no\n}', 1, "not JSON"),
        ('{\n"a": "x\ty"}', 2, "not JSON: invalid control character"),
        ('{\n"a": NaN}', 2, "not JSON: NaN"),
        ('["NaN",\n-Infinity]', 2, "not JSON: -Infinity"),
        ('{"a": 1,\n "b": {"x": 1,\n "\\u0078": 2}}', 3, "the key 'x' appears twice"),
        ("\n[" + DEEP + "]", 2, "nested deeper than 200 levels"),
        ("[" * 500_000, 1, "nested deeper than 200 levels"),
        ('"\\' * 200_000, 1, "not JSON: unterminated string"),
        ("[" + "1" * 5000 + "]", 0, "a number that is too long"),
    ],
)
def test_unreadable(text: str, line: int, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(read(text))
    assert caught.value.line == line
    assert words in caught.value.reason


# Changes, one cell each

NPM = '{\n  "name": "x",\n  "scripts": {\n    "test": "y"\n  },\n  "files": [],\n  "last": 1\n}\n'
PUBLIC: Data = {"access": "public", "tag": ["a"]}
SPELLED = '{\n    "access": "public",\n    "tag": [\n      "a"\n    ]\n  }'


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        # SetValue
        ('{"a" :1 , "b":2}', SetValue(("a",), "é"), '{"a" :"é" , "b":2}'),
        ('[1, {"a": [0]}]', SetValue((1, "a", 0), None), '[1, {"a": [null]}]'),
        ('{"a": "\\u0062"}', SetValue(("a",), "b"), '{"a": "\\u0062"}'),
        ('{"a": 1}', SetValue(("a",), True), '{"a": true}'),
        (NPM, SetValue(("last",), PUBLIC), NPM.replace('"last": 1', '"last": ' + SPELLED)),
        (NPM, SetValue(("files",), PUBLIC), NPM.replace("[]", SPELLED)),
        (NPM, SetValue(("scripts",), PUBLIC), NPM.replace('{\n    "test": "y"\n  }', SPELLED)),
        ('{\n\t"a": {"b" : 1}\n}', SetValue(("a",), {"c": 1, "d": 2}), '{\n\t"a": {"c" : 1, "d" : 2}\n}'),
        ('{\n  "a": ["b","c"]\n}', SetValue(("a",), ["d", "e"]), '{\n  "a": ["d","e"]\n}'),
        ('{"a": ["b","c"], "d": 1}', SetValue(("a",), ["e", "f"]), '{"a": ["e","f"], "d": 1}'),
        ('{\n"a": [\n 1\n],\n"b": 2\n}', SetValue(("b",), [3]), '{\n"a": [\n 1\n],\n"b": [\n 3\n]\n}'),
        (' {\n   "a": 1\n }', SetValue(("a",), [2]), ' {\n   "a": [\n     2\n   ]\n }'),
        ("[\n\t5\n]", SetValue((0,), {"a": 1}), '[\n\t{\n\t\t"a": 1\n\t}\n]'),
        ('{"a":1}', SetValue(("a",), {"c": [1, 2]}), '{"a":{"c":[1,2]}}'),
        (' {"a": 1}', SetValue((), ["a"]), ' ["a"]'),
        # AddKey
        ('{"a": 1}', AddKey((), "b", [2, 3]), '{"a": 1, "b": [2, 3]}'),
        ('{"a":1}\r\n', AddKey((), "b", {"c": 1, "d": 2}), '{"a":1,"b":{"c":1,"d":2}}\r\n'),
        ('{ "a": 1,"b": 2 }', AddKey((), "c", 3), '{ "a": 1,"b": 2,"c": 3 }'),
        ('{"a": 1, "c": 3}', AddKey((), "b", 2, "a"), '{"a": 1, "b": 2, "c": 3}'),
        ('{"a": 1,\n "b": 2, "c": 3}', AddKey((), "d", 4, "b"), '{"a": 1,\n "b": 2, "d": 4, "c": 3}'),
        ('{"a": 1, "c": 3}', AddKey((), "b", 2, "no such"), '{"a": 1, "c": 3, "b": 2}'),
        ("{}", AddKey((), "a", 1), '{"a": 1}'),
        ("{ }\n", AddKey((), "a", 1), '{ "a": 1 }\n'),
        ("{\n}\n", AddKey((), "a", {"b": 1}), '{\n  "a": {\n    "b": 1\n  }\n}\n'),
        ('{\n\t"a": {}\n}', AddKey(("a",), "b", 1), '{\n\t"a": {\n\t\t"b": 1\n\t}\n}'),
        ('{\n "a": {\n\n }\n}', AddKey(("a",), "b", 1), '{\n "a": {\n  "b": 1\n }\n}'),
        ('  {"a": {\r\n\r\n}}', AddKey(("a",), "b", 1), '  {"a": {\r\n    "b": 1\r\n}}'),
        ('{"a": {}, "b": 1}', AddKey(("a",), "c", 1), '{"a": {"c": 1}, "b": 1}'),
        (NPM, AddKey((), "z", PUBLIC), NPM.replace("1\n}", '1,\n  "z": ' + SPELLED + "\n}")),
        (NPM, AddKey((), "z", "é", "name"), NPM.replace('"x",', '"x",\n  "z": "é",')),
        (NPM, AddKey(("scripts",), "z", 0), NPM.replace('"y"', '"y",\n    "z": 0')),
        ('{\r\n\t"a":1\r\n}', AddKey((), "b", {"c": 2}), '{\r\n\t"a":1,\r\n\t"b":{\r\n\t\t"c":2\r\n\t}\r\n}'),
        ('{\n  "a": 1\n, "b": 2\n}', AddKey((), "c", 3), '{\n  "a": 1\n, "b": 2\n, "c": 3\n}'),
        ('{\n  "a": 1,\n\n  "b": 2}', AddKey((), "c", 3, "a"), '{\n  "a": 1,\n  "c": 3,\n\n  "b": 2}'),
        ('{\n"a": 1\n}', AddKey((), "b", {"c": 1}), '{\n"a": 1,\n"b": {\n"c": 1\n}\n}'),
        # RemoveKeys
        ('{"a": 1, "b": 2, "c": 3}', RemoveKeys((), ("a",)), '{"b": 2, "c": 3}'),
        ('{"a": 1, "b": 2, "c": 3}', RemoveKeys((), ("b",)), '{"a": 1, "c": 3}'),
        ('{ "a": 1, "b": 2, "c": 3 }', RemoveKeys((), ("c", "b")), '{ "a": 1 }'),
        ('{"a": 1, "b": 2, "c": 3}', RemoveKeys((), ("a", "c")), '{"b": 2}'),
        (NPM, RemoveKeys((), ("name",)), NPM.replace('  "name": "x",\n', "")),
        (NPM, RemoveKeys((), ("scripts", "files")), '{\n  "name": "x",\n  "last": 1\n}\n'),
        (NPM, RemoveKeys((), ("last",)), NPM.replace(',\n  "last": 1', "")),
        (NPM, RemoveKeys((), ("name", "scripts", "last")), '{\n  "files": []\n}\n'),
        ('{\r\n  "a": 1,\r\n  "b": 2,\n  "c": 3\r\n}', RemoveKeys((), ("b",)), '{\r\n  "a": 1,\r\n  "c": 3\r\n}'),
        ('{\n  "a": 1,\n  "b": 2,\n\n  "c": 3\n}', RemoveKeys((), ("b",)), '{\n  "a": 1,\n\n  "c": 3\n}'),
        ('{ "a": 1,\n  "b": 2, "c": 3 }', RemoveKeys((), ("b",)), '{ "a": 1,\n  "c": 3 }'),
        ('{ "a": 1, "b": 2,\n  "c": 3 }', RemoveKeys((), ("b",)), '{ "a": 1,\n  "c": 3 }'),
        ('{\n  "a": 1\n, "b": 2\n, "c": 3\n}', RemoveKeys((), ("a",)), '{\n  "b": 2\n, "c": 3\n}'),
        ('{\n  "a": 1\n, "b": 2\n, "c": 3\n}', RemoveKeys((), ("b",)), '{\n  "a": 1\n, "c": 3\n}'),
        ('{"a": 1}', RemoveKeys((), ()), '{"a": 1}'),
        # RenameKey
        ('{"a": {"\\u0062" : 1}}', RenameKey(("a", "b"), "é"), '{"a": {"é" : 1}}'),
        ('{"a": 1}', RenameKey(("a",), "a"), '{"a": 1}'),
    ],
)
def test_change(before: str, change: Change, after: str) -> None:
    assert edited(before, change) == after


@pytest.mark.parametrize(
    ("text", "change", "words"),
    [
        ('{"a": {}}', SetValue(("a", "b"), 1), "there is no `a.b` in"),
        ('{"a": [0]}', SetValue(("a", 1), 1), "there is no `a[1]` in"),
        ('{"a": 1}', SetValue(("a", "b", "c"), 1), "`a` is not an object, so it has no key 'b'"),
        ("[0]", AddKey((), "a", 1), "the document's root is not an object"),
        ('{"a": null}', AddKey(("a",), "b", 1), "`a` is not an object"),
        ('{"a": 1}', AddKey((), "a", 2), "the document's root has a key 'a' already"),
        ('{"a": {"b": 1}}', RemoveKeys(("a",), ("b",)), "this would leave an empty object; remove `a` as a whole"),
        ('{"a": 1, "b": 2}', RemoveKeys((), ("a", "c")), "the document's root has no key 'c'"),
        ('{"a": 1, "b": 2}', RenameKey(("a",), "b"), "the document's root has a key 'b' already"),
        ('{"a": 1}', RenameKey(("b",), "c"), "there is no key `b` in"),
        ('{"a": 1}', RenameKey((), "c"), "the document's root has no key of its own"),
        ('{"a": 1}', SetValue(("a",), float("nan")), "the new value holds a number or a character"),
        ('{"a": 1}', RenameKey(("a",), "\ud800"), "the new value holds a number or a character"),
    ],
)
def test_refused(text: str, change: Change, words: str) -> None:
    assert reason(text, change).startswith(words)


UNSUPPORTED: list[Change] = [
    changes.InsertItem((), 0, 1),
    changes.RemoveItem((0,)),
    changes.ReplaceItem((0,), (1, 2)),
    changes.ReplaceInScalar((0,), Span(0, 1), "b"),
    changes.SetComment((0,), "c"),
]


def test_every_kind_of_change_is_in_one_table() -> None:
    assert sorted([*SUPPORTED, *REFUSED], key=str) == sorted(Change.__args__, key=str)
    assert {type(change) for change in UNSUPPORTED} == set(REFUSED)


# Any document, any change

TEXT = st.text(st.sampled_from('ab"\\/é✓😀\n\u2028{['), max_size=3)
DATA: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)
ROOT = st.dictionaries(TEXT, DATA, min_size=1, max_size=4)
EOL = st.sampled_from(["\n", "\r\n"])
UNIT = st.sampled_from([" ", "  ", "   ", "\t", ""])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """JSON spelled by nobody's rules, yet with one kind of line end."""
    blank = st.sampled_from(["", " ", "\n", "\n  ", "\n\t", "\n\n    "] if draw(st.booleans()) else ["", " "])

    def spell(value: Any) -> str:
        if isinstance(value, str):
            return dumps(value, ensure_ascii=draw(st.booleans()))
        if isinstance(value, list):
            return f"[{','.join(gap(spell(item)) for item in value) or draw(blank)}]"
        if isinstance(value, dict):
            pairs = (f"{gap(spell(key))}:{gap(spell(item))}" for key, item in value.items())
            return f"{{{','.join(pairs) or draw(blank)}}}"
        return dumps(value)

    def gap(text: str) -> str:
        return draw(blank) + text + draw(blank)

    return gap(spell(draw(ROOT | st.lists(ROOT, max_size=2)))).replace("\n", draw(EOL))


def places(node: Node, route: Route = ()) -> list[tuple[Route, Node]]:
    return [(route, node), *(place for step, child in node.children() for place in places(child, (*route, step)))]


@st.composite
def changes_of(draw: st.DrawFn, root: Node) -> Change:
    """A change that the document allows; to set the root to what it is, where nothing else was drawn."""
    route, node = draw(st.sampled_from(places(root)))
    new = draw(TEXT.filter(lambda name: name not in node.keys))
    kinds: list[Change] = [SetValue(route, draw(DATA) if route else plain(root))]
    if node.pairs is not None:
        kinds.append(AddKey(route, new, draw(DATA), draw(st.sampled_from([None, *node.keys]))))
    if len(node.keys) > 1:
        kinds.append(RemoveKeys(route, tuple(draw(st.sets(st.sampled_from(node.keys), max_size=len(node.keys) - 1)))))
    if node.keys:
        kinds.append(RenameKey((*route, draw(st.sampled_from(node.keys))), new))
    return draw(st.sampled_from(kinds))


def untouched(source: Source, spans: list[Span]) -> list[str]:
    """The lines that no span reaches; one of whole lines does not reach the line it ends before."""
    touched: set[int] = set()
    for span in spans:
        (first, left), (last, right) = source.position(span.start), source.position(span.end)
        touched.update(range(first, last + (last == first or left > 1 or right > 1)))
    return [line for number, line in enumerate(source.text.split("\n"), 1) if number not in touched]


@settings(max_examples=150, deadline=None)
@given(text=documents(), data=st.data())
def test_any_document(text: str, data: st.DataObject) -> None:
    source = read(text)
    root = parse(source)
    change = data.draw(changes_of(root))
    after = edited(text, change)
    lines = iter(after.split("\n"))
    assert all(line in lines for line in untouched(source, [edit.span for edit in lower(source, root, change).edits]))
    assert "\r" not in text + after or after.count("\n") == after.count("\r\n")
    assert after.endswith("\n") == text.endswith("\n")
    assert "\n" in text or "\n" not in after
    for refused in UNSUPPORTED:
        assert reason(text, refused).strip() == reason(text, refused) != ""


@settings(max_examples=150, deadline=None)
@given(content=ROOT, unit=UNIT | st.none(), eol=EOL, end=st.sampled_from(["", "\n"]), data=st.data())
def test_a_formatted_file_stays_formatted(content: Any, unit: str | None, eol: str, end: str, data: Any) -> None:
    def spell(value: Any) -> str:
        return (dumps(value, indent=unit, ensure_ascii=False) + end).replace("\n", eol)

    change = data.draw(changes_of(parse(read(spell(content)))))
    after = edited(spell(content), change)
    assert after == spell(loads(after))
