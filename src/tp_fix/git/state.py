"""The state of the files that --apply writes. A dry run never imports this module."""

from __future__ import annotations

from collections.abc import Mapping

from tp_fix.git.process import git


def dirty_before(root: str, contents: Mapping[str, bytes]) -> list[str]:
    """The paths whose contents differ from what HEAD has, before line ends are converted back.

    A repository without commits, or one that git refuses to open, has none to compare with: every path differs.
    """
    return [path for path, raw in contents.items() if _committed(root, path) != raw.replace(b"\r\n", b"\n")]


def _committed(root: str, path: str) -> bytes | None:
    found = git(root, "cat-file", "blob", f"HEAD:{path}", check=False)
    return None if found.status else found.raw.replace(b"\r\n", b"\n")
