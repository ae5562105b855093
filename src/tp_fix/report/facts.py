"""A rule's tables as lines of text, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp_fix.facts.tables import Shown, Table

HEAD = Shown("what", "value", "source", "checked")


def described(tables: Iterable[Table]) -> Iterator[str]:
    """A block of lines for each table, with an empty line before it."""
    for table in tables:
        rows = [HEAD, *table.rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        yield f"\n## {table.title}\n"
        for row in rows:
            yield "    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
