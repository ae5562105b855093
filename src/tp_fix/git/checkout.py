"""The user's own checkout: where it stands, and what keeps commits from being made for it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from tp_fix.errors import TpFixError
from tp_fix.git.process import git

UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase, or `git am`,",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "BISECT_LOG": "a bisection",
}
"""What git leaves in its folder while something waits to be finished."""
ONLY_LOOKING = {"GIT_OPTIONAL_LOCKS": "0"}
NEW, CHANGED = "is not committed yet", "has changes that are not committed"
LEAST = (2, 34)
"""The oldest git that this is made for: before, `update-ref --stdin` kept its answers to itself until the end."""
PAST = 100
"""Commits whose subjects say in which manner messages are written here."""


class Checkout(NamedTuple):
    """A working tree. `head` is its commit, `branch` the branch that it is on, None when HEAD is detached.

    `common` is the folder that all working trees of the repository share, `own` the part of it that is this one's.
    """

    root: str
    head: str
    branch: str | None
    common: str
    own: str


def checkout_at(root: str) -> Checkout:
    """Raises TpFixError where there is nothing to build on."""
    new_enough(root)
    top = git(root, "rev-parse", "--show-toplevel").out.removesuffix("\n")
    if os.path.realpath(top) != os.path.realpath(root):
        raise TpFixError(f"{root}: git keeps the files of this repository in {top} (core.worktree)", "run tp-fix there")
    common, own = (
        os.path.realpath(os.path.join(root, _line(root, f"--git-{which}"))) for which in ("common-dir", "dir")
    )
    head = git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False)
    if head.status:
        raise TpFixError(f"{root}: there is no commit yet to build on", "commit what is there, then run this again")
    branch = git(root, "symbolic-ref", "--quiet", "HEAD", check=False).out.strip().removeprefix("refs/heads/")
    return Checkout(root, head.out.strip(), branch or None, common, own)


def new_enough(root: str) -> None:
    """Raises TpFixError when git is older than what commits are made with."""
    said = git(root, "--version").out.strip()
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < LEAST:
        raise TpFixError(
            f"{said} is too old: tp-fix makes commits with git {'.'.join(map(str, LEAST))} or newer",
            "update git, or let --apply write the files and commit them yourself",
        )


def _line(root: str, *words: str) -> str:
    return git(root, "rev-parse", *words).out.removesuffix("\n")


def identified(checkout: Checkout) -> None:
    """Raises GitRefused when git does not know who makes the commits."""
    for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        git(checkout.root, "var", name)


def at_rest(checkout: Checkout) -> None:
    """Raises TpFixError while something is under way on the current branch that a commit would get in between of."""
    for name, what in UNDER_WAY.items():
        if os.path.exists(os.path.join(checkout.own, name)):
            raise TpFixError(
                f"{checkout.root}: {what} is under way here, and a commit would get in between",
                "finish it first, or let --branch build a branch of its own",
            )
    lock = os.path.join(checkout.own, "index.lock")
    if os.path.exists(lock):
        raise TpFixError(
            f"{lock} is there: another git process works in this repository",
            "wait until it ends; if none runs any more, one was killed: delete that file, then run this again",
        )


def touched(checkout: Checkout, *patterns: str) -> dict[str, str]:
    """The paths among git's patterns that differ from HEAD, in the index or the working tree, and how."""
    words = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all")
    out = git(checkout.root, *words, "--", *patterns, extra_env=ONLY_LOOKING).out
    entries = [entry for entry in out.split("\0") if entry]
    return {entry[3:]: NEW if entry[:2] in ("??", "A ", "AM", " A") else CHANGED for entry in entries}


def literal(path: str) -> str:
    """A path as a pattern of git's that means nothing else."""
    return f":(top,literal){path}"


def left_out(checkout: Checkout) -> frozenset[str]:
    """The paths that a sparse checkout, or the user, keeps out of the working tree."""
    out = git(checkout.root, "ls-files", "-z", "-t").out
    return frozenset(entry[2:] for entry in out.split("\0") if entry.startswith("S "))


def subjects(checkout: Checkout) -> Sequence[str]:
    """The first lines of the last commits that people made, the newest first."""
    log = git(checkout.root, "log", f"--max-count={PAST}", "--no-merges", "--format=%s", checkout.head)
    return [line for line in log.out.splitlines() if line.strip()]
