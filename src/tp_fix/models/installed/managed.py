"""Which npm, pnpm or Yarn a repository says that it is worked on with."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from tp_fix.facts.clients import dotted
from tp_fix.models.installed.entry import upwards
from tp_fix.models.installed.known import Known, unknown
from tp_fix.models.package import Package
from tp_fix.models.repository import Repository
from tp_fix.models.versions.versions import exactly, from_on, ranged
from tp_fix.node import Data

MANAGERS = frozenset({"npm", "pnpm", "yarn"})
PINNED = re.compile(r"(?P<name>[a-z]+)@v?(?P<version>\d+\.\d+\.\d+)(?:[-+].*)?")
YARN_PATH = re.compile(r"^\s*(?:yarnPath:|yarn-path)\s*[\"']?(?P<path>[^\s\"']+)", re.MULTILINE)
IN_NAME = re.compile(r"yarn-(\d+)\.(\d+)\.(\d+)")
CLASSIC = "# yarn lockfile v1"


def managed(manager: str, folder: str, repository: Repository) -> Known | None:
    """What `packageManager`, `devEngines`, `yarnPath` or the head of yarn.lock say; None when nothing does."""
    if manager not in MANAGERS:
        return None
    return next(_said(manager, folder, repository), None)


def manager_of(folder: str, repository: Repository) -> str:
    """The client that the nearest `packageManager` names, '' for none."""
    for above in upwards(folder):
        manifest = repository.packages.at(above)
        match = PINNED.fullmatch(manifest.manager.strip()) if manifest is not None else None
        if match:
            return match["name"]
    return ""


def _said(manager: str, folder: str, repository: Repository) -> Iterator[Known]:
    if manager == "yarn":
        yield from _by_path(folder, repository)
    for above in upwards(folder):
        manifest = repository.packages.at(above)
        if manifest is not None:
            yield from _by_manifest(manager, manifest)
    if manager == "yarn":
        yield from _by_lock(folder, repository)


def _by_manifest(manager: str, manifest: Package) -> Iterator[Known]:
    written = manifest.manager.strip()
    match = PINNED.fullmatch(written)
    if match and match["name"] == manager:
        versions = ranged(match["version"])
        if versions is not None:
            yield Known(
                versions, f"{manifest.path} says {match[0].partition('+')[0]}", manifest.path, ("packageManager",)
            )
    asked = manifest.dev_engines.get("packageManager")
    for one in asked if isinstance(asked, list) else [asked]:
        yield from _by_engine(manager, one, manifest)


def _by_engine(manager: str, asked: Data, manifest: Package) -> Iterator[Known]:
    if not isinstance(asked, dict) or asked.get("name") != manager:
        return
    written = asked.get("version")
    versions = ranged(written) if isinstance(written, str) else None
    if versions is not None:
        why = f"{manifest.path} asks for {manager} {written} in `devEngines`"
        yield Known(versions, why, manifest.path, ("devEngines", "packageManager"))


def _by_path(folder: str, repository: Repository) -> Iterator[Known]:
    """The Yarn that is checked in goes before every other."""
    for above in upwards(folder):
        for name in (".yarnrc.yml", ".yarnrc"):
            path = posixpath.join(above, name)
            if path not in repository.packages.paths or not (match := YARN_PATH.search(repository.text(path))):
                continue
            file = posixpath.basename(match["path"])
            numbers = IN_NAME.search(file)
            if numbers is None:
                yield unknown(f"{path} names {file}, whose version cannot be seen", path)
                return
            version = (int(numbers[1]), int(numbers[2]), int(numbers[3]))
            yield Known(exactly(version), f"{path} names Yarn {dotted(version)}", path, ("yarnPath",))
            return


def _by_lock(folder: str, repository: Repository) -> Iterator[Known]:
    for above in upwards(folder):
        path = posixpath.join(above, "yarn.lock")
        if path not in repository.packages.paths:
            continue
        head = repository.head(path).decode("utf-8", "replace")
        if CLASSIC in head:
            yield Known(from_on((1, 0, 0), (2, 0, 0)), f"{path} is one of Yarn Classic", path)
        elif re.search(r"^__metadata:", head, re.MULTILINE):
            yield Known(from_on((2, 0, 0)), f"{path} is one of Yarn Berry, of any version", path)
        return
