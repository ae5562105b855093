"""Which packages a run of a release tool publishes."""

from __future__ import annotations

import posixpath
import re
from typing import Literal

from tp_fix.formats.argv import Grammar, names, split
from tp_fix.models.package import Package
from tp_fix.models.publishing.target import ARCHIVE, UNKNOWN, Target, folder_target
from tp_fix.models.publishing.workspace import changesets_members, lerna_members
from tp_fix.models.repository import Repository
from tp_fix.models.running.given import possible
from tp_fix.models.running.place import join
from tp_fix.models.tool.destination import published_folder, published_from
from tp_fix.models.tool.tools import ToolRun

ONE_FOLDER = Grammar(names("contents cwd registry tag access otp token strategy new-version message auth-type"))
SPREADS = names("filter workspace workspaces recursive")
RELEASES = re.compile(r"\"release\"\s*:\s*\{")
"""In an nx.json: that it says something of releases."""


def target_of_run(run: ToolRun, repository: Repository) -> Target:
    """The packages of a run: the folder's own, or those of the workspace as the tool sees it; no private ones."""
    folder, packages = run.folder, repository.packages
    if folder is None and (places := _places(run, repository)):
        return _together([target_of_run(run._replace(folder=each), repository) for each in places])
    if folder is None or not packages.paths or "$" in folder:
        return UNKNOWN
    reach = run.publisher.reach
    if reach == "built":
        return Target(None, hooks=False)
    if reach == "folder":
        return _root(folder, repository)
    if reach == "input":
        return _by_input(run, folder, repository)
    if reach == "argument":
        return _own(run, folder, repository)
    found = _members(run, folder, repository)
    public = tuple(package for package in found or () if not package.private)
    return Target(public) if public else UNKNOWN


def _places(run: ToolRun, repository: Repository) -> list[str]:
    """Every folder in which the script of a step may run, where that hangs on values that are known from here."""
    directory = run.step.directory
    if "${{" not in directory or run.origin or re.search(r"\b(?:cd|pushd)\b", run.step.run or ""):
        return []
    found = [join("", each) for each in possible(directory, run.step, repository)]
    places = [each for each in found if each is not None]
    return places if len(places) == len(found) else []


def _together(targets: list[Target]) -> Target:
    """What several ways to run publish; unknown where one is, or is built by then."""
    if len(targets) == 1:
        return targets[0]
    if any(target.packages is None or target.unread for target in targets):
        return UNKNOWN
    return Target(tuple({each.path: each for target in targets for each in target.packages or ()}.values()))


def _root(folder: str, repository: Repository) -> Target:
    """What semantic-release publishes; one that the build makes deep down is taken for no package's own."""
    root = published_folder(folder, repository)
    return UNKNOWN if root is None else _near(root, repository)


def _near(folder: str, repository: Repository) -> Target:
    """A folder's package; what the build makes is taken for the package of the folder right above."""
    target = folder_target(folder, repository.packages)
    near = all(package.folder == posixpath.dirname(folder) for package in target.packages or ())
    return target if not target.unread or near else UNKNOWN


def _members(run: ToolRun, folder: str, repository: Repository) -> tuple[Package, ...] | None:
    """The packages that a tool looks after from a folder; None where that is not known."""
    packages, reach = repository.packages, run.publisher.reach
    if reach == "lerna":
        return lerna_members(folder, packages)
    if reach == "changesets":
        return changesets_members(folder, packages)
    chosen = _projects(folder, repository) if reach == "nx" else False
    return published_from(folder, repository) if chosen is False else chosen


def _projects(folder: str, repository: Repository) -> tuple[Package, ...] | Literal[False] | None:
    """What nx.json names for a release; None for unknown, False where it names nothing in a tree of packages."""
    path = posixpath.join(folder, "nx.json")
    packages = repository.packages
    if path not in packages.paths:
        return None
    if not RELEASES.search(repository.text(path)):
        made = any(posixpath.basename(each) == "project.json" for each in repository.paths)
        return None if made else False
    data = packages.loose(path)
    release = data.get("release") if isinstance(data, dict) else None
    names = release.get("projects") if isinstance(release, dict) and "groups" not in release else None
    wanted = [names] if isinstance(names, str) else names
    if not isinstance(wanted, list) or not all(isinstance(each, str) and "*" not in each for each in wanted):
        return None
    found = [packages.named(str(each)) or packages.at(str(each)) for each in wanted]
    return tuple(each for each in found if each is not None) if all(found) else None


def _by_input(run: ToolRun, folder: str, repository: Repository) -> Target:
    """What JS-DevTools/npm-publish publishes: a folder, or that of a manifest; an archive is not looked into."""
    said = run.step.input("package") if run.step.uses is not None else _argument(run)
    said = (said or "").strip()
    found = possible(said, run.step, repository) if said else ("",)
    return _together([_folder_of(folder, each, repository) for each in found])


def _folder_of(folder: str, said: str, repository: Repository) -> Target:
    if said.endswith((".tgz", ".tar.gz")):
        return ARCHIVE
    place = join(folder, posixpath.dirname(said) if posixpath.basename(said) == "package.json" else said or ".")
    return UNKNOWN if place is None or "*" in place else _near(place, repository)


def _argument(run: ToolRun) -> str | None:
    """The one word of a command line that is no option; an expression for one that is not known."""
    words = split(run.words, ONE_FOLDER).positional
    return (words[0].literal or "${{ ? }}") if words else None


def _own(run: ToolRun, folder: str, repository: Repository) -> Target:
    """What a tool publishes that publishes one folder, its own where it names none."""
    arguments = split(run.words, ONE_FOLDER)
    words = [word for word in arguments.positional if word.literal != "publish"]
    if "np" in run.publisher.by.programs:
        named = next(reversed(arguments.spelled("contents")), None)
        return folder_target(folder, repository.packages) if named is None else _folder_of(folder, named, repository)
    if any(option.name in SPREADS for option in arguments.options) or len(words) > 1:
        return UNKNOWN
    place = next(reversed(arguments.spelled("cwd")), None)
    start = join(folder, place) if place is not None else folder
    said = words[0].literal if words else ""
    return UNKNOWN if said is None or start is None else _folder_of(start, said, repository)
