"""The script of a `run:` step: in which shell it runs, and which commands it has, as far as they can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tp_fix.formats.shell import Command, Word, parse, plain_words
from tp_fix.models.workflow import Step
from tp_fix.source import Span

MAX_SCRIPT = 1 << 15
"""Characters. The grammar's time can grow with the square of a hostile script's length: minutes for 300 kB."""
POSIX = frozenset({"bash", "sh"})
KEYWORDS = frozenset({"if", "then", "else", "elif", "fi", "for", "in", "while", "until", "do", "done", "case", "esac"})
KEYWORDS |= {"function", "select", "time", "coproc", "declare", "typeset", "export", "readonly", "local", "unset"}
"""Plain words that start, end or part something else than a simple command."""


class Script(NamedTuple):
    """`commands` is empty when `unread` says, in a phrase, why the script is not one that tp-fix reads."""

    text: str
    commands: tuple[Command, ...] = ()
    unread: str = ""


def script_of_step(step: Step) -> Script:
    """The script of a step that has `run:`. Lines of plain words are the same in every shell, and are always read."""
    text = step.run or ""
    if len(text) > MAX_SCRIPT:
        return Script(text, (), f"it is longer than {MAX_SCRIPT} characters")
    shell = shell_of(step)
    if shell in POSIX or plain_words(text):
        return Script(text, commands_of(text))
    return Script(text, (), f"its shell is {shell}" if shell else "which shell it runs in depends on the runner")


@lru_cache(maxsize=4096)
def commands_of(text: str) -> tuple[Command, ...]:
    """The commands of a bash or sh script. One text is parsed once, however often it is asked for.

    Plain words need no grammar, and most release jobs have nothing else: that saves loading it (25 ms). The suite
    holds the two readings against each other.
    """
    if len(text) > MAX_SCRIPT:
        return (Command((), Span(0, len(text)), sure=False, top=False),)
    if plain_words(text) and not KEYWORDS & set(text.split()):
        return tuple(_plain(text))
    return tuple(parse(text))


def _plain(text: str) -> Iterator[Command]:
    for line in re.finditer(r"[^\r\n]+", text):
        words = tuple(
            Word(match.group(), match.group(), Span(*match.span()))
            for match in re.compile(r"\S+").finditer(text, line.start(), line.end())
        )
        if words:
            yield Command(words, Span(words[0].span.start, words[-1].span.end))


def shell_of(step: Step) -> str:
    """The program that reads the script; '' when the runner decides and is not known.

    Without `shell:` it is bash on Linux and macOS and pwsh on Windows (D docs.github.com, checked 2026-11-22).
    """
    if words := step.shell.split():
        return words[0].rpartition("/")[2]
    labels = [label.lower() for label in step.job.runner]
    if any("${{" in label for label in labels):
        return ""
    return "pwsh" if any("windows" in label for label in labels) else "bash"
