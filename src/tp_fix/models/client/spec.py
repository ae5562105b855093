"""Which version of a package a command names by itself, or an earlier step has installed."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.facts.runners import SPECIFIER, Specifier, call_of
from tp_fix.formats.shell import Command
from tp_fix.models.client.toolchain import runs_with
from tp_fix.models.installed.known import Known, unknown
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import added_by
from tp_fix.models.running.given import possible
from tp_fix.models.running.place import placed
from tp_fix.models.running.script import script_of_step
from tp_fix.models.versions.versions import ranged
from tp_fix.models.workflow import Step

RUNNERS = frozenset({"npx", "pnpx", "pnx", "bunx"})
RUN_WORDS = frozenset({"dlx", "exec", "x"})


def named_in(command: Command, packages: tuple[str, ...]) -> Specifier | None:
    """`lerna@8` of `npx lerna@8 publish`, of `npx -p lerna@8 lerna publish` and of their like."""
    if not _runs_packages(command):
        return None
    call = call_of(command)
    if call is not None and call.program in packages and call.version is not None:
        return Specifier(call.program, call.version)
    for word in command.words:
        match = SPECIFIER.fullmatch((word.literal or word.text).removeprefix("--package="))
        if match and match["name"] in packages and match["version"]:
            return Specifier(match["name"], match["version"])
    return None


def _runs_packages(command: Command) -> bool:
    words = [word.literal for word in command.words[:3]]
    return bool(words) and (words[0] in RUNNERS or any(word in RUN_WORDS for word in words[1:]))


def fetches(command: Command) -> bool:
    """Whether a command may fetch a package that is not installed, as npx does."""
    return _runs_packages(command)


def installed_before(step: Step, before: int, package: str, repository: Repository) -> Known | None:
    """What the steps of the job, up to an offset in the script of one, install of a package by its name."""
    found = None
    for earlier, command in commands_before(step, before):
        for added in added_by(command):
            if added.name == package:
                shown = " ".join(word.text for word in command.words)
                sure = command.top and runs_with(earlier, step)
                what = f"`{shown}`"
                found = (
                    known_by(added.version, what, earlier, repository) if sure else unknown(f"{what} may be left out")
                )
    return found


def known_by(version: str | None, what: str, step: Step, repository: Repository) -> Known:
    """What `name@version` comes to, where the newest is taken that fits; `what` says where it stands."""
    path, route = step.job.workflow.path, (*step.route, "run")
    if not version:
        return unknown(f"{what} takes whatever is newest", path)
    texts = possible(version, step, repository)
    versions = ranged(texts[0]) if len(texts) == 1 else None
    if versions is None or texts[0].strip() in ("", "*", "x"):
        return unknown(f"{what} names no version that can be known from here", path)
    return Known(versions, what, path, route, fresh=True)


def commands_before(step: Step, before: int) -> Iterator[tuple[Step, Command]]:
    """The commands that run before offset `before` of a step's script, in their order, each with its step."""
    for earlier in (*step.earlier, step):
        if earlier.run is None:
            continue
        for command, _ in placed(script_of_step(earlier).commands, earlier.directory):
            if earlier.index == step.index and command.span.start >= before:
                break
            yield earlier, command
