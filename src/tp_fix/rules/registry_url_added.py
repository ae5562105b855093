"""The part of `registry-url` that adds it where it is missing."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import AddKey, Change, SetValue
from tp_fix.facts.registry import public_host
from tp_fix.models.comment import comments_name
from tp_fix.models.hosting import hosted
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.composite import steps_before
from tp_fix.models.running.script import script_of_step
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.token.unset_token import TOKEN, old_node, reads_in, stops_in
from tp_fix.models.user_config import Users, other_registry, users_of_config
from tp_fix.models.workflow import Job, Step
from tp_fix.rule import Applicability, FileChange, Finding, Fix

SUBJECT = "name the npm registry for setup-node"
SHOWN = 3
"""So many of what is not known are named."""
PLAIN = frozenset({"npm", "npm stage"})
BEHIND = ("node-version", "version", "node-version-file")
"""The inputs behind which people look for it."""


def missing(job: Job, model: Model) -> Iterator[Finding]:
    """One finding for each setup-node of a job that an npm publish comes after and that should name the registry."""
    found: dict[int, Publication] = {}
    for publication in model.published_in(job.workflow):
        setup = _setup_of(publication, model) if publication.step.job.id == job.id else None
        if setup is not None and publication.tool in PLAIN and not script_of_step(publication.step).unread:
            found.setdefault(setup.index, publication)
    if not found:
        return
    users, minds = users_of_config(job, model), stops_in(job, model) or reads_in(job, model)
    for step in job.steps:
        if step.index in found:
            yield _finding(step, found[step.index], users, minds, model)


def _setup_of(publication: Publication, model: Model) -> Step | None:
    """The last setup-node before a publication; None without one, or when one of them names a registry.

    One inside a composite action is none to change here, but it may name a registry.
    """
    before = list(filter(is_setup_node, publication.step.earlier))
    every = filter(is_setup_node, steps_before(publication.within, model.repository))
    if not before or any(step.input("registry-url") is not None for step in every):
        return None
    return before[-1]


def _finding(step: Step, publication: Publication, users: Users, minds: str, model: Model) -> Finding:
    path = step.job.workflow.path
    message = f"`{publication.command}` comes after a setup-node without `registry-url`, which npm's own example sets"
    if reason := _obstacle(step, publication, users, minds, model):
        message += f"; it is not added: {reason}"
        return Finding("registry-url", "note", path, (*step.route, "uses"), message)
    changes = (FileChange(path, _addition(step)),)
    title = f"add `registry-url` to step `{step.label}`"
    assumptions = _assumptions(step, users, model)
    if assumptions:
        fix = Fix(title, changes, Applicability.UNSAFE, "it assumes " + "; ".join(assumptions), SUBJECT)
    else:
        fix = Fix(title, changes, Applicability.SAFE, subject=SUBJECT)
    return Finding("registry-url", "warning", path, (*step.route, "uses"), message, fix)


def _obstacle(step: Step, publication: Publication, users: Users, minds: str, model: Model) -> str:
    """Why it must not be added, as a phrase; the first reason will do."""
    others = [other for other in step.job.steps if is_setup_node(other) and other.index != step.index]
    if publication.registry.public is not True:
        return f"where it publishes is not known ({publication.registry.address})"
    if step.condition is not None:
        return f"setup-node runs only `if: {step.condition}`"
    if step.input("scope"):
        return "`scope` names packages of another registry, perhaps"
    if any(other.input("registry-url") is not None for other in others):
        return "another setup-node of the job has an address"
    if path := other_registry(model.repository):
        return f"{path} names another registry"
    if users.known:
        return users.known[0]
    if minds := old_node(step, model) or minds:
        return minds
    return "a comment of the file speaks of it" if comments_name(step.job.workflow.document, "registry-url") else ""


def _assumptions(step: Step, users: Users, model: Model) -> list[str]:
    found = []
    if users.unread:
        more = [f"{len(users.unread) - SHOWN} more that cannot be read"] if len(users.unread) > SHOWN else []
        found.append("that the user's .npmrc means nothing to " + ", ".join([*users.unread[:SHOWN], *more]))
    if _idle_token(step.job, model):
        found.append(f"that {TOKEN}, which counts for nothing without it, is to be npm's credential")
    if hosted(step.job) is not True:
        found.append("that the runner's user has no .npmrc that counts")
    return found


def _idle_token(job: Job, model: Model) -> bool:
    """Whether a token stands in the variable that setup-node's .npmrc names, and no committed .npmrc does."""
    given = (visible_at(step).get(TOKEN) for step in job.steps)
    lines = (line for lines in model.repository.npmrcs.values() for line in lines)
    return any(token is not None and token.value for token in given) and not any(TOKEN in x.variables for x in lines)


def _addition(step: Step) -> Change:
    address = f"https://{public_host()}"
    inputs = step.node.get("with")
    if inputs is None:
        return AddKey(step.route, "with", {"registry-url": address}, after="uses")
    route = (*step.route, "with")
    if inputs.pairs is None:
        return SetValue(route, {"registry-url": address})
    return AddKey(route, "registry-url", address, next((key for key in BEHIND if key in inputs.keys), None))
