"""The message of a commit."""

from __future__ import annotations

from tp_fix.commits import Commit
from tp_fix.engine import Result
from tp_fix.report.manner import Manner


def message(commit: Commit, result: Result, manner: Manner) -> str:
    """FIXME: the titles of the fixes alone, until the texts are here."""
    titles = [item.entry.finding.fix.title for item in commit.items if item.entry.finding.fix is not None]
    return f"ci: {titles[0]}\n\n" + "\n".join(titles) + "\n"
