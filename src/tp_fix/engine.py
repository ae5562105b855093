"""find → plan → prove, in rounds, until a round plans nothing on the proved bytes of the one before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tp_fix.edit import Edit, apply, origin
from tp_fix.errors import OurFault, Unreadable
from tp_fix.formats import Document, format_of
from tp_fix.model_proof import prove_model
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.node import Node
from tp_fix.plan import Entry, Limits, Plan, plan
from tp_fix.proof import prove
from tp_fix.rule import Finding, Rule
from tp_fix.source import Source

MAX_ROUNDS = 8
IGNORE = re.compile(r"tp-fix:\s*ignore\[([\w\s,-]+)\]")


class Reported(NamedTuple):
    """An entry with its place in the file as it was read: line and column from 1."""

    entry: Entry
    line: int
    column: int


@dataclass
class Result:
    """What a run found, and the proved text of every file that changes, beside the text it had."""

    before: Model
    after: Model
    reported: list[Reported] = field(default_factory=list)
    files: dict[str, tuple[Source, Source]] = field(default_factory=dict)
    problems: list[Unreadable] = field(default_factory=list)


def run(repository: Repository, rules: Sequence[Rule], limits: Limits, preferences: Iterable[str] = ()) -> Result:
    """Find, plan and prove. Nothing is written. Raises OurFault when a patch fails its proof or fixes never settle."""
    first = model = Model(repository, preferences)
    history: dict[str, list[tuple[Edit, ...]]] = {}
    reported: list[Reported] = []
    for _ in range(MAX_ROUNDS):
        findings = [finding for finding in find(model, rules) if limits.within(finding.path)]
        current = plan(model.repository, findings, rules, limits)
        planned = [entry for entry in current.entries if entry.status == "planned"]
        last = not planned
        shown = current.entries if last else planned
        reported += [_place(entry, repository, model.repository, history) for entry in shown]
        if last:
            if model is not first:
                prove_model(first, model)
            return _result(first, model, reported, history)
        model = Model(_next(model.repository, current), preferences)
        for path, patch in current.patches.items():
            history.setdefault(path, []).append(patch.edits)
    names = ", ".join(sorted({entry.finding.rule for entry in planned}))
    raise OurFault(
        f"the fixes of {names} never settle: each round finds more to do after {MAX_ROUNDS}. Nothing was written",
        "this is a bug of tp-fix: please report it with the workflow files as they are now",
    )


def find(model: Model, rules: Iterable[Rule]) -> list[Finding]:
    """Every finding, by path, place and rule; what a comment silences becomes a note without a fix."""
    found = [finding for rule in rules for finding in rule.check(model)]
    placed = [(_location(finding, model.repository), finding) for finding in found]
    placed.sort(key=lambda pair: (pair[1].path, pair[0], pair[1].rule, pair[1].message))
    return [_silenced(finding, offset, model.repository) for offset, finding in placed]


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


def _location(finding: Finding, repository: Repository) -> int:
    """Where a finding stands: the key or the item that its route ends with."""
    root = repository.document(finding.path).root
    if not finding.route:
        return 0
    parent = root.at(finding.route[:-1])
    step = finding.route[-1]
    node: Node | None = None
    if parent is not None:
        node = parent.key(step) if isinstance(step, str) else parent.at((step,))
    return node.span.start if node is not None else 0


def _place(entry: Entry, first: Repository, now: Repository, history: dict[str, list[tuple[Edit, ...]]]) -> Reported:
    """An entry of a later round, shown where its place was in the file as it is on disk."""
    path = entry.finding.path
    offset = _location(entry.finding, now)
    for edits in reversed(history.get(path, [])):
        offset = origin(offset, edits)
    return Reported(entry, *first.source(path).position(offset))


def _next(repository: Repository, current: Plan) -> Repository:
    """The repository after a round, every changed file proved and read back from the bytes to be written."""
    proved: dict[str, Document] = {}
    for path, patch in current.patches.items():
        before = repository.document(path)
        raw = before.source.with_text(apply(before.source.text, patch.edits)).raw
        proved[path] = prove(before, patch, raw)
    return repository.replaced(proved)


def _result(first: Model, model: Model, reported: list[Reported], history: dict[str, list[tuple[Edit, ...]]]) -> Result:
    reported.sort(key=lambda item: (item.entry.finding.path, item.line, item.column, item.entry.finding.rule))
    files = {path: (first.repository.source(path), model.repository.source(path)) for path in sorted(history)}
    return Result(first, model, reported, files, model.repository.problems)
