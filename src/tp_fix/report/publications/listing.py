"""What publishes here: for each publication what runs, where it goes, with which credential, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts.clients import MINIMA, dotted
from tp_fix.facts.registry import public_host
from tp_fix.models.grants import callers_here, grant_of
from tp_fix.models.model import Model
from tp_fix.models.publishing.may_publish import MayPublish, may_publish
from tp_fix.models.publishing.program import Program, programs_of
from tp_fix.models.publishing.publication import Lack, Publication
from tp_fix.models.publishing.publications import elsewhere
from tp_fix.models.publishing.registry import Registry
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import InnerStep, outermost
from tp_fix.models.running.script import script_of_step
from tp_fix.models.token.reaching import Credential, credentials_of
from tp_fix.models.tool.tools import below
from tp_fix.models.workflow import Job, Step
from tp_fix.report.check.checklist import line_at

Kind = Literal["direct", "script", "file", "action", "composite"]


COMMANDS = ("publish", "publish-script")
"""Inputs of actions with the command that publishes."""


class Place(NamedTuple):
    """A step, or a job that calls a workflow, where `step` is None; `callers` are the jobs that call the workflow."""

    path: str
    line: int
    job: str
    step: str | None
    callers: tuple[tuple[str, str], ...]


class Packages(NamedTuple):
    """`names` are None when they cannot be known, and `why` then says so."""

    names: tuple[str, ...] | None
    why: str = ""


class Entry(NamedTuple):
    """One publication. `through` is what leads from the step to the command, `doubt` why it may be none."""

    place: Place
    kind: Kind
    through: tuple[str, ...]
    command: str
    tool: str
    programs: tuple[Program, ...]
    packages: Packages
    registry: Registry
    credentials: tuple[Credential, ...]
    id_token: bool | None
    ready: bool | None
    lacks: tuple[Lack, ...]
    doubt: str


class Unread(NamedTuple):
    """A step or job that may publish, and why nothing more is known of it."""

    place: Place
    why: str


class Listing(NamedTuple):
    """Everything that `tp-fix publications` says; `looked_at` is what was read where nothing was found."""

    repository: str | None
    publications: tuple[Entry, ...]
    elsewhere: tuple[Entry, ...]
    unread: tuple[Unread, ...]
    problems: tuple[Unreadable, ...]
    looked_at: str


Chosen = Callable[[Job, tuple[str, ...] | None, tuple[str, ...]], bool]
"""Whether a job is asked for, which publishes packages of these names (None: not known) with these manifests."""


def listing_of(model: Model, chosen: Chosen) -> Listing:
    """The listing of a repository, of what is `chosen` of it."""
    others = elsewhere(model.repository)
    known = frozenset((each.workflow.path, each.route) for each in (*model.publications, *others))
    unread = [each for each in may_publish(model, known) if chosen(each.job, None, ())]
    return Listing(
        model.repository.name,
        tuple(_entry(each, model.repository) for each in model.publications if _is_chosen(each, chosen)),
        tuple(_entry(each, model.repository) for each in others if _is_chosen(each, chosen)),
        tuple(_unread(each, model.repository) for each in unread),
        tuple(model.repository.problems),
        _looked_at(model.repository),
    )


def _is_chosen(publication: Publication, chosen: Chosen) -> bool:
    manifests = tuple(package.path for package in publication.target.packages or ())
    return chosen(publication.step.job, publication.names, manifests)


def _looked_at(repository: Repository) -> str:
    workflows = len(repository.workflow_paths)
    if not workflows:
        return "there is no workflow in .github/workflows"
    return f"looked at {workflows} workflow{'s' if workflows != 1 else ''}, and at what they run"


def _entry(publication: Publication, repository: Repository) -> Entry:
    programs = programs_of(publication)
    return Entry(
        _place(publication.step.job, publication.step, repository),
        _kind(publication),
        tuple(_through(publication)),
        _command(publication),
        publication.tool,
        programs,
        _packages(publication),
        _registry(publication),
        credentials_of(publication, repository),
        grant_of(outermost(publication.step).job, repository).granted,
        publication.ready,
        tuple(_lack(lack, publication, programs[-1]) for lack in publication.lacks),
        publication.doubt,
    )


def _place(job: Job, step: Step | None, repository: Repository) -> Place:
    path, route = job.workflow.path, step.route if step is not None else job.route
    callers = tuple((caller.workflow.path, caller.id) for caller in callers_here(job.workflow, repository))
    return Place(path, line_at(repository, path, route), job.id, step.label if step is not None else None, callers)


def _unread(each: MayPublish, repository: Repository) -> Unread:
    return Unread(_place(each.job, each.step, repository), each.why)


def _kind(publication: Publication) -> Kind:
    if publication.within is not publication.step:
        return "composite"
    if publication.step.uses is not None:
        return "action"
    if not publication.origin:
        return "direct"
    return "script" if publication.origin.startswith(" in script ") else "file"


def _through(publication: Publication) -> Iterator[str]:
    """What leads from the step to the command."""
    step: Step = publication.within
    actions = []
    while isinstance(step, InnerStep):
        actions.append(f"action `{(step.outer.uses or '').strip()}`, its step `{step.label}`")
        step = step.outer
    yield from reversed(actions)
    if publication.origin:
        lead = _lead(publication)
        if lead:
            yield f"`{lead}`"
        yield publication.origin.removeprefix(" in ")


def _lead(publication: Publication) -> str:
    """The command of the step's own script that leads to it."""
    text = publication.within.run or ""
    commands = script_of_step(publication.within).commands if publication.within.run is not None else ()
    found = next((each for each in commands if each.span.start == publication.offset), None)
    return " ".join(text[found.span.start : found.span.end].split()) if found is not None else ""


