"""What a hindrance is, and where it may stand: in a command, in a package script, in a settings file."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.change import Change, ReplaceInScalar, SetValue
from tp_fix.models.repository import Repository
from tp_fix.models.tool.tool_settings import SettingsFile
from tp_fix.models.tool.tools import ToolRun
from tp_fix.node import Route
from tp_fix.source import Span

IN_SCRIPT = re.compile(r" in script `([^`]+)` of (\S+)$")
"""How a call says that it stands in a package script."""
FALSE = frozenset({"false", "0", "no"})


class Mend(NamedTuple):
    """What takes a hindrance away: changes, each with its file. With an `obstacle` it is only to be shown."""

    title: str
    changes: tuple[tuple[str, Change], ...] = ()
    obstacle: str = ""


class Hindrance(NamedTuple):
    """Something in a tool's configuration that stops OIDC, or breaks a release that has no token any more.

    `what` is a phrase for a person, with what to do; `known` is False when it only may be so. It stands at `route` of
    the file `path`.
    """

    what: str
    known: bool
    path: str
    route: Route
    mend: Mend | None = None


class Flag(NamedTuple):
    """A flag of a run as it is given: `on` is None when that is known only at run time; `value` is the next word's."""

    on: bool | None
    spelled: str
    value: str | None = None


def place_of(run: ToolRun) -> tuple[str, Route]:
    """Where the command of a run stands: in the step, or in a package script behind it."""
    match = IN_SCRIPT.search(run.command)
    if match is not None:
        return match[2], ("scripts", match[1])
    step = run.step
    return step.job.workflow.path, (*step.route, "uses" if step.uses is not None else "run")


def flag_of(run: ToolRun, *names: str) -> Flag | None:
    """The last of the flags of these names, `--no-NAME` among them; None where a run has none."""
    found = None
    for index, word in enumerate(run.words):
        text = word.literal or word.text
        name, equals, value = text.lstrip("-").partition("=")
        if not text.startswith("-"):
            continue
        behind = run.words[index + 1] if index + 1 < len(run.words) else None
        follows = (behind.literal or behind.text) if behind is not None else ""
        if name.startswith("no-") and name[3:] in names:
            found = Flag(False, text)
        elif name in names and equals:
            found = Flag(_on(value, word.literal is None), text, value)
        elif name in names:
            off = follows in FALSE
            found = Flag(not off, text, follows if follows and not follows.startswith("-") else None)
    return found


def _on(value: str, unknown: bool) -> bool | None:
    return None if unknown else value not in FALSE


def without(run: ToolRun, spelled: str, repository: Repository) -> Mend:
    """A flag is taken out of the command, where it stands there once and as plain text."""
    path, route = place_of(run)
    text = _text_at(run, path, route, repository)
    found = list(re.finditer(rf"(?<=\S)[ \t]+{re.escape(spelled)}(?![^\s;&|)])", text))
    title = f"take `{spelled}` out of the command"
    if len(found) != 1 or not re.fullmatch(r"--?[\w.-]+(?:=[\w.]+)?", spelled):
        return Mend(title, (), "the command is not written there in a way that can be edited")
    span = Span(*found[0].span())
    if route[0] == "scripts":
        return Mend(title, ((path, SetValue(route, text[: span.start] + text[span.end :])),))
    return Mend(title, ((path, ReplaceInScalar(route, span, "")),))


def at(file: SettingsFile, route: Route, run: ToolRun) -> tuple[str, Route]:
    """Where a setting stands that can be shown; else the command that goes by it."""
    if file.plain:
        return file.path, (*file.route, *route)
    return (file.path, ()) if not file.path.endswith(".json") else place_of(run)


def _text_at(run: ToolRun, path: str, route: Route, repository: Repository) -> str:
    if route[0] != "scripts":
        return run.step.run or ""
    package = next((one for one in repository.packages.every() if one.path == path), None)
    return package.scripts.get(str(route[1]), "") if package is not None else ""
