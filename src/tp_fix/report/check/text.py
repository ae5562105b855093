"""The preflight list for a person: marks, aligned names, short reasons, and where each line looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import click

from tp_fix.engine import Result
from tp_fix.errors import Unreadable
from tp_fix.report.check.checklist import MANY, Checklist, Line, Report, short
from tp_fix.report.safe import shown
from tp_fix.report.text import as_findings

MARKS = {"yes": "✓", "no": "✗", "unknown": "?"}
ASCII = {"yes": "ok", "no": "NO", "unknown": "? "}
LONGEST = 180
"""Characters of a reason; `tp-fix` and the JSON have all of it."""
COLORS = {"yes": "green", "no": "red", "unknown": "yellow"}


def marks_for(encoding: str) -> dict[str, str]:
    """The marks that a stream of this encoding can show."""
    try:
        "".join(MARKS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return MARKS


def as_text(report: Report, result: Result | None, encoding: str) -> str:
    """The lists of all publications, the findings of a run where there was one, and a line that counts.

    It is coloured; click takes the colours out where they are not wanted.
    """
    marks = marks_for(encoding)
    parts = [*_problems(report.problems)]
    for alike in _grouped(report.lists):
        parts += [*_checklists(alike, marks), ""]
    if report.notes:
        parts += [*(_row(line, marks, _width(report.notes)) for line in report.notes), ""]
    parts += _beside(report)
    if result is not None and result.reported:
        parts.append(as_findings(result))
    text = "\n".join([*parts, _summary(report)])
    return text if marks is MARKS else text.replace("…", "...")


def _problems(problems: Sequence[Unreadable]) -> Iterator[str]:
    for problem in problems:
        yield f"{click.style('cannot read', fg='red')} {shown(problem.message)}"
    if problems:
        yield ""


def _grouped(lists: Iterable[Checklist]) -> Iterable[list[Checklist]]:
    """Publications of one job of which the same is said, their places aside, are told together."""
    found: dict[tuple[str, ...], list[Checklist]] = {}
    for checklist in lists:
        job = checklist.publication.step.job.id if checklist.publication else ""
        said = (text for line in checklist.lines for text in line[:3])
        found.setdefault((checklist.path, job, *said), []).append(checklist)
    return found.values()


def _checklists(alike: list[Checklist], marks: dict[str, str]) -> Iterator[str]:
    yield from dict.fromkeys(click.style(shown(checklist.title), bold=True) for checklist in alike)
    width = _width(alike[0].lines)
    for group in alike[0].groups:
        yield f"  {group.title}"
        for _, lines in groupby(group.lines, key=lambda line: line.name):
            first, rest = _some(list(lines))
            yield from ("  " + _row(line, marks, width) for line in first)
            if rest:
                yield f"      {'':{width}}  … and {rest} more"


def _some(lines: list[Line]) -> tuple[list[Line], int]:
    """The first few lines of one name, and how many are left."""
    return (lines, 0) if len(lines) <= MANY else (lines[: MANY - 1], len(lines) - MANY + 1)


def _width(lines: Sequence[Line]) -> int:
    return max(len(line.name) for line in lines)


def _row(line: Line, marks: dict[str, str], width: int) -> str:
    mark = click.style(marks[line.mark], fg=COLORS[line.mark], bold=line.mark == "no")
    where = "  " + click.style(shown(f"{line.path}:{line.line}"), dim=True) if line.path else ""
    return f"  {mark} {line.name:{width}}  {shown(short(line.reason, LONGEST))}{where}"


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
