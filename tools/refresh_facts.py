"""Rewrites the tables of versions in src/tp_fix/facts from where they come from, and shows what changed.

python tools/refresh_facts.py                  every table, from the network
python tools/refresh_facts.py node setup-node  these tables
python tools/refresh_facts.py --from FOLDER    from copies of the raw inputs, named as in tools/fact_inputs.py

A person runs it, on a machine with network, git and npm; neither the product nor the suite does. Each table stands
between two comments, `# refreshed: start NAME` and `# refreshed: end NAME`; the rest of a file is written by hand, and
so are the tables without them. `checked` is the day on which a row was last confirmed at its source: a row that the
source has gets that day, also where nothing else changed, and a release that the source no longer has stays as it was.
A second run on the same day, with the same inputs, changes nothing. Exit status: 0 all is written, 2 some source could
not be had or read; its tables stay as they were.
"""

from __future__ import annotations

import argparse
import json
import runpy
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import fact_rows
from fact_inputs import TOOLS, InputError, gather, npm_file
from fact_rows import Row

FACTS = Path(__file__).resolve().parent.parent / "src" / "tp_fix" / "facts"
NPM = tuple(npm_file(tool) for tool in TOOLS)
SCHEDULE = ("node-index.json", "node-schedule.json", "node-codenames.md")


class Table(NamedTuple):
    """A table between its markers in a module of facts/, and the function that makes its rows.

    The first `key` fields tell the rows apart. `lasting` rows are about what is published for good: none goes.
    """

    group: str
    path: str
    name: str
    kind: str
    inputs: tuple[str, ...]
    read: Callable[[Path], Iterator[Row]]
    key: int = 1
    lasting: bool = False


TABLES = (
    Table("node", "node_releases.py", "RELEASES", "NodeRelease", SCHEDULE[:1], fact_rows.node_releases, lasting=True),
    Table("lts", "node_releases.py", "LINES", "Line", SCHEDULE, fact_rows.lines, lasting=True),
    Table("lts", "node_releases.py", "PLANNED", "Line", SCHEDULE, fact_rows.planned),
    Table(
        "setup-node",
        "setup_node.py",
        "RELEASES",
        "Release",
        ("setup-node-tags.txt",),
        fact_rows.setup_node,
        lasting=True,
    ),
    Table("checkout", "checkout.py", "RELEASES", "Release", ("checkout-tags.txt",), fact_rows.checkout, lasting=True),
    Table("npm", "clients.py", "ENGINES", "Engines", NPM, fact_rows.engines, key=2),
    Table("npm", "clients.py", "NEWEST", "Newest", NPM, fact_rows.newest, key=2),
    Table("runner-images", "runner_images.py", "IMAGES", "Image", ("runner-images",), fact_rows.images),
)
GROUPS = tuple(dict.fromkeys(table.group for table in TABLES))


def main(arguments: list[str]) -> int:
    """Refreshes what is asked for; the exit status."""
    asked = _parser().parse_args(arguments)
    groups = asked.tables or GROUPS
    touched, status = set(), 0
    with tempfile.TemporaryDirectory() as fresh:
        for group in groups:
            tables = [table for table in TABLES if table.group == group]
            try:
                if asked.folder is None:
                    for name in dict.fromkeys(name for table in tables for name in table.inputs):
                        gather(name, Path(fresh))
                for path, text in _refreshed(tables, asked.folder or Path(fresh), asked.into, asked.day).items():
                    path.write_text(text, encoding="utf-8", newline="\n")
                    touched.add(path)
            except InputError as error:
                print(f"{group}: {error}; its tables stay as they were", file=sys.stderr)
                status = 2
    _show(sorted(touched), asked.into)
    return status


def _parser() -> argparse.ArgumentParser:
    said, _, more = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=said, epilog=more, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("tables", nargs="*", choices=[[], *GROUPS], metavar="TABLE", help=", ".join(GROUPS))
    parser.add_argument("--from", dest="folder", type=Path, metavar="FOLDER", help="read copies of the raw inputs")
    parser.add_argument(
        "--day",
        type=date.fromisoformat,
        default=date.today(),
        metavar="YYYY-MM-DD",
        help="the day on which the sources were asked, for older copies; today",
    )
    parser.add_argument("--into", type=Path, default=FACTS, metavar="FOLDER", help="the facts/ to rewrite; this tree's")
    return parser


