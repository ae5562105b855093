"""Steps and jobs that may publish to npm in a way that is not read."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.models.calls import calls_of
from tp_fix.models.composite import flattened, outermost
from tp_fix.models.credentials import NPM_SECRET, SECRET, is_credential, kind_of
from tp_fix.models.model import Model
from tp_fix.models.publication import unread_publish
from tp_fix.models.workflow import Job, Step, text_of
from tp_fix.node import Route

NAMED = re.compile(r"publish", re.IGNORECASE)
SILENT = ("install", "hooks")
"""Kinds of calls that have a token for something else."""


class MayPublish(NamedTuple):
    """What may publish: a step of a job, or a job that calls a workflow of another repository; `why` is a sentence."""

    job: Job
    step: Step | None
    route: Route
    why: str


def may_publish(model: Model, known: frozenset[tuple[str, Route]]) -> list[MayPublish]:
    """Whatever names a publish that is not read, or is handed an npm credential; `known` are steps that publish."""
    found = []
    for workflow in model.repository.workflows.values():
        for job in workflow.jobs:
            why = _called(job)
            if why:
                found.append(MayPublish(job, None, job.route, why))
            for step in job.steps:
                why = "" if (workflow.path, step.route) in known else _why(step, model)
                if why:
                    found.append(MayPublish(job, step, step.route, why))
    return found


def _called(job: Job) -> str:
    """Why a workflow of another repository may publish for a job."""
    uses = job.uses
    if uses is None or uses.startswith("./"):
        return ""
    given = job.node.get("secrets")
    if given is not None and given.pairs is None and text_of(given) == "inherit" and NAMED.search(f"{uses} {job.id}"):
        return f"it calls `{uses}`, which has all secrets"
    names = [name for key, value in (given.pairs or [] if given is not None else []) if (name := _npm(text_of(value)))]
    return f"it calls `{uses}`, which is handed the secret {names[0]}" if names else ""


def _npm(value: str) -> str:
    """The secret named after npm that a value is, '' for everything else."""
    secret = SECRET.fullmatch(value.strip())
    return secret[1] if secret is not None and NPM_SECRET.search(secret[1]) else ""


def _why(step: Step, model: Model) -> str:
    for inner in flattened(step, model.repository):
        if unread_publish(inner):
            return "its script names a publish in a way that is not read"
        handed = next((each.name for each in inner.env if is_credential(each) and kind_of(each) != "github"), "")
        handed = handed or _input(inner)
        unread = next(
            (call.what for call in calls_of(inner, model) if call.reader is None and call.kind not in SILENT), ""
        )
        if handed and unread and outermost(inner) is step:
            return f"it is handed {handed}, and what {unread} does is not read"
    return ""


def _input(step: Step) -> str:
    """The secret named after npm that an action is handed."""
    inputs = step.node.get("with") if step.uses is not None else None
    return next((name for leaf in inputs.leaves() if (name := _npm(text_of(leaf)))), "") if inputs is not None else ""
