"""The npm that comes with a Node."""

from __future__ import annotations

from functools import lru_cache

from tp_fix.facts.clients import Version
from tp_fix.facts.node_releases import RELEASES, npm_at_least, npm_of, released
from tp_fix.models.versions.versions import FIRST, NEVER, Stretch, Versions, next_of

BEFORE_THE_TABLE: Version = (8, 0, 0)
"""Nodes older than the table bring an npm of an older major than the next one."""


@lru_cache(maxsize=512)
def bundled_npm(node: Versions) -> Versions:
    """The npm that a Node of these versions brings.

    A release that came out since the table was made brings no older npm than those before it, and none of the next
    major in a line that is in the table.
    """
    return Versions(tuple(sorted({_bundled(stretch) for stretch in node.stretches})))


def _bundled(stretch: Stretch) -> Stretch:
    newest = max(released())
    if stretch.start == FIRST:
        return Stretch(FIRST, NEVER)
    if stretch.start > newest:
        return Stretch(max(release.npm for release in RELEASES), NEVER)
    if (exact := npm_of(stretch.start)) and stretch.end == next_of(stretch.start):
        return Stretch(exact, next_of(exact))
    inside = [release.npm for release in RELEASES if stretch.start <= release.version < stretch.end]
    before = npm_at_least(stretch.start)
    known = [*inside, before] if before else inside
    end = _major(max(known, default=BEFORE_THE_TABLE)) if stretch.end <= _major(newest) else NEVER
    return Stretch(min(known) if before else FIRST, end)


def _major(version: Version) -> Version:
    """The first of the next major."""
    return (version[0] + 1, 0, 0)
