"""The publish commands of scripts, as they are found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tp_fix.formats.shell import Command
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish, publish_of
from tp_fix.models.running.place import placed
from tp_fix.models.running.script import Script, script_of_step
from tp_fix.models.running.walk import Call, walked
from tp_fix.models.workflow import Step
from tp_fix.source import Span

PERHAPS_DRY = "words that are known only at run time may make it a dry run"
SUSPECT = re.compile(r"\b(?:npm|pnpm|npx\s+npm@\S+|yarn\s+npm)\s")
"""How a publish starts in a script that cannot be parsed; the word itself comes somewhere behind it."""


OTHERS = re.compile(r"\b(?:pkg-pr-new(?:@\S+)?|vsce|ovsx|jsr)\s+$")
"""Right before the word: programs that publish, but nothing to a registry of npm's kind."""


QUIET = re.compile(r"#|echo\b|printf\b|(?:npm|pnpm|yarn)\s+(?:run|run-script|pack|view|info)\b|npx\s+(?!npm)")
"""How lines start that speak of publishing and do not publish by themselves."""


class Found(NamedTuple):
    """A publish command in a script: where it stands, from which folder it publishes, and why it may be none.

    `read` is False when the script around it was not, or not surely. `words` is the command itself where it was read,
    `origin` where it stands when that is not the step's own script: then `span` is that of the command leading to it.
    """

    publish: Publish
    command: str
    span: Span
    folder: str | None
    doubt: str
    read: bool = True
    words: Command | None = None
    origin: str = ""


def commands_that_publish(step: Step) -> Iterator[Found]:
    """Publish commands of a step's own script, whatever the registry, with `cd` followed; dry runs too."""
    if step.run is None:
        return
    script = script_of_step(step)
    yield from _suspects(script) if script.unread else publishes_in(script, step.directory)


def commands_behind(step: Step, repository: Repository) -> Iterator[Found]:
    """Publish commands in the package scripts and shell scripts that a step's script runs."""
    calls = walked(step, repository).calls if step.run is not None else ()
    for call in calls:
        yield from found_behind([call] if call.origin else [], call.offset)


def found_behind(calls: Iterable[Call], offset: int) -> Iterator[Found]:
    for call in calls:
        publish = publish_of(call.command) if call.command is not None and call.kind == "publish" else None
        if publish is not None and call.command is not None:
            found = _found(publish, call.command, call.folder, call.text)
            yield found._replace(span=Span(offset, offset), command=call.text, origin=call.origin)


@lru_cache(maxsize=4096)
def publishes_in(script: Script, directory: str) -> tuple[Found, ...]:
    """The publish commands of a script that starts in a folder."""
    return tuple(
        _found(publish, command, folder, script.text)
        for command, folder in placed(script.commands, directory)
        if (publish := publish_of(command)) is not None
    )


def _found(publish: Publish, command: Command, folder: str | None, text: str) -> Found:
    doubt = "" if command.sure else "the script around it cannot be parsed as bash"
    if publish.dry_run is None:
        doubt = PERHAPS_DRY
    own = text[command.span.start : command.span.end]
    return Found(publish, own, command.span, folder, doubt, command.sure, command)


def unread_publish(step: Step, repository: Repository) -> bool:
    """Whether a script names a publish in a way that is not read: behind a wrapper, in quotes, through a variable."""
    if step.run is None or any(commands_that_publish(step)):
        return False
    if any(call.kind in ("publish", "release") for call in walked(step, repository).calls):
        return False
    return any(_names_publish(line.strip()) for line in step.run.split("\n"))


def _names_publish(line: str) -> bool:
    if "--dry-run" in line or QUIET.match(line) or SUSPECT.search(line) is None:
        return False
    return any(not OTHERS.search(line, 0, match.start()) for match in re.finditer(r"\bpublish\b", line))


def _suspects(script: Script) -> Iterator[Found]:
    """Lines of an unread script that look like a publish."""
    for line in re.finditer(r"[^\n]+", script.text):
        text = line.group()
        start = SUSPECT.search(text)
        if start is None or "--dry-run" in text or QUIET.match(text.lstrip()):
            continue
        end = re.compile(r"\bpublish\b").search(text, start.start())
        if end is None or OTHERS.search(text, start.start(), end.start()):
            continue
        span = Span(line.start() + start.start(), line.start() + end.end())
        publish = Publish("pnpm" if start.group().startswith("pnpm") else "npm")
        doubt = f"the script is not read: {script.unread}"
        yield Found(publish, script.text[span.start : span.end], span, None, doubt, read=False)
