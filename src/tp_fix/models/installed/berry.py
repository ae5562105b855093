"""Whether a repository's Yarn is Classic or Berry."""

from __future__ import annotations

import re

from tp_fix.errors import Unreadable
from tp_fix.formats.json import values
from tp_fix.models.repository import Repository


def is_berry(repository: Repository) -> bool:
    """Whether everything that speaks of Yarn speaks of Berry: what stands at the root, and every yarn.lock.

    No sign at all at the root is none.
    """
    signs = [_by_manager(repository), _by_lock(repository, "yarn.lock")]
    below = [path for path in repository.paths if path.endswith("/yarn.lock")]
    if any(_by_lock(repository, path) is False for path in below):
        return False
    if ".yarnrc.yml" in repository.packages.paths:
        signs.append(True)
    if ".yarnrc" in repository.packages.paths:
        signs.append(False)
    return True in signs and False not in signs


def _by_manager(repository: Repository) -> bool | None:
    """What `packageManager` of the root's manifest says; None when it says nothing of Yarn."""
    if "package.json" not in repository.packages.paths or repository.packages.at("") is None:
        return None
    try:
        data = values(repository.source("package.json"))
    except Unreadable:
        return None
    manager = data.get("packageManager") if isinstance(data, dict) else None
    match = re.match(r"yarn@(\d+)\.", manager) if isinstance(manager, str) else None
    return int(match[1]) >= 2 if match else None


def _by_lock(repository: Repository, path: str) -> bool | None:
    """What the head of a yarn.lock says: Berry's is YAML with a block of its own, Classic's names its version."""
    head = repository.head(path) if path in repository.packages.paths else b""
    if b"# yarn lockfile v1" in head:
        return False
    return True if b"\n__metadata:" in b"\n" + head else None
