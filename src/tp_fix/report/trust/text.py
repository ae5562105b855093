"""What npm has to be told, for a maintainer with ten minutes: in order, the fields, the pages, the commands."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from shlex import join

import click

from tp_fix.facts.trust import OLDEST_CLIENT, PERMISSIONS, WITHOUT_ASKING
from tp_fix.report.safe import shown
from tp_fix.report.trust.registration import Entry, Registration

WIDTH = 110
MANY = 20
"""Names that are listed, and trusted publishers of one package."""
CLIENT = ".".join(map(str, OLDEST_CLIENT))
NEW = (
    "A package that npm does not know yet, say a new workspace, has to be published once by hand or with a token "
    'before: trusted publishing cannot create it, and fails with E404 ("package not found").'
)
LETTERS = "npm checks nothing when the form is saved: every field has to match letter by letter, case included."
RENAMED = (
    "A repository that was created, renamed or transferred after 2026-07-15 may be refused with everything right: "
    "npm/cli#9969 was open in September 2026."
)
AFTERWARDS = (
    f"The commands need npm {CLIENT} or newer (`npm install -g npm@11`), `npm login` and two-factor authentication; on "
    f"the page where npm asks for it, choose not to be asked again for {WITHOUT_ASKING.value} minutes."
)
SCRIPT = "`tp-fix trust --format sh > trust.sh` writes them as a script; `sh trust.sh --dry-run` tries it."


def as_text(registrations: Sequence[Registration]) -> str:
    """The whole report, coloured; click takes the colours out where they are not wanted."""
    common = _common(registrations)
    parts: list[str] = []
    for alike in _grouped(registrations):
        parts += [*_group(alike, common), ""]
    closing = [*common, LETTERS, NEW, RENAMED, AFTERWARDS, SCRIPT]
    return "\n".join([*parts, *(line for note in closing for line in _wrapped(note, "- ", ""))])


def _common(registrations: Sequence[Registration]) -> list[str]:
    """Notes that every package has are said once, at the end."""
    first, *others = registrations
    return [note for note in first.notes if others and all(note in other.notes for other in others)]


def _grouped(registrations: Iterable[Registration]) -> Iterable[list[Registration]]:
    """Packages of which npm has to be told the same are told together, in their order."""
    found: dict[tuple[object, ...], list[Registration]] = {}
    for each in registrations:
        same = tuple(entry._replace(command=()) for entry in each.entries)
        key = (same, each.notes, bool(each.new)) if each.name is not None else (each.said,)
        found.setdefault(key, []).append(each)
    return found.values()


def _group(alike: list[Registration], common: list[str]) -> Iterator[str]:
    first = alike[0]
    titles = [each.name for each in alike if each.name is not None] or [f"Packages without a known name: {first.said}"]
    yield from (click.style(shown(" ".join(title.split())), bold=True) for title in titles)
    for each in alike:
        yield from _new(each)
    yield from _form(first)
    for each in alike:
        yield from _where(each)
    yield from _candidates(first)
    for note in first.notes:
        if note not in common:
            yield from _wrapped(note, "! ", "  ", color="yellow")


def _new(each: Registration) -> Iterator[str]:
    if each.new:
        why = "; ".join(each.new)
        note = f"npm may not know {each.name} yet: {why}. If so, build it and publish it once by hand, then go on:"
        yield from _wrapped(note, "! ", "  ", color="yellow")
        yield shown(f"      {each.first}")


def _form(registration: Registration) -> Iterator[str]:
    """The fields of npm's form; where there are several trusted publishers, a line for each of them."""
    owner, _, name = (registration.repository or "").partition("/")
    yield from _rows({"owner": owner or "not known", "repository": name or "not known"})
    entries = registration.entries
    if len(entries) == 1:
        yield from _rows(_fields(entries[0]))
        return
    for number, entry in enumerate(entries[:MANY], 1):
        fields = ", ".join(f"{label} {value}" for label, value in _fields(entry).items())
        yield shown(f"    {f'{number}. of {len(entries)}':14} {fields}")
    if len(entries) > MANY:
        yield f"    … and {len(entries) - MANY} more: `--format json` has all of them"


def _fields(entry: Entry) -> dict[str, str]:
    return {
        "workflow file": entry.workflow or "not known: that of the caller",
        "environment": "not known" if entry.environment is None else entry.environment or "(leave it empty)",
        "allow": " and ".join(PERMISSIONS[action].command for action in entry.actions),
    }


def _rows(fields: dict[str, str]) -> Iterator[str]:
    return (shown(f"    {label:14} {value}") for label, value in fields.items())


def _where(each: Registration) -> Iterator[str]:
    if each.settings_url:
        yield shown(f"    {each.settings_url}")
    yield from (shown(f"      {join(words)}") for words in each.commands)


def _candidates(each: Registration) -> Iterator[str]:
    if each.candidates:
        more = f" and {len(each.candidates) - MANY} more" if len(each.candidates) > MANY else ""
        yield from _wrapped(f"It may be one of: {', '.join(each.candidates[:MANY])}{more}.", "  ", "  ")


def _wrapped(text: str, bullet: str, indent: str, color: str | None = None) -> Iterator[str]:
    """A sentence on as many lines as it needs, never cut inside a word."""
    lines = textwrap.wrap(
        shown(text),
        WIDTH,
        initial_indent=indent + bullet,
        subsequent_indent=indent + " " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return (click.style(line, fg=color) for line in lines)
