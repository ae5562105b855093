"""The registry that a script gives npm itself, right before it publishes: `npm set registry ADDRESS`."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.facts.runners import call_of
from tp_fix.formats.shell import Command
from tp_fix.models.publishing.registry import Registry
from tp_fix.models.running.script import script_of_step
from tp_fix.models.workflow import Step
from tp_fix.source import Span

OVERRULED = ("", "registry-url")
"""What gives an address that `npm set` replaces: nothing at all, or the user's .npmrc that setup-node wrote."""


class Own(NamedTuple):
    """Another registry than npm's public one, and the command of the script that sets it."""

    registry: Registry
    span: Span


def set_right_before(step: Step, before: int, tool: str) -> Own | None:
    """The registry that the step's own script sets before an offset; None where none is, or more than one."""
    found = [
        Own(Registry(False, address, "npm's configuration"), command.span)
        for command in script_of_step(step).commands
        if command.span.end <= before and (address := _address(command, tool))
    ]
    return found[0] if len(found) == 1 and is_public(found[0].registry.address or "") is False else None


def _address(command: Command, tool: str) -> str:
    """What `npm set registry`, or the same in its other spellings, sets in every run; '' for every other command."""
    call = call_of(command)
    if call is None or call.program not in ("npm", "pnpm") or not tool.startswith(call.program):
        return ""
    words = [word.literal for word in call.words]
    words = words[1:] if words[:1] == ["config"] else words
    if not command.sure or not command.top or words[:1] != ["set"] or None in words:
        return ""
    key, _, value = " ".join(word or "" for word in words[1:]).replace("=", " ", 1).partition(" ")
    return value if key == "registry" and " " not in value else ""
