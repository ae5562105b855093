"""Takes a linked working tree away, however the process that made it ends: this runs beside it as a process.

It waits for its standard input to end, which the system sees to even when tp-fix is killed.
"""

from __future__ import annotations

import os
import shutil
import sys
import time

from tp_fix.git.process import git

FINISHED = b"."
"""What tp-fix says when it ends by itself: no git process of it is left then."""
IGNORE = ".gitignore"
"""What else stands in the folder of the working trees."""
TRIES, PAUSE = 20, 0.5
"""When it was killed, a git process of it may still be at work in the tree: seconds to look again."""


def remove(root: str, place: str) -> None:
    """Forget and delete a linked working tree of the repository at `root`."""
    git(root, "worktree", "remove", "--force", "--force", place, check=False)
    shutil.rmtree(place, ignore_errors=True)
    git(root, "worktree", "prune", check=False)
    folder = os.path.dirname(place)
    if os.path.isdir(folder) and set(os.listdir(folder)) <= {IGNORE}:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    root, place = sys.argv[1:]
    finished = sys.stdin.buffer.read() == FINISHED
    remove(root, place)
    for _ in range(0 if finished else TRIES):
        time.sleep(PAUSE)
        if os.path.exists(place):
            remove(root, place)


if __name__ == "__main__":
    main()
