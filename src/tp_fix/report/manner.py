"""In which manner a repository writes its commit messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Manner(NamedTuple):
    """FIXME: nothing is known yet."""


def manner_of(subjects: Sequence[str]) -> Manner:
    """FIXME: nothing is known yet."""
    return Manner()
