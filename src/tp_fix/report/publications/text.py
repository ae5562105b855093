"""What publishes here, for a person: by workflow and job, a block for each publication, at most 80 columns wide."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

import click

from tp_fix.models.publishing.program import Program
from tp_fix.models.publishing.registry import Registry
from tp_fix.models.token.reaching import Credential
from tp_fix.report.check.text import COLORS, MARKS, marks_for
from tp_fix.report.publications.listing import Entry, Listing, Packages, Place, Unread
from tp_fix.report.safe import shown

WIDTH = 80
LABEL = 12
"""Columns of a label and what parts it from its text."""
COMMIT = re.compile(r"@([0-9a-f]{7})[0-9a-f]{33}\b")
MANY = 6
"""Packages that are named; the JSON has all of them."""
CALLERS = 3
"""Callers of a workflow that are named."""
PUBLIC = "npm's public registry"
ELSEWHERE = "Not to npm's public registry: left alone"
UNREAD = "May publish: not read"
INSTEAD = {"clear": "a value in clear", "github": "GITHUB_TOKEN", "other": "a value made at run time"}


def as_text(listing: Listing, encoding: str) -> str:
    """The whole listing, coloured; click takes the colours out where they are not wanted."""
    marks = marks_for(encoding)
    parts = [*_by_job(listing.publications, marks)]
    if listing.elsewhere:
        parts += [click.style(ELSEWHERE, bold=True), "", *_by_job(listing.elsewhere, marks, left_alone=True)]
    if listing.unread:
        parts += [click.style(UNREAD, bold=True), *(line for each in listing.unread for line in _unread(each)), ""]
    text = "\n".join([*parts, *_wrapped(_summary(listing), "", "  ")])
    return text if marks is MARKS else text.replace("…", "...")


def _by_job(entries: Iterable[Entry], marks: dict[str, str], *, left_alone: bool = False) -> Iterator[str]:
    for (path, job), some in groupby(entries, key=lambda entry: (entry.place.path, entry.place.job)):
        found = list(some)
        title = f"{path}: job `{job}`"
        yield from (click.style(line, bold=True) for line in _wrapped(title, "", "  "))
        if found[0].place.callers:
            yield from _wrapped(f"called by {_callers(found[0].place)}", "  ", "    ")
        for entry in _alike(found):
            yield from _block(entry, marks, left_alone=left_alone)
            yield ""


def _alike(entries: Iterable[Entry]) -> Iterator[Entry]:
    """What one step does in the same way for several packages is told once."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        key = (entry.place, entry.command, entry.programs, entry.registry.public, entry.credentials, entry.lacks)
        found.setdefault(key, []).append(entry)
    for first, *others in found.values():
        yield _together(first, others) if others and first.packages.names is not None else first


def _together(first: Entry, others: list[Entry]) -> Entry:
    names = [name for entry in (first, *others) for name in entry.packages.names or ()]
    same = all(entry.registry == first.registry for entry in others)
    return first._replace(
        packages=Packages(tuple(dict.fromkeys(names))),
        through=(*first.through, f"{len(others)} more like it"),
        registry=first.registry if same else first.registry._replace(by=""),
    )


def _callers(place: Place) -> str:
    named = "; ".join(f"{path}, job `{job}`" for path, job in place.callers[:CALLERS])
    more = len(place.callers) - CALLERS
    return f"{named}; and {more} more" if more > 0 else named


def _block(entry: Entry, marks: dict[str, str], *, left_alone: bool) -> Iterator[str]:
    mark = "-" if left_alone else _mark(entry, marks)
    first, *others = _wrapped(COMMIT.sub(r"@\1", entry.command), "  x ", "    ")
    yield f"  {mark} {first[4:]}"
    yield from others
    yield from _row("step", _step(entry.place))
    if entry.through:
        yield from _row("through", ", ".join(entry.through))
    yield from _row("tool", ", hands over to ".join(map(_program, entry.programs)))
    yield from _row("packages", _packages(entry.packages))
    yield from _row("registry", _registry(entry.registry))
    yield from _row("credential", *_credentials(entry))
    if left_alone:
        return
    yield from _row("id-token", {True: "granted", False: "not granted", None: "not known"}[entry.id_token])
    yield from _row("ready", *_ready(entry))


