"""What GitPython is for: the state of the files that --apply writes. A dry run never imports this module."""

from __future__ import annotations

from collections.abc import Mapping

from git import Repo
from git.exc import GitError


def dirty_before(root: str, contents: Mapping[str, bytes]) -> list[str]:
    """The paths whose contents differ from what HEAD has, before line ends are converted back.

    A repository without commits, or one that git refuses to open, has none to compare with: every path differs.
    """
    try:
        tree = Repo(root).head.commit.tree
    except (GitError, ValueError):
        return list(contents)
    dirty = []
    for path, raw in contents.items():
        try:
            committed: bytes = tree[path].data_stream.read()
        except KeyError:
            committed = b""
        if committed.replace(b"\r\n", b"\n") != raw.replace(b"\r\n", b"\n"):
            dirty.append(path)
    return dirty
