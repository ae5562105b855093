"""A working tree at HEAD in a temporary folder, in which commits are made while the user's checkout stays as it is."""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from tp_fix.errors import NotWritten, TpFixError
from tp_fix.git import sweep
from tp_fix.git.borrowed import borrowed
from tp_fix.git.checkout import Checkout
from tp_fix.git.process import GitRefused, first_line

PREFIX = "tp-fix-"
LOCK = "lock"
"""A file in the folder that is locked for as long as its run lasts: no number of a process, which another may get."""


class WorkTree(NamedTuple):
    """Its root, and the process group for what git runs there: it ends when the run does, however that is."""

    root: str
    group: int


@contextmanager
def linked(checkout: Checkout, branch: str | None) -> Iterator[WorkTree]:
    """A working tree at the checkout's HEAD, on `branch`, on none with None. It is gone afterwards, also after a kill.

    It is the tree of a repository of its own that borrows the user's objects and settings. Hooks see the branch that
    they would see in the checkout, and whatever they do to branches, tags or the stash ends with it. The temporary
    folder and not the checkout or git's folder, because tools pass over what lies below `.git` (jest finds no tests
    there) and settings of the checkout would be found above.
    """
    _sweep()
    with _place() as (folder, group):
        root = os.path.join(folder, os.path.basename(checkout.root) or "root")
        try:
            borrowed(checkout, root, branch)
        except GitRefused as error:
            what = f"{checkout.root}: git cannot check out HEAD elsewhere: {first_line(error.answer.err)}"
            raise TpFixError(what, error.hint or "`git worktree add` would say the same; see to it first") from error
        yield WorkTree(root, group)


@contextmanager
def _place() -> Iterator[tuple[str, int]]:
    """A folder, and the process that takes it away at the end: that one is there first. Raises NotWritten."""
    folder = os.path.join(os.path.realpath(tempfile.gettempdir()), f"{PREFIX}{secrets.token_hex(8)}")
    command, quiet = [sys.executable, "-I", sweep.__file__, folder], subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, cwd=os.sep, process_group=0
    ) as sweeping:
        said = b""
        try:
            lock = _locked(folder)
            yield folder, sweeping.pid
            os.close(lock)
            said = sweep.FINISHED
        finally:
            with suppress(BrokenPipeError):
                sweeping.communicate(said)


def _locked(folder: str) -> int:
    """Make the folder, and a lock on it, which the system takes away with this process. Raises NotWritten."""
    new = os.path.join(folder, f"{LOCK}.new")
    try:
        os.mkdir(folder, 0o700)
        lock = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise NotWritten(f"{folder} cannot be made ({error.strerror})", "let TMPDIR name another folder") from error
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.rename(new, os.path.join(folder, LOCK))  # it is there only as a lock
    return lock


def _sweep() -> None:
    """Take away what runs left behind that the machine itself ended."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False):
                _sweep_one(entry)


def _sweep_one(entry: os.DirEntry[str]) -> None:
    if entry.stat(follow_symlinks=False).st_uid != os.geteuid():
        return
    try:
        lock = os.open(os.path.join(entry.path, LOCK), os.O_RDWR)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sweep.remove(entry.path)
    except BlockingIOError:
        pass  # that run is still at work
    finally:
        os.close(lock)
