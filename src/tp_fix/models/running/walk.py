"""Every command that a step runs, as far as it can be read: package scripts behind them, shell scripts one hop away."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts import programs
from tp_fix.facts.programs import Scopes
from tp_fix.formats.shell import Command
from tp_fix.formats.shell_text import one_line
from tp_fix.models.package import Package
from tp_fix.models.publishing.target import UNKNOWN, target_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import (
    install_of,
    needs_credential,
    npm_upgrade_of,
    over_workspaces,
    passed_on,
    publish_of,
    script_of,
    sets_configuration,
    settings_for_scripts,
)
from tp_fix.models.running.place import placed
from tp_fix.models.running.plain_file import is_plain, is_shell
from tp_fix.models.running.script import commands_of, script_of_step
from tp_fix.models.tool.recognised import recognised
from tp_fix.models.tool.scopes import asks_more
from tp_fix.models.workflow import Step

REACHES_GITHUB = re.compile(
    r"\bgit\b|\bgh\b|github|octokit|\b(?:child_process|subprocess|execa|zx|spawn|exec)\b"
    r"|require\(['\"]\.|from ['\"][.#]|import ['\"][.#]|import\(",
    re.IGNORECASE,
)
"""In a file that is run: signs that it uses the job's GITHUB_TOKEN, runs others, or has more of it in other files."""
MANY_SCRIPTS = 100
"""Scripts and files entered in one walk; what a step runs behind as many is not read."""
SPREAD = re.compile(
    r"-ws?|-r|-F|-C|workspaces?|recursive|--recursive|--(?:workspaces?|filter|prefix|dir|cwd)(?:=.*)?",
)
"""Words that make npm, pnpm or yarn run a script in other packages than the folder's own."""
TURBO = ("turbo.json", "turbo.jsonc")
DEPENDS_ON = re.compile(r'"dependsOn"\s*:\s*\[([^\]]*)\]')
TASK = re.compile(r'"\^?(?:[^"#]*#)?([^"#$]+)"')
Settings = tuple[tuple[str, str | None], ...]
LONGEST = 60
"""Characters of a command in a message."""


class Call(NamedTuple):
    """One program or action that a step runs.

    `kind` is "publish" for a client's command, "release" for a release tool or its action, "install", "registry" for
    what wants to be known to the registry, "program", "action", "file", "hooks", "handed", or "unknown".
    `what` names it for a person. `scopes` are what it needs of GITHUB_TOKEN, None when that is not known; with
    `more` it may need others as well. `reader` is
    True when it uses npm credentials, None when it may, as nobody here can read it. `text` is its own text, `folder`
    the one that it runs in (None: not known), `offset` where the command stands in the step's script that led to it.
    `command` is the command itself, None for an action and what is not one. `origin` says where it stands, as a phrase
    that follows its text, '' in the step's own script.
    """

    what: str
    kind: str
    scopes: Scopes | None
    reader: bool | None
    text: str = ""
    folder: str | None = None
    offset: int = 0
    command: Command | None = None
    origin: str = ""
    more: bool = False


