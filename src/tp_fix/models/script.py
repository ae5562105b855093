"""The script of a `run:` step: in which shell it runs, and which commands it has, as far as they can be read."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from tp_fix.formats.shell import Command, parse, plain_words
from tp_fix.models.workflow import Step

POSIX = frozenset({"bash", "sh"})


class Script(NamedTuple):
    """`commands` is empty when `unread` says, in a phrase, why the script is not one that tp-fix reads."""

    text: str
    commands: tuple[Command, ...] = ()
    unread: str = ""


def script_of_step(step: Step) -> Script:
    """The script of a step that has `run:`. Lines of plain words are the same in every shell, and are always read."""
    text = step.run or ""
    shell = shell_of(step)
    if shell in POSIX or plain_words(text):
        return Script(text, commands_of(text))
    return Script(text, (), f"its shell is {shell}" if shell else "which shell it runs in depends on the runner")


@lru_cache(maxsize=4096)
def commands_of(text: str) -> tuple[Command, ...]:
    """The commands of a bash or sh script. One text is parsed once, however often it is asked for."""
    return tuple(parse(text))


def shell_of(step: Step) -> str:
    """The program that reads the script; '' when the runner decides and is not known.

    Without `shell:` it is bash on Linux and macOS and pwsh on Windows (D docs.github.com, checked 2026-11-22).
    """
    if step.shell:
        return step.shell.split()[0].rpartition("/")[2]
    labels = [label.lower() for label in step.job.runner]
    if any("${{" in label for label in labels):
        return ""
    return "pwsh" if any("windows" in label for label in labels) else "bash"
