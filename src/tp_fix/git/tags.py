"""The tags of a repository: what was released before, as far as a clone has them."""

from __future__ import annotations

import os
import subprocess


def tags(root: str) -> tuple[str, ...]:
    """The names of all tags, sorted; none without git, or where nothing was tagged or fetched."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        found = subprocess.run(["git", "-C", root, "tag", "--list"], env=environment, capture_output=True, check=False)
    except FileNotFoundError:
        return ()
    return tuple(sorted(found.stdout.decode("utf-8", "replace").split("\n")[:-1]))
