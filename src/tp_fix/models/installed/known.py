"""What is known of a version, and how it is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tp_fix.facts.clients import Version
from tp_fix.models.versions.versions import ANY, Versions, newest_of
from tp_fix.node import Route


class Known(NamedTuple):
    """One of `versions` will run; `why` is a phrase that says how that is known, or why it is not.

    `path` and `route` are where it stands: '' where nothing in the repository says anything. `fresh` says that the
    newest of them is what gets installed, as nothing pins one.
    """

    versions: Versions
    why: str
    path: str = ""
    route: Route = ()
    fresh: bool = False

    def at_least(self, minimum: Version) -> bool | None:
        """Whether it will be `minimum`, a release that exists, or newer: True, False, or None for unknown."""
        return self._of((minimum,)).at_least(minimum)

    def within(self, wanted: Versions, released: Iterable[Version] = ()) -> bool | None:
        """Whether it will be one of `wanted`; `released` are releases that exist."""
        return self._of(released).within(wanted)

    def _of(self, released: Iterable[Version]) -> Versions:
        return newest_of(self.versions, released) if self.fresh and self.versions != ANY else self.versions


def unknown(why: str, path: str = "") -> Known:
    """A version of which nothing is known, for a reason."""
    return Known(ANY, why, path)
