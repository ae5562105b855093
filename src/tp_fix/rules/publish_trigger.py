"""The rule `publish-trigger`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import SetValue
from tp_fix.facts.events import PULL_REQUESTS, STRANGERS, UNTRUSTED
from tp_fix.models.model import Model
from tp_fix.models.publishing.found import commands_that_publish
from tp_fix.models.when.beside import prepares, set_free
from tp_fix.models.when.evaluation import always_true
from tp_fix.models.when.guards import Holder, guard_changes, place_of, tests, unwrapped
from tp_fix.models.when.untrusted import (
    Exposure,
    conditional,
    decides,
    exposure_of,
    guard_against,
    meant,
    preview,
    shuts,
    undecided,
)
from tp_fix.models.workflow import Step
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Finding, Fix, Severity, rule
from tp_fix.rules.trigger_events import fork_notes, release_notes, without_events

NAMED = 3
"""So many of what waits for a publish are named."""
ADVICE = "add `github.event.workflow_run.event == 'push'` to its condition if it is to follow pushes alone"


@rule("publish-trigger", precedence=70)
def publish_trigger(model: Model) -> Iterator[Finding]:
    """What publishes must not run for a pull request, or for somebody's comment.

    A publish that a pull request reaches puts unreviewed code on the registry. Under `pull_request` a fork's run gets
    neither secrets nor an identity token, so it only fails, but a branch of this repository publishes. Under
    `pull_request_target`, `workflow_run`, `issue_comment` and their like the run has this repository's own context, its
    secrets and its identity, whoever caused it: anybody can publish.

    ## What is found

    Every publication is followed through the events of its workflow and of the workflows that call it, the jobs that
    its job needs, and the conditions on the way. These are evaluated as GitHub does, once for each event and activity
    type, with that event's own `github.ref` (under `pull_request_target` it is the base branch's). A publication that
    an untrusted event reaches, or may reach, is found.

    A condition that is text around `${{ }}`, like `${{ always() }} && x`, is a string; a string that is not empty is
    true, whatever `x` says. On a job or step that publishes it is found too.

    Two things get a note: a release whose activity types start the publication more than once, and a job that a push
    to a fork, or a fork's schedule, would start.

    ## What the fix does

    The step or its job gets one more condition, `github.event_name != 'pull_request'`: on the step if that has an `if`;
    else on the job if it is a job of its own for releasing; else on the step. With it the conditions are evaluated
    again. The fix is made only if every untrusted event is then certainly shut out and all others are as before.

    It is safe for a plain publish. It asks for `--unsafe` where the publish looks like a preview of pull requests (a
    tag of its own, a name), may be a dry run, or hangs on something that is known only at run time; where its step
    does something else too, and where steps or jobs wait for it: a publish that fails stops them, one that is left out
    does not. It is only shown
    where a condition speaks of merging, labels, forks, people or comments, where nothing else would start the
    publication any more, and where its script tests too.

    With `--prefer restricted-trigger` the event leaves `on:` instead, and a release is narrowed to
    `types: published`; that asks for `--unsafe`, as required checks can hang on a trigger. With `--prefer fork-guard`
    jobs that a fork would start get `github.repository == 'owner/name'`.

    ## What it leaves alone

    `workflow_dispatch`, `schedule`, `push` and `release` are trusted: they ask for write access. So is a `workflow_run`
    behind workflows that no pull request starts. A script that looks at the event by itself gets a note.

    Source: GitHub's documentation on events that trigger workflows and on evaluating expressions; S actions/runner.
    """
    exposures = [exposure_of(publication, model.repository) for publication in model.publications]
    yield from _always_true(exposures)
    groups: dict[tuple[str, Route], list[Exposure]] = {}
    for exposure in exposures:
        if exposure.open:
            holder = place_of(exposure.step)
            groups.setdefault((exposure.publication.workflow.path, holder.route), []).append(exposure)
    for group in groups.values():
        yield _finding(group, model)
    yield from release_notes(exposures, model)
    yield from fork_notes(exposures, model)


def _always_true(exposures: list[Exposure]) -> Iterator[Finding]:
    seen = set()
    for exposure in exposures:
        holders: tuple[Holder, ...] = (exposure.step.job, exposure.step)
        for holder in holders:
            path, text = exposure.publication.workflow.path, holder.condition or ""
            if (path, holder.route) in seen or not always_true(text):
                continue
            seen.add((path, holder.route))
            what = f"step `{holder.label}`" if isinstance(holder, Step) else f"job `{holder.id}`"
            said = (
                f"the `if` of {what} is always true: text around `${{{{ }}}}` makes a string, and that is never empty"
            )
            yield Finding("publish-trigger", "warning", path, (*holder.route, "if"), said, _whole(path, holder))


def _whole(path: str, holder: Holder) -> Fix | None:
    text = unwrapped(holder.condition or "")
    if not text:
        return None
    change = FileChange(path, SetValue((*holder.route, "if"), text))
    reason = "from then on the condition counts, which it never did: look at what it would stop"
    return Fix(f"write it without the braces: `{' '.join(text.split())}`", (change,), Applicability.DISPLAY, reason)


def _finding(group: list[Exposure], model: Model) -> Finding:
    first = group[0]
    holder = place_of(first.step)
    path = first.publication.workflow.path
    said = f"{_commands(group)} of job `{first.step.job.id}` {_reach(group)}"
    unclear = undecided(first.publication)
    if not STRANGERS & set(_events(group)) and all(undecided(exposure.publication) for exposure in group):
        return Finding("publish-trigger", "note", path, holder.route, f"{said}: {unclear}")
    message = f"{said}: {_consequence(group)}"
    return Finding("publish-trigger", _severity(group), path, holder.route, message, _fix(group, holder, model))


def _commands(group: list[Exposure]) -> str:
    names = list(dict.fromkeys(f"`{exposure.publication.command}`" for exposure in group))
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _events(group: list[Exposure]) -> list[str]:
    return list(dict.fromkeys(event for exposure in group for event in exposure.events))


def _named(events: list[str]) -> str:
    *most, last = [f"`{event}`" for event in events]
    return f"{', '.join(most)} and {last}" if most else last


def _reach(group: list[Exposure]) -> str:
    ways = [way for exposure in group for way in exposure.open]
    sure = any(way.runs and not undecided(exposure.publication) for exposure in group for way in exposure.open)
    word = "runs" if sure else "may run"
    callers = list(dict.fromkeys(way.variant.callers[-1] for way in ways if way.variant.callers))
    through = f", called by {callers[0].replace(' ', ', job `', 1)}`" if callers else ""
    return f"{word} on {_named(_events(group))}{through}"


def _consequence(group: list[Exposure]) -> str:
    events = _events(group)
    if all(exposure.trusted for exposure in group):
        fork = "; a merged pull request of a fork has neither secrets nor an identity token, and its release fails"
        return "somebody with write access let it in" + (fork if "pull_request" in events else "")
    if any(exposure.trusted for exposure in group):
        return "not every way there asks for write access"
    if "workflow_run" in events:
        return (
            "a pull request's run is followed by one with this repository's own secrets and identity; a `branches` "
            "filter does not help, as a fork's branch can have any name"
        )
    if STRANGERS & set(events):
        return "anybody can cause that, and it runs with this repository's own secrets and identity"
    return (
        "unreviewed code of a branch would be published; a fork's pull request gets neither secrets nor an identity "
        "token, and fails"
    )


def _severity(group: list[Exposure]) -> Severity:
    if all(exposure.trusted for exposure in group):
        return "note"
    return "error" if STRANGERS & set(_events(group)) else "warning"


def _fix(group: list[Exposure], holder: Holder, model: Model) -> Fix:
    path = group[0].publication.workflow.path
    guard = guard_against(group)
    changes = guard_changes(holder, guard)
    events = _events(group)
    subject = f"do not publish on {events[0] if len(events) == 1 else 'untrusted events'}"
    title = f"keep {_commands(group)} from running on {_named(_events(group))}: `{guard}`"
    planned = tuple(FileChange(path, change) for change in changes or ())
    if reason := _obstacle(group, holder, model):
        return Fix(title, planned, Applicability.DISPLAY, reason)
    if model.prefers("restricted-trigger") and set(_events(group)) <= PULL_REQUESTS:
        return without_events(group, _events(group))
    if changes is None:
        return Fix(title, planned, Applicability.DISPLAY, "the `if` that is there is no text to add to")
    if not all(shuts(holder, guard, exposure, model.repository) for exposure in group):
        reason = "with that condition something else would change as well, or not enough; see how it is meant"
        return Fix(title, planned, Applicability.DISPLAY, reason)
    assumed = [*_assumptions(group), *_beside(group, holder, model)]
    if assumed:
        return Fix(title, planned, Applicability.UNSAFE, "it assumes " + "; ".join(assumed), subject)
    return Fix(title, planned, Applicability.SAFE, subject=subject)


def _obstacle(group: list[Exposure], holder: Holder, model: Model) -> str:
    """What keeps the fix from being made."""
    trusted = {way.variant.event for exposure in group for way in exposure.ways if way.runs is not False}
    if "workflow_run" in _events(group) and not trusted - UNTRUSTED:
        return f"nothing but other workflows' runs starts it, so that is meant; {ADVICE}"
    if always_true(group[0].step.condition) or always_true(group[0].step.job.condition):
        return "its condition is always true, which has to be mended first"
    for exposure in group:
        if why := meant(exposure, model.repository):
            return f"{why}, so it looks meant; see whether it is as strict as it should be"
        if decides(exposure.publication):
            return "its script looks at the event or the ref by itself; see whether it stops there"
    if not all(exposure.others for exposure in group):
        why = next(filter(None, (preview(exposure.publication) for exposure in group)), "")
        looks = f"; it {why}, so it looks meant" if why else ""
        return f"no other event starts it, and it would never run again{looks}"
    if isinstance(holder, Step) and tests(holder):
        return "its script does more that pull requests want; publish in a step of its own first"
    return ""


def _beside(group: list[Exposure], holder: Holder, model: Model) -> Iterator[str]:
    """What else changes with the guard: what the step does besides, and what waits for it."""
    if not isinstance(holder, Step):
        return
    named = _named(_events(group))
    if not prepares(holder) or len(list(commands_that_publish(holder))) > len(group):
        yield f"that nothing else in its step is wanted on {named}"
    variants = [way.variant for exposure in group for way in exposure.open]
    publishing = [publication.step for publication in model.published_in(holder.job.workflow)]
    if free := set_free(holder, publishing, variants, model.repository):
        more = f" and {len(free) - NAMED} more" if len(free) > NAMED else ""
        yield f"that what waits for it may run on {named} without it: {', '.join(free[:NAMED])}{more}"


def _assumptions(group: list[Exposure]) -> list[str]:
    found: dict[str, None] = {}
    for exposure in group:
        publication = exposure.publication
        if why := preview(publication):
            found[f"that nothing is meant to be published from pull requests, though it {why}"] = None
        if publication.certain is not True or publication.registry.public is not True:
            found[f"that `{publication.command}` publishes to npm's public registry"] = None
        if conditional(publication) or not any(way.runs for way in exposure.open):
            found[
                "that nothing is meant to be published from pull requests: what decides is known only at run time"
            ] = None
        if "workflow_run" in exposure.events:
            found["that it is not meant to follow pull requests' runs"] = None
    return list(found)
