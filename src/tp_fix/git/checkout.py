"""The user's own checkout: where it stands, and what keeps commits from being made for it."""

from __future__ import annotations

import os
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
NEW, CHANGED = "is not committed yet", "has changes that are not committed"
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
    common, own = git(root, "rev-parse", "--path-format=absolute", "--git-common-dir", "--git-dir").out.splitlines()
    head = git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False)
    if head.status:
        raise TpFixError(f"{root}: there is no commit yet to build on", "commit what is there, then run this again")
    branch = git(root, "symbolic-ref", "--quiet", "--short", "HEAD", check=False)
    return Checkout(root, head.out.strip(), branch.out.strip() or None, common, own)


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


def touched(checkout: Checkout, paths: Sequence[str]) -> dict[str, str]:
    """Those of the paths (git's patterns) that differ from HEAD, in the index or the working tree, and how."""
    words = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all")
    out = git(checkout.root, *words, "--", *paths, extra_env={"GIT_OPTIONAL_LOCKS": "0"}).out
    entries = [entry for entry in out.split("\0") if entry]
    return {entry[3:]: NEW if entry[:2] in ("??", "A ", "AM") else CHANGED for entry in entries}


def left_out(checkout: Checkout) -> frozenset[str]:
    """The paths that a sparse checkout, or the user, keeps out of the working tree."""
    out = git(checkout.root, "ls-files", "-z", "-t").out
    return frozenset(entry[2:] for entry in out.split("\0") if entry.startswith("S "))


def subjects(checkout: Checkout) -> Sequence[str]:
    """The first lines of the last commits that people made, the newest first."""
    log = git(checkout.root, "log", f"--max-count={PAST}", "--no-merges", "--format=%s", checkout.head)
    return [line for line in log.out.splitlines() if line.strip()]


def hooks_setting(checkout: Checkout) -> tuple[str, ...]:
    """The setting under which the user's hooks run in another working tree too.

    git looks up a relative `core.hooksPath` there, and skips the hooks in silence when it is not found.
    """
    said = git(checkout.root, "config", "--type=path", "--get", "core.hooksPath", check=False).out.strip("\n")
    if not said or os.path.isabs(said):
        return ()
    main = os.path.dirname(checkout.common)
    places = [os.path.join(root, said) for root in (checkout.root, main)]
    found = next((place for place in places if os.path.isdir(place)), None)
    return (f"core.hooksPath={found}",) if found else ()
