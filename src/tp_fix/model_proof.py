"""Point 6 of the proof, on what the patched repository means: nothing that published stops being able to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tp_fix.facts.events import PULL_REQUESTS
from tp_fix.facts.publishers.clients import YARN_CLASSIC
from tp_fix.models.model import Model
from tp_fix.models.permissions import RANK
from tp_fix.models.publishing.found import commands_that_publish
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.registry import Registry
from tp_fix.models.running.composite import flattened, outermost
from tp_fix.models.token.broken_calls import broken_calls
from tp_fix.models.token.credentials import tokens_at, visible_at
from tp_fix.models.when.events import Scene, Variant
from tp_fix.models.when.reach import Way, ways_to
from tp_fix.models.when.untrusted import untrusted
from tp_fix.models.workflow import Job, Step, Workflow, text_of
from tp_fix.node import Data, Node, plain
from tp_fix.proof import fault
from tp_fix.script_proof import asks_as_before, prove_scripts

CONTAINERS = frozenset({"env", "with", "steps", "jobs", "permissions", "secrets", "run"})
READINESS = {False: 0, None: 1, True: 2}
OPTIONS = re.compile(r"[\s=]+")
PINNED = re.compile(r"\bnpm@[^\s\"']+")


def prove_model(before: Model, after: Model) -> None:
    """Raises OurFault, which names the file and what it would have lost."""
    _publications(before, after)
    _other_registries(before, after)
    _scopes(before, after)
    _containers(before, after)
    _calls(before, after)
    prove_scripts(before, after)


def _keyed(model: Model) -> dict[tuple[str, str, str, int], Publication]:
    """Publications by workflow, job, command, and their number among equal ones: steps may come and go around them.

    `npx npm@10 publish` and `npx npm@11 publish` are one publication: which is the readier of the two is asked below.
    So is a release tool with a flag less, and npm in the place of Yarn Classic with the same options.
    """
    found: dict[tuple[str, str, str, int], Publication] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for publication in model.publications:
        key = (_path(publication.workflow, model), publication.step.job.id, _command(publication))
        found[(*key, seen[key])] = publication
        seen[key] += 1
    return found


def _command(publication: Publication) -> str:
    """What a publication is told apart by."""
    if publication.run is not None and publication.publisher is not YARN_CLASSIC:
        return publication.tool
    words = OPTIONS.split(PINNED.sub("npm@", publication.command))
    if publication.publisher is YARN_CLASSIC:
        words = ["npm", *(word for word in words[1:] if word != "--non-interactive")]
    return " ".join(words)


def _publications(before: Model, after: Model) -> None:
    now, was = _keyed(after), _keyed(before)
    moved = [publication for key, publication in now.items() if key not in was]
    for key, old in was.items():
        path = old.workflow.path
        here = (other for other in moved if _path(other.workflow, after) == key[0])
        new = now.get(key) or next((other for other in here if _moved(old, other, after)), None)
        if new is None:
            raise fault(path, f"the publication `{old.command}` of job `{old.step.job.id}` would be gone")
        if new in moved:
            moved.remove(new)
        if old.names != new.names or not _same_registry(old.registry, new.registry):
            raise fault(path, f"`{old.command}` would publish something else, or elsewhere")
        if old.workflow.events.keys() - PULL_REQUESTS - new.workflow.events.keys():
            raise fault(path, f"an event that reaches `{old.command}` would be gone")
        if READINESS[new.ready] < READINESS[old.ready]:
            raise fault(path, f"`{old.command}` would be less ready for trusted publishing than before")
        if tokens_at(old.within) and not tokens_at(new.within) and new.ready is not True:
            raise fault(path, f"`{old.command}` would be left without any credential")
        _reach(_ways(old.step, before), _ways(new.step, after), path, f"`{old.command}`")


def _ways(step: Step, model: Model) -> dict[tuple[str, ...], Way]:
    scene = Scene(model.repository.name)
    return {_way(way.variant, model): way for way in ways_to(step, model.repository, scene)}


def _way(variant: Variant, model: Model) -> tuple[str, ...]:
    """A variant's key, the workflows on the way as they are called on disk."""
    event, detail, *callers = variant.key
    on_way = (caller.rpartition(" ") for caller in callers)
    return (event, detail, *(f"{model.repository.on_disk(path)} {job}" for path, _, job in on_way))


def _path(workflow: Workflow, model: Model) -> str:
    """What a workflow is called on disk: one that was renamed is the one that it was."""
    return model.repository.on_disk(workflow.path)


def _reach(old: dict[tuple[str, ...], Way], new: dict[tuple[str, ...], Way], path: str, what: str) -> None:
    """Whatever ran it still does, but what comes from anybody, and a release's types beside the one that stays."""
    for key, way in old.items():
        now = new[key].runs if key in new else False
        beside = key[0] == "release" and _published(old, new)
        if not untrusted(way.variant) and not beside and READINESS[now] < READINESS[way.runs]:
            named = " ".join(filter(None, key[:2]))
            raise fault(path, f"{what} would not run on {named} any more")


def _published(old: dict[tuple[str, ...], Way], new: dict[tuple[str, ...], Way]) -> bool:
    """Whether a release that is published still starts it, as surely as any release did."""
    runs = [READINESS[way.runs] for key, way in old.items() if key[0] == "release"]
    now = new.get(("release", "published"))
    return now is not None and READINESS[now.runs] >= max(runs)


