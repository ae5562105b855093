"""What became of the branch elsewhere, or what its pull request would say, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.proposing import Proposed
from tp_fix.report.migration.remote import pull_request_lines, pushed_lines


def proposed_lines(proposed: Proposed) -> Iterator[str]:
    """Nothing where nothing was asked for."""
    if proposed.preview is not None:
        yield f"would open a pull request: {proposed.preview.title}"
        yield ""
        yield from (f"    {line}".rstrip() for line in proposed.preview.body.rstrip("\n").split("\n"))
    if proposed.pushed is not None:
        yield from pushed_lines(proposed.pushed)
    if proposed.pull_request is not None:
        yield from pull_request_lines(proposed.pull_request)
    if proposed.problem is not None:
        yield f"tp-fix: {proposed.problem.message}"
        if proposed.problem.hint:
            yield f"  {proposed.problem.hint}"
