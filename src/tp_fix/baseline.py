"""The baseline: findings that a repository has today and lives with, so that only new ones count.

A finding is known by its rule, its file, its place in words and its message; of several alike, as many are known as
were recorded. Line numbers and places in lists are no part of it, so that edits elsewhere do not make it new.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tp_fix.engine import Reported, Result
from tp_fix.errors import NotWritten, Unreadable, UsageError
from tp_fix.models.repository import BASELINE, Repository
from tp_fix.node import Route
from tp_fix.plan import Entry
from tp_fix.report.safe import redacted
from tp_fix.rule import Finding, Rule
from tp_fix.source import Source
from tp_fix.write import create

VERSION = 1
AGAIN = "tp-fix --write-baseline writes it anew"
KNOWN = f"known from {BASELINE}"
FOLLOWS = "there only once what is known has been fixed"
PLACE = re.compile(r"(?<=#)\d+|(?<=\bline )\d+|(?<=\bstep )\d+")
"""Numbers in a message that say where something stands."""


class Known(NamedTuple):
    """A finding as the baseline records it."""

    rule: str
    path: str
    place: str
    message: str


class Baseline(NamedTuple):
    """What the file records, how often, and its text; `text` is None when there is no file."""

    findings: Counter[Known]
    text: str | None = None

    @classmethod
    def none(cls) -> Baseline:
        return cls(Counter())


def baseline_of(repository: Repository) -> Baseline:
    """The baseline of a repository. Raises UsageError when the file is there and cannot be used."""
    full = os.path.join(repository.root, BASELINE)
    if not os.path.lexists(full):
        return Baseline.none()
    try:
        text = Source.decode(BASELINE, repository.raw(BASELINE)).text
    except Unreadable as problem:
        raise UsageError(problem.message, f"mend it, or delete it and record anew: {AGAIN}") from None
    return Baseline(_read(text), text)


def _read(text: str) -> Counter[Known]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{BASELINE}:{error.lineno}:{error.colno}: not JSON: {error.msg}", AGAIN) from None
    except RecursionError:
        raise UsageError(f"{BASELINE}: nested too deeply to be meant", AGAIN) from None
    if isinstance(data, dict) and type(data.get("version")) is int and data["version"] > VERSION:
        raise UsageError(
            f"{BASELINE}: made by a newer tp-fix (version {data['version']})", "use that one, or record anew"
        )
    findings = data.get("findings") if isinstance(data, dict) and data.get("version") == VERSION else None
    if not isinstance(findings, list):
        raise UsageError(f'{BASELINE}: no baseline: it has no "version": {VERSION} with a list of "findings"', AGAIN)
    return Counter(_entry(item, number) for number, item in enumerate(findings, 1))


def _entry(item: object, number: int) -> Known:
    if isinstance(item, dict) and set(item) == set(Known._fields) and all(isinstance(v, str) for v in item.values()):
        return Known(**item)
    raise UsageError(f"{BASELINE}: finding {number} does not consist of {', '.join(Known._fields)}", AGAIN)


def known(item: Reported) -> Known:
    """How the baseline records a finding. No credential gets into it: it is as redacted as a report."""
    finding = item.entry.finding
    message = PLACE.sub("", redacted(finding.message))
    return Known(finding.rule, finding.path, redacted(item.landmark), message)


def record(root: str, result: Result) -> int:
    """Writes the findings of today that count into the baseline, and says how many. Without any no file is made.

    Raises NotWritten.
    """
    found = sorted(known(item) for item in result.first if item.entry.finding.severity != "note")
    full = os.path.join(root, BASELINE)
    if os.path.islink(full):
        raise NotWritten(f"{BASELINE} is a symbolic link; nothing was changed", "put the file itself there")
    if found or os.path.exists(full):
        document = {"version": VERSION, "findings": [item._asdict() for item in found]}
        create(full, (json.dumps(document, indent=2) + "\n").encode())
    return len(found)


def held_against(
    baseline: Baseline, result: Result, rules: Iterable[Rule], about: Callable[[str, Route], bool], *, applied: bool
) -> None:
    """Turns what is known into notes, and adds a warning for each entry that does not occur any more.

    Entries of rules that do not run, of files that this run is not about, and all of them while something could not
    be read, are no such.
    """
    if baseline.text is None:
        return
    left = Counter(baseline.findings)
    fresh = Counter(known(item) for item in result.first if _counts(item)) - left
    result.reported = [_excused(item, left, fresh, applied=applied) for item in result.reported]
    if result.problems:
        return
    running = {rule.id for rule in rules}
    now = Counter(known(item) for item in (result.last if applied else result.first) if _counts(item))
    stale = baseline.findings - now
    result.reported += [
        _stale(entry, count, baseline.text or "")
        for entry, count in sorted(stale.items())
        if entry.rule in running and about(entry.path, tuple(entry.place.split(".")[:2]))
    ]


def _counts(item: Reported) -> bool:
    return item.entry.finding.severity != "note"


def _excused(item: Reported, left: Counter[Known], fresh: Counter[Known], *, applied: bool) -> Reported:
    """A finding that counts, as a note when the baseline has it, or when only a fix would bring it.

    `left` is what the baseline still has to give, `fresh` what the repository has beyond it. What was fixed stays.
    """
    key = known(item)
    if not _counts(item) or item.entry.status == "applied":
        return item
    if left[key] > 0:
        left[key] -= 1
        reason = KNOWN
    elif not applied and fresh[key] == 0:
        reason = FOLLOWS
    else:
        return item
    note = item.entry.finding._replace(severity="note")
    return item._replace(excused=reason, entry=item.entry._replace(finding=note))


def _stale(entry: Known, count: int, text: str) -> Reported:
    times = f"{count} times " if count > 1 else ""
    said = f"recorded {times}and found no more: {entry.rule} in {entry.path}, {entry.place}. {AGAIN}"
    finding = Finding("baseline", "warning", BASELINE, (), said)
    return Reported(Entry(finding), _line(entry, text), 1)


def _line(entry: Known, text: str) -> int:
    """Where an entry stands in the file as tp-fix writes it; 1 when it was written otherwise."""
    body = json.dumps(entry._asdict(), indent=2).strip("{}\n")
    at = text.find("\n".join(f"    {line}" for line in body.split("\n")))
    return text.count("\n", 0, at) if at >= 0 else 1
