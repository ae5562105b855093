"""Which npm `npm@V` stands for when it is installed: npm looks at the Node that it runs on before it chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tp_fix.facts.clients import NEWEST
from tp_fix.models.versions.engines import runs_on
from tp_fix.models.versions.versions import ANY, NEVER, Stretch, Versions, either, exactly, from_on, ranged

MAJORS = {row.major: row.version for row in NEWEST if row.tool == "npm"}
"""The newest release of each major that is in the table."""
TAG = re.compile(r"(?:latest|next)-(\d{1,4})")
"""npm's dist-tags that name a major."""


@lru_cache(maxsize=512)
def npm_named(text: str, node: Versions = ANY) -> Versions:
    """The npm that `npm@text` brings on a Node; ANY for what is neither a version nor a range nor a known tag.

    `latest` is the newest, whatever the Node. Of a range npm takes the newest release that runs on it, and the newest
    at all where none does; `npm` alone is the range `*` (X npm 10.8.2 and 11.6.1 on Node 18, 20 and 24, 2026-11-23).
    """
    if text == "latest":
        return from_on(max(MAJORS.values()))
    tag = TAG.fullmatch(text)
    wanted = ANY if text in ("", "*") else ranged(tag[1] if tag else text)
    if wanted is None:
        return ANY
    return either(part for stretch in node.stretches for part in _chosen(wanted, Versions((stretch,))))


def _chosen(wanted: Versions, node: Versions) -> Iterator[Versions]:
    """What may be chosen on a Node: from the newest release down to the first that surely runs there."""
    fitting = sorted((version for version in MAJORS.values() if wanted.holds(version)), reverse=True)
    answers = {version: runs_on(exactly(version), node) for version in fitting}
    able = [version for version in fitting if answers[version] is not False]
    if not able:
        yield _from(wanted, fitting[0]) if fitting else wanted
    for version in able:
        newer = [other for other in fitting if other > version]
        end = (min(newer)[0], 0, 0) if newer else NEVER
        yield _from(wanted, version, end)
        if answers[version]:
            return


def _from(wanted: Versions, version: tuple[int, int, int], end: tuple[int, int, int] = NEVER) -> Versions:
    """That release of those that are wanted, or one of them that came out since."""
    found = (Stretch(max(start, version), min(stop, end)) for start, stop in wanted.stretches)
    return Versions(tuple(sorted(stretch for stretch in found if stretch.start < stretch.end)))
