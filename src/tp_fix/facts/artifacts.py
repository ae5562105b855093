"""actions/upload-artifact and actions/download-artifact: which releases work together, and the newest known ones."""

from __future__ import annotations

import re
from typing import NamedTuple


class Release(NamedTuple):
    """The newest known release of an action, with the commit of its tag."""

    action: str
    major: str
    tag: str
    commit: str
    source: str
    checked: str = "2026-11-22"


OLDEST_MAJOR = 4
"""Up to v3 artifacts were kept in another way, which GitHub has switched off; from v4 on every upload suits every
download (D README of both actions, checked 2026-11-22)."""

UPLOAD = Release(
    "actions/upload-artifact",
    "v7",
    "v7.0.0",
    "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
    "S the repository's tags; action.yml at v7.0.0",
)
DOWNLOAD = Release(
    "actions/download-artifact",
    "v8",
    "v8.0.1",
    "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    "S the repository's tags; action.yml at v8.0.1",
)


def major_of(ref: str) -> int | None:
    """The major of `v4` or `v4.6.2`; None for a branch or a commit."""
    match = re.match(r"v(\d+)(?:\.|$)", ref)
    return int(match[1]) if match else None
