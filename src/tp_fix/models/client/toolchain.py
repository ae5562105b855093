"""Which Node and which npm a step finds: what the runner has, and what the steps before it have set up since."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tp_fix.facts import actions, programs
from tp_fix.formats.expression import Binary, Expression, NotAnExpression, parse
from tp_fix.formats.shell import Command
from tp_fix.models.client.bundled import bundled_npm
from tp_fix.models.client.engines import runs_on
from tp_fix.models.client.image import node_of_job
from tp_fix.models.client.node_named import node_named
from tp_fix.models.client.npm_named import npm_named
from tp_fix.models.client.version_file import (
    FIRST_WITH_DEV_ENGINES,
    in_mise,
    in_tool_versions,
    in_version_file,
    node_in_mise,
    node_in_tool_versions,
    volta,
)
from tp_fix.models.client.versions import ANY, Versions, either, ranged
from tp_fix.models.client.words import listed, short
from tp_fix.models.command import npm_upgrade_of, publish_of
from tp_fix.models.credentials import visible_at
from tp_fix.models.given import possible
from tp_fix.models.repository import Repository
from tp_fix.models.script import Script, script_of_step
from tp_fix.models.setup_node import Pin, is_setup_node, node_version, pin_of
from tp_fix.models.unseen import NODE
from tp_fix.models.workflow import Step, text_of

SHELLS = frozenset({"bash", "sh", "pwsh", "powershell", "cmd", "python"})
SWITCHERS = frozenset({"nvm", "fnm", "volta", "asdf", "mise", "rtx", "n", "nodenv", "nodebrew"})
CHANGING = re.compile(r"\b(?:env\.|failure\(|always\(|cancelled\()")
"""In a condition: what may be true at one step and false at the next."""

WORKSPACE = re.compile(r"^\$\{\{\s*github\.workspace\s*\}\}/")
COMMENT = re.compile(r"^[ \t]*#.*", re.MULTILINE)
VARIABLE = re.compile(r"\$\{?(\w+)\}?")
FORCED = frozenset({"-f", "--force"})
LASTING = re.compile(r"GITHUB_PATH|addPath|\b(?:npm|pnpm|yarn)\b[^\n]*\s(?:-g|--global|global)\b[^\n]*\bnpm\b")
"""In a file that is run: signs that it changes what the commands behind it find."""


class Tool(NamedTuple):
    """What a program may be, and `why`: a phrase for a person that names where it comes from."""

    versions: Versions
    why: str


class Toolchain(NamedTuple):
    """What a step finds on its path.

    `setup` is the step that the Node is from, `upgrade` what installed the npm over the Node's own. `doubts` are
    phrases: what may have put another Node or npm there, unseen. `faults` are installs that fail, as their npm does not
    run on the Node that they find. `ruler` is a program that decides which npm runs, whatever is installed globally.
    """

    node: Tool
    npm: Tool
    setup: Step | None = None
    upgrade: Install | None = None
    doubts: tuple[str, ...] = ()
    faults: tuple[Install, ...] = ()
    ruler: str = ""

    def doubted(self, why: str) -> Toolchain:
        return self._replace(doubts=(*self.doubts, why))


class Install(NamedTuple):
    """A command of a step that installs npm globally, in the version that is `written`, on the Node that is there.

    `setup` is the step which that Node is from.
    """

    step: Step
    command: Command
    written: str
    node: Tool
    setup: Step | None = None

    @property
    def shown(self) -> str:
        return "npm" if self.written == "*" else f"npm@{short(self.written)}"


def toolchain_at(step: Step, before: int, repository: Repository) -> Toolchain:
    """What is on the path at offset `before` of a step's script."""
    found = _at_start(step, repository)
    for earlier in (*step.earlier, step):
        limit = before if earlier.index == step.index else len(earlier.run or "")
        new = _after(earlier, limit, found, repository)
        found = new if _runs_with(earlier, step) else _either(found, new, earlier)
    return found


def _at_start(step: Step, repository: Repository) -> Toolchain:
    node = node_of_job(step, repository)
    npm = Tool(bundled_npm(node.versions), node.why)
    return Toolchain(Tool(node.versions, node.why), npm)


