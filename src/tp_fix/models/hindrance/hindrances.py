"""What stops OIDC, or breaks it, in the configuration of a release tool that is new enough: the front door."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tp_fix.models.hindrance import changesets, lerna, others, release_it, semantic_release
from tp_fix.models.hindrance.everywhere import everywhere
from tp_fix.models.hindrance.hindrance import Hindrance
from tp_fix.models.repository import Repository
from tp_fix.models.tool.tools import ToolRun

Of = Callable[[ToolRun, Repository], Iterator[Hindrance]]
BY_TOOL: dict[str, Of] = {
    "semantic-release": semantic_release.hindrances,
    "cycjimmy/semantic-release-action": semantic_release.hindrances,
    "lerna": lerna.hindrances,
    "lerna-lite": lerna.hindrances,
    "changesets": changesets.hindrances,
    "release-it": release_it.hindrances,
    "beachball": others.beachball,
    "auto": others.auto,
    "ship.js": others.shipjs,
    "rush publish": others.rush,
    "nearform optic-release-automation": others.optic,
}


def hindrances_of(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """All that stands in the way of a run beside its version: each one keeps the token from being taken away."""
    find = BY_TOOL.get(run.publisher.name)
    if find is not None:
        for each in everywhere(run, repository):
            yield from find(each, repository)
