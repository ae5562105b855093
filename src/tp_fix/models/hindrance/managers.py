"""Which package manager a release tool takes a project for, each in its own manner."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from tp_fix.errors import Unreadable
from tp_fix.models.installed.berry import is_berry
from tp_fix.models.installed.entry import upwards
from tp_fix.models.package import Package
from tp_fix.models.repository import Repository
from tp_fix.node import plain

LOCKS = {
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "deno.lock": "deno",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
}
"""package-manager-detector 0.2.11, in its order."""
NEWER_LOCKS = {**dict(list(LOCKS.items())[:4]), "pnpm-workspace.yaml": "pnpm", **dict(list(LOCKS.items())[4:])}
"""package-manager-detector 1.9.0, without the locks of managers that nobody here knows."""
AGENTS = frozenset({"npm", "yarn", "pnpm", "bun", "deno"})
NX = (
    ("bun.lockb", "bun"),
    ("bun.lock", "bun"),
    ("yarn.lock", "yarn"),
    ("pnpm-lock.yaml", "pnpm"),
    ("package-lock.json", "npm"),
)
PREFERRED = (
    ("package-lock.json", "npm"),
    ("yarn.lock", "yarn"),
    ("pnpm-lock.yaml", "pnpm"),
    ("shrinkwrap.yaml", "pnpm"),
)
"""preferred-pm 3.1.4 on a package's own folder."""


def detected(folder: str, repository: Repository, *, newer: bool = False) -> str:
    """package-manager-detector: the nearest folder with a lock file or a named manager; '' for none.

    Where both stand in a folder, the named one counts.
    """
    locks = NEWER_LOCKS if newer else LOCKS
    for above in upwards(folder):
        manifest = repository.packages.at(above)
        named = _named(manifest, newer) if manifest is not None else ""
        locked = next((name for file, name in locks.items() if _has(above, file, repository)), "")
        if named or locked:
            return named or locked
    return ""


def preferred(folder: str, repository: Repository) -> str:
    """preferred-pm: the package's own lock file, then a pnpm-lock.yaml above it, then a workspace of Yarn or npm."""
    own = next((name for file, name in PREFERRED if _has(folder, file, repository)), "")
    if own:
        return own
    if any(_has(above, "pnpm-lock.yaml", repository) for above in upwards(folder)):
        return "pnpm"
    return next(_of_workspace(folder, repository), "")


def _of_workspace(folder: str, repository: Repository) -> Iterator[str]:
    """In any workspace but pnpm's it never says pnpm; without one it looks at what is installed."""
    for above in upwards(folder):
        manifest = repository.packages.at(above)
        if manifest is not None and manifest.workspaces:
            yield "npm" if _has(above, "package-lock.json", repository) else "yarn"


def of_manypkg(folder: str, repository: Repository) -> str:
    """@manypkg/find-root 3: by whose file the nearest root of a workspace is one; '' for none."""
    for above in upwards(folder):
        manifest = repository.packages.at(above)
        has_workspaces = manifest is not None and bool(manifest.workspaces)
        if has_workspaces and _has(above, "yarn.lock", repository):
            return "yarn"
        if _lists_packages(above, repository):
            return "pnpm"
        if has_workspaces and _has(above, "package-lock.json", repository):
            return "npm"
        if has_workspaces and (_has(above, "bun.lock", repository) or _has(above, "bun.lockb", repository)):
            return "bun"
        if _has(above, "lerna.json", repository):
            return "lerna"
        if _has(above, "rush.json", repository):
            return "rush"
    return ""


def of_nx(folder: str, repository: Repository) -> str:
    """nx: the `cli.packageManager` of nx.json, else the first lock file of the folder that it runs in."""
    path = posixpath.join(folder, "nx.json")
    text = repository.text(path) if path in repository.packages.paths else ""
    said = re.search(r"\"packageManager\"\s*:\s*\"(\w+)\"", text)
    return said[1] if said else next((name for file, name in NX if _has(folder, file, repository)), "")


def of_np(folder: str, repository: Repository) -> str:
    """np: `packageManager`, `devEngines`, else a lock file beside the manifest, else npm."""
    manifest = repository.packages.at(folder)
    named = _named(manifest, newer=True) if manifest is not None else ""
    pairs = (
        ("package-lock.json", "npm"),
        ("pnpm-lock.yaml", "pnpm"),
        ("yarn.lock", "yarn"),
        ("bun.lockb", "bun"),
        ("bun.lock", "bun"),
    )
    locked = [name for file, name in pairs if _has(folder, file, repository)]
    if not named and len(set(locked)) > 1:
        return ""
    return named or next(iter(locked), "npm")


def yarn_of(repository: Repository) -> str:
    """Which Yarn a project of Yarn's has: berry or yarn (Classic)."""
    return "berry" if is_berry(repository) else "yarn"


def _named(manifest: Package, newer: bool) -> str:
    name = manifest.manager.strip().removeprefix("^").partition("@")[0]
    if not name and newer:
        asked = manifest.dev_engines.get("packageManager")
        said = asked.get("name") if isinstance(asked, dict) else None
        name = said if isinstance(said, str) else ""
    return name if name in AGENTS else ""


def _lists_packages(folder: str, repository: Repository) -> bool:
    path = posixpath.join(folder, "pnpm-workspace.yaml")
    if path not in repository.packages.paths:
        return False
    try:
        data = plain(repository.document(path).root)
    except Unreadable:
        return True
    return isinstance(data, dict) and bool(data.get("packages"))


def _has(folder: str, name: str, repository: Repository) -> bool:
    return posixpath.join(folder, name) in repository.packages.paths
