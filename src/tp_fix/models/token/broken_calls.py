"""Calls inside the repository that do not fit: something undeclared is given or used, something required is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.models.grants import callers_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import flattened
from tp_fix.models.token.inner import around
from tp_fix.models.token.parameters import INHERIT, names_used, uses_of_action
from tp_fix.models.workflow import Job, Workflow, text_of
from tp_fix.node import Node


class BrokenCall(NamedTuple):
    """What is wrong with one call: the caller's file, the file that is called, and the phrase that says it."""

    path: str
    called: str
    what: str


def broken_calls(repository: Repository) -> frozenset[BrokenCall]:
    """Every call of a local workflow or action that does not fit what that declares."""
    return frozenset([*_of_workflows(repository), *_of_actions(repository)])


def _of_workflows(repository: Repository) -> Iterator[BrokenCall]:
    for workflow in repository.workflows.values():
        for job in callers_of(workflow, repository) if workflow.callable else ():
            for what in _misfits(job, workflow):
                yield BrokenCall(job.workflow.path, workflow.path, f"job `{job.id}` {what}")
        if workflow.callable:
            for name in _undeclared(workflow, repository):
                yield BrokenCall(workflow.path, workflow.path, f"the secret {name} is used and not declared")


def _undeclared(workflow: Workflow, repository: Repository) -> frozenset[str]:
    """The secrets that a workflow uses beside those that it declares."""
    declared = _entries(workflow.document.root.at(("on", "workflow_call", "secrets")))
    return names_used(workflow.path, "secrets", repository) - declared.keys() - {"github_token"}


def _misfits(job: Job, workflow: Workflow) -> Iterator[str]:
    call = workflow.document.root.at(("on", "workflow_call"))
    for given, kind in (("secrets", "secrets"), ("with", "inputs")):
        handed = job.node.get(given)
        if text_of(handed) == INHERIT:
            continue
        declared = _entries(call.get(kind) if call is not None else None)
        keys = _entries(handed)
        for name in keys.keys() - declared.keys():
            yield f"hands over {name}, which is not declared"
        for name in declared.keys() - keys.keys():
            if text_of(declared[name].get("required")) == "true":
                yield f"leaves out {name}, which is required"


def _of_actions(repository: Repository) -> Iterator[BrokenCall]:
    for path in sorted(_local_actions(repository)):
        declared = _entries(repository.document(path).root.get("inputs"))
        for use in uses_of_action(path, repository):
            for name in _entries(use.node.get("with")).keys() - declared.keys():
                yield BrokenCall(use.path, path, f"a step gives {name}, which is not declared")
        for name in names_used(path, "inputs", repository) - declared.keys():
            yield BrokenCall(path, path, f"the input {name} is used and not declared")


def _local_actions(repository: Repository) -> set[str]:
    """The readable actions that workflows here use."""
    steps = (step for workflow in repository.workflows.values() for step in workflow.steps())
    inner = (each for step in steps for each in flattened(step, repository))
    return {each.job.workflow.path for step in inner for each in around(step)}


def _entries(mapping: Node | None) -> dict[str, Node]:
    """The entries of a mapping by their names in lower case."""
    return {str(key.value).lower(): value for key, value in mapping.pairs or ()} if mapping is not None else {}
