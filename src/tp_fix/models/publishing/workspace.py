"""Which packages belong to a workspace, as each client sees it: npm, pnpm, Yarn, lerna and changesets differ.

Sources: pnpm 10.34.9 (`find-workspace-packages`, `workspacePackagePatterns`), Yarn Berry (`Project.setupWorkspaces`),
lerna 9 (`lerna.json`), @manypkg/get-packages 1.1.3, which changesets asks. Checked 2026-11-23.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from tp_fix.errors import Unreadable
from tp_fix.models.installed.entry import upwards
from tp_fix.models.package import Package, Packages, glob
from tp_fix.node import Data, plain

PNPM = "pnpm-workspace.yaml"
LERNA = "lerna.json"
UNREAD = re.compile(r"[{}()\[\]|$\\]")
"""In a pattern: what is not followed here, such as `{a,b}` and `+(a|b)`."""


def pnpm_root(folder: str, packages: Packages) -> str | None:
    """The root of the pnpm workspace that a folder lies in; None without one."""
    return next((above for above in upwards(folder) if posixpath.join(above, PNPM) in packages.paths), None)


def pnpm_members(folder: str, packages: Packages) -> tuple[Package, ...] | None:
    """The packages of the pnpm workspace around a folder, its root among them; None where they are not known."""
    root = pnpm_root(folder, packages)
    data = _settings(posixpath.join(root, PNPM), packages) if root is not None else None
    if root is None or not isinstance(data, dict):
        return None
    patterns = data.get("packages") or ()
    if not isinstance(patterns, list | tuple) or not all(isinstance(each, str) for each in patterns):
        return None
    return _with_root(root, _matched([str(each) for each in patterns], root, packages), packages)


def yarn_members(folder: str, packages: Packages) -> tuple[Package, ...] | None:
    """The packages of the Yarn project whose root is a folder, the root among them; None where they are not known."""
    root = packages.at(folder)
    if root is None or not root.workspaces:
        return None
    return _with_root(folder, _matched(root.workspaces, folder, packages), packages)


def lerna_members(folder: str, packages: Packages) -> tuple[Package, ...] | None:
    """The packages that lerna manages from a folder; None where they are not known."""
    root = next((above for above in upwards(folder) if posixpath.join(above, LERNA) in packages.paths), None)
    data = packages.loose(posixpath.join(root, LERNA)) if root is not None else None
    if root is None or not isinstance(data, dict):
        return None
    patterns = data.get("packages")
    if isinstance(patterns, list) and data.get("useWorkspaces") is not True:
        return _matched([str(each) for each in patterns], root, packages)
    return _by_client(root, packages)


def changesets_members(folder: str, packages: Packages) -> tuple[Package, ...] | None:
    """The packages that changesets sees from a folder: those of the workspace, or else the folder's own."""
    root = next((above for above in upwards(folder) if _is_workspace(above, packages)), None)
    if root is not None:
        return _by_client(root, packages)
    own = packages.above(folder)
    return (own,) if own is not None else None


def _by_client(folder: str, packages: Packages) -> tuple[Package, ...] | None:
    """The members below a root without the root itself, by the file that its client reads."""
    root = packages.at(folder)
    if root is not None and root.workspaces:
        return _matched(root.workspaces, folder, packages)
    if posixpath.join(folder, PNPM) in packages.paths:
        data = _settings(posixpath.join(folder, PNPM), packages)
        patterns = data.get("packages") if isinstance(data, dict) else None
        return _matched([str(each) for each in patterns], folder, packages) if isinstance(patterns, list) else None
    return None


def _is_workspace(folder: str, packages: Packages) -> bool:
    """Whether a folder has patterns of members that cannot be followed, or members of lerna's alone."""
    root = packages.at(folder)
    data = _settings(posixpath.join(folder, PNPM), packages)
    by_pnpm = data is not None and not (isinstance(data, dict) and "packages" not in data)
    return bool(root and root.workspaces) or by_pnpm or posixpath.join(folder, LERNA) in packages.paths


def _settings(path: str, packages: Packages) -> Data:
    if path not in packages.paths:
        return None
    try:
        return plain(packages.document(path).root)
    except Unreadable:
        return ""


def _matched(patterns: Iterable[str], folder: str, packages: Packages) -> tuple[Package, ...] | None:
    """The packages below a folder that match its patterns; None where a pattern or a manifest cannot be read."""
    chosen = [pattern for pattern in patterns if not pattern.startswith("!")]
    dropped = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    if any(UNREAD.search(pattern) or ".." in pattern for pattern in (*chosen, *dropped)):
        return None
    found = []
    for path in packages.manifests:
        below = posixpath.relpath(posixpath.dirname(path) or ".", folder or ".")
        if "node_modules" in below.split("/") or not _matches(below, chosen) or _matches(below, dropped):
            continue
        if (package := packages.at(posixpath.dirname(path))) is None:
            return None
        found.append(package)
    return tuple(found)


def _matches(below: str, patterns: Iterable[str]) -> bool:
    return any(pattern in (".", "./") if below == "." else glob(pattern).fullmatch(below) for pattern in patterns)


def _with_root(folder: str, found: tuple[Package, ...] | None, packages: Packages) -> tuple[Package, ...] | None:
    root = packages.at(folder)
    if found is None or (root is None and folder in packages.unreadable):
        return None
    return found if root is None or root in found else (root, *found)
