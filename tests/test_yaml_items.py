"""New items of YAML sequences, case by case: they stand as those around them do, and these stay where they were."""

from __future__ import annotations

import pytest

from test_yaml import edited
from tp_fix.change import Change, Comments, InsertItem, RemoveItem, in_order, matches, replay, shape
from tp_fix.edit import apply
from tp_fix.errors import CannotEdit
from tp_fix.formats.yaml import parse
from tp_fix.formats.yaml_lower import lower
from tp_fix.node import Data, plain
from tp_fix.source import Source

SHA = "0" * 40
NEW: dict[str, Data] = {"run": "x y"}
NAMED: dict[str, Data] = {"name": "New one", "run": "x y"}
PINNED: dict[str, Data] = {"uses": f"o/a@{SHA}", "with": {"v": "1.x"}}
RELEASE: Comments = ((f"o/a@{SHA}", "v7.0.0"),)
LINES: dict[str, Data] = {"run": "x\ny\n"}

# Each row: what it shows, the steps before, the place and the new item, the steps after.
Row = tuple[str, str, int, Data, str]

GAPS: list[Row] = [
    ("close together", "s:\n- run: a\n- run: b\n", 1, NEW, "s:\n- run: a\n- run: x y\n- run: b\n"),
    ("gaps everywhere", "s:\n- a: 1\n\n- b: 1\n\n- c: 1\n", 2, NEW, "s:\n- a: 1\n\n- b: 1\n\n- run: x y\n\n- c: 1\n"),
    ("gaps of two lines", "s:\n- a: 1\n\n\n- b: 1\n", 1, NEW, "s:\n- a: 1\n\n\n- run: x y\n\n\n- b: 1\n"),
    (
        "two that stand close among gaps",
        "s:\n- a: 1\n- b: 1\n\n- c: 1\n\n- d: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n- run: x y\n- b: 1\n\n- c: 1\n\n- d: 1\n",
    ),
    (
        "groups: with the group before",
        "s:\n- a: 1\n- b: 1\n\n- c: 1\n- d: 1\n",
        2,
        NEW,
        "s:\n- a: 1\n- b: 1\n- run: x y\n\n- c: 1\n- d: 1\n",
    ),
    (
        "a gap on both sides of the one before",
        "s:\n- a: 1\n\n- b: 1\n\n- c: 1\n- d: 1\n- e: 1\n- f: 1\n",
        2,
        NEW,
        "s:\n- a: 1\n\n- b: 1\n\n- run: x y\n\n- c: 1\n- d: 1\n- e: 1\n- f: 1\n",
    ),
    (
        "divided near: most of all have none",
        "s:\n- a: 1\n\n- b: 1\n- c: 1\n- d: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n- run: x y\n\n- b: 1\n- c: 1\n- d: 1\n",
    ),
    (
        "divided near and in all: the place",
        "s:\n- a: 1\n\n- b: 1\n- c: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n\n- run: x y\n\n- b: 1\n- c: 1\n",
    ),
    (
        "the end, most close",
        "s:\n- a: 1\n- b: 1\n- c: 1\n\n- d: 1\n",
        4,
        1,
        "s:\n- a: 1\n- b: 1\n- c: 1\n\n- d: 1\n- 1\n",
    ),
    (
        "the end, most with gaps",
        "s:\n- a: 1\n- b: 1\n\n- c: 1\n\n- d: 1\n",
        4,
        1,
        "s:\n- a: 1\n- b: 1\n\n- c: 1\n\n- d: 1\n\n- 1\n",
    ),
    ("the end, divided: the last gap", "s:\n- a: 1\n- b: 1\n\n- c: 1\n", 3, 1, "s:\n- a: 1\n- b: 1\n\n- c: 1\n\n- 1\n"),
    ("the gap behind the end stays", "s:\n- a: 1\n\n- b: 1\n\nt: 1\n", 2, 1, "s:\n- a: 1\n\n- b: 1\n\n- 1\n\nt: 1\n"),
    ("no gap behind the end", "s:\n- a: 1\n\n- b: 1\nt: 1\n", 2, 1, "s:\n- a: 1\n\n- b: 1\n\n- 1\nt: 1\n"),
    ("empty lines that end the file", "s:\n- a: 1\n- b: 1\n\n\n", 2, 1, "s:\n- a: 1\n- b: 1\n- 1\n\n\n"),
    ("the start", "s:\n- a: 1\n\n- b: 1\n", 0, NEW, "s:\n- run: x y\n\n- a: 1\n\n- b: 1\n"),
    ("the start behind a gap", "s:\n\n- a: 1\n- b: 1\n", 0, NEW, "s:\n\n- run: x y\n- a: 1\n- b: 1\n"),
    (
        "an only step: as other jobs have them",
        "a:\n  s:\n  - a: 1\nb:\n  s:\n  - b: 1\n\n  - c: 1\n",
        1,
        NEW,
        "a:\n  s:\n  - a: 1\n\n  - run: x y\nb:\n  s:\n  - b: 1\n\n  - c: 1\n",
    ),
    ("an only step of the document", "s:\n- a: 1\n\nt: 1\n", 1, NEW, "s:\n- a: 1\n- run: x y\n\nt: 1\n"),
    ("a gap of spaces", "s:\n- a: 1\n  \n- b: 1\n", 1, NEW, "s:\n- a: 1\n\n- run: x y\n  \n- b: 1\n"),
    (
        "carriage returns",
        "s:\r\n- a: 1\r\n\r\n- b: 1\r\n",
        1,
        NAMED,
        "s:\r\n- a: 1\r\n\r\n- name: New one\r\n  run: x y\r\n\r\n- b: 1\r\n",
    ),
    ("carriage returns at the start", "s:\r\n- a: 1\r\n", 0, NEW, "s:\r\n- run: x y\r\n- a: 1\r\n"),
]

