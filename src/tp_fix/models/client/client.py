"""Whether the client that publishes is new enough for OIDC: yes, no or unknown, and why."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.clients import MINIMA, dotted
from tp_fix.models.client.brought import set_up
from tp_fix.models.client.chain import Install, Tool, Toolchain
from tp_fix.models.client.dev_engines import refusal
from tp_fix.models.client.manager_at import manager_at
from tp_fix.models.client.prefix import prefix_set
from tp_fix.models.client.toolchain import outlives_failure, toolchain_at
from tp_fix.models.installed.known import Known
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import outermost
from tp_fix.models.running.given import possible
from tp_fix.models.versions.engines import engines_of, runs_on
from tp_fix.models.versions.npm_named import npm_named
from tp_fix.models.versions.versions import ANY, FIRST, NEVER, Versions, either, from_on
from tp_fix.models.versions.words import listed
from tp_fix.models.workflow import Step

HANDS_OVER = from_on(FIRST, (11, 0, 0))
"""The pnpm that publishes with npm (X, facts/publishers.md)."""


class Client(NamedTuple):
    """Whether the client is new enough for OIDC: True, False, or None for unknown; `why` is a phrase for a person.

    `program` is the one that exchanges the token: npm, where pnpm hands over to it. `refused` says why npm 11 does not
    work where the command runs, '' where it does. `prefix` is where the folder of npm's global installs is set, '' for
    nowhere. `chain` is what the step finds on its path; None where that was not
    asked for. `versions` are those that the program may have, `manager` what is known of the pnpm or Yarn that runs.
    """

    new_enough: bool | None
    why: str
    program: str = "npm"
    refused: str = ""
    chain: Toolchain | None = None
    prefix: str = ""
    versions: Versions = ANY
    manager: Known | None = None


def client_of(step: Step, before: int, tool: str, pinned: str | None, folder: str, repository: Repository) -> Client:
    """The client of a publish command that starts at offset `before` of its step's script and runs in `folder`.

    `pinned` is the V of `npx npm@V publish`, None for the npm on the path.
    """
    chain = toolchain_at(step, before, repository)
    program = tool.split()[0]
    manager = manager_at(step, before, program, folder, repository) if program in ("pnpm", "yarn") else None
    if manager is not None:
        found = _pnpm(manager, chain, tool) if program == "pnpm" else _exchanges(manager, tool)
    elif refused := refusal(folder, repository):
        found = Client(False, refused, refused=refused)
    elif pinned is not None and not chain.faults:
        found = _pinned(possible(pinned, step, repository), chain, tool)
    else:
        found = on_path(chain, tool)
    if found.new_enough and found.program == "npm" and pinned is None and _may_lack(chain, step):
        why = "the publish runs also after a step before it has failed, and that may be the one of its npm"
        found = Client(None, why)
    prefix = prefix_set(step, before, repository) if not found.new_enough else ""
    return found._replace(chain=chain, prefix=prefix, manager=manager)


def _may_lack(chain: Toolchain, step: Step) -> bool:
    """Whether a step publishes although the one that sets up its npm has failed."""
    source = chain.upgrade.step if chain.upgrade is not None else chain.setup
    return source is not None and outermost(source).index < step.index and outlives_failure(step)


def _on_some(fault: Install, chain: Toolchain) -> bool:
    """Whether the npm of a failing install runs on one of the Nodes that there may be."""
    return any(
        runs_on(chain.npm.versions, Versions((stretch,))) is not False for stretch in fault.node.versions.stretches
    )


def on_path(chain: Toolchain, tool: str) -> Client:
    """The verdict on the npm on the path."""
    if chain.faults:
        fault = chain.faults[0]
        if _on_some(fault, chain):
            return Client(
                None, f"`{fault.shown}` runs on some of {fault.node.why} only, and its install fails on others"
            )
        return Client(False, f"`{fault.shown}` does not run on {fault.node.why}, so its install fails")
    return judged(chain.npm, chain.doubts, tool)


def _pinned(texts: tuple[str, ...], chain: Toolchain, tool: str) -> Client:
    """The verdict on the npm of `npx npm@V`, which runs on any Node, well or not."""
    npm = either(npm_named(text, chain.node.versions) for text in texts)
    shown = f"npm@{listed(texts)}"
    client = judged(Tool(npm, shown), (), tool)
    if client.new_enough and runs_on(npm, chain.node.versions) is False:
        return Client(None, f"{shown} is not made for {chain.node.why}")
    return client


def judged(npm: Tool, doubts: tuple[str, ...], tool: str) -> Client:
    """The verdict on an npm. A doubt is a reason not to know."""
    new_enough = npm.versions.at_least(MINIMA[tool].version)
    why = _said(npm, tool, new_enough)
    if not doubts:
        return Client(new_enough, why, versions=npm.versions)
    return Client(None, doubts[-1] if new_enough or not npm.versions.known else f"{why}, but {doubts[-1]}")


def _said(npm: Tool, tool: str, new_enough: bool | None) -> str:
    brings = _brings(npm, old=new_enough is False)
    if new_enough:
        return f"{npm.why}{brings}"
    if new_enough is False:
        return f"{npm.why}{f'{brings},' if brings else ' is'} older than {_minimum(tool)}"
    unknown = npm.sure and not npm.versions.known and not npm.why.startswith("no step")
    why = f"which npm it is depends on {npm.why.removeprefix('the npm of ')}" if unknown else f"{npm.why}{brings}"
    return f"{why}: OIDC needs {_minimum(tool)} or newer"


def brought_by(step: Step, tool: str, repository: Repository) -> Client:
    """The verdict on the npm that comes with the Node of a setup-node step."""
    chain = set_up(step, toolchain_at(step, 0, repository), repository)
    return judged(chain.npm, (), tool)


def _pnpm(pnpm: Known, chain: Toolchain, tool: str) -> Client:
    """pnpm exchanges the token itself from 11 on, and hands over to npm before."""
    old = pnpm.within(HANDS_OVER)
    if old is True and tool == "pnpm":
        npm = on_path(chain, "npm")
        return npm._replace(why=f"{pnpm.why}, which publishes with npm, and {npm.why}")
    own = _exchanges(pnpm, tool)
    if own.new_enough is True and _runs(pnpm, chain) is False:
        return Client(False, f"{pnpm.why}, which does not run on {chain.node.why}", "pnpm")
    return own


def _exchanges(tool: Known, name: str) -> Client:
    """The verdict on a tool that exchanges the token by itself."""
    minimum = MINIMA[name].version
    new_enough = tool.at_least(minimum)
    wanted = _minimum(name)
    if new_enough is True:
        return Client(True, tool.why, name.split()[0], versions=tool.versions)
    said = f"older than {wanted}" if new_enough is False else f"and OIDC needs {wanted} or newer"
    return Client(new_enough, f"{tool.why}, {said}", name.split()[0], versions=tool.versions)


def _runs(pnpm: Known, chain: Toolchain) -> bool | None:
    wanted: Versions | None = engines_of("pnpm", pnpm.versions)
    return None if wanted is None else chain.node.versions.within(wanted)


def _brings(npm: Tool, *, old: bool) -> str:
    """Which npm a Node brings, where that can be said in numbers."""
    if not npm.sure or not npm.why.startswith("Node ") or not npm.versions.known:
        return ""
    oldest, newest = npm.versions.oldest, max(stretch.start for stretch in npm.versions.stretches)
    end = max(stretch.end for stretch in npm.versions.stretches)
    if oldest == FIRST:
        return f" brings npm {end[0] - 1} at most" if end < NEVER else ""
    if old and newest != oldest:
        return f" brings npm {dotted(oldest)} to {dotted(newest)}"
    return f" brings npm {dotted(oldest)}" + ("" if old or npm.versions.exact else " or newer")


def _minimum(tool: str) -> str:
    return f"{tool.split()[0]} {dotted(MINIMA[tool].version)}"
