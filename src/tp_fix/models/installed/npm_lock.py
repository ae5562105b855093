"""package-lock.json and npm-shrinkwrap.json, versions 1 to 3: the one package that is asked for, without the rest.

A version 2 or 3 is not parsed as a whole: a key such as `"node_modules/lerna"` can stand in JSON only where it is one.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from tp_fix.models.installed.entry import MANY, Entry, entry, upwards

FORMAT = re.compile(r'"lockfileVersion"\s*:\s*(\d+)')
HEAD = 4096
OPENS = re.compile(r"\s*:\s*(?=\{)")
PREFIX = 512
"""Characters of a key in front of the package that are looked at: a path longer than that is nobody's."""
LINK = "link"


def read(text: str, package: str, folder: str, ranges: tuple[str, ...]) -> Entry:
    """Raises ValueError, RecursionError where the file is broken. `folder` is relative to the file's own."""
    found = FORMAT.search(text, 0, HEAD) or FORMAT.search(text)
    if found is not None and found[1] == "1":
        return _oldest(text, package)
    places = dict(_places(text, package))
    for above in upwards(folder):
        if (key := posixpath.join(above, "node_modules", package)) in places:
            return entry([places[key]])
    return entry([], places.values())


def _places(text: str, package: str) -> Iterator[tuple[str, str]]:
    """Where the package stands, each with its version."""
    tail = f'node_modules/{package}"'
    at = text.find(tail)
    for _ in range(MANY):
        if at < 0:
            return
        end = at + len(tail)
        start = text.rfind('"', max(0, at - PREFIX), at)
        opens = OPENS.match(text, end)
        if start >= 0 and opens is not None and (start == at - 1 or text[at - 1] == "/"):
            yield text[start + 1 : end - 1], _version(text, opens.end())
        at = text.find(tail, end)


def _version(text: str, at: int) -> str:
    data, _ = json.JSONDecoder().raw_decode(text, at)
    found = data.get("version") if isinstance(data, dict) and not data.get("link") else LINK
    return found if isinstance(found, str) else LINK


def _oldest(text: str, package: str) -> Entry:
    """npm 6 and older: a tree of dependencies, in which the project's own stand at the top."""
    data = json.loads(text)
    listed = data.get("dependencies") if isinstance(data, dict) else None
    found = listed.get(package) if isinstance(listed, dict) else None
    named = found.get("version") if isinstance(found, dict) else None
    return entry([named] if isinstance(named, str) else [])
