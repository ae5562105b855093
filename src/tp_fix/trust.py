"""One run of `tp-fix trust`: what npm has to be told of every package that is published here."""

from __future__ import annotations

import os
from typing import NamedTuple

import click

from tp_fix.check import NOTHING
from tp_fix.errors import UsageError
from tp_fix.git.listing import listing
from tp_fix.git.tags import tags
from tp_fix.models.model import Model
from tp_fix.models.publishing.found import unread_publish
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.trust.trusted_publisher import trust_of
from tp_fix.narrowing import below_of, lies_in
from tp_fix.report.color import wanted
from tp_fix.report.safe import shown
from tp_fix.report.trust.registration import Registration, registrations
from tp_fix.settings import Asked, in_force
from tp_fix.settings_file import nearest


class Options(NamedTuple):
    """What the command line asks for."""

    path: str | None = None
    repository: str | None = None
    packages: tuple[str, ...] = ()
    format: str = "text"
    color: str = "auto"


def run_trust(options: Options) -> int:
    """Runs, prints, and gives the exit status. Raises TpFixError."""
    start = os.path.realpath(options.path or ".")
    if not os.path.exists(start):
        raise UsageError(f"{options.path!r}: no such file or folder")
    tree = listing(start if os.path.isdir(start) else os.path.dirname(start))
    settings = in_force(Asked(options.repository), tree)
    repository = Repository(tree.root, tree.paths, settings.repository, given=settings.given, remotes=tree.remotes)
    model = Model(repository)
    below = below_of(start, tree.root) if options.path is not None else "."
    chosen = {_key(publication) for publication in model.publications if _is_within(publication, below)}
    problems = repository.problems  # of what publishes; manifests that are read from here on only lend their names
    found = registrations(model, lambda publication: _key(publication) in chosen, tags(tree.root))
    found = _of_packages(options.packages, found, model)
    _print(found, options)
    for step in _unread(model, below):
        click.echo(shown(f"not read, so look yourself whether it publishes to npm: {step}"), err=True)
    for problem in problems:
        click.echo(shown(f"cannot read {problem.message}"), err=True)
    if tree.without_git:
        click.echo(tree.without_git, err=True)
    return 2 if problems else 0 if found and all(each.complete for each in found) else 1


def _key(publication: Publication) -> tuple[object, ...]:
    return publication.workflow.path, publication.route, publication.offset


def _is_within(publication: Publication, below: str) -> bool:
    """Whether its workflow, or one of its packages, lies in what the command line names."""
    paths = [publication.workflow.path, *(package.path for package in publication.target.packages or ())]
    return lies_in(below, paths)


def _unread(model: Model, below: str) -> list[str]:
    """Steps that name a publish in a way that is not read: what they publish, if anything, is on no list."""
    return [
        f"step `{step.label}` in {path}, job `{step.job.id}`"
        for path, workflow in model.repository.workflows.items()
        if lies_in(below, [path])
        for step in workflow.steps()
        if unread_publish(step, model.repository)
    ]


def _of_packages(names: tuple[str, ...], found: tuple[Registration, ...], model: Model) -> tuple[Registration, ...]:
    """Those of the packages that are named, and what may publish one of them. Raises UsageError for an unknown name."""
    known = {package.name for package in model.repository.packages.every() if package.name}
    known |= {publisher.package for publisher in trust_of(model).publishers}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no package {name!r} here", nearest(name, sorted(known)) if known else "")
    wanted_names = set(names)
    return tuple(each for each in found if not names or each.name in wanted_names or wanted_names & {*each.candidates})


def _print(found: tuple[Registration, ...], options: Options) -> None:
    if options.format == "json":
        from tp_fix.report.trust.machine import as_json

        click.echo(as_json(found))
    elif not found:
        click.echo(f"tp-fix: {NOTHING}", err=options.format == "sh")
    elif options.format == "sh":
        from tp_fix.report.trust.script import as_script

        click.echo(as_script(found), nl=False)
    else:
        from tp_fix.report.trust.text import as_text

        click.echo(as_text(found), color=wanted(options.color))
