"""Where what npm has been told of a package differs from what publishes it here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.trust.configured import Configured, Listed
from tp_fix.models.trust.trusted_publisher import Way, publisher_of, starts, trust_of, ways_of
from tp_fix.models.workflow import Job

What = Literal[
    "none", "elsewhere", "unlisted", "repository", "workflow", "environment", "open", "actions", "unseen", "unused"
]
"""npm has no publisher; only those of another CI; none for this way; one that differs in a field; one that lets any
environment in; one whose field only a run tells here; one that nothing here uses."""
SOFT: tuple[What, ...] = ("open", "unseen")
"""Differences with which npm takes a release, as far as is known."""


class Drift(NamedTuple):
    """One difference, for one package and one way in which it is published.

    `have` is what npm has, None where that is nothing to compare with. `sure` is False where the package is only one of
    those that may be published so. `where` is who says what npm has.
    """

    what: What
    package: str
    way: Way
    have: Configured | None
    where: str
    sure: bool = True

    @property
    def file(self) -> str:
        """The name of the file that publishes, as npm sees it; '' where that is not known."""
        return self.way.workflow or ""

    @property
    def environment(self) -> str:
        """The environment that it publishes from; '' for none, and where only a run tells."""
        return self.way.environment or ""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that publish."""
        jobs = (each.step.job for each in self.way.publications)
        return tuple({(job.workflow.path, job.id): job for job in jobs}.values())


def drifts(model: Model) -> list[Drift]:
    """All differences, for the packages that something is said of; worked out once."""
    said = model.publishers.items()
    return model.once(("drifts",), lambda: [drift for each in said for drift in _of_package(*each, model)])


def settled(model: Model) -> set[str]:
    """The packages for which npm has what it needs, as somebody said."""
    return {name for name, listed in model.publishers.items() if listed.publishers} - {
        drift.package for drift in drifts(model) if drift.what not in (*SOFT, "unused")
    }


def unpublished(model: Model) -> list[tuple[str, Listed]]:
    """The packages that npm has a publisher for, and that nothing here publishes as far as can be told."""
    if trust_of(model).unnamed:
        return []
    return [
        (package, listed)
        for package, listed in model.publishers.items()
        if listed.publishers and publisher_of(package, model) is None
    ]


def wants(package: str, model: Model) -> tuple[Way, ...]:
    """The ways in which a package is published here, or may be."""
    found = publisher_of(package, model)
    if found is not None:
        return found.ways
    perhaps = [each.publication for each in trust_of(model).unnamed if package in each.candidates]
    uses = ((each, start) for each in perhaps for start in starts(each.workflow, model.repository))
    return ways_of(uses, model.repository)


def _of_package(package: str, listed: Listed, model: Model) -> Iterator[Drift]:
    ways, sure = wants(package, model), publisher_of(package, model) is not None
    ours = [each for each in listed.publishers if each.kind == "github"]
    if not ours:
        what: What = "elsewhere" if listed.publishers else "none"
        have = listed.publishers[0] if listed.publishers else None
        yield from (Drift(what, package, way, have, listed.where, sure) for way in ways)
        return
    for way, have in _pairs(ways, ours, model.repository) if sure else _best(ways, ours, model.repository):
        if have is None:
            yield Drift("unlisted", package, way, None, listed.where, sure)
            continue
        yield from (
            Drift(what, package, way, have, have.where, sure) for what in differences(have, way, model.repository)
        )
    for spare in _spare(ways, ours, model.repository) if sure else ():
        yield Drift("unused", package, ways[0], spare, spare.where, sure)


def _pairs(
    ways: tuple[Way, ...], ours: list[Configured], repository: Repository
) -> Iterator[tuple[Way, Configured | None]]:
    """Each way with the publisher that takes it, else with the nearest that takes no other; None where none is left."""
    takers = [_taker(way, ours, repository) for way in ways]
    yield from ((way, have) for way, have in zip(ways, takers, strict=True) if have is not None)
    free = [each for each in ours if each not in takers]
    left = [way for way, have in zip(ways, takers, strict=True) if have is None]
    for way in sorted(left, key=lambda way: max((_closeness(each, way) for each in free), default=()), reverse=True):
        have = None
        if free:
            have = max(free, key=lambda each: _closeness(each, way))
            free.remove(have)
        yield way, have


def _best(
    ways: tuple[Way, ...], ours: list[Configured], repository: Repository
) -> Iterator[tuple[Way, Configured | None]]:
    """Of ways that may all be another package's, the one that npm has told best; none where it has one right."""
    pairs = [(way, have) for way, have in _pairs(ways, ours, repository) if have is not None]
    if pairs and not any(set(differences(have, way, repository)) <= set(SOFT) for way, have in pairs):
        yield max(pairs, key=lambda pair: _closeness(pair[1], pair[0]))


def _spare(ways: tuple[Way, ...], ours: list[Configured], repository: Repository) -> list[Configured]:
    """The publishers that are no way's, where every way has one."""
    pairs = list(_pairs(ways, ours, repository))
    used = [have for _, have in pairs]
    return [each for each in ours if each not in used] if ways else []


def _taker(way: Way, ours: list[Configured], repository: Repository) -> Configured | None:
    soft = [each for each in ours if set(differences(each, way, repository)) <= set(SOFT)]
    return min(soft, key=lambda each: len(differences(each, way, repository)), default=None)


def _closeness(have: Configured, way: Way) -> tuple[bool, ...]:
    name = way.workflow or ""
    return (
        have.workflow == name,
        have.workflow.lower() == name.lower(),
        stem(have.workflow) == stem(name),
        have.environment == way.environment,
    )


def stem(name: str) -> str:
    """A workflow's file name without its ending, in small letters: what two names that are often mixed up share."""
    return name.lower().removesuffix(".yml").removesuffix(".yaml")


def differences(have: Configured, way: Way, repository: Repository) -> tuple[What, ...]:
    """In what a publisher differs from a way."""
    found: list[What] = []
    if repository.name and have.repository != repository.name and not _other_remote(have, repository):
        found.append("repository")
    if way.workflow is not None and have.workflow != way.workflow:
        found.append("workflow")
    if have.environment is not None and way.environment is not None and have.environment != way.environment:
        found.append("environment" if have.environment else "open")
    if have.actions is not None and set(way.actions) - set(have.actions):
        found.append("actions")
    if way.workflow is None or (have.environment and way.environment is None):
        found.append("unseen")
    return tuple(found)


def _other_remote(have: Configured, repository: Repository) -> bool:
    """Whether this is a clone of a fork, and npm has the repository that it is a fork of."""
    return not repository.given and have.repository in repository.remotes