COMMENTS: list[Row] = [
    ("behind the step before", "s:\n- a: 1 # c\n- b: 1\n", 1, NEW, "s:\n- a: 1 # c\n- run: x y\n- b: 1\n"),
    ("above the next step", "s:\n- a: 1\n# b\n# c\n- b: 1\n", 1, NEW, "s:\n- a: 1\n- run: x y\n# b\n# c\n- b: 1\n"),
    (
        "above the next step, behind a gap",
        "s:\n- a: 1\n\n# b\n- b: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n\n- run: x y\n\n# b\n- b: 1\n",
    ),
    (
        "a heading between gaps",
        "s:\n- a: 1\n\n# -- b --\n\n# b\n- b: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n\n- run: x y\n\n# -- b --\n\n# b\n- b: 1\n",
    ),
    (
        "keys that are commented out",
        "s:\n- a: 1\n  # with:\n  #   b: 1\n\n- b: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n  # with:\n  #   b: 1\n\n- run: x y\n\n- b: 1\n",
    ),
    (
        "keys that are commented out, above the next step's comment",
        "s:\n- a: 1\n  # c: 1\n# b\n- b: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n  # c: 1\n- run: x y\n# b\n- b: 1\n",
    ),
    (
        "too deep, but right above the next step",
        "s:\n- a: 1\n\n  # b\n  # c\n- b: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n\n- run: x y\n\n  # b\n  # c\n- b: 1\n",
    ),
    (
        "keys that are commented out behind a gap",
        "s:\n- a: 1\n\n  # c: 1\n\n# b\n- b: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n\n  # c: 1\n\n- run: x y\n\n# b\n- b: 1\n",
    ),
    (
        "right below a step, with a gap behind",
        "s:\n- a: 1\n# - c: 1\n\n- b: 1\n",
        1,
        NEW,
        "s:\n- a: 1\n# - c: 1\n\n- run: x y\n\n- b: 1\n",
    ),
    ("below the last step", "s:\n- a: 1\n# - c: 1\nt: 1\n", 1, NEW, "s:\n- a: 1\n# - c: 1\n- run: x y\nt: 1\n"),
    (
        "of what follows the steps",
        "j:\n  s:\n    - a: 1\n  # k\n  k: 1\n",
        1,
        NEW,
        "j:\n  s:\n    - a: 1\n    - run: x y\n  # k\n  k: 1\n",
    ),
    ("above the first step", "s: # s\n  # a\n  - a: 1\n", 0, NEW, "s: # s\n  - run: x y\n  # a\n  - a: 1\n"),
    ("of all steps", "s:\n  # steps\n\n  - a: 1\n", 0, NEW, "s:\n  # steps\n\n  - run: x y\n  - a: 1\n"),
    ("that look like some", "s:\n- r: |\n    # x\n- b: 1\n", 1, NEW, "s:\n- r: |\n    # x\n- run: x y\n- b: 1\n"),
]

