"""What fixes do to one file: what is lowered, what is in the way of what, and the patch that comes of it."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tp_fix.change import Change, same
from tp_fix.edit import Edit, Lowered, apply, clash
from tp_fix.source import Source


class Patch(NamedTuple):
    """What one round does to one file: the changes, what they were lowered to, and its new path, '' to keep its own."""

    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    lowered: tuple[Lowered, ...] = ()
    path: str = ""

    def applied(self, before: Source) -> Source:
        """The file as the patch makes it."""
        after = before.with_text(apply(before.text, self.edits))
        return replace(after, path=self.path) if self.path else after


@dataclass
class Draft:
    """The patch of one file while a round is planned: what is made so far, and which rule made each edit first.

    No two edits of it are in each other's way, so that in the order of their starts they are in that of their ends.
    """

    changes: list[Change] = field(default_factory=list)
    lowered: list[Lowered] = field(default_factory=list)
    path: str = ""
    makers: dict[Edit, str] = field(default_factory=dict)
    placed: list[Edit] = field(default_factory=list)
    known: dict[tuple[object, ...], list[Change]] = field(default_factory=dict)

    def in_the_way(self, patch: Patch) -> str:
        """The rule whose edits a patch clashes with, the first that was served; '' when it can be made.

        What is made already goes with all that is made.
        """
        found = {self.makers[other] for edit in patch.edits if edit not in self.makers for other in self._near(edit)}
        return next((maker for maker in self.makers.values() if maker in found), "")

    def _near(self, edit: Edit) -> Iterable[Edit]:
        at = bisect_right(self.placed, edit.span.end, key=lambda other: other.span.start)
        while at and self.placed[at - 1].span.end >= edit.span.start:
            at -= 1
            if clash(edit, self.placed[at]):
                yield self.placed[at]

    def holds(self, patch: Patch) -> bool:
        """Whether all of a patch is made already."""
        return all(edit in self.makers for edit in patch.edits) and patch.path in ("", self.path)

    def add(self, patch: Patch, rule: str) -> None:
        """Take a patch in; changes that an earlier one makes too are made once."""
        self.path = self.path or patch.path
        for change, lowered in zip(patch.changes, patch.lowered, strict=True):
            alike = self.known.setdefault((type(change), change.route), [])
            if any(same(change, other) for other in alike):
                continue
            alike.append(change)
            self.changes.append(change)
            self.lowered.append(lowered)
        for edit in patch.edits:
            if edit not in self.makers:
                insort(self.placed, edit)
                self.makers[edit] = rule

    def patch(self) -> Patch:
        """What has become of it by now."""
        edits = tuple(edit for lowered in self.lowered for edit in lowered.edits)
        return Patch(tuple(self.changes), edits, tuple(self.lowered), self.path)
