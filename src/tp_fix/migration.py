"""A run that ends in commits: everything is read from HEAD, and nothing of the user's moves before all of it stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from tp_fix.commits import Commit, commits
from tp_fix.engine import Result
from tp_fix.errors import TpFixError, UsageError
from tp_fix.git import branch, checkout
from tp_fix.git.branch import Landed, Made
from tp_fix.git.checkout import Checkout
from tp_fix.git.commit import Committer
from tp_fix.git.listing import Listing, listing
from tp_fix.git.worktree import WorkTree, kept_as_it_is, linked
from tp_fix.options import Commits
from tp_fix.proposing import Text
from tp_fix.report.migration import pull_request
from tp_fix.report.migration.commit_message import messages
from tp_fix.report.migration.manner import Manner, linted, manner_of
from tp_fix.source import Source
from tp_fix.write import unwritable

LOOKED_AT = (".github/workflows", *(f":(glob)**/{name}" for name in ("package.json", "*npmrc*", "tp-fix*")))
"""git's patterns for what a run reads whenever it is there."""


class Migration:
    """One run on a working tree of ours."""

    def __init__(self, user_s: Checkout, ours: WorkTree, tree: Listing, asked: Commits) -> None:
        self.checkout = user_s
        self.ours = ours
        self.root = ours.root
        self.asked = asked
        mine = listing(ours.root)
        self.tree = mine._replace(repository=tree.repository, remotes=tree.remotes)
        self.touched = checkout.touched(user_s, *LOOKED_AT)
        self.left_out = checkout.left_out(user_s) if asked.branch is None else frozenset()
        self.reasons: dict[str, str] = {}
        self.series: list[Commit] = []

    def place(self, path: str) -> str:
        """Where a path of the user's checkout is in HEAD. Raises UsageError when it is not there."""
        if not os.path.lexists(there := os.path.normpath(os.path.join(self.root, path))):
            raise UsageError(f"{path}: HEAD has no such file or folder, and commits are made of what it has")
        return there

    def forbidden(self, path: str) -> str:
        """Why a file cannot be edited, '' when it can."""
        if path not in self.reasons:
            self.reasons[path] = unwritable(self.root, path) or self._converted(path) or self._in_the_way(path)
        return self.reasons[path]

    def _converted(self, path: str) -> str:
        if kept_as_it_is(self.ours, path):
            return ""
        return (
            f"git would commit more of {path} than the fix: the settings in .gitattributes, or core.autocrlf, convert "
            "what HEAD has; `git add --renormalize .`, in a commit of its own, settles that"
        )

    def _in_the_way(self, path: str) -> str:
        """What of the user's own keeps the checkout from getting the file that the commit has."""
        if self.asked.branch is not None:
            return ""
        if path in self.left_out:
            return f"{path} is left out of this sparse checkout; --branch can change it"
        if how := checkout.touched(self.checkout, checkout.literal(path)).get(path):
            return f"{path} {how}: commit or stash that first, or let --branch leave it alone"
        if reason := unwritable(self.checkout.root, path):
            return reason
        here, there = (_raw(root, path) for root in (self.root, self.checkout.root))
        if here == there or (_unified(here) == _unified(there) and _one_eol(there)):
            return ""
        return f"{path} is not in the working tree as git checks it out; `git checkout -- {path}` settles that"

    def _as_there(self, before: Source, after: Source) -> tuple[Source, Source]:
        """Both with the line ends that the file has in the user's working tree, where git does not mind which."""
        raw = _raw(self.checkout.root, before.path)
        if raw == before.raw:
            return before, after
        eol = b"\r\n" if b"\r\n" in raw else b"\n"
        return Source.decode(before.path, raw), Source.decode(after.path, _unified(after.raw).replace(b"\n", eol))

    def unseen(self) -> list[str]:
        """What of the user's is not committed and would have been read: for a line of the report."""
        said = {checkout.NEW: "and was left out", checkout.CHANGED: "and was read as HEAD has it"}
        return [f"{path} {how}, {said[how]}" for path, how in sorted(self.touched.items())]

    def made(self, result: Result, *, applied: bool) -> tuple[Made, ...]:
        """The commits of a run; only their messages unless they are `applied`. Raises TpFixError."""
        self.series = series = commits(result)
        pairs = zip(series, messages(series, result, self.manner), strict=True)
        written = [Made(commit.rule, commit.paths, message) for commit, message in pairs]
        if not applied:
            return tuple(written)
        committer = Committer(self.checkout, self.ours, verify=self.asked.verify)
        return tuple(
            made._replace(name=committer.commit(commit.files, made.message))
            for commit, made in zip(series, written, strict=True)
        )

    def text(self, result: Result) -> Text:
        """What a pull request of the commits that were made says."""
        series, manner = self.series, self.manner
        return Text(pull_request.title(series, manner), pull_request.body(series, result, manner))

    @cached_property
    def manner(self) -> Manner:
        manifest = _raw(self.root, "package.json") if "package.json" in self.tree.paths else b""
        return manner_of(checkout.subjects(self.checkout), linted=linted(self.tree.paths, manifest))

    def land(self, result: Result, made: tuple[Made, ...]) -> Landed:
        """Let the branch hold the commits that were made, if any. Raises TpFixError: then nothing has moved."""
        user_s, name = self.checkout, self.asked.branch
        landed = Landed(name or user_s.branch, user_s.branch or user_s.head[:10], made)
        if not made or not made[-1].name:
            return landed
        tip = made[-1].name
        if name is None:
            files = {path: self._as_there(*pair) for path, pair in result.files.items()}
            with branch.uninterrupted():
                branch.advance(user_s, tip, files)
            return landed
        old = branch.existing(user_s, name)
        if old is not None and branch.same_tree(user_s, old.tip, tip):
            return landed._replace(unchanged=True, made=())
        if old is not None and not self.asked.force:
            raise TpFixError(
                f"the branch {name} exists ({old.tip[:10]} {old.subject}), and is not what would be made now",
                "--force replaces it; --branch-name makes another one",
            )
        with branch.uninterrupted():
            branch.create(user_s, name, tip, old)
        return landed._replace(replaced=old)


def _raw(root: str, path: str) -> bytes:
    with open(os.path.join(root, path), "rb") as file:
        return file.read()


def _unified(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n")


def _one_eol(raw: bytes) -> bool:
    return raw.count(b"\r\n") in (0, raw.count(b"\n"))


@contextmanager
def migration(tree: Listing, asked: Commits, *, applied: bool) -> Iterator[Migration]:
    """The run for the repository of a tree. Raises TpFixError where commits cannot be made."""
    if tree.without_git:
        named = "GIT_DIR and GIT_WORK_TREE name one, and tp-fix goes by folders alone: run it where .git is"
        hint = named if "GIT_DIR" in os.environ else ""
        raise TpFixError(f"{tree.root}: {tree.without_git.partition(':')[0]}, and commits need one", hint)
    user_s = checkout.checkout_at(tree.root)
    if applied:
        checkout.identified(user_s)
        if asked.branch is None:
            checkout.at_rest(user_s)
    if asked.branch is not None:
        branch.existing(user_s, asked.branch)
        branch.free(user_s, asked.branch)
    with linked(user_s) as ours:
        yield Migration(user_s, ours, tree, asked)
