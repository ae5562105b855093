"""Takes a run's folder and its linked working tree away, however the run ends: a process that runs beside it.

It waits for its standard input to end, which the system sees to even when tp-fix is killed. What git runs for tp-fix is
in this process's group, so that hooks end with the run that they were for. Nothing but Python's own library is here:
it is started without the user's folders on the search path.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

FINISHED = b"."
"""What tp-fix says when it ends by itself: nothing of it is at work any more."""
IGNORE = ".gitignore"
"""What else stands in the folder of such folders."""
TRIES, PAUSE = 40, 0.25
"""When it was killed, something of it may still write to the folder: how often to look again, after what seconds."""


def remove(place: str, checkout: str) -> bool:
    """Delete a folder with a working tree of the checkout's repository, and say whether it is gone."""
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run(["git", "-C", checkout, "worktree", "prune"], capture_output=True, check=False)
    parent = os.path.dirname(place)
    if os.path.isdir(parent) and set(os.listdir(parent)) <= {IGNORE}:
        shutil.rmtree(parent, ignore_errors=True)
    return not os.path.lexists(place)


def main() -> None:
    """Wait for the end of the run, then clear up."""
    place, checkout = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    finished = sys.stdin.buffer.read() == FINISHED
    if finished and remove(place, checkout):
        return
    os.killpg(0, signal.SIGTERM)
    for _ in range(TRIES):
        time.sleep(PAUSE)
        if remove(place, checkout):
            break
    os.killpg(0, signal.SIGKILL)  # this process too


if __name__ == "__main__":
    main()
