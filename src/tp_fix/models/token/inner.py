"""Credentials in composite actions of the repository: which there are, and which steps see them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import MANY, InnerStep, flattened, inner_steps
from tp_fix.models.token.credentials import NAME, NPM_SECRET, SECRET, reached, tokens_at, visible_at
from tp_fix.models.token.parameters import is_action, trail_of
from tp_fix.models.workflow import Step, Variable, Workflow


def outer_tokens(publication: Publication) -> list[Variable]:
    """The credentials of its workflow that a publication sees, inside of a composite action too."""
    seen = visible_at(publication.within)
    return [variable for variable in tokens_at(publication.step) if seen.get(variable.name) == variable]


def inner_tokens(publication: Publication, repository: Repository) -> list[tuple[Workflow, Variable]]:
    """Those of the composite actions around it, each with the action, as a workflow without jobs."""
    seen = visible_at(publication.within)
    inner = [(step.job.workflow, one) for step in around(publication.within) for one in step.env]
    return [each for each in inner if seen[each[1].name] == each[1] and is_token(each[1], each[0], repository)]


def tokens_of(publication: Publication, repository: Repository) -> list[tuple[Workflow, Variable]]:
    """All the credentials that a publication sees, each with the file that it stands in."""
    outer = [(publication.workflow, variable) for variable in outer_tokens(publication)]
    return outer + inner_tokens(publication, repository)


def around(step: Step) -> Iterator[InnerStep]:
    """A step of a composite action, and those of other actions that lead to it."""
    while isinstance(step, InnerStep):
        yield step
        step = step.outer


def is_token(variable: Variable, workflow: Workflow, repository: Repository) -> bool:
    """Whether a variable holds an npm credential, by its name, or by the name of a secret that it comes from."""
    origins = trail_of(variable.value, workflow.path, repository).origins
    secrets = [found[1] for text, _ in origins if (found := SECRET.fullmatch(text))]
    if all(secret.upper() == "GITHUB_TOKEN" for secret in secrets) and secrets:
        return False
    return bool(origins) and (NAME.fullmatch(variable.name) is not None or any(map(NPM_SECRET.search, secrets)))


def instances(path: str, repository: Repository) -> tuple[InnerStep, ...]:
    """The steps of a composite action, once for each step here that runs them."""
    return repository.once(("instances",), lambda: _instances(repository)).get(path, ())


def _instances(repository: Repository) -> dict[str, tuple[InnerStep, ...]]:
    found: dict[str, list[InnerStep]] = {}
    for workflow in repository.workflows.values():
        for step in workflow.steps():
            for inner in islice(_below(step, repository), MANY):
                found.setdefault(inner.job.workflow.path, []).append(inner)
    return {path: tuple(steps) for path, steps in found.items()}


def _below(step: Step, repository: Repository) -> Iterator[InnerStep]:
    for inner in inner_steps(step, repository) or ():
        yield inner
        yield from _below(inner, repository)


def seen_by(variable: Variable, workflow: Workflow, repository: Repository) -> list[Step]:
    """The steps that see a variable of a workflow or of a composite action, in the place of each action its steps."""
    around: list[Step] = list(reached(variable, workflow))
    if is_action(workflow.path):
        around += [step for step in instances(workflow.path, repository) if step.route == variable.holder]
    inner = (each for step in around for each in flattened(step, repository))
    return [step for step in inner if visible_at(step).get(variable.name) == variable]
