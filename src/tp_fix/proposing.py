"""What follows commits on a branch: it is pushed, and a pull request is opened or brought up to date."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.errors import TpFixError
from tp_fix.git.branch import Landed
from tp_fix.git.process import GitRefused
from tp_fix.git.push import Pushed, push
from tp_fix.git.remotes import base_branch, base_remote, heads, push_remote, repository_of
from tp_fix.github.proposal import Proposal, PullRequest
from tp_fix.github.pull_request import open_pull_request
from tp_fix.options import Commits


class Text(NamedTuple):
    """What a pull request says; `body` is Markdown."""

    title: str
    body: str


class Proposed(NamedTuple):
    """How far it came: None is what was not asked for, or not reached. `problem` is what stopped it.

    `preview` is the text of a pull request that nobody opens, as nothing is written.
    """

    pushed: Pushed | None = None
    pull_request: PullRequest | None = None
    problem: TpFixError | None = None
    preview: Text | None = None

    @property
    def exit_code(self) -> int:
        if self.problem is not None:
            return self.problem.exit_code
        return self.pull_request.exit_code if self.pull_request is not None else 0


def remote_of(root: str, asked: Commits) -> str | None:
    """The remote that a branch is to be pushed to, None for none. Raises UsageError where it cannot be told."""
    return None if asked.push is None else push_remote(root, asked.push)


def propose(
    root: str, remote: str | None, landed: Landed, asked: Commits, repository: str | None, text: Text
) -> Proposed:
    """Push the branch that landed to `remote`, and open its pull request at `repository`, owner/name, if asked for.

    Never raises for what a remote does: the branch is there, and what is left is said.
    """
    if remote is None or not (landed.made or landed.unchanged):
        return Proposed()
    if not landed.stands:
        return Proposed(preview=text if asked.pull_request else None)
    branch = landed.branch or ""
    done = Proposed()
    try:
        done = Proposed(push(root, remote, branch, force=asked.force, verify=asked.verify))
        if not asked.pull_request:
            return done
        return done._replace(pull_request=open_pull_request(_proposal(root, remote, branch, repository, text)))
    except GitRefused as error:
        return done._replace(problem=error)


def _proposal(root: str, remote: str, branch: str, repository: str | None, text: Text) -> Proposal:
    target = base_remote(root, remote)
    base = repository_of(root, target) or repository
    there = base_branch(root, heads(root, target), branch)
    if base is None or there is None:
        what = "leads to no repository on GitHub" if base is None else "has no branch to merge into"
        raise GitRefused(f"--pull-request: the remote {target} {what}", "open it where the branch was pushed to")
    return Proposal(base, there, repository_of(root, remote) or base, branch, text.title, text.body)
