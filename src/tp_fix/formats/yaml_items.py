"""New items in YAML block sequences, such as steps: the gaps, dashes, quotes and braces of those that are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tp_fix.change import InsertItem
from tp_fix.edit import Edit, Lowered
from tp_fix.errors import CannotEdit
from tp_fix.formats import emit
from tp_fix.formats.spelling import block_scalar
from tp_fix.formats.yaml_parse import dash
from tp_fix.formats.yaml_quotes import kin, padding, quotes_like
from tp_fix.formats.yaml_site import QUOTES, Site, check_chomping, check_index
from tp_fix.node import Data, Node, show
from tp_fix.source import Span

OWN = re.compile(r">*(?: +>+(?![>]|\Z))*(?:=+(?=[ .]))?")
"""The lines behind an item that belong to it; all others speak of what follows.

A blank is an empty line; `>`, `=` and `<` are comments deeper than the dash, below it and further out; a full stop is
the end of the items. Deeper ones, such as keys that are commented out, are the item's own unless they stand apart from
it and right above the next; those right below it are where an empty line, or no further item, stands behind them.
"""


class Gap(NamedTuple):
    """What stands behind an item: where the lines that belong to it end, and the empty lines from there on.

    `kept` says that these are part of its value: it ends with a scalar that keeps its last lines (`|+`).
    """

    end: int
    blank: int
    kept: bool


def insert_in_block(site: Site, change: InsertItem) -> Lowered:
    """A new item in the manner of the others. What stood between two of them stays above the second one."""
    check_index(site, change.at)
    if _last_scalar(change.value).endswith("\n\n"):
        raise CannotEdit(f"the new item of {show(site.route)} would keep the empty lines behind it; insert it by hand")
    if change.at == 0:
        return Lowered((_first(site, change),))
    gap = gap_behind(site, change.at - 1)
    check_chomping(site, _items(site)[change.at - 1], site.source.line_end(_items(site)[change.at - 1].span.end))
    look = look_of_items(site, gap.end, change)
    text = " " * _column(site) + item_text(site, change.at, change.value, look)
    above = 0 if gap.kept else blank_lines(site, change.at)
    below = gap.blank if gap.kept and change.at < len(_items(site)) else 0
    return Lowered((Edit(Span(gap.end, gap.end), look.eol * (1 + above) + text + look.eol * below),))


def _first(site: Site, change: InsertItem) -> Edit:
    """Above the first item and the comments right above it; in its line where something stands before its dash."""
    source, column = site.source, _column(site)
    at = dash(site.text, site.node, 0)
    look = look_of_items(site, at, change)
    text, indent = item_text(site, 0, change.value, look), " " * column
    between = look.eol * (1 + blank_lines(site, 0))
    if source.line(at)[:column].strip():
        return Edit(Span(at, at), text + between + indent)
    at = source.line_start(at)
    while at > 0 and source.line(at - 1).lstrip().startswith("#"):
        at = source.line_start(at - 1)
    return Edit(Span(at, at), indent + text + between)


def item_text(site: Site, at: int, value: Data, look: emit.Look) -> str:
    """An item from its dash on, which stands in the sequence's column."""
    if isinstance(value, dict) and _braced(site) and not look.comments and not _has_lines(value):
        return "-" + _behind_dash(site, at) + emit.flow(value, look)
    behind = _behind_dash(site, at)
    column = len(behind.rpartition("\n")[2]) if "\n" in behind else _column(site) + 1 + len(behind)
    return "-" + behind + emit.item(value, column, look)


def look_of_items(site: Site, offset: int, change: InsertItem) -> emit.Look:
    """How a new item looks: each of its scalars quoted as those under the same keys of the others."""
    items = _items(site)
    near = items[max(change.at - 1, 0)]
    steps = (site.step_in(item) for item in (near, *items) if item.style == "block" and not item.alias)
    return emit.Look(
        next((step for step in steps if step), site.step()),
        *site.dashes(),
        site.source.eol(offset),
        QUOTES.get(near.style, ""),
        change.comments,
        tuple(quotes_like(items, lambda: kin(site), change.value)),
        padding(site, items),
    )


