"""The releases of Node, each with the npm that it brings, and which of its lines are LTS."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.clients import Version


class NodeRelease(NamedTuple):
    """A release of Node, and the npm in it."""

    version: Version
    npm: Version
    source: str = "nodejs.org/dist/index.json"
    checked: str = "2026-11-22"


class Line(NamedTuple):
    """A major of Node that is LTS since a day, under a name of its own."""

    major: int
    codename: str
    since: str
    source: str = "D nodejs/Release, schedule.json"
    checked: str = "2026-11-22"


RELEASES = (
    NodeRelease((16, 20, 2), (8, 19, 4)),
    NodeRelease((18, 20, 8), (10, 8, 2)),
    NodeRelease((20, 20, 2), (10, 8, 2)),
    NodeRelease((22, 23, 2), (10, 9, 8)),
    NodeRelease((24, 0, 0), (11, 3, 0)),
    NodeRelease((24, 3, 0), (11, 4, 2)),
    NodeRelease((24, 5, 0), (11, 5, 1)),
    NodeRelease((24, 11, 1), (11, 6, 2)),
    NodeRelease((24, 19, 0), (11, 17, 0)),
    NodeRelease((25, 0, 0), (11, 6, 2)),
    NodeRelease((26, 1, 0), (11, 13, 0)),
)
LINES = (
    Line(20, "iron", "2023-10-24"),
    Line(22, "jod", "2024-10-29"),
    Line(24, "krypton", "2025-10-28"),
)
