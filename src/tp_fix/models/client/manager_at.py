"""Which pnpm or Yarn a command of a step runs: by its words, by what the job sets up, by what the repository says."""

from __future__ import annotations

import posixpath

from tp_fix.facts.clients import NEWEST
from tp_fix.facts.runners import call_of, specifier
from tp_fix.formats.shell import Command
from tp_fix.models.client.spec import commands_before, installed_before, known_by
from tp_fix.models.client.toolchain import runs_with
from tp_fix.models.installed.installed import version_of
from tp_fix.models.installed.known import Known, unknown
from tp_fix.models.repository import Repository
from tp_fix.models.running.place import placed
from tp_fix.models.running.script import script_of_step
from tp_fix.models.versions.versions import from_on
from tp_fix.models.workflow import Step

PNPM_SETUP = "pnpm/action-setup"
NEWEST_PNPM = max(row.version for row in NEWEST if row.tool == "pnpm")
SWITCHES = (10, 0, 0)
COREPACK = frozenset({"prepare", "use", "install"})


def manager_at(step: Step, before: int, manager: str, folder: str, repository: Repository) -> Known:
    """The `manager`, pnpm or yarn, at offset `before` of a step's script, for a command that runs in `folder`."""
    said = version_of(manager, folder, repository)
    found = _named(step, before, manager, repository)
    if found is None and manager == "yarn" and said.route == ("yarnPath",):
        return _switched(step, before, repository) or said
    found = found or _set_up(step, before, manager, repository)
    return said if found is None or _gives_way(found, manager, said) else found


def _named(step: Step, before: int, manager: str, repository: Repository) -> Known | None:
    """The version that the command names itself, as `npx pnpm@V publish` does."""
    own = next((one for one in script_of_step(step).commands if one.span.start == before), None)
    call = call_of(own) if own is not None else None
    if call is None or call.program != manager or call.version is None:
        return None
    return known_by(call.version, f"`{manager}@{call.version}`", step, repository)


def _gives_way(found: Known, manager: str, said: Known) -> bool:
    """Whether what a step sets up runs what `packageManager` names in its place.

    Corepack does, and pnpm from 10 on (X corepack 0.34.0, pnpm 9 to 11, 2026-11-23; 12 is taken for the same).
    pnpm/action-setup stops where the two differ, so a version that is not known from here is that one.
    """
    if said.route != ("packageManager",):
        return False
    if found.why.startswith("`corepack ") and not found.why.startswith("`corepack use "):
        return True
    return manager == "pnpm" and found.at_least(SWITCHES) is not False


def folder_at(step: Step, before: int) -> str | None:
    """The folder in which the command at an offset of a step's script runs; None where it is not known."""
    places = placed(script_of_step(step).commands, step.directory)
    return next((folder for command, folder in places if command.span.start == before), None)


def _set_up(step: Step, before: int, manager: str, repository: Repository) -> Known | None:
    found = installed_before(step, before, manager, repository)
    for earlier in (*step.earlier, step):
        if manager == "pnpm" and (earlier.uses or "").partition("@")[0].strip().lower() == PNPM_SETUP:
            found = _if_sure(_by_action(earlier, repository), earlier, step) or found
        for command in script_of_step(earlier).commands if earlier.run is not None else ():
            if earlier.index == step.index and command.span.start >= before:
                break
            named = _by_corepack(earlier, command, manager, repository)
            if manager == "yarn":
                named = _by_yarn(earlier, command, repository) or named
            found = (_if_sure(named, earlier, step) if command.top else _perhaps(named)) or found
    return found


def _by_action(step: Step, repository: Repository) -> Known | None:
    """pnpm/action-setup installs its `version`, else what `packageManager` says."""
    written = step.input("version")
    if written:
        return _asked(written, "pnpm", f"`{PNPM_SETUP}` with `version: {written}`", step, repository)
    file = step.input("package_json_file")
    if not file:
        return None
    found = version_of("pnpm", posixpath.dirname(posixpath.normpath(file)), repository)
    return found if found.path else None


def _if_sure(found: Known | None, earlier: Step, step: Step) -> Known | None:
    """What an earlier step brings, where it has run whenever the other one runs."""
    return found if runs_with(earlier, step) else _perhaps(found)


def _perhaps(found: Known | None) -> Known | None:
    return None if found is None else unknown(f"{found.why} may be left out")


def _switched(step: Step, before: int, repository: Repository) -> Known | None:
    """What `yarn set version` has made of a Yarn that is checked in."""
    found = None
    for earlier, command in commands_before(step, before):
        found = _by_yarn(earlier, command, repository) or found
    return found


def _by_yarn(step: Step, command: Command, repository: Repository) -> Known | None:
    words = [word.literal for word in command.words]
    if words[:3] != ["yarn", "set", "version"] or len(words) < 4:
        return None
    return known_by(command.words[3].text, f"`{' '.join(filter(None, words))}`", step, repository)


def _by_corepack(step: Step, command: Command, manager: str, repository: Repository) -> Known | None:
    words = [word.literal for word in command.words]
    if words[:1] != ["corepack"] or len(words) < 3 or words[1] not in COREPACK:
        return None
    named = [found for word in command.words[2:] if (found := specifier(word)) and found.name == manager]
    what = f"`{' '.join(filter(None, words))}`"
    return _asked(named[-1].version, manager, what, step, repository) if named else None


def _asked(version: str | None, manager: str, what: str, step: Step, repository: Repository) -> Known:
    """What a version comes to; pnpm's `latest` is the newest release that is known, or one that came out since."""
    if manager == "pnpm" and version == "latest":
        return Known(from_on(NEWEST_PNPM), what, step.job.workflow.path, (*step.route, "run"))
    return known_by(version, what, step, repository)
