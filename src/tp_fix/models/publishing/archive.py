"""What an archive holds: `npm publish ./*.tgz` behind the one `npm pack` whose archive can lie there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.models.package import Packages
from tp_fix.models.publishing.target import Target, folder_target
from tp_fix.models.running.command import Publish, is_archive, is_folder, pack_of
from tp_fix.models.running.place import join, placed
from tp_fix.models.running.script import script_of_step
from tp_fix.models.workflow import Job, Step

TEMP = re.compile(r"(?:\$RUNNER_TEMP\b|\$\{RUNNER_TEMP\}|\$\{\{\s*runner\.temp\s*\}\})")
IN_TEMP = "//temp"
"""Stands for the runner's own folder for temporary files, which is no folder of the repository."""
ELSEWHERE = ("run-id", "pattern", "artifact-ids", "github-token", "repository", "merge-multiple")
"""Inputs with which download-artifact fetches something else than the artifact of its name in the same run."""


class Packed(NamedTuple):
    """A folder that was packed, and the folder where its archive lies; None where either cannot be known."""

    folder: str | None
    lies: str | None


def archived(step: Step, before: int, publish: Publish, folder: str | None, packages: Packages) -> Target | None:
    """The target of a publish command at an offset of its step's script; None when what it publishes is unknown.

    `folder` is where the command runs. Known is an archive that was packed in the same job, or in a job that this
    one needs and that uploads it as the artifact which this one downloads.
    """
    if not publish.archive or len(publish.written) != 1:
        return None
    spec = publish.written[0]
    lies = place(folder, posixpath.dirname(_unquoted(spec)))
    packed = _source(step, before, lies) if lies is not None else None
    if packed is None or packed.folder is None:
        return None
    target = folder_target(packed.folder, packages)
    names = [package.name for package in target.packages or ()]
    fits = len(names) == 1 and names[0] is not None and _can_be(posixpath.basename(_unquoted(spec)), names[0])
    return target._replace(hooks=False) if fits else None


def place(folder: str | None, path: str) -> str | None:
    """A folder as it is written in a script or an input, with the runner's folder for temporary files."""
    path = _unquoted(path)
    if (temp := TEMP.match(path)) is not None:
        rest = path[temp.end() :].strip("/")
        return None if "$" in rest or ".." in rest else posixpath.normpath(f"{IN_TEMP}/{rest}")
    return join(folder, path or ".")


def packs_of(job: Job, until: tuple[int, int] | None = None) -> list[Packed]:
    """Every `npm pack` of a job, up to an offset in the script of one of its steps (its index and the offset)."""
    found = []
    for step in job.steps:
        for command, folder in placed(script_of_step(step).commands, step.directory) if step.run is not None else ():
            pack = pack_of(command)
            if pack is not None and (until is None or (step.index, command.span.start) < until):
                spec = _unquoted(pack.spec)
                packed = join(folder, spec or ".") if is_folder(spec) else None
                found.append(Packed(packed, place(folder, pack.destination)))
    return found


def is_action(step: Step, name: str) -> bool:
    """Whether a step uses an action, at any version."""
    return (step.uses or "").partition("@")[0].lower() == name


def _source(step: Step, before: int, lies: str) -> Packed | None:
    """The only archive that can lie in a folder when a command runs; None when it is not one alone."""
    downloads = [other for other in step.earlier if is_action(other, "actions/download-artifact")]
    here = packs_of(step.job, (step.index, before))
    if not downloads:
        return here[0] if len(here) == 1 and here[0].lies == lies else None
    if len(downloads) > 1 or here or place("", downloads[0].input("path") or "") != lies:
        return None
    name = downloads[0].input("name") or ""
    if not name or "${{" in name or any(downloads[0].input(key) for key in ELSEWHERE):
        return None
    found = list(_uploaded(step.job, name))
    return found[0] if len(found) == 1 else None


def _uploaded(job: Job, name: str) -> Iterator[Packed | None]:
    """What the jobs that a job needs upload as the artifact of a name: an archive, or something that is not known."""
    for needed in job.workflow.jobs:
        if needed.id in job.needs:
            for step in needed.steps:
                if is_action(step, "actions/upload-artifact") and (step.input("name") or "artifact") == name:
                    yield _upload(step)


def _upload(step: Step) -> Packed | None:
    path = (step.input("path") or "").strip()
    folder = posixpath.dirname(path) if is_archive(path) or path.endswith("/*") else path
    packs = packs_of(step.job, (step.index, 0))
    known = len(packs) == 1 and "\n" not in path and packs[0].lies is not None
    return packs[0] if known and place("", folder) == packs[0].lies else None


def _can_be(file: str, package: str) -> bool:
    """Whether `npm pack` can have given a package's archive a name (or pattern): `octo-pkg-1.2.3.tgz` for @octo/pkg."""
    return "*" in file or file.startswith(f"{package.removeprefix('@').replace('/', '-')}-")


def _unquoted(text: str) -> str:
    return text.replace('"', "").replace("'", "")
