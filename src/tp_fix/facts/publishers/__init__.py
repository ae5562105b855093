"""Tools and actions that publish to npm: how each is recognised, and what it needs before it does so over OIDC.

One row per publisher, in the file of its family; one publisher more is one row more there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tp_fix.facts.publishers import actions, changesets, clients, lerna, others, semantic_release
from tp_fix.facts.publishers.row import Publisher

TOOLS = (
    *clients.TOOLS,
    *semantic_release.TOOLS,
    *lerna.TOOLS,
    *changesets.TOOLS,
    *actions.TOOLS,
    *others.TOOLS,
)
"""The publishers that are recognised by these rows; the words of `clients.ROWS` are read by models.command."""
ROWS = (*clients.ROWS, *TOOLS)


def _indexed(names_of: Callable[[Publisher], Iterable[str]]) -> dict[str, tuple[Publisher, ...]]:
    found: dict[str, tuple[Publisher, ...]] = {}
    for row in TOOLS:
        for name in dict.fromkeys(names_of(row)):
            found[name] = (*found.get(name, ()), row)
    return found


BY_ACTION = _indexed(lambda row: row.by.actions)
BY_PROGRAM = _indexed(lambda row: (*row.by.programs, *row.by.packages) if row.by.programs else ())


def rows_of(program: str) -> tuple[Publisher, ...]:
    """The publishers that a program, or the package that npx runs, may be."""
    return BY_PROGRAM.get(program, ())


def rows_using(uses: str | None) -> tuple[Publisher, ...]:
    """The publishers that an action, as a step names it, may be."""
    return BY_ACTION.get((uses or "").partition("@")[0].strip().rstrip("/").lower(), ())
