"""Which npm comes with which Node, and from which version each client publishes over OIDC."""

from __future__ import annotations

from typing import NamedTuple

Version = tuple[int, int, int]


class Bundle(NamedTuple):
    """From this Node on (until the next row of its major), at least this npm is bundled."""

    node: Version
    npm: Version
    source: str = "nodejs.org/dist/index.json"
    checked: str = "2026-11-22"


class Minimum(NamedTuple):
    """The first version of a tool that authenticates over OIDC by itself."""

    tool: str
    version: Version
    source: str
    checked: str = "2026-11-22"


BUNDLES = (
    Bundle((24, 0, 0), (11, 3, 0)),
    Bundle((24, 3, 0), (11, 4, 2)),
    Bundle((24, 5, 0), (11, 5, 1)),
    Bundle((24, 11, 1), (11, 6, 2)),
    Bundle((24, 19, 0), (11, 17, 0)),
    Bundle((25, 0, 0), (11, 6, 2)),
    Bundle((26, 1, 0), (11, 13, 0)),
)
NEWEST_NPM: dict[int, Version] = {11: (11, 21, 2), 12: (12, 2, 0)}
"""The newest npm of each major that has OIDC; `npm@11` installs at least this."""

MINIMA = {
    minimum.tool: minimum
    for minimum in (
        Minimum("npm", (11, 5, 1), "npm's documentation, trusted publishers; npm/cli lib/utils/oidc.js"),
        Minimum("npm stage", (11, 15, 0), "npm/cli 11.15.0 release notes; run against the real client"),
        Minimum("pnpm", (11, 0, 7), "run against the real client; pnpm 10 and older hand over to npm"),
        Minimum("yarn", (4, 10, 3), "run against the real client"),
    )
}


def bundled_npm(node: Version) -> Version | None:
    """The npm that a Node of exactly this version brings, at least; None when the table does not reach so far back."""
    rows = [bundle for bundle in BUNDLES if bundle.node[0] == node[0] and bundle.node <= node]
    return rows[-1].npm if rows else None


def newest_bundled_npm(major: int) -> Version | None:
    """The npm of the newest known Node of a major, at least."""
    rows = [bundle for bundle in BUNDLES if bundle.node[0] == major]
    return rows[-1].npm if rows else None
