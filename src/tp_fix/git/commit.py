"""Commits, made by git itself in a working tree of ours, each compared with what was proved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NoReturn

from tp_fix.errors import TpFixError
from tp_fix.git.attended import Attended, attended
from tp_fix.git.checkout import Checkout
from tp_fix.git.process import git, refusal
from tp_fix.git.worktree import WorkTree
from tp_fix.source import Source

Files = Sequence[tuple[Source, Source]]
"""Each file as it was and as it becomes."""
MANY = 40
"""Lines of a hook that are shown."""
NO_VERIFY = "--no-verify leaves commit hooks out"
NO_HOOKS = f"core.hooksPath={os.devnull}"


class Committer:
    """Makes commits one upon the other in a working tree, with the hooks, unless not `verify`, and the key of the user.

    Raises GitRefused.
    """

    def __init__(self, checkout: Checkout, tree: WorkTree, *, verify: bool) -> None:
        self.tree = tree
        self.settings = tree.settings if verify else (*tree.settings, NO_HOOKS)
        bins = os.path.join(checkout.root, "node_modules", ".bin")  # which hooks expect below the working tree
        self.env = {"PATH": os.pathsep.join((os.environ.get("PATH", os.defpath), bins))}

    def commit(self, files: Files, message: str) -> str:
        """The new commit's name. Raises TpFixError when a hook stops it, or when it is not what was proved."""
        parent = self._git("rev-parse", "HEAD").strip()
        self._git("reset", "--quiet", "--hard", parent)  # a hook may have left something
        for before, after in files:
            self._lay(before, after)
        paths = sorted({source.path for pair in files for source in pair})
        self._git("update-index", "--add", "--remove", "--", *paths)
        self._commit(message)
        made = self._git("rev-parse", "HEAD").strip()
        self._held_to(parent, made, files)
        return made

    def _git(self, *args: str) -> str:
        return git(self.tree.root, *args, config=self.settings).out

    def _lay(self, before: Source, after: Source) -> None:
        old, new = (os.path.join(self.tree.root, source.path) for source in (before, after))
        if old != new:
            os.rename(old, new)
        with open(new, "r+b") as file:
            file.write(after.raw)
            file.truncate()

    def _commit(self, message: str) -> None:
        written = os.path.join(self.tree.folder, "message")
        with open(written, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(message)
        settings = [word for setting in self.settings for word in ("-c", setting)]
        words = (*settings, "commit", "--quiet", "--cleanup=whitespace", f"--file={written}")
        ended = attended(self.tree, *words, extra_env=self.env)
        if ended.answer.status:
            self._stopped(ended)

    def _stopped(self, ended: Attended) -> NoReturn:
        if not ended.hook:
            raise refusal(self.tree.root, ("commit",), ended.answer)
        raise TpFixError(
            f"the hook {ended.hook} said no; nothing was committed and nothing is left behind. It said:"
            + "".join(f"\n    {line}" for line in _said(ended.answer.err)),
            NO_VERIFY,
        )

    def _held_to(self, parent: str, made: str, files: Files) -> None:
        """Raises TpFixError unless the commit changes what was proved, and nothing else."""
        if self._git("rev-parse", f"{made}^@").split() != [parent]:
            raise _altered("a hook made commits of its own")
        changes = self._git("diff-tree", "-r", "-z", "--no-renames", parent, made).split("\0")
        modes = dict(zip(changes[1::2], changes[0::2], strict=False))
        for path in sorted(modes.keys() - {source.path for pair in files for source in pair}):
            raise _altered(f"{path} would be committed too")
        for before, after in files:
            if before.path == after.path and (entry := modes.get(after.path)) and entry[1:7] != entry[8:14]:
                raise _altered(f"the mode of {after.path} would change")
            if (
                git(self.tree.root, "cat-file", "--filters", f"{made}:{after.path}", config=self.settings).raw
                != after.raw
            ):
                raise _altered(f"{after.path} would not be committed as it was proved")


def _altered(what: str) -> TpFixError:
    return TpFixError(f"{what}, because a commit hook changes it. Nothing was committed", NO_VERIFY)


def _said(text: str) -> list[str]:
    """What hooks printed, the end of it where it is long."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    return lines if len(lines) <= MANY else [f"… ({len(lines) - MANY} lines before)", *lines[-MANY:]]
