"""What is said of a branch that was pushed and of its pull request."""

from __future__ import annotations

from tp_fix.git.push import Pushed


def pushed_lines(done: Pushed) -> list[str]:
    """What happened to the branch at the remote, what it replaced and how to get that back, and what hooks said."""
    where = f"{done.remote} ({done.url})" if done.url != done.remote else done.remote
    if done.what == "same":
        return [f"{done.branch} is at {where} already, at {done.now}: nothing to push"]
    lines = [f"pushed {done.branch} to {where}: {_moved(done)}"]
    if done.what == "replaced" and done.before:
        back = f"git push --force {done.remote} {done.before.sha}:refs/heads/{done.branch}"
        lines.append(f"it replaced {done.before}; to bring it back: {back}")
    return lines + [f"| {line}" for line in done.said.splitlines()]


def _moved(done: Pushed) -> str:
    if done.before is None:
        return f"a new branch, at {done.now}"
    return f"{done.before.sha[:12]} → {done.now.sha[:12]}"
