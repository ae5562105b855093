"""In which variants of its workflow a job or a step can run: yes, no, or not known, if all goes well before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from tp_fix.models.grants import DEEPEST, callers_of
from tp_fix.models.repository import Repository
from tp_fix.models.when.evaluation import Context, condition, template
from tp_fix.models.when.events import Scene, Variant, variants_of
from tp_fix.models.when.values import SOME_TEXT, UNKNOWN, Object, Unknown, Value, both, to_text
from tp_fix.models.workflow import Job, Step, Variable, Workflow, text_of
from tp_fix.node import Node

MOST = 200
"""Ways that are followed: only workflows that call each other crosswise have more (GitHub allows 50 in one run)."""
BEGINNINGS: dict[str, Value] = {"string": "", "boolean": False, "number": 0.0}
"""What an input is that nobody gives (D docs.github.com, workflow syntax, inputs of a call, checked 2026-11-22)."""


class Way(NamedTuple):
    """A variant, and whether what was asked about runs in it; None when that is not known."""

    variant: Variant
    runs: bool | None


def ways_to(step: Step, repository: Repository, scene: Scene) -> list[Way]:
    """Every way in which a step can come to run."""
    found = []
    for way in ways_to_job(step.job, repository, scene):
        runs = both(way.runs, step_runs(step, way.variant)) if way.runs is not False else False
        found.append(Way(way.variant, runs))
    return found


def ways_to_job(job: Job, repository: Repository, scene: Scene) -> list[Way]:
    """Every way in which a job can come to run, through the workflows of this repository that call its own too."""
    return list(islice(_ways_to_job(job, repository, scene, frozenset()), MOST))


def _ways_to_job(job: Job, repository: Repository, scene: Scene, seen: frozenset[str]) -> Iterator[Way]:
    for variant, runs in _ways_to_workflow(job.workflow, repository, scene, seen):
        yield Way(variant, both(runs, job_runs(job, variant)))


def _ways_to_workflow(
    workflow: Workflow, repository: Repository, scene: Scene, seen: frozenset[str]
) -> Iterator[tuple[Variant, bool | None]]:
    for variant in variants_of(workflow, repository, scene):
        yield variant, True
    if not workflow.callable:
        return
    callers = callers_of(workflow, repository)
    if not callers or workflow.path in seen or len(seen) >= DEEPEST:
        yield Variant("workflow_call", "", Object(rest=UNKNOWN), UNKNOWN), None
        return
    for caller in callers:
        for way in _ways_to_job(caller, repository, scene, seen | {workflow.path}):
            yield _called(way.variant, caller, workflow), way.runs


def _called(variant: Variant, caller: Job, workflow: Workflow) -> Variant:
    """The caller's variant as the called workflow sees it: the same `github`, other inputs."""
    on = workflow.events["workflow_call"]
    declared = on.get("inputs") if on is not None else None
    names = declared.keys if declared is not None and declared.pairs is not None else []
    context = Context({"github": variant.github, "inputs": variant.inputs})
    inputs = {name: _input(name, declared, caller, context) for name in names}
    step = f"{caller.workflow.path} {caller.id}"
    return variant._replace(inputs=Object(inputs, rest=UNKNOWN), callers=(*variant.callers, step))


def _input(name: str, declared: Node | None, caller: Job, context: Context) -> Value:
    """What a called workflow gets for an input: what its caller says, else the default, else what its type begins with.

    A string takes any scalar as it is written; what is of another type than its own is an error, and unknown here.
    """
    own = declared.get(name) if declared is not None else None
    kind = text_of(own.get("type")) if own is not None else ""
    node = caller.node.at(("with", name)) or (own.get("default") if own is not None else None)
    value = BEGINNINGS.get(kind, UNKNOWN) if node is None else _value(node, context)
    if kind == "string":
        return to_text(value)
    fits = isinstance(value, Unknown) or (kind == "boolean") == isinstance(value, bool)
    return value if fits and not isinstance(value, str) else UNKNOWN


