"""Which Node a name stands for: what setup-node, nvm's files, volta, mise and container tags make of it."""

from __future__ import annotations

import re

from tp_fix.facts.clients import Version
from tp_fix.facts.node_releases import LINES, RELEASES
from tp_fix.models.client.versions import ANY, Versions, from_on, newest_of, ranged

NEWEST = frozenset({"latest", "current", "node", "stable"})
"""Other names of the newest release. `stable` is nvm's (D nvm, README)."""
LTS = re.compile(r"lts(?:/(\*|-\d|[a-z]+))?")
KEPT: tuple[Version, ...] = ((22, 23, 1), (24, 18, 0))
"""What runners have at hand, which setup-node takes before it looks for anything newer (S src/main.ts)."""


def node_named(text: str, *, kept: bool = True) -> Versions | None:
    """The Node that a version, range or alias stands for on the day of a release; None when it is none of these.

    Installers take the newest release that fits; with `kept`, the newest of those that the runner has at hand.
    """
    text = text.strip().lower()
    if text in NEWEST:
        return from_on(max(_released()))
    if lts := LTS.fullmatch(text):
        line = _line(lts[1] or "*")
        return None if line is None else _newest(from_on((line, 0, 0), (line + 1, 0, 0)), kept)
    wanted = ANY if text in ("*", "x") else ranged(text)
    return None if wanted is None else _newest(wanted, kept)


def _released() -> tuple[Version, ...]:
    return tuple(release.version for release in RELEASES)


def _newest(wanted: Versions, kept: bool) -> Versions:
    at_hand = [version for version in KEPT if kept and wanted.holds(version)]
    newest = newest_of(wanted, _released())
    return newest | newest_of(wanted, at_hand) if at_hand else newest


def _line(name: str) -> int | None:
    """The major of an LTS line: by its name, `*` for the newest, `-1` for the one before."""
    lines = sorted(line.major for line in LINES)
    if name == "*":
        return lines[-1]
    if name.startswith("-"):
        return lines[-1 - int(name[1:])] if int(name[1:]) < len(lines) else None
    return next((line.major for line in LINES if line.codename == name), None)
