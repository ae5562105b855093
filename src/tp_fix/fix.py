"""One run of `tp-fix`: read, find, plan, prove, then show, print or write."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NamedTuple

import click

from tp_fix.baseline import Baseline, baseline_of, held_against, record
from tp_fix.engine import Reported, Result, run
from tp_fix.errors import UsageError
from tp_fix.git.listing import Listing, listing
from tp_fix.models.repository import BASELINE, Repository
from tp_fix.narrowing import narrowed
from tp_fix.node import Route
from tp_fix.plan import Limits
from tp_fix.report.color import wanted
from tp_fix.report.diff import unified
from tp_fix.report.safe import redacted, shown
from tp_fix.rule import Applicability, Stage
from tp_fix.settings import Asked, Settings, in_force
from tp_fix.write import unwritable, write


class Options(NamedTuple):
    """What the command line asks for; `asked` is the part of it that a settings file can say too."""

    path: str | None
    asked: Asked
    apply: bool = False
    unsafe: bool = False
    stage: Stage | None = None
    workflows: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    interactive: bool = False
    write_baseline: bool = False
    show_settings: bool = False
    format: str = "text"
    color: str = "auto"


def run_fix(options: Options) -> int:
    """Runs, prints, and gives the exit status. Raises TpFixError."""
    start = _start(options.path)
    tree = listing(start if os.path.isdir(start) else os.path.dirname(start))
    settings = in_force(options.asked, tree)
    repository = Repository(tree.root, tree.paths, settings.repository, given=settings.given, remotes=tree.remotes)
    if options.show_settings:
        return _show_settings(settings, baseline_of(repository), options)
    if not settings.rules:
        raise UsageError(
            "no rule is left to run: what is selected is ignored too", "tp-fix --show-settings tells where"
        )
    if options.stage and all(rule.stage != options.stage for rule in settings.rules):
        what = "takes a token away" if options.stage == "drop" else "does anything but take tokens away"
        raise UsageError(f"--stage {options.stage}: no rule that is left to run {what}", "see --select and --ignore")
    baseline = Baseline.none() if options.write_baseline else baseline_of(repository)
    limits = _limits(repository, _within(start if options.path is not None else None, tree), settings, options)
    result = run(repository, settings.rules, limits, settings.prefer)
    if options.write_baseline:
        return _record(tree.root, result)
    if options.apply:
        result.reported = [_applied(item) for item in result.reported]
    held_against(baseline, result, settings.rules, limits.about, applied=options.apply)
    report = _report(result, settings, options)  # before anything is written: what fails here must leave no trace
    if options.apply:
        write(tree.root, result.files)
    _show(report, result, options, tree)
    return _status(result, options)


def _start(path: str | None) -> str:
    """Where to look, without symbolic links."""
    if path is not None and not os.path.exists(path):
        raise UsageError(f"{path!r}: no such file or folder")
    try:
        return os.path.realpath(path or ".")
    except FileNotFoundError:
        raise UsageError("the current folder does not exist any more", "change to another one") from None


def _limits(repository: Repository, inside: Callable[[str], bool], settings: Settings, options: Options) -> Limits:
    """What the run may do and is about: PATH, --workflow, --package, the settings, and the person who is asked."""
    named = narrowed(repository, options.workflows, options.packages)

    def within(path: str) -> bool:
        return inside(path) and named.within(path)

    def about(path: str, route: Route) -> bool:
        return inside(path) and named.about(path, route)

    accepts = None
    if options.interactive:
        from tp_fix.interactive import Asker

        accepts = Asker(wanted(options.color)).accepts
    threshold = Applicability.UNSAFE if options.unsafe else Applicability.SAFE
    forbidden = _forbidden(repository.root, within)
    return Limits(threshold, forbidden, about, settings.ignores, settings.leveled, accepts, options.stage)


def _show_settings(settings: Settings, baseline: Baseline, options: Options) -> int:
    from tp_fix.report.settings import settings_as_json, settings_as_toml

    known = "none" if baseline.text is None else f"{BASELINE}, {baseline.findings.total()} recorded"
    as_they_are = settings_as_json if options.format == "json" else settings_as_toml
    click.echo(as_they_are(settings, known))
    return 0


def _record(root: str, result: Result) -> int:
    number = record(root, result)
    said = f"{number} finding{'s' if number != 1 else ''} recorded in {BASELINE}"
    if not number:
        empty = os.path.exists(os.path.join(root, BASELINE))
        said = f"nothing to record{f': {BASELINE} is empty now, and can go' if empty else ''}"
    click.echo(f"tp-fix: {said}")
    for problem in result.problems:
        click.echo(shown(f"cannot read {problem.message}"), err=True)
    return 2 if result.problems else 0


def _within(start: str | None, tree: Listing) -> Callable[[str], bool]:
    """Whether a path of the repository is, or lies below, what the command line names; None names all of it."""
    if start is None:
        return lambda path: True
    below = os.path.relpath(start, os.path.realpath(tree.root)).replace(os.sep, "/")
    if below == ".":
        return lambda path: True
    if os.path.isfile(start) and below not in tree.paths:
        raise UsageError(f"{below}: not among the files that tp-fix reads", "it reads what git tracks, or would track")
    return lambda path: path == below or path.startswith(f"{below}/")


def _forbidden(root: str, within: Callable[[str], bool]) -> Callable[[str], str]:
    def reason(path: str) -> str:
        return unwritable(root, path) if within(path) else f"{path} lies outside of what the command line names"

    return reason


def _applied(item: Reported) -> Reported:
    if item.entry.status != "planned":
        return item
    return item._replace(entry=item.entry._replace(status="applied"))


def _status(result: Result, options: Options) -> int:
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


def _report(result: Result, settings: Settings, options: Options) -> str:
    if options.format == "json":
        from tp_fix.report.machine import as_json

        ran = [rule.id for rule in settings.rules]
        return as_json(result, ran, settings.file.path or None, applied=options.apply)
    if options.format == "diff":
        diffs = (unified(*pair) for pair in result.files.values())
        return "".join(diff for diff in diffs if redacted(diff) == diff)
    from tp_fix.report.text import as_text

    return as_text(result, applied=options.apply, silenced=_silenced(result, settings))


def _show(report: str, result: Result, options: Options, tree: Listing) -> None:
    if options.format == "json":
        click.echo(report)
    elif options.format == "diff":
        sys.stdout.buffer.write(report.encode("utf-8", "surrogateescape"))
        _show_left_out(result)
    else:
        if tree.without_git:
            click.echo(tree.without_git, err=True)
        click.echo(report, color=wanted(options.color))
        if options.apply:
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
