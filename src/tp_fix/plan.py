"""One round's plan: every fix once, under its status, and the edits of those that are carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal, NamedTuple

from tp_fix.change import Change, RenameFile, same
from tp_fix.edit import Edit, Lowered, apply, check_disjoint, conflict
from tp_fix.errors import CannotEdit
from tp_fix.formats import Document, format_of
from tp_fix.models.repository import Repository
from tp_fix.node import Route
from tp_fix.rule import Applicability, Finding, Fix, Rule
from tp_fix.source import Source

Status = Literal["planned", "applied", "held-back", "display-only", "refused", "conflict", "declined"]


class Entry(NamedTuple):
    """A finding and what becomes of its fix: `status` is None without one, `reason` says why it is not planned."""

    finding: Finding
    status: Status | None = None
    reason: str = ""


class Patch(NamedTuple):
    """What one round does to one file: the changes, what they were lowered to, and its new path, '' to keep its own."""

    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    lowered: tuple[Lowered, ...] = ()
    path: str = ""

    def applied(self, before: Source) -> Source:
        """The file as the patch makes it."""
        after = before.with_text(apply(before.text, self.edits))
        return replace(after, path=self.path) if self.path else after


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
    and `leveled` are what the settings say of a finding, `accepts` what a person says to a fix.
    """

    threshold: Applicability = Applicability.SAFE
    forbidden: Callable[[str], str] = lambda path: ""
    about: Callable[[str, Route], bool] = lambda path, route: True
    ignores: Callable[[Finding], bool] = lambda finding: False
    leveled: Callable[[Finding], Finding] = lambda finding: finding
    accepts: Callable[[Offer], bool] | None = None


def on_disk(finding: Finding, repository: Repository) -> Finding:
    """The finding in the file as it is called on disk."""
    return finding._replace(path=repository.on_disk(finding.path))


def plan(repository: Repository, findings: Sequence[Finding], rules: Iterable[Rule], limits: Limits) -> Plan:
    """Lower every fix that may be carried out, the rule of highest precedence first, and leave out what conflicts."""
    precedence = {rule.id: rule.precedence for rule in rules}
    order = sorted(range(len(findings)), key=lambda at: (-precedence[findings[at].rule], findings[at].rule, at))
    result = Plan()
    entries: dict[int, Entry] = {}
    owners: dict[str, list[tuple[Edit, str]]] = {}
    for rule, places in groupby(order, key=lambda at: findings[at].rule):
        entries.update((at, _entry(repository, findings[at], limits, result, owners)) for at in places)
        result.growth[rule] = dict(result.patches)
    result.entries = [entries[at] for at in range(len(findings))]
    return result


def _entry(
    repository: Repository, finding: Finding, limits: Limits, result: Plan, owners: dict[str, list[tuple[Edit, str]]]
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
    if fix.applicability < limits.threshold:
        return Entry(finding, "held-back", fix.reason)
    if any(_other_name(path, patch, result) for path, patch in lowered.items()):
        return Entry(finding, "conflict", "another fix renames to the same, or from the same")
    for path, patch in lowered.items():
        made = [other for other, _ in owners.get(path, [])]
        new = [edit for edit in patch.edits if edit not in made]  # what is made already goes with all that is made
        for other, rule in owners.get(path, []):
            if conflict(new, [other]):
                return Entry(finding, "conflict", f"{rule} changes the same place")
    if not _accepted(repository, finding, lowered, limits, result):
        return Entry(finding, "declined", fix.reason)
    for path, patch in lowered.items():
        _add(result, path, patch)
        owners.setdefault(path, []).extend((edit, finding.rule) for edit in patch.edits)
    return Entry(finding, "planned", fix.reason)


def _other_name(path: str, patch: Patch, result: Plan) -> bool:
    """Whether a fix of the round gives the file another name, or that name to another file."""
    named = {at: made.path.casefold() for at, made in result.patches.items() if made.path}
    return bool(patch.path) and (
        (path in named and result.patches[path].path != patch.path)
        or any(at != path and name == patch.path.casefold() for at, name in named.items())
    )


def _accepted(
    repository: Repository, finding: Finding, lowered: dict[str, Patch], limits: Limits, result: Plan
) -> bool:
    """Whether a fix is wanted. One that accepted fixes carry out already is not asked about."""
    if limits.accepts is None or all(_made(patch, result.patches.get(path)) for path, patch in lowered.items()):
        return True
    sources = [repository.source(path) for path in lowered]
    files = tuple((source, patch.applied(source)) for source, patch in zip(sources, lowered.values(), strict=True))
    return limits.accepts(Offer(on_disk(finding, repository), repository.document(finding.path), files))


def _made(patch: Patch, made: Patch | None) -> bool:
    return made is not None and set(patch.edits) <= set(made.edits) and patch.path in ("", made.path)


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


def _add(result: Plan, path: str, patch: Patch) -> None:
    """Take a fix's part in; changes that an earlier fix makes too are made once."""
    made = result.patches.get(path, Patch())
    made = made._replace(path=made.path or patch.path)
    for change, lowered in zip(patch.changes, patch.lowered, strict=True):
        made = made if any(same(change, other) for other in made.changes) else _with(made, change, lowered)
    result.patches[path] = made
