"""One run of `tp-fix check`: the preflight list of a repository, or of files that were pasted without theirs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NamedTuple

import click

from tp_fix.against import configured
from tp_fix.engine import Result, find, run
from tp_fix.errors import Unreadable, UsageError
from tp_fix.git.listing import Listing, listing, upwards
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.paste import Input, Pasted, pasted
from tp_fix.plan import Limits
from tp_fix.report.check.checklist import Checklist, Line, Report, line_at
from tp_fix.report.check.preflight import beside, checklists, package_checklist
from tp_fix.report.color import wanted
from tp_fix.rules import all_rules
from tp_fix.settings import Asked, in_force
from tp_fix.source import MAX_BYTES

STDIN = "-"
NOTHING = (
    "nothing here is known to publish to npm; recognised so far: `npm publish`, `npm stage publish`, `pnpm publish`, "
    "`yarn npm publish` and `npx npm@V publish`, run by a step itself"
)


class Options(NamedTuple):
    """What the command line asks for."""

    paths: tuple[str, ...]
    repository: str | None
    format: str
    color: str


def run_check(options: Options) -> int:
    """Runs, prints, and gives the exit status. Raises TpFixError."""
    paths = options.paths or ((STDIN,) if _piped() else (".",))
    tree = _tree(paths)
    report, result = _of_files(paths, options) if tree is None else (_of_repository(paths, tree, options), None)
    _print(report, result, options)
    if tree is not None and tree.without_git:
        click.echo(tree.without_git, err=True)
    if report.problems:
        return 2
    crossed = any(line.mark == "no" for checklist in report.lists for line in checklist.lines)
    return 1 if crossed or not report.lists else 0


def _piped() -> bool:
    """Whether standard input is what to read where nothing is named: only where no repository is around."""
    return not _around(".") and not sys.stdin.isatty()


def _around(folder: str) -> bool:
    return any(upwards(os.path.realpath(folder), name) is not None for name in (".git", ".github"))


def _tree(paths: tuple[str, ...]) -> Listing | None:
    """The repository that all of the paths belong to; None where they are files to be read by themselves."""
    for path in paths:
        if path != STDIN and not os.path.exists(path):
            raise UsageError(f"{path!r}: no such file or folder")
    folders = [path for path in paths if os.path.isdir(path)]
    if folders and len(paths) > 1:
        raise UsageError(f"{folders[0]!r} is a folder, and not alone", "name one folder, or files")
    if folders:
        return listing(os.path.realpath(folders[0]))
    if STDIN in paths or not all(_around(os.path.dirname(os.path.realpath(path))) for path in paths):
        return None
    tree = listing(os.path.dirname(os.path.realpath(paths[0])))
    return tree if all(_known(path, tree) for path in paths) else None


def _known(path: str, tree: Listing) -> bool:
    """Whether a file is a workflow or a manifest of a repository, where GitHub and npm look for it."""
    below = _below(path, tree)
    workflow = below.startswith(".github/workflows/") and below.endswith((".yml", ".yaml"))
    return below in tree.paths and (workflow or os.path.basename(below) == "package.json")


def _below(path: str, tree: Listing) -> str:
    return os.path.relpath(os.path.realpath(path), os.path.realpath(tree.root)).replace(os.sep, "/")


def _of_repository(paths: tuple[str, ...], tree: Listing, options: Options) -> Report:
    settings = in_force(Asked(options.repository), tree)
    name, given = settings.repository, settings.given
    repository = Repository(tree.root, tree.paths, name, given=given, remotes=tree.remotes)
    model = Model(repository, settings.prefer, configured((), settings.file.publishers, repository))
    within = _within([_below(path, tree) for path in paths])
    chosen = [publication for publication in model.publications if _is_within(publication, within)]
    findings = [settings.leveled(finding) for finding in find(model, settings.rules) if not settings.ignores(finding)]
    lists = checklists(model, chosen, findings, [rule.id for rule in settings.rules])
    left = [finding for finding in beside(findings, lists, model) if within(finding.path)]
    return Report(
        model.repository.name,
        tuple(lists),
        beside=tuple((finding, line_at(model.repository, finding.path, finding.route)) for finding in left),
        problems=tuple(model.repository.problems),
        nothing=NOTHING,
    )


def _within(roots: list[str]) -> Callable[[str], bool]:
    return lambda path: any(root == "." or path == root or path.startswith(f"{root}/") for root in roots)


def _is_within(publication: Publication, within: Callable[[str], bool]) -> bool:
    """Whether its workflow, or one of its packages, is among what the command line names."""
    packages = publication.target.packages or ()
    return within(publication.workflow.path) or any(within(package.path) for package in packages)


def _of_files(paths: tuple[str, ...], options: Options) -> tuple[Report, Result]:
    """The list and the findings of files alone. Raises Unreadable when there is nothing but one that cannot be used."""
    given = pasted(_read(path) for path in dict.fromkeys(paths))
    if not given.files and len(given.problems) == 1:
        raise given.problems[0]
    repository = Repository.of(given.files, options.repository, given=options.repository is not None)
    rules = all_rules()
    result = run(repository, rules, Limits())
    model = result.before
    findings = find(model, rules)
    lists = checklists(model, model.publications, findings, [rule.id for rule in rules], given.unnamed)
    lists += _packages(model) if not repository.workflow_paths else []
    report = Report(
        repository.name,
        tuple(lists),
        notes=tuple(_not_given(given, lists)),
        problems=(*given.problems, *result.problems),
        nothing=NOTHING,
        pasted=True,
    )
    return report, result


def _packages(model: Model) -> list[Checklist]:
    return [package_checklist(package, model.repository) for package in model.repository.packages.every()]


def _not_given(given: Pasted, lists: list[Checklist]) -> list[Line]:
    """What nobody handed over, said once."""
    if not lists:
        return []
    missing = [name for name in ("package.json", ".npmrc") if not any(path.endswith(name) for path in given.files)]
    what = ", ".join([*missing, "other workflows and files"])
    return [Line("not given", "unknown", f"{what}: they can change what is said here")]


def _read(path: str) -> Input:
    """The bytes of a file, or of standard input; one more than is ever read. Raises Unreadable."""
    if path == STDIN:
        return Input("standard input", "", sys.stdin.buffer.read(MAX_BYTES + 1))
    try:
        with open(path, "rb") as file:
            return Input(path, path, file.read(MAX_BYTES + 1))
    except OSError as error:
        raise Unreadable(path, f"cannot be read: {error.strerror}") from None


def _print(report: Report, result: Result | None, options: Options) -> None:
    if options.format == "json":
        from tp_fix.report.check.machine import as_json

        click.echo(as_json(report, result))
        return
    from tp_fix.report.check.text import as_text

    click.echo(as_text(report, result, sys.stdout.encoding or "ascii"), color=wanted(options.color))