def _refreshed(tables: list[Table], inputs: Path, into: Path, day: date) -> dict[Path, str]:
    """The new texts of the modules that hold these tables. Raises InputError, and then nothing is to be written."""
    texts: dict[Path, str] = {}
    for table in tables:
        path = into / table.path
        present = [tuple(row) for row in runpy.run_path(str(path))[table.name]]
        rows = _merged(table, present, _rows(table, inputs), day.isoformat())
        texts[path] = _replaced(texts.get(path) or path.read_text(encoding="utf-8"), table, rows)
    return {path: _formatted(text) for path, text in texts.items()}


def _rows(table: Table, inputs: Path) -> list[Row]:
    """What the source has; InputError when its shape is another than it was."""
    try:
        rows = list(table.read(inputs))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{type(error).__name__}: {error}"
        raise InputError(f"{' or '.join(table.inputs)} is not what it used to be ({what})") from error
    if not rows and table.name != "PLANNED":
        raise InputError(f"{' or '.join(table.inputs)} has nothing for {table.name}")
    return rows


def _merged(table: Table, present: list[tuple[Any, ...]], rows: list[Row], day: str) -> list[tuple[Any, ...]]:
    """The table's rows, with source and day, in order. What changed that never should, and what goes, is said aloud."""
    merged = {row[: table.key]: row for row in present} if table.lasting else {}
    for row in rows:
        before = merged.get(row.fields[: table.key])
        if before and before[:-2] != row.fields:
            print(f"{table.group}: {table.name} had {before[:-2]}, the source has {row.fields}", file=sys.stderr)
        merged[row.fields[: table.key]] = (*row.fields, row.source, day)
    for gone in present:
        if gone[: table.key] not in merged:
            print(
                f"{table.group}: {table.name} had {gone[:-2]}, which the source has no more: it goes", file=sys.stderr
            )
    return sorted(merged.values(), key=_order)


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Tags by their numbers, all else as it is."""
    return (fact_rows.version_of(str(row[0])) or row[0], *row[1:2])


def _replaced(text: str, table: Table, rows: list[tuple[Any, ...]]) -> str:
    """A module with a table's rows in place of what stands between its markers."""
    start, end = (f"# refreshed: {edge} {table.name}\n" for edge in ("start", "end"))
    head, found, rest = text.partition(start)
    _, closed, tail = rest.partition(end)
    if not (found and closed):
        raise InputError(f"{table.path} has no {start.strip()!r} with its end")
    return f"{head}{start}{_body(table, rows)}{end}{tail}"


def _body(table: Table, rows: list[tuple[Any, ...]]) -> str:
    """The rows as Python, before formatting; the source and the day that most of them have are named once."""
    usual: tuple[str, ...] = Counter(row[-2:] for row in rows).most_common(1)[0][0] if rows else ()
    names = dict(zip(usual, (f"{table.name}_SOURCE", f"{table.name}_DAY"), strict=False))
    constants = "".join(f"{name} = {_literal(value)}\n" for value, name in names.items())
    calls = []
    for row in rows:
        values = [*map(_literal, row[:-2]), *(names.get(value, _literal(value)) for value in row[-2:])]
        calls.append(f"{table.kind}({', '.join(values)}),")
    return f"{constants}{table.name}: tuple[{table.kind}, ...] = ({''.join(calls)})\n"


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))}{',' * (len(value) == 1)})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _formatted(text: str) -> str:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--quiet",
        "--config",
        str(FACTS.parents[2] / "pyproject.toml"),
        "-",
    ]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode:
        raise InputError(f"ruff cannot format the result: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


def _show(paths: list[Path], into: Path) -> None:
    if paths:
        subprocess.run(["git", "-C", str(into), "--no-pager", "diff", "--", *map(str, paths)], check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
