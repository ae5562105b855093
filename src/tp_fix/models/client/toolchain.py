"""Which Node and which npm a step finds: what the runner has, and what the steps before it have set up since."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tp_fix.facts import actions, programs
from tp_fix.facts.clients import NEWEST_NPM
from tp_fix.formats.shell import Command
from tp_fix.models.client.bundled import bundled_npm
from tp_fix.models.client.engines import runs_on
from tp_fix.models.client.image import node_of_job
from tp_fix.models.client.node_named import node_named
from tp_fix.models.client.version_file import FIRST_WITH_DEV_ENGINES, in_mise, in_tool_versions, in_version_file, volta
from tp_fix.models.client.versions import ANY, Versions, either, from_on, newest_of, ranged
from tp_fix.models.command import npm_upgrade_of, publish_of
from tp_fix.models.credentials import visible_at
from tp_fix.models.given import possible
from tp_fix.models.repository import Repository
from tp_fix.models.script import Script, script_of_step
from tp_fix.models.setup_node import is_setup_node, node_version, pin_of
from tp_fix.models.unseen import NODE
from tp_fix.models.workflow import Step

SHELLS = frozenset({"bash", "sh", "pwsh", "powershell", "cmd", "python"})
SWITCHERS = frozenset({"nvm", "fnm", "volta", "asdf", "mise", "rtx", "n", "nodenv", "nodebrew"})
FEW = 4
"""Versions that a sentence names."""
CHANGING = re.compile(r"\b(?:env\.|failure\(|always\(|cancelled\()")
"""In a condition: what may be true at one step and false at the next."""

LASTING = re.compile(r"GITHUB_PATH|addPath|\b(?:npm|pnpm|yarn)\b[^\n]*\s(?:-g|--global|global)\b[^\n]*\bnpm\b")
"""In a file that is run: signs that it changes what the commands behind it find."""


class Tool(NamedTuple):
    """What a program may be, and `why`: a phrase for a person that names where it comes from."""

    versions: Versions
    why: str


class Toolchain(NamedTuple):
    """What a step finds on its path.

    `setup` is the setup-node step that the Node is from, `upgrade` what installed the npm over the Node's own. `doubts`
    are phrases: what may have put another Node or npm there, unseen. `faults` are installs that fail, as their npm does
    not run on the Node that they find.
    """

    node: Tool
    npm: Tool
    setup: Step | None = None
    upgrade: Install | None = None
    doubts: tuple[str, ...] = ()
    faults: tuple[Install, ...] = ()

    def doubted(self, why: str) -> Toolchain:
        return self._replace(doubts=(*self.doubts, why))


class Install(NamedTuple):
    """A command of a step that installs npm globally, in the version that is `written`, on the Node that is there."""

    step: Step
    command: Command
    written: str
    node: Tool


def toolchain_at(step: Step, before: int, repository: Repository) -> Toolchain:
    """What is on the path at offset `before` of a step's script."""
    found = _at_start(step)
    for earlier in (*step.earlier, step):
        limit = before if earlier.index == step.index else len(earlier.run or "")
        new = _after(earlier, limit, found, repository)
        found = new if _runs_with(earlier, step) else _either(found, new, earlier)
    return found


def _at_start(step: Step) -> Toolchain:
    node = node_of_job(step.job)
    npm = Tool(bundled_npm(node.versions), node.why)
    return Toolchain(Tool(node.versions, node.why), npm)


def _runs_with(earlier: Step, step: Step) -> bool:
    """Whether the earlier step has run, and well, whenever the other one runs."""
    if earlier.index == step.index:
        return True
    if earlier.node.get("continue-on-error") is not None:
        return False
    condition = _bare(earlier.condition)
    same = condition == _bare(step.condition) and not CHANGING.search(condition)
    return condition in ("", "success()") or same


def _bare(condition: str | None) -> str:
    text = (condition or "").strip()
    match = re.fullmatch(r"\$\{\{(.*)\}\}", text, re.DOTALL)
    return " ".join((match[1] if match else text).split())


