"""What keeps a publish from moving into a job of its own: each obstacle a phrase for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.facts.identity import IN_SCRIPTS, action_uses_identity
from tp_fix.models.grants import callers_of
from tp_fix.models.model import Model
from tp_fix.models.publishing.archive import packs_of
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.calls import calls_of
from tp_fix.models.running.command import is_folder
from tp_fix.models.running.script import POSIX, shell_of
from tp_fix.models.split.obstacles_before import before_it, elsewhere
from tp_fix.models.split.parting import found_of, words_of
from tp_fix.models.token.credentials import is_credential
from tp_fix.models.when.contexts import EVERYWHERE, asks_for_status, foreign_contexts, shell_variables
from tp_fix.models.workflow import Job, Step, defaults, text_of, texts_in

STEP_KEYS = frozenset({"name", "id", "if", "run", "env", "working-directory", "shell", "timeout-minutes"})
JOB_KEYS = frozenset({"container", "services", "strategy", "continue-on-error", "concurrency"})
NPM_CONFIG = re.compile(r"p?npm_config_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|(?:https?|no|all)_proxy$", re.IGNORECASE)
"""Variables that npm goes by."""
FILES = frozenset({"cafile", "globalconfig", "provenance-file", "userconfig"})
"""Options of npm that name a file."""


def obstacles(publication: Publication, model: Model) -> tuple[str, ...]:
    """Everything in the way, in the order in which a reader meets it; nothing for a publish that can move."""
    if publication.tool != "npm":
        return (f"{publication.tool} is not known to publish an archive in the same way",)
    if not publication.direct:
        return (f"{publication.what} is not a command of the step's own script",)
    if publication.doubt or publication.certain is not True:
        return (f"it is not certain that `{publication.command}` publishes",)
    found = [*_command(publication), *_job(publication, model)]
    if not found:
        found += before_it(publication, model)
    return tuple(dict.fromkeys(found))


def _command(publication: Publication) -> Iterator[str]:
    """The command, the package that it names, and its step."""
    step, words, publish = publication.step, words_of(publication), found_of(publication).publish
    if words is None:
        yield f"step `{step.label}` is not just one plain `npm publish`"
        return
    if publish.workspaces or publish.all_workspaces or publish.directory is not None:
        yield "it publishes workspaces, or another folder than it runs in"
    elif publish.archive:
        yield "it publishes an archive already; what stands beside it has to move by hand"
    elif not is_folder(words.spec):
        yield f"npm may take `{words.spec}` for something else than a folder"
    elif not publication.names or len(publication.names) != 1:
        yield "which package it publishes is not known from here"
    if publication.registry.public is not True:
        yield f"the registry is not known ({publication.registry.address})"
    for option in publication.options:
        if option.name in FILES:
            yield f"`--{option.name}` names a file that the new job does not have"
    said = " ".join(words.others)
    known = {variable.name for variable in (*step.env, *step.job.workflow.env)}
    if unknown := shell_variables(said, known):
        yield f"`{unknown[0]}` has its value in this job alone"
    yield from elsewhere(f"`{publication.command}`", foreign_contexts(said, EVERYWHERE))
    yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    for key in step.node.keys:
        if key not in STEP_KEYS:
            yield f"step `{step.label}` has `{key}`"
    if shell_of(step) not in POSIX:
        yield f"its shell is {shell_of(step) or 'not known'}"
    if step.condition is not None:
        yield from elsewhere("its condition", foreign_contexts(step.condition, EVERYWHERE, bare=True))
    for variable in step.env:
        yield from elsewhere(variable.name, foreign_contexts(variable.value, EVERYWHERE | {"secrets"}))
    env = step.node.get("env")
    if env is not None and env.pairs is None:
        yield "its `env` is an expression"
    yield from elsewhere("its folder", foreign_contexts(step.directory, EVERYWHERE))
    name = text_of(step.node.get("id"))
    if name and re.search(rf"steps\s*(?:\.\s*|\[\s*['\"]){re.escape(name)}(?![\w-])", texts_in(step.job.node)):
        yield f"`steps.{name}` is used in job `{step.job.id}`"


def _job(publication: Publication, model: Model) -> Iterator[str]:
    """The job around it and the jobs that wait for it."""
    job = publication.step.job
    for key in sorted(JOB_KEYS & set(job.node.keys)):
        yield f"job `{job.id}` has `{key}`"
    if sum(1 for other in model.published_in(job.workflow) if other.step.job.id == job.id) > 1:
        yield f"job `{job.id}` publishes more than once"
    if packs_of(job):
        yield f"job `{job.id}` packs an archive already"
    if behind := [step.label for step in job.steps if step.index > publication.step.index]:
        yield f"step `{behind[0]}` comes behind the publish and would run before it"
    condition = text_of(job.node.get("if"))
    if asks_for_status(condition):
        yield f"job `{job.id}` can run after a failure (`if: {condition}`)"
    for variable in job.env:
        if is_credential(variable) or NPM_CONFIG.match(variable.name):
            yield f"{variable.name} is set for all of job `{job.id}`"
    workflow_defaults = defaults(job.workflow.document.root)
    if workflow_defaults is not None and workflow_defaults.get("working-directory") is not None:
        yield "the workflow gives every job another folder to work in"
    yield from _waiting(publication)
    yield from _called(job, model)
    yield from _permissions(job, model)


def _called(job: Job, model: Model) -> Iterator[str]:
    """An artifact's name can be given once in a run, and a run can call a workflow twice."""
    callers = callers_of(job.workflow, model.repository) if job.workflow.callable else []
    paths = [caller.workflow.path for caller in callers]
    if len(paths) > len(set(paths)) or any(caller.node.get("strategy") is not None for caller in callers):
        yield f"{job.workflow.path} is called more than once in a run, and its artifacts would have the same name"


def _waiting(publication: Publication) -> Iterator[str]:
    job = publication.step.job
    for other in job.workflow.jobs:
        if job.id in other.needs:
            if publication.step.condition is not None:
                yield f"job `{other.id}` waits for job `{job.id}`, and would be skipped with the publish"
            if asks_for_status(text_of(other.node.get("if"))):
                yield f"job `{other.id}` asks how job `{job.id}` ended"


def _permissions(job: Job, model: Model) -> Iterator[str]:
    """`id-token: write` has to leave the job, and nothing in it may miss it."""
    declared = job.declared
    if job.workflow.callable and (declared is None or declared.level("id-token") != "write"):
        yield "the workflows that call it have to grant `id-token: write`"
    if declared is not None and declared.spelling in ("write-all", "unreadable"):
        yield f"job `{job.id}` has {declared.spelling} for its permissions: write out what it needs first"
    for step in job.steps:
        if step.uses is not None and action_uses_identity(step.uses):
            yield f"`{step.uses}` needs `id-token: write` in job `{job.id}` too"
        if step.run is not None and IN_SCRIPTS.search(step.run):
            yield f"step `{step.label}` asks for the identity token too"
        if any(("id-token", "write") in (call.scopes or ()) for call in calls_of(step, model)):
            yield f"step `{step.label}` needs `id-token: write` too"
