"""What npm has to be told, as a script for a POSIX shell: trust.sh beside this file, and a line for each package.

Whatever comes from the repository is quoted, or stands in a comment on one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from shlex import quote

from tp_fix import __version__
from tp_fix.facts.registry import public_host
from tp_fix.facts.trust import OLDEST_CLIENT, PAUSE, PERMISSIONS, WITHOUT_ASKING, command
from tp_fix.report.safe import shown
from tp_fix.report.trust.registration import Entry, Registration

MARK = "# The packages.\n"
"""Where the lines go; what stands behind it closes the script."""


def as_script(registrations: Sequence[Registration]) -> str:
    """The whole script. Packages of which not all is known are named in it, and left to a person."""
    template = (files("tp_fix.report.trust") / "trust.sh").read_text(encoding="utf-8")
    values = {
        "VERSION": __version__,
        "OLDEST": ".".join(map(str, OLDEST_CLIENT)),
        "MAJOR": str(OLDEST_CLIENT[0]),
        "MINOR": str(OLDEST_CLIENT[1]),
        "PAUSE": str(PAUSE.value),
        "MINUTES": str(WITHOUT_ASKING.value),
        "REGISTRY": f"https://{public_host()}/",
        "REPOSITORY": quote(registrations[0].repository or ""),
    }
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    before, mark, after = template.partition(MARK)
    lines = "".join(f"{line}\n" for each in registrations for line in _lines(each))
    return before + mark + lines + after


def _lines(each: Registration) -> Iterator[str]:
    yield ""
    yield from _comments(each)
    if each.name is None:
        said = f"{each.said}: which packages it publishes is not known"
        yield f"left_out {quote(_one_line(said))}"
        for entry in each.entries:
            yield from (f"# {_call(name, entry)}" for name in each.candidates if _can(name, entry, each))
        return
    for entry in each.entries:
        if entry.command:
            yield _call(each.name, entry)
        else:
            yield f"left_out {quote(_one_line(f'{each.name}: {_missing(entry, each)}'))}"


def _comments(each: Registration) -> Iterator[str]:
    if each.new:
        yield _comment(
            f"npm may not know {each.name} yet: {'; '.join(each.new)}. If so, build it and publish it first:"
        )
        yield _comment(f"  {each.first}")
    if each.candidates:
        yield _comment("For each of these that it publishes, take away the # in front of `register`.")
    yield from (_comment(note) for note in each.notes)


def _call(name: str, entry: Entry) -> str:
    """The call of the script's own function."""
    flags = " ".join(PERMISSIONS[action].flag for action in entry.actions)
    words = (quote(word) for word in (name, entry.workflow or "", entry.environment or ""))
    return f"register {' '.join(words)} {flags}"


def _can(name: str, entry: Entry, each: Registration) -> bool:
    """Whether the client can be told of a package by this name."""
    if each.repository is None or entry.workflow is None or entry.environment is None:
        return False
    return bool(command(name, each.repository, entry.workflow, entry.environment, entry.actions))


def _missing(entry: Entry, each: Registration) -> str:
    if each.repository is None:
        return "the repository is not known, say it to tp-fix with --repository"
    if entry.workflow is None:
        return "the workflow that is started is not in this repository"
    if entry.environment is None:
        return f"the environment in {entry.workflow} is known only at run time"
    return "npm's client cannot be given its names, use the settings page"


def _comment(text: str) -> str:
    return f"# {_one_line(text)}"


def _one_line(text: str) -> str:
    """Without credentials, and without line ends and control characters, which would end a comment."""
    return shown(text).replace("\n", "\\n").replace("\t", " ")