def _either(old: Toolchain, new: Toolchain, step: Step) -> Toolchain:
    """What is there after a step that may have been left out."""
    if old == new:
        return old
    only = f"but only `if: {step.condition}`" if step.condition else "if that does not fail unnoticed"
    return Toolchain(
        Tool(old.node.versions | new.node.versions, f"{new.node.why}, {only}"),
        Tool(old.npm.versions | new.npm.versions, f"{new.npm.why}, {only}"),
        old.setup if old.setup == new.setup else None,
        old.upgrade if old.upgrade == new.upgrade else None,
        tuple(dict.fromkeys((*old.doubts, *new.doubts))),
        tuple(dict.fromkeys((*old.faults, *new.faults))),
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
    return found if node is None else _with_node(node, found)._replace(setup=step)


def node_of(step: Step, repository: Repository) -> Tool | None:
    """The Node that a setup-node step names; None when it names none."""
    named, file = node_version(step), step.input("node-version-file")
    if named:
        return Tool(*_named(possible(named, step, repository), named))
    if not file:
        return None
    pin = pin_of(step)
    dev_engines = pin.release is None or pin.release.version[:2] >= FIRST_WITH_DEV_ENGINES
    return _in_file(file, step, repository, dev_engines)


def _in_file(file: str, step: Step, repository: Repository, dev_engines: bool) -> Tool:
    texts = [in_version_file(path, repository, dev_engines=dev_engines) for path in possible(file, step, repository)]
    if None in texts:
        return Tool(ANY, f"the Node of {file} (not known from here)")
    versions, why = _named(tuple(text for text in texts if text), ", ".join(filter(None, texts)))
    return Tool(versions, f"{why} of {file}")


def _named(texts: tuple[str, ...], written: str) -> tuple[Versions, str]:
    """The Nodes that texts stand for, and a phrase."""
    found = [node_named(text) for text in texts]
    if not texts or None in found:
        return ANY, f"Node {written} (not known from here)"
    return either(each for each in found if each is not None), f"Node {_listed(texts)}"


def _listed(texts: tuple[str, ...]) -> str:
    """A few of many, in words."""
    *first, last = texts[:FEW]
    rest = f" … {texts[-1]}" if len(texts) > FEW else ""
    return f"{', '.join(first)} or {last}{rest}" if first else last


def _with_node(node: Tool, found: Toolchain) -> Toolchain:
    """Another Node comes with an npm of its own, and whatever was doubtful before does not count any more."""
    return Toolchain(node, Tool(bundled_npm(node.versions), node.why), faults=found.faults)


def _volta(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    node = step.input("node-version") or volta(repository, "node")
    npm = step.input("npm-version") or volta(repository, "npm")
    if not node:
        return found.doubted(f"`{step.uses}` may set up another Node or npm")
    versions, why = _named(possible(node, step, repository), node)
    chain = _with_node(Tool(versions, f"{why} by volta"), found)
    if not npm:
        return chain
    return chain._replace(npm=Tool(ranged(npm) or ANY, f"npm {npm} by volta"))


def _mise(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    written = in_mise(repository) if not any(step.input(key) for key in ("mise_toml", "tool_versions")) else None
    return _managed(written, "mise", step, found)


def _asdf(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    return _managed(in_tool_versions(".tool-versions", repository), "asdf", step, found)


def _managed(written: str | None, manager: str, step: Step, found: Toolchain) -> Toolchain:
    if not written:
        return found.doubted(f"`{step.uses}` may set up another Node or npm")
    versions = node_named(written, kept=False) or ANY
    return _with_node(Tool(versions, f"Node {written} by {manager}"), found)


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
        found = found.doubted(f"its shell, {step.shell}, may bring another npm")
    for command in script.commands:
        if command.span.start >= limit:
            break
        found = _commanded(step, script, command, found, repository)
    if NODE.search(without_upgrades(script, limit)):
        found = found.doubted(f"the script of step `{step.label}` may set up another Node or npm")
    return found


def _commanded(step: Step, script: Script, command: Command, found: Toolchain, repository: Repository) -> Toolchain:
    if (version := npm_upgrade_of(command)) is not None:
        new = _upgraded(step, command, version, found, repository)
        if command.top and not _may_fail(step, script, command):
            return new
        return _either(found, new, step)
    return found.doubted(doubt) if (doubt := _doubt(command, step, repository)) else found


def _doubt(command: Command, step: Step, repository: Repository) -> str:
    """Why a command may change the Node or npm of those behind it, '' when it does not.

    A program cannot change the path of the shell that runs it: only what the shell itself reads can, and programs that
    exist for that. What programs may write to GITHUB_PATH is looked for in the script, and in files of the repository.
    """
    first = command.words[0] if command.words else None
    if first is None or first.literal is None or not command.sure:
        return f"`{first.text if first else '…'}` may set up another Node or npm"
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
    return f"`{' '.join(word.text for word in command.words)}` may set up another Node or npm" if changes else ""


def _upgraded(step: Step, command: Command, written: str, found: Toolchain, repository: Repository) -> Toolchain:
    """What a global install of npm leaves behind."""
    texts = possible(written, step, repository)
    npm = Tool(npm_named(texts[0]) if len(texts) == 1 else ANY, f"npm@{written} is installed")
    install = Install(step, command, written, found.node)
    fails = runs_on(npm.versions, found.node.versions) is False
    return found._replace(
        npm=npm, upgrade=install, doubts=(), faults=(*found.faults, install) if fails else found.faults
    )


def npm_named(text: str) -> Versions:
    """The npm that an install of `npm@text` brings: the newest that fits."""
    if text == "latest":
        return from_on(max(NEWEST_NPM.values()))
    wanted = ranged(text)
    return ANY if wanted is None else newest_of(wanted, NEWEST_NPM.values())


def _may_fail(step: Step, script: Script, command: Command) -> bool:
    """Whether a failure of the upgrade would go unnoticed, or its npm would not be the one on the path."""
    text = script.text[command.span.start : command.span.end]
    ignored = script.text[command.span.end :].lstrip(" \t").startswith(("||", "|", "&\n"))
    return ignored or "prefix" in text + " ".join(visible_at(step)).lower()


def without_upgrades(script: Script, limit: int) -> str:
    """The script up to an offset, without the commands that are known to upgrade npm and those that publish by npx."""
    text = script.text
    for command in reversed(script.commands):
        if npm_upgrade_of(command) is not None or publish_of(command) is not None:
            text = text[: command.span.start] + " " * (command.span.end - command.span.start) + text[command.span.end :]
    return text[:limit]


def setups_before(step: Step) -> Iterator[Step]:
    """The setup-node steps before a step."""
    return (other for other in step.earlier if is_setup_node(other))
