"""`--workflow` and `--package`: which files a run is about, when not all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from tp_fix.errors import UsageError
from tp_fix.models.model import Model
from tp_fix.models.npmrc import is_npmrc
from tp_fix.models.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Workflow
from tp_fix.settings_file import nearest

Within = Callable[[str], bool]


def narrowed(repository: Repository, workflows: Iterable[str], packages: Iterable[str]) -> Within:
    """Whether a path is among what is named: by both where both are given. Raises UsageError for an unknown name."""
    named = [(name, _of_workflow) for name in workflows], [(name, _of_package) for name in packages]
    if not any(named):
        return lambda path: True
    model = Model(repository)
    groups = [frozenset(path for name, of in group for path in of(name, model)) for group in named if group]
    paths = frozenset.intersection(*groups)
    return lambda path: path in paths


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
    """Its manifest, the .npmrc files beside it, and the workflows that publish it, or may, with their callers."""
    manifests = [package for package in model.repository.packages.every() if package.name == name]
    if not manifests:
        known = sorted({package.name for package in model.repository.packages.every() if package.name})
        raise UsageError(
            f"there is no package {name!r} here", nearest(name, known) if known else "no package.json names one"
        )
    folders = {package.folder for package in manifests}
    yield from (package.path for package in manifests)
    yield from (path for path in model.repository.paths if is_npmrc(path) and os.path.dirname(path) in folders)
    for publication in model.publications:
        if _may_publish(publication, name):
            yield from _callers(publication.workflow, model.repository)


def _may_publish(publication: Publication, name: str) -> bool:
    return publication.names is None or name in publication.names


def _callers(workflow: Workflow, repository: Repository) -> Iterator[str]:
    """The workflow and those that call it, directly or through others, each once."""
    seen: set[str] = set()
    waiting = [workflow]
    while waiting:
        workflow = waiting.pop()
        if workflow.path not in seen:
            seen.add(workflow.path)
            yield workflow.path
            waiting += [job.workflow for job in repository.calling_jobs.get(f"./{workflow.path}", [])]
