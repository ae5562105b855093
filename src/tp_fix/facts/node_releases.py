"""The releases of Node, each with the npm that it brings, and which of its lines are LTS.

What is newer than the tables is unknown, and that is no error: see `npm_of` and `npm_at_least`.
"""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.clients import Version


class NodeRelease(NamedTuple):
    """A release of Node, and the npm in it."""

    version: Version
    npm: Version
    source: str
    checked: str


class Line(NamedTuple):
    """A major of Node that is LTS since a day, under a name of its own, in lower case."""

    major: int
    codename: str
    since: str
    source: str
    checked: str


# refreshed: start RELEASES
RELEASES_SOURCE = "S release posts of nodejs/nodejs.org, August 2026"
RELEASES_DAY = "2026-11-23"
RELEASES: tuple[NodeRelease, ...] = (
    NodeRelease((16, 0, 0), (7, 10, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 1, 0), (7, 11, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 2, 0), (7, 13, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 3, 0), (7, 15, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 4, 0), (7, 18, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 4, 1), (7, 18, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 4, 2), (7, 18, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 5, 0), (7, 19, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 6, 0), (7, 19, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 6, 1), (7, 20, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 6, 2), (7, 20, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 7, 0), (7, 20, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 8, 0), (7, 21, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 9, 0), (7, 21, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 9, 1), (7, 21, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 10, 0), (7, 24, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 11, 0), (8, 0, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 11, 1), (8, 0, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 12, 0), (8, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 13, 0), (8, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 13, 1), (8, 1, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 13, 2), (8, 1, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 14, 0), (8, 3, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 14, 1), (8, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 14, 2), (8, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 15, 0), (8, 5, 5), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 15, 1), (8, 11, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 16, 0), (8, 11, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 17, 0), (8, 15, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 17, 1), (8, 15, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 18, 0), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 18, 1), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 19, 0), (8, 19, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 19, 1), (8, 19, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 20, 0), (8, 19, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 20, 1), (8, 19, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((16, 20, 2), (8, 19, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 0, 0), (8, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 0, 1), (8, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 1, 0), (8, 1, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 2, 0), (8, 1, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 3, 0), (8, 3, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 3, 1), (8, 3, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 4, 0), (8, 3, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 5, 0), (8, 4, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 6, 0), (8, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 7, 0), (8, 5, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 7, 1), (8, 5, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 7, 2), (8, 5, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 8, 0), (8, 5, 5), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 9, 0), (8, 5, 5), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((17, 9, 1), (8, 11, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 0, 0), (8, 6, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 1, 0), (8, 8, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 2, 0), (8, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 3, 0), (8, 11, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 4, 0), (8, 12, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 5, 0), (8, 12, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 6, 0), (8, 13, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 7, 0), (8, 15, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 8, 0), (8, 18, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 9, 0), (8, 19, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 9, 1), (8, 19, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 10, 0), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 11, 0), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 12, 0), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 12, 1), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 13, 0), (8, 19, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 14, 0), (9, 3, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 14, 1), (9, 3, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 14, 2), (9, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 15, 0), (9, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 16, 0), (9, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 16, 1), (9, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 17, 0), (9, 6, 7), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 17, 1), (9, 6, 7), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 18, 0), (9, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 18, 1), (9, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 18, 2), (9, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 19, 0), (10, 2, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 19, 1), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 0), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 1), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 2), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 3), (10, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 4), (10, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 5), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 6), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 7), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((18, 20, 8), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 0, 0), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 0, 1), (8, 19, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 1, 0), (8, 19, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 2, 0), (8, 19, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 3, 0), (9, 2, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 4, 0), (9, 2, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 5, 0), (9, 3, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 6, 0), (9, 4, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 6, 1), (9, 4, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 7, 0), (9, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 8, 0), (9, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 8, 1), (9, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((19, 9, 0), (9, 6, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 0, 0), (9, 6, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 1, 0), (9, 6, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 2, 0), (9, 6, 6), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 3, 0), (9, 6, 7), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 3, 1), (9, 6, 7), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 4, 0), (9, 7, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 5, 0), (9, 8, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 5, 1), (9, 8, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 6, 0), (9, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 6, 1), (9, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 7, 0), (10, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 8, 0), (10, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 8, 1), (10, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 9, 0), (10, 1, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 10, 0), (10, 2, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 11, 0), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 11, 1), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 12, 0), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 12, 1), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 12, 2), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 13, 0), (10, 5, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 13, 1), (10, 5, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 14, 0), (10, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 15, 0), (10, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 15, 1), (10, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 16, 0), (10, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 17, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 18, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 18, 1), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 18, 2), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 18, 3), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 19, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 19, 1), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 19, 2), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 19, 3), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 19, 4), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 19, 5), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 19, 6), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 20, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 20, 1), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((20, 20, 2), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 0, 0), (10, 2, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 1, 0), (10, 2, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 2, 0), (10, 2, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 3, 0), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 4, 0), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 5, 0), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 6, 0), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 6, 1), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 6, 2), (10, 2, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 7, 0), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 7, 1), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 7, 2), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((21, 7, 3), (10, 5, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 0, 0), (10, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 1, 0), (10, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 2, 0), (10, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 3, 0), (10, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 4, 0), (10, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 4, 1), (10, 8, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 5, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 5, 1), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 6, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 7, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 8, 0), (10, 8, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 9, 0), (10, 8, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 10, 0), (10, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 11, 0), (10, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 12, 0), (10, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 13, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 13, 1), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 14, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 15, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 15, 1), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 16, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 17, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 17, 1), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 18, 0), (10, 9, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 19, 0), (10, 9, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 20, 0), (10, 9, 3), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 21, 0), (10, 9, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 21, 1), (10, 9, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 22, 0), (10, 9, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 22, 1), (10, 9, 4), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 22, 2), (10, 9, 7), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 22, 3), (10, 9, 8), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 23, 0), (10, 9, 8), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 23, 1), (10, 9, 8), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 23, 2), (10, 9, 8), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((22, 23, 3), (10, 9, 9), "R measured in public repositories, September 2026", RELEASES_DAY),
    NodeRelease((23, 0, 0), (10, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 1, 0), (10, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 2, 0), (10, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 3, 0), (10, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 4, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 5, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 6, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 6, 1), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 7, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 8, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 9, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 10, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 11, 0), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((23, 11, 1), (10, 9, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 0, 0), (11, 3, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 0, 1), (11, 3, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 0, 2), (11, 3, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 1, 0), (11, 3, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 2, 0), (11, 3, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 3, 0), (11, 4, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 4, 0), (11, 4, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 4, 1), (11, 4, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 5, 0), (11, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 6, 0), (11, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 7, 0), (11, 5, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 8, 0), (11, 6, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 9, 0), (11, 6, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 10, 0), (11, 6, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 11, 0), (11, 6, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 11, 1), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 12, 0), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 13, 0), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 13, 1), (11, 8, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 14, 0), (11, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 14, 1), (11, 11, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 15, 0), (11, 12, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 16, 0), (11, 13, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 17, 0), (11, 13, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 18, 0), (11, 16, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 18, 1), (11, 16, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 19, 0), (11, 17, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((24, 20, 0), (11, 19, 0), "R measured in public repositories, September 2026", RELEASES_DAY),
    NodeRelease((24, 21, 0), (11, 19, 0), "R measured in public repositories, September 2026", RELEASES_DAY),
    NodeRelease((25, 0, 0), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 1, 0), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 2, 0), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 2, 1), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 3, 0), (11, 6, 2), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 4, 0), (11, 7, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 5, 0), (11, 8, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 6, 0), (11, 8, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 6, 1), (11, 9, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 7, 0), (11, 10, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 8, 0), (11, 11, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 8, 1), (11, 11, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 8, 2), (11, 11, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((25, 9, 0), (11, 12, 1), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 0, 0), (11, 12, 1), "R measured in public repositories, September 2026", RELEASES_DAY),
    NodeRelease((26, 1, 0), (11, 13, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 2, 0), (11, 13, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 3, 0), (11, 16, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 3, 1), (11, 16, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 4, 0), (11, 17, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 5, 0), (11, 17, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 5, 1), (11, 17, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 6, 0), (11, 18, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 7, 0), (11, 19, 0), RELEASES_SOURCE, RELEASES_DAY),
    NodeRelease((26, 8, 0), (11, 19, 0), "R 26.7.0 and 26.8.1 have it", RELEASES_DAY),
    NodeRelease((26, 8, 1), (11, 19, 0), "R measured in public repositories, September 2026", RELEASES_DAY),
    NodeRelease((26, 8, 2), (11, 19, 1), "R measured in public repositories, September 2026", RELEASES_DAY),
    NodeRelease((26, 9, 0), (11, 19, 1), "R measured in public repositories, September 2026", RELEASES_DAY),
    NodeRelease((26, 10, 0), (11, 19, 1), "R measured in public repositories, September 2026", RELEASES_DAY),
)
# refreshed: end RELEASES
# refreshed: start LINES
LINES_SOURCE = "D nodejs/Release, schedule.json and CODENAMES.md"
LINES_DAY = "2026-07-02"
LINES: tuple[Line, ...] = (
    Line(4, "argon", "2015-10-12", LINES_SOURCE, LINES_DAY),
    Line(6, "boron", "2016-10-18", LINES_SOURCE, LINES_DAY),
    Line(8, "carbon", "2017-10-31", LINES_SOURCE, LINES_DAY),
    Line(10, "dubnium", "2018-10-30", LINES_SOURCE, LINES_DAY),
    Line(12, "erbium", "2019-10-21", LINES_SOURCE, LINES_DAY),
    Line(14, "fermium", "2020-10-27", LINES_SOURCE, LINES_DAY),
    Line(16, "gallium", "2021-10-26", LINES_SOURCE, LINES_DAY),
    Line(18, "hydrogen", "2022-10-25", LINES_SOURCE, LINES_DAY),
    Line(20, "iron", "2023-10-24", LINES_SOURCE, LINES_DAY),
    Line(22, "jod", "2024-10-29", LINES_SOURCE, LINES_DAY),
    Line(24, "krypton", "2025-10-28", LINES_SOURCE, LINES_DAY),
)
# refreshed: end LINES
# refreshed: start PLANNED
PLANNED_SOURCE = "D nodejs/Release, schedule.json and CODENAMES.md"
PLANNED_DAY = "2026-07-02"
PLANNED: tuple[Line, ...] = (Line(26, "lithium", "2026-10-28", PLANNED_SOURCE, PLANNED_DAY),)
# refreshed: end PLANNED
"""Lines that were to become LTS after the releases above came out; nobody has checked whether they did."""

