"""The report for a person: findings by file, the diff, what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import click

from tp_fix.engine import Reported, Result
from tp_fix.report.advice import next_steps
from tp_fix.report.diff import unified
from tp_fix.report.safe import shown

COLORS = {"error": "red", "warning": "yellow", "note": "blue"}
STATUS = {
    "planned": "fix",
    "applied": "fixed",
    "held-back": "fix, only with --unsafe",
    "display-only": "no fix yet",
    "refused": "not fixed by machine",
    "conflict": "waits for another fix",
}


def as_text(result: Result, *, applied: bool) -> str:
    """The whole report, coloured; click takes the colours out where they are not wanted."""
    parts = [*_problems(result), *_findings(result), *_diffs(result), *_next(result), _summary(result, applied=applied)]
    return "\n".join(parts)


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
    level = click.style(finding.severity, fg=COLORS[finding.severity])
    yield f"  {item.line}:{item.column} {level} {click.style(finding.rule, bold=True)}: {shown(finding.message)}"
    if finding.fix is not None and item.entry.status is not None:
        reason = f" ({shown(item.entry.reason)})" if item.entry.reason else ""
        yield f"      {STATUS[item.entry.status]}: {shown(finding.fix.title)}{reason}"


def _diffs(result: Result) -> Iterator[str]:
    for pair in result.files.values():
        for line in unified(*pair).split("\n")[:-1]:
            yield _colored(shown(line.removesuffix("\r")))
        yield ""


def _colored(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
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
    counted = [item for item in result.reported if item.entry.finding.severity != "note"]
    carried = sum(item.entry.status in ("planned", "applied") for item in counted)
    if not counted:
        what = "nothing to do" if result.before.publications else "nothing here is known to publish to npm"
        return f"tp-fix: {what}{' in what could be read' if result.problems else ''}"
    files = f"{len(result.files)} file{'s' if len(result.files) != 1 else ''}"
    if applied and carried:
        return f"tp-fix: {carried} of {len(counted)} fixed in {files}"
    verb = (
        f"{carried} of {len(counted)} would be fixed in {files}"
        if carried
        else f"{len(counted)} found, none fixable as things are"
    )
    return f"tp-fix: {verb}{'; --apply writes them' if carried else ''}"
