"""The rule `id-token`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.granting import Granting, granting
from tp_fix.models.grants import grant_of
from tp_fix.models.model import Model
from tp_fix.models.publishing.found import unread_publish
from tp_fix.models.publishing.publication import Publication
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule

SUBJECT = "let the release ask GitHub for an identity"


@rule("id-token", precedence=100)
def id_token(model: Model) -> Iterator[Finding]:
    """A job that publishes must be allowed to ask GitHub for an identity token.

    npm's trusted publishing rests on a short-lived token that the job asks GitHub for. It gets one only with
    `id-token: write` in its effective permissions. Without it npm skips the exchange in silence, and the release
    fails with ENEEDAUTH or a misleading E404, or goes out with an old token that was left lying about. A publish that
    asks for provenance fails with EUSAGE, whatever token it has.

    ## What is found

    Every job that runs `npm publish`, `npm stage publish`, `pnpm publish`, `yarn npm publish` or
    `npx npm@V publish` towards npm's public registry, and in which the scope is not in effect. A reusable workflow
    is looked at together with the jobs that call it: the caller's permissions are the ceiling.

    ## What the fix does

    A job's `permissions` replaces the workflow's block, and naming one scope takes away every scope that is not
    named. So the fix never writes `id-token: write` alone where the job had more:

    1. the job has a mapping: the key is added to it;
    2. only the workflow has one: the job gets a copy of it with the key; the workflow's own block gets the key only
       where no other job stands in the file;
    3. neither has one: the job gets a block made of what its steps need. This is safe only if every action, program,
       package script and publish hook is known or could be read; otherwise it asks for `--unsafe` and names them;
    4. `write-all` has the scope already; `read-all` and `{}` are written out, with the key.

    In a workflow that others may call, the jobs of this repository that call it are changed in the same fix. Where
    no caller is to be seen, the fix asks for `--unsafe`.

    ## What it does not do

    It never grants the scope to a job that does not publish: every step of a job that has it, installs and
    third-party actions included, can ask for the identity that publishes.

    Source: GitHub's documentation on workflow permissions and reusable workflows; npm/cli lib/utils/oidc.js.
    """
    for workflow in model.repository.workflows.values():
        for step in (step for step in workflow.steps() if unread_publish(step, model.repository)):
            said = f"step `{step.label}` may publish in a way that tp-fix does not read; nothing is done about it"
            yield Finding("id-token", "note", workflow.path, (*step.route, "run"), said)
    seen: set[tuple[str, Route]] = set()
    for publication in model.publications:
        job = publication.step.job
        grant = grant_of(job, model.repository)
        if grant.granted is True or (job.workflow.path, job.route) in seen:
            continue
        seen.add((job.workflow.path, job.route))
        message = f"job `{job.id}` runs `{publication.command}`, but `id-token: write` is not in effect{grant.why}"
        if publication.provenance:
            message += "; without it a publish that asks for provenance stops"
        yield Finding("id-token", "error", job.workflow.path, job.route, message, _fix(publication, model))


def _fix(publication: Publication, model: Model) -> Fix | None:
    job = publication.step.job
    found = granting(job, model)
    if publication.doubt:
        found = found + Granting(assumptions=(f"that `{publication.command}` publishes: {publication.doubt}",))
    if publication.registry.public is None:
        where = publication.registry.address
        found = found + Granting(assumptions=(f"that it publishes to npm's public registry: {where}",))
    changes = tuple(FileChange(*change) for change in found.changes)
    title = f"grant `id-token: write` to job `{job.id}`"
    others = sorted({change.path for change in changes} - {job.workflow.path})
    if others:
        title += f", and to what calls it in {', '.join(others)}"
    if found.obstacles:
        return Fix(title, changes, Applicability.DISPLAY, "; ".join(found.obstacles))
    if not changes:
        reason = "nothing is to be changed here; it is assumed " + "; ".join(found.assumptions)
        return Fix(title, (), Applicability.DISPLAY, reason)
    if found.assumptions:
        return Fix(title, changes, Applicability.UNSAFE, "it assumes " + "; ".join(found.assumptions), SUBJECT)
    return Fix(title, changes, Applicability.SAFE, subject=SUBJECT)
