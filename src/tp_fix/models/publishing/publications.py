"""What publishes to npm here, and what goes elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp_fix.models.publishing.found import PERHAPS_DRY, commands_behind, commands_that_publish, found_behind
from tp_fix.models.publishing.making import publication_of, publication_of_run
from tp_fix.models.publishing.never import never_reached, never_runs
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.released import calls_behind
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import InnerStep, inner_steps
from tp_fix.models.tool.tools import ToolRun, is_off, publishes, runs_of, tools_of
from tp_fix.models.workflow import Step


def publications(repository: Repository) -> list[Publication]:
    """Every publication of the repository, in the order of the workflows' paths and texts.

    Dry runs and other registries are none; what cannot be told from a publication is one.
    """
    return [
        publication
        for workflow in repository.workflows.values()
        for job in workflow.jobs
        for publication in _told_apart([each for step in job.steps for each in publications_of(step, repository)])
    ]


def _told_apart(found: list[Publication]) -> list[Publication]:
    """The publications of a job. A package that has a publish of its own is not what a built folder holds too.

    npm takes a version once, so that a second publish of the same is another package, which the build names.
    """
    own = {package.path for each in found if not each.target.unread for package in each.target.packages or ()}
    return [
        each._replace(target=each.target._replace(packages=None))
        if each.target.built and any(package.path in own for package in each.target.packages or ())
        else each
        for each in found
    ]


def elsewhere(repository: Repository) -> list[Publication]:
    """What publishes to another registry than npm's public one: nothing is done about it, but somebody may look for it.

    Dry runs are none.
    """
    return [
        publication
        for workflow in repository.workflows.values()
        for step in workflow.steps()
        for publication in elsewhere_at(step, repository)
    ]


def publications_of(step: Step, repository: Repository) -> tuple[Publication, ...]:
    """What a step publishes by its own script, what that runs, an action, or the steps of a composite action."""
    return repository.once(("publications", *step.key), lambda: tuple(_publications_of(step, repository)))


def _publications_of(step: Step, repository: Repository) -> Iterator[Publication]:
    for inner in _running(step, repository):
        for publication in publications_of(inner, repository):
            yield publication._replace(step=step)
    found = (*_by_commands(step, repository), *_by_tools(step, tools_of(step, repository), repository))
    for publication in map(_as_rehearsed, found):
        if publication.registry.public is not False and _happens(publication):
            yield publication


def _as_rehearsed(publication: Publication) -> Publication:
    """What the hooks of a publish publish through npm, which a dry run of that publish makes one too.

    npm hands its options to the scripts that it runs: `npm_config_dry_run` (X npm 11.19.1, checked 2026-11-23).
    """
    if publication.within.run is None or publication.direct or publication.client.program != "npm":
        return publication
    leading = (each for each in commands_that_publish(publication.within) if each.publish.tool.startswith("npm"))
    found = next((each for each in leading if each.span.start == publication.offset), None)
    if found is None or found.publish.dry_run is False or publication.certain is False:
        return publication
    if found.publish.dry_run:
        return publication._replace(certain=False)
    return publication._replace(certain=None, doubt=PERHAPS_DRY)


def _running(step: Step, repository: Repository) -> Iterator[InnerStep]:
    """The steps of a composite action, without those that never run for what it is given."""
    return (inner for inner in inner_steps(step, repository) or () if not never_runs(inner, repository))


def elsewhere_at(step: Step, repository: Repository) -> Iterator[Publication]:
    """What one step publishes to another registry, by its own script, what that runs, or an action."""
    for inner in _running(step, repository):
        for publication in elsewhere_at(inner, repository):
            yield publication._replace(step=step)
    runs = (run for run in runs_of(step, repository) if not is_off(run) and publishes(run, repository) is False)
    found = (*_by_commands(step, repository), *_behind_action(step, repository), *_by_tools(step, runs, repository))
    for publication in found:
        if publication.registry.public is False and _happens(publication):
            yield publication


def _by_commands(step: Step, repository: Repository) -> Iterator[Publication]:
    for found in (*commands_that_publish(step), *commands_behind(step, repository)):
        if not never_reached(step, found.span.start, repository):
            yield publication_of(step, found, repository)
    for run in runs_of(step, repository) if step.run is not None else ():
        for found in found_behind(calls_behind(run, repository), run.offset):
            if not never_reached(step, run.offset, repository):
                yield publication_of(step, found, repository)


def _behind_action(step: Step, repository: Repository) -> Iterator[Publication]:
    """The publish commands that an action runs, which has one of its own besides."""
    for run in runs_of(step, repository) if step.uses is not None else ():
        for found in found_behind(calls_behind(run, repository), run.offset):
            yield publication_of(step, found, repository)


def _by_tools(step: Step, runs: Iterable[ToolRun], repository: Repository) -> Iterator[Publication]:
    return (
        publication_of_run(step, run, repository) for run in runs if not never_reached(step, run.offset, repository)
    )


def _happens(publication: Publication) -> bool:
    return publication.certain is not False and not _private(publication)


def _private(publication: Publication) -> bool:
    """Whether npm would turn it down with EPRIVATE: all of its manifests are marked so, and were read."""
    target = publication.target
    return bool(target.packages) and not target.unread and all(package.private for package in target.packages or ())
