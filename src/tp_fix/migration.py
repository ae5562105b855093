"""A run that ends in commits: everything is read from HEAD, and nothing of the user's moves before all of it stands."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from tp_fix.commits import Commit, commits
from tp_fix.engine import Result
from tp_fix.errors import TpFixError
from tp_fix.git import branch, checkout
from tp_fix.git.branch import Existing
from tp_fix.git.checkout import Checkout
from tp_fix.git.commit import Committer
from tp_fix.git.listing import Listing, listing
from tp_fix.git.worktree import linked
from tp_fix.write import unwritable

BRANCH = "tp-fix/trusted-publishing"


class Asked(NamedTuple):
    """How commits are to be made. `branch` is None for the one that the user is on; `verify` runs commit hooks."""

    branch: str | None = None
    force: bool = False
    verify: bool = True


class Made(NamedTuple):
    """A commit and its message. `name` is '' where it is only shown."""

    commit: Commit
    message: str
    name: str = ""


class Landed(NamedTuple):
    """Where the commits are. `branch` is None where HEAD is detached; `replaced` is what the branch was.

    `unchanged` says that the branch was there already, with the same content.
    """

    branch: str | None
    base: str
    made: tuple[Made, ...]
    replaced: Existing | None = None
    unchanged: bool = False


class Migration:
    """One run on a linked working tree at `root`."""

    def __init__(self, user_s: Checkout, root: str, tree: Listing, asked: Asked) -> None:
        self.checkout = user_s
        self.root = root
        self.asked = asked
        mine = listing(root)
        self.tree = mine._replace(repository=tree.repository, remotes=tree.remotes)
        self.touched = checkout.touched(user_s)
        self.left_out = checkout.left_out(user_s)

    def forbidden(self, path: str) -> str:
        """Why a file cannot be edited, '' when it can."""
        if reason := unwritable(self.root, path):
            return reason
        if self.asked.branch is not None:
            return ""
        if path in self.touched:
            return f"{path} {self.touched[path]}: commit or stash that first, or let --branch leave it alone"
        if path in self.left_out:
            return f"{path} is left out of this sparse checkout; --branch can change it"
        if not self._same(path):
            return f"{path} is not in the working tree as git checks it out; `git checkout -- {path}` settles that"
        return unwritable(self.checkout.root, path)

    def _same(self, path: str) -> bool:
        here, there = (os.path.join(root, path) for root in (self.root, self.checkout.root))
        with open(here, "rb") as one, open(there, "rb") as other:
            return one.read() == other.read()

    def unseen(self) -> list[str]:
        """What of the user's is not committed and would have been read: for a line of the report."""
        return [f"{path} {how}, and was read as HEAD has it" for path, how in sorted(self.touched.items())]
