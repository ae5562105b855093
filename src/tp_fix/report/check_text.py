"""The preflight list for a person: marks, aligned names, short reasons, and where each line looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from tp_fix.errors import Unreadable
from tp_fix.report.checklist import Checklist, Line, Report
from tp_fix.report.safe import shown

MARKS = {"yes": "✓", "no": "✗", "unknown": "?"}
ASCII = {"yes": "ok", "no": "NO", "unknown": "? "}
COLORS = {"yes": "green", "no": "red", "unknown": "yellow"}


def marks_for(encoding: str) -> dict[str, str]:
    """The marks that a stream of this encoding can show."""
    try:
        "".join(MARKS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return MARKS


def as_text(report: Report, encoding: str) -> str:
    """The lists of all publications, and a line that counts; coloured, click takes the colours out."""
    marks = marks_for(encoding)
    parts = [*_problems(report.problems)]
    for checklist in report.lists:
        parts += [*_checklist(checklist, marks), ""]
    if report.notes:
        parts += [*(_row(line, marks, _width(report.notes)) for line in report.notes), ""]
    parts += [*_beside(report)]
    return "\n".join([*parts, _summary(report)])


def _problems(problems: Sequence[Unreadable]) -> Iterator[str]:
    for problem in problems:
        yield f"{click.style('cannot read', fg='red')} {shown(problem.message)}"
    if problems:
        yield ""


def _checklist(checklist: Checklist, marks: dict[str, str]) -> Iterator[str]:
    yield click.style(shown(checklist.title), bold=True)
    width = _width(checklist.lines)
    for group in checklist.groups:
        yield f"  {group.title}"
        for line in group.lines:
            yield "  " + _row(line, marks, width)


def _width(lines: Sequence[Line]) -> int:
    return max(len(line.name) for line in lines)


def _row(line: Line, marks: dict[str, str], width: int) -> str:
    mark = click.style(marks[line.mark], fg=COLORS[line.mark], bold=line.mark == "no")
    where = "  " + click.style(shown(f"{line.path}:{line.line}"), dim=True) if line.path else ""
    return f"  {mark} {line.name:{width}}  {shown(' '.join(line.reason.split()))}{where}"


def _beside(report: Report) -> Iterator[str]:
    """Findings that no list has a line for."""
    if report.beside:
        yield click.style("Found beside that", bold=True)
        for finding, line in report.beside:
            yield shown(f"  {finding.path}:{line} {finding.severity} {finding.rule}: {finding.message}")
        yield ""


def _summary(report: Report) -> str:
    if not report.lists:
        return shown(f"tp-fix: {report.nothing}")
    lines = [line for checklist in report.lists for line in checklist.lines] + [*report.notes]
    count = {mark: sum(line.mark == mark for line in lines) for mark in MARKS}
    what = f"{count['no']} to mend" if count["no"] else "nothing to mend"
    hint = "; `tp-fix` shows the patch" if count["no"] and not report.pasted else ""
    lists = f"{len(report.lists)} publication{'s' if len(report.lists) != 1 else ''}: " if len(report.lists) > 1 else ""
    return f"tp-fix: {lists}{what}, {count['unknown']} not to be known from here{hint}"
