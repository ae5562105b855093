"""A repository that borrows another's objects, settings and hooks, and has branches of its own."""

from __future__ import annotations

import os
import re
import shutil

from tp_fix.git.checkout import Checkout
from tp_fix.git.process import git
from tp_fix.git.settings import as_file

PRIVATE = {"objects", "refs", "reftable", "logs", "info", "worktrees", "rebase-merge", "rebase-apply", "sequencer"}
"""The folders in git's folder that are git's own. Any other is somebody's: hooks, git-crypt's keys, LFS's objects."""
EVERY_REF = "%(objectname) %(refname)"
SPECIAL, ESCAPED = re.compile(r"([*?\[\\ ])"), r"\\\1"
"""In a pattern of files to ignore."""
SMUDGE_NOTHING = {"GIT_LFS_SKIP_SMUDGE": "1"}


def borrowed(checkout: Checkout, root: str, branch: str | None) -> None:
    """Make such a repository at `root`, with the checkout's HEAD checked out on `branch`. Raises GitRefused."""
    own = os.path.join(root, ".git")
    for name in ("objects/info", "refs/heads", "info"):
        os.makedirs(os.path.join(own, name))
    _write(own, "objects/info/alternates", f"{_quoted(checkout.objects)}\n")
    _write(own, "config", as_file(checkout))
    _write(own, "HEAD", f"ref: refs/heads/{branch}\n" if branch else f"{checkout.head}\n")
    _write(own, "packed-refs", _refs(checkout, branch))
    for name in ("shallow", "info/exclude", "info/attributes"):
        if os.path.exists(os.path.join(checkout.common, name)):
            shutil.copy(os.path.join(checkout.common, name), os.path.join(own, name))
    for name in os.listdir(checkout.common):
        place = os.path.join(checkout.common, name)
        if name not in PRIVATE and os.path.isdir(place):
            os.symlink(place, os.path.join(own, name))
    git(root, "read-tree", "--reset", "-u", "HEAD", extra_env=SMUDGE_NOTHING)


def kept_as_it_is(root: str, path: str) -> bool:
    """Whether git takes a file into a commit as HEAD has it, when something else of it changes."""
    os.utime(os.path.join(root, path), (0, 0))  # or git would not look at it
    git(root, "update-index", "--", path)
    listed = git(root, "diff-index", "--cached", "--name-only", "-z", "HEAD").out
    return path not in listed.split("\0")


def lend(checkout: Checkout, root: str, tip: str) -> None:
    """Give the checkout the commits up to `tip` that are not in its HEAD. Raises GitRefused."""
    commits = f"{tip}\n^{checkout.head}\n"
    pack = git(root, "pack-objects", "--quiet", "--revs", "--stdout", input=commits).raw
    git(checkout.root, "unpack-objects", "-q", input=pack)


def furnish(checkout: Checkout, root: str) -> None:
    """What git ignores in the checkout is here too, as links: hooks need node_modules, `.husky/_`, `.env` and more."""
    words = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    links = [path for path in git(checkout.root, *words).out.split("\0") if _linked(checkout, root, path)]
    with open(os.path.join(root, ".git", "info", "exclude"), "a", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(f"\n/{SPECIAL.sub(ESCAPED, path.rstrip('/'))}\n" for path in links)


def _linked(checkout: Checkout, root: str, path: str) -> bool:
    """Let one path lead to the checkout's, where it can."""
    here, there = os.path.join(root, path.rstrip("/")), os.path.join(checkout.root, path.rstrip("/"))
    if not path or "\n" in path or os.path.lexists(here) or not os.path.isdir(os.path.dirname(here)):
        return False
    os.symlink(there, here)
    return True


def _refs(checkout: Checkout, branch: str | None) -> str:
    """All refs of the user's, whatever they are kept in, as one file; `branch` is at HEAD."""
    listed = git(checkout.root, "for-each-ref", f"--format={EVERY_REF}").out.splitlines()
    mine = f"refs/heads/{branch}"
    refs = {name: tip for tip, _, name in (line.partition(" ") for line in listed)}
    if branch is not None:
        refs = {name: tip for name, tip in refs.items() if not mine.startswith(f"{name}/")}
        refs = {name: tip for name, tip in refs.items() if not name.startswith(f"{mine}/")} | {mine: checkout.head}
    return "".join(f"{tip} {name}\n" for name, tip in sorted(refs.items()))


def _quoted(path: str) -> str:
    """A path for the file of alternates, whose lines may be quoted as in C."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _write(folder: str, name: str, text: str) -> None:
    with open(os.path.join(folder, name), "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.write(text)
