"""What the raw inputs of tools/refresh_facts.py say, as rows for the tables in src/tp_fix/facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple

from fact_inputs import TOOLS, InputError, npm_file
from tp_fix.facts.clients import Version

FIRST_NODE = 16
FULL = re.compile(r"v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
SOURCE_OF_IMAGES = "D actions/runner-images, the Readme of the image"


class Row(NamedTuple):
    """A row before it is written: its fields without source and day, and where it comes from."""

    fields: tuple[Any, ...]
    source: str


def node_releases(folder: Path) -> Iterator[Row]:
    """Node's releases from 16.0.0 on. An entry of a copy that was put together may name its own `source`."""
    for entry in _json(folder / "node-index.json", list):
        version = version_of(entry["version"])
        if version and version[0] >= FIRST_NODE:
            yield Row((version, _version(entry["npm"])), entry.get("source", "D nodejs.org/dist/index.json"))


def lines(folder: Path) -> Iterator[Row]:
    """The lines of which Node's index says that they are LTS."""
    return (row for row, known in _scheduled(folder) if known)


def planned(folder: Path) -> Iterator[Row]:
    """The lines that the schedule has as LTS one day, and the index not yet."""
    return (row for row, known in _scheduled(folder) if not known)


def _scheduled(folder: Path) -> Iterator[tuple[Row, bool]]:
    """The lines that are LTS or will be, and whether they are by now; of those before the index nobody doubts it."""
    index = [(version_of(entry["version"]), entry["lts"]) for entry in _json(folder / "node-index.json", list)]
    oldest = min(version[0] for version, _ in index if version)
    known = {version[0] for version, lts in index if version and lts}
    found = re.findall(r"\* (\w+) \((\d+)\.x \d{4}\)", _text(folder / "node-codenames.md"))
    names = {int(major): name.lower() for name, major in found}
    for line, days in _json(folder / "node-schedule.json", dict).items():
        if "lts" in days:
            major = int(line.removeprefix("v"))
            since = date.fromisoformat(days["lts"]).isoformat()
            row = Row((major, names.get(major, ""), since), "D nodejs/Release, schedule.json and CODENAMES.md")
            yield row, major in known or major < oldest


def setup_node(folder: Path) -> Iterator[Row]:
    """The releases of actions/setup-node."""
    return _tags(folder / "setup-node-tags.txt", "S tags of actions/setup-node")


def checkout(folder: Path) -> Iterator[Row]:
    """The releases of actions/checkout."""
    return _tags(folder / "checkout-tags.txt", "S tags of actions/checkout")


def _tags(path: Path, source: str) -> Iterator[Row]:
    """The releases among the tags: `v4` moves, and `v4-beta` is none."""
    for number, line in enumerate(_text(path).splitlines(), 1):
        tag, commit, day = [*line.split("\t"), "", ""][:3]
        if not (re.fullmatch(r"[0-9a-f]{40}", commit) and re.fullmatch(r"\d{4}-\d\d-\d\d", day)):
            raise InputError(f"{path.name}:{number}: not a tag, a commit and a day between tabs")
        if tag.startswith("v") and FULL.fullmatch(tag):
            yield Row((tag, commit, day), source)


def engines(folder: Path) -> Iterator[Row]:
    """From which version of each tool on which Node is wanted: a row where that changes."""
    for tool in TOOLS:
        before = None
        for version, node in _wanted(folder, tool):
            if node != before:
                yield Row((tool, version, node), "D `npm view TOOL@VERSION engines`")
            before = node


def newest(folder: Path) -> Iterator[Row]:
    """The newest release of each major of each tool."""
    for tool in TOOLS:
        for major, version in {version[0]: version for version, _ in _wanted(folder, tool)}.items():
            yield Row((tool, major, version), "D `npm view TOOL versions`")


def _wanted(folder: Path, tool: str) -> list[tuple[Version, str]]:
    """The releases of a tool, the oldest first, with the Node that they want, `*` for any."""
    said = _json(folder / npm_file(tool), list | dict)  # an object where one version fits
    found = [(version_of(entry["version"]), entry.get("engines")) for entry in ([said] if "version" in said else said)]
    return sorted((version, (wants or {}).get("node", "*")) for version, wants in found if version)


def images(folder: Path) -> Iterator[Row]:
    """The images that the README of actions/runner-images offers, under their labels."""
    overview = _text(folder / "runner-images" / "README.md")
    readmes = dict(re.findall(r"(?m)^\[([^]]+)\]: \S+?/blob/main/(images/\S+)$", overview))
    for line in overview.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and (link := cells[3].strip("[]")) in readmes:
            labels = tuple(re.findall(r"`([^`]+)`", cells[2]))
            yield Row((link.lower(), labels, *_image(folder / "runner-images" / readmes[link])), SOURCE_OF_IMAGES)


def _image(path: Path) -> tuple[Any, ...]:
    """What an image's Readme says: its version, Node, npm, Yarn, and the cached Nodes."""
    text = _text(path)
    version = re.search(r"(?m)^- Image Version: ([\d.]+)$", text)
    node, npm, yarn = (re.search(rf"(?mi)^- {name} ([\d.]+)$", text) for name in (r"Node(?:\.js)?", "npm", "yarn"))
    if not (version and node and npm):
        raise InputError(f"{path.name}: no image version, no Node or no npm in it")
    cache = re.search(r"#### Node\.js\n((?:- [\d.]+\n)*)", text)
    cached = tuple(_version(line[2:]) for line in (cache[1] if cache else "").splitlines())
    return version[1], _version(node[1]), _version(npm[1]), _version(yarn[1]) if yarn else None, cached


def version_of(text: str) -> Version | None:
    """A full version, with or without a `v`; None for anything else, prereleases too."""
    match = FULL.fullmatch(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _version(text: str) -> Version:
    if (version := version_of(text)) is None:
        raise InputError(f"{text!r} is no version")
    return version


def _json(path: Path, kind: type | UnionType) -> Any:
    """A JSON file that holds a list or an object with something in it."""
    try:
        content = json.loads(_text(path))
    except ValueError as error:
        raise InputError(f"{path.name}: not JSON ({error})") from None
    if not isinstance(content, kind) or not content:
        raise InputError(f"{path.name}: nothing in it, or not what it used to hold")
    return content


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8") from None
