"""The rule `publish-isolation`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.grants import grant_of
from tp_fix.models.model import Model
from tp_fix.models.split.exposure import exposed_to
from tp_fix.models.workflow import Job
from tp_fix.rule import Finding, rule
from tp_fix.rules.isolated_publish import isolated_publish

NAMED = 3
"""So many of what runs beside a publish are named."""


@rule("publish-isolation", precedence=12)
def publish_isolation(model: Model) -> Iterator[Finding]:
    """A job that may publish should do nothing else: whatever runs in it can ask for the identity that publishes.

    `id-token: write` belongs to a job, not to a step. A dependency's install script, a test, a build plug-in or an
    action of somebody else's that runs before `npm publish` can ask GitHub for the same identity token, exchange it
    as npm does, and publish a version of its own. Nearly every repository has this; it is as bad as the worst of the
    packages that the build installs. A publish job that only takes a finished archive leaves them nothing to ask.

    ## What is found

    A job that publishes to npm's public registry with `id-token: write` in effect and that also installs packages,
    runs package scripts, files of the repository or programs that tp-fix does not know, uses actions that are not
    GitHub's own, or publishes a folder whose manifest has publish hooks (`prepublishOnly`, `prepack` and so on). One
    finding a job; three of what runs there are named.

    ## What the fix does

    Nothing by itself. With `--prefer isolated-publish --unsafe` the publish moves into a job of its own:

    1. in its place `npm pack` writes the archive into the runner's folder for temporary files (behind
       `npm run prepublishOnly` where there is one, as packing leaves that out), and actions/upload-artifact keeps it;
    2. a new job that needs the old one sets Node up as before, without a cache, upgrades npm where the old job did,
       fetches the archive and publishes it with the same flags and variables. npm runs no script for an archive, and
       takes `publishConfig` from it. `id-token: write` is its only scope, as it checks nothing out;
    3. `id-token: write` and the `environment` leave the old job; jobs that waited for it wait for the new one too;
    4. a condition of the publish step becomes the new job's, and stays on the step that packs.

    It assumes that nothing else in the old job uses its identity token. Comments in the publish step would lose
    their place: there the fix is refused. The version on the registry no longer names the commit as `gitHead`, which
    npm takes from the checkout; provenance names it still.

    It is only shown, with the reason, where the new job could not publish the same thing in the same way: another
    tool than npm, `npm stage`, workspaces, a matrix, a container, steps behind the publish, a script that does more
    than publish, values from `steps`, `env`, `matrix` or a file, npm configured by a script or by an .npmrc that the
    new job does not see, an environment whose secrets other steps use, `publish` and `postpublish` scripts, jobs that
    ask how the old one ended.

    ## What it leaves alone

    Jobs that only fetch what another job built and publish it, even if they upgrade npm first; installs with
    `--ignore-scripts` by themselves, which run nobody's code; jobs without `id-token: write`; other registries.

    Source: GitHub's documentation on `id-token`; experiments with npm 11.19.1 against a local registry, 2026-11-22:
    `npm pack` runs prepack, prepare and postpack, publishing an archive runs nothing, takes access, tag and registry
    from its `publishConfig` and lets `--access`, `--tag` and `--registry` win.
    """
    for job in _jobs(model):
        beside = exposed_to(job, model)
        if not beside or not _in_effect(job, model):
            continue
        publication = next(found for found in model.published_in(job.workflow) if found.step.job.id == job.id)
        message = (
            f"whatever runs in job `{job.id}` can ask for the identity that publishes: "
            f"{_named(beside)} beside `{publication.command}`"
        )
        fix = isolated_publish(publication, model)
        yield Finding("publish-isolation", "warning", job.workflow.path, job.route, message, fix)


def _jobs(model: Model) -> list[Job]:
    """The jobs that publish, each once."""
    found = {(item.workflow.path, item.step.job.id): item.step.job for item in model.publications}
    return list(found.values())


def _in_effect(job: Job, model: Model) -> bool:
    """Whether the job has the scope whenever it runs: GitHub turns down callers that grant less than it asks for."""
    granted = grant_of(job, model.repository).granted
    asked = job.declared is not None and job.declared.level("id-token") == "write"
    return granted is True or (granted is None and asked)


def _named(beside: tuple[str, ...]) -> str:
    named = ", ".join(beside[:NAMED])
    more = len(beside) - NAMED
    return f"{named} and {more} more run" if more > 0 else f"{named} {'run' if len(beside) > 1 else 'runs'}"