def _value(node: Node, context: Context) -> Value:
    if not node.scalar:
        return UNKNOWN
    if isinstance(node.value, str) and "${{" in node.value:
        return template(node.value, context)
    return float(node.value) if type(node.value) is int else node.value


def job_runs(job: Job, variant: Variant) -> bool | None:
    """Whether a job runs in a variant of its workflow, once that has started."""
    return _Jobs(job.workflow, variant).runs(job.id)


class _Jobs:
    """The jobs of one workflow in one variant; each is asked once, those that it needs before it."""

    def __init__(self, workflow: Workflow, variant: Variant) -> None:
        self.jobs = {job.id: job for job in workflow.jobs}
        self.variant = variant
        self.known: dict[str, bool | None] = {}
        self.clear: dict[str, bool | None] = {}

    def runs(self, name: str) -> bool | None:
        """None for a job that is not there, or that needs itself: GitHub does not start such a workflow."""
        pending, opened = [name], set()
        while pending:
            name = pending[-1]
            opened.add(name)
            needs = self.jobs[name].needs if name in self.jobs else ()
            before = next((other for other in needs if other not in opened and other not in self.known), None)
            if before is not None:
                pending.append(before)
            elif pending.pop() in self.jobs and name not in self.known:
                self.clear[name] = self.succeeded(self.jobs[name])
                self.known[name] = condition(self.jobs[name].condition, self.context(self.jobs[name]))
        return self.known.get(name)

    def succeeded(self, job: Job) -> bool | None:
        """Whether all goes well before a job: one that was skipped, however far before it, is no success."""
        found: bool | None = True
        for name in job.needs:
            found = both(found, both(self.known.get(name), self.clear.get(name)))
        return found

    def context(self, job: Job) -> Context:
        """What the job's `if` sees, when the jobs before it are known."""
        status = {"success": self.succeeded(job), "failure": None if job.needs else False}
        needs = Object({name: _result(self.known.get(name)) for name in job.needs})
        return Context({"github": self.variant.github, "inputs": self.variant.inputs, "needs": needs}, status)


def _result(runs: bool | None) -> Value:
    """A needed job as `needs.NAME`; a skipped one has no outputs."""
    if runs is False:
        return Object({"result": "skipped", "outputs": Object()})
    return Object({"result": SOME_TEXT, "outputs": Object(rest=UNKNOWN)}, rest=UNKNOWN)


def context_of(step: Step, variant: Variant) -> Context:
    """What a step's expressions see, when all steps before it went well."""
    jobs = _Jobs(step.job.workflow, variant)
    jobs.runs(step.job.id)
    job = jobs.context(step.job)
    context = Context(job.names, {"success": True})
    known = [*step.job.workflow.env, *step.job.env]
    context = context.with_names(env=_env(known, step, context))
    steps: dict[str, Value] = {}
    for earlier in step.earlier:
        name = earlier.node.get("id")
        seen = context.with_names(steps=Object(steps, rest=UNKNOWN))
        if name is not None and name.text and condition(earlier.condition, seen) is False:
            steps[name.text] = Object({"outcome": "skipped", "conclusion": "skipped", "outputs": Object()})
    context = context.with_names(steps=Object(steps, rest=UNKNOWN))
    return context.with_names(env=_env([*known, *step.env], step, context))


def _env(variables: Iterable[Variable], step: Step, context: Context) -> Object:
    """The variables whose values are written in the workflow; what a script of the job may set is unknown."""
    written = "\n".join(run for other in step.job.steps if (run := other.run) and "GITHUB_ENV" in run)
    values: dict[str, Value] = {}
    for variable in variables:
        own = variable.holder == step.route
        free = not own and re.search(rf"\b{re.escape(variable.name)}\b", written)
        values[variable.name] = UNKNOWN if free else to_text(template(variable.value, context))
    return Object(values, rest=UNKNOWN)


def step_runs(step: Step, variant: Variant) -> bool | None:
    """Whether a step runs in a variant, once its job does."""
    return condition(step.condition, context_of(step, variant))
