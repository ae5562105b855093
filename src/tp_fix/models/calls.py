"""Everything that a step runs, as far as it can be read: commands, package scripts behind them, files one hop away."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts import actions, programs
from tp_fix.facts.programs import Scopes
from tp_fix.formats.shell import Command
from tp_fix.models.command import PUBLISH_SCRIPTS, install_of, needs_credential, npm_upgrade_of, publish_of, script_of
from tp_fix.models.credentials import visible_at
from tp_fix.models.model import Model
from tp_fix.models.package import Package
from tp_fix.models.place import placed
from tp_fix.models.repository import Repository
from tp_fix.models.script import commands_of, script_of_step
from tp_fix.models.workflow import Step

REACHES_GITHUB = re.compile(
    r"\bgit\b|\bgh\b|github|octokit|\b(?:child_process|subprocess|execa|zx|spawn|exec)\b"
    r"|require\(['\"]\.|from ['\"][.#]|import ['\"][.#]|import\(",
    re.IGNORECASE,
)
"""In a file that is run: signs that it uses the job's GITHUB_TOKEN, runs others, or has more of it in other files."""
MANY_SCRIPTS = 100
"""Scripts and files entered in one walk; what a step runs behind as many is not read."""
MORE_FILES = re.compile(
    r"require\(['\"][.#]|from ['\"][.#]|import ['\"][.#]|import\(|\b(?:child_process|execa|spawn)\b"
)
"""In a file that is run: signs that what it does stands in other files, which are not read."""
SPREAD = re.compile(
    r"-ws?|-r|-F|-C|workspaces?|recursive|--recursive|--(?:workspaces?|filter|prefix|dir|cwd)(?:=.*)?",
)
"""Words that make npm, pnpm or yarn run a script in other packages than the folder's own."""
PACKAGES = {"publish": "write", "install": "read"}
"""What npm asks of GITHUB_TOKEN where that is its credential: facts of GitHub Packages (D docs.github.com)."""
USES_GITHUB_TOKEN = re.compile(r"secrets\.GITHUB_TOKEN|github\.token", re.IGNORECASE)


class Call(NamedTuple):
    """One program or action that a step runs.

    `what` names it for a person. `scopes` are what it needs of GITHUB_TOKEN, None when that is not known. `reader` is
    True when it uses npm credentials, None when it may, as nobody here can read it. `text` is its own text, `folder`
    the one that it runs in (None: not known), `offset` where the command stands in the step's script that led to it.
    """

    what: str
    kind: str
    scopes: Scopes | None
    reader: bool | None
    text: str = ""
    folder: str | None = None
    offset: int = 0


@dataclass
class _Walk:
    """One walk from a step through package scripts; each script is entered once."""

    repository: Repository
    seen: set[tuple[str, str]] = field(default_factory=set)

    def command(self, command: Command, folder: str | None, text: str, origin: str) -> Iterator[Call]:
        what = f"`{_short(text[command.span.start : command.span.end])}`{origin}"
        packages = self._packages(command, folder)
        for call in self._itself(command, what, folder, packages, text):
            yield call if call.folder is not None else call._replace(folder=folder)
        for name in script_of(command):
            if re.search(r"[*/^]", name):
                yield Call(f"the scripts `{name}` behind {what}", "unknown", None, None)
            for package in packages:
                yield from self.script(package, name)

    def _packages(self, command: Command, folder: str | None) -> tuple[Package, ...]:
        """The packages whose scripts a command can run: every workspace where it is not the folder's own alone."""
        package = self.repository.packages.above(folder) if folder is not None else None
        own = (package,) if package is not None else ()
        spread = install_of(command) is not None or any(SPREAD.fullmatch(word.text) for word in command.words)
        return (*own, *(self.repository.packages.workspaces() or self.repository.packages.every())) if spread else own

    def script(self, package: Package, name: str) -> Iterator[Call]:
        if name not in package.scripts or (package.path, name) in self.seen:
            return
        self.seen.add((package.path, name))
        if len(self.seen) > MANY_SCRIPTS:
            yield Call(f"script `{name}` of {package.path}, behind many others", "unknown", None, None)
            return
        yield from self.shell(package.scripts[name], package.folder, f" in script `{name}` of {package.path}")

    def shell(self, text: str, folder: str, origin: str) -> Iterator[Call]:
        for command, place in placed(commands_of(text), folder):
            yield from self.command(command, place, text, origin)

    def _itself(
        self, command: Command, what: str, folder: str | None, packages: tuple[Package, ...], text: str
    ) -> Iterator[Call]:
        own = text[command.span.start : command.span.end]
        if command.sure and publish_of(command) is None and (file := programs.file_of(command)) is not None:
            yield from self._file(command, what, own, folder, file)
        else:
            yield self._program(command, what, own, packages)

    def _program(self, command: Command, what: str, own: str, packages: tuple[Package, ...]) -> Call:
        if not command.sure:
            return Call(what, "unknown", None, None, own)
        if publish_of(command) is not None:
            return Call(what, "publish", (), False, own)
        if install_of(command) is not None:
            return Call(what, "install", (), None, own)
        if npm_upgrade_of(command) is not None:
            return Call(what, "program", (), False, own)
        if needs_credential(command):
            return Call(what, "registry", (), True, own)
        if self._runs_scripts(command, packages):
            return Call(what, "program", (), False, own)
        program = programs.lookup(command)
        if program is None or (not packages and script_of(command)):
            return Call(what, "unknown", None, None, own)
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
        if command.words[0].literal in ("bash", "sh") or path.endswith(".sh"):
            self.seen.add((path, ""))
            yield Call(what, "file", (), False, own + "\n" + text)
            yield from self.shell(text, folder or "", f" in {path}")
        else:
            reader = None if MORE_FILES.search(text) else False
            yield Call(what, "file", None if REACHES_GITHUB.search(text) else (), reader, own + "\n" + text)

    def _text(self, path: str) -> str | None:
        try:
            return self.repository.source(path).text if path in self.repository.packages.paths else None
        except Unreadable:
            return None


