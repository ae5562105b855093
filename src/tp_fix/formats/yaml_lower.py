"""Lowering for YAML: from a change by route to the characters that change, by an explicit table of kind × change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
)
from tp_fix.edit import Lowered
from tp_fix.errors import CannotEdit
from tp_fix.formats.yaml_block import (
    add_to_block,
    empty_block,
    remove_from_block,
    remove_item_from_block,
    rename,
    replace_item_in_block,
)
from tp_fix.formats.yaml_flow import add_to_flow, insert_in_flow, remove_from_flow, remove_item_from_flow
from tp_fix.formats.yaml_items import insert_in_block
from tp_fix.formats.yaml_scalar import (
    replace_in_flow_scalar,
    replace_in_scalar,
    set_block_scalar,
    set_comment,
    set_scalar,
)
from tp_fix.formats.yaml_site import Site, kind
from tp_fix.node import Data, Node, show
from tp_fix.source import Source

ON_PARENT = (RenameKey, RemoveItem, ReplaceItem)


def lower(source: Source, root: Node, change: Change) -> Lowered:
    """The edits that carry a change out. Raises CannotEdit where the spelling is not one that the table supports."""
    route = change.route[:-1] if isinstance(change, ON_PARENT) else change.route
    node = root.at(route)
    if node is None:
        raise CannotEdit(f"there is no {show(route)} in the file")
    for depth in range(len(route) + 1):
        step = root.at(route[:depth])
        if step is not None and (step.alias or step.shared):
            raise CannotEdit(f"{show(route)} is shared through a YAML anchor; change it by hand, in all its places")
    handler = TABLE.get((kind(node), type(change)))
    if handler is None:
        raise CannotEdit(f"{NAMES[type(change)]} a {kind(node)} is not supported; change {show(route)} by hand")
    lowered = handler(Site(source, root, route, node), change)
    if _ends_in_lines(change) and any(edit.span.end == len(source.text) for edit in lowered.edits):
        raise CannotEdit("the file has no final line end, and the new text would need one; add it by hand first")
    return lowered


def _ends_in_lines(change: Change) -> bool:
    """Whether a change brings in something whose last characters are a block scalar's line end."""
    value: Data = change.value if isinstance(change, AddKey | InsertItem | SetValue) else None
    if isinstance(change, ReplaceItem):
        value = list(change.values)
    while isinstance(value, dict | list) and value:
        value = list(value.values())[-1] if isinstance(value, dict) else value[-1]
    return isinstance(value, str) and value.endswith("\n")


Handler = Callable[[Site, Any], Lowered]
TABLE: dict[tuple[str, type], Handler] = {
    ("block mapping", AddKey): add_to_block,
    ("block mapping", RemoveKeys): remove_from_block,
    ("block mapping", RenameKey): rename,
    ("block mapping", SetValue): empty_block,
    ("flow mapping", AddKey): add_to_flow,
    ("flow mapping", RemoveKeys): remove_from_flow,
    ("flow mapping", RenameKey): rename,
    ("flow mapping", SetValue): set_scalar,
    ("flow sequence", SetValue): set_scalar,
    ("block sequence", InsertItem): insert_in_block,
    ("block sequence", RemoveItem): remove_item_from_block,
    ("block sequence", ReplaceItem): replace_item_in_block,
    ("flow sequence", InsertItem): insert_in_flow,
    ("flow sequence", RemoveItem): remove_item_from_flow,
    ("empty scalar", SetValue): set_scalar,
    ("empty scalar", AddKey): lambda site, change: set_scalar(site, SetValue(site.route, {change.key: change.value})),
    **{(f"{style} scalar", SetValue): set_scalar for style in ("plain", "single", "double")},
    **{(f"{style} scalar", SetValue): set_block_scalar for style in ("literal", "folded")},
    **{(f"{style} scalar", ReplaceInScalar): replace_in_flow_scalar for style in ("plain", "single", "double")},
    **{(f"{style} scalar", ReplaceInScalar): replace_in_scalar for style in ("literal", "folded")},
    **{(f"{style} scalar", SetComment): set_comment for style in ("plain", "single", "double")},
}
NAMES: dict[type, str] = {
    SetValue: "setting",
    AddKey: "adding a key to",
    RemoveKeys: "removing keys from",
    RenameKey: "renaming a key of",
    InsertItem: "inserting an item in",
    RemoveItem: "removing an item from",
    ReplaceItem: "replacing an item of",
    ReplaceInScalar: "changing text in",
    SetComment: "commenting",
}
