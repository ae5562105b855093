"""What a job has that minds NODE_AUTH_TOKEN being named in an .npmrc and not set, as setup-node v7 leaves it."""

from __future__ import annotations

import re

from tp_fix.facts.setup_node import FIRST_NODE_WITH_NPM_7
from tp_fix.formats.shell import mentions
from tp_fix.models.client.brought import node_of
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.running.calls import calls_of
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.token.yarn import may_run_classic
from tp_fix.models.workflow import Job, Step

TOKEN = "NODE_AUTH_TOKEN"
WANTED = b"${NODE_AUTH_TOKEN}"
NPM_7 = (FIRST_NODE_WITH_NPM_7, 0, 0)
OLD_NPM = re.compile(r"\bnpm@[\"']?[\^~=v]?[1-6](?![\d])")


def old_node(step: Step, model: Model) -> str:
    """Why the npm of a setup-node step's own Node stops at the variable without a value, as a phrase; '' if not."""
    node = node_of(step, model.repository)
    old = node is not None and any(stretch.end <= NPM_7 for stretch in node.versions.stretches)
    return f"the npm of {node.why} stops where {TOKEN} is not set" if node and old else ""


def may_be_old(step: Step, model: Model) -> str:
    """The Node of a setup-node step as a phrase, where it is not known to be new enough for npm 7; '' where it is."""
    node = node_of(step, model.repository)
    return "" if node is None or node.versions.at_least(NPM_7) is True else node.why


def stops_in(job: Job, model: Model) -> str:
    """What in a job stops at the variable without a value, as a phrase; '' for nothing that is known."""
    if classic := may_run_classic(job, model):
        return classic
    calls = (call for step in job.steps for call in calls_of(step, model) if OLD_NPM.search(call.text))
    return next((f"{call.what} is for an npm that stops where {TOKEN} is not set" for call in calls), "")


def reads_in(job: Job, model: Model) -> str:
    """What looks at the variable without having been given one, so that a placeholder there makes a difference."""
    for step in job.steps:
        given = visible_at(step).get(TOKEN)
        if (given is not None and given.value) or is_setup_node(step):
            continue
        texts = [step.run or "", step.condition or "", *(call.text for call in calls_of(step, model))]
        if any(mentions(text, TOKEN) for text in texts):
            return f"step `{step.label}` reads {TOKEN}"
    return ""


def berry_wants(repository: Repository) -> str:
    """A configuration of Yarn Berry that wants the variable to be set, as a phrase; '' for none."""
    for path in repository.paths:
        if path.rpartition("/")[2] == ".yarnrc.yml" and WANTED in repository.head(path):
            return f"{path} names {TOKEN}, without which Yarn stops"
    return ""