def calls_of(step: Step, model: Model) -> tuple[Call, ...]:
    """Everything that a step runs, the publish hooks of what it publishes among it."""
    return model.once(("calls", step.job.workflow.path, step.route), lambda: tuple(_calls(step, model)))


def _calls(step: Step, model: Model) -> list[Call]:
    if step.uses is not None:
        return [_action(step)]
    script = script_of_step(step)
    if script.unread:
        what = f"the script of step `{step.label}`, which is not read: {script.unread}"
        return [Call(what, "unknown", None, None, script.text)]
    walk = _Walk(model.repository)
    found = [
        call._replace(offset=command.span.start)
        for command, folder in placed(script.commands, step.directory)
        for call in walk.command(command, folder, script.text, "")
    ]
    for publication in model.published_by(step):
        if not publication.target.hooks:
            continue
        if publication.target.unread:
            found.append(Call(publication.target.unread, "hooks", None, None))
        for package in publication.target.packages or ():
            for name in PUBLISH_SCRIPTS:
                found += walk.script(package, name)
    return _with_github_token(found, step)


def _action(step: Step) -> Call:
    uses = step.uses or ""
    inputs = step.node.get("with")
    text = " ".join(str(leaf.value) for leaf in inputs.leaves()) if inputs is not None else ""
    action = actions.lookup(uses)
    given = action is not None and not action.scopes and USES_GITHUB_TOKEN.search(text) is not None
    if action is None or given or any(step.input(name) for name in action.unless):
        return Call(f"`{uses}`", "unknown", None, None, text)
    return Call(f"`{uses}`", "action", action.scopes, action.reads_npm_token, text)


def _with_github_token(calls: list[Call], step: Step) -> list[Call]:
    """A step that is handed GITHUB_TOKEN uses it: for GitHub Packages as npm's credential, else nobody knows how."""
    own = [variable.name for variable in step.env if USES_GITHUB_TOKEN.search(variable.value)]
    around = any(USES_GITHUB_TOKEN.search(variable.value) for variable in visible_at(step).values())
    if own == ["NODE_AUTH_TOKEN"]:
        return [_to_packages(call) for call in calls]
    if around:
        calls = [call._replace(scopes=None) if call.kind in (*PACKAGES, "file") else call for call in calls]
    if (own or USES_GITHUB_TOKEN.search(step.run or "")) and not any(call.scopes for call in calls):
        calls = [*calls, Call(f"step `{step.label}`, which is handed GITHUB_TOKEN", "handed", None, False)]
    return calls


def _to_packages(call: Call) -> Call:
    return call._replace(scopes=(("packages", PACKAGES[call.kind]),)) if call.kind in PACKAGES else call


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"
