"""What a job's GITHUB_TOKEN may do, as far as the YAML tells.

A job's `permissions` replaces the workflow's whole block; naming any scope sets every other to none; without any
block the repository's settings decide, which cannot be seen here (facts/actions.md, checked 2026-11-22).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from tp_fix.node import Node, Route, plain

Level = Literal["none", "read", "write"]
RANK: dict[str, int] = {"none": 0, "read": 1, "write": 2}


class Permissions(NamedTuple):
    """A `permissions` block. `spelling` tells how it is written; `unreadable` is one that GitHub would not take."""

    route: Route
    node: Node
    spelling: Literal["mapping", "read-all", "write-all", "unreadable"]
    scopes: dict[str, str]

    def level(self, scope: str) -> Level | None:
        """What the block grants for a scope; None when the block cannot be read."""
        if self.spelling == "unreadable":
            return None
        if self.spelling == "write-all":
            return "write"
        if self.spelling == "read-all":
            return "none" if scope == "id-token" else "read"
        found = self.scopes.get(scope, "none")
        return "write" if found == "write" else "read" if found == "read" else "none"


def permissions_of(holder: Node, route: Route) -> Permissions | None:
    """The block of a workflow or a job; None when it declares none."""
    node = holder.get("permissions")
    if node is None:
        return None
    place = (*route, "permissions")
    if node.pairs is not None:
        data = plain(node)
        scopes = {key: str(value) for key, value in data.items()} if isinstance(data, dict) else {}
        return Permissions(place, node, "mapping" if set(scopes.values()) <= RANK.keys() else "unreadable", scopes)
    if node.value in ("read-all", "write-all"):
        return Permissions(place, node, "read-all" if node.value == "read-all" else "write-all", {})
    return Permissions(place, node, "unreadable", {})
