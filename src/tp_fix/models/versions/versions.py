"""Which versions something may have when it runs: a set of them, asked three-valued."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from tp_fix.facts.clients import Version

FIRST: Version = (0, 0, 0)
NEVER: Version = (10**9, 0, 0)
"""Above every version."""
NUMBER = r"(?:0|[1-9][0-9]{0,8})"
PLAIN = re.compile(rf"[v=]?({NUMBER})(?:(?:\.[xX*]){{0,2}}|\.({NUMBER})(?:\.(?:({NUMBER})|[xX*]))?)")
"""Most of what people write, which needs no grammar; loading node-semver takes 25 ms."""


LONGEST = 256
"""Characters of a range that are read, as many as node-semver reads of a version; its expressions are slow on more."""


class Stretch(NamedTuple):
    """All versions from `start`, up to `end` and without it. Prereleases count as the release that they lead to."""

    start: Version
    end: Version


class Versions(NamedTuple):
    """One of these will run; which of them cannot be known. Never empty where something runs at all."""

    stretches: tuple[Stretch, ...]

    def __or__(self, other: Versions) -> Versions:
        """One or the other."""
        return either((self, other))

    @property
    def oldest(self) -> Version:
        return min(stretch.start for stretch in self.stretches)

    @property
    def exact(self) -> Version | None:
        """The only version that it may be."""
        (start, end), *others = self.stretches
        return start if not others and end == next_of(start) else None

    def holds(self, version: Version) -> bool:
        return any(start <= version < end for start, end in self.stretches)

    @property
    def known(self) -> bool:
        """Whether anything is known of it."""
        return self != ANY

    def at_least(self, minimum: Version) -> bool | None:
        """Whether it will be `minimum` or newer: True, False, or None for unknown."""
        return self.within(Versions((Stretch(minimum, NEVER),)))

    def within(self, wanted: Versions) -> bool | None:
        """Whether it will be one of `wanted`: True, False, or None for unknown."""
        joined = _joined(wanted.stretches, seams=False)
        answers = {_in(stretch, joined) for stretch in self.stretches}
        return answers.pop() if len(answers) == 1 else None


ANY = Versions((Stretch(FIRST, NEVER),))
"""Nothing is known."""


def either(several: Iterable[Versions]) -> Versions:
    """One of several, of which there is one at least."""
    return Versions(tuple(_joined({stretch for versions in several for stretch in versions.stretches})))


def exactly(version: Version) -> Versions:
    return Versions((Stretch(version, next_of(version)),))


def from_on(version: Version, end: Version = NEVER) -> Versions:
    """`version`, or something newer below `end`."""
    return Versions((Stretch(version, end),))


@lru_cache(maxsize=1024)
def ranged(text: str) -> Versions | None:
    """What npm takes a version or range for: `22`, `^20.17.0 || >=22.9`.

    None when it is no range, like `latest`, or one that nothing satisfies, like `>24 <22`.
    """
    text = text.strip()
    if plain := PLAIN.fullmatch(text):
        return _plain(*plain.groups())
    if len(text) > LONGEST or not text.isascii():
        return None  # node-semver takes every script's digits for numbers
    import nodesemver  # npm's own grammar

    try:
        found = nodesemver.make_range(text, False).set
    except ValueError:
        return None
    stretches = [_stretch((each.operator, each.semver) for each in one) for one in found]
    kept = tuple(sorted(stretch for stretch in stretches if stretch.start < stretch.end))
    return Versions(kept) if kept else None


def newest_of(wanted: Versions, released: Iterable[Version]) -> Versions:
    """What an installer sets up that takes the newest release of those that are wanted.

    That is the newest known release of them, or one that came out since.
    """
    fitting = [version for version in released if wanted.holds(version)]
    if not fitting:
        return wanted
    newest = max(fitting)
    later = (Stretch(max(start, newest), end) for start, end in wanted.stretches if newest < end)
    return Versions(tuple(sorted(later)))


def _plain(major: str, minor: str | None, patch: str | None) -> Versions:
    if minor is None:
        return from_on((int(major), 0, 0), (int(major) + 1, 0, 0))
    if patch is None:
        return from_on((int(major), int(minor), 0), (int(major), int(minor) + 1, 0))
    return exactly((int(major), int(minor), int(patch)))


def _stretch(comparators: Iterator[tuple[str, Any]]) -> Stretch:
    """What satisfies all of some comparators, of node-semver's untyped kind: `^`, `~` and `x` are spelled out there."""
    start, end = FIRST, NEVER
    for operator, wanted in comparators:
        if not hasattr(wanted, "major"):
            continue  # anything goes
        version = (wanted.major, wanted.minor, wanted.patch)
        if operator in ("", "=", ">=", ">"):
            start = max(start, next_of(version) if operator == ">" and not wanted.prerelease else version)
        if operator in ("", "=", "<=", "<"):
            end = min(end, version if operator == "<" else next_of(version))
    return Stretch(start, end)


def next_of(version: Version) -> Version:
    """The patch behind it."""
    return (version[0], version[1], version[2] + 1)


def _joined(stretches: Iterable[Stretch], *, seams: bool = True) -> list[Stretch]:
    """The same in order and without overlaps; without `seams`, 22 and 23 side by side are one stretch too."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        last = joined[-1].end if joined else FIRST
        if joined and (start < last or (start == last and not seams)):
            joined[-1] = Stretch(joined[-1].start, max(last, end))
        else:
            joined.append(Stretch(start, end))
    return joined


def _in(stretch: Stretch, wanted: list[Stretch]) -> bool | None:
    if any(each.start <= stretch.start and stretch.end <= each.end for each in wanted):
        return True
    return None if any(each.start < stretch.end and stretch.start < each.end for each in wanted) else False
