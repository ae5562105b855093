"""bun.lock, by its lines: JSON with trailing commas, one package on each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.models.installed.entry import Entry, entry, lines_with, upwards


def read(text: str, package: str, folder: str, ranges: tuple[str, ...]) -> Entry:
    """A package that only one project gets stands under that project's name; everybody else gets the plain one."""
    found = dict(_places(text, package))
    owners = [name for above in upwards(folder) if above and (name := _name_of(text, above))]
    for key in (*(f"{owner}/{package}" for owner in owners), package):
        if key in found:
            return entry([found[key]])
    return entry([], found.values())


def _places(text: str, package: str) -> Iterator[tuple[str, str]]:
    line_of = re.compile(rf'\s*"(?P<key>[^"]*)"\s*:\s*\[\s*"{re.escape(package)}@(?P<version>[^"]*)"')
    for _, line in lines_with(text, f'"{package}@'):
        if match := line_of.match(line):
            yield match["key"], match["version"]


def _name_of(text: str, folder: str) -> str:
    """The name of a project of the workspace."""
    opens = re.compile(rf'"{re.escape(folder)}"\s*:\s*\{{\s*"name"\s*:\s*"(?P<name>[^"]*)"')
    match = opens.search(text)
    return match["name"] if match else ""
