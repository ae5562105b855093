"""Guards: a condition that keeps a publication from running on some events, where it goes, and what it changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from tp_fix.change import AddKey, Change, ReplaceInScalar
from tp_fix.formats import Document
from tp_fix.formats.expression import Binary, NotAnExpression, parts
from tp_fix.models.publishing.found import commands_that_publish
from tp_fix.models.repository import Repository
from tp_fix.models.when.beside import prepares
from tp_fix.models.when.evaluation import read_condition
from tp_fix.models.workflow import Job, Step
from tp_fix.node import Node, Route
from tp_fix.source import Span

FIRST = {"step": ("name", "id"), "job": ("name", "needs")}
"""Keys that an `if` comes behind."""
OTHER_PURPOSES = re.compile(
    r"\b(?:tests?|testing|lint\w*|check\w*|coverage|codecov|coveralls|e2e|jest|vitest|mocha|cypress|playwright|eslint"
    r"|prettier|audit|sonar\w*|typecheck|tsc|validate|verify|deploy\w*|comment|upload)\b",
    re.IGNORECASE,
)
"""Words of a script by which it does something that pull requests want as well."""
PREPARES = re.compile(
    r"(?:actions/(?:checkout|cache|cache/restore|download-artifact|setup-\w+)|pnpm/action-setup|oven-sh/setup-bun"
    r"|volta-cli/action|step-security/harden-runner|denoland/setup-deno)@.*",
    re.IGNORECASE,
)
"""Actions that only prepare what comes behind them."""
STATUS = re.compile(r"\b(?:always|cancelled|failure|success)\s*\(", re.IGNORECASE)
"""Functions with which something runs after a failure too."""
Holder = Step | Job


def place_of(step: Step) -> Holder:
    """Where the guard of a publishing step goes: its own `if`, else its job's if the job is there to release.

    That is a job which has an `if`, or needs another one, for which no other job waits, here or in a workflow that
    calls this one, and which does nothing else.
    """
    job = step.job
    needed = job.workflow.callable or any(job.id in other.needs for other in job.workflow.jobs)
    alone = all(prepares(other) and (other == step or not any(commands_that_publish(other))) for other in job.steps)
    own = (job.condition is not None or job.needs) and not needed and alone
    return job if step.condition is None and own and job.node.get("outputs") is None else step


def tests(step: Step) -> bool:
    """Whether a step may do something that is wanted on pull requests too: its words say so, or nobody knows it."""
    if step.run is not None:
        return OTHER_PURPOSES.search(step.run) is not None
    return PREPARES.fullmatch(step.uses or "") is None


def guard_changes(holder: Holder, guard: str) -> tuple[Change, ...] | None:
    """The changes that make `guard` one more condition of a step or a job; None where its `if` cannot be read.

    An `if` that is there keeps its spelling: text comes in at its ends, the last place first.
    """
    present = holder.node.get("if")
    if present is None:
        return (AddKey(holder.route, "if", guard, _after(holder)),)
    if present.text is None:
        return None
    route = (*holder.route, "if")
    spans = _insertions(holder.condition or "", guard)
    return None if spans is None else tuple(ReplaceInScalar(route, Span(at, at), text) for at, text in spans)


def _insertions(text: str, guard: str) -> list[tuple[int, str]] | None:
    try:
        found = read_condition(text)
    except NotAnExpression:
        return None
    if found.expression is None:
        return None
    start = found.start + len(found.code) - len(found.code.lstrip())
    end = found.start + len(found.code.rstrip())
    if isinstance(found.expression, Binary) and found.expression.operator == "||" and not _bracketed(found.expression):
        return [(end, f") && {guard}"), (start, "(")]
    return [(end, f" && {guard}")]


def _bracketed(expression: Binary) -> bool:
    """Whether the tree's span goes beyond its operands: then brackets stand around it."""
    return expression.span.start < expression.operands[0].span.start


def guarded(text: str | None, guard: str) -> str | None:
    """The text of an `if` with the guard in it; None where it cannot be read."""
    if text is None:
        return guard
    spans = _insertions(text, guard)
    for at, new in spans or ():
        text = text[:at] + new + text[at:]
    return None if spans is None else text


def narrowed(old: str, new: str) -> bool:
    """Whether an `if` asks for all that an old one asks for. It may ask for more, but no status, which can widen it."""
    try:
        before, after = _asked(old), _asked(new)
    except NotAnExpression:
        return old == new
    return not before - after and not any(STATUS.search(text) for text in after - before)


def _asked(text: str) -> Counter[str]:
    """What has to be true, each in its own words: the operands of the outermost `&&`. Raises NotAnExpression."""
    condition = read_condition(text)
    if condition.pieced:
        raise NotAnExpression("text around an expression")
    found = condition.expression
    every = found.operands if isinstance(found, Binary) and found.operator == "&&" else (found,) if found else ()
    words = (condition.code[each.span.start : each.span.end].strip() for each in every)
    return Counter(re.sub(r"^\((.*)\)$", r"\1", word) for word in words)


def _after(holder: Holder) -> str:
    leading = FIRST["step" if isinstance(holder, Step) else "job"]
    keys = list(takewhile(leading.__contains__, holder.node.keys))
    if keys:
        return keys[-1]
    return "needs" if isinstance(holder, Job) and "needs" in holder.node.keys else holder.node.keys[0]


def with_conditions(repository: Repository, conditions: Iterable[tuple[Holder, str]]) -> Repository:
    """The repository as it would be with other conditions, for evaluating them: no character of a file changes."""
    documents: dict[str, Document] = {}
    for holder, text in conditions:
        workflow = (holder.job if isinstance(holder, Step) else holder).workflow
        document = documents.get(workflow.path, workflow.document)
        root = _with(document.root, holder.route, text)
        documents[workflow.path] = Document(document.source, root)
    return repository.replaced(documents)


def _with(node: Node, route: Route, text: str) -> Node:
    if not route:
        value = Node(node.span, "plain", text)
        pairs = [pair for pair in node.pairs or [] if pair[0].value != "if"]
        return replace(node, pairs=[*pairs, (Node(node.span, "plain", "if"), value)])
    step, rest = route[0], route[1:]
    if isinstance(step, int):
        items = [_with(item, rest, text) if at == step else item for at, item in enumerate(node.items or [])]
        return replace(node, items=items)
    own = [(key, _with(value, rest, text) if key.value == step else value) for key, value in node.pairs or []]
    return replace(node, pairs=own)


def step_in(repository: Repository, step: Step) -> Step | None:
    """The same step in another state of the repository."""
    workflow = repository.workflows.get(step.job.workflow.path)
    found = (other for other in workflow.steps() if other.route == step.route) if workflow else iter(())
    return next(found, None)


def unwrapped(text: str) -> str:
    """Text around `${{ }}` as the one expression that was meant; '' where that is none."""
    found = parts(text)
    alone = not any(part.text.strip() for part in found if not part.code)
    pieces = [_bare(part.text, alone=alone) if part.code else part.text for part in found]
    joined = "".join(pieces).strip()
    try:
        return joined if read_condition(joined).expression else ""
    except NotAnExpression:
        return ""


def _bare(code: str, *, alone: bool) -> str:
    return code.strip() if alone or "||" not in code else f"({code.strip()})"
