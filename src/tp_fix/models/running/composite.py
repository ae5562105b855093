"""The steps of a composite action of the repository, as the step that uses it runs them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice

from tp_fix.models.repository import Repository
from tp_fix.models.running.leading import ACTIONS
from tp_fix.models.workflow import Job, Step, Workflow, text_of
from tp_fix.node import Node, Route

DEEPEST = 9
"""Composite actions in composite actions that are followed: GitHub itself allows nine (S actions/runner)."""
ACTIONS_ENTERED = 100
"""Composite actions that are read for one step of a workflow."""
MANY = 200
"""Steps of composite actions that are followed for one step: actions that use each other are as many as one likes."""


@dataclass(frozen=True)
class InnerStep(Step):
    """A step of a composite action; `outer` is the step that uses the action, `inputs` what the action declares."""

    outer: Step
    inputs: Node | None

    @cached_property
    def route(self) -> Route:
        return ("runs", "steps", self.index)

    @property
    def key(self) -> tuple[object, ...]:
        return (*super().key, *self.outer.key)

    @property
    def earlier(self) -> tuple[Step, ...]:
        """The steps of the action before it: they too are run by the step that uses the action."""
        return tuple(InnerStep(self.job, each.index, each.node, self.outer, self.inputs) for each in super().earlier)

    def given(self, name: str) -> str | None:
        """What an input of the action is, as it is written: what the outer step says, be it empty, else its default."""
        declared = self.inputs.at((name, "default")) if self.inputs is not None else None
        said = self.outer.input(name)
        return said if said is not None or declared is None else text_of(declared)


def inner_steps(step: Step, repository: Repository) -> tuple[InnerStep, ...] | None:
    """The steps of the local composite action that a step uses; None for any other action, and where it is unread.

    That is so too behind as many actions as no release needs: those that use each other are as many as one likes.
    """
    return repository.once(("inner", *step.key), lambda: _inner_steps(step, repository)) if step.uses else None


def _inner_steps(step: Step, repository: Repository) -> tuple[InnerStep, ...] | None:
    path = action_path(step.uses or "", repository) if _depth(step) < DEEPEST else None
    if path is None or not repository.editable(path):
        return None
    entered = repository.once(("entered", *outermost(step).key), count)
    if next(entered) >= ACTIONS_ENTERED:
        return None
    document = repository.document(path)
    runs = document.root.key("runs"), document.root.get("runs")
    if runs[0] is None or runs[1] is None or text_of(runs[1].get("using")).lower() != "composite":
        return None
    job = Job(Workflow(document), "runs", runs[0], runs[1])
    inputs = document.root.get("inputs")
    return tuple(InnerStep(job, each.index, each.node, step, inputs) for each in job.steps)


def action_path(uses: str, repository: Repository) -> str | None:
    """The file of the local action that a `uses` names; None for any other."""
    if not uses.startswith("./"):
        return None
    folder = posixpath.normpath(uses.strip())
    return next((path for name in ACTIONS if (path := _within(folder, name)) in repository.packages.paths), None)


def _within(folder: str, name: str) -> str:
    return name if folder == "." else posixpath.join(folder, name)


def steps_before(step: Step, repository: Repository) -> tuple[Step, ...]:
    """Every step that runs before one, those of composite actions in the place of the step that uses them."""
    around = steps_before(step.outer, repository) if isinstance(step, InnerStep) else ()
    return (*around, *(each for earlier in step.earlier for each in flattened(earlier, repository)))


def flattened(step: Step, repository: Repository) -> tuple[Step, ...]:
    """A step, or the steps of the composite action that it uses; no more than MANY of them."""
    return repository.once(("flattened", *step.key), lambda: tuple(islice(_flattened(step, repository), MANY)))


def _flattened(step: Step, repository: Repository) -> Iterator[Step]:
    inner = inner_steps(step, repository)
    if inner is None:
        yield step
    for each in inner or ():
        yield from flattened(each, repository)


def outermost(step: Step) -> Step:
    """The step of the workflow that runs a step of a composite action; any other step is its own."""
    while isinstance(step, InnerStep):
        step = step.outer
    return step


def _depth(step: Step) -> int:
    depth = 0
    while isinstance(step, InnerStep):
        step, depth = step.outer, depth + 1
    return depth
