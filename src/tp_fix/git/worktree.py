"""A linked working tree at HEAD, in which commits are made while the user's checkout stays as it is."""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from tp_fix.errors import NotWritten, TpFixError
from tp_fix.git import sweep
from tp_fix.git.checkout import Checkout
from tp_fix.git.process import GitRefused, environment, first_line, git

FOLDER = ".tp-fix"
"""In the checkout, so that hooks find its node_modules above; not in git's folder, where jest sees no tests (X)."""
LOCK = "lock"
"""A file in the folder that is locked for as long as its run lasts: no number of a process, which another may get."""
SETTINGS = (
    "core.sparseCheckout=false",  # everything is read from HEAD, so everything is there
    "index.sparse=false",
    "core.fsmonitor=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "i18n.commitEncoding=UTF-8",
)
"""What is otherwise than in the checkout, whatever the user's settings say."""


class WorkTree(NamedTuple):
    """Its root, the settings under which git works there, and the process group for what git runs.

    `group` ends when the run does, however that is; `folder` is for files beside the tree.
    """

    root: str
    settings: tuple[str, ...]
    group: int

    @property
    def folder(self) -> str:
        return os.path.dirname(self.root)


@contextmanager
def linked(checkout: Checkout) -> Iterator[WorkTree]:
    """A working tree at the checkout's HEAD, on no branch. It is gone afterwards, also after a kill.

    git does not see it in the checkout. Raises GitRefused, and NotWritten where there is no place for it.
    """
    parent = os.path.join(checkout.root, FOLDER)
    _sweep(checkout, parent)
    with _place(checkout, parent) as (folder, group):
        root = os.path.join(folder, os.path.basename(checkout.root) or "root")
        quiet = (*SETTINGS, f"core.hooksPath={os.devnull}")  # post-checkout hooks are for people's own checkouts
        add = ("worktree", "add", "--quiet", "--force", "--detach", root, checkout.head)
        try:
            git(checkout.root, *add, config=quiet, extra_env={"GIT_LFS_SKIP_SMUDGE": "1"})
        except GitRefused as error:
            what = f"{checkout.root}: git cannot check out HEAD elsewhere: {first_line(error.answer.err)}"
            raise TpFixError(what, error.hint or "`git worktree add` would say the same; see to it first") from error
        yield WorkTree(root, (*SETTINGS, *_hooks(checkout)), group)


def kept_as_it_is(tree: WorkTree, path: str) -> bool:
    """Whether git takes a file into a commit as HEAD has it, when something else of it changes."""
    os.utime(os.path.join(tree.root, path), (0, 0))  # or git would not look at it
    git(tree.root, "update-index", "--", path, config=tree.settings)
    listed = git(tree.root, "diff-index", "--cached", "--name-only", "-z", "HEAD", config=tree.settings).out
    return path not in listed.split("\0")


def _hooks(checkout: Checkout) -> Iterator[str]:
    """Where the user's hooks are.

    git looks up a relative `core.hooksPath` in the working tree, and passes the hooks over in silence when it is not
    found: it may be ignored and exist in the checkout alone.
    """
    said = git(checkout.root, "config", "--type=path", "--get", "core.hooksPath", check=False).out.removesuffix("\n")
    places = [os.path.join(root, said) for root in (checkout.root, os.path.dirname(checkout.common))]
    found = next((place for place in places if os.path.isdir(place)), None)
    if said and not os.path.isabs(said) and found is not None:
        yield f"core.hooksPath={found}"


@contextmanager
def _place(checkout: Checkout, parent: str) -> Iterator[tuple[str, int]]:
    """A folder, and the process that takes it away at the end: that one is there first. Raises NotWritten."""
    folder = os.path.join(parent, secrets.token_hex(4))
    command, quiet = [sys.executable, "-I", sweep.__file__, folder, checkout.root], subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, cwd=os.sep, env=environment(), process_group=0
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
    """Make the folder, in one that git ignores, and a lock on it, which the system takes away with this process.

    Raises NotWritten.
    """
    parent = os.path.dirname(folder)
    new = os.path.join(folder, f"{LOCK}.new")
    try:
        os.makedirs(folder, 0o700)
        with open(os.path.join(parent, sweep.IGNORE), "w", encoding="utf-8") as file:
            file.write("*\n")  # itself too
        lock = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise NotWritten(f"{parent}: cannot be made ({error.strerror}); nothing was changed") from error
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.rename(new, os.path.join(folder, LOCK))  # it is there only as a lock
    return lock


def _sweep(checkout: Checkout, parent: str) -> None:
    """Take away what runs left behind that the machine itself ended."""
    for name in os.listdir(parent) if os.path.isdir(parent) else ():
        with suppress(BlockingIOError, OSError):  # that run is still at work, or only begins
            lock = os.open(os.path.join(parent, name, LOCK), os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                sweep.remove(os.path.join(parent, name), checkout.root)
            finally:
                os.close(lock)
