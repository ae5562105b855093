"""Hypothesis strategies for YAML documents in every style that people write, and for changes to them."""

from __future__ import annotations

from hypothesis import strategies as st

from tp_fix.change import (
    AddKey,
    Change,
    Comments,
    InsertItem,
    RemoveItem,
    RemoveKeys,
    RenameKey,
    ReplaceInScalar,
    ReplaceItem,
    SetComment,
    SetValue,
)
from tp_fix.node import Data, Node, Route
from tp_fix.source import Span

KEYS = ("on", "env", "with", "NPM_TOKEN", "run", "id-token", "größe", "a b", "permissions")
WORDS = (
    "npm publish",
    "write",
    "${{ secrets.NPM_TOKEN }}",
    "é✓😀",
    "20",
    "true",
    "it's",
    'say "hi"',
    "a: b",
    "x #y",
    "- z",
)
COMMENTS = ("# plain", "# NPM_TOKEN goes", "# größe ✓😀", "#no space")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A whole file: one block mapping, with any line ends, with or without a final one."""
    step = draw(st.sampled_from((2, 3, 4)))
    lines = draw(block_mapping(0, step, 3))
    text = "\n".join(lines) + draw(st.sampled_from(("\n", "", "\n\n")))
    ends = draw(st.sampled_from(("\n", "\r\n", "mixed")))
    if ends == "mixed":
        return (
            "".join(line + ("\r\n" if index % 2 else "\n") for index, line in enumerate(text.split("\n")[:-1]))
            + (text.split("\n")[-1])
        )
    return text.replace("\n", ends)


@st.composite
def block_mapping(draw: st.DrawFn, column: int, step: int, depth: int) -> list[str]:
    lines: list[str] = []
    for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True)):
        for comment in draw(st.lists(st.sampled_from(COMMENTS), max_size=1)):
            lines.append(" " * column + comment)
        spelled = draw(st.sampled_from((key, f'"{key}"', f"'{key}'")))
        value = draw(block_value(column, step, depth))
        lines += [" " * column + spelled + ":" + value[0], *value[1:]]
        lines += [""] * draw(st.sampled_from((0, 0, 0, 1)))
    return lines


@st.composite
def block_value(draw: st.DrawFn, column: int, step: int, depth: int) -> list[str]:
    """What follows a key's colon: the rest of its line, and the lines below."""
    tail = draw(st.sampled_from(("", "", "  # tail", "\t# tab")))
    shape = draw(st.sampled_from(("inline", "inline", "flow", "block scalar", "empty", "mapping", "sequence")))
    if depth == 0 and shape in ("mapping", "sequence"):
        shape = "inline"
    if shape == "inline":
        return [draw(st.sampled_from((" ", "  ", "\t"))) + draw(inline()) + tail]
    if shape == "flow":
        return [" " + draw(flow(2)) + tail]
    if shape == "empty":
        return [tail]
    if shape == "block scalar":
        header = draw(st.sampled_from(("|", ">", "|-", ">-", "|+", f"|{step}", "| # note")))
        body = draw(
            st.lists(st.sampled_from(("npm ci", "npm publish", "", "  more", "é # not")), min_size=1, max_size=4)
        )
        if not body[0].strip() or body[0].startswith(" "):
            body[0] = "set -e"
        return [" " + header, *(" " * (column + step) + line if line else "" for line in body)]
    if shape == "mapping":
        return [tail, *draw(block_mapping(column + step, step, depth - 1))]
    return [tail, *draw(block_sequence(column + draw(st.sampled_from((0, step))), step, depth - 1))]


@st.composite
def block_sequence(draw: st.DrawFn, column: int, step: int, depth: int) -> list[str]:
    """Items close together or with gaps, behind narrow or wide dashes, with comments between them."""
    lines: list[str] = []
    dash = draw(st.sampled_from(("- ", "- ", "-  ", "-   ")))
    gaps = draw(st.sampled_from(((0,), (1,), (0, 1, 2))))
    for index in range(draw(st.integers(1, 4))):
        lines += [""] * draw(st.sampled_from(gaps)) if index else []
        deeper = draw(st.sampled_from((0, 0, 2)))
        lines += [
            " " * (column + deeper) + comment for comment in draw(st.lists(st.sampled_from(COMMENTS), max_size=1))
        ]
        if draw(st.booleans()):
            lines.append(" " * column + dash + draw(inline()))
            continue
        item = draw(block_mapping(column + len(dash), step, max(depth - 1, 0)))
        start = next(at for at, line in enumerate(item) if line.strip() and not line.strip().startswith("#"))
        lines += [" " * column + dash + item[start][column + len(dash) :], *item[start + 1 :]]
    return lines


