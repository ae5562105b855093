"""Where the commits of a run are, or what they would say, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.git.branch import Landed

SHORT = 10


def landed_lines(landed: Landed) -> Iterator[str]:
    """What was committed where, what would be, or that there is nothing to commit."""
    where = _where(landed)
    if not landed.made and not landed.unchanged:
        yield "nothing to commit: no branch is made or moved"
    if landed.unchanged:
        yield f"the branch {landed.branch} is there already, with just this: it stays as it is"
    elif landed.made and not landed.stands:
        yield f"would be committed on {where}:"
        yield from _messages(landed)
    elif landed.made:
        yield f"committed on {where}:"
        yield from (f"  {made.name[:SHORT]} {made.subject}" for made in landed.made)
        if landed.branch and landed.branch != landed.base:
            yield f"look at it: git log --patch {landed.base}..{landed.branch}"
    if landed.replaced is not None:
        old = landed.replaced
        back = f"git branch --force {old.name} {old.tip[:SHORT]} brings it back"
        yield f"it replaces what {old.name} was: {old.tip[:SHORT]} {old.subject}; {back}"


def _where(landed: Landed) -> str:
    if landed.branch is None:
        return "a detached HEAD, which no branch holds: `git branch NAME` makes one that does"
    return landed.branch if landed.branch == landed.base else f"the branch {landed.branch}, from {landed.base}"


def _messages(landed: Landed) -> Iterator[str]:
    for made in landed.made:
        yield ""
        yield from (f"    {line}".rstrip() for line in made.message.rstrip("\n").split("\n"))
