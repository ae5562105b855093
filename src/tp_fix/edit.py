"""Edits: which characters of a baseline are replaced by what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from tp_fix.errors import CannotEdit
from tp_fix.source import Span


class Edit(NamedTuple):
    """Replace `span` of the baseline by `text`; an empty span inserts."""

    span: Span
    text: str

    @property
    def inserts(self) -> bool:
        return self.span.start == self.span.end


class Lowered(NamedTuple):
    """What one change comes to: its edits, and the spans of the comments that go with them, named one by one."""

    edits: tuple[Edit, ...]
    dropped: tuple[Span, ...] = ()


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits. Insertions at one point keep the order in which they are given."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        parts += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def check_disjoint(edits: Sequence[Edit]) -> None:
    """Raises CannotEdit when two edits of one fix replace the same characters."""
    for first, second in pairwise(sorted(edits, key=lambda edit: edit.span)):
        if second.span.start < first.span.end:
            raise CannotEdit("two parts of the fix change the same characters; make one of them by hand")


def clash(a: Edit, b: Edit) -> bool:
    """Whether edits of two fixes overlap, or share or touch an insertion point."""
    if a.inserts or b.inserts:
        return a.span.start <= b.span.end and b.span.start <= a.span.end
    return a.span.start < b.span.end and b.span.start < a.span.end


def origin(offset: int, edits: Iterable[Edit]) -> int:
    """The baseline offset that an offset after the edits came from; new text counts as the start of its edit."""
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = edit.span.start + shift
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.span.start
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return offset - shift
