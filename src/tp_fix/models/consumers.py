"""Who uses an npm credential that stands in an environment: everything it reaches, read as far as it can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.formats.shell import mentions
from tp_fix.models.calls import calls_of
from tp_fix.models.composite import InnerStep, flattened, outermost
from tp_fix.models.credentials import SECRET, visible_at
from tp_fix.models.model import Model
from tp_fix.models.publication import Publication, commands_that_publish
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.inner import seen_by
from tp_fix.models.walk import Call
from tp_fix.models.workflow import Step, Variable, Workflow

FETCHES = re.compile(r"`(?:npm (?:view|info|show|v|pack|exec|x|i|install|add)\b|npx |bunx |(?:pnpm|yarn) dlx )")
"""Commands that ask the registry for packages by name."""


class Consumers(NamedTuple):
    """`publications` take it to publish; `others` use it, or may; `assumed` are those of whom it is fair to assume not.

    Each of `others` and `assumed` is a phrase for a person; those of `assumed` say what is assumed.
    """

    publications: tuple[Publication, ...]
    assumed: tuple[str, ...]
    others: tuple[str, ...]


def consumers_of(variable: Variable, workflow: Workflow, model: Model) -> Consumers:
    """Everything that a variable of a workflow or of a composite action reaches."""
    steps = seen_by(variable, workflow, model.repository)
    keys = {step.key for step in steps}
    ours = tuple(publication for publication in model.publications if publication.within.key in keys)
    assumed: list[str] = []
    others: list[str] = [*_expressions(variable, workflow), *_expressions_inside(variable, workflow, steps)]
    for step in steps:
        others += _elsewhere(step, ours)
        for call in calls_of(step, model):
            if call.kind == "install" or FETCHES.match(call.what):
                assumed.append(f"no private package is fetched by {call.what}")
            others += _yarn(call, step, variable, model)
            if call.kind == "hooks":
                assumed.append(f"{call.what} do not use it")
            if reason := _use(call, variable):
                others.append(reason)
        if step.run is not None and mentions(step.run, variable.name):
            others.append(f"the script of step `{step.label}` names {variable.name}")
    others += _secret_elsewhere(variable, workflow)
    others += _uncovered(variable, steps)
    others += _writers(variable, steps, model)
    return Consumers(ours, tuple(dict.fromkeys(assumed)), tuple(dict.fromkeys(others)))


def _writers(variable: Variable, steps: list[Step], model: Model) -> Iterator[str]:
    """Other scripts of the jobs that name the variable without seeing one: most write an .npmrc that names it."""
    keys = {step.key for step in steps}
    jobs = {outermost(step).job.key: outermost(step).job for step in steps}
    every = (each for job in jobs.values() for step in job.steps for each in flattened(step, model.repository))
    for step in every:
        unseen = step.key not in keys and variable.name not in visible_at(step)
        if unseen and step.run is not None and mentions(step.run, variable.name):
            yield f"the script of step `{step.label}` names {variable.name}"


def _use(call: Call, variable: Variable) -> str:
    """Why a call may use the variable, '' when it does not."""
    if call.kind not in ("publish", "release", "install") and mentions(call.text, variable.name):
        return f"{call.what} names {variable.name}"
    if call.reader is True:
        return f"{call.what} needs a token"
    if call.reader is None and call.kind not in ("install", "hooks"):
        return f"{call.what} may use it: what it does cannot be read"
    return ""


def _elsewhere(step: Step, ours: tuple[Publication, ...]) -> Iterator[str]:
    """Publishing to another registry with the same variable."""
    if step.run is None:
        return
    offsets = {publication.offset for publication in ours if publication.within.key == step.key}
    for found in commands_that_publish(step):
        if found.span.start not in offsets and found.publish.dry_run is not True:
            yield f"`{' '.join(found.command.split())}` publishes to another registry with it"


def _yarn(call: Call, step: Step, variable: Variable, model: Model) -> Iterator[str]:
    """Yarn stops when a configuration names a variable that is not set, whatever it is to do (facts/actions.md)."""
    if not re.match(r"`yarn\b", call.what):
        return
    written = any(is_setup_node(other) and other.input("registry-url") for other in step.job.steps)
    committed = any(variable.name in line.variables for lines in model.repository.npmrcs.values() for line in lines)
    berry = ".yarnrc.yml" in model.repository.packages.paths and call.kind != "publish"
    if berry or committed or (written and variable.name == "NODE_AUTH_TOKEN"):
        yield f"{call.what} may stop without it: Yarn wants every variable that its configuration names"


def _secret_elsewhere(variable: Variable, workflow: Workflow) -> Iterator[str]:
    """A test of the same secret: when the secret is deleted one day, what hangs on it is skipped in silence."""
    secret = SECRET.fullmatch(variable.value.strip())
    if secret is None:
        return
    pattern = re.compile(rf"secrets\s*\.\s*{secret[1]}\b\s*(?:[!=]=|&&|\|\|)", re.IGNORECASE)
    for leaf in workflow.secretive:
        if leaf.text and pattern.search(leaf.text):
            yield f"line {workflow.document.line(leaf)} tests the secret {secret[1]}"


def _uncovered(variable: Variable, steps: list[Step]) -> Iterator[str]:
    """A variable of the same name further out would come to light, with another credential."""
    for step in steps:
        if isinstance(step, InnerStep) and variable in step.env:
            around = visible_at(step.outer).get(variable.name)
            if around is not None and around.value:
                yield f"without it the {variable.name} around step `{step.outer.label}` would count"
            continue
        job = outermost(step).job
        for outer in (*job.env, *job.workflow.env):
            if outer.name == variable.name and len(outer.holder) < len(variable.holder) and outer.value:
                yield f"without it the {variable.name} of the {'job' if outer.holder else 'workflow'} would count"


def _expressions(variable: Variable, workflow: Workflow) -> Iterator[str]:
    """`${{ env.NAME }}` and bare `env.NAME` in conditions, anywhere the variable is in scope."""
    root = workflow.document.root.at(variable.holder)
    for leaf in root.leaves() if root is not None else ():
        if leaf.text and _reads(variable).search(leaf.text):
            yield f"line {workflow.document.line(leaf)} reads `env.{variable.name}`"


def _expressions_inside(variable: Variable, workflow: Workflow, steps: list[Step]) -> Iterator[str]:
    """The same in the composite actions that the variable reaches."""
    for step in steps:
        document = step.job.workflow.document
        if isinstance(step, InnerStep) and document.path != workflow.path:
            for leaf in step.node.leaves():
                if leaf.text and _reads(variable).search(leaf.text):
                    yield f"line {document.line(leaf)} of {document.path} reads `env.{variable.name}`"


def _reads(variable: Variable) -> re.Pattern[str]:
    return re.compile(rf"\benv\s*(?:\.\s*{re.escape(variable.name)}\b|\[)", re.IGNORECASE)
