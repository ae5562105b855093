"""How a job comes to have `id-token: write` without losing any scope it had: the four ways of facts/actions.md."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from tp_fix.change import AddKey, Change, SetValue
from tp_fix.models.grants import DEEPEST, called_only, callers_of, grant_of
from tp_fix.models.model import Model
from tp_fix.models.needs import Needs, needs_of, ordered, widest, written_out
from tp_fix.models.permissions import Permissions
from tp_fix.models.workflow import Job, Workflow
from tp_fix.node import Data

WRITE = "write"
HEADS = frozenset({"name", "needs", "if", "runs-on", "environment", "uses"})
"""Keys that say what a job is and where it runs; its permissions come behind them."""
FileChanges = tuple[tuple[str, Change], ...]


@dataclass(frozen=True)
class Granting:
    """The changes by path; what is assumed where something cannot be read; what stands in the way altogether."""

    changes: FileChanges = ()
    assumptions: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()

    def __add__(self, other: Granting) -> Granting:
        new = tuple(change for change in other.changes if change not in self.changes)
        return Granting(
            self.changes + new,
            tuple(dict.fromkeys(self.assumptions + other.assumptions)),
            tuple(dict.fromkeys(self.obstacles + other.obstacles)),
        )


def granting(job: Job, model: Model, seen: frozenset[str] = frozenset()) -> Granting:
    """What gives a job the scope, its callers in this repository included."""
    workflow = job.workflow
    own = _own(job, model)
    if not workflow.callable or workflow.path in seen or len(seen) >= DEEPEST:
        return own
    callers = callers_of(workflow, model.repository)
    if not callers:
        what = f"every workflow elsewhere that calls {workflow.path} grants `id-token: write` to the calling job"
        return own + Granting(assumptions=(f"that {what}; one that does not is turned down by GitHub",))
    if any(isinstance(change, AddKey) and change.key == "permissions" for _, change in own.changes):
        what = f"every job that calls {workflow.path} grants what the new block asks for"
        own = own + Granting(assumptions=(f"that {what}",))
    if any(f"/{workflow.path}@" in uses for uses in model.repository.calling_jobs):
        own = own + Granting(
            assumptions=(f"that no other branch or repository calls {workflow.path} without the scope",)
        )
    for caller in callers:
        if grant_of(caller, model.repository).granted is not True:
            own = own + granting(caller, model, seen | {workflow.path})
    return own


def _own(job: Job, model: Model) -> Granting:
    """The job's own block, or its workflow's."""
    workflow = job.workflow
    declared = job.declared
    if declared is None:
        return Granting() if workflow.callable and called_only(workflow) else _from_nothing(job, model)
    if declared.level("id-token") == WRITE:
        return Granting()
    if declared.spelling == "unreadable":
        where = "workflow" if job.permissions is None else f"job `{job.id}`"
        return Granting(
            obstacles=(f"`permissions` of the {where} is empty or an expression, which GitHub does not take",)
        )
    if job.permissions is not None or len(workflow.jobs) == 1:
        return Granting(((workflow.path, _widened(declared)),))
    block = {scope: level for scope, level in written_out(declared).items() if scope != "id-token"}
    block["id-token"] = WRITE
    return Granting(((workflow.path, new_block(job, block)),))


def _widened(declared: Permissions) -> Change:
    """The block with the scope in it; `read-all` is written out."""
    if declared.spelling == "read-all":
        block: Data = {**written_out(declared), "id-token": WRITE}
        return SetValue(declared.route, block)
    if "id-token" in declared.scopes:
        return SetValue((*declared.route, "id-token"), WRITE)
    return AddKey(declared.route, "id-token", WRITE)


def _from_nothing(job: Job, model: Model) -> Granting:
    """A block from what the job's steps need: naming one scope takes away all that is not named."""
    called = _called(job, model)
    if called is not None and any(inner.declared and inner.declared.spelling == "write-all" for inner in called.jobs):
        return Granting(obstacles=(f"{called.path} asks for `write-all`, which job `{job.id}` has to grant by hand",))
    needs = _needs(job, model)
    block = ordered({**needs.scopes, "id-token": WRITE})
    change = (job.workflow.path, new_block(job, block))
    if not needs.unknown:
        return Granting((change,))
    named = ", ".join(needs.unknown[:4]) + (f" and {len(needs.unknown) - 4} more" if len(needs.unknown) > 4 else "")
    listed = ", ".join(f"{scope}: {level}" for scope, level in block.items())
    return Granting((change,), (f"that job `{job.id}` needs no more than {listed}: not known of {named}",))


def _needs(job: Job, model: Model) -> Needs:
    """What a job needs; a job that calls a workflow of this repository needs what the called jobs do."""
    called = _called(job, model)
    if called is None:
        return needs_of(job, model)
    scopes: dict[str, str] = {}
    unknown: tuple[str, ...] = ()
    for inner in called.jobs:
        if inner.declared is not None and inner.declared.spelling == "unreadable":
            unknown = (*unknown, f"the permissions of job `{inner.id}` in {called.path}")
        elif inner.declared is not None:
            scopes = widest(scopes, written_out(inner.declared))
        else:
            needs = needs_of(inner, model)
            scopes, unknown = widest(scopes, needs.scopes), unknown + needs.unknown
    return Needs(ordered(scopes), unknown)


def _called(job: Job, model: Model) -> Workflow | None:
    return model.repository.workflows.get((job.uses or "").removeprefix("./")) if job.uses else None


def new_block(job: Job, block: dict[str, str]) -> Change:
    """A block in a job that has none, behind its first keys, which say what and where it is."""
    leading = list(takewhile(HEADS.__contains__, job.node.keys))
    after = leading[-1] if leading else "runs-on" if "runs-on" in job.node.keys else None
    return AddKey(job.route, "permissions", {**block}, after)
