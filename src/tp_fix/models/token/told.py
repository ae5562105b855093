"""Jobs that ask whether a secret is there, and tell the job that publishes: without the secret it would be skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.formats.shell import mentions
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.composite import outermost
from tp_fix.models.token.unit import Unit
from tp_fix.models.workflow import Job, Step

TELLS = re.compile(r"GITHUB_OUTPUT|::set-output|GITHUB_ENV")


def told_of(unit: Unit, ours: tuple[Publication, ...]) -> Iterator[str]:
    """The steps of jobs before the publish that look at a secret of a unit and tell others, each as a phrase.

    The day comes on which the secret is deleted, and then what hangs on their answer is skipped in silence.
    """
    jobs = {(each.workflow.path, each.step.job.id): each.step.job for each in ours}
    for job in jobs.values():
        for step in (each for other in _before(job) for each in other.steps):
            for name in unit.secrets:
                if _looks(step, name) and TELLS.search(step.run or ""):
                    asks = outermost(step).job.id
                    yield f"step `{step.label}` of job `{asks}` looks at the secret {name}, and tells others"


def _before(job: Job) -> list[Job]:
    """The jobs that one waits for, directly or not."""
    by_id = {other.id: other for other in job.workflow.jobs}
    found: dict[str, Job] = {}
    pending = list(job.needs)
    while pending:
        name = pending.pop()
        if name in by_id and name not in found:
            found[name] = by_id[name]
            pending += by_id[name].needs
    return list(found.values())


def _looks(step: Step, secret: str) -> bool:
    """Whether a script, or the condition of its step, names a secret or a variable that is one."""
    named = re.compile(rf"\bsecrets\s*\.\s*{re.escape(secret)}\b", re.IGNORECASE)
    text = f"{step.run or ''}\n{step.condition or ''}"
    around = (*step.env, *step.job.env, *step.job.workflow.env)
    held = [variable.name for variable in around if named.search(variable.value)]
    return named.search(text) is not None or any(mentions(text, name) for name in held)
