"""A linked working tree from HEAD, in which commits are made while the user's checkout stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tp_fix.errors import NotWritten
from tp_fix.git.checkout import Checkout
from tp_fix.git.process import environment, git
from tp_fix.git.sweep import FINISHED, IGNORE, remove

FOLDER = ".tp-fix"
"""In the checkout, so that hooks find its node_modules above; not in git's folder, where jest sees no tests (X)."""
WHOLE = ("core.sparseCheckout=false",)
"""Everything is read from HEAD, so everything is there, also where the user's own checkout is sparse."""


@contextmanager
def linked(checkout: Checkout) -> Iterator[str]:
    """The root of a working tree at the checkout's HEAD, on no branch. It is gone afterwards, also after a kill.

    git does not see it in the checkout.
    """
    folder = os.path.join(checkout.root, FOLDER)
    _sweep(checkout, folder)
    _unseen(folder)
    place = os.path.join(folder, str(os.getpid()))
    with _swept(checkout, place):
        quiet = (*WHOLE, f"core.hooksPath={os.devnull}")  # post-checkout hooks are for people's own checkouts
        add = ("worktree", "add", "--quiet", "--force", "--detach", place, checkout.head)
        git(checkout.root, *add, config=quiet, extra_env={"GIT_LFS_SKIP_SMUDGE": "1"})
        yield place


def _unseen(folder: str) -> None:
    """A folder that git ignores, itself included. Raises NotWritten."""
    try:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, IGNORE), "w", encoding="utf-8") as file:
            file.write("*\n")
    except OSError as error:
        raise NotWritten(f"{folder}: cannot be made ({error.strerror}); nothing was changed") from error


@contextmanager
def _swept(checkout: Checkout, place: str) -> Iterator[None]:
    """Start what takes the working tree away, and wait for it at the end."""
    command = [sys.executable, "-m", sweeper(), checkout.common, place]
    sweeping = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment(), start_new_session=True)
    try:
        yield
    finally:
        with suppress(BrokenPipeError):
            sweeping.communicate(FINISHED)


def sweeper() -> str:
    """The module that runs beside tp-fix."""
    return remove.__module__


def _sweep(checkout: Checkout, folder: str) -> None:
    """Take away what runs left behind that the machine itself ended."""
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if name.isdigit() and not _alive(int(name)):
            remove(checkout.common, os.path.join(folder, name))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
