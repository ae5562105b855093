"""How far a publication lies open: which untrusted events reach it, and what speaks for its being meant so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from tp_fix.facts.events import UNTRUSTED
from tp_fix.models.grants import callers_of
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.running.script import script_of_step
from tp_fix.models.when.evaluation import template
from tp_fix.models.when.events import FORK, Scene, Variant
from tp_fix.models.when.guards import Holder, guarded, step_in, with_conditions
from tp_fix.models.when.reach import Way, context_of, ways_to
from tp_fix.models.when.values import Object, Unknown, to_text
from tp_fix.models.workflow import Job, Step

DRY_RUN = re.compile(r"--dry-run(?!=false)\b")
VARIABLE = re.compile(r"\$\{?(\w+)\}?")
MEANT = re.compile(
    r"\bmerged\b|label|head\.repo|head_ref|head\.ref|workflow_run\.(?:conclusion|head)|head_repository"
    r"|author_association|comment\.body|review\.|github\.(?:triggering_)?actor|pull_request\.(?:head|user|draft|title)",
    re.IGNORECASE,
)
"""What a condition speaks of when its author has thought of pull requests."""
PREVIEW = re.compile(
    r"(?<![a-z])(?:prs?|pull[-_ ]?requests?|previews?|canary|snapshots?|nightly)(?![a-z])", re.IGNORECASE
)
TAG = re.compile(r"--tag[= ]+[\"']?((?:\$\{\{.*?\}\}|[^\s\"'])+)")
BRANCHES = re.compile(r"(?:^|[\s;&|])(?:if|elif|else|case|test|exit|return|\[\[?)\s", re.MULTILINE)
"""Words of a script that takes one way or another."""
ENDS = re.compile(r"\b(?:exit|return)\b")
SELF_DECIDING = re.compile(
    r"GITHUB_(?:EVENT_NAME|REF|REF_NAME|HEAD_REF|BASE_REF|EVENT_PATH)\b"
    r"|github\.(?:event_name|ref|ref_name|ref_type|head_ref|base_ref|event)\b"
)
"""What a script looks at when it decides by itself on which events it publishes."""


class Exposure(NamedTuple):
    """`ways` are all ways to the publication, `open` those of untrusted events in which it publishes or may do so.

    `trusted`: none of the open ones is there for somebody without write access.
    """

    publication: Publication
    ways: tuple[Way, ...]
    open: tuple[Way, ...]
    trusted: bool

    @property
    def step(self) -> Step:
        return self.publication.step

    @property
    def events(self) -> tuple[str, ...]:
        """The untrusted events that reach it, in the order of the workflow."""
        return tuple(dict.fromkeys(way.variant.event for way in self.open))

    @property
    def origins(self) -> tuple[str, ...]:
        """Where the runs come from that a `workflow_run` follows."""
        return tuple(dict.fromkeys(way.variant.detail for way in self.open if way.variant.event == "workflow_run"))

    @property
    def others(self) -> bool:
        """Whether an event that is not untrusted reaches it too."""
        return any(way.runs is not False and not untrusted(way.variant) for way in self.ways)


def untrusted(variant: Variant) -> bool:
    """Whether what it runs can come from somebody without write access."""
    if variant.event == "workflow_run":
        return variant.detail in UNTRUSTED
    return variant.event in UNTRUSTED


def exposure_of(publication: Publication, repository: Repository) -> Exposure:
    """How far a publication lies open."""
    step = publication.step
    ways = tuple(ways_to(step, repository, Scene(repository.name)))
    found = tuple(
        way
        for way in ways
        if way.runs is not False and untrusted(way.variant) and not _dry_run(publication, way.variant)
    )
    strange = ways_to(step, repository, Scene(repository.name, stranger=True)) if found else []
    keys = {way.variant.key for way in found}
    trusted = bool(found) and all(way.runs is False for way in strange if way.variant.key in keys)
    return Exposure(publication, ways, found, trusted)


def _dry_run(publication: Publication, variant: Variant) -> bool:
    """Whether its words, as they are in a variant, make it a dry run."""
    if publication.certain:
        return False
    context = context_of(publication.step, variant)
    found = template(publication.command, context)
    text = found if isinstance(found, str) else found.prefix if isinstance(found, Unknown) else ""
    env = context.names["env"]
    for name in VARIABLE.findall(publication.command):
        value = to_text(env.get(name)) if isinstance(env, Object) else ""
        text += f" {value}" if isinstance(value, str) else ""
    return DRY_RUN.search(text) is not None


def conditions_around(step: Step, repository: Repository) -> str:
    """The text of every condition that decides about a step: its own, its job's, those of all that the job needs.

    Those of the jobs that call its workflow count too, and of what they need.
    """
    found: dict[tuple[str, str], Job] = {}
    pending = [step.job]
    while pending:
        job = pending.pop()
        if (job.workflow.path, job.id) not in found:
            found[(job.workflow.path, job.id)] = job
            pending += [other for other in job.workflow.jobs if other.id in job.needs]
            pending += callers_of(job.workflow, repository)
    return "\n".join(filter(None, [step.condition, *(job.condition for job in found.values())]))


def meant(exposure: Exposure, repository: Repository) -> str:
    """Why it looks as if somebody wanted it so, in a phrase; '' when nothing does."""
    conditions = conditions_around(exposure.step, repository)
    if match := MEANT.search(conditions):
        return f"a condition speaks of `{match.group()}`"
    for event in exposure.events:
        if f"'{event}'" in conditions:
            return f"a condition names `{event}`"
    for event in exposure.events:
        activities = {way.variant.detail for way in exposure.open if way.variant.event == event}
        if "pull_request" in event and not activities & {"opened", "synchronize", "submitted", "created", ""}:
            return f"it runs when a pull request is {' or '.join(sorted(activities))}"
    return ""


def preview(publication: Publication) -> str:
    """Why a publication looks like a preview of a pull request, in a phrase; '' when it does not."""
    before = (publication.step.run or "")[: publication.offset]
    command = publication.command
    tag = TAG.search(command)
    if tag is not None and tag[1] != "latest":
        return f"publishes under the tag {tag[1]}"
    names = f"{publication.step.node.get('name') and publication.step.label} {publication.step.job.id}"
    for text in (command, *re.findall(r"version[^\n]*", before), names):
        if match := PREVIEW.search(text):
            return f"says `{match.group()}`"
    return ""


def decides(publication: Publication) -> bool:
    """Whether its script looks by itself at the event or the ref before it publishes."""
    return conditional(publication) and SELF_DECIDING.search(publication.step.run or "") is not None


def conditional(publication: Publication) -> bool:
    """Whether its script may end, or go another way, before it publishes."""
    script = script_of_step(publication.step)
    if script.unread:
        return True
    before = (publication.step.run or "")[: publication.offset]
    own = [command for command in script.commands if command.span.start == publication.offset]
    return (
        BRANCHES.search(before) is not None
        if any(not command.top for command in own)
        else ENDS.search(before) is not None
    )


def undecided(publication: Publication) -> str:
    """Why nobody can say from here whether it publishes when its step runs, in a phrase; '' when it does."""
    if conditional(publication):
        return "its script decides at run time"
    if publication.certain is None and re.search("dry", publication.step.run or "", re.IGNORECASE):
        return "it may be a dry run there"
    return ""


def guard_against(exposures: Iterable[Exposure]) -> str:
    """The condition that shuts out what is open; a run that follows another is judged by where that one came from."""
    found: dict[str, None] = {}
    for exposure in exposures:
        for event in exposure.events:
            if event != "workflow_run":
                found[f"github.event_name != '{event}'"] = None
        for origin in exposure.origins:
            found[f"github.event.workflow_run.event != '{origin}'"] = None
    return " && ".join(found)


def shuts(holder: Holder, guard: str, exposure: Exposure, repository: Repository) -> bool:
    """Whether the guard makes every open way a certain no, and leaves all others exactly as they are."""
    opened = {way.variant.key for way in exposure.open}
    after = _ways_with(holder, guard, exposure, repository, Scene(repository.name))
    wanted = {way.variant.key: False if way.variant.key in opened else way.runs for way in exposure.ways}
    return after == wanted


def shuts_forks(holder: Holder, guard: str, exposure: Exposure, repository: Repository) -> bool:
    """Whether the guard keeps a fork's pushes and schedules out, and changes nothing at home."""
    home = _ways_with(holder, guard, exposure, repository, Scene(repository.name))
    fork = _ways_with(holder, guard, exposure, repository, FORK)
    same = home == {way.variant.key: way.runs for way in exposure.ways}
    return same and all(runs is False for key, runs in (fork or {}).items() if by_itself(key))


def by_itself(key: tuple[str, ...]) -> bool:
    """Whether a variant starts in a fork without anybody meaning a release: a push to a branch, a schedule."""
    return key[:2] == ("push", "branch") or key[0] == "schedule"


def reach_in_forks(publication: Publication, repository: Repository) -> list[Way]:
    """The ways in which a push to a fork, or its clock, may start the publication."""
    ways = ways_to(publication.step, repository, FORK)
    return [way for way in ways if way.runs is not False and by_itself(way.variant.key)]


def _ways_with(
    holder: Holder, guard: str, exposure: Exposure, repository: Repository, scene: Scene
) -> dict[tuple[str, ...], bool | None] | None:
    text = guarded(holder.condition, guard)
    after = with_conditions(repository, [(holder, text)]) if text is not None else None
    step = step_in(after, exposure.step) if after is not None else None
    if step is None or after is None:
        return None
    return {way.variant.key: way.runs for way in ways_to(step, after, scene)}
