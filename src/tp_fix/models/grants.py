"""Whether a job is granted `id-token: write`, through the workflows that call it too.

The caller of a reusable workflow is the ceiling of what its jobs can have; what it grants flows into jobs that
declare nothing (facts/actions.md: S actions/runner, checked 2026-11-22).
"""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Job, Workflow

DEEPEST = 10
"""Levels of reusable workflows that are followed: GitHub itself allows ten (D docs.github.com, reusing workflows)."""
DIRECT = frozenset({"workflow_call"})


class Grant(NamedTuple):
    """`granted` is None when a caller that cannot be seen decides; `why` continues "is not in effect"."""

    granted: bool | None
    why: str = ""


def callers_of(workflow: Workflow, repository: Repository) -> list[Job]:
    """The jobs of this repository that call a reusable workflow of it."""
    return repository.calling_jobs.get(f"./{workflow.path}", [])


def callers_here(workflow: Workflow, repository: Repository) -> list[Job]:
    """The jobs that call a workflow by its path, or by the repository's name and a branch, tag or commit."""
    named = f"{repository.name}/{workflow.path}@".lower() if repository.name else ""
    by_name = [
        job
        for uses, jobs in repository.calling_jobs.items()
        if named and uses.lower().startswith(named)
        for job in jobs
    ]
    return [*callers_of(workflow, repository), *by_name]


def called_only(workflow: Workflow) -> bool:
    """Whether nothing but a call starts the workflow."""
    return set(workflow.events) == DIRECT


def grant_of(job: Job, repository: Repository) -> Grant:
    """Whether the job can ask for an identity token, in every way in which it can run."""
    return _grant(job, repository, frozenset(), {})


def _grant(job: Job, repository: Repository, seen: frozenset[str], known: dict[str, Grant]) -> Grant:
    """`known` is what has been found of workflows so far: each is asked once, however many ways lead to it."""
    workflow = job.workflow
    declared = job.declared
    if declared is not None and declared.level("id-token") != "write":
        return Grant(False)
    if not workflow.callable:
        return Grant(declared is not None)
    if declared is None and not called_only(workflow):
        return Grant(False, " when it is not called")
    if workflow.path in seen:
        return Grant(None, f": {workflow.path} calls itself")
    if len(seen) >= DEEPEST:
        return Grant(None, f": more than {DEEPEST} workflows call each other on the way to {workflow.path}")
    if workflow.path not in known:
        known[workflow.path] = _ceiling(workflow, repository, seen | {workflow.path}, known)
    return known[workflow.path]


def _ceiling(workflow: Workflow, repository: Repository, seen: frozenset[str], known: dict[str, Grant]) -> Grant:
    callers = callers_of(workflow, repository)
    if not callers:
        return Grant(None, f": no workflow here calls {workflow.path}, and its callers decide")
    grants = [_grant(caller, repository, seen, known) for caller in callers]
    for caller, grant in zip(callers, grants, strict=True):
        if grant.granted is False:
            return Grant(False, f" in {caller.workflow.path}, job `{caller.id}`, which calls it")
    return next((grant for grant in grants if grant.granted is None), Grant(True))
