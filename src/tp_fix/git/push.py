"""Pushing one branch: what was there before, what is there now, and why it is not where it was refused."""

from __future__ import annotations

import os
import re
from typing import Literal, NamedTuple

from tp_fix.git.process import Answer, GitRefused, git
from tp_fix.git.remotes import heads, push_url
from tp_fix.git.unreachable import NotReached, not_reached, without_credentials

ONE_BRANCH = ("--porcelain", "--no-follow-tags", "--recurse-submodules=no")
"""A tag that goes along could start a release, a submodule is somebody else's."""
STATUS = re.compile(r"^(?P<flag>[ +*!=-])\t[^\t\n]*:[^\t\n]*\t(?P<summary>[^\n]*)$", re.MULTILINE)
REASON = re.compile(r"\((?P<reason>.*)\)$")
FAILED = "error: failed to push some refs"
WORKFLOW_SCOPE = re.compile(r"refusing to allow (?P<who>.+?) to create or update workflow")


What = Literal["created", "updated", "replaced", "same"]


class Commit(NamedTuple):
    """A commit; its subject is empty where this repository does not have it."""

    sha: str
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.sha[:12]} “{self.subject}”" if self.subject else self.sha[:12]


class Pushed(NamedTuple):
    """What happened to `branch` at `remote`: created, moved forward, replaced, or it was the same before.

    `remote` and `url` have no credentials, `before` is what was there, `said` what hook and server printed, without
    git's own lines.
    """

    what: What
    remote: str
    url: str
    branch: str
    now: Commit
    before: Commit | None = None
    said: str = ""


class NotPushed(GitRefused):
    """The remote, or a hook, did not take the branch; it stays where it was, there and here."""


def push(root: str, remote: str, branch: str, *, force: bool = False, verify: bool = True) -> Pushed:
    """Push `branch` to the branch of the same name at `remote`, and nothing else.

    `force` replaces what is there, but only what was seen there; without `verify` the pre-push hook does not run.
    Raises NotPushed: the remote could not be reached, or did not take it; the local branch stays.
    """
    mine = _seen(root, git(root, "rev-parse", "--verify", f"refs/heads/{branch}^{{commit}}").out.strip())
    try:
        branches = heads(root, remote).branches
    except NotReached as error:
        raise _not_pushed(error.message, error.hint, error.answer) from None
    sha = branches.get(branch)
    where = (without_credentials(remote), without_credentials(push_url(root, remote)), branch)
    if sha == mine.sha:
        return Pushed("same", *where, mine, mine)
    if other := next((name for name in branches if _in_the_way(name, branch)), None):
        message = f"{remote} has a branch {other}, and beside it there can be no {branch}"
        raise _not_pushed(message, "--branch-name NAME takes another name", Answer(1, "", ""))
    if sha and force:
        _keep(root, remote, branch, sha)
    before = _seen(root, sha) if sha else None
    answer = _pushed(root, remote, branch, sha if force else None, verify)
    if answer.status:
        raise _not_pushed(*_refused(root, remote, branch, before, answer), answer)
    return Pushed(_what(before, answer), *where, mine, before, _said(answer))


def _in_the_way(other: str, branch: str) -> bool:
    """Whether one branch would have to be a folder of the other."""
    return branch.startswith(f"{other}/") or other.startswith(f"{branch}/")


def _what(before: Commit | None, answer: Answer) -> What:
    if before is None:
        return "created"
    return "replaced" if any(match["flag"] == "+" for match in STATUS.finditer(answer.out)) else "updated"


def _pushed(root: str, remote: str, branch: str, replaces: str | None, verify: bool) -> Answer:
    lease = (f"--force-with-lease=refs/heads/{branch}:{replaces}",) if replaces else ()
    options = (*ONE_BRANCH, *lease, *(() if verify else ("--no-verify",)))
    return git(root, "push", *options, "--", remote, f"refs/heads/{branch}:refs/heads/{branch}", check=False)


def _keep(root: str, remote: str, branch: str, sha: str) -> None:
    """Have the commit that will be replaced, so that it can be brought back; no ref and no FETCH_HEAD tells of it."""
    if git(root, "cat-file", "-e", f"{sha}^{{commit}}", check=False).status:
        quiet = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-recurse-submodules")
        git(root, "fetch", *quiet, "--", remote, f"refs/heads/{branch}", check=False)


def _seen(root: str, sha: str) -> Commit:
    return Commit(
        sha, git(root, "log", "-1", "--no-show-signature", "--format=%s", sha, "--", check=False).out.rstrip("\n")
    )


def _refused(root: str, remote: str, branch: str, before: Commit | None, answer: Answer) -> tuple[str, str]:
    """Message and hint for a push that failed: the remote or a hook declined, or there was no way to the remote."""
    status = next((match["summary"] for match in STATUS.finditer(answer.out) if match["flag"] == "!"), None)
    if status is not None:
        return _rejected(remote, branch, before, status, _said(answer))
    if FAILED in answer.err and "hung up" not in answer.err and _has_hook(root):
        return "the pre-push hook failed", _shown(_said(answer)) + "--no-verify pushes without it"
    error = not_reached(root, remote, answer)
    return error.message, error.hint


def _not_pushed(message: str, hint: str, answer: Answer) -> NotPushed:
    stays = "nothing was pushed, the local branch stays"
    return NotPushed(without_credentials(f"{message}; {stays}"), without_credentials(hint), answer)


def _rejected(remote: str, branch: str, before: Commit | None, status: str, said: str) -> tuple[str, str]:
    """What a rejection means, and what to do about it."""
    match = REASON.search(status)
    reason = match["reason"] if match else status
    if status.startswith("[rejected]") and reason in ("non-fast-forward", "fetch first", "needs force"):
        there = f"at {before}" if before else "with other commits"
        return (
            f"{remote} has another {branch}, {there}, and it would be lost",
            "--force replaces it, --branch-name NAME leaves it alone",
        )
    if reason == "stale info" or "but expected" in said:
        return f"{branch} at {remote} changed meanwhile", "look at it, then run this again"
    if scope := WORKFLOW_SCOPE.search(f"{status}\n{said}"):
        return (
            f"{remote} does not let {scope['who']} without the workflow permission change a workflow",
            "give the token the `workflow` scope (gh auth refresh --scopes workflow; fine-grained: Workflows, read and "
            "write); the GITHUB_TOKEN of a job can never have it",
        )
    return f"{remote} declined {branch} ({reason})", _shown(said) + "--branch-name NAME may pass where this does not"


def _has_hook(root: str) -> bool:
    path = git(root, "rev-parse", "--git-path", "hooks/pre-push").out.rstrip("\n")
    return os.access(os.path.join(root, path), os.X_OK)


def _said(answer: Answer) -> str:
    """What hooks and server printed: all but git's own status, errors and advice."""
    lines = [line for line in answer.out.splitlines() if not STATUS.match(line) and not _own(line)]
    lines += [line.removeprefix("remote: ").rstrip() for line in answer.err.splitlines() if not _own(line)]
    return without_credentials("\n".join(lines).strip("\n"))


def _own(line: str) -> bool:
    return line == "Done" or line.startswith(("To ", "hint: ", FAILED))


def _shown(said: str) -> str:
    """Foreign lines inside a hint, each behind a bar."""
    return "".join(f"| {line}\n  " for line in said.splitlines())
