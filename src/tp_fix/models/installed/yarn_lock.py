"""yarn.lock of Yarn Classic and of Berry: the entry that the project's own range leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from tp_fix.models.installed.entry import Entry, entry, lines_with

VERSION = re.compile(r"\s+version:?\s+\"?([^\"\s]+)")
PATCHED = re.compile(r"patch:.*?@(?P<range>npm(?::|%3A)[^#]*)#")


def read(text: str, package: str, folder: str, ranges: tuple[str, ...]) -> Entry:
    """`ranges` are what the manifests ask for, the nearest first."""
    found = list(_entries(text, package))
    for wanted in map(_range, ranges):
        used = [version for asked, version in found if wanted in asked]
        if used:
            return entry(used)
    return entry([], [version for _, version in found])


def _entries(text: str, package: str) -> Iterator[tuple[list[str], str]]:
    """The ranges of each entry of the package, with its version."""
    for behind, line in lines_with(text, f"{package}@"):
        if line[:1].isspace() or line.startswith("#") or not line.endswith(":"):
            continue
        asked = [item.strip(" \"'") for item in line[:-1].split(", ")]
        mine = [_range(item[len(package) + 1 :]) for item in asked if item.startswith(f"{package}@")]
        match = VERSION.match(text, behind)
        if mine:
            yield mine, match[1] if match and not _local(mine) else ""


def _range(text: str) -> str:
    """A range as a manifest has it: Berry puts `npm:` in front, and wraps what is patched."""
    if patched := PATCHED.match(text):
        text = unquote(patched["range"])
    return text.removeprefix("npm:")


def _local(asked: list[str]) -> bool:
    return any(item.startswith(("workspace:", "link:", "file:", "portal:")) for item in asked)