def _runs_with(earlier: Step, step: Step) -> bool:
    """Whether the earlier step has run, and well, whenever the other one runs."""
    if earlier.index == step.index:
        return True
    lenient = earlier.node.get("continue-on-error")
    if lenient is not None and text_of(lenient) not in ("", "false"):
        return False
    condition = _bare(earlier.condition)
    if condition in ("", "success()"):
        return True
    return not CHANGING.search(condition) and _asked(condition) <= _asked(_bare(step.condition))


def _bare(condition: str | None) -> str:
    text = (condition or "").strip()
    match = re.fullmatch(r"\$\{\{(.*)\}\}", text, re.DOTALL)
    return " ".join((match[1] if match else text).split())


def _asked(condition: str) -> frozenset[Expression | str]:
    """What must all hold for a condition to do so."""
    try:
        pending: list[Expression] = [parse(condition)]
    except NotAnExpression:
        return frozenset({condition})
    found: set[Expression | str] = set()
    while pending:
        one = pending.pop()
        if isinstance(one, Binary) and one.operator == "&&":
            pending += one.operands
        else:
            found.add(one)
    return frozenset(found)


def _either(old: Toolchain, new: Toolchain, step: Step) -> Toolchain:
    """What is there after a step that may have been left out."""
    if old == new:
        return old
    only = f"but only `if: {short(step.condition)}`" if step.condition else "if that does not fail unnoticed"
    return Toolchain(
        Tool(old.node.versions | new.node.versions, f"{new.node.why}, {only}"),
        Tool(old.npm.versions | new.npm.versions, f"{new.npm.why}, {only}"),
        old.setup if old.setup == new.setup else None,
        old.upgrade if old.upgrade == new.upgrade else None,
        tuple(dict.fromkeys((*old.doubts, *new.doubts))),
        tuple(dict.fromkeys((*old.faults, *new.faults))),
        old.ruler or new.ruler,
    )


def _after(step: Step, limit: int, found: Toolchain, repository: Repository) -> Toolchain:
    if step.uses is not None:
        bring = _bringer(step)
        if bring is not None:
            return bring(step, found, repository)
        known = actions.lookup(step.uses) is not None
        return found if known else found.doubted(f"`{step.uses}` may set up another Node or npm")
    return _scripted(step, limit, found, repository) if step.run is not None else found


Bringer = Callable[[Step, Toolchain, Repository], Toolchain]


def _bringer(step: Step) -> Bringer | None:
    if is_setup_node(step):
        return set_up
    return BRINGERS.get((step.uses or "").partition("@")[0].strip().lower())


