"""pnpm-lock.yaml, versions 5 to 9, by its indentation: a YAML parser takes minutes for the large ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.models.installed.entry import Entry, entry, upwards

TOP = re.compile(r"^(?:(?P<key>[\w.-]+):|---)", re.MULTILINE)
SECTIONS = frozenset({"dependencies", "devDependencies", "optionalDependencies"})
LINE = re.compile(r"(?P<indent> *)(?P<quote>['\"]?)(?P<key>[^\s'\"]+?)(?P=quote):(?: +(?P<value>.*))?")


def read(text: str, package: str, folder: str, ranges: tuple[str, ...]) -> Entry:
    """`folder` is relative to the file's own."""
    found = list(_wanted(text, package))
    for above in upwards(folder):
        if used := [value for importer, value in found if importer == (above or ".")]:
            return entry(used)
    return entry([], [value for _, value in found] or _listed(text, package))


def _wanted(text: str, package: str) -> Iterator[tuple[str, str]]:
    """What the projects of the workspace ask for, each with the version that it gets."""
    for key, start, end in _blocks(text):
        if key == "importers":
            yield from _importers(text[start:end], package, 4)
        elif key in SECTIONS:
            yield from _importers(f"{key}:\n{text[start:end]}", package, 0)


def _blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """The document's top-level keys, and those of any document behind it, with what stands below each."""
    tops = list(TOP.finditer(text))
    for number, top in enumerate(tops):
        end = tops[number + 1].start() if number + 1 < len(tops) else len(text)
        yield top["key"] or "", min(top.end() + 1, end), end


def _importers(text: str, package: str, depth: int) -> Iterator[tuple[str, str]]:
    """`depth` is how far the sections are indented; projects stand above them."""
    if package not in text:
        return
    importer, section, name = ".", "", ""
    for line in text.split("\n"):
        match = LINE.fullmatch(line.rstrip("\r"))
        if match is None:
            continue
        indent, key, value = len(match["indent"]), match["key"], match["value"] or ""
        if indent == depth - 2:
            importer, section, name = key, "", ""
        elif indent == depth:
            section, name = key, ""
        elif indent == depth + 2:
            name = key
        here = (indent == depth + 2 and value) or (indent == depth + 4 and key == "version")
        if here and section in SECTIONS and name == package:
            yield importer, value


def _listed(text: str, package: str) -> list[str]:
    """Every version in the file, whoever wants it."""
    key = re.compile(rf"^  ['\"]?/?{re.escape(package)}[@/](\d[^:('\"_]*)", re.MULTILINE)
    return [match[1] for match in key.finditer(text)] if package in text else []
