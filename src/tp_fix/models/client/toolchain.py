"""Which Node and which npm a step finds: what the runner has, and what the steps before it have set up since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from tp_fix.facts import actions
from tp_fix.formats.expression import Binary, Expression, NotAnExpression, parse
from tp_fix.models.client.brought import bringer_of, unseen
from tp_fix.models.client.chain import Tool, Toolchain, perhaps
from tp_fix.models.client.image import node_of_job
from tp_fix.models.client.same_place import asks_own_env
from tp_fix.models.client.scripted import scripted
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import InnerStep, inner_steps
from tp_fix.models.versions.bundled import bundled_npm
from tp_fix.models.workflow import Step, text_of

MANY = 100
"""Composite actions that are entered for one job: those that call each other are as many as one likes."""
ENV = re.compile(r"\benv\b", re.IGNORECASE)
SETS_ENV = re.compile(r"GITHUB_ENV|set-env|exportVariable")
CHANGING = re.compile(r"\bfailure\s*\(|(?<!!)\bcancelled\s*\(|\bhashfiles\s*\(|\bjob\.status\b", re.IGNORECASE)
"""In a condition: what may become true by the steps in between."""
STEPS = re.compile(r"\bsteps\.([\w-]+)|\bsteps\s*\[", re.IGNORECASE)
STATUS = re.compile(r"\b(?:failure|always|cancelled|success)\s*\(", re.IGNORECASE)
"""With one of these in a condition, GitHub does not add `success()` to it (D docs.github.com, checked 2026-11-23)."""


def toolchain_at(step: Step, before: int, repository: Repository) -> Toolchain:
    """What is on the path at offset `before` of a step's script."""
    found, entered = _at_start(step, repository), count()
    for earlier in (*step.earlier, step):
        limit = before if earlier.index == step.index else len(earlier.run or "")
        new = _after(earlier, limit, found, repository, entered)
        found = new if runs_with(earlier, step) else perhaps(found, new, earlier)
    return found


def _at_start(step: Step, repository: Repository) -> Toolchain:
    if isinstance(step, InnerStep):
        return toolchain_at(step.outer, 0, repository)
    node = node_of_job(step, repository)
    npm = Tool(bundled_npm(node.versions), node.why)
    return Toolchain(Tool(node.versions, node.why), npm)


def runs_with(earlier: Step, step: Step) -> bool:
    """Whether the earlier step has run, and well, whenever the other one runs."""
    if earlier.index == step.index:
        return True
    lenient = earlier.node.get("continue-on-error")
    if lenient is not None and text_of(lenient) not in ("", "false"):
        return False
    condition = _bare(earlier.condition)
    if condition in ("", "success()"):
        return True
    asked = _asked(condition) <= _asked(_bare(step.condition))
    return asked and not asks_own_env(step) and not _may_change(condition, earlier, step)


def _may_change(condition: str, earlier: Step, step: Step) -> bool:
    """Whether a condition may be true at a step and false at an earlier one."""
    between = step.job.steps[earlier.index + 1 : step.index]
    asks_env = ENV.search(condition) is not None
    if asks_env and any(SETS_ENV.search(other.run or "") for other in (earlier, *between)):
        return True
    ids = {text_of(other.node.get("id")).lower() for other in (earlier, *between)}
    if any(match[1] is None or match[1].lower() in ids for match in STEPS.finditer(condition)):
        return True
    unread = any(other.uses is not None and actions.lookup(other.uses) is None for other in between)
    return (asks_env and unread) or (bool(between) and CHANGING.search(condition) is not None)


def outlives_failure(step: Step) -> bool:
    """Whether a step may run although one before it has failed: that one may be what sets up Node or npm."""
    condition = _bare(step.condition)
    return STATUS.search(condition) is not None and "success()" not in _asked(condition)


def _bare(condition: str | None) -> str:
    text = (condition or "").strip()
    match = re.fullmatch(r"\$\{\{(.*)\}\}", text, re.DOTALL)
    return " ".join((match[1] if match else text).split())


def _asked(condition: str) -> frozenset[str]:
    """What must all hold for a condition to do so."""
    try:
        pending: list[Expression] = [parse(condition)]
    except NotAnExpression:
        return frozenset({condition})
    found: set[str] = set()
    while pending:
        one = pending.pop()
        if isinstance(one, Binary) and one.operator == "&&":
            pending += one.operands
        else:
            found.add(condition[one.span.start : one.span.end])
    return frozenset(found)


def _after(step: Step, limit: int, found: Toolchain, repository: Repository, entered: Iterator[int]) -> Toolchain:
    """What is there after a step, of which what stands before `limit` counts; `entered` counts composite actions."""
    if step.uses is not None:
        bring = bringer_of(step)
        if bring is not None:
            return bring(step, found, repository)
        inner = inner_steps(step, repository)
        if inner is not None and next(entered) < MANY:
            return _composed(inner, found, repository, entered)
        known = actions.lookup(step.uses) is not None
        return found if known else unseen(step, found)
    return scripted(step, limit, found, repository) if step.run is not None else found


def _composed(
    inner: tuple[InnerStep, ...], found: Toolchain, repository: Repository, entered: Iterator[int]
) -> Toolchain:
    """What a composite action leaves behind."""
    for each in inner:
        new = _after(each, len(each.run or ""), found, repository, entered)
        sure = _bare(each.condition) in ("", "success()") and each.node.get("continue-on-error") is None
        found = new if sure else perhaps(found, new, each)
    return found
