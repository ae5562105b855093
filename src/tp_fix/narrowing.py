"""`--workflow` and `--package`: which files a run is about, when not all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tp_fix.errors import UsageError
from tp_fix.models.grants import callers_of
from tp_fix.models.model import Model
from tp_fix.models.npmrc import is_npmrc
from tp_fix.models.repository import Repository
from tp_fix.node import Route
from tp_fix.settings_file import nearest


class Narrowing(NamedTuple):
    """`within` answers whether a file may be edited, `about` whether a place in a file is reported on."""

    within: Callable[[str], bool] = lambda path: True
    about: Callable[[str, Route], bool] = lambda path, route: True


def narrowed(repository: Repository, workflows: Sequence[str], packages: Sequence[str]) -> Narrowing:
    """What is named: by both where both are given. Raises UsageError for an unknown name."""
    if not workflows and not packages:
        return Narrowing()
    model = Model(repository)
    jobs = frozenset(job for name in packages for job in _jobs(name, model))
    groups = []
    if workflows:
        groups.append(frozenset(path for name in workflows for path in _of_workflow(name, model)))
    if packages:
        groups.append(
            frozenset(path for name in packages for path in _of_package(name, model)) | {at for at, _ in jobs}
        )
    paths = frozenset.intersection(*groups)

    def about(path: str, route: Route) -> bool:
        in_job = path in repository.workflow_paths and route[:1] == ("jobs",) and len(route) > 1
        return path in paths and (not packages or not in_job or (path, str(route[1])) in jobs)

    return Narrowing(lambda path: path in paths, about)


def _of_workflow(name: str, model: Model) -> Iterator[str]:
    """The workflow, the reusable ones of this repository that it calls, and the manifests of what these publish."""
    for path in _called([_workflow_path(name, model.repository)], model.repository):
        yield path
        for publication in model.by_workflow.get(path, []):
            yield from (package.path for package in publication.target.packages or ())


def _workflow_path(name: str, repository: Repository) -> str:
    """The workflow of a file name, or of a path from here or from the repository's root."""
    known = repository.workflow_paths
    here = os.path.relpath(os.path.realpath(name), os.path.realpath(repository.root)).replace(os.sep, "/")
    for path in (here, name.removeprefix("./"), f".github/workflows/{name}"):
        if path in known:
            return path
    hint = nearest(name.rpartition("/")[2], [path.rpartition("/")[2] for path in known]) if known else ""
    raise UsageError(f"there is no workflow {name!r} among the files that tp-fix reads", hint)


def _called(paths: list[str], repository: Repository) -> Iterator[str]:
    """The workflows and those that they call, each once."""
    seen = set()
    while paths:
        path = paths.pop()
        if path in seen:
            continue
        seen.add(path)
        yield path
        workflow = repository.workflows.get(path)
        jobs = workflow.jobs if workflow is not None else ()
        paths += [job.uses.removeprefix("./") for job in jobs if job.uses is not None and job.uses.startswith("./")]


def _of_package(name: str, model: Model) -> Iterator[str]:
    """A package's manifest and the .npmrc files beside it."""
    manifests = [package for package in model.repository.packages.every() if package.name == name]
    if not manifests:
        known = sorted({package.name for package in model.repository.packages.every() if package.name})
        hint = nearest(name, known) if known else "no package.json names one"
        raise UsageError(f"there is no package {name!r} here", hint)
    folders = {package.folder for package in manifests}
    yield from (package.path for package in manifests)
    yield from (path for path in model.repository.paths if is_npmrc(path) and os.path.dirname(path) in folders)


def _jobs(name: str, model: Model) -> Iterator[tuple[str, str]]:
    """The jobs that publish a package, or may, and those that call their workflows, directly or through others."""
    seen: set[tuple[str, str]] = set()
    waiting = [found.step.job for found in model.publications if found.names is None or name in found.names]
    while waiting:
        job = waiting.pop()
        key = (job.workflow.path, job.id)
        if key not in seen:
            seen.add(key)
            yield key
            waiting += callers_of(job.workflow, model.repository)


def below_of(start: str, root: str) -> str:
    """A folder or file as its path from the root of the repository, "." for the root itself."""
    return os.path.relpath(start, os.path.realpath(root)).replace(os.sep, "/")


def lies_in(below: str, paths: Iterable[str]) -> bool:
    """Whether one of some paths is, or lies in, what the command line names."""
    return any(below == "." or path == below or path.startswith(f"{below}/") for path in paths)
