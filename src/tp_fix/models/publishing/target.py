"""Which packages a publish command publishes, and whose publish hooks therefore run."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.models.package import Package, Packages
from tp_fix.models.publishing.selection import by_name, by_pnpm, by_yarn
from tp_fix.models.publishing.workspace import pnpm_root
from tp_fix.models.running.command import Publish
from tp_fix.models.running.place import join


class Target(NamedTuple):
    """What is published: manifests of the repository, None when they cannot be known.

    `unread` names publish hooks that run and cannot be read, '' where all can. A folder that the build makes has the
    nearest manifest above it for its own, but hooks that nobody has seen: it is `built`. `hooks` says whether npm
    runs any.
    """

    packages: tuple[Package, ...] | None
    unread: str = ""
    hooks: bool = True
    built: bool = False


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
    if publish.all_workspaces or publish.workspaces:
        return _several(publish, folder, packages)
    if publish.tool.startswith("pnpm") and any(option.name == "workspace-root" for option in publish.options):
        root = pnpm_root(folder, packages)
        return UNKNOWN if root is None else folder_target(root, packages)
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
    return Target((above,) if above is not None else None, unread, built=True)


def _several(publish: Publish, folder: str, packages: Packages) -> Target:
    """What a command publishes that goes over the packages of a workspace."""
    if publish.tool.startswith("pnpm"):
        found = by_pnpm(publish, folder, packages)
    elif publish.workspaces:
        found = by_name(publish, folder, packages)
    elif publish.tool == "yarn":
        found = by_yarn(publish, folder, packages)
    else:
        found = packages.workspaces(folder)
        found = None if found is None else tuple(package for package in found if not package.private)
    return UNKNOWN if found is None else Target(found)
