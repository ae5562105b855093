"""The report for a person: findings by file, the diff, what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from tp_fix.engine import Reported, Result
from tp_fix.models.publishing.may_publish import may_publish
from tp_fix.models.publishing.publications import elsewhere
from tp_fix.models.repository import BASELINE
from tp_fix.report.advice import next_steps
from tp_fix.report.diff import unified
from tp_fix.report.safe import shown
from tp_fix.rule import Finding
from tp_fix.source import Source

COLORS = {"error": "red", "warning": "yellow", "note": "blue"}
STATUS = {
    "planned": "fix",
    "applied": "fixed",
    "held-back": "fix, only with --unsafe",
    "display-only": "no fix yet",
    "refused": "not fixed by machine",
    "conflict": "waits for another fix",
    "declined": "fix, declined",
    "later": "fix, not in this stage",
}


def as_text(result: Result, *, applied: bool, silenced: Sequence[str] = ()) -> str:
    """The whole report, coloured; click takes the colours out where they are not wanted.

    `silenced` says what the settings leave out, for the last line.
    """
    last = "; ".join([_summary(result, applied=applied), *map(shown, silenced)])
    return "\n".join([*_problems(result), *_findings(result), *_diffs(result), *_next(result), last])


def as_findings(result: Result) -> str:
    """Findings and patch alone, for what nobody will write: files that were pasted."""
    return "\n".join([*_findings(result), *_diffs(result)])


def _problems(result: Result) -> Iterator[str]:
    for problem in result.problems:
        yield f"{click.style('cannot read', fg='red')} {shown(problem.message)}"
    if result.problems:
        yield ""


def _findings(result: Result) -> Iterator[str]:
    for path, items in groupby(result.reported, key=lambda item: item.entry.finding.path):
        yield click.style(shown(path), bold=True)
        for item in items:
            yield from _finding(item)
        yield ""


def _finding(item: Reported) -> Iterator[str]:
    finding = item.entry.finding
    excused = f" ({item.excused})" if item.excused else ""
    yield f"  {item.line}:{item.column} {headline(finding)}{excused}"
    if finding.fix is not None and item.entry.status is not None:
        reason = f" ({shown(item.entry.reason)})" if item.entry.reason else ""
        yield f"      {STATUS[item.entry.status]}: {shown(finding.fix.title)}{reason}"


def headline(finding: Finding) -> str:
    """A finding's level, rule and message, coloured."""
    level = click.style(finding.severity, fg=COLORS[finding.severity])
    return f"{level} {click.style(finding.rule, bold=True)}: {shown(finding.message)}"


def _diffs(result: Result) -> Iterator[str]:
    for pair in result.files.values():
        yield from colored_diff(*pair)
        yield ""


def colored_diff(before: Source, after: Source) -> Iterator[str]:
    """The diff of one file, line by line, fit for a terminal."""
    for line in unified(before, after).split("\n")[:-1]:
        yield _colored(shown(line.removesuffix("\r")))


def _colored(line: str) -> str:
    if line.startswith(("--- ", "+++ ", "diff --git ", "similarity index ", "rename ")):
        return click.style(line, bold=True)
    color = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=color) if color else line


def _next(result: Result) -> Iterator[str]:
    steps = next_steps(result)
    if steps:
        yield click.style("Left for you, in this order", bold=True)
        yield from (f"  {number}. {shown(step)}" for number, step in enumerate(steps, 1))
        yield ""


def _summary(result: Result, *, applied: bool) -> str:
    """The last line's first part. A fix of what does not count is one all the same."""
    stale = sum(item.entry.finding.path == BASELINE for item in result.reported)
    put_off = sum(item.put_off for item in result.reported)
    excused = sum(bool(item.excused) for item in result.reported) - put_off
    carried = [item for item in result.reported if item.entry.status in ("planned", "applied")]
    counted = [item for item in result.reported if item.entry.finding.severity != "note" or item in carried]
    parts = [_outcome(result, len(counted) - stale, len(carried), applied=applied)]
    if stale:
        parts.append(f"{stale} entr{'ies' if stale > 1 else 'y'} of {BASELINE} found no more")
    if put_off:
        parts.append(f"{put_off} left for --stage drop")
    if excused:
        parts.append(f"{excused} known from {BASELINE}")
    return f"tp-fix: {'; '.join(parts)}"


def _outcome(result: Result, counted: int, carried: int, *, applied: bool) -> str:
    """What became of the findings that count, or have a fix."""
    files = f"{len(result.files)} file{'s' if len(result.files) != 1 else ''}"
    if not counted:
        what = (
            "nothing to do"
            if result.before.publications
            else f"nothing here is known to publish to npm{_unread(result)}"
        )
        return f"{what}{' in what could be read' if result.problems else ''}"
    if applied and carried:
        return f"{carried} of {counted} fixed in {files}"
    if carried:
        return f"{carried} of {counted} would be fixed in {files}; --apply writes them"
    declined = any(item.entry.status == "declined" for item in result.reported)
    return f"{counted} found, none {'chosen' if declined else 'fixable as things are'}"


def _unread(result: Result) -> str:
    """How many steps may publish all the same, as the end of a sentence; '' for none."""
    model = result.before
    known = frozenset((each.workflow.path, each.route) for each in elsewhere(model.repository))
    number = sum(result.about(each.job.workflow.path, each.route) for each in may_publish(model, known))
    if not number:
        return ""
    places = f"{number} places that may are" if number > 1 else "a place that may is"
    return f", and {places} not read: `tp-fix publications` names {'them' if number > 1 else 'it'}"
