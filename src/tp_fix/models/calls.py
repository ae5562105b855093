"""Everything that a step runs, as far as it can be read: commands, package scripts behind them, files one hop away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts import actions, programs
from tp_fix.formats.shell import Command
from tp_fix.models.command import install_of, needs_credential, publish_of, script_of
from tp_fix.models.package import Package
from tp_fix.models.publication import placed_commands
from tp_fix.models.repository import Repository
from tp_fix.models.script import commands_of, script_of_step
from tp_fix.models.workflow import Step

Scopes = tuple[tuple[str, str], ...]
REACHES_GITHUB = re.compile(
    r"\bgit\b|\bgh\b|github|octokit|require\(['\"]\.|from ['\"]\.|import ['\"]\.", re.IGNORECASE
)
"""In a file that is run: signs that it uses the job's GITHUB_TOKEN, or that more of it stands in other files."""
USES_GITHUB_TOKEN = re.compile(r"secrets\.GITHUB_TOKEN|github\.token", re.IGNORECASE)


class Call(NamedTuple):
    """One program or action that a step runs.

    `what` names it for a person. `scopes` are what it needs of GITHUB_TOKEN, None when that is not known. `reader` is
    True when it uses npm credentials, None when it may, as nobody here can read it. `text` is its own text.
    """

    what: str
    kind: str
    scopes: Scopes | None
    reader: bool | None
    text: str = ""


@dataclass
class _Walk:
    """One walk from a step through package scripts; each script is entered once."""

    repository: Repository
    seen: set[tuple[str, str]] = field(default_factory=set)

    def command(self, command: Command, folder: str | None, text: str, origin: str) -> Iterator[Call]:
        what = f"`{_short(text[command.span.start : command.span.end])}`{origin}"
        package = self.repository.packages.above(folder) if folder is not None else None
        scripts = script_of(command)
        yield self._itself(command, what, folder, package, text)
        for name in scripts:
            if package is not None and name in package.scripts:
                yield from self.script(package, name)

    def script(self, package: Package, name: str) -> Iterator[Call]:
        if (package.path, name) in self.seen:
            return
        self.seen.add((package.path, name))
        text = package.scripts[name]
        for command in commands_of(text):
            yield from self.command(command, package.folder, text, f" in script `{name}` of {package.path}")

    def _itself(self, command: Command, what: str, folder: str | None, package: Package | None, text: str) -> Call:
        own = text[command.span.start : command.span.end]
        if not command.sure:
            return Call(what, "unknown", None, None, own)
        if publish_of(command) is not None:
            return Call(what, "publish", (), False, own)
        if install_of(command) is not None:
            return Call(what, "install", (), None, own)
        if needs_credential(command):
            return Call(what, "registry", (), True, own)
        if (file := programs.file_of(command)) is not None:
            return self._file(what, own, folder, file)
        if self._runs_scripts(command, package):
            return Call(what, "program", (), False, own)
        program = programs.lookup(command) or programs.lookup(_without_runner(command))
        if program is None:
            return Call(what, "unknown", None, None, own)
        return Call(what, "program", program.scopes, False, own)

    @staticmethod
    def _runs_scripts(command: Command, package: Package | None) -> bool:
        """Whether all that the command does is to run scripts that are read here."""
        names = script_of(command)
        return bool(names) and package is not None and any(name in package.scripts for name in names)

    def _file(self, what: str, own: str, folder: str | None, file: str) -> Call:
        path = re.sub(r"^\./", "", f"{folder}/{file}" if folder else file)
        if path not in self.repository.paths:
            return Call(what, "unknown", None, None, own)
        try:
            text = self.repository.source(path).text
        except Unreadable:
            return Call(what, "unknown", None, None, own)
        return Call(what, "file", None if REACHES_GITHUB.search(text) else (), False, own + "\n" + text)


def calls_of(step: Step, repository: Repository, hooks: tuple[Package, ...] = ()) -> list[Call]:
    """Everything that a step runs; `hooks` are packages that it publishes from elsewhere, whose hooks run too."""
    if step.uses is not None:
        return [_action(step)]
    script = script_of_step(step)
    if script.unread:
        what = f"the script of step `{step.label}`, which is not read: {script.unread}"
        return [Call(what, "unknown", None, None, script.text)]
    walk = _Walk(repository)
    found = [
        call for command, folder in placed_commands(step) for call in walk.command(command, folder, script.text, "")
    ]
    for package in hooks:
        for name in sorted(HOOKS & package.scripts.keys()):
            found += walk.script(package, name)
    return [_with_github_token(call, step) for call in found]


HOOKS = frozenset({"prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"})


def _action(step: Step) -> Call:
    uses = step.uses or ""
    inputs = step.node.get("with")
    text = " ".join(str(leaf.value) for leaf in inputs.leaves()) if inputs is not None else ""
    action = actions.lookup(uses)
    if action is None:
        return Call(f"`{uses}`", "unknown", None, None, text)
    return Call(f"`{uses}`", "action", action.scopes, action.reads_npm_token, text)


def _with_github_token(call: Call, step: Step) -> Call:
    """A command that is handed GITHUB_TOKEN without any known use for it: what it does with it is not known."""
    handed = any(USES_GITHUB_TOKEN.search(variable.value) for variable in step.env) or USES_GITHUB_TOKEN.search(
        call.text
    )
    if handed and call.scopes == () and call.kind in ("install", "publish", "file"):
        return Call(f"{call.what}, which is handed GITHUB_TOKEN", call.kind, None, call.reader, call.text)
    return call


def _without_runner(command: Command) -> Command:
    """`yarn tsc` and `pnpm tsc` as `tsc`."""
    from dataclasses import replace

    name = command.words[0].literal if command.words else None
    return replace(command, words=command.words[1:]) if name in ("yarn", "pnpm") else command


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"
