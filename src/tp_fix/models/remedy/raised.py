"""The version in a command that installs or runs npm is raised where it stands."""

from __future__ import annotations

import re

from tp_fix.change import ReplaceInScalar
from tp_fix.facts.clients import NEWEST_NPM, dotted
from tp_fix.formats.shell import Command
from tp_fix.models.client.scripted import without_sudo
from tp_fix.models.remedy.remedied import CARRIES, NPM, Remedy
from tp_fix.models.running.command import npm_upgrade_of
from tp_fix.models.versions.versions import ranged
from tp_fix.models.versions.words import short
from tp_fix.models.workflow import Step
from tp_fix.source import Span

UPDATE = frozenset({"update", "up", "upgrade", "udpate", "u"})
"""Under these names npm takes no version (X EUPDATEARGS)."""


def raised(step: Step, command: Command, pinned: str | None = None, *, sure: bool = True) -> Remedy:
    """The version in a command is raised where it stands, or gets its bound: that which it installs, or is `pinned`."""
    text = short((step.run or "")[command.span.start : command.span.end])
    version = npm_upgrade_of(without_sudo(command)) if pinned is None else pinned
    title = f"{'bound' if _too_new(version) else 'raise'} the npm of `{text}` to {NPM}"
    span = None if UPDATE & {word.literal for word in command.words} else _written(command, version or "")
    if span is None:
        elsewhere = f"its version, `{short(version or '')}`, is set elsewhere: raise it there"
        obstacle = "its version is not written there in a way that can be replaced"
        return Remedy(title, (), obstacle=elsewhere if "$" in (version or "") else obstacle)
    new = f"npm@{_bound(version)}"
    change = ReplaceInScalar((*step.route, "run"), span, new)
    assumption = "" if sure else f"that the Node of the job is {CARRIES}"
    return Remedy(f"{title}: `{new}`", (change,), f"publish with npm {NPM}", assumption)


def _too_new(version: str | None) -> bool:
    """Whether it is a newer npm than the one that takes its place."""
    wanted = ranged(version or "")
    return version == "latest" or (wanted is not None and wanted.oldest >= (NPM + 1, 0, 0))


def _written(command: Command, version: str) -> Span | None:
    """Where `npm@V` stands in a command, the last time; a V that is known only at run time is left to people."""
    for word in reversed(command.words[1:]):
        if version == "*" and word.literal == "npm":
            return Span(word.span.start + word.text.find("npm"), word.span.start + word.text.find("npm") + 3)
        match = re.search(rf"(?<![\w@/-])npm@{re.escape(version)}(?=[\"']?$)", word.text)
        if match and word.literal is not None:
            return Span(word.span.start + match.start(), word.span.start + match.end())
    return None


def _bound(old: str | None) -> str:
    """An exact version becomes the newest exact one, everything else the major."""
    versions = ranged(old or "")
    return dotted(NEWEST_NPM[NPM]) if versions is not None and versions.exact else str(NPM)
