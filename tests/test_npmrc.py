"""The .npmrc family: which lines are entries, and what removing or replacing one touches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_fix.change import (
    AddKey,
    Change,
    InsertItem,
    RemoveItem,
    RemoveKeys,
    RenameKey,
    ReplaceInScalar,
    ReplaceItem,
    SetComment,
    SetValue,
    matches,
    replay,
    shape,
)
from tp_fix.edit import apply, check_disjoint
from tp_fix.errors import CannotEdit, Unreadable
from tp_fix.formats.npmrc import REFUSED, SUPPORTED, comments, entry, lower, parse
from tp_fix.node import plain
from tp_fix.source import Source, Span


def read(text: str) -> Source:
    return Source.decode(".npmrc", text.encode("utf-8"))


def edited(text: str, change: Change) -> tuple[str, list[str]]:
    """The text after the change, proved to say what the change asked for, and the comments that went with it."""
    source = read(text)
    root = parse(source)
    lowered = lower(source, root, change)
    check_disjoint(lowered.edits)
    after = read(apply(source.text, lowered.edits))
    assert matches(replay(shape(root, source.text), change), shape(parse(after), after.text)), after.text
    kept = [span for span in comments(source, root) if span not in lowered.dropped]
    assert [source.text[a:b] for a, b in kept] == [after.text[a:b] for a, b in comments(after, parse(after))]
    return after.text, [source.text[a:b] for a, b in lowered.dropped]


def reason(text: str, change: Change) -> str:
    source = read(text)
    with pytest.raises(CannotEdit) as caught:
        lower(source, parse(source), change)
    return caught.value.reason


# Reading


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("", []),
        ("\n ; a=b\n#c=d\n\t\n", []),
        ("a=b", ["a=b"]),
        ("\ufeffa = b \r\n\tc\r\n; d\r\n", ["a = b", "c"]),
        ("é✓😀=\u2028x\x20\n [s] \n", ["é✓😀=\u2028x", "[s]"]),
        ("a=b ; c\n=d", ["a=b ; c", "=d"]),
    ],
)
def test_entries(text: str, entries: list[str]) -> None:
    source = read(text)
    root = parse(source)
    assert plain(root) == entries
    assert root.style == "block"
    assert [source.text[item.span.start : item.span.end] for item in root.items or ()] == entries
    assert {item.style for item in root.items or ()} <= {"line"}


def test_comments_end_before_the_line_end() -> None:
    source = read("; é 1 \r\na=b # no comment\n\t#2\n#")
    assert [source.text[a:b] for a, b in comments(source, parse(source))] == ["; é 1 ", "#2", "#"]


@pytest.mark.parametrize(
    ("value", "parts"),
    [("a = b=c ", ("a", "b=c")), ("key", ("key", "")), ("=x", ("", "x")), ("//r/:_a=${T}", ("//r/:_a", "${T}"))],
)
def test_entry(value: str, parts: tuple[str, str]) -> None:
    assert entry(value) == parts


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a=b\nc=\x00", 2, "a control character ('\\x00')"),
        ("\x0c", 1, "a control character"),
        ("a=\x85b", 1, "a control character"),
        ("; a\rb=c\n", 1, "a lone carriage return"),
    ],
)
def test_unreadable(text: str, line: int, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(read(text))
    assert caught.value.line == line
    assert words in caught.value.reason


# Changes, one cell each

TOKEN = "//npm-registry.invalid/:_authToken=${NPM_TOKEN}\n"
FIRST = RemoveItem((0,))
SECOND = RemoveItem((1,))


@pytest.mark.parametrize(
    ("before", "change", "after", "dropped"),
    [
        ("a=1\nb=2\n", FIRST, "b=2\n", []),
        ("a=1\n\n  b=2 \r\nc=3\n", SECOND, "a=1\n\nc=3\n", []),
        ("a=1\nb=2", SECOND, "a=1", []),
        ("a=1\r\nb=2", SECOND, "a=1", []),
        ("a=1\n\n\nb=2", SECOND, "a=1", []),
        ("a=1\nb=2", FIRST, "b=2", []),
        ("\ufeffa=1", FIRST, "", []),
        ("a=1\n", FIRST, "", []),
        ("a=1\n\n# end", FIRST, "\n# end", []),
        ("# the NPM_TOKEN of CI\n" + TOKEN, FIRST, "", ["# the NPM_TOKEN of CI"]),
        ("a=1\r\n\r\n ; _authToken \r\n; in CI\r\n" + TOKEN, SECOND, "a=1\r\n\r\n", ["; _authToken ", "; in CI"]),
        ("# //npm-registry.invalid/:_authToken=old\n" + TOKEN, FIRST, "", ["# //npm-registry.invalid/:_authToken=old"]),
        ("a=1\n# NPM_TOKEN\n" + TOKEN.strip(), SECOND, "a=1", ["# NPM_TOKEN"]),
        ("# ${T}\nk=${T?}\n", FIRST, "", ["# ${T}"]),
        ("# ours\n" + TOKEN, FIRST, "# ours\n", []),
        ("# ours\nk=1", FIRST, "# ours", []),
        ("# NPM_TOKEN\n\n" + TOKEN, FIRST, "# NPM_TOKEN\n\n", []),
        ("# NPM_TOKEN\na=1\n" + TOKEN, SECOND, "# NPM_TOKEN\na=1\n", []),
        (TOKEN + "# NPM_TOKEN\n", FIRST, "# NPM_TOKEN\n", []),
        ("# MY_NPM_TOKEN_2, save-exact\nsave=${NPM_TOKEN}\n", FIRST, "# MY_NPM_TOKEN_2, save-exact\n", []),
        ("# any\n=1\n", FIRST, "# any\n", []),
        ("; any\na:;=1\n", FIRST, "; any\n", []),
        ("a=1\n \tb=2 \r\n", SetValue((1,), "b = é"), "a=1\n \tb = é \r\n", []),
        ("a=1", SetValue((0,), "a=1"), "a=1", []),
    ],
)
def test_change(before: str, change: Change, after: str, dropped: list[str]) -> None:
    assert edited(before, change) == (after, dropped)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (RemoveItem((2,)), "there is no .npmrc entry at [2]"),
        (RemoveItem((-1,)), "there is no .npmrc entry at [-1]"),
        (RemoveItem(()), "there is no .npmrc entry at []"),
        (RemoveItem(("a",)), "there is no .npmrc entry at ['a']"),
        (SetValue((0, 0), "a"), "there is no .npmrc entry at [0, 0]"),
        (SetValue((), []), "there is no .npmrc entry at []"),
        (SetValue((0,), 1), "an .npmrc entry is one line of text"),
        (SetValue((0,), "a\nb"), "an .npmrc entry is one line of text"),
        (SetValue((0,), "a\rb"), "an .npmrc entry is one line of text"),
        (SetValue((0,), "a\x00b"), "an .npmrc entry is one line of text"),
        (SetValue((0,), ""), "an .npmrc entry is neither blank nor a comment"),
        (SetValue((0,), " a"), "an .npmrc entry is neither blank nor a comment"),
        (SetValue((0,), ";a"), "an .npmrc entry is neither blank nor a comment"),
        (SetValue((0,), "a=\udc00"), "an .npmrc entry is one line of text"),
    ],
)
def test_refused(change: Change, words: str) -> None:
    assert reason("a=1\nb=2\n", change).startswith(words)


UNSUPPORTED: list[Change] = [
    AddKey((), "a", "1"),
    RemoveKeys((), ("a",)),
    RenameKey((0, "a"), "b"),
    InsertItem((), 0, "a=1"),
    ReplaceItem((0,), ("a=1",)),
    ReplaceInScalar((0,), Span(0, 1), "b"),
    SetComment((0,), "c"),
]


def test_every_kind_of_change_is_in_one_table() -> None:
    assert sorted([*SUPPORTED, *REFUSED], key=str) == sorted(Change.__args__, key=str)
    assert {type(change) for change in UNSUPPORTED} == set(REFUSED)


# Any file, any change

WORD = st.text(st.sampled_from("ab=:;#${}[]_-é✓😀\u2028\xa0 \t"), max_size=6)
LINE = st.one_of(
    WORD,
    WORD.map("# {}".format),
    st.sampled_from(["", "; NPM_TOKEN", "# _authToken", " a=1 ", "\t#a", "save=true", TOKEN.strip()]),
)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINE, max_size=8), eol=st.sampled_from(["\n", "\r\n", None]), data=st.data())
def test_any_file(lines: list[str], eol: str | None, data: st.DataObject) -> None:
    ends = [eol or data.draw(st.sampled_from(["\n", "\r\n"])) for _ in lines]
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    text = text if data.draw(st.booleans()) else text.rstrip("\r\n")
    source = read(text)
    entries = parse(source).items or []
    for refused in [*UNSUPPORTED, RemoveItem((len(entries),)), SetValue((len(entries),), "a")]:
        assert reason(text, refused).strip() == reason(text, refused) != ""
    if not entries:
        return
    index = data.draw(st.integers(0, len(entries) - 1))
    at = source.position(entries[index].span.start)[0] - 1
    before = text.split("\n")

    new = data.draw(WORD.map(str.strip).filter(lambda word: word and word[0] not in ";#"))
    after, dropped = edited(text, SetValue((index,), new))
    assert [line for number, line in enumerate(before) if number != at] == [
        line for number, line in enumerate(after.split("\n")) if number != at
    ]
    assert before[at].replace(str(entries[index].value), new) == after.split("\n")[at]
    assert dropped == []

    same = SetValue((index,), entries[index].value)
    assert lower(source, parse(source), same).edits == ()

    after, dropped = edited(text, RemoveItem((index,)))
    assert after.endswith("\n") == (text.endswith("\n") and after != "")
    rest = before[: at - len(dropped)] + before[at + 1 :]
    if text.endswith("\n") or at + 1 < len(before):
        assert after == "\n".join(rest)
    else:
        assert after == "\n".join(rest).rstrip("\r\n")
    key, value = entry(str(entries[index].value))
    words = [word for word in (*key.split(":"), *value.split("${"), key) if word.strip(" :;#")]
    assert not dropped or any(word.split("}")[0] in line for line in dropped for word in words)
