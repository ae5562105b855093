"""One run of `tp-fix publications`: what publishes here, listed."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

import click

from tp_fix.errors import UsageError
from tp_fix.git.listing import listing as tree_of
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Job
from tp_fix.narrowing import below_of, lies_in, narrowed
from tp_fix.report.color import wanted
from tp_fix.report.publications.listing import Chosen, Listing, listing_of
from tp_fix.report.safe import shown
from tp_fix.settings import Asked, in_force


class Options(NamedTuple):
    """What the command line asks for."""

    path: str | None = None
    repository: str | None = None
    workflows: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    format: str = "text"
    color: str = "auto"


def run_publications(options: Options) -> int:
    """Runs, prints, and gives the exit status. Raises TpFixError."""
    start = os.path.realpath(options.path or ".")
    if not os.path.exists(start):
        raise UsageError(f"{options.path!r}: no such file or folder")
    tree = tree_of(start if os.path.isdir(start) else os.path.dirname(start))
    settings = in_force(Asked(options.repository), tree)
    repository = Repository(tree.root, tree.paths, settings.repository, given=settings.given, remotes=tree.remotes)
    chosen = _chosen(options, below_of(start, tree.root) if options.path is not None else ".", repository)
    found = listing_of(Model(repository), chosen)
    _print(found, options)
    for problem in found.problems:
        click.echo(shown(f"cannot read {problem.message}"), err=True)
    if tree.without_git:
        click.echo(tree.without_git, err=True)
    return 2 if found.problems else 0


def _chosen(options: Options, below: str, repository: Repository) -> Chosen:
    """What the command line narrows the listing to."""
    about = narrowed(repository, options.workflows, ()).about
    narrowed(repository, (), options.packages)  # for its errors: a name that is not here

    def chosen(job: Job, names: tuple[str, ...] | None, manifests: tuple[str, ...]) -> bool:
        path = job.workflow.path
        named = not options.packages or names is None or bool({*options.packages} & {*names})
        return named and about(path, job.route) and lies_in(below, (path, *manifests))

    return chosen


def _print(found: Listing, options: Options) -> None:
    if options.format == "json":
        from tp_fix.report.publications.machine import as_json

        click.echo(as_json(found))
        return
    from tp_fix.report.publications.text import as_text

    click.echo(as_text(found, sys.stdout.encoding or "ascii"), color=wanted(options.color))
