"""The npm that comes with a Node."""

from __future__ import annotations

from tp_fix.facts.clients import Version
from tp_fix.facts.node_releases import RELEASES
from tp_fix.models.client.versions import FIRST, NEVER, Stretch, Versions, next_of

BEFORE_THE_TABLE: Version = (9, 0, 0)
"""Nodes older than the table bring an npm older than this."""


def bundled_npm(node: Versions) -> Versions:
    """The npm that a Node of these versions brings.

    A release that came out since the table was made brings no older npm than those before it, and none of the next
    major. Of a Node that is newer than the whole table nothing is said.
    """
    return Versions(tuple(sorted({_bundled(stretch) for stretch in node.stretches})))


def _bundled(stretch: Stretch) -> Stretch:
    newest = max(release.version for release in RELEASES)
    if stretch.start == FIRST or stretch.start > newest:
        return Stretch(FIRST, NEVER)
    before = [release.npm for release in RELEASES if release.version <= stretch.start][-1:]
    inside = [release.npm for release in RELEASES if stretch.start <= release.version < stretch.end]
    if not before:
        return Stretch(FIRST, _major(max(inside)) if inside else BEFORE_THE_TABLE)
    known = [*before, *inside]
    if len(set(known)) == 1 and stretch.end == next_of(stretch.start):
        return Stretch(known[0], next_of(known[0]))
    return Stretch(min(known), _major(max(known)) if stretch.end <= newest or inside else NEVER)


def _major(npm: Version) -> Version:
    return (npm[0] + 1, 0, 0)