@st.composite
def inline(draw: st.DrawFn) -> str:
    word = draw(st.sampled_from(WORDS))
    style = draw(st.sampled_from(("plain", "single", "double")))
    if style == "plain" and not any(bad in word for bad in (": ", " #", "- ")):
        return word
    if style == "single":
        return "'" + word.replace("'", "''") + "'"
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def flow(draw: st.DrawFn, depth: int) -> str:
    inner = st.sampled_from(("a", "'b c'", '"d"', "1", "null")) | (flow(depth - 1) if depth else st.nothing())
    gap = draw(st.sampled_from(("", " ")))
    if draw(st.booleans()):
        keys = draw(st.lists(st.sampled_from(("contents", "id", "x-y")), max_size=3, unique=True))
        return "{" + gap + ("," + (gap or " ")).join(f"{key}: {draw(inner)}" for key in keys) + gap + "}"
    return "[" + gap + ("," + gap).join(draw(st.lists(inner, max_size=3))) + gap + "]"


VALUES: st.SearchStrategy[Data] = st.sampled_from(
    (
        "write",
        "yes",
        "24",
        24,
        True,
        None,
        "a: b",
        "it's",
        "${{ x }}",
        "é",
        {},
        {"contents": "read", "id-token": "write"},
        ["a", "b c"],
        {"name": "it's", "run": "write", "with": {"x": "yes", "y": "write"}},
        {"env": {"A": "b"}, "list": [{"run": "x", "with": {"y": 1}}, "z"]},
        "one\ntwo\n",
    )
)

RELEASES: st.SearchStrategy[Comments] = st.sampled_from(
    ((), (("write", "v7.0.0"),), (("x", "v1"), ("z", "main ✓")), (("b c", "v2"), ("a", "v3")))
)


def routes(node: Node, prefix: Route = ()) -> list[Route]:
    found: list[Route] = [prefix]
    for step, child in () if node.alias else node.children():
        found += routes(child, (*prefix, step))
    return found


@st.composite
def changes(draw: st.DrawFn, root: Node) -> Change:
    """A change to some place of the document, sensible or not."""
    route = draw(st.sampled_from(routes(root)))
    node = root.at(route)
    assert node is not None
    options: list[st.SearchStrategy[Change]] = [st.builds(SetValue, st.just(route), VALUES)]
    if node.pairs is not None or node.value is None:
        after = st.sampled_from((None, *node.keys))
        options.append(st.builds(AddKey, st.just(route), st.sampled_from(("new", "on-new", "id-token")), VALUES, after))
    if node.pairs:
        keys = st.lists(st.sampled_from(node.keys), min_size=1, unique=True).map(tuple)
        options.append(st.builds(RemoveKeys, st.just(route), keys))
        options.append(st.builds(RenameKey, st.sampled_from([(*route, key) for key in node.keys]), st.just("renamed")))
    if node.items is not None:
        count = len(node.items)
        options.append(st.builds(InsertItem, st.just(route), st.integers(0, count), VALUES, RELEASES))
        item = st.integers(0, count).map(lambda index: (*route, index))
        options.append(st.builds(RemoveItem, item))
        values = st.lists(VALUES, min_size=1, max_size=3).map(tuple)
        options.append(st.builds(ReplaceItem, item, values, RELEASES))
    if isinstance(node.value, str):
        length = len(node.value)
        ends = st.tuples(st.integers(0, length), st.integers(0, length)).map(lambda pair: Span(min(pair), max(pair)))
        starts = [0, *(at + 1 for at, char in enumerate(node.value) if char == "\n")]
        whole = st.sampled_from([Span(a, b) for a in starts for b in [*starts, length] if a < b] or [Span(0, length)])
        options.append(
            st.builds(ReplaceInScalar, st.just(route), ends | whole, st.sampled_from(("", "x", "it's", "a\nb")))
        )
        options.append(st.builds(SetComment, st.just(route), st.just("v7.0.0")))
    return draw(st.one_of(options))
