"""Questions who is logged in, in jobs that publish over OIDC, where nobody is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.secrets import is_login, is_secret
from tp_fix.models.model import Model
from tp_fix.models.npmrc import CREDENTIALS
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.calls import calls_of
from tp_fix.models.running.script import commands_of
from tp_fix.models.token.asked import asks_elsewhere
from tp_fix.models.token.checks import is_whoami
from tp_fix.models.token.credentials import tokens_at
from tp_fix.models.token.decision import Decision, decisions_in
from tp_fix.models.token.statements import Statement, statements_of
from tp_fix.models.token.taking import Taking, taking_of
from tp_fix.models.token.unit import Unit, publications_in
from tp_fix.models.workflow import Step, Workflow, text_of

BEARS_FAILURE = re.compile(r"\|\|\s*(?:true|:|echo\b[^;|&]*)\s*$")
WHOAMI = re.compile(r"\bwhoami\b")


class Question(NamedTuple):
    """The questions of one step. `now` says that they fail already; else they will as soon as the token is gone.

    `taking` takes them out. `stays` says why that cannot be, or must not be yet, as a phrase; '' when it can.
    """

    step: Step
    texts: tuple[str, ...]
    now: bool
    taking: Taking
    stays: str


def questions_in(workflow: Workflow, model: Model) -> Iterator[Question]:
    """Those that fail, or will fail, in the order of the steps; not those that go with a token."""
    for job in workflow.jobs:
        publications = list(publications_in(job, model))
        if publications:
            for step in job.steps:
                yield from _in_step(step, publications, model)


def _in_step(step: Step, publications: list[Publication], model: Model) -> Iterator[Question]:
    if text_of(step.node.get("continue-on-error")) == "true":
        return
    asking = [each for each in statements_of(step) if each.whoami and not BEARS_FAILURE.search(_text(each))]
    own = [each for each in asking if not asks_elsewhere(step, each.span.start, model.repository)]
    behind = [] if asks_elsewhere(step, 0, model.repository) else list(_behind(step, model))
    decision = next((each for each in _decisions(step, model) if _holds(each, own)), None) if own else None
    if decision is not None:
        if not _stays_for_good(decision):
            yield _later(step, own, decision)
        return
    if (own or behind) and _nobody(step, publications, model):
        yield _now(step, own, behind, publications, model)


def _text(each: Statement) -> str:
    return (each.step.run or "")[slice(*each.span)]


def _behind(step: Step, model: Model) -> Iterator[str]:
    """Questions behind package scripts and shell scripts, as a person finds them."""
    spans = [each.span for each in statements_of(step)]
    for call in calls_of(step, model):
        inside = any(span.start <= call.offset < span.end for span in spans)
        if call.kind == "registry" and not inside and any(map(is_whoami, commands_of(call.text))):
            yield call.what


def _decisions(step: Step, model: Model) -> list[Decision]:
    return decisions_in(step.job.workflow, model)


def _holds(decision: Decision, own: list[Statement]) -> bool:
    return any(each in decision.unit.statements for each in own)


def _stays_for_good(decision: Decision) -> bool:
    """Whether the token goes together with the question, or is there to stay."""
    lacks = [lack for publication in decision.consumers.publications for lack in publication.lacks]
    never = any(lack.known and lack.topic == "runner" for lack in lacks)
    return decision.how != "display" or bool(decision.origin) or bool(decision.consumers.others) or never


def _later(step: Step, own: list[Statement], decision: Decision) -> Question:
    texts = tuple(each.text for each in own)
    return Question(step, texts, False, Taking((), ()), decision.reason)


def _nobody(step: Step, publications: list[Publication], model: Model) -> bool:
    """Whether no npm credential is in sight and the job has an identity to publish with."""
    scoped = any(all(lack.topic != "scope" for lack in publication.lacks) for publication in publications)
    return scoped and not tokens_at(step) and not _committed(model) and not _logs_in(step, model)


def _committed(model: Model) -> bool:
    """Whether a credential stands in a committed configuration in clear."""
    lines = [line for lines in model.repository.npmrcs.values() for line in lines if line.key in CREDENTIALS]
    return any(is_secret(line.value) or is_login(line.value) for line in lines)


def _logs_in(step: Step, model: Model) -> bool:
    calls = (call for other in step.earlier for call in calls_of(other, model))
    return any(call.reader is True and not WHOAMI.search(call.text) for call in calls)


def _now(
    step: Step, own: list[Statement], behind: list[str], publications: list[Publication], model: Model
) -> Question:
    texts = (*(each.text for each in own), *(what.strip("`") for what in behind))
    taking = taking_of(Unit(step.job.workflow, statements=tuple(own)))
    stays = [*taking.stays]
    stays += [f"{what}: take it out by hand" for what in behind]
    unknown = next(_may_log_in(step, model), "")
    stays += [f"{unknown} may log in: what it does cannot be read"] if unknown else []
    lacks = dict.fromkeys(lack.what for publication in publications for lack in publication.lacks)
    stays += ["still missing: " + "; ".join(lacks)] if lacks else []
    return Question(step, texts, True, taking, "; ".join(stays))


def _may_log_in(step: Step, model: Model) -> Iterator[str]:
    """What runs before a step and cannot be read."""
    for call in (call for other in step.earlier for call in calls_of(other, model)):
        if call.reader is None and call.kind not in ("install", "hooks"):
            yield call.what
