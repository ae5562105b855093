"""What a guard on a publication touches beside it: what it stops too, and what it lets run without the publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp_fix.facts import programs
from tp_fix.facts.runners import call_of
from tp_fix.formats.shell import Command
from tp_fix.models.grants import callers_of
from tp_fix.models.publishing.found import commands_that_publish
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import (
    PACK_SCRIPTS,
    VERSION_SCRIPTS,
    install_of,
    npm_upgrade_of,
    publish_of,
    script_of,
)
from tp_fix.models.running.script import script_of_step
from tp_fix.models.when.events import Variant
from tp_fix.models.when.reach import job_runs, step_runs
from tp_fix.models.workflow import Job, Step

SETTING_UP = frozenset(
    {
        "actions/cache",
        "actions/cache/restore",
        "actions/checkout",
        "actions/download-artifact",
        "actions/setup-node",
        "oven-sh/setup-bun",
        "pnpm/action-setup",
    }
)
"""Actions that leave nothing behind for anybody but the steps of their own job."""
PREPARING = programs.SHELL | programs.UTILITIES | {"corepack", "npm", "pnpm", "yarn"}
"""Programs whose work is the job's own; git only where it configures itself."""
OPTIONAL = frozenset((*PACK_SCRIPTS, *VERSION_SCRIPTS))
"""Scripts behind commands that do their work without any."""


def prepares(step: Step) -> bool:
    """Whether a step does nothing but make ready for a publish, or publish: nobody misses it where neither runs."""
    if step.uses is not None:
        return step.uses.partition("@")[0].lower() in SETTING_UP
    script = script_of_step(step) if step.run is not None else None
    return script is not None and not script.unread and all(map(_prepares, script.commands))


def _prepares(command: Command) -> bool:
    if publish_of(command) is not None or npm_upgrade_of(command) is not None or install_of(command) is not None:
        return True
    if not command.words:
        return True
    call = call_of(command)
    if not OPTIONAL.issuperset(script_of(command)):
        return False
    first = call.words[0].literal if call is not None and call.words else None
    return call is not None and (call.program in PREPARING or (call.program, first) == ("git", "config"))


def set_free(step: Step, publishing: Iterable[Step], variants: list[Variant], repository: Repository) -> list[str]:
    """What waits for a step and would run in one of the variants although the step does not, each as a phrase.

    What only prepares is left out, and so are steps that publish themselves: they are judged by themselves.
    """
    own = list(publishing)
    behind = [
        other
        for other in step.job.steps[step.index + 1 :]
        if other not in own and _matters(other) and any(step_runs(other, each) is not False for each in variants)
    ]
    jobs = [
        job
        for job in _waiting(step.job)
        if _does_more(job) and any(job_runs(job, each) is not False for each in variants)
    ]
    jobs += [job for caller in _callers(step.job, repository) for job in _waiting(caller) if _does_more(job)]
    names = [*(f"step `{other.label}`" for other in behind), *(f"job `{job.id}`" for job in jobs)]
    return list(dict.fromkeys(names))


def _matters(step: Step) -> bool:
    return not prepares(step) or any(commands_that_publish(step))


def _does_more(job: Job) -> bool:
    return not job.steps or any(map(_matters, job.steps))


def _waiting(job: Job) -> list[Job]:
    """The jobs of the same workflow that wait for a job, and those that wait for these."""
    found, names = [], {job.id}
    more = True
    while more:
        new = [other for other in job.workflow.jobs if other.id not in names and names.intersection(other.needs)]
        found += new
        names |= {other.id for other in new}
        more = bool(new)
    return found


def _callers(job: Job, repository: Repository) -> Iterator[Job]:
    """The jobs that call a job's workflow, and those that call theirs."""
    pending, seen = [job.workflow], {job.workflow.path}
    while pending:
        for caller in callers_of(pending.pop(), repository):
            yield caller
            if caller.workflow.path not in seen:
                seen.add(caller.workflow.path)
                pending.append(caller.workflow)
