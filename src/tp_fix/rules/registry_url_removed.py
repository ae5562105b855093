"""The part of `registry-url` that takes it out where semantic-release runs."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import RemoveKeys
from tp_fix.facts.registry import is_public
from tp_fix.models.comment import spoken_of
from tp_fix.models.model import Model
from tp_fix.models.running.calls import calls_of
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.tool.semantic_release_runs import PROGRAM, runs_semantic_release
from tp_fix.models.user_config import users_of_config
from tp_fix.models.workflow import Job, Step
from tp_fix.rule import Applicability, FileChange, Finding, Fix

SUBJECT = "run semantic-release without registry-url"
TOKEN = "NODE_AUTH_TOKEN"
DEPENDENT = ("registry-url", "scope", "always-auth")
"""The inputs that mean nothing without `registry-url`, and itself."""


def forbidden(job: Job, model: Model) -> Iterator[Finding]:
    """A finding for each setup-node, in a job that runs semantic-release, that names npm's own registry."""
    for step in filter(is_setup_node, job.steps):
        if is_public(step.input("registry-url") or "") is not True:
            continue
        path, route = job.workflow.path, (*step.route, "with", step.input_key("registry-url"))
        message = f"job `{job.id}` runs semantic-release, whose documentation forbids `registry-url`"
        if other := next((other for other in job.steps if _publishes_otherwise(other, model)), None):
            message += f"; it stays, as step `{other.label}` publishes by itself"
            yield Finding("registry-url", "note", path, route, message)
        elif install := _install_with_token(job, model):
            message += f"; it stays, as {install} may need it for private packages"
            yield Finding("registry-url", "note", path, route, message)
        else:
            yield Finding("registry-url", "warning", path, route, message, _fix(step, model))


def _publishes_otherwise(step: Step, model: Model) -> bool:
    """Whether something else than semantic-release publishes in a step."""
    return any(PROGRAM not in publication.publisher.by.packages for publication in model.published_by(step))


def _fix(step: Step, model: Model) -> Fix:
    names = [key for key in _keys(step) if key.lower() in DEPENDENT]
    title = "take out " + ", ".join(f"`{name}`" for name in names)
    path, users = step.job.workflow.path, users_of_config(step.job, model)
    if len(names) == len(_keys(step)):
        changes = (FileChange(path, RemoveKeys(step.route, ("with",))),)
    else:
        changes = (FileChange(path, RemoveKeys((*step.route, "with"), tuple(names))),)
    if any(spoken_of(step, name) for name in names):
        return Fix(title, changes, Applicability.DISPLAY, "a comment speaks of it")
    if reason := _obstacle(step.job, users.known, model):
        return Fix(title, changes, Applicability.DISPLAY, reason)
    if unread := [what for what in users.unread if "semantic-release" not in what]:
        reason = f"it assumes that {unread[0]} does not need it" + (" (nor do others)" if len(unread) > 1 else "")
        return Fix(title, changes, Applicability.UNSAFE, reason, SUBJECT)
    return Fix(title, changes, Applicability.SAFE, subject=SUBJECT)


def _keys(step: Step) -> list[str]:
    inputs = step.node.get("with")
    return inputs.keys if inputs is not None else []


def _obstacle(job: Job, known: tuple[str, ...], model: Model) -> str:
    """What in the job may hang on it, as a phrase; '' for nothing."""
    for step in job.steps:
        if runs_semantic_release(step, model) and _token(step):
            return f"{TOKEN} reaches semantic-release, and counts only with `registry-url`"
    for step in job.steps:
        if step.run is not None and _token(step):
            return f"{TOKEN} reaches step `{step.label}`, and counts only with `registry-url`"
    return next((phrase for phrase in known if "semantic-release-action" not in phrase), "")


def _token(step: Step) -> bool:
    variable = visible_at(step).get(TOKEN)
    return variable is not None and variable.value != ""


def _install_with_token(job: Job, model: Model) -> str:
    """An install that gets a token through setup-node's .npmrc; '' for none."""
    for step in job.steps:
        if _token(step) and not runs_semantic_release(step, model):
            for call in calls_of(step, model):
                if call.kind == "install":
                    return call.what
    return ""
