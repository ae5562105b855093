"""find → plan → prove, in rounds, until a round plans nothing on the proved bytes of the one before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tp_fix.edit import Edit, origin
from tp_fix.errors import OurFault, Unreadable
from tp_fix.formats import Document, format_of
from tp_fix.model_proof import prove_model
from tp_fix.models.landmark import landmark, offset_of
from tp_fix.models.model import Model
from tp_fix.models.publishing.generated import generated
from tp_fix.models.repository import Repository
from tp_fix.models.trust.configured import Publishers
from tp_fix.node import Route
from tp_fix.patch import Patch
from tp_fix.plan import Entry, Limits, Plan, on_disk, plan
from tp_fix.proof import prove
from tp_fix.rule import Applicability, Finding, Rule, Stage
from tp_fix.source import Source

MAX_ROUNDS = 8
PUT_OFF = "left for --stage drop"
IGNORE = re.compile(r"tp-fix:\s*ignore\[([\w\s,-]+)\]")


History = dict[str, list[tuple[Edit, ...]]]
"""The edits of the rounds so far, by the path on disk."""


class Reported(NamedTuple):
    """An entry with its place in the file as it was read: line and column from 1, and the same in words.

    `excused` says why the finding does not count although it stands in the repository, '' where it counts.
    """

    entry: Entry
    line: int
    column: int
    landmark: str = ""
    excused: str = ""

    @property
    def put_off(self) -> bool:
        """Whether it does not count because its rule belongs to a later stage than the one that was asked for."""
        return self.excused == PUT_OFF


class Round(NamedTuple):
    """What was looked at, what was planned on it, and the entries of that plan with their places."""

    model: Model
    plan: Plan
    items: list[Reported]


@dataclass
class Result:
    """What a run found, and the proved text of every file that changes, beside the text it had.

    `reported` tells each finding once, a fixed one as it was; `first` and `last` are the findings of the repository
    as it is and of the patched one. `ignored` are those of the patched one that the settings leave out; `about` says
    what the run is about. `rounds` are those that planned something, `stage` what it was limited to.
    """

    before: Model
    after: Model
    about: Callable[[str, Route], bool] = lambda path, route: True
    reported: list[Reported] = field(default_factory=list)
    first: list[Reported] = field(default_factory=list)
    last: list[Reported] = field(default_factory=list)
    ignored: list[Finding] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    files: dict[str, tuple[Source, Source]] = field(default_factory=dict)
    problems: list[Unreadable] = field(default_factory=list)
    stage: Stage | None = None


def run(
    repository: Repository,
    rules: Sequence[Rule],
    limits: Limits,
    preferences: Iterable[str] = (),
    publishers: Publishers | None = None,
) -> Result:
    """Find, plan and prove. Nothing is written. Raises OurFault when a patch fails its proof or fixes never settle."""
    first = model = Model(repository, preferences, publishers)
    result = Result(first, model, limits.about, stage=limits.stage)
    history: History = {}
    for number in range(MAX_ROUNDS):
        findings, result.ignored = _told(find(model, rules), model.repository, limits)
        current = plan(model.repository, findings, rules, limits)
        result.last = [_place(entry, repository, model.repository, history) for entry in current.entries]
        result.first = result.first if number else result.last
        planned = [item for item in result.last if item.entry.status == "planned"]
        result.reported += planned or result.last
        if not planned:
            return _put_off(_finished(result, model, history), rules)
        result.rounds.append(Round(model, current, result.last))
        for path, patch in current.patches.items():
            history.setdefault(model.repository.on_disk(path), []).append(patch.edits)
        model = model.over(patched(model.repository, current.patches))
    names = ", ".join(sorted({item.entry.finding.rule for item in planned}))
    raise OurFault(
        f"the fixes of {names} never settle: each round finds more to do after {MAX_ROUNDS}. Nothing was written",
        "this is a bug of tp-fix: please report it with the workflow files as they are now",
    )


def _put_off(result: Result, rules: Iterable[Rule]) -> Result:
    """While OIDC is only added, what is said of the tokens does not count: they are to stay for now."""
    if result.stage == "add":
        dropping = {rule.id for rule in rules if rule.stage == "drop"}
        result.reported = [_as_note(item) if item.entry.finding.rule in dropping else item for item in result.reported]
    return result


def _as_note(item: Reported) -> Reported:
    finding = item.entry.finding
    if finding.severity == "note":
        return item
    return item._replace(excused=PUT_OFF, entry=item.entry._replace(finding=finding._replace(severity="note")))


def find(model: Model, rules: Iterable[Rule]) -> list[Finding]:
    """Every finding once, by path, place and rule; what a comment silences becomes a note without a fix."""
    found = _once(finding for rule in rules for finding in rule.check(model))
    placed = [(offset_of(model.repository.document(finding.path), finding.route), finding) for finding in found]
    placed.sort(key=lambda pair: (pair[1].path, pair[0], pair[1].rule, pair[1].message))
    told = [_silenced(finding, offset, model.repository) for offset, finding in placed]
    return [_left_to_its_generator(finding, model.repository) for finding in told]


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Without those that say the same of the same place: a step that runs one script in seven packages has one."""
    kept: dict[tuple[str, str, Route, str], list[Finding]] = {}
    for finding in findings:
        alike = kept.setdefault((finding.rule, finding.path, finding.route, finding.message), [])
        if finding not in alike:
            alike.append(finding)
    return [finding for alike in kept.values() for finding in alike]


