"""Which scopes of GITHUB_TOKEN a job needs, as far as everything that it runs can be read."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.scopes import READ_ALL, SCOPES
from tp_fix.models.model import Model
from tp_fix.models.permissions import RANK, Permissions
from tp_fix.models.running.calls import calls_of
from tp_fix.models.workflow import Job


class Needs(NamedTuple):
    """Scopes with their levels, in GitHub's order, and the names of everything whose needs are not known."""

    scopes: dict[str, str]
    unknown: tuple[str, ...] = ()


def needs_of(job: Job, model: Model) -> Needs:
    """What the steps of a job need."""
    scopes: dict[str, str] = {}
    unknown: list[str] = []
    for step in job.steps:
        for call in calls_of(step, model):
            if call.scopes is None or call.more:
                unknown.append(call.what)
            scopes = widest(scopes, dict(call.scopes or ()))
    if job.node.get("container") is not None or job.node.get("services") is not None:
        unknown.append("the job's container")
    if job.uses is not None:
        unknown.append(f"`{job.uses}`")
    return Needs(ordered(scopes), tuple(dict.fromkeys(unknown)))


def widest(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    """Both grants together, the wider level of each scope."""
    return {
        scope: max(one.get(scope, "none"), other.get(scope, "none"), key=lambda level: RANK[level])
        for scope in [*one, *(scope for scope in other if scope not in one)]
    }


def ordered(scopes: dict[str, str]) -> dict[str, str]:
    """Scopes in the order of GitHub's documentation, id-token last, where readers look for it."""
    names = [*(scope.name for scope in SCOPES if scope.name != "id-token"), "id-token"]
    return {scope: scopes[scope] for scope in names if scope in scopes} | scopes


def written_out(permissions: Permissions) -> dict[str, str]:
    """A block as a mapping of its own: `read-all` by name of every scope that it means."""
    return dict(READ_ALL) if permissions.spelling == "read-all" else dict(permissions.scopes)
