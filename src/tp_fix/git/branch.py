"""Where commits end up: on a branch of their own, or on the one that the user is on."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from tp_fix.errors import TpFixError
from tp_fix.git.checkout import Checkout
from tp_fix.git.process import Answer, environment, git, refusal
from tp_fix.source import Source
from tp_fix.write import write

LOG = "tp-fix: trusted publishing"
"""For the reflog."""
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Existing(NamedTuple):
    """A branch that is there already: its last commit, and that commit's first line."""

    name: str
    tip: str
    subject: str


class Made(NamedTuple):
    """A commit: the rule behind it, the paths that it changes, its message. `name` is '' where it is only shown."""

    rule: str
    paths: tuple[str, ...]
    message: str
    name: str = ""

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


class Landed(NamedTuple):
    """Where commits are. `branch` is None where HEAD is detached; `base` is what they start from.

    `replaced` is what the branch was; `unchanged` says that it was there already, with the same content.
    """

    branch: str | None
    base: str
    made: tuple[Made, ...]
    replaced: Existing | None = None
    unchanged: bool = False

    @property
    def stands(self) -> bool:
        """Whether the branch is there, and not just shown."""
        return self.unchanged or any(made.name for made in self.made)


def existing(checkout: Checkout, name: str) -> Existing | None:
    """The branch of a name, None when there is none. Raises TpFixError when no branch can be called so."""
    _possible(checkout, name)
    found = git(checkout.root, "log", "-1", "--format=%H %s", f"refs/heads/{name}", "--", check=False)
    if found.status:
        _room(checkout, name)
        return None
    tip, _, subject = found.out.strip("\n").partition(" ")
    return Existing(name, tip, subject)


def _possible(checkout: Checkout, name: str) -> None:
    if name.startswith("refs/"):
        raise TpFixError(f"{name!r} is a whole path of git's", f"--branch-name {name.removeprefix('refs/heads/')}")
    impossible = name.startswith("-") or name in ("HEAD", "@")
    if impossible or git(checkout.root, "check-ref-format", f"refs/heads/{name}", check=False).status:
        raise TpFixError(f"{name!r} cannot be the name of a branch", "for example tp-fix/trusted-publishing")


def _room(checkout: Checkout, name: str) -> None:
    """git keeps branches like files: `a` and `a/b` cannot both be."""
    for other in git(checkout.root, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/").out.splitlines():
        if f"{name}/".startswith(f"{other}/") or f"{other}/".startswith(f"{name}/"):
            raise TpFixError(
                f"the branch {other} is there, and git cannot have {name} beside it",
                "choose another name with --branch-name",
            )


def free(checkout: Checkout, name: str) -> None:
    """Raises TpFixError while a working tree has the branch checked out: nobody moves it under somebody's feet."""
    trees = git(checkout.root, "worktree", "list", "--porcelain").out.split("\n\n")
    holding = next((tree for tree in trees if f"branch refs/heads/{name}" in tree.splitlines()), None)
    if holding is not None:
        where = holding.splitlines()[0].removeprefix("worktree ")
        raise TpFixError(f"the branch {name} is checked out in {where}", "choose another name with --branch-name")


def create(checkout: Checkout, name: str, tip: str, old: Existing | None) -> None:
    """Let the branch be at `tip`; `old` is what it was. Raises GitRefused, also when it has moved meanwhile."""
    with _moved(checkout.root, f"refs/heads/{name}", tip, old.tip if old else "0" * len(tip)):
        pass


def same_tree(checkout: Checkout, one: str, other: str) -> bool:
    """Whether two commits hold the same files."""
    return not git(checkout.root, "diff-tree", "--quiet", one, other, check=False).status


def advance(checkout: Checkout, tip: str, files: Mapping[str, tuple[Source, Source]]) -> None:
    """Let the current branch, index and working tree go from HEAD to `tip`; of the files, only those that change.

    Raises TpFixError: then everything is as it was. The branch is held first and moved last, so that what is refused is
    refused before a file has been touched.
    """
    root, head = checkout.root, checkout.head
    with _moved(root, "HEAD", tip, head):
        _index(root, head, tip)
        try:
            write(root, files)
        except TpFixError:
            _index(root, tip, head)
            raise
    git(root, "update-index", "-q", "--refresh", check=False)  # its answer is about other people's files


@contextmanager
def _moved(root: str, ref: str, new: str, old: str) -> Iterator[None]:
    """Hold a ref that is at `old`, and let it be at `new` after what is done within. Raises GitRefused.

    In a process group of its own: a shell that runs a hook of the user's unblocks what we block.
    """
    command, pipe = ["git", "-C", root, "update-ref", "-m", LOG, "--stdin"], subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment(), encoding="utf-8", process_group=0
    ) as process:
        _told(process, root, f"start\nupdate {ref} {new} {old}\nprepare\n", "prepare: ok\n")
        try:
            yield
        except TpFixError:
            _told(process, root, "abort\n", "abort: ok\n")
            raise
        _told(process, root, "commit\n", "commit: ok\n")


def _told(process: subprocess.Popen[str], root: str, what: str, expected: str) -> None:
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(what)
    process.stdin.flush()
    for line in process.stdout:
        if line == expected:
            return
    raise refusal(root, ("update-ref",), Answer(process.wait(), "", process.stderr.read()))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What is done within is done whole: for the moment in which the user's own branch and files move.

    Ignored for this process, and blocked too for git, which would catch what it is told to ignore.
    """
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDINGS}
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for number, handler in before.items():
            signal.signal(number, handler)


def _index(root: str, old: str, new: str) -> None:
    """Move what the index has as `old` has it to what `new` has; what else is staged stays."""
    git(root, "read-tree", "-i", "-m", old, new)