def _left_to_its_generator(finding: Finding, repository: Repository) -> Finding:
    """A fix of a file that a program writes is only shown: the program would undo it."""
    fix = finding.fix
    if fix is None:
        return finding
    reasons = (generated(repository.document(path)) for path in dict.fromkeys(path for path, _ in fix.changes))
    reason = next(filter(None, reasons), "")
    if not reason:
        return finding
    more = f"; {fix.reason}" if fix.applicability is Applicability.DISPLAY and fix.reason else ""
    return finding._replace(fix=fix._replace(applicability=Applicability.DISPLAY, reason=f"{reason}{more}"))


def _told(found: Iterable[Finding], repository: Repository, limits: Limits) -> tuple[list[Finding], list[Finding]]:
    """The findings that the run is about, at the level that the settings want, and those that the settings ignore.

    Both go by what a file is called on disk.
    """
    about = [finding for finding in found if limits.about(repository.on_disk(finding.path), finding.route)]
    ignored = [limits.ignores(on_disk(finding, repository)) for finding in about]
    kept = [limits.leveled(finding) for finding, out in zip(about, ignored, strict=True) if not out]
    return kept, [finding for finding, out in zip(about, ignored, strict=True) if out]


def _silenced(finding: Finding, offset: int, repository: Repository) -> Finding:
    document = repository.document(finding.path)
    if "tp-fix" not in document.source.text:
        return finding
    line = document.source.position(offset)[0]
    for span in format_of(finding.path).comments(document.source, document.root):
        at = document.source.position(span.start)[0]
        alone = not document.source.line(span.start)[: document.source.column(span.start)].strip()
        match = IGNORE.search(document.source.text[span.start : span.end])
        if match and at in ((line, line - 1) if alone else (line,)):
            names = {name.strip() for name in match[1].split(",")}
            if finding.rule in names:
                said = f"silenced by a comment on line {at}: {finding.message}"
                return finding._replace(severity="note", message=said, fix=None)
    return finding


def _place(entry: Entry, first: Repository, now: Repository, history: History) -> Reported:
    """An entry of a later round, shown where its place was in the file as it is on disk."""
    document = now.document(entry.finding.path)
    finding = on_disk(entry.finding, now)
    offset = offset_of(document, finding.route)
    for edits in reversed(history.get(finding.path, [])):
        offset = origin(offset, edits)
    place = first.source(finding.path).position(offset)
    return Reported(entry._replace(finding=finding), *place, landmark(document, finding.route))


def patched(repository: Repository, patches: Mapping[str, Patch]) -> Repository:
    """The repository with patches, every changed file proved and read back from the bytes to be written."""
    proved: dict[str, Document] = {}
    for path, patch in patches.items():
        before = repository.document(path)
        proved[path] = prove(before, patch, patch.applied(before.source).raw)
    return repository.replaced(proved)


def _finished(result: Result, model: Model, history: History) -> Result:
    """The result, when `model` is what the last round looked at. Raises OurFault when it fails its proof."""
    first = result.before
    if model is not first:
        prove_model(first, model)
    result.after = model
    result.reported.sort(key=lambda item: (item.entry.finding.path, item.line, item.column, item.entry.finding.rule))
    now = model.repository
    result.files = {path: (first.repository.source(path), now.source(now.by_now(path))) for path in sorted(history)}
    result.problems = model.repository.problems
    return result