def set_up(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    """What a setup-node step leaves behind; without any version it leaves the Node that is there."""
    node = node_of(step, repository)
    if node is None or _same_node(step, node, found):
        return found
    return _with_node(node, found)._replace(setup=step)


def _same_node(step: Step, node: Tool, found: Toolchain) -> bool:
    """Whether the Node is that of an earlier setup-node: it comes from the same folder, with the npm that is there."""
    known = node == found.node or (node.versions.known and node.versions == found.node.versions)
    if not known or found.setup is None or not is_setup_node(found.setup):
        return False
    return step.input("check-latest") == found.setup.input("check-latest")


def node_of(step: Step, repository: Repository) -> Tool | None:
    """The Node that a setup-node step names, or its own default; None when it leaves the Node that is there."""
    named, file, pin = node_version(step), step.input("node-version-file"), pin_of(step)
    if file and not named:
        return _in_file(file, step, repository, _reads_dev_engines(pin))
    named = named or (pin.major.default_node if pin.major else None)
    return Tool(*_named(possible(named, step, repository), named)) if named else None


def _reads_dev_engines(pin: Pin) -> bool:
    if pin.release is not None:
        return pin.release.version[:2] >= FIRST_WITH_DEV_ENGINES
    return pin.major is None or pin.major.number >= FIRST_WITH_DEV_ENGINES[0]


def _in_file(file: str, step: Step, repository: Repository, dev_engines: bool) -> Tool | None:
    paths = possible(WORKSPACE.sub("", file), step, repository)
    texts = tuple(in_version_file(path, repository, dev_engines=dev_engines) for path in paths)
    known = tuple(text for text in texts if text is not None)
    if len(known) < len(texts) or ("" in known and any(known)):
        return Tool(ANY, f"the Node of {short(file)} (not known from here)")
    if not any(known):
        return None
    versions, why = _named(known, listed(known))
    return Tool(versions, f"{why} of {short(file)}")


def _named(texts: tuple[str, ...], written: str) -> tuple[Versions, str]:
    """The Nodes that texts stand for, and a phrase."""
    found = [node_named(text) for text in texts]
    if not texts or None in found:
        return ANY, f"Node {short(written)} (not known from here)"
    return either(each for each in found if each is not None), f"Node {listed(texts)}"


def _with_node(node: Tool, found: Toolchain) -> Toolchain:
    """Another Node comes with an npm of its own, and whatever was doubtful before does not count any more."""
    return Toolchain(node, Tool(bundled_npm(node.versions), node.why), faults=found.faults)


def _volta(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    """volta takes a global install of npm for its default, which counts only where package.json pins no Node."""
    node = step.input("node-version") or volta(repository, "node")
    npm = step.input("npm-version") or volta(repository, "npm")
    if not node:
        return _unseen(step, found)
    versions, why = _named(possible(node, step, repository), node)
    chain = _with_node(Tool(versions, f"{why} by volta"), found)._replace(setup=step, ruler="volta")
    if not npm:
        return chain
    return chain._replace(npm=Tool(ranged(npm) or ANY, f"npm {short(npm)} by volta"))


def _mise(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    elsewhere = any(step.input(key) for key in ("working_directory", "install_args", "mise_dir"))
    if elsewhere or step.input("install") == "false":
        return _unseen(step, found)
    if text := step.input("mise_toml") or "":
        return _managed(node_in_mise(text), "mise", step, found)
    if text := step.input("tool_versions") or "":
        return _managed(node_in_tool_versions(text), "mise", step, found)
    return _managed(in_mise(repository), "mise", step, found)


def _asdf(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    return _managed(in_tool_versions(".tool-versions", repository), "asdf", step, found)


def _managed(written: str | None, manager: str, step: Step, found: Toolchain) -> Toolchain:
    if not written:
        return _unseen(step, found)
    versions = node_named(written.removeprefix("prefix:"), kept=False) or ANY
    return _with_node(Tool(versions, f"Node {short(written)} by {manager}"), found)._replace(setup=step)


def _unseen(step: Step, found: Toolchain) -> Toolchain:
    return found.doubted(f"`{step.uses}` may set up another Node or npm")


BRINGERS: dict[str, Bringer] = {
    "volta-cli/action": _volta,
    "jdx/mise-action": _mise,
    "asdf-vm/actions/install": _asdf,
    "asdf-vm/actions/setup": lambda step, found, repository: found,
}
"""Actions that bring a Node, by name."""


def _scripted(step: Step, limit: int, found: Toolchain, repository: Repository) -> Toolchain:
    script = script_of_step(step)
    if (shell := step.shell.split()[:1]) and shell[0].rpartition("/")[2] not in SHELLS:
        found = found.doubted(f"its shell, {short(step.shell)}, may bring another npm")
    for command in script.commands:
        if command.span.start >= limit:
            break
        found = _commanded(step, script, command, found, repository)
    rest = COMMENT.sub("", without_upgrades(script, limit))
    if NODE.search(rest) or (script.unread and LASTING.search(rest)):
        found = found.doubted(f"the script of step `{step.label}` may set up another Node or npm")
    return found


def _commanded(step: Step, script: Script, command: Command, found: Toolchain, repository: Repository) -> Toolchain:
    if [word.literal for word in command.words[:2]] == ["corepack", "enable"] and _names_npm(command):
        return found.doubted("corepack may run another npm")._replace(ruler="corepack")
    inner = _without_sudo(command)
    if (version := npm_upgrade_of(inner)) is None:
        return found.doubted(doubt) if (doubt := _doubt(command, step, repository)) else found
    if inner is not command and found.setup is not None:
        return found.doubted(f"`{_spelled(command)}` does not find the Node of the job, as sudo has a path of its own")
    new = _upgraded(step, command, _value(version, step, script), found, repository)
    return new if command.top and not _may_fail(step, script, command) else _either(found, new, step)


def _without_sudo(command: Command) -> Command:
    """The command that sudo runs; the same one without sudo."""
    if not command.words or command.words[0].literal != "sudo":
        return command
    rest = list(command.words[1:])
    while rest and (rest[0].literal or "").startswith("-"):
        rest.pop(0)
    return command._replace(words=tuple(rest))


def _names_npm(command: Command) -> bool:
    return any(word.literal == "npm" for word in command.words[2:])


def _spelled(command: Command) -> str:
    return short(" ".join(word.text for word in command.words))


def _value(version: str, step: Step, script: Script) -> str:
    """A version with the variable of an `env:` that it is, if the script does not set it."""
    match = VARIABLE.fullmatch(version)
    seen = visible_at(step).get(match[1]) if match else None
    if match is None or seen is None or re.search(rf"\b{match[1]}=", script.text):
        return version
    return seen.value.strip()


def _doubt(command: Command, step: Step, repository: Repository) -> str:
    """Why a command may change the Node or npm of those behind it, '' when it does not.

    A program cannot change the path of the shell that runs it: only what the shell itself reads can, and programs that
    exist for that. What programs may write to GITHUB_PATH is looked for in the script, and in files of the repository.
    """
    first = command.words[0] if command.words else None
    if first is None or first.literal is None or not command.sure:
        return f"`{short(first.text) if first else '…'}` may set up another Node or npm"
    if first.literal in SWITCHERS:
        return f"`{first.text}` may switch to another Node"
    if first.literal == "eval":
        return "`eval` may set up another Node or npm"
    file = programs.file_of(command)
    text = repository.text(posixpath.normpath(posixpath.join(step.directory, file))) if file else ""
    if first.literal in ("source", "."):
        changes = not text or NODE.search(text) is not None
    else:
        changes = LASTING.search(text) is not None
    return f"`{_spelled(command)}` may set up another Node or npm" if changes else ""


def _upgraded(step: Step, command: Command, written: str, found: Toolchain, repository: Repository) -> Toolchain:
    """What a global install of npm leaves behind. npm refuses one that does not run on its Node, unless it is forced."""
    texts = possible(written, step, repository)
    node = found.node.versions
    npm = either(npm_named(text.strip(), node) for text in texts)
    install = Install(step, command, listed(texts), found.node, found.setup)
    new = found._replace(npm=Tool(npm, f"`{_spelled(command)}`"), upgrade=install, doubts=())
    if found.ruler:
        new = new.doubted(f"{found.ruler} decides which npm runs")
    if runs_on(npm, node) is not False:
        return new
    if any(word.literal in FORCED for word in command.words):
        return new.doubted(f"`{install.shown}` is forced on {found.node.why}, which it is not made for")
    return new._replace(faults=(*found.faults, install))


def _may_fail(step: Step, script: Script, command: Command) -> bool:
    """Whether a failure of the upgrade would go unnoticed, or its npm would not be the one on the path."""
    text = script.text[command.span.start : command.span.end]
    ignored = script.text[command.span.end :].lstrip(" \t").startswith(("||", "|", "&\n"))
    return ignored or "prefix" in text + " ".join(visible_at(step)).lower()


def without_upgrades(script: Script, limit: int) -> str:
    """The script up to an offset, without the commands that are known to upgrade npm and those that publish by npx."""
    text = script.text
    for command in reversed(script.commands):
        if npm_upgrade_of(_without_sudo(command)) is not None or publish_of(command) is not None:
            text = text[: command.span.start] + " " * (command.span.end - command.span.start) + text[command.span.end :]
    return text[:limit]


def setups_before(step: Step) -> Iterator[Step]:
    """The setup-node steps before a step."""
    return (other for other in step.earlier if is_setup_node(other))
