"""The decision rule: how far a credential may be taken away by machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from tp_fix.facts.secrets import is_secret
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.token.berry import YarnSetting, assumed_of_settings, left_for_yarn, yarn_settings
from tp_fix.models.token.consumers import Consumers, consumers_of
from tp_fix.models.token.credentials import SECRET, kind_of
from tp_fix.models.token.handed import obstacles
from tp_fix.models.token.inner_units import inner_units
from tp_fix.models.token.parameters import parameter_of
from tp_fix.models.token.statements import AT_RUN_TIME, ENV, IN_CLEAR
from tp_fix.models.token.taking import Taking, taking_of
from tp_fix.models.token.unit import Unit, units_of
from tp_fix.models.workflow import Workflow

ASSUMES = "it assumes "
MOST = 4
"""Reasons that are said."""


class Decision(NamedTuple):
    """`how` far a unit may go, and the `reason` that it goes no further, or what is assumed.

    `origin` is the reason where it lies in the credential itself, whatever uses it; `settings` change with it.
    """

    unit: Unit
    how: Literal["safe", "unsafe", "display"]
    reason: str
    consumers: Consumers
    taking: Taking
    origin: str = ""
    settings: tuple[YarnSetting, ...] = ()


def decide(unit: Unit, model: Model) -> Decision:
    """The rule at the end of facts/publishers.md, read from top to bottom, for every kind of credential."""
    settings = yarn_settings(unit, model)
    taking = taking_of(unit)
    consumers = consumers_of(unit, taking, model)
    publications = consumers.publications
    origin = _origin(unit, model)
    lacks = _once(lack.what for publication in publications for lack in publication.lacks)

    def answer(how: Literal["safe", "unsafe", "display"], reason: str = "") -> Decision:
        return Decision(unit, how, reason, consumers, taking, origin, settings)

    if origin:
        return answer("display", origin)
    if not publications:
        return answer("display", "nothing that publishes after it is known")
    if lacks:
        return answer("display", "still missing: " + "; ".join(lacks))
    if stays := [*taking.stays, *(f"{each.what} takes {each.name}: {each.stays}" for each in settings if each.stays)]:
        return answer("display", "; ".join(stays[:MOST]))
    if hindered := _hindered(unit, publications, model):
        return answer("display", "; ".join(hindered[:MOST]))
    if others := [*left_for_yarn(unit, settings, publications, model), *consumers.others]:
        return answer("display", "; ".join(others[:MOST]))
    doubts = [f"that it publishes to npm's public registry: {each.doubt}" for each in publications if each.doubt]
    assumed = (f"that {phrase}" for phrase in (*consumers.assumed, *assumed_of_settings(settings)))
    if reasons := _once([*doubts, *assumed]):
        return answer("unsafe", ASSUMES + "; ".join(reasons))
    return answer("safe")


def _origin(unit: Unit, model: Model) -> str:
    """Why it is not known what is taken away, or why it must not be yet; '' when it is one secret's value."""
    for variable in unit.variables:
        if kind_of(variable) == "literal":
            if is_secret(variable.value):
                return IN_CLEAR
            return "what stands here is no token: somebody may have put it here on purpose"
        read = ENV.fullmatch(variable.value.strip())
        known = (read is not None and read[1] in unit.names) or _handed(variable.value, unit, model)
        if kind_of(variable) == "expression" and not known:
            return AT_RUN_TIME
    for each in unit.statements:
        if each.stays in (IN_CLEAR, AT_RUN_TIME):
            return each.stays
    values = [each.value.strip() for each in unit.inputs]
    if any(not SECRET.fullmatch(value) and not _handed(value, unit, model) for value in values):
        return AT_RUN_TIME
    return ""


def _handed(value: str, unit: Unit, model: Model) -> bool:
    """Whether a value is what callers hand to the file."""
    return parameter_of(value, unit.workflow.path, model.repository) is not None


def _hindered(unit: Unit, publications: tuple[Publication, ...], model: Model) -> list[str]:
    """Why what callers hand over has to stay."""
    values = [*(each.value for each in unit.variables), *(each.value for each in unit.inputs)]
    values += [f"${{{{ secrets.{name} }}}}" for each in unit.statements for name in sorted(each.secrets)]
    found = (obstacles(value, unit.workflow, publications, model.repository) for value in values)
    return _once(phrase for phrases in found for phrase in phrases)


def _once(phrases: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(phrases))


def decisions_in(workflow: Workflow, model: Model) -> list[Decision]:
    """The decisions on all units of a workflow that hold a credential.

    Those that may go and share an `env` are one: only together do they know whether it becomes empty.
    """
    return model.once(("decisions", workflow.path), lambda: _decisions(units_of(workflow, model), model))


def _decisions(units: Iterable[Unit], model: Model) -> list[Decision]:
    found: list[Decision] = []
    for unit in units:
        if not unit.is_credential:
            continue
        decision = decide(unit, model)
        beside = next((each for each in found if _together(each, decision)), None)
        if beside is not None:
            found[found.index(beside)] = _joined(beside, decision)
        else:
            found.append(decision)
    return found


def decisions_inside(model: Model) -> list[Decision]:
    """The decisions on what composite actions of the repository take a token by, over all steps that use them."""
    return model.once(("decisions inside",), lambda: _decisions(inner_units(model), model))


def _together(one: Decision, other: Decision) -> bool:
    holders = {each.holder for each in one.unit.variables} & {each.holder for each in other.unit.variables}
    apart = one.unit.workflow.path != other.unit.workflow.path
    if apart or not holders or (one.how == "display") != (other.how == "display"):
        return False
    return one.how != "display" or (one.reason == other.reason and _plain(one.unit) and _plain(other.unit))


def _plain(unit: Unit) -> bool:
    return not (unit.statements or unit.guards or unit.inputs)


def _joined(one: Decision, other: Decision) -> Decision:
    unit = one.unit.beside(other.unit)
    assumed = [each.reason.removeprefix(ASSUMES) for each in (one, other) if each.how == "unsafe"]
    reason = ASSUMES + "; ".join(_once(assumed)) if assumed else one.reason
    how = "unsafe" if assumed else one.how
    settings = tuple(dict.fromkeys((*one.settings, *other.settings)))
    return Decision(unit, how, reason, one.consumers.beside(other.consumers), taking_of(unit), "", settings)
