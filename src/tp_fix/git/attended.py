"""git for as long as a hook of the user's takes: what it prints, which hook failed, and an end for all of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from tp_fix.git.process import Answer, environment
from tp_fix.git.worktree import WorkTree

GRACE = 3.0
"""Seconds that git has to end when the run is interrupted."""


class Attended(NamedTuple):
    """What git said, hooks included, in the order in which it was said; `hook` is the one that failed, '' for none."""

    answer: Answer
    hook: str


def attended(tree: WorkTree, *args: str, extra_env: Mapping[str, str]) -> Attended:
    """Run git where hooks may do anything: print for ever, leave daemons behind, never end.

    The output goes to a file, because a daemon keeps a pipe open. Where no terminal sends Ctrl-C to everything at once,
    git gets a process group that ends with the run; at a terminal it stays in ours, or it could ask nobody anything.
    """
    said, trace = (os.path.join(tree.folder, name) for name in ("said", "trace"))
    with open(said, "wb") as out:
        process = subprocess.Popen(
            ["git", "-C", tree.root, *args],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment({**extra_env, "GIT_TRACE2_EVENT": trace}),
            process_group=None if _terminal() else tree.group,
        )
    try:
        status = process.wait()
    except BaseException:
        _end(process, tree)
        raise
    with open(said, encoding="utf-8", errors="surrogateescape", newline="") as file:
        answer = Answer(status, "", file.read())
    failed = list(_failed(trace)) if status else []
    return Attended(answer, failed[-1] if failed else "")


def _terminal() -> bool:
    """Whether a terminal is in control of this process."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _end(process: subprocess.Popen[bytes], tree: WorkTree) -> None:
    if not _terminal():
        with suppress(ProcessLookupError):
            os.killpg(tree.group, signal.SIGTERM)  # which the group's own first process ignores
    try:
        process.wait(GRACE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


def _failed(trace: str) -> Iterator[str]:
    """The hooks that ended with an error, by what git traces of itself. Commands within hooks trace there too."""
    hooks: dict[tuple[str, int], str] = {}
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            event = json.loads(line)
            if "/" in event["sid"]:
                continue
            key = (event["sid"], event.get("child_id", -1))
            if event["event"] == "child_start" and event["child_class"] == "hook":
                hooks[key] = event["hook_name"]
            elif event["event"] == "child_exit" and event["code"] and key in hooks:
                yield hooks[key]
