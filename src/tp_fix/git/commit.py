"""Commits, made by git itself in a working tree of ours, each compared with what was proved."""

from __future__ import annotations

import os
import re
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
IDENT = re.compile(rb"(?<=\$Id)[^$\n]*(?=\$)")
"""What the attribute `ident` writes into a working tree: the name of the file as it was."""
MANY = 40
"""Lines of a hook that are shown."""
NO_VERIFY = "--no-verify leaves commit hooks out"
NO_HOOKS = f"core.hooksPath={os.devnull}"


class Committer:
    """Makes commits one upon the other in a working tree, with the hooks, unless not `verify`, and the key of the user.

    Raises GitRefused.
    """

    def __init__(self, checkout: Checkout, tree: WorkTree, *, verify: bool) -> None:
        self.checkout = checkout
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
        tree = self._git("write-tree").strip()
        for _, after in files:
            self._as_proved(tree, after)
        self._commit(parent, message)
        made = self._git("rev-parse", "HEAD").strip()
        self._held_to(parent, tree, made)
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

    def _commit(self, parent: str, message: str) -> None:
        written = os.path.join(self.tree.folder, "message")
        with open(written, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(message)
        settings = (word for setting in self.settings for word in ("-c", setting))
        words = (*settings, "commit", "--quiet", "--cleanup=whitespace", f"--file={written}")
        ended = attended(self.tree, *words, extra_env=self.env)
        if ended.answer.status:
            self._stopped(parent, ended)

    def _stopped(self, parent: str, ended: Attended) -> NoReturn:
        if self._git("rev-parse", "HEAD").strip() != parent:
            raise _altered("a hook made commits of its own")
        if not ended.hook:
            raise refusal(self.checkout.root, ("commit",), ended.answer)
        raise TpFixError(
            f"the hook {ended.hook} said no; nothing was committed and nothing is left behind. It said:"
            + "".join(f"\n    {line}" for line in _said(ended.answer.err)),
            NO_VERIFY,
        )

    def _as_proved(self, tree: str, after: Source) -> None:
        """Raises TpFixError unless git would check out of a tree what was proved."""
        raw = git(self.tree.root, "cat-file", "--filters", f"{tree}:{after.path}", config=self.settings).raw
        if IDENT.sub(b"", raw) != IDENT.sub(b"", after.raw):
            raise TpFixError(
                f"{after.path} would not be committed as proved: .gitattributes converts it; nothing was committed",
                "--apply alone writes it; commit it yourself",
            )

    def _held_to(self, parent: str, tree: str, made: str) -> None:
        """Raises TpFixError unless the commit is one upon its parent, of the tree that was proved."""
        if self._git("rev-parse", f"{made}^@").split() != [parent]:
            raise _altered("a hook made commits of its own")
        other = self._git("diff-tree", "-r", "-z", "--name-only", tree, made).split("\0")[0]
        if other:
            raise _altered(f"{other} would not be committed as it was proved")


def _altered(what: str) -> TpFixError:
    return TpFixError(f"{what}: a commit hook changes it. Nothing was committed", NO_VERIFY)


def _said(text: str) -> list[str]:
    """What hooks printed, the end of it where it is long."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    return lines if len(lines) <= MANY else [f"… ({len(lines) - MANY} lines before)", *lines[-MANY:]]