NPM = {release.version: release.npm for release in RELEASES}


def npm_of(node: Version) -> Version | None:
    """The npm of exactly this release; None for one that is not in the table: a newer one, or older than Node 16."""
    return NPM.get(node)


def npm_at_least(node: Version) -> Version | None:
    """The oldest npm that a Node of this version can bring: no line of Node ever went back to an older npm.

    Also for a release newer than the table, as far as its line is in it; None for other lines.
    """
    older = [npm for version, npm in NPM.items() if version[0] == node[0] and version <= node]
    return older[-1] if older else None


def released() -> tuple[Version, ...]:
    """Every known release, the oldest first."""
    return tuple(NPM)


def lts(now_offset: int) -> Line | None:
    """The newest line that is known to be LTS for 0, the one before it for 1 …; None where there is none.

    `lts/*` may stand for a newer one today: see `lts_majors`.
    """
    return LINES[-1 - now_offset] if 0 <= now_offset < len(LINES) else None


def lts_majors(now_offset: int) -> tuple[int, ...]:
    """The majors that `lts/*` (0) or `lts/-1` (1) … may stand for, whether the planned lines became LTS or not."""
    majors = [line.major for line in (*LINES, *PLANNED)]
    last = len(LINES) - now_offset
    return tuple(majors[max(last - 1, 0) : last + len(PLANNED)]) if now_offset >= 0 and last > 0 else ()


def line_named(codename: str) -> Line | None:
    """The line of a name, LTS or planned, in any case; None for other names."""
    wanted = codename.lower()
    return next((line for line in (*LINES, *PLANNED) if wanted and line.codename == wanted), None)
