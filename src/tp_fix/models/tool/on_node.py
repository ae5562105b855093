"""Whether a tool runs on the Node that its step finds."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.clients import Version
from tp_fix.facts.publishers.row import NodeWanted
from tp_fix.models.client.toolchain import toolchain_at
from tp_fix.models.installed.known import Known
from tp_fix.models.repository import Repository
from tp_fix.models.versions.versions import ranged
from tp_fix.models.workflow import Step


class Mismatch(NamedTuple):
    """A tool that does not run on its Node: the Nodes that it wants, and what is there as a phrase."""

    wanted: NodeWanted
    node: str


def mismatch(
    step: Step, before: int, known: Known, since: Version, nodes: tuple[NodeWanted, ...], repository: Repository
) -> Mismatch | None:
    """Whether a tool of a known version, `since` or newer, surely fails on the Node at an offset of a step's script."""
    oldest = max(known.versions.oldest, since)
    rows = [row for row in nodes if row.version <= oldest]
    if not rows or not known.versions.known:
        return None
    return without(step, before, rows[-1], repository)


def without(step: Step, before: int, wanted: NodeWanted, repository: Repository) -> Mismatch | None:
    """A mismatch where the Node of a step is known not to be one of those that are wanted."""
    chain = toolchain_at(step, before, repository)
    versions = ranged(wanted.range)
    if versions is None or chain.doubts or chain.node.versions.within(versions) is not False:
        return None
    return Mismatch(wanted, chain.node.why)
