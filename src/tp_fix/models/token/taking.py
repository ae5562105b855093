"""The changes that take a unit away: statements out of scripts, emptied steps, conditions, inputs and variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.change import Change, RemoveItem, RemoveKeys, ReplaceInScalar
from tp_fix.formats.shell_flow import flows_of
from tp_fix.models.running.cut import line_spans, says_nothing_else, why_not_cut, why_step_stays
from tp_fix.models.token.inputs import TokenInput
from tp_fix.models.token.statements import Statement
from tp_fix.models.token.unit import Unit
from tp_fix.models.workflow import Step, Variable
from tp_fix.node import Route


class Taking(NamedTuple):
    """How a unit goes: the changes, each with its file, and the phrases that say why a part of it cannot.

    `steps` are those that go as a whole.
    """

    changes: tuple[tuple[str, Change], ...]
    stays: tuple[str, ...]
    steps: tuple[Step, ...] = ()


def taking_of(unit: Unit) -> Taking:
    """The changes of a unit, in an order in which each can be made on the same baseline."""
    by_step = _by_step(unit)
    hollow = [statements[0].step for statements in by_step if _empties(statements)]
    stays = [
        *_why_statements_stay(by_step, hollow),
        *(f"{_at(each.step)}: {each.stays}" for each in unit.guards if each.stays),
    ]
    changes: list[Change] = []
    gone = {step.route for step in hollow}
    for statements in by_step:
        step = statements[0].step
        spans = line_spans(step, [each.span for each in statements]) if step.route not in gone else []
        changes += [ReplaceInScalar((*step.route, "run"), span, "") for span in reversed(spans)]
    changes += [change for guard in unit.guards if guard.step.route not in gone for change in guard.changes]
    changes += _without_inputs(unit.inputs)
    changes += _without_variables(unit, gone)
    changes += [RemoveItem(step.route) for step in reversed(hollow)]
    path = unit.workflow.path
    return Taking(tuple((path, change) for change in changes), tuple(dict.fromkeys(stays)), tuple(hollow))


def _by_step(unit: Unit) -> list[list[Statement]]:
    found: dict[Route, list[Statement]] = {}
    for each in unit.statements:
        found.setdefault(each.step.route, []).append(each)
    return list(found.values())


def _empties(statements: list[Statement]) -> bool:
    spans = [each.span for each in statements]
    return not any(each.stays for each in statements) and says_nothing_else(statements[0].step, spans)


def _why_statements_stay(by_step: list[list[Statement]], hollow: list[Step]) -> Iterator[str]:
    for statements in by_step:
        step = statements[0].step
        if step in hollow:
            beside = [other for other in hollow if other.job == step.job]
            if reason := why_step_stays(step, beside):
                yield f"{_at(step)}: {reason}"
            continue
        going = [each.span for each in statements]
        for each in statements:
            reason = each.stays or why_not_cut(each.span, flows_of(step.run or ""), step.run or "", going)
            if reason:
                yield f"`{each.text}`: {reason}"


def _at(step: Step) -> str:
    return f"step `{step.label}`"


def _without_inputs(inputs: tuple[TokenInput, ...]) -> Iterator[Change]:
    for each in inputs:
        given = each.step.node.get("with")
        if given is not None and given.keys == [each.key]:
            yield RemoveKeys(each.step.route, ("with",))
        else:
            yield RemoveKeys((*each.step.route, "with"), (each.key,))


def _without_variables(unit: Unit, gone: set[Route]) -> Iterator[Change]:
    """The variables go from their `env`; the `env` goes when nothing is left in it."""
    by_holder: dict[Route, list[Variable]] = {}
    for variable in unit.variables:
        by_holder.setdefault(variable.holder, []).append(variable)
    for holder, variables in by_holder.items():
        if holder in gone:
            continue
        env = unit.workflow.document.root.at((*holder, "env"))
        names = tuple(variable.name for variable in variables)
        if env is not None and set(env.keys) == set(names):
            yield RemoveKeys(holder, ("env",))
        else:
            yield RemoveKeys((*holder, "env"), names)
