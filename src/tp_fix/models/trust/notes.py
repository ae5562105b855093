"""Why a package's trusted publisher cannot be registered just so, and the ways out, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp_fix.facts.trust import AT_MOST, DIST_TAG_CLIENTS
from tp_fix.models.grants import called_only, callers_here
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.rewritten import only_in
from tp_fix.models.running.command import moves_tags
from tp_fix.models.running.script import commands_of
from tp_fix.models.trust.trusted_publisher import TrustedPublisher, Unnamed, Way
from tp_fix.models.workflow import Workflow

MANY = 4
"""Names that a sentence lists."""
ONE_FILE = "let one workflow start every release and call the others: npm sees the file that was started"
AS_MANY = (
    f"npm takes up to {AT_MOST.value} trusted publishers of a package where its settings page offers to add another "
    "(the client's own page still says one)"
)


def notes_of(found: TrustedPublisher | Unnamed, model: Model) -> tuple[str, ...]:
    """Everything that a person has to know before registering it, each a sentence or two; none in the plain case."""
    publications = found.publications if isinstance(found, TrustedPublisher) else (found.publication,)
    own = (*_built(found), *_not_typed(found)) if isinstance(found, TrustedPublisher) else ()
    return tuple(
        dict.fromkeys(
            (
                *own,
                *_elsewhere(found.ways),
                *_several_files(found.ways, model),
                *_environments(found.ways),
                *(note for each in publications for note in _doubts(each, model)),
                *_tags(publications),
                *_repository(model),
            )
        )
    )


def _built(found: TrustedPublisher) -> Iterator[str]:
    if found.built:
        yield (
            f"What is published is a folder that the build makes; the name is that of {found.built} above it. "
            "Compare it with the package.json that the build writes."
        )


def _not_typed(found: TrustedPublisher) -> Iterator[str]:
    known = [way for way in found.ways if way.workflow is not None and way.environment is not None]
    if found.repository is not None and len(found.commands) < len(known):
        why = "one of which starts with a dash, or has what cannot be printed"
        yield f"npm's client cannot be given these names, {why}: use the settings page."


def _elsewhere(ways: Iterable[Way]) -> Iterator[str]:
    """npm sees the caller's file, and that is not here."""
    for path in sorted({each.workflow.path for way in ways if way.workflow is None for each in way.publications}):
        yield (
            f"{path} is only called, and nothing here calls it: npm wants the file name, and the repository, of the "
            "workflow that does. Register each caller for the packages that it publishes."
        )


def _several_files(ways: tuple[Way, ...], model: Model) -> Iterator[str]:
    files = list(dict.fromkeys(way.workflow for way in ways if way.workflow is not None))
    if len(files) < 2:
        return
    shared = {each.workflow.path: each.workflow for way in ways for each in way.publications}
    for workflow in shared.values():
        callers = _calling_files(workflow, model)
        if len(callers) > 1 or (callers and not called_only(workflow)):
            itself = "" if called_only(workflow) else ", and started by itself"
            yield f"{workflow.path} is called by {_listed(callers)}{itself}; npm sees the file that was started."
    starts = "; ".join(f"`{file}` ({', '.join(_events(ways, file)) or 'no event'})" for file in files[:MANY])
    more = f" and {len(files) - MANY} more" if len(files) > MANY else ""
    yield (
        f"{len(files)} files are started to publish it: {starts}{more}. Each is a trusted publisher of its own. "
        f"{AS_MANY}; where it takes only one, {ONE_FILE}."
    )


def _calling_files(workflow: Workflow, model: Model) -> list[str]:
    return sorted({job.workflow.file_name for job in callers_here(workflow, model.repository)})


def _events(ways: Iterable[Way], file: str) -> list[str]:
    return list(dict.fromkeys(event for way in ways if way.workflow == file for event in way.events))


def _environments(ways: tuple[Way, ...]) -> Iterator[str]:
    unknown = {
        each.step.job.id: each.workflow.path for way in ways if way.environment is None for each in way.publications
    }
    for job, path in sorted(unknown.items()):
        yield (
            f"The environment of job `{job}` in {path} is known only at run time. Type the name that a release has; "
            "npm's field is optional, and one trusted publisher holds one name."
        )
    for file in dict.fromkeys(way.workflow for way in ways):
        own = [way for way in ways if way.workflow == file]
        if file is not None and len({way.environment for way in own if way.environment is not None}) > 1:
            names = " or ".join(f"`{way.environment}`" if way.environment else "none" for way in own)
            events = ", ".join(_events(own, file))
            yield (
                f"`{file}` ({events}) publishes it in different environments: {names}. Each is a trusted publisher of "
                f"its own. {AS_MANY}; where it takes only one, use one environment, or leave npm's field empty."
            )


def _doubts(publication: Publication, model: Model) -> Iterator[str]:
    """Why a publication may be none, or one of another repository."""
    where = f"job `{publication.step.job.id}` in {publication.workflow.path}"
    if publication.doubt:
        yield f"Whether {where} publishes is not sure: {publication.doubt}."
    if publication.registry.public is None:
        yield f"It may go to another registry than npm's public one, in {where}: {publication.registry.address}."
    name = (model.repository.name or "").lower()
    for other in only_in(publication.step):
        if name and other.lower() not in (name, name.partition("/")[0]):
            yield f"A condition in {where} lets it run in `{other}` alone, which then is what npm has to be told."


def _tags(publications: Iterable[Publication]) -> Iterator[str]:
    clients = " or ".join(".".join(map(str, version)) for version in DIST_TAG_CLIENTS)
    for path in dict.fromkeys(each.workflow.path for each in publications if sets_tags(each.workflow)):
        yield (
            f"{path} also runs `npm dist-tag`: npm {clients} asks for an identity there too, older ones need a token. "
            "The client has no permission to give for it, so try it with a prerelease."
        )


def _repository(model: Model) -> Iterator[str]:
    repository = model.repository
    if repository.name is None:
        yield "Owner and name of the repository are not to be seen from here: say --repository OWNER/NAME."
    elif not repository.given:
        yield (
            f"`{repository.name}` is what the git remote says, which may be an old name or have another case: compare "
            "it with the address on GitHub, or say --repository OWNER/NAME."
        )


def sets_tags(workflow: Workflow) -> bool:
    """Whether a step of the workflow sets or takes away a dist-tag."""
    scripts = (step.run for step in workflow.steps() if step.run is not None and "tag" in step.run)
    return any(moves_tags(command) for script in scripts for command in commands_of(script))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
    return ", ".join(f"`{name}`" for name in names[:MANY]) + more