DASHES: list[Row] = [
    ("two spaces", "s:\n-  a: 1\n   b: 1\n", 1, NAMED, "s:\n-  a: 1\n   b: 1\n-  name: New one\n   run: x y\n"),
    ("three spaces", "s:\n    -   a: 1\n", 1, NAMED, "s:\n    -   a: 1\n    -   name: New one\n        run: x y\n"),
    (
        "as most have it",
        "s:\n- a: 1\n-   b: 1\n-   c: 1\n",
        1,
        NAMED,
        "s:\n- a: 1\n-   name: New one\n    run: x y\n-   b: 1\n-   c: 1\n",
    ),
    ("on a line of its own", "s:\n-\n  a: 1\n", 1, NAMED, "s:\n-\n  a: 1\n-\n  name: New one\n  run: x y\n"),
    ("with a comment", "s:\n- # c\n  a: 1\n", 1, NAMED, "s:\n- # c\n  a: 1\n- name: New one\n  run: x y\n"),
    ("indented", "s:\n    - a: 1\n", 1, NAMED, "s:\n    - a: 1\n    - name: New one\n      run: x y\n"),
    ("in a sequence", "- - a\n  - b\n", 0, NEW, "- run: x y\n- - a\n  - b\n"),
    (
        "with the indentation of the steps",
        "e:\n  x: 1\ns:\n- uses: a\n  with:\n      b: 1\n",
        1,
        {"uses": "c", "with": {"d": 1}},
        "e:\n  x: 1\ns:\n- uses: a\n  with:\n      b: 1\n- uses: c\n  with:\n      d: 1\n",
    ),
]

SCALARS: list[Row] = [
    ("a script", "s:\n- run: |\n    a\n- b: 1\n", 1, NEW, "s:\n- run: |\n    a\n- run: x y\n- b: 1\n"),
    ("a script, a gap", "s:\n- run: |\n    a\n\n- b: 1\n", 1, NEW, "s:\n- run: |\n    a\n\n- run: x y\n\n- b: 1\n"),
    ("a stripped script", "s:\n- run: |-\n    a\n\n- b: 1\n", 1, NEW, "s:\n- run: |-\n    a\n\n- run: x y\n\n- b: 1\n"),
    ("a kept script", "s:\n- run: |+\n    a\n\n- b: 1\n", 1, NEW, "s:\n- run: |+\n    a\n\n- run: x y\n\n- b: 1\n"),
    ("a kept script, no gap", "s:\n- run: |+\n    a\n- b: 1\n", 1, NEW, "s:\n- run: |+\n    a\n- run: x y\n- b: 1\n"),
    ("a kept script at the end", "s:\n- a: 1\n\n- r: |+\n    a\n\n", 2, 1, "s:\n- a: 1\n\n- r: |+\n    a\n\n- 1\n"),
    (
        "a kept script among gaps",
        "s:\n- a: 1\n\n- r: |+\n    a\nt: 1\n",
        2,
        1,
        "s:\n- a: 1\n\n- r: |+\n    a\n- 1\nt: 1\n",
    ),
    ("a folded scalar", "s:\n- run: >-\n    a\n    b\n\n\n", 1, NEW, "s:\n- run: >-\n    a\n    b\n- run: x y\n\n\n"),
    ("a kept folded one", "s:\n- run: >+\n    a\n\n- b: 1\n", 1, NEW, "s:\n- run: >+\n    a\n\n- run: x y\n\n- b: 1\n"),
    ("a new script", "s:\n- a: 1\n\n- b: 1\n", 1, LINES, "s:\n- a: 1\n\n- run: |\n    x\n    y\n\n- b: 1\n"),
    ("no final line end, the middle", "s:\n- a: 1\n- b: 1", 1, LINES, "s:\n- a: 1\n- run: |\n    x\n    y\n- b: 1"),
    ("no final line end, the start", "s:\n- a: 1", 0, LINES, "s:\n- run: |\n    x\n    y\n- a: 1"),
    ("no final line end, the end", "s:\n- a: 1", 1, NEW, "s:\n- a: 1\n- run: x y"),
    (
        "no final line end, a script before",
        "s:\n- r: |\n    a\n- b: 1",
        1,
        NEW,
        "s:\n- r: |\n    a\n- run: x y\n- b: 1",
    ),
    ("an empty value", "s:\n- a:\n- b: 1\n", 1, NEW, "s:\n- a:\n- run: x y\n- b: 1\n"),
    ("an empty item", "s:\n-\n- b: 1\n", 1, NEW, "s:\n-\n- run: x y\n- b: 1\n"),
    ("lines of a plain scalar", "s:\n- run: a\n    b\n- c: 1\n", 1, NEW, "s:\n- run: a\n    b\n- run: x y\n- c: 1\n"),
]

