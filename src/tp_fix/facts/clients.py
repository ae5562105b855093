"""From which version each client publishes over OIDC, which Node it wants, and its newest release."""

from __future__ import annotations

from typing import NamedTuple

Version = tuple[int, int, int]


def dotted(version: tuple[int, ...]) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))


class Minimum(NamedTuple):
    """The first version of a tool that authenticates over OIDC by itself."""

    tool: str
    version: Version
    source: str
    checked: str = "2026-11-22"


class Engines(NamedTuple):
    """From this version of a tool on, until its next row, its `engines` want a Node in this range of npm's."""

    tool: str
    version: Version
    node: str
    source: str
    checked: str


class Newest(NamedTuple):
    """The newest release of a major of a tool; what is newer is unknown."""

    tool: str
    major: int
    version: Version
    source: str
    checked: str


# refreshed: start ENGINES
ENGINES_SOURCE = "D `npm view TOOL@VERSION engines`"
ENGINES_DAY = "2026-11-23"
ENGINES: tuple[Engines, ...] = (
    Engines("@lerna-lite/cli", (4, 0, 0), "^20.17.0 || >=22.9.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("@lerna-lite/cli", (5, 0, 0), "^22.17.0 || >=24.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("@semantic-release/npm", (12, 0, 0), ">=20.8.1", ENGINES_SOURCE, ENGINES_DAY),
    Engines("@semantic-release/npm", (13, 0, 0), "^22.14.0 || >= 24.10.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("@yarnpkg/cli", (4, 0, 0), ">=18.12.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("lerna", (8, 0, 0), ">=18.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("lerna", (9, 0, 0), "^20.19.0 || ^22.12.0 || >=24.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("lerna", (10, 0, 0), "^22.13.0 || ^24.0.0 || ^26.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("lerna", (10, 1, 1), "^22.22.2 || ^24.15.0 || ^26.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("np", (10, 0, 0), ">=18", ENGINES_SOURCE, ENGINES_DAY),
    Engines("np", (11, 0, 0), ">=20", ENGINES_SOURCE, ENGINES_DAY),
    Engines("np", (12, 0, 0), ">=22", ENGINES_SOURCE, ENGINES_DAY),
    Engines("npm", (10, 0, 0), "^18.17.0 || >=20.5.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("npm", (11, 0, 0), "^20.17.0 || >=22.9.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("npm", (12, 0, 0), "^22.22.2 || ^24.15.0 || >=26.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("pnpm", (9, 0, 0), ">=18.12", ENGINES_SOURCE, ENGINES_DAY),
    Engines("pnpm", (11, 0, 0), ">=22.13", ENGINES_SOURCE, ENGINES_DAY),
    Engines("pnpm", (12, 0, 0), ">=18.*", ENGINES_SOURCE, ENGINES_DAY),
    Engines("pnpm", (12, 15, 0), ">=18", ENGINES_SOURCE, ENGINES_DAY),
    Engines("release-it", (18, 0, 0), "^20.9.0 || >=22.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("release-it", (19, 0, 2), "^20.12.0 || >=22.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("release-it", (20, 0, 0), "^20.19.0 || ^22.13.0 || >=24.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("release-it", (21, 0, 0), "^22.21.0 || >=24.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("release-it", (21, 1, 0), "^22.22.2 || ^24.15.0 || >=26.0.0", ENGINES_SOURCE, ENGINES_DAY),
    Engines("semantic-release", (24, 0, 0), ">=20.8.1", ENGINES_SOURCE, ENGINES_DAY),
    Engines("semantic-release", (25, 0, 0), "^22.14.0 || >= 24.10.0", ENGINES_SOURCE, ENGINES_DAY),
)
# refreshed: end ENGINES
# refreshed: start NEWEST
NEWEST_SOURCE = "D `npm view TOOL versions`"
NEWEST_DAY = "2026-11-23"
NEWEST: tuple[Newest, ...] = (
    Newest("@lerna-lite/cli", 4, (4, 11, 5), NEWEST_SOURCE, NEWEST_DAY),
    Newest("@lerna-lite/cli", 5, (5, 7, 0), NEWEST_SOURCE, NEWEST_DAY),
    Newest("@semantic-release/npm", 12, (12, 0, 2), NEWEST_SOURCE, NEWEST_DAY),
    Newest("@semantic-release/npm", 13, (13, 2, 0), NEWEST_SOURCE, NEWEST_DAY),
    Newest("@yarnpkg/cli", 4, (4, 18, 1), NEWEST_SOURCE, NEWEST_DAY),
    Newest("lerna", 8, (8, 2, 4), NEWEST_SOURCE, NEWEST_DAY),
    Newest("lerna", 9, (9, 0, 7), NEWEST_SOURCE, NEWEST_DAY),
    Newest("lerna", 10, (10, 1, 1), NEWEST_SOURCE, NEWEST_DAY),
    Newest("np", 10, (10, 3, 0), NEWEST_SOURCE, NEWEST_DAY),
    Newest("np", 11, (11, 2, 2), NEWEST_SOURCE, NEWEST_DAY),
    Newest("np", 12, (12, 1, 1), NEWEST_SOURCE, NEWEST_DAY),
    Newest("npm", 10, (10, 9, 9), NEWEST_SOURCE, NEWEST_DAY),
    Newest("npm", 11, (11, 21, 2), NEWEST_SOURCE, NEWEST_DAY),
    Newest("npm", 12, (12, 2, 0), NEWEST_SOURCE, NEWEST_DAY),
    Newest("pnpm", 9, (9, 15, 9), NEWEST_SOURCE, NEWEST_DAY),
    Newest("pnpm", 10, (10, 34, 9), NEWEST_SOURCE, NEWEST_DAY),
    Newest("pnpm", 11, (11, 28, 11), NEWEST_SOURCE, NEWEST_DAY),
    Newest("pnpm", 12, (12, 21, 0), NEWEST_SOURCE, NEWEST_DAY),
    Newest("release-it", 18, (18, 1, 2), NEWEST_SOURCE, NEWEST_DAY),
    Newest("release-it", 19, (19, 2, 4), NEWEST_SOURCE, NEWEST_DAY),
    Newest("release-it", 20, (20, 2, 1), NEWEST_SOURCE, NEWEST_DAY),
    Newest("release-it", 21, (21, 1, 2), NEWEST_SOURCE, NEWEST_DAY),
    Newest("semantic-release", 24, (24, 2, 9), NEWEST_SOURCE, NEWEST_DAY),
    Newest("semantic-release", 25, (25, 0, 9), NEWEST_SOURCE, NEWEST_DAY),
)
# refreshed: end NEWEST
NEWEST_NPM: dict[int, Version] = {row.major: row.version for row in NEWEST if row.tool == "npm" and row.major >= 11}
"""The newest npm of each major that has OIDC; `npm@11` installs at least this."""

MINIMA = {
    minimum.tool: minimum
    for minimum in (
        Minimum("npm", (11, 5, 1), "npm's documentation, trusted publishers; npm/cli lib/utils/oidc.js"),
        Minimum("npm stage", (11, 15, 0), "npm/cli 11.15.0 release notes; run against the real client"),
        Minimum("pnpm", (11, 0, 7), "run against the real client; pnpm 10 and older hand over to npm"),
        Minimum("pnpm stage", (11, 3, 0), "S pnpm/pnpm 11.3.0"),
        Minimum("yarn", (4, 10, 3), "run against the real client"),
    )
}


def node_wanted(tool: str, version: Version) -> str | None:
    """The range of Nodes, in npm's words, that a release of a tool wants, `*` for any.

    None for a tool or a major that is not in the table, and for a release that is newer than the newest known one.
    """
    newest = newest_known(tool, version[0])
    if newest is None or version > newest:
        return None
    rows = [row for row in ENGINES if row.tool == tool and row.version <= version]
    return rows[-1].node if rows else None


def newest_known(tool: str, major: int) -> Version | None:
    """The newest release of a major of a tool, as far as the table goes; None for one that is not in it."""
    return next((row.version for row in NEWEST if (row.tool, row.major) == (tool, major)), None)
