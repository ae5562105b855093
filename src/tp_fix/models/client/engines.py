"""Whether an npm runs on a Node: npm refuses to install one that does not (EBADENGINE)."""

from __future__ import annotations

from tp_fix.models.client.versions import Versions, ranged

ENGINES = {10: "^18.17.0 || >=20.5.0", 11: "^20.17.0 || >=22.9.0", 12: "^22.22.2 || ^24.15.0 || >=26.0.0"}


def engines_of(npm: Versions) -> Versions | None:
    """The Nodes that the oldest of some npms runs on; None for an npm that the table does not know."""
    return ranged(ENGINES.get(npm.oldest[0], ""))


def runs_on(npm: Versions, node: Versions) -> bool | None:
    """Whether an npm runs on whatever Node there is: False where it fails on some of them, None for unknown."""
    wanted = engines_of(npm)
    if wanted is None:
        return None
    answers = {Versions((stretch,)).within(wanted) for stretch in node.stretches}
    return False if False in answers else None if None in answers else True
