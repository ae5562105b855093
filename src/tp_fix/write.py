"""Writing proved texts to disk: each file whole or not at all, all of them or none."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tp_fix.errors import NotWritten
from tp_fix.source import Source


def unwritable(root: Path, path: str) -> str:
    """Why a file cannot be edited, '' when it can. Asked before planning, so that no fix is half written."""
    full = root / path
    if any((root / part).is_symlink() for part in (path, *map(str, Path(path).parents))):
        return f"{path} is reached through a symbolic link; edit the file it leads to"
    mode = full.stat().st_mode
    if not mode & 0o222 or not os.access(full, os.W_OK):
        return f"{path} is read-only"
    if not os.access(full.parent, os.W_OK):
        return f"the folder of {path} is read-only"
    return ""


def write(root: Path, files: Mapping[str, tuple[Source, Source]]) -> None:
    """Replace each file's bytes. Raises NotWritten, after putting back what had been replaced."""
    for path, (before, _) in files.items():
        _check_unchanged(root, path, before)
    done: list[tuple[str, Source]] = []
    try:
        for path, (before, after) in files.items():
            _check_unchanged(root, path, before)
            _replace(root / path, after.raw)
            done.append((path, before))
    except (OSError, NotWritten, KeyboardInterrupt) as error:
        for path, before in done:
            _replace(root / path, before.raw)
        if isinstance(error, OSError):
            raise NotWritten(f"{path}: cannot be written ({error.strerror}); nothing was changed") from error
        raise


def _check_unchanged(root: Path, path: str, before: Source) -> None:
    try:
        now = (root / path).read_bytes()
    except OSError as error:
        raise NotWritten(f"{path}: cannot be read again ({error.strerror}); nothing was changed") from error
    if now != before.raw:
        raise NotWritten(f"{path}: changed while tp-fix was running; nothing was changed", "run tp-fix again")


def _replace(path: Path, raw: bytes) -> None:
    """Through a temporary file in the same folder, so that the file is whole, old or new, whatever happens."""
    mode = stat.S_IMODE(path.stat().st_mode)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tp-fix", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
