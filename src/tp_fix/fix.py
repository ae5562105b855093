"""One run of `tp-fix`: read, find, plan, prove, then show, print or write."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NamedTuple

import click

from tp_fix.engine import Reported, Result, run
from tp_fix.errors import UsageError
from tp_fix.git.listing import Listing, listing
from tp_fix.models.repository import Repository
from tp_fix.plan import Limits
from tp_fix.report.diff import unified
from tp_fix.report.safe import redacted, shown
from tp_fix.rule import Applicability
from tp_fix.rules import chosen
from tp_fix.write import unwritable, write


class Options(NamedTuple):
    """What the command line asks for."""

    path: str | None
    apply: bool
    unsafe: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    prefer: tuple[str, ...]
    repository: str | None
    format: str
    color: str


def run_fix(options: Options) -> int:
    """Runs, prints, and gives the exit status. Raises TpFixError."""
    rules = chosen(options.select, options.ignore)
    if options.path is not None and not os.path.exists(options.path):
        raise UsageError(f"{options.path!r}: no such file or folder")
    try:
        start = os.path.realpath(options.path or ".")
    except FileNotFoundError:
        raise UsageError("the current folder does not exist any more", "change to another one") from None
    tree = listing(start if os.path.isdir(start) else os.path.dirname(start))
    given = options.repository or os.environ.get("GITHUB_REPOSITORY")
    repository = Repository(
        tree.root, tree.paths, given or tree.repository, given=given is not None, remotes=tree.remotes
    )
    within = _within(start if options.path is not None else os.path.realpath(tree.root), tree)
    threshold = Applicability.UNSAFE if options.unsafe else Applicability.SAFE
    result = run(repository, rules, Limits(threshold, _forbidden(tree.root, within), within), options.prefer)
    if options.apply:
        result.reported = [_applied(item) for item in result.reported]
    report = _report(result, options)  # before anything is written: what fails here must leave no trace
    if options.apply:
        write(tree.root, result.files)
    _show(report, result, options, tree)
    return _status(result, options)


def _within(start: str, tree: Listing) -> Callable[[str], bool]:
    """Whether a path of the repository is, or lies below, what the command line names."""
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


def _report(result: Result, options: Options) -> str:
    if options.format == "json":
        from tp_fix.report.machine import as_json

        return as_json(result, applied=options.apply)
    if options.format == "diff":
        diffs = (unified(*pair) for pair in result.files.values())
        return "".join(diff for diff in diffs if redacted(diff) == diff)
    from tp_fix.report.text import as_text

    return as_text(result, applied=options.apply)


def _show(report: str, result: Result, options: Options, tree: Listing) -> None:
    if options.format == "json":
        click.echo(report)
    elif options.format == "diff":
        sys.stdout.buffer.write(report.encode("utf-8", "surrogateescape"))
        _show_left_out(result)
    else:
        if tree.without_git:
            click.echo(tree.without_git, err=True)
        color = {"always": True, "never": False}.get(options.color)
        if color is None and os.environ.get("NO_COLOR"):
            color = False
        click.echo(report, color=color)
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


def _show_dirty(result: Result, tree: Listing) -> None:
    """Which of the written files had changes of the user's own before: git cannot take ours back alone there."""
    if tree.without_git or not result.files:
        return
    from tp_fix.git.state import dirty_before

    for path in dirty_before(tree.root, {path: pair[0].raw for path, pair in result.files.items()}):
        click.echo(shown(f"{path} had changes that are not committed; `git diff` shows them together with these"))
