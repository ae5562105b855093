"""Whether an npm runs on a Node: npm refuses to install one that does not (EBADENGINE)."""

from __future__ import annotations

from tp_fix.facts.clients import node_wanted
from tp_fix.models.versions.versions import Versions, ranged


def engines_of(tool: str, versions: Versions) -> Versions | None:
    """The Nodes that the oldest of some releases of a tool runs on; None for one that the table does not know."""
    wanted = node_wanted(tool, versions.oldest)
    return None if wanted is None else ranged(wanted)


def runs_on(npm: Versions, node: Versions) -> bool | None:
    """Whether an npm runs on whatever Node there is: False where it fails on some of them, None for unknown."""
    wanted = engines_of("npm", npm)
    if wanted is None:
        return None
    answers = {Versions((stretch,)).within(wanted) for stretch in node.stretches}
    return False if False in answers else None if None in answers else True
