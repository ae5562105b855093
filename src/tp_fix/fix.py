"""One run of `tp-fix`: read, find, plan, prove, then show, print or write."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import click

from tp_fix.against import configured
from tp_fix.baseline import Baseline, baseline_of, held_against, record
from tp_fix.engine import Reported, Result, run
from tp_fix.errors import UsageError
from tp_fix.git.listing import Listing, listing
from tp_fix.models.repository import BASELINE, Repository
from tp_fix.models.trust.configured import Publishers
from tp_fix.narrowing import narrowed
from tp_fix.node import Route
from tp_fix.options import Options
from tp_fix.output import report_of, show, status
from tp_fix.plan import Limits
from tp_fix.report.color import wanted
from tp_fix.report.safe import shown
from tp_fix.rule import Applicability
from tp_fix.settings import Settings, in_force
from tp_fix.write import unwritable, write

if TYPE_CHECKING:
    from tp_fix.migration import Migration


class Ground(NamedTuple):
    """What a run stands on: a tree, what the command line names in it, and why a file of it cannot be edited."""

    tree: Listing
    start: str | None
    unwritable: Callable[[str], str]
    migration: Migration | None = None
    remote: str | None = None


def run_fix(options: Options) -> int:
    """Runs, prints, and gives the exit status. Raises TpFixError."""
    start = _start(options.path)
    tree = listing(start if os.path.isdir(start) else os.path.dirname(start))
    named = start if options.path is not None else None
    if options.commits is None:
        return _run(Ground(tree, named, partial(unwritable, tree.root)), options)
    from tp_fix.migration import migration
    from tp_fix.proposing import remote_of

    remote = remote_of(tree.root, options.commits)
    with migration(tree, options.commits, applied=options.apply) as made:
        named = None if named is None else made.place(os.path.relpath(named, os.path.realpath(tree.root)))
        return _run(Ground(made.tree, named, made.forbidden, made, remote), options)


def _run(ground: Ground, options: Options) -> int:
    tree = ground.tree
    settings = in_force(options.asked, tree)
    repository = Repository(tree.root, tree.paths, settings.repository, given=settings.given, remotes=tree.remotes)
    publishers = configured(settings.asked.against, settings.file.publishers, repository)
    if options.show_settings:
        return _show_settings(settings, publishers, baseline_of(repository), options)
    if not settings.rules:
        raise UsageError(
            "no rule is left to run: what is selected is ignored too", "tp-fix --show-settings tells where"
        )
    if options.stage and all(rule.stage != options.stage for rule in settings.rules):
        what = "takes a token away" if options.stage == "drop" else "does anything but take tokens away"
        raise UsageError(f"--stage {options.stage}: no rule that is left to run {what}", "see --select and --ignore")
    baseline = Baseline.none() if options.write_baseline else baseline_of(repository)
    limits = _limits(repository, ground, settings, options)
    result = run(repository, settings.rules, limits, settings.prefer, publishers)
    if options.write_baseline:
        return _record(tree.root, result)
    if options.apply:
        result.reported = [_applied(item) for item in result.reported]
    held_against(baseline, result, settings.rules, limits.about, applied=options.apply)
    if ground.migration is not None:
        return _commit(result, settings, options, ground.migration, ground.remote)
    report = report_of(result, settings, options)  # before anything is written: what fails here must leave no trace
    if options.apply:
        write(tree.root, result.files)
    show(report, result, options, tree)
    return status(result, options)


def _commit(result: Result, settings: Settings, options: Options, ground: Migration, remote: str | None) -> int:
    from tp_fix.proposing import propose
    from tp_fix.report.migration.landed import landed_lines
    from tp_fix.report.migration.proposed import proposed_lines

    made = ground.made(result, applied=options.apply)
    report_of(result, settings, options)  # before anything moves: what fails here must leave no trace
    landed = ground.land(result, made)
    proposed = propose(ground.checkout.root, remote, landed, ground.asked, settings.repository, ground.text(result))
    show(report_of(result, settings, options, landed, proposed), result, options, ground.tree)
    lines = [*landed_lines(landed), *proposed_lines(proposed), *ground.unseen()]
    click.echo("".join(f"{shown(line)}\n" for line in lines), nl=False, err=options.format != "text")
    return max(status(result, options), proposed.exit_code)


def _start(path: str | None) -> str:
    """Where to look, without symbolic links."""
    if path is not None and not os.path.exists(path):
        raise UsageError(f"{path!r}: no such file or folder")
    try:
        return os.path.realpath(path or ".")
    except FileNotFoundError:
        raise UsageError("the current folder does not exist any more", "change to another one") from None


def _limits(repository: Repository, ground: Ground, settings: Settings, options: Options) -> Limits:
    """What the run may do and is about: PATH, --workflow, --package, the settings, and the person who is asked."""
    inside = _within(ground.start, ground.tree)
    named = narrowed(repository, options.workflows, options.packages)

    def within(path: str) -> bool:
        return inside(path) and named.within(path)

    def about(path: str, route: Route) -> bool:
        return inside(path) and named.about(path, route)

    def forbidden(path: str) -> str:
        return ground.unwritable(path) if within(path) else f"{path} lies outside of what the command line names"

    accepts = None
    if options.interactive:
        from tp_fix.interactive import Asker

        accepts = Asker(wanted(options.color)).accepts
    threshold = Applicability.UNSAFE if options.unsafe else Applicability.SAFE
    return Limits(threshold, forbidden, about, settings.ignores, settings.leveled, accepts, options.stage)


def _show_settings(settings: Settings, publishers: Publishers, baseline: Baseline, options: Options) -> int:
    from tp_fix.report.settings import settings_as_json, settings_as_toml

    known = "none" if baseline.text is None else f"{BASELINE}, {baseline.findings.total()} recorded"
    as_they_are = settings_as_json if options.format == "json" else settings_as_toml
    click.echo(as_they_are(settings, publishers, known))
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


def _applied(item: Reported) -> Reported:
    if item.entry.status != "planned":
        return item
    return item._replace(entry=item.entry._replace(status="applied"))
