"""One round's plan: every fix once, under its status, and the edits of those that are carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from tp_fix.change import Change, RenameFile
from tp_fix.edit import Lowered, check_disjoint
from tp_fix.errors import CannotEdit
from tp_fix.formats import Document, format_of
from tp_fix.models.repository import Repository
from tp_fix.node import Route
from tp_fix.patch import Draft, Patch
from tp_fix.rule import Applicability, Finding, Fix, Rule, Stage
from tp_fix.source import Source

Status = Literal["planned", "applied", "held-back", "display-only", "refused", "conflict", "declined", "later"]


class Entry(NamedTuple):
    """A finding and what becomes of its fix: `status` is None without one, `reason` says why it is not planned."""

    finding: Finding
    status: Status | None = None
    reason: str = ""


@dataclass
class Plan:
    """A round: its entries in the order of the findings, and its patches by path.

    `growth` holds, for each rule in the order of precedence, what `patches` had become when that rule had been served.
    """

    entries: list[Entry] = field(default_factory=list)
    patches: dict[str, Patch] = field(default_factory=dict)
    growth: dict[str, dict[str, Patch]] = field(default_factory=dict)


class Offer(NamedTuple):
    """A fix that could be carried out: what it does to each file as the round found it, taken by itself."""

    finding: Finding
    document: Document
    files: tuple[tuple[Source, Source], ...]


class Limits(NamedTuple):
    """What a run may do: the least applicability that is carried out, which paths may change, what is reported on.

    `forbidden` answers why a path may not be edited, '' when it may; `about`, whether a place is reported on. `ignores`
    and `leveled` are what the settings say of a finding, `accepts` what a person says to a fix. `stage` is the one half
    of the migration that is carried out, None for both.
    """

    threshold: Applicability = Applicability.SAFE
    forbidden: Callable[[str], str] = lambda path: ""
    about: Callable[[str, Route], bool] = lambda path, route: True
    ignores: Callable[[Finding], bool] = lambda finding: False
    leveled: Callable[[Finding], Finding] = lambda finding: finding
    accepts: Callable[[Offer], bool] | None = None
    stage: Stage | None = None


def on_disk(finding: Finding, repository: Repository) -> Finding:
    """The finding in the file as it is called on disk."""
    return finding._replace(path=repository.on_disk(finding.path))


def plan(repository: Repository, findings: Sequence[Finding], rules: Iterable[Rule], limits: Limits) -> Plan:
    """Lower every fix that may be carried out, the rule of highest precedence first, and leave out what conflicts."""
    rules = tuple(rules)
    precedence = {rule.id: rule.precedence for rule in rules}
    later = {rule.id: rule.stage for rule in rules if limits.stage not in (None, rule.stage)}
    order = sorted(range(len(findings)), key=lambda at: (-precedence[findings[at].rule], findings[at].rule, at))
    result = Plan()
    entries: dict[int, Entry] = {}
    drafts: dict[str, Draft] = {}
    for rule, places in groupby(order, key=lambda at: findings[at].rule):
        entries.update((at, _entry(repository, findings[at], limits, drafts, later.get(rule))) for at in places)
        result.growth[rule] = {path: draft.patch() for path, draft in drafts.items()}
    result.patches = {path: draft.patch() for path, draft in drafts.items()}
    result.entries = [entries[at] for at in range(len(findings))]
    return result


def _entry(
    repository: Repository, finding: Finding, limits: Limits, drafts: dict[str, Draft], later: Stage | None
) -> Entry:
    fix = finding.fix
    if fix is None:
        return Entry(finding)
    if fix.applicability is Applicability.DISPLAY:
        return Entry(finding, "display-only", fix.reason)
    try:
        lowered = _lowered(repository, fix, limits)
    except CannotEdit as refusal:
        return Entry(finding, "refused", refusal.reason)
    if later is not None:
        return Entry(finding, "later", _later(fix, later, limits))
    if fix.applicability < limits.threshold:
        return Entry(finding, "held-back", fix.reason)
    if reason := _in_the_way(lowered, drafts):
        return Entry(finding, "conflict", reason)
    if not _accepted(repository, finding, lowered, limits, drafts):
        return Entry(finding, "declined", fix.reason)
    for path, patch in lowered.items():
        drafts.setdefault(path, Draft()).add(patch, finding.rule)
    return Entry(finding, "planned", fix.reason)


def _later(fix: Fix, stage: Stage, limits: Limits) -> str:
    """With which options a fix of the other stage is carried out, and what it assumes."""
    also = ", with --unsafe" if fix.applicability < limits.threshold else ""
    return f"--stage {stage} does it{also}{f': {fix.reason}' if fix.reason else ''}"


def _in_the_way(lowered: dict[str, Patch], drafts: dict[str, Draft]) -> str:
    """Why a fix has to wait for another one of this round, '' when it need not."""
    if any(_other_name(path, patch, drafts) for path, patch in lowered.items()):
        return "another fix renames to the same, or from the same"
    rules = (drafts[path].in_the_way(patch) for path, patch in lowered.items() if path in drafts)
    return next((f"{rule} changes the same place" for rule in rules if rule), "")


def _other_name(path: str, patch: Patch, drafts: dict[str, Draft]) -> bool:
    """Whether a fix of the round gives the file another name, or that name to another file."""
    named = {at: draft.path for at, draft in drafts.items() if draft.path} if patch.path else {}
    others = (name.casefold() for at, name in named.items() if at != path)
    return named.get(path, patch.path) != patch.path or patch.path.casefold() in others


def _accepted(
    repository: Repository, finding: Finding, lowered: dict[str, Patch], limits: Limits, drafts: dict[str, Draft]
) -> bool:
    """Whether a fix is wanted. One that accepted fixes carry out already is not asked about."""
    if limits.accepts is None or all(path in drafts and drafts[path].holds(patch) for path, patch in lowered.items()):
        return True
    sources = [repository.source(path) for path in lowered]
    files = tuple((source, patch.applied(source)) for source, patch in zip(sources, lowered.values(), strict=True))
    return limits.accepts(Offer(on_disk(finding, repository), repository.document(finding.path), files))


def _lowered(repository: Repository, fix: Fix, limits: Limits) -> dict[str, Patch]:
    """The fix's part of each file, by path. Raises CannotEdit when a change cannot be made: then none is."""
    found: dict[str, Patch] = {}
    for path, change in fix.changes:
        if reason := limits.forbidden(repository.on_disk(path)):
            raise CannotEdit(reason)
        patch = found.get(path, Patch())
        if isinstance(change, RenameFile):
            found[path] = patch._replace(path=_new_path(path, change.name, patch, repository))
            continue
        document = repository.document(path)
        lowered = format_of(path).lower(document.source, document.root, change)
        found[path] = _with(patch, change, lowered)
    for patch in found.values():
        check_disjoint(patch.edits)
    return found


def _new_path(path: str, name: str, patch: Patch, repository: Repository) -> str:
    """Where the file goes. Raises CannotEdit when that is taken, also by a name that differs only in case."""
    new = f"{path.rpartition('/')[0]}/{name}".removeprefix("/")
    if patch.path not in ("", new):
        raise CannotEdit(f"two parts of the fix give {path} different names")
    if other := repository.taken(new, path):
        raise CannotEdit(f"{path} cannot be called {name}: there is {other}")
    return new


def _with(patch: Patch, change: Change, lowered: Lowered) -> Patch:
    return Patch((*patch.changes, change), (*patch.edits, *lowered.edits), (*patch.lowered, lowered), patch.path)
