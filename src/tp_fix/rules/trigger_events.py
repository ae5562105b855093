"""The parts of `publish-trigger` that look at `on:` itself and at forks."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import AddKey, Change, RemoveItem, RemoveKeys, SetValue
from tp_fix.models.model import Model
from tp_fix.models.when.guards import guard_changes, place_of
from tp_fix.models.when.untrusted import Exposure, conditions_around, reach_in_forks, shuts_forks
from tp_fix.models.workflow import Workflow
from tp_fix.node import Node
from tp_fix.rule import Applicability, FileChange, Finding, Fix

CHECKS = "that no required check hangs on them"
ONCE = ({"released", "prereleased"},)
"""Activity types that never come together for one release, though there are several."""
AFTERWARDS = {"edited", "deleted", "unpublished"}


def without_events(group: list[Exposure], events: list[str]) -> Fix:
    """The events leave `on:`, and with them all that the workflow did on them."""
    workflow = group[0].publication.workflow
    named = " and ".join(f"`{event}`" for event in events)
    title = f"take {named} out of `on:`"
    if any(way.variant.callers for exposure in group for way in exposure.open):
        return Fix(title, (), Applicability.DISPLAY, "the events are those of the workflows that call this one")
    planned = tuple(FileChange(workflow.path, change) for change in _removal(workflow, events))
    if not planned:
        return Fix(title, (), Applicability.DISPLAY, "nothing would be left in `on:`")
    before = _leading_to({exposure.step.job.id for exposure in group}, workflow)
    others = [f"`{job.id}`" for job in workflow.jobs if job.id not in before]
    if others:
        reason = f"job {', '.join(others)} would lose the trigger too; move what publishes to a workflow of its own"
        return Fix(title, planned, Applicability.DISPLAY, reason)
    lost = sorted(f"`{name}`" for name in before - {exposure.step.job.id for exposure in group})
    also = f", and that {', '.join(lost)} may go without that trigger" if lost else ""
    subject = f"do not start the release on {' and '.join(events)}"
    return Fix(title, planned, Applicability.UNSAFE, f"it assumes {CHECKS}{also}", subject)


def _removal(workflow: Workflow, events: list[str]) -> Iterator[Change]:
    """In a sequence the last place goes first, so that the places before it stay."""
    node = workflow.document.root.get("on")
    if node is None or set(workflow.events) <= set(events):
        return
    if node.pairs is not None:
        yield RemoveKeys(("on",), tuple(event for event in events if event in node.keys))
    for at in range(len(node.items or []) - 1, -1, -1):
        if (node.items or [])[at].text in events:
            yield RemoveItem(("on", at))


def _leading_to(names: set[str], workflow: Workflow) -> set[str]:
    """The jobs named, and all that they need."""
    jobs = {job.id: job for job in workflow.jobs}
    found: set[str] = set()
    pending = sorted(names)
    while pending:
        name = pending.pop()
        if name in jobs and name not in found:
            found.add(name)
            pending += jobs[name].needs
    return found


def release_notes(exposures: list[Exposure], model: Model) -> Iterator[Finding]:
    """A note for each workflow whose publication one release starts several times."""
    seen: set[str] = set()
    for exposure in exposures:
        workflow = exposure.publication.workflow
        ways = [way for way in exposure.ways if way.variant.event == "release" and not way.variant.callers]
        types = {way.variant.detail for way in ways if way.runs is not False}
        often = (len(types) > 1 and types not in ONCE) or types & AFTERWARDS
        if workflow.path in seen or not often:
            continue
        seen.add(workflow.path)
        listed = ", ".join(way.variant.detail for way in ways if way.variant.detail in types)
        message = f"one release starts `{exposure.publication.command}` more than once: on {listed}"
        mine = [other for other in exposures if other.publication.workflow.path == workflow.path]
        fix = _published_only(workflow, mine, model) if model.prefers("restricted-trigger") else None
        yield Finding("publish-trigger", "note", workflow.path, ("on",), message, fix)


def _published_only(workflow: Workflow, exposures: list[Exposure], model: Model) -> Fix:
    title = "start it when a release is published, and then only: `types: published`"
    node = workflow.document.root.get("on")
    release = node.get("release") if node is not None else None
    if release is None:
        return Fix(title, (), Applicability.DISPLAY, "`on:` has to be written as a mapping for that")
    if not all(_starts_when_published(exposure, model) for exposure in exposures):
        return Fix(title, (), Applicability.DISPLAY, "a condition asks for another type")
    planned = tuple(FileChange(workflow.path, change) for change in _narrowed(release.get("types")))
    reason = "it assumes that releases are published, not left as drafts, and that nothing waits for the other types"
    return Fix(title, planned, Applicability.UNSAFE, reason, "publish once for each release on GitHub")


def _starts_when_published(exposure: Exposure, model: Model) -> bool:
    """Whether publishing a release starts it as surely as any other type does, or would if it were listed."""
    runs = {way.variant.detail: way.runs for way in exposure.ways if way.variant.event == "release"}
    if "published" in runs:
        return runs["published"] is True or set(runs.values()) <= {runs["published"], False}
    return "action" not in conditions_around(exposure.step, model.repository)


def _narrowed(types: Node | None) -> Iterator[Change]:
    """`published` is what stays of the types, or what is written in the place of the first."""
    if types is None:
        yield AddKey(("on", "release"), "types", "published")
        return
    names = [item.text for item in types.items or []]
    kept = names.index("published") if "published" in names else 0
    if "published" not in names:
        yield SetValue(("on", "release", "types", 0) if names else ("on", "release", "types"), "published")
    for at in range(len(names) - 1, -1, -1):
        if at != kept:
            yield RemoveItem(("on", "release", "types", at))


def fork_notes(exposures: list[Exposure], model: Model) -> Iterator[Finding]:
    """One note for each job that a fork starts by itself."""
    jobs: dict[tuple[str, str], list[Exposure]] = {}
    events: dict[tuple[str, str], dict[str, None]] = {}
    for exposure in exposures:
        if ways := reach_in_forks(exposure.publication, model.repository):
            job = exposure.step.job
            jobs.setdefault((job.workflow.path, job.id), []).append(exposure)
            events.setdefault((job.workflow.path, job.id), {}).update({way.variant.event: None for way in ways})
    for (path, name), group in jobs.items():
        named = " and ".join(f"`{event}`" for event in events[path, name])
        message = f"in a fork, job `{name}` would try to publish on {named}, and fail"
        fix = _fork_guard(group, model) if model.prefers("fork-guard") else None
        yield Finding("publish-trigger", "note", path, group[0].step.job.route, message, fix)


def _fork_guard(group: list[Exposure], model: Model) -> Fix:
    name = model.repository.name
    title = f"let job `{group[0].step.job.id}` publish in this repository alone"
    if name is None:
        return Fix(title, (), Applicability.DISPLAY, "the repository's name is not known: say it with --repository")
    guard = f"github.repository == '{name}'"
    path = group[0].publication.workflow.path
    planned: list[FileChange] = []
    for exposure in group:
        holder = place_of(exposure.step)
        changes = guard_changes(holder, guard)
        if changes is None or not shuts_forks(holder, guard, exposure, model.repository):
            return Fix(title, (), Applicability.DISPLAY, "the conditions that are there do not allow it")
        planned += [found for change in changes if (found := FileChange(path, change)) not in planned]
    assumed = "" if model.repository.given else f", and that {name} is still its name"
    reason = f"it assumes that no other repository is meant to publish{assumed}"
    return Fix(title, tuple(planned), Applicability.UNSAFE, reason, "publish from this repository alone")
