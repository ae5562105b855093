"""Which version of a package a repository installs: by its lock file, else by the range that is asked for."""

from __future__ import annotations

from tp_fix.facts.clients import dotted
from tp_fix.models.installed.declared import Declared, declarations
from tp_fix.models.installed.known import Known, unknown
from tp_fix.models.installed.locked import Locked, locked
from tp_fix.models.installed.managed import managed
from tp_fix.models.repository import Repository
from tp_fix.models.versions.versions import ANY, Versions, exactly, ranged

LONGEST = 3
"""Versions that are named one by one."""


def version_of(package: str, folder: str, repository: Repository) -> Known:
    """The version of an npm package that a folder of the repository gets, npm, pnpm and Yarn themselves among them.

    Nothing but `why` says anything where the repository does not; then its `path` is ''.
    """
    return managed(package, folder, repository) or _installed(package, folder, repository)


def _installed(package: str, folder: str, repository: Repository) -> Known:
    asked = list(declarations(package, folder, repository))
    found = locked(package, folder, tuple(one.asked for one in asked), repository)
    entries = [one for one in found if one.entry.versions]
    if entries:
        return _by_locks(package, entries, found)
    problem = next((one.problem for one in found if one.problem), "")
    if asked:
        return _by_range(package, asked[0], found, problem)
    if problem:
        return unknown(f"{problem}, and no package.json names {package}")
    return unknown(f"nothing in the repository names {package}")


def _by_locks(package: str, entries: list[Locked], found: list[Locked]) -> Known:
    versions: Versions | None = None
    for one in entries:
        for version in one.entry.versions:
            if version is None:
                return unknown(f"{one.path} has {package} from somewhere else than a registry", one.path)
            versions = exactly(version) if versions is None else versions | exactly(version)
    why = " and ".join(_phrase(package, one) for one in entries)
    if problem := next((one.problem for one in found if one.problem), ""):
        return unknown(f"{why}, but {problem}", entries[0].path)
    return Known(versions, why, entries[0].path) if versions is not None else unknown(why)


def _phrase(package: str, one: Locked) -> str:
    numbers = [dotted(version) for version in sorted(filter(None, one.entry.versions))]
    if len(numbers) > LONGEST:
        return f"{one.path} has {len(numbers)} versions of {package}, from {numbers[0]} to {numbers[-1]}"
    return f"{one.path} has {package} {' and '.join(numbers)}"


def _by_range(package: str, asked: Declared, found: list[Locked], problem: str) -> Known:
    lock = found[0].path if found else ""
    why = f"{asked.path} asks for {package} {asked.asked}"
    why += (
        f", and {problem}" if problem else f", and {lock} does not name it" if lock else ", and there is no lock file"
    )
    versions = ranged(asked.asked) if asked.asked not in ("", "*", "x") else None
    return Known(versions or ANY, why, asked.path, asked.route, fresh=not lock)
