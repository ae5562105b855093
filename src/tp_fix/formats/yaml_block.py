"""Lowering in YAML block collections: whole lines come and go, in the indentation of their neighbours."""

from __future__ import annotations

import re
from itertools import pairwise

from tp_fix.change import AddKey, RemoveItem, RemoveKeys, RenameKey, ReplaceItem, SetValue
from tp_fix.edit import Edit, Lowered
from tp_fix.errors import CannotEdit
from tp_fix.formats import emit
from tp_fix.formats.spelling import content_start
from tp_fix.formats.yaml_parse import dash
from tp_fix.formats.yaml_site import (
    QUOTES,
    Site,
    absent,
    check_first_key,
    check_unshared,
    comments_above,
    comments_within,
    indexes,
    item_index,
    line_end_after,
    names,
    own_key,
    own_line_comments,
    runs,
    whole_lines,
)
from tp_fix.node import show
from tp_fix.source import Span


def add_to_block(site: Site, change: AddKey) -> Lowered:
    pairs = site.node.pairs or []
    absent(site.node, change.key)
    check_first_key(site)
    index = site.node.keys.index(change.after) if change.after in site.node.keys else len(pairs) - 1
    key, value = pairs[index]
    column = site.source.column(pairs[0][0].span.start)
    at = line_end_after(site, value)
    look = site.look(at, [value])._replace(comments=change.comments)
    name = emit.scalar(change.key, QUOTES.get(key.style, "") or emit.key_quote(change.key))
    gap = look.eol if isinstance(change.value, dict) and _sections(site) else ""
    text = name + ":" + emit.behind_key(change.value, column, look)
    return Lowered((Edit(Span(at, at), gap + look.eol + " " * column + text),))


def _sections(site: Site) -> bool:
    """Whether the mapping's values are mappings with an empty line between them, as jobs often have.

    Where there is one alone, the document's own sections tell.
    """
    pairs = site.node.pairs or []
    if not all(value.pairs and value.style == "block" for _, value in pairs):
        return False
    if len(pairs) == 1 and len(site.route) == 1:
        pairs = site.root.pairs or []
    ends = [(before.span.end, after.span.start) for (_, before), (after, _) in pairwise(pairs)]
    return any(re.search(r"\n[ \t]*\r?\n", site.text[end:start]) for end, start in ends)


def remove_from_block(site: Site, change: RemoveKeys) -> Lowered:
    pairs = site.node.pairs or []
    gone = indexes(site.node, change.keys)
    check_first_key(site)
    edits, dropped = [], []
    for first, last in runs(gone):
        check_unshared(site, [value for _, value in pairs[first : last + 1]])
        start, end = pairs[first][0].span.start, pairs[last][1].span.end
        if first == 0 and site.source.line(start)[: site.source.column(start)].strip():
            span = Span(start, pairs[last + 1][0].span.start)
            if own_line_comments(site, span):
                raise CannotEdit(f"comments stand between the keys of {show(site.route)}; change it by hand")
        else:
            kept = {key for key in site.node.keys if key not in change.keys}
            top = comments_above(site, start, names(pairs[first : last + 1]), kept)
            span = whole_lines(site, Span(top, end), first=first == 0)
        edits.append(Edit(span, ""))
        dropped += comments_within(site, span)
    return Lowered(tuple(edits), tuple(dropped))


def empty_block(site: Site, change: SetValue) -> Lowered:
    """A mapping below its key goes, and leaves the key with nothing behind it."""
    if change.value is not None:
        raise CannotEdit(f"setting a block mapping is not supported; change {show(site.route)} by hand")
    pairs, key = site.node.pairs or [], own_key(site)
    check_first_key(site)
    check_unshared(site, [site.node])
    start, end = pairs[0][0].span.start, pairs[-1][1].span.end
    if site.node.tagged or site.source.line_start(start) == site.source.line_start(key.span.end):
        raise CannotEdit(f"{show(site.route)} is written in an unusual way; change it by hand")
    span = whole_lines(site, Span(comments_above(site, start, names(pairs), set()), end), first=False)
    return Lowered((Edit(span, ""),), tuple(comments_within(site, span)))


def set_block_key_value(site: Site, change: SetValue) -> Lowered:
    """A collection in the place of a scalar: it goes below the key, whose line keeps its comment."""
    key = own_key(site)
    colon = site.text.index(":", key.span.end) + 1
    at = site.source.line_end(site.node.span.end)
    below = emit.behind_key(change.value, site.source.column(key.span.start), site.look(at))
    edits = [Edit(Span(at, at), below)]
    if site.node.style != "empty":
        edits.insert(0, Edit(Span(colon, site.node.span.end), ""))
    if at == site.node.span.end:
        edits = [Edit(Span(colon, at), below)]
    return Lowered(tuple(edits))


def rename(site: Site, change: RenameKey) -> Lowered:
    absent(site.node, change.name)
    key = site.node.key(str(change.route[-1]))
    if key is None:
        raise CannotEdit(f"there is no {show(change.route)} in the file")
    text = emit.scalar(change.name, QUOTES.get(key.style, "") or emit.key_quote(change.name))
    return Lowered((Edit(Span(content_start(site.text, key), key.span.end), text),))


def remove_item_from_block(site: Site, change: RemoveItem) -> Lowered:
    index = item_index(site, change)
    item = (site.node.items or [])[index]
    check_unshared(site, [item])
    start = dash(site.text, site.node, index)
    if site.source.line(start)[: site.source.column(start)].strip():
        raise CannotEdit(f"{show(change.route)} shares its line with what it stands in; change it by hand")
    top = comments_above(site, start, names(item.pairs or []), set())
    span = whole_lines(site, Span(top, item.span.end), first=index == 0)
    return Lowered((Edit(span, ""),), tuple(comments_within(site, span)))


def replace_item_in_block(site: Site, change: ReplaceItem) -> Lowered:
    """New items in the place of one, whose own comments nobody could place any more."""
    index = item_index(site, change, alone=True)
    item = (site.node.items or [])[index]
    check_unshared(site, [item])
    start = dash(site.text, site.node, index)
    end = line_end_after(site, item)
    if site.source.line(start)[: site.source.column(start)].strip() or item.tagged:
        raise CannotEdit(f"{show(change.route)} is written in an unusual way; change it by hand")
    if comments_within(site, Span(start, end)):
        raise CannotEdit(f"comments stand in {show(change.route)}; change it by hand")
    column = site.source.column(start)
    offset = site.source.column(item.span.start) - column
    look = site.look(start)._replace(comments=change.comments)
    between = look.eol + (look.eol if _spaced(site) else "") + " " * column
    items = ("-" + " " * (offset - 1) + emit.item(value, column + offset, look) for value in change.values)
    return Lowered((Edit(Span(start, end), between.join(items)),))


def _spaced(site: Site) -> bool:
    """Whether an empty line stands between the items."""
    items = site.node.items or []
    return any(
        re.search(r"\n[ \t]*\r?\n", site.text[before.span.end : after.span.start]) for before, after in pairwise(items)
    )
