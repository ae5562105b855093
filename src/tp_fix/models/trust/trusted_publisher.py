"""What npm has to be told of each package that is published here, before it takes a release without a token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tp_fix.facts.trust import PERMISSIONS, Action, command
from tp_fix.models.grants import called_only, callers_here
from tp_fix.models.model import Model
from tp_fix.models.package import Package
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Job, Workflow, text_of

RELEASES = ("release", "push of tags", "push", "workflow_dispatch")
"""What starts a release, the likeliest first."""


class Way(NamedTuple):
    """One way in which packages are published, as npm sees it: one trusted publisher.

    `workflow` is the name of the file that is started, which for a reusable workflow is the caller's; None when only
    callers outside of this repository start it. `environment` is '' where the job names none, None where only the run
    tells. `events` are what starts the file.
    """

    workflow: str | None
    environment: str | None
    actions: tuple[Action, ...]
    publications: tuple[Publication, ...]
    events: tuple[str, ...] = ()


class TrustedPublisher(NamedTuple):
    """What npm has to be told of one package. `repository` is owner/name, None when not known.

    There is one way to publish most packages. With several, npm has to take several trusted publishers. `packages`
    are the manifests that have the name; `built` names the one that lends it to a folder which the build makes.
    """

    package: str
    repository: str | None
    ways: tuple[Way, ...]
    packages: tuple[Package, ...] = ()
    built: str = ""

    @property
    def publications(self) -> tuple[Publication, ...]:
        found = (publication for way in self.ways for publication in way.publications)
        return tuple({(each.workflow.path, each.route, each.offset): each for each in found}.values())

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that has to be allowed, over all ways."""
        return _ordered(action for way in self.ways for action in way.actions)

    @property
    def workflows(self) -> tuple[str, ...]:
        """The file names that npm may see, each once."""
        return tuple(dict.fromkeys(way.workflow for way in self.ways if way.workflow is not None))

    @property
    def workflow(self) -> str | None:
        """The file name that npm sees; None where it is not known, or not always the same."""
        found = {way.workflow for way in self.ways}
        return found.pop() if len(found) == 1 else None

    @property
    def environment(self) -> str | None:
        """The environment, '' for none; None where it is not known, or not always the same."""
        found = {way.environment for way in self.ways}
        return found.pop() if len(found) == 1 else None

    def command_of(self, way: Way) -> tuple[str, ...]:
        """The words of the client's command for one way; none where something that it wants is not known."""
        if self.repository is None or way.workflow is None or way.environment is None:
            return ()
        return command(self.package, self.repository, way.workflow, way.environment, way.actions)

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """The commands for all ways that are known in full."""
        return tuple(words for way in self.ways if (words := self.command_of(way)))


class Unnamed(NamedTuple):
    """A publication whose packages cannot be known from here; `candidates` are the names that it may have."""

    publication: Publication
    ways: tuple[Way, ...]
    why: str
    candidates: tuple[str, ...]


class Trust(NamedTuple):
    """Everything that npm has to be told, by package, in the order of the publications."""

    publishers: tuple[TrustedPublisher, ...]
    unnamed: tuple[Unnamed, ...]


def trust_of(model: Model) -> Trust:
    """What npm has to be told of this repository; worked out once."""
    return model.once(("trust",), lambda: _trust(model))


def trusted_publishers(model: Model) -> tuple[TrustedPublisher, ...]:
    """What npm has to be told, by package."""
    return trust_of(model).publishers


def publisher_of(package: str, model: Model) -> TrustedPublisher | None:
    """What npm has to be told of a package; None when it is not known to be published here."""
    return next((found for found in trusted_publishers(model) if found.package == package), None)


def starts(workflow: Workflow, repository: Repository) -> list[Workflow]:
    """The workflows whose file name npm sees, by path: the callers for a reusable one."""
    found: list[Workflow] = []
    pending, seen = [workflow], {workflow.path}
    while pending:
        each = pending.pop()
        callers = [job.workflow for job in callers_here(each, repository)]
        if not callers or not called_only(each):
            found.append(each)
        for caller in callers:
            if caller.path not in seen:
                seen.add(caller.path)
                pending.append(caller)
    return sorted(found, key=lambda start: start.path) or [workflow]


def started_elsewhere(workflow: Workflow, repository: Repository) -> bool:
    """Whether only a call starts a workflow, and nothing here calls it."""
    return called_only(workflow) and not callers_here(workflow, repository)


def environment_of(job: Job) -> str | None:
    """The name of a job's environment, '' without one; None for an expression."""
    node = job.node.get("environment")
    name = text_of(node.get("name") if node is not None and node.pairs is not None else node)
    return None if "${{" in name else name


