"""What is said of a branch that was pushed and of its pull request."""

from __future__ import annotations

import shlex

from tp_fix.git.push import Pushed
from tp_fix.github.proposal import PullRequest

SAID = {
    "created": "opened a pull request",
    "updated": "the open pull request has the new title and text",
    "same": "the open pull request says all of it already",
}


def pushed_lines(done: Pushed) -> list[str]:
    """What happened to the branch at the remote, what it replaced and how to get that back, and what hooks said."""
    where = f"{done.remote} ({done.url})" if done.url != done.remote else done.remote
    if done.what == "same":
        return [f"{done.branch} is at {where} already, at {done.now}: nothing to push"]
    lines = [f"pushed {done.branch} to {where}: {_moved(done)}"]
    if done.what == "replaced" and done.before:
        back = shlex.join(("git", "push", "--force", done.remote, f"{done.before.sha}:refs/heads/{done.branch}"))
        lines.append(f"it replaced {done.before}; to bring it back: {back}")
    return lines + [f"| {line}" for line in done.said.splitlines()]


def _moved(done: Pushed) -> str:
    if done.before is None:
        return f"a new branch, at {done.now}"
    return f"{done.before.sha[:12]} → {done.now.sha[:12]}"


def pull_request_lines(done: PullRequest) -> list[str]:
    """What came of the pull request; where a person has to open it, where, and the text to put there."""
    if done.what != "by_hand":
        return [f"{SAID[done.what]}: {done.url}", *(f"  {note}" for note in done.notes)]
    wanted = done.proposal
    title = f"pull request: {done.reason}; the branch is pushed, open it by hand"
    lines = [title, *([f"  {done.hint}"] if done.hint else []), f"  {done.url}", ""]
    return [*lines, wanted.title, "", *wanted.body.rstrip("\n").split("\n")]
