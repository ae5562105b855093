"""What goes in one fix: decisions that come through the same parameter, in whatever files, and what hands it over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tp_fix.change import Change
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.token.decision import ASSUMES, Decision, decisions_in, decisions_inside
from tp_fix.models.token.handing import Handing, clusters, handing_of
from tp_fix.models.token.parameters import NAMED, Entry
from tp_fix.models.token.statements import without


class Joint(NamedTuple):
    """Decisions that are carried out together or not at all. `changes` are those of all files, each with its own."""

    decisions: tuple[Decision, ...]
    handing: Handing
    changes: tuple[tuple[str, Change], ...]
    how: Literal["safe", "unsafe", "display"]
    reason: str


def joints(model: Model) -> Iterator[Joint]:
    """All decisions of the repository; those that go no further than to be shown stay alone."""
    every = [each for workflow in model.repository.workflows.values() for each in decisions_in(workflow, model)]
    every += decisions_inside(model)
    going = [each for each in every if each.how != "display"]
    for each in every:
        if each.how == "display":
            yield _joint([each], model.repository)
    for numbers in clusters([entries_of(each) for each in going], model.repository):
        yield _joint([going[number] for number in numbers], model.repository)


def entries_of(decision: Decision) -> list[Entry]:
    """The scalars that go with a decision, those of scripts where nothing is left that names a secret or an input."""
    unit, path = decision.unit, decision.unit.workflow.path
    found = [Entry(path, variable.route) for variable in unit.variables]
    found += [Entry(path, (*each.step.route, "with", each.key)) for each in unit.inputs]
    hollow = {step.route for step in decision.taking.steps}
    for step in {each.step.route: each.step for each in unit.statements}.values():
        going = [each for each in unit.statements if each.step == step]
        if step.route in hollow or not NAMED.search(without(step.run or "", going)):
            found.append(Entry(path, (*step.route, "run")))
    for step in decision.taking.steps:
        found += [Entry(path, variable.route) for variable in step.env]
    return list(dict.fromkeys(found))


def _joint(decisions: list[Decision], repository: Repository) -> Joint:
    handing = handing_of([entry for each in decisions for entry in entries_of(each)], repository)
    own = [change for each in decisions for change in each.taking.changes]
    how = min((each.how for each in decisions), key=("display", "unsafe", "safe").index)
    reasons = dict.fromkeys(each.reason for each in decisions if each.reason)
    reason = "; ".join(each.removeprefix(ASSUMES) for each in reasons)
    whole = ASSUMES + reason if how == "unsafe" else reason
    settings = dict.fromkeys((line.path, line.change) for each in decisions for line in each.settings)
    return Joint(tuple(decisions), handing, (*own, *settings, *handing.changes), how, whole)
