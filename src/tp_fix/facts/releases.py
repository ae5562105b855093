"""What is known of a release of an action."""

from __future__ import annotations

from typing import NamedTuple


class Release(NamedTuple):
    """A release: its tag, the commit that the tag stands for, and the day of that commit."""

    tag: str
    commit: str
    date: str
    source: str
    checked: str

    @property
    def version(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.tag[1:].split("."))
