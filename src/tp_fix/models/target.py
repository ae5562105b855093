"""Which packages a publish command publishes, and whose publish hooks therefore run."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.models.command import Publish
from tp_fix.models.package import Package, Packages
from tp_fix.models.place import join


class Target(NamedTuple):
    """What is published: manifests of the repository, None when they cannot be known.

    `unread` names publish hooks that run and cannot be read, '' where all can. A folder that the build makes has the
    nearest manifest above it for its own, but hooks that nobody has seen. `hooks` says whether npm runs any.
    """

    packages: tuple[Package, ...] | None
    unread: str = ""
    hooks: bool = True


UNKNOWN = Target(None, "the publish hooks of packages that are known only at run time")
ARCHIVE = Target(None, hooks=False)


def target_of(publish: Publish, folder: str | None, packages: Packages) -> Target:
    """What a command publishes that runs in a folder; None is an unknown one."""
    if publish.directory is not None:
        folder = join(folder, publish.directory)
    if publish.archive:
        return ARCHIVE
    if folder is None or len(publish.specs) > 1:
        return UNKNOWN
    if publish.all_workspaces:
        return _public(packages.workspaces(folder))
    if publish.workspaces:
        return _selected(publish.workspaces, folder, packages)
    spec = publish.specs[0] if publish.specs else "."
    path = join(folder, spec) if spec is not None and "*" not in spec else None
    return UNKNOWN if path is None else folder_target(path, packages)


def folder_target(folder: str, packages: Packages) -> Target:
    """What publishing a folder publishes."""
    own = packages.at(folder)
    if own is not None:
        return Target((own,))
    if folder in packages.unreadable:
        return UNKNOWN
    above = packages.above(folder)
    unread = f"the publish hooks of {folder}/package.json (not in the repository)"
    return Target((above,) if above is not None else None, unread)


def _public(packages: tuple[Package, ...] | None) -> Target:
    return UNKNOWN if packages is None else Target(tuple(package for package in packages if not package.private))


def _selected(names: tuple[str, ...], folder: str, packages: Packages) -> Target:
    """Workspaces by name or by folder; patterns are not followed."""
    found = [
        packages.named(name) or packages.at(join(folder, name) or name)
        for name in names
        if not re.search(r"[*{}$!^]|\.\.\.", name)
    ]
    chosen = tuple(package for package in found if package is not None)
    return Target(chosen) if len(chosen) == len(names) else UNKNOWN
