"""Conditions of steps on a credential: `if: env.NPM_TOKEN != ''`, and how they go with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from tp_fix.change import Change, RemoveKeys, ReplaceInScalar
from tp_fix.formats.expression import Binary, Expression, Index, Literal, Name, NotAnExpression, walk
from tp_fix.models.when.evaluation import read_condition
from tp_fix.models.workflow import Step
from tp_fix.source import Span


class Guard(NamedTuple):
    """A step's condition that asks whether one of `names` is set.

    `changes` take that out; `stays` says why that cannot be done, as a phrase, '' when it can.
    """

    step: Step
    names: frozenset[str]
    changes: tuple[Change, ...] = ()
    stays: str = ""


def guard_of(step: Step, names: Collection[str]) -> Guard | None:
    """The guard that a step's condition is on variables of these names; None where it reads none of them."""
    text = step.condition
    if text is None or "env" not in text.lower():
        return None
    try:
        found = read_condition(text)
    except NotAnExpression:
        return None
    read = _read_in(found.expression, names) if found.expression is not None else frozenset()
    if found.expression is None or not read:
        return None
    operands = _asked(found.expression)
    going = [index for index, each in enumerate(operands) if _is_set(each, names)]
    left = frozenset().union(*(_read_in(each, names) for index, each in enumerate(operands) if index not in going))
    if left or found.pieced:
        return Guard(step, read, stays=f"its condition does more with env.{min(left or read)} than to ask for it")
    if len(going) == len(operands):
        return Guard(step, read, (RemoveKeys(step.route, ("if",)),))
    spans = _spans(operands, going)
    route = (*step.route, "if")
    moved = [Span(found.start + span.start, found.start + span.end) for span in spans]
    return Guard(step, read, tuple(ReplaceInScalar(route, span, "") for span in reversed(moved)))


def _asked(expression: Expression) -> tuple[Expression, ...]:
    """The operands of the outermost `&&`."""
    whole = isinstance(expression, Binary) and expression.operator == "&&"
    if whole and isinstance(expression, Binary) and expression.span.start == expression.operands[0].span.start:
        return expression.operands
    return (expression,)


def _is_set(expression: Expression, names: Collection[str]) -> bool:
    """`env.X`, `env.X != ''`, `env.X != null`."""
    if isinstance(expression, Binary) and expression.operator == "!=":
        values = [each for each in expression.operands if isinstance(each, Literal) and each.value in ("", None)]
        rest = [each for each in expression.operands if each not in values]
        return len(values) == 1 and len(rest) == 1 and _variable(rest[0]) in names
    return _variable(expression) in names


def _variable(expression: Expression) -> str:
    """The X of `env.X`; '' for anything else."""
    if isinstance(expression, Index) and isinstance(expression.target, Name) and isinstance(expression.key, Literal):
        named = expression.target.name.lower() == "env"
        return expression.key.value if named and isinstance(expression.key.value, str) else ""
    return ""


def _read_in(expression: Expression, names: Collection[str]) -> frozenset[str]:
    return frozenset(name for each in walk(expression) if (name := _variable(each)) in names)


def _spans(operands: tuple[Expression, ...], going: list[int]) -> list[Span]:
    """What to cut so that only the other operands are left, each with the `&&` before it."""
    first = next(index for index in range(len(operands)) if index not in going)
    head = [Span(operands[0].span.start, operands[first].span.start)] if first else []
    return head + [Span(operands[index - 1].span.end, operands[index].span.end) for index in going if index > first]
