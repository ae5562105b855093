"""Which versions of a package the lock files of a repository name."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.models.installed import bun_lock, npm_lock, pnpm_lock, yarn_lock
from tp_fix.models.installed.entry import Entry, upwards
from tp_fix.models.repository import Repository

Read = Callable[[str, str, str, tuple[str, ...]], Entry]
READERS: dict[str, tuple[str, Read]] = {
    "npm-shrinkwrap.json": ("npm", npm_lock.read),
    "package-lock.json": ("npm", npm_lock.read),
    "pnpm-lock.yaml": ("pnpm", pnpm_lock.read),
    "yarn.lock": ("yarn", yarn_lock.read),
    "bun.lock": ("bun", bun_lock.read),
}
"""Names of lock files, with the client that each belongs to. npm reads the shrinkwrap where it has both."""
BINARY = "bun.lockb"


class Locked(NamedTuple):
    """What one lock file says of a package; `problem` is why it could not be asked."""

    path: str
    manager: str
    entry: Entry
    problem: str = ""


def lock_files(folder: str, repository: Repository) -> Iterator[list[tuple[str, str]]]:
    """The lock files of a folder and of those above, each with its client, folder by folder."""
    for above in upwards(folder):
        names = [name for name in (*READERS, BINARY) if posixpath.join(above, name) in repository.packages.paths]
        if names[:2] == ["npm-shrinkwrap.json", "package-lock.json"]:
            names.pop(1)
        yield [(posixpath.join(above, name), READERS[name][0] if name in READERS else "bun") for name in names]


def locked(package: str, folder: str, ranges: tuple[str, ...], repository: Repository) -> list[Locked]:
    """What the nearest lock files say that know the package; else those that could not be asked."""
    silent: list[Locked] = []
    for files in lock_files(folder, repository):
        found = [_asked(path, manager, package, folder, ranges, repository) for path, manager in files]
        if any(one.entry.versions for one in found):
            return [one for one in found if one.entry.versions or one.problem]
        silent += found
    return silent


def _asked(
    path: str, manager: str, package: str, folder: str, ranges: tuple[str, ...], repository: Repository
) -> Locked:
    own = posixpath.dirname(path)
    below = posixpath.relpath(folder or ".", own or ".") if folder != own else ""
    name = posixpath.basename(path)
    if name == BINARY:
        return Locked(path, manager, Entry(), f"{path} is binary and not read")
    try:
        text = repository.lock_file(path)
        return Locked(path, manager, READERS[name][1](text, package, "" if below == "." else below, ranges))
    except Unreadable as problem:
        return Locked(path, manager, Entry(), f"{path} cannot be read: {problem.reason}")
    except (ValueError, RecursionError):
        return Locked(path, manager, Entry(), f"{path} cannot be read: it is broken")