def _mark(entry: Entry, marks: dict[str, str]) -> str:
    mark = {True: "yes", False: "no", None: "unknown"}[entry.ready]
    return click.style(marks[mark], fg=COLORS[mark], bold=mark == "no")


def _row(label: str, *texts: str) -> Iterator[str]:
    """A label with its texts, each from a line of its own."""
    for text in texts:
        yield from _wrapped(text, f"    {label:{LABEL}}", " " * (4 + LABEL))
        label = ""


def _step(place: Place) -> str:
    label = place.step or ""
    return f"{label if label.startswith('#') or '`' in label else f'`{label}`'}, line {place.line}"


def _program(program: Program) -> str:
    if program.version is None:
        return f"{program.name}, its version is not known"
    named = program.why.startswith(f"`{program.name}@")  # by the command itself, which stands above
    known = program.path if program.path and not program.path.startswith(".github/") else program.why
    return f"{program.name} {program.version}{'' if named else f' ({known})'}"


def _packages(packages: Packages) -> str:
    names = packages.names
    if names is None:
        return packages.why
    if len(names) > MANY:
        return f"{len(names)}: {', '.join(names[: MANY - 1])} and {len(names) - MANY + 1} more"
    return ", ".join(names)


def _registry(registry: Registry) -> str:
    by = f" ({registry.by})" if registry.by else ""
    if registry.public is None:
        return f"not known: {registry.address}{by}"
    return f"{PUBLIC if registry.public else registry.address}{by}"


def _credentials(entry: Entry) -> Iterator[str]:
    """A line for each value, with all the ways that it comes."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in entry.credentials:
        found.setdefault((each.name, _value(each)), []).append(each.where)
    for (name, value), places in found.items():
        yield f"{f'{name} from ' if name else ''}{value} ({'; '.join(dict.fromkeys(places))})"
    if not found:
        yield "none, OIDC only" if entry.id_token else "none that can be seen"


def _value(each: Credential) -> str:
    if each.secrets:
        return f"secret{'s' if len(each.secrets) > 1 else ''} {', '.join(each.secrets)}"
    return INSTEAD[each.source]


def _ready(entry: Entry) -> Iterator[str]:
    for lack in entry.lacks:
        yield f"{'no' if lack.known else 'not known'}: {lack.what}"
    if not entry.lacks:
        yield "yes"
    if entry.doubt:
        yield f"it may publish nothing: {entry.doubt}"


def _unread(each: Unread) -> Iterator[str]:
    step = f", step {_step(each.place)}" if each.place.step is not None else f", line {each.place.line}"
    yield from _wrapped(f"{each.place.path}: job `{each.place.job}`{step}", "  ? ", "    ")
    yield from _wrapped(each.why, "    ", "      ")


def _summary(listing: Listing) -> str:
    found, others, unread = listing.publications, len(listing.elsewhere), len(listing.unread)
    count = {ready: sum(entry.ready is ready for entry in found) for ready in (True, False, None)}
    said = f"{len(found)} publication{'s' if len(found) != 1 else ''}: {count[True]} ready"
    said += f", {count[False]} not" if count[False] else ""
    said += f", {count[None]} not known" if count[None] else ""
    if not found:
        said = f"nothing here is known to publish to {PUBLIC}: {listing.looked_at}"
    said += f"; {others} elsewhere" if others else ""
    return f"tp-fix: {said}{f'; {unread} not read' if unread else ''}"


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """A text on as many lines as it needs, never cut inside a word."""
    return textwrap.wrap(
        shown(" ".join(text.split())),
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
