"""Which npm a publish step runs, as far as literal versions in its own job tell: yes, no or unknown, and why.

Known for now from a literal Node of 24 or newer, and from a literal npm; everything else is unknown or no.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.facts import actions, programs
from tp_fix.facts.clients import MINIMA, NEWEST_NPM, Version, bundled_npm, newest_bundled_npm
from tp_fix.formats.shell import Command
from tp_fix.models.command import npm_upgrade_of, publish_of
from tp_fix.models.credentials import visible_at
from tp_fix.models.script import Script, script_of_step
from tp_fix.models.setup_node import is_setup_node, node_version
from tp_fix.models.unseen import NODE
from tp_fix.models.workflow import Step

OLDEST_NODE_WITH_NPM_11 = 24
SHELLS = frozenset({"bash", "sh", "pwsh", "powershell", "cmd", "python"})
SWITCHERS = frozenset({"nvm", "fnm", "volta", "asdf", "mise", "rtx", "n", "nodenv", "nodebrew"})


class Client(NamedTuple):
    """Whether the client is new enough for OIDC: True, False, or None for unknown; `why` is a phrase for a person."""

    new_enough: bool | None
    why: str


def client_of(step: Step, before: int, tool: str, pinned: str | None) -> Client:
    """The client of a publish command that starts at offset `before` of its step's script.

    `pinned` is the V of `npx npm@V publish`, None for the npm on the path.
    """
    if tool in ("pnpm", "yarn"):
        version = ".".join(map(str, MINIMA[tool].version))
        return Client(None, f"which {tool} runs is not known from here, and OIDC needs {tool} {version} or newer")
    if (shell := step.shell.split()[:1]) and shell[0].rpartition("/")[2] not in SHELLS:
        return Client(None, f"its shell, {step.shell}, may bring another npm")
    if pinned is not None:
        return _npm(pinned, f"npx npm@{pinned}", tool)
    return _installed(step, before, tool)


def _installed(step: Step, before: int, tool: str) -> Client:
    """What the job's steps put on the path before the command: the last of them counts."""
    found = Client(None, "no step sets up Node, so the runner's own npm publishes")
    for earlier in step.job.steps:
        if earlier.index > step.index:
            break
        if is_setup_node(earlier):
            found = _unconditional(earlier, brought_by(earlier, tool))
        elif earlier.uses is not None and _may_switch(earlier.uses):
            found = Client(None, f"`{earlier.uses}` may set up another Node or npm")
        script = script_of_step(earlier) if earlier.run is not None else None
        if script is not None:
            limit = before if earlier.index == step.index else len(script.text)
            found = _upgraded(earlier, script, limit, tool) or found
            if NODE.search(without_upgrades(script, limit)):
                found = Client(None, f"the script of step `{earlier.label}` may set up another Node or npm")
    return found


def _may_switch(uses: str) -> bool:
    """Whether an action may set up a Node or an npm of its own: those that do, and all that nobody here knows."""
    return uses.lower().startswith("volta-cli/") or actions.lookup(uses) is None


def _upgraded(step: Step, script: Script, limit: int, tool: str) -> Client | None:
    found = None
    for command in script.commands:
        if command.span.start >= limit:
            break
        if command.words and command.words[0].literal in SWITCHERS:
            found = Client(None, f"`{command.words[0].text}` may switch to another Node")
        elif _unknown(command):
            found = Client(None, f"`{command.words[0].text if command.words else '…'}` may set up another Node or npm")
        if (version := npm_upgrade_of(command)) is not None:
            client = _npm(version, f"npm@{version} is installed", tool)
            sure = command.top and not _may_fail(step, script, command)
            found = _unconditional(step, client) if sure else Client(None, f"{client.why}, perhaps")
    return found


def _unknown(command: Command) -> bool:
    """Whether nobody here knows what a command does; a script that node runs cannot change what the shell finds."""
    if command.sure and command.words and command.words[0].literal in ("npm", "pnpm", "yarn", "corepack"):
        return False  # what these can do to themselves is asked elsewhere
    if programs.file_of(command) is not None:
        return not (command.words and command.words[0].literal == "node")
    return programs.lookup(command) is None


def _may_fail(step: Step, script: Script, command: Command) -> bool:
    """Whether a failure of the upgrade would go unnoticed, or its npm would not be the one on the path."""
    text = script.text[command.span.start : command.span.end]
    ignored = script.text[command.span.end :].lstrip(" \t").startswith(("||", "|", "&\n"))
    return (
        ignored
        or step.node.get("continue-on-error") is not None
        or "prefix" in text + " ".join(visible_at(step)).lower()
    )


def without_upgrades(script: Script, limit: int) -> str:
    """The script up to an offset, without the commands that are known to upgrade npm and those that publish by npx."""
    text = script.text
    for command in reversed(script.commands):
        if npm_upgrade_of(command) is not None or publish_of(command) is not None:
            text = text[: command.span.start] + " " * (command.span.end - command.span.start) + text[command.span.end :]
    return text[:limit]


def _unconditional(step: Step, client: Client) -> Client:
    """A step that may be left out proves nothing."""
    if step.condition is None:
        return client
    return Client(None, f"{client.why}, but only `if: {step.condition}`")


def brought_by(step: Step, tool: str) -> Client:
    """The npm that comes with the Node of a setup-node step."""
    version = node_version(step)
    if not version:
        what = "node-version-file" if step.input("node-version-file") else "no node-version"
        return Client(None, f"setup-node has {what}, so the npm that publishes is not known from here")
    numbers = _numbers(version)
    if numbers is None:
        return Client(None, f"the npm of Node {version!r} is not known from here")
    if numbers[0] < OLDEST_NODE_WITH_NPM_11:
        return Client(False, f"Node {version} brings an npm older than {_minimum(tool)}")
    npm = bundled_npm((numbers[0], numbers[1], numbers[2])) if len(numbers) == 3 else _newest_node(numbers)
    if npm is None:
        return Client(None, f"the npm of Node {version} is not in tp-fix's tables")
    new_enough = npm >= MINIMA[tool].version
    return Client(new_enough or None if len(numbers) == 2 else new_enough, f"Node {version} brings npm {_dotted(npm)}")


def _newest_node(numbers: tuple[int, ...]) -> Version | None:
    """The npm of the newest Node that `24` or `24.5` stands for."""
    return newest_bundled_npm(numbers[0]) if len(numbers) == 1 else bundled_npm((numbers[0], numbers[1], 0))


def _npm(version: str, what: str, tool: str) -> Client:
    caret = version.startswith("^")
    numbers = _numbers(version.removeprefix("^"))
    if numbers is None:
        return Client(None, f"{what}, which is no version that can be known from here")
    if len(numbers) == 1 or caret:
        newest = NEWEST_NPM.get(numbers[0])
        known = newest is not None or numbers[0] < min(NEWEST_NPM)
        return Client(newest >= MINIMA[tool].version if newest else False if known else None, what)
    lowest = (numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else 0)
    return Client(lowest >= MINIMA[tool].version, what)


def _numbers(version: str) -> tuple[int, ...] | None:
    """`24`, `24.x`, `v24.5.0` as numbers, cut at the first `x`; None for anything else."""
    match = re.fullmatch(r"v?(\d{1,9})(?:\.(\d{1,9}|x))?(?:\.(\d{1,9}|x))?", version.strip())
    if match is None:
        return None
    parts = [part for part in match.groups() if part is not None]
    return tuple(int(part) for part in (parts[: parts.index("x")] if "x" in parts else parts))


def _minimum(tool: str) -> str:
    return f"{tool.split()[0]} {_dotted(MINIMA[tool].version)}"


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