def _same_registry(old: Registry, new: Registry) -> bool:
    """Whether nothing is lost of what was known. The public registry is the same however it is written.

    One that was not known may come to be, as the public one: where a line goes that was suspected to set another one,
    and only printed something.
    """
    if old.public is True:
        return new.public is True
    return old == new or (old.public is None and new.public is not False)


def _moved(old: Publication, new: Publication, after: Model) -> bool:
    """Whether one in the same file is an old one in a job of its own: same tool, package and options, behind its job.

    It runs under the condition that it had, with or without a guard, in the environment that guarded it, or in one
    that was asked for where none did, with npm's settings as they were.
    """
    job, before = new.step.job, old.step.job
    asked = after.prefers("added-environment")
    return (
        old.names is not None
        and (old.tool, old.names, old.options) == (new.tool, new.names, new.options)
        and before.id in job.needs
        and asks_as_before(old.step, new.step, text_of(job.node.get("if")))
        and new.step.condition is None
        and (_environment(job) == _environment(before) or (asked and not _environment(before)))
        and _settings(old.step) == _settings(new.step)
    )


def _environment(job: Job) -> Data:
    node = job.node.get("environment")
    return plain(node) if node is not None else ""


def _settings(step: Step) -> dict[str, str]:
    """npm's settings in the environment of a step."""
    seen = visible_at(step).items()
    return {name: variable.value for name, variable in seen if name.lower().startswith("npm_config_")}


def _other_registries(before: Model, after: Model) -> None:
    """Publishing to other registries keeps every token it had, and runs whenever it did."""
    now = _foreign(after)
    for key, old in _foreign(before).items():
        path = outermost(old).job.workflow.path
        new = now.get(key)
        if new is None:
            raise fault(path, f"step `{old.label}`, which publishes to another registry, would be gone")
        if {token.name for token in tokens_at(old)} - {token.name for token in tokens_at(new)}:
            raise fault(path, f"step `{old.label}` publishes to another registry and would lose its token")
        what = f"step `{old.label}`, which publishes to another registry,"
        _reach(_ways(outermost(old), before), _ways(outermost(new), after), path, what)


def _foreign(model: Model) -> dict[tuple[str, str, str, int], Step]:
    """Steps that publish elsewhere, by workflow, job, commands, and their number among equal ones."""
    found: dict[tuple[str, str, str, int], Step] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for step in _foreign_steps(model):
        commands = "\n".join(each.command for each in commands_that_publish(step))
        job = outermost(step).job
        key = (_path(job.workflow, model), job.id, commands)
        found[(*key, seen[key])] = step
        seen[key] += 1
    return found


def _foreign_steps(model: Model) -> list[Step]:
    ours = {publication.within.key for publication in model.publications}
    return [
        step
        for workflow in model.repository.workflows.values()
        for outer in workflow.steps()
        for step in flattened(outer, model.repository)
        if step.run is not None and any(commands_that_publish(step)) and step.key not in ours
    ]


def _scopes(before: Model, after: Model) -> None:
    """No job loses a scope that its YAML granted, but one that does not publish any more the scope for that."""
    idle = _publishing(before) - _publishing(after)
    now = {_job(job, after): job for job in _jobs(after)}
    for job in _jobs(before):
        declared, new = job.declared, now.get(_job(job, before))
        if declared is None or new is None:
            continue
        scopes = {**declared.scopes, **(new.declared.scopes if new.declared else {}), "contents": "", "packages": ""}
        for scope in scopes:
            level = new.declared.level(scope) if new.declared else None
            if scope == "id-token" and _job(job, before) in idle:
                continue
            if RANK[declared.level(scope) or "none"] > RANK[level or "none"]:
                raise fault(job.workflow.path, f"job `{job.id}` would lose the scope {scope}")


def _publishing(model: Model) -> set[tuple[str, str]]:
    """The jobs that publish."""
    return {_job(publication.step.job, model) for publication in model.publications}


def _job(job: Job, model: Model) -> tuple[str, str]:
    """A job by the path of its workflow and its id."""
    return _path(job.workflow, model), job.id


def _jobs(model: Model) -> Iterator[Job]:
    for workflow in model.repository.workflows.values():
        yield from workflow.jobs


def _calls(before: Model, after: Model) -> None:
    """No call of a local workflow or action hands over what is not declared any more, or leaves out what is wanted."""
    was = {
        (each.what, before.repository.on_disk(each.path), before.repository.on_disk(each.called))
        for each in broken_calls(before.repository)
    }
    for each in sorted(broken_calls(after.repository)):
        path, called = after.repository.on_disk(each.path), after.repository.on_disk(each.called)
        if (each.what, path, called) not in was:
            raise fault(path, f"{each.what} in {called}")


def _containers(before: Model, after: Model) -> None:
    """No mapping, sequence or script is left with nothing in it: GitHub rejects such a workflow."""
    was = {_path(workflow, before): workflow for workflow in before.repository.workflows.values()}
    for path, workflow in after.repository.workflows.items():
        old = was.get(_path(workflow, after))
        if old is None or old.document.source is workflow.document.source:
            continue
        if _empty(workflow.document.root) > _empty(old.document.root):
            raise fault(path, "a mapping, sequence or script would be left empty")


def _empty(node: Node) -> int:
    """How many containers below a node hold nothing."""
    count = 0
    for key, value in () if node.alias else node.children():
        hollow = not (value.pairs or value.items or value.text)
        count += key in CONTAINERS and hollow and (value.value is None or value.text == "")
        count += _empty(value)
    return count
