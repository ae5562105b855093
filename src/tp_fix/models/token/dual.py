"""Dual mode: the same publish twice, with and without a token, behind conditions that exclude each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.formats.expression import Binary, NotAnExpression
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.token.credentials import tokens_at
from tp_fix.models.token.unit import Unit
from tp_fix.models.when.evaluation import read_condition
from tp_fix.models.workflow import Step


def same_without_token(unit: Unit, ours: tuple[Publication, ...], model: Model) -> Iterator[str]:
    """Why a token may be there for the packages that are new only, as a phrase; nothing where no sign of it is."""
    for publication in ours:
        for other in model.published_in(unit.workflow):
            if not tokens_at(other.step) and _exclusive(publication.step, other.step):
                yield (
                    f"step `{other.step.label}` publishes without a token where `{publication.step.label}` is skipped: "
                    "this one may be there for packages that are new"
                )


def _exclusive(one: Step, other: Step) -> bool:
    """Whether something that one asks for is the opposite of what the other does."""
    asked, answered = _asked(one), _asked(other)
    return any(_opposite(text) & answered for text in asked)


def _asked(step: Step) -> frozenset[str]:
    """The conditions of a step and its job, each operand of `&&` for itself, without white space."""
    found: set[str] = set()
    for text in filter(None, (step.condition, step.job.condition)):
        try:
            condition = read_condition(text)
        except NotAnExpression:
            continue
        expression = condition.expression
        every = expression.operands if isinstance(expression, Binary) and expression.operator == "&&" else (expression,)
        found |= {re.sub(r"\s", "", condition.code[each.span.start : each.span.end]) for each in every if each}
    return frozenset(found)


def _opposite(text: str) -> frozenset[str]:
    """The ways to write the opposite of a condition."""
    if "!=" in text:
        return frozenset({text.replace("!=", "==", 1)})
    if "==" in text:
        other = {"'true'": "'false'", "'false'": "'true'", "true": "false", "false": "true"}
        flipped = {text.removesuffix(end) + new for end, new in other.items() if text.endswith("==" + end)}
        return frozenset({text.replace("==", "!=", 1), *flipped})
    return frozenset({text[1:] if text.startswith("!") else f"!{text}"})
