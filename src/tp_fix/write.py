"""Writing proved texts to disk: each file whole or not at all, all of them or none."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress

from tp_fix.errors import NotWritten
from tp_fix.source import Source

SUFFIX = ".tp-fix"
"""Of the temporary files, which have the name of the file that they are for in front."""


def unwritable(root: str, path: str) -> str:
    """Why a file cannot be edited, '' when it can. Asked before planning, so that no fix is half written."""
    full = os.path.join(root, path)
    if os.path.realpath(full) != os.path.join(os.path.realpath(root), *path.split("/")):
        return f"{path} is reached through a symbolic link; edit the file it leads to"
    mode = os.stat(full).st_mode
    if not mode & 0o222 or not os.access(full, os.W_OK):
        return f"{path} is read-only"
    if not os.access(os.path.dirname(full), os.W_OK):
        return f"the folder of {path} is read-only"
    return ""


def write(root: str, files: Mapping[str, tuple[Source, Source]]) -> None:
    """Replace each file's bytes, then rename those that get another path; a kill leaves each of them under one name.

    Raises NotWritten, after putting back what had been done.
    """
    for path, (before, after) in files.items():
        _check_unchanged(root, path, before)
        _check_free(root, path, after)
    try:
        for path, (before, after) in files.items():
            _check_unchanged(root, path, before)
            if after.raw != before.raw:
                _replace(os.path.join(root, path), after.raw)
        for path, (_, after) in files.items():
            if after.path != path:
                _check_free(root, path, after)
                os.rename(os.path.join(root, path), os.path.join(root, after.path))
    except (OSError, NotWritten, KeyboardInterrupt) as error:
        stuck = _put_back(root, files)
        what = f"these stay changed: {', '.join(stuck)}" if stuck else "nothing was changed"
        if isinstance(error, OSError):
            raise NotWritten(f"{path}: cannot be written ({error.strerror}); {what}") from error
        raise


def create(full: str, raw: bytes) -> None:
    """Write one file of ours, new or not, whole or not at all. Raises NotWritten."""
    try:
        if not os.path.exists(full):
            open(full, "xb").close()  # so that it gets the mode that new files get here
        _replace(full, raw)
    except OSError as error:
        raise NotWritten(f"{os.path.basename(full)}: cannot be written ({error.strerror})") from error


def _put_back(root: str, files: Mapping[str, tuple[Source, Source]]) -> list[str]:
    """Undo what was replaced; gives the paths where even that failed."""
    stuck = []
    for path, (before, after) in files.items():
        full = os.path.join(root, path)
        try:
            if not os.path.lexists(full):
                os.rename(os.path.join(root, after.path), full)
            with open(full, "rb") as file:
                replaced = file.read() == after.raw
            if replaced:
                _replace(full, before.raw)
        except OSError:
            stuck.append(path)
    return stuck


def _check_unchanged(root: str, path: str, before: Source) -> None:
    try:
        with open(os.path.join(root, path), "rb") as file:
            now = file.read()
    except OSError as error:
        raise NotWritten(f"{path}: cannot be read again ({error.strerror}); nothing was changed") from error
    if now != before.raw:
        raise NotWritten(f"{path}: changed while tp-fix was running; nothing was changed", "run tp-fix again")


def _check_free(root: str, path: str, after: Source) -> None:
    """Whether nothing but the file itself has its new path: it does where the disk minds no case."""
    old, new = os.path.join(root, path), os.path.join(root, after.path)
    if os.path.lexists(new) and not (os.path.exists(new) and os.path.samefile(old, new)):
        raise NotWritten(f"{after.path}: is there by now; nothing was changed", "move it away, then run tp-fix again")


def _sweep(folder: str, base: str) -> None:
    """Take away what a run that was killed in the middle of this very file left behind."""
    for name in os.listdir(folder):
        if name.startswith(f".{base}.") and name.endswith(SUFFIX):
            os.unlink(os.path.join(folder, name))


def _replace(path: str, raw: bytes) -> None:
    """Through a temporary file in the same folder, so that the file is whole, old or new, whatever happens."""
    import tempfile  # 4 ms that a dry run does not need

    mode = stat.S_IMODE(os.stat(path).st_mode)
    folder, base = os.path.split(path)
    _sweep(folder, base)
    handle, name = tempfile.mkstemp(prefix=f".{base}.", suffix=SUFFIX, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):  # it was replaced in the very moment of the interrupt
            os.unlink(name)
        raise
