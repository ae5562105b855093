"""In which variants of its workflow a job or a step can run: yes, no, or not known, if all goes well before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.models.evaluation import Context, condition, template
from tp_fix.models.events import Scene, Variant, variants_of
from tp_fix.models.grants import DEEPEST, callers_of
from tp_fix.models.repository import Repository
from tp_fix.models.values import SOME_TEXT, UNKNOWN, Object, Value, both, to_text
from tp_fix.models.workflow import Job, Step, Variable, Workflow
from tp_fix.node import Node


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


def ways_to_job(job: Job, repository: Repository, scene: Scene, seen: frozenset[str] = frozenset()) -> list[Way]:
    """Every way in which a job can come to run, through the workflows of this repository that call its own too."""
    return [
        Way(variant, both(runs, job_runs(job, variant)))
        for variant, runs in _ways_to_workflow(job.workflow, repository, scene, seen)
    ]


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
        for way in ways_to_job(caller, repository, scene, seen | {workflow.path}):
            yield _called(way.variant, caller), way.runs


def _called(variant: Variant, caller: Job) -> Variant:
    """The caller's variant as the called workflow sees it: the same `github`, other inputs."""
    given = caller.node.get("with")
    pairs = given.pairs if given is not None and given.pairs is not None else []
    inputs: dict[str, Value] = {str(key.value): _literal(value) for key, value in pairs}
    step = f"{caller.workflow.path} {caller.id}"
    return variant._replace(inputs=Object(inputs, rest=UNKNOWN), callers=(*variant.callers, step))


def _literal(node: Node) -> Value:
    known = node.scalar and not (isinstance(node.value, str) and "${{" in node.value)
    return UNKNOWN if not known else float(node.value) if type(node.value) is int else node.value


def job_runs(job: Job, variant: Variant) -> bool | None:
    """Whether a job runs in a variant of its workflow, once that has started."""
    return _Jobs(job.workflow, variant).runs(job.id)


class _Jobs:
    """The jobs of one workflow in one variant; each is asked once."""

    def __init__(self, workflow: Workflow, variant: Variant) -> None:
        self.jobs = {job.id: job for job in workflow.jobs}
        self.variant = variant
        self.known: dict[str, bool | None] = {}

    def runs(self, name: str) -> bool | None:
        """None for a job that is not there, or that needs itself: GitHub does not start such a workflow."""
        job = self.jobs.get(name)
        if job is None:
            return None
        if name not in self.known:
            self.known[name] = None
            self.known[name] = condition(job.condition, self.context(job))
        return self.known[name]

    def context(self, job: Job) -> Context:
        """What the job's `if` sees. A job that was skipped, however far before it, is no success."""
        before = self.before(job)
        success: bool | None = True
        for name in before:
            success = both(success, self.runs(name))
        status = {"success": success, "failure": None if before else False}
        needs = Object({name: _result(self.runs(name)) for name in job.needs})
        return Context({"github": self.variant.github, "inputs": self.variant.inputs, "needs": needs}, status)

    def before(self, job: Job) -> list[str]:
        """All that it needs, and what that needs."""
        found: dict[str, None] = {}
        pending = list(job.needs)
        while pending:
            name = pending.pop()
            if name not in found:
                found[name] = None
                pending += self.jobs[name].needs if name in self.jobs else ()
        return list(found)


def _result(runs: bool | None) -> Value:
    """A needed job as `needs.NAME`; a skipped one has no outputs."""
    if runs is False:
        return Object({"result": "skipped", "outputs": Object()})
    return Object({"result": SOME_TEXT, "outputs": Object(rest=UNKNOWN)}, rest=UNKNOWN)


def context_of(step: Step, variant: Variant) -> Context:
    """What a step's expressions see, when all steps before it went well."""
    job = _Jobs(step.job.workflow, variant).context(step.job)
    context = Context(job.names, {"success": True})
    known = [*step.job.workflow.env, *step.job.env]
    context = context.with_names(env=_env(known, step, context))
    steps: dict[str, Value] = {}
    for earlier in step.job.steps[: step.index]:
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