QUOTES: list[Row] = [
    ("all of a key", 's:\n- run: "a"\n- run: "b"\n', 1, NEW, 's:\n- run: "a"\n- run: "x y"\n- run: "b"\n'),
    ("single ones", "s:\n- run: 'a'\n", 1, NEW, "s:\n- run: 'a'\n- run: 'x y'\n"),
    (
        "key by key",
        's:\n- name: "A b"\n  run: a\n- name: \'B\'\n  run: b\n- name: "C"\n',
        3,
        NAMED,
        's:\n- name: "A b"\n  run: a\n- name: \'B\'\n  run: b\n- name: "C"\n- name: "New one"\n  run: x y\n',
    ),
    ("not those of other keys", "s:\n- uses: 'a'\n- run: b\n", 1, NEW, "s:\n- uses: 'a'\n- run: x y\n- run: b\n"),
    (
        "not those of few",
        "s:\n- run: 'a'\n- run: b\n- run: c\n",
        1,
        NEW,
        "s:\n- run: 'a'\n- run: x y\n- run: b\n- run: c\n",
    ),
    ("not those that are needed", "s:\n- run: 'a: b'\n", 1, NEW, "s:\n- run: 'a: b'\n- run: x y\n"),
    (
        "needed ones",
        's:\n- run: "a: b"\n- run: c\n',
        2,
        {"run": "x: y"},
        's:\n- run: "a: b"\n- run: c\n- run: "x: y"\n',
    ),
    (
        "inside of a key",
        's:\n- uses: a\n  with:\n    v: "24"\n',
        1,
        {"uses": "b", "with": {"v": "24", "w": "x"}},
        's:\n- uses: a\n  with:\n    v: "24"\n- uses: b\n  with:\n    v: "24"\n    w: x\n',
    ),
    (
        "of other jobs where this one has none",
        "a:\n  s:\n  - uses: b\nc:\n  s:\n  - run: 'a'\n",
        1,
        NEW,
        "a:\n  s:\n  - uses: b\n  - run: 'x y'\nc:\n  s:\n  - run: 'a'\n",
    ),
    (
        "of scripts say nothing",
        "s:\n- run: |\n    a\n- run: >\n    b\n",
        0,
        NEW,
        "s:\n- run: x y\n- run: |\n    a\n- run: >\n    b\n",
    ),
    ("of items that are text", "s:\n- 'a'\n", 1, "b", "s:\n- 'a'\n- 'b'\n"),
]

BRACES: list[Row] = [
    ("one line", "s: [ {uses: a}, {run: b} ]\n", 1, NEW, "s: [ {uses: a}, {run: x y}, {run: b} ]\n"),
    ("one line, the start", "s: [{ run: b }]\n", 0, NAMED, "s: [{ name: New one, run: x y }, { run: b }]\n"),
    ("one line, the end", "s: [ {run: 'a'} ]\n", 1, NEW, "s: [ {run: 'a'}, {run: 'x y'} ]\n"),
    (
        "lines",
        "s: [\n  {run: a}, # a\n  {run: b}\n]\n",
        1,
        NEW,
        "s: [\n  {run: a}, # a\n  {run: x y},\n  {run: b}\n]\n",
    ),
    ("lines, the start", "s: [\n  {run: a},\n]\n", 0, NEW, "s: [\n  {run: x y},\n  {run: a},\n]\n"),
    ("lines, the end", "s: [\n  {run: a} # a\n]\n", 1, NEW, "s: [\n  {run: a}, # a\n  {run: x y}\n]\n"),
    ("nothing in brackets", "s: []\n", 0, NEW, "s: [{ run: x y }]\n"),
    (
        "items in braces",
        "s:\n  - {uses: a}\n  - {run: b}\n",
        1,
        NEW,
        "s:\n  - {uses: a}\n  - {run: x y}\n  - {run: b}\n",
    ),
    ("few items in braces", "s:\n- {uses: a}\n- run: b\n", 1, NEW, "s:\n- {uses: a}\n- run: x y\n- run: b\n"),
    ("a script beside braces", "s:\n- {uses: a}\n", 1, LINES, "s:\n- {uses: a}\n- run: |\n    x\n    y\n"),
]

