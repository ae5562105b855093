"""Point 6 of the proof, on what the patched repository means: nothing that published stops being able to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tp_fix.models.credentials import tokens_at
from tp_fix.models.model import Model
from tp_fix.models.permissions import RANK
from tp_fix.models.publication import Publication, commands_that_publish
from tp_fix.models.registry import Registry
from tp_fix.models.workflow import Job, Step
from tp_fix.node import Node
from tp_fix.proof import fault

PULL_REQUESTS = frozenset({"pull_request", "pull_request_target", "pull_request_review"})
CONTAINERS = frozenset({"env", "with", "steps", "jobs", "permissions", "secrets", "run"})
READINESS = {False: 0, None: 1, True: 2}


def prove_model(before: Model, after: Model) -> None:
    """Raises OurFault, which names the file and what it would have lost."""
    _publications(before, after)
    _other_registries(before, after)
    _scopes(before, after)
    _containers(before, after)


def _keyed(model: Model) -> dict[tuple[str, str, str, int], Publication]:
    """Publications by workflow, job, command, and their number among equal ones: steps may come and go around them."""
    found: dict[tuple[str, str, str, int], Publication] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for publication in model.publications:
        key = (publication.workflow.path, publication.step.job.id, publication.command)
        found[(*key, seen[key])] = publication
        seen[key] += 1
    return found


def _publications(before: Model, after: Model) -> None:
    now = _keyed(after)
    for key, old in _keyed(before).items():
        path = old.workflow.path
        new = now.get(key)
        if new is None:
            raise fault(path, f"the publication `{old.command}` of job `{old.step.job.id}` would be gone")
        if old.names != new.names or not _same_registry(old.registry, new.registry):
            raise fault(path, f"`{old.command}` would publish something else, or elsewhere")
        if old.workflow.events.keys() - PULL_REQUESTS - new.workflow.events.keys():
            raise fault(path, f"an event that reaches `{old.command}` would be gone")
        if READINESS[new.ready] < READINESS[old.ready]:
            raise fault(path, f"`{old.command}` would be less ready for trusted publishing than before")
        if tokens_at(old.step) and not tokens_at(new.step) and new.ready is not True:
            raise fault(path, f"`{old.command}` would be left without any credential")


def _same_registry(old: Registry, new: Registry) -> bool:
    """Whether nothing is lost of what was known. The public registry is the same however it is written.

    One that was not known may come to be, as the public one: where a line goes that was suspected to set another one,
    and only printed something.
    """
    if old.public is True:
        return new.public is True
    return old == new or (old.public is None and new.public is not False)


def _other_registries(before: Model, after: Model) -> None:
    """Publishing to other registries keeps every token it had."""
    now = _foreign(after)
    for key, old in _foreign(before).items():
        path = old.job.workflow.path
        new = now.get(key)
        if new is None:
            raise fault(path, f"step `{old.label}`, which publishes to another registry, would be gone")
        if {token.name for token in tokens_at(old)} - {token.name for token in tokens_at(new)}:
            raise fault(path, f"step `{old.label}` publishes to another registry and would lose its token")


def _foreign(model: Model) -> dict[tuple[str, str, str, int], Step]:
    """Steps that publish elsewhere, by workflow, job, commands, and their number among equal ones."""
    found: dict[tuple[str, str, str, int], Step] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for step in _foreign_steps(model):
        commands = "\n".join(each.command for each in commands_that_publish(step))
        key = (step.job.workflow.path, step.job.id, commands)
        found[(*key, seen[key])] = step
        seen[key] += 1
    return found


def _foreign_steps(model: Model) -> list[Step]:
    ours = {(publication.workflow.path, publication.route) for publication in model.publications}
    return [
        step
        for workflow in model.repository.workflows.values()
        for step in workflow.steps()
        if step.run is not None and any(commands_that_publish(step)) and (workflow.path, step.route) not in ours
    ]


def _scopes(before: Model, after: Model) -> None:
    """No job loses a scope that its YAML granted."""
    now = {(job.workflow.path, job.id): job for job in _jobs(after)}
    for job in _jobs(before):
        declared, new = job.declared, now.get((job.workflow.path, job.id))
        if declared is None or new is None:
            continue
        scopes = {**declared.scopes, **(new.declared.scopes if new.declared else {}), "contents": "", "packages": ""}
        for scope in scopes:
            level = new.declared.level(scope) if new.declared else None
            if RANK[declared.level(scope) or "none"] > RANK[level or "none"]:
                raise fault(job.workflow.path, f"job `{job.id}` would lose the scope {scope}")


def _jobs(model: Model) -> Iterator[Job]:
    for workflow in model.repository.workflows.values():
        yield from workflow.jobs


def _containers(before: Model, after: Model) -> None:
    """No mapping, sequence or script is left with nothing in it: GitHub rejects such a workflow."""
    for path, workflow in after.repository.workflows.items():
        old = before.repository.workflows.get(path)
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
