"""Which publisher of the table a command is, if any."""

from __future__ import annotations

from tp_fix.facts.publishers import rows_of
from tp_fix.facts.publishers.clients import YARN_CLASSIC
from tp_fix.facts.publishers.row import Publisher
from tp_fix.facts.runners import Call, bin_call, call_of
from tp_fix.formats.argv import Grammar, Option, names, split
from tp_fix.formats.shell import Command, Word
from tp_fix.models.installed.declared import declarations
from tp_fix.models.installed.installed import version_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import script_of

CLASSIC = (2, 0, 0)
PLACED = Grammar(names("cwd"))
"""What may stand before the word that makes a tool publish."""


def recognised(command: Command, folder: str | None, repository: Repository) -> Publisher | None:
    """The release tool that a command runs so that it publishes; None for all others, and for dry runs.

    Where several tools share a command's name, the one that the manifests ask for counts.
    """
    call = _called(command)
    rows = [row for row in rows_of(call.program) if _publishes_with(row, call)] if call is not None else []
    if call is None or not rows or _is_script(call.program, command, folder, repository):
        return None
    publisher = next((row for row in rows if _is_there(row, folder, repository)), rows[0])
    if publisher is YARN_CLASSIC and not _is_classic(folder, repository):
        return None
    return publisher


def words_of(command: Command) -> tuple[Word, ...]:
    """The words of the program that a command runs in the end."""
    call = _called(command)
    return call.words if call is not None else ()


def settings_of(command: Command) -> tuple[Option, ...]:
    """What variables set in front of a command, and the programs around it, say: `npm_config_registry=… npx lerna`."""
    call = _called(command)
    return call.outer if call is not None else ()


def _called(command: Command) -> Call | None:
    call = call_of(command)
    return (_rush(call) or bin_call(call) or call) if call is not None else None


def _rush(call: Call) -> Call | None:
    """`node common/scripts/install-run-rush.js` installs the rush of rush.json and runs it (D rushjs.io)."""
    script = call.words[0].literal if call.program == "node" and call.words else None
    return Call("rush", call.words[1:]) if (script or "").rpartition("/")[2] == "install-run-rush.js" else None


def _is_script(program: str, command: Command, folder: str | None, repository: Repository) -> bool:
    """Whether the command runs a package script of the program's name, whose commands count for themselves."""
    package = repository.packages.above(folder) if folder is not None else None
    return package is not None and program in package.scripts and program in script_of(command)


def _publishes_with(row: Publisher, call: Call) -> bool:
    words = [word.literal for word in call.words]
    first = next((word.literal for word in split(call.words, PLACED).positional if word.literal is not None), None)
    quiet = any(word in row.by.quiet and not _denied(call.words[index:]) for index, word in enumerate(words))
    asked = not row.by.needs or any(word is None or word in row.by.needs for word in words)
    return (not row.by.verbs or first in row.by.verbs) and asked and not quiet


def _denied(words: tuple[Word, ...]) -> bool:
    """Whether a flag has a value behind it that is, or may be, `false`: `--dry-run ${{ inputs.dry-run }}`."""
    flag, *others = words
    return (flag.literal or "").startswith("-") and bool(others) and others[0].literal in (None, "false")


def _is_there(row: Publisher, folder: str | None, repository: Repository) -> bool:
    """Whether a package of the row, and no other one with the same command, stands in the manifests."""
    return any(any(declarations(name, folder or "", repository)) for name in row.by.packages)


def _is_classic(folder: str | None, repository: Repository) -> bool:
    return version_of("yarn", folder or "", repository).versions.at_least(CLASSIC) is not True