@dataclass
class Walk:
    """One walk from a step through package scripts; each script is entered once."""

    repository: Repository
    seen: set[tuple[str, str]] = field(default_factory=set)

    def command(self, command: Command, folder: str | None, text: str, origin: str = "") -> Iterator[Call]:
        what = f"`{short(text[command.span.start : command.span.end])}`{origin}"
        packages = self._packages(command, folder)
        for call in self._itself(command, what, folder, packages, text):
            own = call.command is None
            yield call._replace(folder=folder, command=command, origin=origin) if own else call
        more = passed_on(command)
        for name in (*script_of(command), *self._tasks(command)):
            if re.search(r"[*/^]", name):
                yield Call(f"the scripts `{name}` behind {what}", "unknown", None, None)
            for package in packages:
                yield from self.script(package, name, more.get(name, ""), settings_for_scripts(command))

    def _packages(self, command: Command, folder: str | None) -> tuple[Package, ...]:
        """The packages whose scripts a command can run: every workspace where it is not the folder's own alone."""
        package = self.repository.packages.above(folder) if folder is not None else None
        own = (package,) if package is not None else ()
        publish = publish_of(command)
        target = target_of(publish, folder, self.repository.packages) if publish is not None else UNKNOWN
        if target.packages is not None and not target.unread:
            return target.packages
        spread = install_of(command) is not None or over_workspaces(command) is not None
        spread = spread or any(SPREAD.fullmatch(word.text) for word in command.words)
        return (*own, *(self.repository.packages.workspaces() or self.repository.packages.every())) if spread else own

    def _tasks(self, command: Command) -> list[str]:
        """The scripts that turbo runs before others, whatever is asked of it."""
        inner = over_workspaces(command)
        if inner is None or inner.program != "turbo":
            return []
        text = "".join(self.repository.text(path) for path in TURBO if path in self.repository.packages.paths)
        lists = (match[1] for match in DEPENDS_ON.finditer(text))
        return list(dict.fromkeys(match[1] for listed in lists for match in TASK.finditer(listed)))

    def script(self, package: Package, name: str, more: str = "", around: Settings = ()) -> Iterator[Call]:
        """The commands of a package script, with the words that follow its name on the command line.

        `around` are npm's settings that the client hands on to them as variables.
        """
        if name not in package.scripts or (package.path, name) in self.seen:
            return
        self.seen.add((package.path, name))
        if len(self.seen) > MANY_SCRIPTS:
            yield Call(f"script `{name}` of {package.path}, behind many others", "unknown", None, None)
            return
        text = f"{package.scripts[name]} {more}".rstrip()
        yield from self.shell(text, package.folder, f" in script `{name}` of {package.path}", around)

    def shell(self, text: str, folder: str | None, origin: str, around: Settings = ()) -> Iterator[Call]:
        for command, place in placed(commands_of(text), folder):
            set_there = command._replace(assignments=(*around, *command.assignments)) if around else command
            yield from self.command(set_there, place, text, origin)

    def _itself(
        self, command: Command, what: str, folder: str | None, packages: tuple[Package, ...], text: str
    ) -> Iterator[Call]:
        own = text[command.span.start : command.span.end]
        inline = programs.inline_of(command) if command.sure else None
        if inline is not None:
            yield Call(what, "program", (), False, own)
            yield from self.shell(inline, folder, f" in {what}")
        elif self._runs_file(command, folder) and (file := programs.file_of(command)) is not None:
            yield from self._file(command, what, own, folder, file)
        else:
            yield self._program(command, what, own, folder, packages)

    def _runs_file(self, command: Command, folder: str | None) -> bool:
        """Whether a command may be read as one that runs a file: it publishes nothing by itself."""
        return command.sure and publish_of(command) is None and recognised(command, folder, self.repository) is None

    def _program(
        self, command: Command, what: str, own: str, folder: str | None, packages: tuple[Package, ...]
    ) -> Call:
        if not command.sure:
            return Call(what, "unknown", None, None, own)
        if publish_of(command) is not None:
            return Call(what, "publish", (), False, own)
        if (publisher := recognised(command, folder, self.repository)) is not None:
            more = asks_more(publisher, folder, self.repository)
            return Call(what, "release", publisher.scopes, False, own, more=more)
        if install_of(command) is not None:
            return Call(what, "install", (), None, own)
        if npm_upgrade_of(command) is not None:
            return Call(what, "program", (), False, own)
        if needs_credential(command):
            return Call(what, "registry", (), True, own)
        program = programs.lookup(command)
        if (program is None or not program.scopes) and self._runs_scripts(command, packages):
            return Call(what, "program", (), False, own)
        if program is None or (not packages and script_of(command)):
            return Call(what, "unknown", () if sets_configuration(command) else None, None, own)
        return Call(what, "program", program.scopes, False, own)

    @staticmethod
    def _runs_scripts(command: Command, packages: tuple[Package, ...]) -> bool:
        """Whether all that the command does is to run scripts that are read here."""
        names = script_of(command)
        return any(name in package.scripts for name in names for package in packages)

    def _file(self, command: Command, what: str, own: str, folder: str | None, file: str) -> Iterator[Call]:
        """A file of the repository, read; the commands of a shell script count for themselves, one hop far."""
        path = posixpath.normpath(posixpath.join(folder or "", file))
        text = self._text(path) if folder is not None and (path, "") not in self.seen else None
        if text is None:
            yield Call(what, "unknown", None, None, own)
            return
        if command.words[0].literal in ("bash", "sh", "source", ".") or is_shell(path, text):
            self.seen.add((path, ""))
            yield Call(what, "file", (), False, own + "\n" + text)
            yield from self.shell(text, folder or "", f" in {path}")
        else:
            reader = False if is_plain(path, text) else None
            yield Call(what, "file", None if REACHES_GITHUB.search(text) else (), reader, own + "\n" + text)

    def _text(self, path: str) -> str | None:
        try:
            return self.repository.source(path).text if path in self.repository.packages.paths else None
        except Unreadable:
            return None


class Walked(NamedTuple):
    """What a step runs by commands, in their order, and the package scripts and files that were entered."""

    calls: tuple[Call, ...]
    seen: frozenset[tuple[str, str]]


def walked(step: Step, repository: Repository) -> Walked:
    """What the script of a step runs, without the hooks of what it publishes; nothing where it has none."""
    return repository.once(("walk", *step.key), lambda: _walked(step, repository))


def _walked(step: Step, repository: Repository) -> Walked:
    script = script_of_step(step)
    if script.unread:
        what = f"the script of step `{step.label}`, which is not read: {script.unread}"
        return Walked((Call(what, "unknown", None, None, script.text),), frozenset())
    walk = Walk(repository)
    found = [
        call._replace(offset=command.span.start)
        for command, folder in placed(script.commands, step.directory)
        for call in walk.command(command, folder, script.text)
    ]
    return Walked(tuple(found), frozenset(walk.seen))


def short(text: str) -> str:
    """A command on one line that is not too long for a message."""
    line = one_line(text)
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "…"
