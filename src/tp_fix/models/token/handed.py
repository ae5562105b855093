"""Why a credential that a file is handed cannot be taken away by machine, and credentials that are handed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.facts import actions
from tp_fix.facts.publishers import BY_ACTION
from tp_fix.models.grants import called_only, callers_of
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import inner_steps
from tp_fix.models.token.credentials import GITHUB_TOKEN, NAME, SECRET
from tp_fix.models.token.parameters import Trail, elsewhere, questions_of, trail_of
from tp_fix.models.workflow import Job, Step, Workflow, text_of
from tp_fix.node import Node, Route


def obstacles(
    value: str, workflow: Workflow, publications: Iterable[Publication], repository: Repository
) -> tuple[str, ...]:
    """Why a value that callers hand to a file is not known, or is not theirs alone, as phrases; none for any other."""
    trail = trail_of(value, workflow.path, repository)
    if not trail.parameters:
        return ()
    found = [*_unknown(trail), *_unseen(trail, repository)]
    found += [phrase for parameter in trail.parameters for phrase in questions_of(parameter, repository)]
    if any(publication.names is None for publication in publications):
        found.append(
            f"{workflow.path} publishes what is not known here: others may rest on the token that they hand it"
        )
    return tuple(dict.fromkeys(found))


def _unknown(trail: Trail) -> Iterator[str]:
    """Values at the start of the way that are no secret of the repository."""
    for text, where in trail.origins:
        if GITHUB_TOKEN.fullmatch(text):
            yield f"{where} hands over GITHUB_TOKEN"
        elif "${{" not in text:
            yield f"{where} hands over what is no secret"
        elif not SECRET.fullmatch(text):
            yield f"what {where} hands over is known only at run time"


def _unseen(trail: Trail, repository: Repository) -> Iterator[str]:
    """Callers that are not here."""
    for parameter in trail.parameters:
        workflow = repository.workflows.get(parameter.path)
        if workflow is not None and called_only(workflow) and not callers_of(workflow, repository):
            yield f"no workflow here calls {parameter.path}: what its callers rest on cannot be seen"
        elif reason := elsewhere(parameter, repository):
            yield reason


class HandedAway(NamedTuple):
    """A credential that a job or step gives to something that is not read: the secret, and who gets it."""

    job: Job
    route: Route
    what: str
    secret: str
    uses: str


def handed_away(workflow: Workflow, repository: Repository) -> Iterator[HandedAway]:
    """The npm credentials that a workflow hands to workflows and actions whose use of it nobody knows."""
    for job in workflow.jobs:
        if job.uses is not None and job.uses.removeprefix("./") not in repository.workflows:
            for key, secret in _credentials(job.node.get("secrets")):
                yield HandedAway(job, (*job.route, "secrets", key), f"job `{job.id}`", secret, job.uses)
        for step in job.steps:
            for key, secret in _credentials(step.node.get("with")) if _unheard_of(step, repository) else ():
                yield HandedAway(job, (*step.route, "with", key), f"step `{step.label}`", secret, step.uses or "")


def _unheard_of(step: Step, repository: Repository) -> bool:
    uses = step.uses or ""
    if uses.startswith("./"):
        return inner_steps(step, repository) is None
    known = actions.lookup(uses) is not None or uses.partition("@")[0].strip().lower() in BY_ACTION
    return bool(uses) and not uses.startswith("docker://") and not known


def _credentials(mapping: Node | None) -> Iterator[tuple[str, str]]:
    """The keys of a mapping whose values are npm credentials, by the key or by the secret, each with that."""
    for key, value in mapping.pairs or () if mapping is not None else ():
        name, text = str(key.value), text_of(value).strip()
        secret = SECRET.fullmatch(text)
        if secret is None or GITHUB_TOKEN.fullmatch(text):
            continue
        if NAME.fullmatch(name.replace("-", "_")) or NAME.fullmatch(secret[1]):
            yield name, secret[1]