def actions_of(publication: Publication) -> tuple[Action, ...]:
    """What npm has to allow for a publication."""
    staged = publication.tool.endswith("stage")
    return ("stage",) if staged else ("publish",)


def ways_of(uses: Iterable[tuple[Publication, Workflow]], repository: Repository) -> tuple[Way, ...]:
    """The ways of some publications, each with a workflow that is started for it; real releases first."""
    found: dict[tuple[str | None, str | None], Way] = {}
    for publication, start in uses:
        environment = environment_of(publication.step.job)
        file = None if started_elsewhere(start, repository) else start.file_name
        new = Way(file, environment, actions_of(publication), (publication,), () if file is None else _events(start))
        old = found.get((file, environment))
        found[file, environment] = new if old is None else _joined(old, new)
    return tuple(sorted(found.values(), key=_rank))


def _events(start: Workflow) -> tuple[str, ...]:
    """What starts a workflow; a push of tags, and of nothing else, is called so."""
    return tuple(
        "push of tags" if event == "push" and filters is not None and set(filters.keys) & {"tags"} else event
        for event, filters in start.events.items()
        if event != "workflow_call"
    )


def _joined(old: Way, new: Way) -> Way:
    return old._replace(
        actions=_ordered((*old.actions, *new.actions)),
        publications=(*old.publications, *new.publications),
        events=tuple(dict.fromkeys((*old.events, *new.events))),
    )


def _rank(way: Way) -> tuple[bool, int, str, str]:
    """Real releases before what is started now and then: where npm takes only one, it is the first."""
    place = next((at for at, event in enumerate(RELEASES) if event in way.events), len(RELEASES))
    return (way.workflow is None, place, way.workflow or "", way.environment or "")


def _ordered(actions: Iterable[Action]) -> tuple[Action, ...]:
    found = set(actions)
    return tuple(action for action in PERMISSIONS if action in found)


class _Use(NamedTuple):
    """A package that a publication publishes when a workflow is started."""

    publication: Publication
    package: Package
    start: Workflow


def _trust(model: Model) -> Trust:
    repository = model.repository
    by_name: dict[str, list[_Use]] = {}
    unknown = []
    for publication in model.publications:
        uses, why = _uses(publication, repository)
        for use in uses:
            by_name.setdefault(use.package.name or "", []).append(use)
        if why:
            unknown.append((publication, why))
    candidates = _candidates(repository, by_name) if unknown else ()
    return Trust(
        tuple(_publisher(name, found, repository) for name, found in by_name.items()),
        tuple(
            Unnamed(
                each,
                ways_of(((each, start) for start in starts(each.workflow, repository)), repository),
                why,
                candidates,
            )
            for each, why in unknown
        ),
    )


def _uses(publication: Publication, repository: Repository) -> tuple[list[_Use], str]:
    """What a publication publishes, and why that cannot be known, '' where it can."""
    packages = publication.target.packages or ()
    known = [package for package in packages if package.name and not package.private]
    if publication.filled:
        return [_Use(publication, each, start) for start, found in publication.filled for each in found], ""
    every = starts(publication.workflow, repository)
    return [_Use(publication, each, start) for each in known for start in every], _unknown(publication, known)


def _publisher(name: str, uses: list[_Use], repository: Repository) -> TrustedPublisher:
    packages = tuple({use.package.path: use.package for use in uses}.values())
    built = (
        packages[0].path
        if all(use.publication.target.packages and use.publication.target.unread for use in uses)
        else ""
    )
    return TrustedPublisher(
        name, repository.name, ways_of(((use.publication, use.start) for use in uses), repository), packages, built
    )


def _unknown(publication: Publication, known: list[Package]) -> str:
    """Why the packages of a publication cannot be known, as a phrase; '' where they are."""
    packages = publication.target.packages
    if packages is None:
        return "which packages it publishes is not to be seen from here"
    if not packages:
        return "none of the packages that it would publish is public"
    if not known and (nameless := [package.path for package in packages if not package.name]):
        return f"{nameless[0]} has no name"
    if not known:
        return f"it publishes a folder that the build makes, and {packages[0].path} above that is private"
    return ""


def _candidates(repository: Repository, known: Iterable[str]) -> tuple[str, ...]:
    """The public packages of the repository that nothing is known to publish, those of a workspace where it has one."""
    every = repository.packages.workspaces() or repository.packages.every()
    names = (package.name for package in every if not package.private and package.version)
    taken = set(known)
    return tuple(dict.fromkeys(name for name in names if name and name not in taken))
