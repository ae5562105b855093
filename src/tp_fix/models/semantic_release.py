"""Which steps run semantic-release, by the program or by its action."""

from __future__ import annotations

import re

from tp_fix.facts.runners import bin_call, call_of
from tp_fix.formats.shell import Command
from tp_fix.models.calls import calls_of
from tp_fix.models.model import Model
from tp_fix.models.script import commands_of
from tp_fix.models.workflow import Step

PROGRAM = "semantic-release"
ACTION = re.compile(r"cycjimmy/semantic-release-action@", re.IGNORECASE)
QUIET = frozenset({"--dry-run", "-d", "--version", "-v", "--help", "-h"})
"""With one of these nothing is released."""


def runs_semantic_release(step: Step, model: Model) -> bool:
    """Whether a step releases with semantic-release, through package scripts and shell scripts too."""
    if step.uses is not None:
        return ACTION.match(step.uses) is not None
    return any(
        _releases(command)
        for call in calls_of(step, model)
        if PROGRAM in call.text and call.kind != "file"  # the commands of a shell script are calls of their own
        for command in commands_of(call.text)
    )


def _releases(command: Command) -> bool:
    call = call_of(command)
    call = (bin_call(call) or call) if call is not None else None
    if call is None or call.program != PROGRAM:
        return False
    return not any(word.literal in QUIET for word in call.words)
