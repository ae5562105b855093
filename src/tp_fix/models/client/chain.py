"""What a step finds on its path: a Node and an npm, where they are from, and what speaks against it."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.formats.shell import Command
from tp_fix.models.versions.bundled import bundled_npm
from tp_fix.models.versions.versions import Versions
from tp_fix.models.versions.words import short
from tp_fix.models.workflow import Step


class Tool(NamedTuple):
    """What a program may be, and `why`: a phrase for a person that names where it comes from.

    `sure` is False where it may come from elsewhere: `why` is a sentence then.
    """

    versions: Versions
    why: str
    sure: bool = True


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


def with_node(node: Tool, found: Toolchain) -> Toolchain:
    """Another Node comes with an npm of its own, and whatever was doubtful before does not count any more."""
    return Toolchain(node, Tool(bundled_npm(node.versions), node.why), faults=found.faults)


def perhaps(old: Toolchain, new: Toolchain, step: Step) -> Toolchain:
    """What is there after a step that may have been left out."""
    doubts = tuple(dict.fromkeys((*old.doubts, *new.doubts)))
    if new._replace(doubts=()) == old._replace(doubts=()):
        return new._replace(doubts=doubts)
    brought = new.npm.why if old.upgrade != new.upgrade else new.node.why
    why = f"{brought} may be missing, as its step may fail unnoticed"
    if step.condition:
        why = f"{brought} is there only `if: {short(step.condition)}`"
    return Toolchain(
        Tool(old.node.versions | new.node.versions, new.node.why),
        Tool(old.npm.versions | new.npm.versions, why, sure=False),
        old.setup if old.setup == new.setup else None,
        old.upgrade if old.upgrade == new.upgrade else None,
        doubts,
        tuple(dict.fromkeys((*old.faults, *(new.faults if step.condition else ())))),  # else it fails unnoticed
        old.ruler or new.ruler,
    )
