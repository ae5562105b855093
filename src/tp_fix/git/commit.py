"""Commits, made by git itself in a linked working tree, each compared with what was proved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NoReturn

from tp_fix.errors import TpFixError
from tp_fix.git.checkout import Checkout, hooks_setting
from tp_fix.git.process import Answer, git, refusal
from tp_fix.git.worktree import WHOLE
from tp_fix.source import Source

Files = Sequence[tuple[Source, Source]]
"""Each file as it was and as it becomes."""
HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")
MANY = 40
"""Lines of a hook that are shown."""
NO_VERIFY = "--no-verify leaves commit hooks out"


class Committer:
    """Makes commits one upon the other in the working tree at `root`, with the hooks and the key of the user."""

    def __init__(self, checkout: Checkout, root: str, *, verify: bool) -> None:
        self.root = root
        self.verify = verify
        self.config = (*WHOLE, *hooks_setting(checkout))
        bins = os.path.join(checkout.root, "node_modules", ".bin")  # which hooks expect below the working tree
        self.env = {"PATH": os.pathsep.join(filter(None, (os.environ.get("PATH", ""), bins)))}

    def commit(self, files: Files, message: str) -> str:
        """The new commit's name. Raises TpFixError when a hook stops it, or when it is not what was proved."""
        parent = self._git("rev-parse", "HEAD").strip()
        paths = sorted({source.path for pair in files for source in pair})
        for before, after in files:
            self._lay(before, after)
        self._git("add", "--all", "--force", "--", *paths)
        self._commit(message)
        made = self._git("rev-parse", "HEAD").strip()
        self._held_to(parent, made, files)
        return made

    def _git(self, *args: str) -> str:
        return git(self.root, *args, config=self.config, extra_env=self.env).out

    def _lay(self, before: Source, after: Source) -> None:
        old, new = (os.path.join(self.root, source.path) for source in (before, after))
        if old != new:
            os.rename(old, new)
        with open(new, "r+b") as file:
            file.write(after.raw)
            file.truncate()

    def _commit(self, message: str) -> None:
        words = ["commit", "--quiet", "--cleanup=whitespace", "--file=-"]
        if not self.verify:
            words.append("--no-verify")
        answer = git(self.root, *words, check=False, input=message, config=self.config, extra_env=self.env)
        if answer.status:
            self._stopped(words, answer)

    def _stopped(self, words: list[str], answer: Answer) -> NoReturn:
        known = refusal(self.root, tuple(words), answer)
        if known.hint or not (self.verify and self._hooks()):
            raise known
        raise TpFixError(
            "a commit hook said no; nothing was committed and nothing is left behind. It said:"
            + "".join(f"\n    {line}" for line in _said(answer)),
            NO_VERIFY,
        )

    def _hooks(self) -> bool:
        """Whether any hook of the user can have stopped a commit."""
        folder = self._git("rev-parse", "--path-format=absolute", "--git-path", "hooks").strip()
        return any(os.path.exists(os.path.join(folder, name)) for name in HOOKS)

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
            committed = git(self.root, "cat-file", "--filters", f"{made}:{after.path}", config=self.config).raw
            if committed != after.raw:
                raise _altered(f"{after.path} would not be committed as it was proved")


def _altered(what: str) -> TpFixError:
    return TpFixError(
        f"{what}: a commit hook, or a conversion in .gitattributes, changes it. Nothing was committed",
        f"{NO_VERIFY}; `git add --renormalize .`, in a commit of its own, settles line ends",
    )


def _said(answer: Answer) -> list[str]:
    """What hooks printed, the end of it where it is long."""
    lines = [line.rstrip() for line in (answer.out + answer.err).splitlines() if line.strip()]
    return lines if len(lines) <= MANY else [f"… ({len(lines) - MANY} lines before)", *lines[-MANY:]]
