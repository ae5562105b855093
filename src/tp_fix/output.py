"""What a run prints, where, and the exit status that it ends with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tp_fix.engine import Result
from tp_fix.git.listing import Listing
from tp_fix.models.repository import BASELINE
from tp_fix.options import Options
from tp_fix.report.color import wanted
from tp_fix.report.diff import unified
from tp_fix.report.safe import redacted, shown
from tp_fix.settings import Settings

if TYPE_CHECKING:
    from tp_fix.git.branch import Landed
    from tp_fix.proposing import Proposed


def status(result: Result, options: Options) -> int:
    """The exit status that a run's findings come to."""
    if result.problems:
        return 2
    done = ("applied",) if options.apply else ()
    left = [item for item in result.reported if item.entry.finding.severity != "note" and item.entry.status not in done]
    return 1 if left else 0


def _silenced(result: Result, settings: Settings) -> list[str]:
    """What the settings file leaves out, said in each report: nobody is to take silence for a clean repository."""
    file, ignored, off = settings.file.path, len(result.ignored), settings.off
    said = [f"{ignored} finding{'s' if ignored != 1 else ''} ignored by {file}"] if ignored else []
    return [*said, f"{', '.join(off)} switched off by {file}"] if off else said


def report_of(
    result: Result,
    settings: Settings,
    options: Options,
    landed: Landed | None = None,
    proposed: Proposed | None = None,
) -> str:
    """The whole report in the format that is asked for; `landed` and `proposed` where a run makes commits."""
    if options.format == "json":
        from tp_fix.report.machine import as_json

        ran = [rule.id for rule in settings.rules]
        return as_json(result, ran, settings.file.path or None, applied=options.apply, landed=landed, proposed=proposed)
    if options.format == "diff":
        diffs = (unified(*pair) for pair in result.files.values())
        return "".join(diff for diff in diffs if redacted(diff) == diff)
    from tp_fix.report.text import as_text

    return as_text(result, applied=options.apply, silenced=_silenced(result, settings))


def show(report: str, result: Result, options: Options, tree: Listing) -> None:
    """Print a report, and on the other stream what it cannot hold."""
    if options.format == "json":
        click.echo(report)
    elif options.format == "diff":
        sys.stdout.buffer.write(report.encode("utf-8", "surrogateescape"))
        _show_left_out(result)
    else:
        if tree.without_git:
            click.echo(tree.without_git, err=True)
        click.echo(report, color=wanted(options.color))
        if options.apply and options.commits is None:
            _show_dirty(result, tree)


def _show_left_out(result: Result) -> None:
    """What the patch on standard output does not hold, on the other stream."""
    for path, pair in result.files.items():
        diff = unified(*pair)
        if redacted(diff) != diff:
            click.echo(shown(f"{path}: its patch would print a credential in clear, and is left out"), err=True)
    for problem in result.problems:
        click.echo(shown(f"cannot read {problem.message}"), err=True)
    for item in result.reported:
        if item.entry.finding.path == BASELINE:
            click.echo(shown(f"{BASELINE}:{item.line}: {item.entry.finding.message}"), err=True)


def _show_dirty(result: Result, tree: Listing) -> None:
    """Which of the written files had changes of the user's own before: git cannot take ours back alone there."""
    if tree.without_git or not result.files:
        return
    from tp_fix.git.state import dirty_before

    for path in dirty_before(tree.root, {path: pair[0].raw for path, pair in result.files.items()}):
        click.echo(shown(f"{path} had changes that are not committed; `git diff` shows them together with these"))
