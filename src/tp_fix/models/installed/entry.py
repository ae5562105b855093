"""What a lock file says of one package."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.facts.clients import Version

VERSION = re.compile(r"(?<![\w.])v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?![\d.])")


MOST = 100
"""Different versions of a package that a lock file is taken to have; of more, none is known."""
MANY = 10_000
"""Mentions of a package that are looked at: no lock file that is meant has so many of one."""


class Entry(NamedTuple):
    """`used` are the versions that the folder in question gets, `others` those that only stand somewhere in the file.

    None among them is one that is no release of npm's: a folder, an archive, a commit.
    """

    used: tuple[Version | None, ...] = ()
    others: tuple[Version | None, ...] = ()

    @property
    def versions(self) -> tuple[Version | None, ...]:
        return self.used or self.others


def entry(used: Iterable[str], others: Iterable[str] = ()) -> Entry:
    """An entry from what the file says, each version once."""
    return Entry(tuple(_distinct(used)), tuple(_distinct(others)))


def _distinct(texts: Iterable[str]) -> list[Version | None]:
    found = list(dict.fromkeys(version(text) for text in texts))
    return found if len(found) <= MOST else [None]


def version(text: str) -> Version | None:
    """`8.2.4`, `8.2.4(peers)`, `8.2.4_peers`, `8.2.4-rc.1`; None for `link:../x` and for what is no version."""
    text = re.split(r"[(_+]", text.strip("'\" "), maxsplit=1)[0]
    match = VERSION.match(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def lines_with(text: str, word: str) -> Iterator[tuple[int, str]]:
    """The lines that hold a word, each with the offset behind it; without a pass over the others in Python."""
    at = text.find(word)
    for _ in range(MANY):
        if at < 0:
            return
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield end + 1, text[start:end].rstrip("\r")
        at = text.find(word, end)


def upwards(folder: str) -> Iterator[str]:
    """A folder and all above it, up to the root, which is ''."""
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