PAGES = {"gaps": GAPS, "comments": COMMENTS, "dashes": DASHES, "scalars": SCALARS, "quotes": QUOTES, "braces": BRACES}
ROWS = [pytest.param(*row[1:], id=f"{page}: {row[0]}") for page, rows in PAGES.items() for row in rows]


@pytest.mark.parametrize(("before", "at", "item", "after"), ROWS)
def test_a_new_item_stands_as_its_neighbours_do(before: str, at: int, item: Data, after: str) -> None:
    root = parse(Source.decode("w.yml", before.encode()))
    route = () if root.items else ("s",) if root.get("s") else (root.keys[0], "s")
    assert edited(before, InsertItem(route, at, item)) == after


def test_a_commit_has_its_release_behind_it() -> None:
    before = f"s:\n- uses: b@{SHA} # v1\n- run: c\n"
    after = f"s:\n- uses: b@{SHA} # v1\n- uses: o/a@{SHA} # v7.0.0\n  with:\n    v: 1.x\n- run: c\n"
    assert edited(before, InsertItem(("s",), 1, PINNED, RELEASE)) == after


def test_a_commit_with_a_comment_is_not_put_into_braces_where_the_items_are_written_so() -> None:
    after = f"s:\n- {{run: a}}\n- uses: o/a@{SHA} # v7.0.0\n  with:\n    v: 1.x\n"
    assert edited("s:\n- {run: a}\n", InsertItem(("s",), 1, PINNED, RELEASE)) == after


REFUSED: list[tuple[str, str, InsertItem, str]] = [
    ("a comment in brackets", "s: [{run: a}]\n", InsertItem(("s",), 0, PINNED, RELEASE), "no place for a comment"),
    ("shared steps", "s: &s\n- a: 1\nt: *s\n", InsertItem(("s",), 1, NEW), "shared through a YAML anchor"),
    ("no such place", "s:\n- a: 1\n", InsertItem(("s",), 2, NEW), "has no place number 2"),
    ("no final line end", "s:\n- a: 1", InsertItem(("s",), 1, LINES), "no final line end"),
    ("a script that ends the file", "s:\n- r: |\n    a", InsertItem(("s",), 1, NEW), "no line end; add one"),
    ("a new script that keeps", "s:\n- a: 1\n\n", InsertItem(("s",), 1, {"r": "a\n\n"}), "keep the empty lines"),
]


@pytest.mark.parametrize(("text", "change", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refusal(text: str, change: InsertItem, why: str) -> None:
    with pytest.raises(CannotEdit) as refusal:
        edited(text, change)
    assert why in refusal.value.reason


@pytest.mark.parametrize("at", [0, 1, 2])
def test_several_at_one_place_stand_in_the_order_given(at: int) -> None:
    before = "s:\n- a\n- b\n"
    items = ["a", "b"]
    items[at:at] = ["one", "two"]
    assert _at_once(before, InsertItem(("s",), at, "one"), InsertItem(("s",), at, "two")) == items


@pytest.mark.parametrize("order", [1, -1])
def test_an_item_that_goes_takes_no_new_one_along(order: int) -> None:
    changes: list[Change] = [InsertItem(("s",), 1, "one"), RemoveItem(("s", 1))]
    assert _at_once("s:\n- a\n- b\n", *changes[::order]) == ["a", "one"]


def _at_once(before: str, *changes: Change) -> Data:
    """The items after changes that are all meant for one text, as replayed and as lowered."""
    source = Source.decode("w.yml", before.encode())
    root = parse(source)
    after = source.with_text(apply(before, [edit for change in changes for edit in lower(source, root, change).edits]))
    expected = shape(root, before)
    for change in in_order(changes):
        expected = replay(expected, change)
    assert matches(expected, shape(parse(after), after.text))
    items = parse(after).get("s")
    return plain(items) if items is not None else None
