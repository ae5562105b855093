"""What a job does before it publishes that makes the manifests of the repository not the ones that npm gets."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.models.model import Model
from tp_fix.models.running.calls import calls_of
from tp_fix.models.workflow import Job, Step, text_of

MANIFEST = re.compile(r"package\.json|\bpkg\s+set\b")
FIELD = re.compile(r"(?<!github\.)(?<![\w/$-])repository(?![\w-])")
WRITES = re.compile(r"write|\bset\b|\bjq\b|\bsed\b|\byq\b|>", re.IGNORECASE)
PROVENANCE_OFF = re.compile(r"npm_config_provenance\W+false|\bset\s+provenance[=\s]\W*false", re.IGNORECASE)
CONDITION = re.compile(r"github\.repository(?:_owner)?\s*==\s*'([^']+)'", re.IGNORECASE)


class OtherCheckout(NamedTuple):
    """A step that checks out another repository; `path` is '' where that is put in the place of this one."""

    label: str
    path: str


def manifest_doubt(job: Job, model: Model) -> str:
    """Why the `repository` that npm gets, or its provenance, may be set in the job, as a phrase; '' for nothing."""
    for step in job.steps:
        for call in calls_of(step, model):
            if PROVENANCE_OFF.search(call.text):
                return f"{call.what} may switch provenance off"
            if MANIFEST.search(call.text) and FIELD.search(call.text) and WRITES.search(call.text):
                return f"{call.what} may write it"
    return ""


def other_checkout(job: Job, model: Model) -> OtherCheckout | None:
    for step in job.steps:
        named = (step.input("repository") or "").strip()
        own = named.lower() == (model.repository.name or "").lower() or "github.repository" in named
        if (step.uses or "").lower().startswith("actions/checkout@") and named and not own:
            return OtherCheckout(step.label, (step.input("path") or "").strip("./"))
    return None


def only_in(step: Step) -> tuple[str, ...]:
    """The repositories, or owners, that the conditions of a step and its job ask for: `github.repository == 'x/y'`."""
    conditions = (step.condition or "", text_of(step.job.node.get("if")))
    return tuple(match for condition in conditions if "||" not in condition for match in CONDITION.findall(condition))
