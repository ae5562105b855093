"""One round's plan: every fix once, under its status, and the edits of those that are carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from tp_fix.change import Change, same
from tp_fix.edit import Edit, Lowered, apply, check_disjoint, conflict
from tp_fix.errors import CannotEdit
from tp_fix.formats import Document, format_of
from tp_fix.models.repository import Repository
from tp_fix.node import Route
from tp_fix.rule import Applicability, Finding, Fix, Rule, Stage
from tp_fix.source import Source

Status = Literal["planned", "applied", "held-back", "display-only", "refused", "conflict", "declined", "later"]


class Entry(NamedTuple):
    """A finding and what becomes of its fix: `status` is None without one, `reason` says why it is not planned."""

    finding: Finding
    status: Status | None = None
    reason: str = ""


class Patch(NamedTuple):
    """What one round does to one file: the changes, and what they were lowered to."""

    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    lowered: tuple[Lowered, ...] = ()


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


def plan(repository: Repository, findings: Sequence[Finding], rules: Iterable[Rule], limits: Limits) -> Plan:
    """Lower every fix that may be carried out, the rule of highest precedence first, and leave out what conflicts."""
    rules = tuple(rules)
    precedence = {rule.id: rule.precedence for rule in rules}
    later = {rule.id: rule.stage for rule in rules if limits.stage not in (None, rule.stage)}
    order = sorted(range(len(findings)), key=lambda at: (-precedence[findings[at].rule], findings[at].rule, at))
    result = Plan()
    entries: dict[int, Entry] = {}
    owners: dict[str, list[tuple[Edit, str]]] = {}
    for rule, places in groupby(order, key=lambda at: findings[at].rule):
        for at in places:
            entries[at] = _entry(repository, findings[at], limits, result, owners, later.get(rule))
        result.growth[rule] = dict(result.patches)
    result.entries = [entries[at] for at in range(len(findings))]
    return result


def _entry(
    repository: Repository,
    finding: Finding,
    limits: Limits,
    result: Plan,
    owners: dict[str, list[tuple[Edit, str]]],
    later: Stage | None,
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
    for path, (_, edits, _) in lowered.items():
        made = [other for other, _ in owners.get(path, [])]
        new = [edit for edit in edits if edit not in made]  # what is made already goes with all that is made
        for other, rule in owners.get(path, []):
            if conflict(new, [other]):
                return Entry(finding, "conflict", f"{rule} changes the same place")
    if not _accepted(repository, finding, lowered, limits, result):
        return Entry(finding, "declined", fix.reason)
    for path, parts in lowered.items():
        _add(result, path, *parts)
        owners.setdefault(path, []).extend((edit, finding.rule) for edit in parts[1])
    return Entry(finding, "planned", fix.reason)


def _later(fix: Fix, stage: Stage, limits: Limits) -> str:
    """With which options a fix of the other stage is carried out, and what it assumes."""
    also = ", with --unsafe" if fix.applicability < limits.threshold else ""
    return f"--stage {stage} does it{also}{f': {fix.reason}' if fix.reason else ''}"


def _accepted(
    repository: Repository, finding: Finding, lowered: dict[str, Parts], limits: Limits, result: Plan
) -> bool:
    """Whether a fix is wanted. One that accepted fixes carry out already is not asked about."""
    made = {path: patch.edits for path, patch in result.patches.items()}
    if limits.accepts is None or all(set(edits) <= set(made.get(path, ())) for path, (_, edits, _) in lowered.items()):
        return True
    sources = {path: repository.source(path) for path in lowered}
    files = ((sources[path], sources[path].with_text(apply(sources[path].text, lowered[path][1]))) for path in lowered)
    return limits.accepts(Offer(finding, repository.document(finding.path), tuple(files)))


Parts = tuple[list[Change], list[Edit], list[Lowered]]


def _lowered(repository: Repository, fix: Fix, limits: Limits) -> dict[str, Parts]:
    """The fix's changes and edits by path. Raises CannotEdit when one of them cannot be made: then none is."""
    found: dict[str, Parts] = {}
    for path, change in fix.changes:
        if reason := limits.forbidden(path):
            raise CannotEdit(reason)
        document = repository.document(path)
        lowered = format_of(path).lower(document.source, document.root, change)
        changes, edits, all_lowered = found.setdefault(path, ([], [], []))
        changes.append(change)
        edits += lowered.edits
        all_lowered.append(lowered)
    for _, edits, _ in found.values():
        check_disjoint(edits)
    return found


def _add(result: Plan, path: str, changes: list[Change], edits: list[Edit], lowered: list[Lowered]) -> None:
    """Take a fix's part in; changes that an earlier fix makes too are made once."""
    old = result.patches.get(path, Patch())
    new = [at for at, change in enumerate(changes) if not any(same(change, made) for made in old.changes)]
    result.patches[path] = Patch(
        (*old.changes, *(changes[at] for at in new)),
        (*old.edits, *(edit for at in new for edit in lowered[at].edits)),
        (*old.lowered, *(lowered[at] for at in new)),
    )
