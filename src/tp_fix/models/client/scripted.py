"""What a script leaves on the path of what runs behind it: another npm, and doubts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from tp_fix.facts import programs
from tp_fix.formats.shell import Command
from tp_fix.models.client.chain import Install, Tool, Toolchain, perhaps
from tp_fix.models.client.prefix import prefix_set
from tp_fix.models.publishing.unseen import NODE
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import install_of, npm_upgrade_of, publish_of, script_of
from tp_fix.models.running.composite import outermost
from tp_fix.models.running.given import possible, variable_at
from tp_fix.models.running.place import placed
from tp_fix.models.running.script import Script, commands_of, script_of_step
from tp_fix.models.versions.engines import runs_on
from tp_fix.models.versions.npm_named import npm_named
from tp_fix.models.versions.versions import ANY, either
from tp_fix.models.versions.words import listed, short
from tp_fix.models.workflow import Step

MAKEFILES = {"make": "Makefile", "just": "justfile"}
SHELLS = frozenset({"bash", "sh", "pwsh", "powershell", "cmd", "python"})
SWITCHERS = frozenset(
    {"nvm", "fnm", "volta", "asdf", "mise", "rtx", "n", "nodenv", "nodebrew", "nave", "nvs", "nodist"}
)
COMMENT = re.compile(r"^[ \t]*#.*", re.MULTILINE)
VARIABLE = re.compile(r"\$\{?(\w+)\}?")
BY_COREPACK = "corepack may run another npm"
ACTIVATING = (("prepare", "--activate"), ("install", "-g"), ("install", "--global"))
"""How corepack is told which version of a package manager to run outside of projects that name one."""
FORCED = frozenset({"-f", "--force"})
LASTING = re.compile(
    r"GITHUB_PATH|addPath|\b(?:npm|pnpm|yarn)\b[^\n;&|]*\s(?:-g|--global|global)\b[^\n;&|]*\bnpm\b"
    r"|\bnpm@[^\n;&|]*\s(?:-g|--global)\b"
)
"""In a file or a package script that is run: signs that it changes what the commands behind it find."""
ELSEWHERE = re.compile(
    r"prefix|\s(?:-C|--no-bin-links|--bin-links[= ]false|--package-lock-only|--dry-run|--before"
    r"|--location[= ](?!global))",
    re.IGNORECASE,
)
"""In an upgrade: signs that the npm on the path stays what it is."""
LENIENT = re.compile(r"\bset[ \t]+(?:\+\w*e|\+o[ \t]+errexit)|![ \t]*$")
"""In a script, right up to a command: its failure does not end the script."""
REST = re.compile(r"(?:\\\r?\n|[^\n])*")
CLOSED = re.compile(r"(?:^|;)[ \t]*\}[^\n]*\|", re.MULTILINE)
"""A group of commands whose failure counts for nothing."""
NOTE = re.compile(r"\s#[^\n]*")


def scripted(step: Step, limit: int, found: Toolchain, repository: Repository) -> Toolchain:
    script = script_of_step(step)
    if (shell := step.shell.split()[:1]) and shell[0].rpartition("/")[2] not in SHELLS:
        found = found.doubted(f"its shell, {short(step.shell)}, may bring another npm")
    start, own = found.doubts, tuple[str, ...]()
    for command, folder in placed(script.commands, step.directory):
        if command.span.start >= limit:
            break
        new = _commanded(step, script, command, folder or step.directory, found, repository)
        own += tuple(doubt for doubt in found.doubts if doubt not in (*start, *new.doubts, BY_COREPACK))
        found = new
    if own and limit == len(script.text):  # what a script switches to, and the npm that it installs there, end with it
        return found.doubted(own[-1])
    if set(found.doubts) <= set(start) and _speaks_of_node(script, limit):
        found = found.doubted(f"the script of step `{step.label}` may set up another Node or npm")
    return found


def _speaks_of_node(script: Script, limit: int) -> bool:
    """Whether there are signs of another Node or npm beside the commands that are understood."""
    text = COMMENT.sub("", _without(script, limit, _understood))
    return NODE.search(text) is not None or (bool(script.unread) and LASTING.search(text) is not None)


def _understood(command: Command) -> bool:
    corepack = bool(command.words) and command.words[0].literal == "corepack"
    return corepack or _known(command) or install_of(command) is not None


def _commanded(
    step: Step, script: Script, command: Command, folder: str, found: Toolchain, repository: Repository
) -> Toolchain:
    if [word.literal for word in command.words[:2]] == ["corepack", "enable"] and _names_npm(command):
        return found.doubted(BY_COREPACK)._replace(ruler="corepack")
    if found.ruler == "corepack" and command.top and (activated := _activated(command, found, repository)):
        return activated
    inner = without_sudo(command)
    if (version := npm_upgrade_of(inner)) is None:
        return found.doubted(doubt) if (doubt := _doubt(command, folder, repository)) else found
    if inner is not command and found.setup is not None:
        return found.doubted(f"`{_spelled(command)}` does not find the Node of the job, as sudo has a path of its own")
    new = _upgraded(step, command, _value(version, step, script), found, repository)
    return new if command.top and not _may_fail(step, script, command) else perhaps(found, new, step)


def _activated(command: Command, found: Toolchain, repository: Repository) -> Toolchain | None:
    """What `corepack install -g npm@V` leaves behind; None for other commands, and where `packageManager` rules."""
    words = [word.literal or "" for word in command.words]
    if words[:1] != ["corepack"] or not any({kind, option} <= set(words[1:]) for kind, option in ACTIVATING):
        return None
    named = next((word.removeprefix("npm@") for word in words[2:] if word.startswith("npm@")), "")
    manifest = repository.packages.at("")
    versions = npm_named(named) if named and not (manifest and manifest.manager) else ANY
    if not versions.known or runs_on(versions, found.node.versions) is False:
        return None
    doubts = tuple(doubt for doubt in found.doubts if doubt != BY_COREPACK)
    return found._replace(npm=Tool(versions, f"the npm of `{_spelled(command)}`"), doubts=doubts)


def without_sudo(command: Command) -> Command:
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
    value = variable_at(match[1], step) if match else None
    if match is None or value is None or re.search(rf"\b{match[1]}=", script.text):
        return version
    return value.strip()


def _doubt(command: Command, folder: str, repository: Repository) -> str:
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
    text = _text_behind(command, folder, repository)
    if first.literal in ("source", "."):
        changes = not text or NODE.search(text) is not None
    else:
        changes = LASTING.search(text) is not None
    return f"`{_spelled(command)}` may set up another Node or npm" if changes else ""


def _text_behind(command: Command, folder: str, repository: Repository) -> str:
    """The file that a command runs, or the package scripts and those behind them."""
    file = MAKEFILES.get(command.words[0].literal or "") or programs.file_of(command)
    if file:
        return repository.text(posixpath.normpath(posixpath.join(folder, file)))
    names, package = list(script_of(command)), repository.packages.above(folder)
    seen: dict[str, str] = {}
    while names and package is not None:
        name = names.pop()
        if name in package.scripts and name not in seen:
            seen[name] = package.scripts[name]
            names += [inner for each in commands_of(seen[name]) for inner in script_of(each)]
    return "\n".join(seen.values())


def _upgraded(step: Step, command: Command, written: str, found: Toolchain, repository: Repository) -> Toolchain:
    """What a global install of npm leaves behind. npm refuses one that does not run on its Node, unless forced."""
    texts = possible(written, step, repository)
    node = found.node.versions
    npm = either(npm_named(text.strip(), node) for text in texts)
    install = Install(step, command, listed(texts), found.node, found.setup)
    new = found._replace(npm=Tool(npm, f"the npm of `{_spelled(command)}`"), upgrade=install, doubts=())
    if found.ruler:
        new = new.doubted(f"{found.ruler} decides which npm runs")
    if place := prefix_set(outermost(step), command.span.start, repository):
        new = new.doubted(f"{place} says that npm installs to a folder of its own")
    if runs_on(npm, node) is not False:
        return new
    if any(word.literal in FORCED for word in command.words):
        return new.doubted(f"`{install.shown}` is forced on {found.node.why}, which it is not made for")
    return new._replace(faults=(*found.faults, install))


def _may_fail(step: Step, script: Script, command: Command) -> bool:
    """Whether a failure of the upgrade would go unnoticed, or its npm would not be the one on the path."""
    start, end = command.span
    rest = REST.match(script.text, end)
    ignored = rest is not None and "|" in NOTE.sub("", rest[0])
    ignored |= script.text.startswith((" &\n", "&\n"), end) or CLOSED.search(script.text, end) is not None
    own = " ".join(variable.name for variable in step.env)
    elsewhere = ELSEWHERE.search(f"{script.text[start:end]} {own}") is not None
    return ignored or elsewhere or LENIENT.search(script.text[:start]) is not None


def without_upgrades(script: Script, limit: int) -> str:
    """The script up to an offset, without the commands that are known to upgrade npm and those that publish by npx."""
    return _without(script, limit, _known)


def _known(command: Command) -> bool:
    return npm_upgrade_of(without_sudo(command)) is not None or publish_of(command) is not None


def _without(script: Script, limit: int, known: Callable[[Command], bool]) -> str:
    text = script.text
    for command in reversed(script.commands):
        if known(command):
            text = text[: command.span.start] + " " * (command.span.end - command.span.start) + text[command.span.end :]
    return text[:limit]