def _command(publication: Publication) -> str:
    """The command as it is written; for an action, what is used and the command that it is given."""
    uses = publication.within.uses
    if uses is None or publication.run is None:
        return publication.command if publication.origin else _lead(publication) or publication.command
    given = (publication.within.input(name) for name in COMMANDS)
    command = next((" ".join(text.split()) for text in given if text), "")
    return f"{uses.strip()}, which runs `{command}`" if command else uses.strip()


def _lack(lack: Lack, publication: Publication, last: Program) -> Lack:
    """What is lacking: of the last program, whose version is listed, only which one would do."""
    run = publication.run
    own = run is not None and run.new_enough is not True
    if lack.topic != "client" or (own and run is not None and run.old):
        return lack
    wanted = below(run) if run is not None and own else _minimum(publication, last)
    if not wanted and lack.known:
        return lack._replace(what=f"{publication.tool} has no trusted publishing")
    if lack.known and last.version is not None:
        return lack._replace(what=f"{last.name} {last.version} is older than {wanted}")
    return lack._replace(what=f"{lack.what}, and OIDC needs {wanted} or newer") if own else lack


def _minimum(publication: Publication, last: Program) -> str:
    tool = publication.tool if publication.run is None and publication.tool.startswith(last.name) else last.name
    return f"{last.name} {dotted(MINIMA[tool].version)}" if tool in MINIMA else ""


def _packages(publication: Publication) -> Packages:
    target = publication.target
    if target.packages is None:
        archive = publication.publish is not None and publication.publish.archive
        return Packages(None, "an archive that is packed at run time" if archive else "known only when it runs")
    public = [package for package in target.packages if not package.private] or [*target.packages]
    return Packages(tuple(package.name or f"{package.path}, which names none" for package in public))


def _registry(publication: Publication) -> Registry:
    """The registry, with its address where it is the default."""
    found = publication.registry
    if found.public is not True or found.address is not None:
        return found
    return Registry(True, f"https://{public_host()}/", "default")