def blank_lines(site: Site, at: int) -> int:
    """How many empty lines go between a new item and the one before it; behind it where it is the first.

    None between two that stand close. Else what most gaps have, of the place and the next ones on both sides; if these
    are divided, or at an end, of all; and then the place itself. For an only item the document's other lists tell.
    """
    gaps = _blanks(site, site.node)
    if not gaps:
        return _most([blank for node in kin(site) for blank in _blanks(site, node)], 0)
    here = gaps[min(max(at - 1, 0), len(gaps) - 1)]
    if not 0 < at <= len(gaps):
        return _most(gaps, here)
    near = gaps[max(at - 2, 0) : at + 1]
    divided = 2 * sum(map(bool, near)) == len(near)
    return _most(gaps if divided else near, here) if here else 0


def _most(gaps: list[int], here: int) -> int:
    """The empty lines of most gaps; `here`, those of the place, decide how many, and whether there are some at all if
    the gaps are divided."""
    wide = [gap for gap in gaps if gap]
    if 2 * len(wide) < len(gaps) or not wide or (2 * len(wide) == len(gaps) and not here):
        return 0
    return here or Counter(wide).most_common(1)[0][0]


def _blanks(site: Site, node: Node) -> list[int]:
    return [_gap_behind(site, node, index).blank for index in range(len(node.items or []) - 1)]


def gap_behind(site: Site, index: int) -> Gap:
    """The gap behind an item of the sequence."""
    return _gap_behind(site, site.node, index)


def _gap_behind(site: Site, node: Node, index: int) -> Gap:
    source, item = site.source, (node.items or [])[index]
    end = source.line_end(item.span.end)
    starts, kinds = _lines_behind(site, node, index)
    match = OWN.match(kinds)
    own = match.end() if match else 0
    if own:
        end = source.line_end(starts[own - 1])
    elif _keeps(site, item):
        value = source.text[: item.span.end]
        return Gap(end, len(re.findall(r"\n[ \t\r]*(?=\n|\Z)", value[len(value.rstrip()) :])), True)
    return Gap(end, len(kinds[own:]) - len(kinds[own:].lstrip(" ")), False)


def _lines_behind(site: Site, node: Node, index: int) -> tuple[list[int], str]:
    """The lines of comments and white space behind an item: where each starts, and what each is (see OWN)."""
    source, items = site.source, node.items or []
    column = source.column(dash(site.text, node, 0))
    last = index + 1 == len(items)
    stop = len(site.text) if last else source.line_start(dash(site.text, node, index + 1))
    starts, kinds, at = [], "", source.next_line(items[index].span.end)
    while at < stop and (bare := (line := source.line(at)).lstrip())[:1] in ("", "#"):
        starts.append(at)
        kinds += " " if not bare else ">=<"[(len(line) - len(bare) <= column) + (len(line) - len(bare) < column)]
        at = source.next_line(at)
    return starts, kinds + "." * last


def _keeps(site: Site, item: Node) -> bool:
    """Whether an item ends with a block scalar that keeps the empty lines behind it."""
    *_, last = item.leaves()
    return last.style in ("literal", "folded") and not last.alias and "+" in block_scalar(site.text, last).header


def _behind_dash(site: Site, at: int) -> str:
    """What most items have between dash and content, spaces or a line end and spaces; the one before if divided."""
    found = []
    for index, item in enumerate(_items(site)):
        behind = site.text[dash(site.text, site.node, index) + 1 : item.span.start]
        usual = re.fullmatch(r" +|\r?\n +", behind) and item.style != "empty" and not item.tagged
        found.append(behind if usual else "")
    count = Counter(filter(None, found))
    near = found[max(at - 1, 0)]
    return max(count, key=lambda behind: (count[behind], behind == near), default=" ")


def _braced(site: Site) -> bool:
    """Whether most items are written in braces."""
    styles = [item.style for item in _items(site) if item.pairs and not item.alias]
    return 2 * styles.count("flow") > len(styles)


def _has_lines(value: Data) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_lines, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and "\n" in value


def _last_scalar(value: Data) -> str:
    while isinstance(value, dict | list) and value:
        value = list(value.values())[-1] if isinstance(value, dict) else value[-1]
    return value if isinstance(value, str) else ""


def _column(site: Site) -> int:
    return site.source.column(dash(site.text, site.node, 0))


def _items(site: Site) -> Sequence[Node]:
    return site.node.items or []
