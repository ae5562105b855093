"""What is done about an npm that is too old: changes, and what they do."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.change import Change

NPM = 11
"""What is installed: the newest 11.x, which runs on more Nodes than `latest` does. No shell trips over `npm@11`."""
NODE = 24
"""The oldest line of Node whose newest releases bring an npm with OIDC."""
CARRIES = "20.17 or newer, not 21 to 22.8"
"""The Nodes that npm 11 runs on, for a person (npm's `engines`)."""
UNSEEN = "which of the job's steps sets Node up is not known from here"


class Remedy(NamedTuple):
    """Changes to the publication's workflow, and what they do: `title` in full, `subject` in few words.

    UNSAFE with an `assumption`, only to be shown with an `obstacle`. None of the three kinds stands twice in a job:
    two publications that one remedy serves get equal changes.
    """

    title: str
    changes: tuple[Change, ...]
    subject: str = ""
    assumption: str = ""
    obstacle: str = ""
