"""Which packages of a workspace the words of a command choose: pnpm's `--filter`, Yarn's `foreach`, npm's `-w`.

Sources: pnpm 10.34.9 (`parsePackageSelector`, `filterWorkspacePackages`, `matcherFromPattern`), Yarn Berry
(`workspaces foreach`), npm 11.19.1 (`lib/utils/get-workspaces.js`). Checked 2026-11-23.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tp_fix.models.installed.entry import upwards
from tp_fix.models.package import Package, Packages, glob
from tp_fix.models.publishing.workspace import pnpm_members, pnpm_root, yarn_members
from tp_fix.models.running.command import Publish
from tp_fix.models.running.place import join

UNSEEN = re.compile(r"[$`\\]")
"""In a selector: what is known only at run time, or not followed."""
Chosen = tuple[Package, ...] | None


def by_pnpm(publish: Publish, folder: str, packages: Packages) -> Chosen:
    """What `pnpm -r publish` and `pnpm --filter … publish` publish; None where that is not known.

    pnpm leaves out what is private or has no name, and puts the root among the rest. What has no version it leaves out
    too, but a release may write one first.
    """
    members = pnpm_members(folder, packages)
    if members is None:
        return None
    selectors = list(publish.workspaces)
    if _is_on(publish, "workspace-root"):
        selectors.append(f"{{/{pnpm_root(folder, packages) or ''}}}")
    chosen = _filtered(selectors, members, folder)
    if chosen is None:
        return None
    return tuple(each for each in chosen if each.name and not each.private)


def _filtered(selectors: Iterable[str], members: tuple[Package, ...], folder: str) -> Chosen:
    dropped: set[str] = set()
    kept: set[str] | None = None
    for selector in selectors:
        found = _matching(selector.removeprefix("!"), members, folder)
        if found is None or (not found and not selector.startswith("!")):
            return None  # what matches nothing may match what the build makes
        if selector.startswith("!"):
            dropped |= found
        else:
            kept = (kept or set()) | found
    return tuple(each for each in members if each.path not in dropped and (kept is None or each.path in kept))


def _matching(selector: str, members: tuple[Package, ...], folder: str) -> set[str] | None:
    """The paths of the members that a selector of pnpm's chooses; None for one that is not followed."""
    if UNSEEN.search(selector) or "..." in selector or "[" in selector or not selector:
        return None
    if selector.startswith("{") and selector.endswith("}"):
        return _in_folder(selector[1:-1], members, folder)
    if re.match(r"\.{1,2}(/|$)", selector):
        return _in_folder(selector, members, folder)
    if "{" in selector or selector.startswith("."):
        return None
    found = _named(selector, members)
    if not found and not selector.startswith("@") and "/" not in selector:
        scoped = _named(f"@*/{selector}", members)
        found = scoped if len(scoped) == 1 else set()
    return found


def _named(pattern: str, members: tuple[Package, ...]) -> set[str]:
    name = re.compile(".*".join(map(re.escape, pattern.split("*"))))
    return {each.path for each in members if each.name and name.fullmatch(each.name)}


def _in_folder(path: str, members: tuple[Package, ...], folder: str) -> set[str] | None:
    place = path.strip("/") if path.startswith("/") else join(folder, path)
    if place is None or re.search(r"[{}()\[\]!+@]", place):
        return None
    return {each.path for each in members if (each.folder == place or (place and glob(place).fullmatch(each.folder)))}


def by_yarn(publish: Publish, folder: str, packages: Packages) -> Chosen:
    """What `yarn workspaces foreach … npm publish` publishes; None where that is not known."""
    root = _yarn_root(folder, packages)
    members = yarn_members(root, packages) if root is not None else None
    partial = any(_is_on(publish, name) for name in ("recursive", "since", "from"))
    if members is None or partial or (root != folder and not _is_on(publish, "all")):
        return None
    include, exclude = _globs(publish, "include"), _globs(publish, "exclude")
    if include is None or exclude is None:
        return None
    chosen = members if not include else tuple(each for each in members if _by_glob(each, include, root or ""))
    if include and not all(any(_by_glob(each, (pattern,), root or "") for each in members) for pattern in include):
        return None
    return tuple(each for each in chosen if not each.private and not _by_glob(each, exclude, root or ""))


def _by_glob(package: Package, patterns: tuple[str, ...], root: str) -> bool:
    """Whether the name of a package, or its folder below the root, matches one of some patterns."""
    below = package.folder.removeprefix(f"{root}/") if root else package.folder
    return any(glob(pattern).fullmatch(text) for pattern in patterns for text in (package.name or "", below or "."))


def _yarn_root(folder: str, packages: Packages) -> str | None:
    found = ((above, packages.at(above)) for above in upwards(folder))
    return next((above for above, package in found if package is not None and package.workspaces), None)


def by_name(publish: Publish, folder: str, packages: Packages) -> Chosen:
    """Workspaces by their name, their folder, or the folder that holds several; no patterns."""
    found: dict[str, Package] = {}
    for name in publish.workspaces:
        chosen = () if re.search(r"[*?{}$!^`]|\.\.\.", name) else _one(name, folder, packages)
        if not chosen:
            return None
        found |= {package.path: package for package in chosen}
    return tuple(found.values())


def _one(name: str, folder: str, packages: Packages) -> tuple[Package, ...]:
    if named := packages.named(name):
        return (named,)
    place = join(folder, name)
    if place is None:
        return ()
    if own := packages.at(place):
        return (own,)
    members = packages.workspaces(folder) or ()
    return tuple(each for each in members if each.folder.rpartition("/")[0] == place)


def _is_on(publish: Publish, name: str) -> bool:
    return any(option.name == name and option.value is not False for option in publish.options)


def _globs(publish: Publish, name: str) -> tuple[str, ...] | None:
    """The patterns of an option, those of `{a,b}` each for itself; None for one that is not followed."""
    found: list[str] = []
    for option in publish.options:
        if option.name == name:
            found += alternatives(option.raw if option.value is None else str(option.value))
    return None if any(UNSEEN.search(each) or re.search(r"[{}()\[\]!]", each) for each in found) else tuple(found)


def alternatives(pattern: str) -> list[str]:
    """What a pattern stands for that has one pair of braces; any other is left as it is."""
    match = re.fullmatch(r"([^{}]*)\{([^{}]+)\}([^{}]*)", pattern)
    return [match[1] + each + match[3] for each in match[2].split(",")] if match else [pattern]
