"""Which Node a name stands for: what setup-node, nvm's files, volta, mise and container tags make of it."""

from __future__ import annotations

import re
from functools import lru_cache

from tp_fix.facts.node_releases import line_named, lts_majors, released
from tp_fix.facts.runner_images import IMAGES
from tp_fix.models.versions.versions import ANY, Versions, either, from_on, newest_of, ranged

NEWEST = frozenset({"latest", "current", "node", "stable"})
"""Other names of the newest release. `stable` is nvm's (D nvm, README)."""
LTS = re.compile(r"lts(?:/(\*|-\d|[a-z]+))?")
CACHES = frozenset(image.cached for image in IMAGES if image.cached)
"""What runners have at hand, which setup-node takes before it looks for anything newer (S src/main.ts)."""


@lru_cache(maxsize=512)
def node_named(text: str, *, kept: bool = True) -> Versions | None:
    """The Node that a version, range or alias stands for on the day of a release; None when it is none of these.

    Installers take the newest release that fits; with `kept`, the newest of those that the runner has at hand.
    """
    text = text.strip().lower()
    if text in NEWEST:
        return from_on(max(released()))
    if lts := LTS.fullmatch(text):
        return _lts(lts[1] or "*", kept)
    wanted = ANY if text in ("*", "x") else ranged(text)
    return None if wanted is None or not text else _newest(wanted, kept)


def _newest(wanted: Versions, kept: bool) -> Versions:
    found = newest_of(wanted, released())
    for cache in CACHES if kept else ():
        if any(wanted.holds(version) for version in cache):
            found |= newest_of(wanted, cache)
    return found


def _lts(name: str, kept: bool) -> Versions | None:
    """The LTS line of a name, `*` for the newest, `-1` for the one before; those that became LTS since count too."""
    if name == "*" or name.startswith("-"):
        majors = lts_majors(0 if name == "*" else int(name[1:]))
    else:
        line = line_named(name)
        majors = (line.major,) if line else ()
    found = [_newest(from_on((major, 0, 0), (major + 1, 0, 0)), kept) for major in majors]
    return either(found) if found else None
