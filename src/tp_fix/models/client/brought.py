"""The Node that an action brings: setup-node, volta, mise, asdf."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tp_fix.models.client.chain import Tool, Toolchain, with_node
from tp_fix.models.client.tree_changed import other_commit, rewritten
from tp_fix.models.client.version_file import (
    FIRST_WITH_DEV_ENGINES,
    in_mise,
    in_tool_versions,
    in_version_file,
    node_in_mise,
    node_in_tool_versions,
    volta,
)
from tp_fix.models.repository import Repository
from tp_fix.models.running.given import possible
from tp_fix.models.setup_node import Pin, is_setup_node, node_version, pin_of
from tp_fix.models.versions.node_named import node_named
from tp_fix.models.versions.versions import ANY, Versions, either, ranged
from tp_fix.models.versions.words import listed, short
from tp_fix.models.workflow import Step

WORKSPACE = re.compile(r"^\$\{\{\s*github\.workspace\s*\}\}/")

Bringer = Callable[[Step, Toolchain, Repository], Toolchain]


def bringer_of(step: Step) -> Bringer | None:
    if is_setup_node(step):
        return set_up
    return BRINGERS.get((step.uses or "").partition("@")[0].strip().lower())


def set_up(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    """What a setup-node step leaves behind; without any version it leaves the Node that is there."""
    node = node_of(step, repository) or _unasked(step)
    if node is None or _same_node(step, node, found):
        return found
    chain = with_node(node, found)._replace(setup=step)
    if step.input("node-version-file") and not node_version(step) and other_commit(step):
        return chain.doubted(
            f"the commit that is checked out may have another {short(step.input('node-version-file') or '')}"
        )
    return chain


def _same_node(step: Step, node: Tool, found: Toolchain) -> bool:
    """Whether the Node is that of an earlier setup-node: it comes from the same folder, with the npm that is there."""
    known = node == found.node or (node.versions.known and node.versions == found.node.versions)
    if not known or found.setup is None or not is_setup_node(found.setup):
        return False
    return all(step.input(name) == found.setup.input(name) for name in ("check-latest", "architecture", "mirror"))


def node_of(step: Step, repository: Repository) -> Tool | None:
    """The Node that a setup-node step names; None when it names none."""
    named, file, pin = node_version(step), step.input("node-version-file"), pin_of(step)
    if file and not named:
        return _in_file(file, step, repository, _reads_dev_engines(pin))
    return Tool(*_named(possible(named, step, repository), named)) if named else None


def _unasked(step: Step) -> Tool | None:
    """The Node that setup-node v1 sets up where none is named."""
    major = pin_of(step).major
    default = major.default_node if major is not None else None
    return Tool(*_named((default,), default)) if default else None


def _reads_dev_engines(pin: Pin) -> bool:
    if pin.release is not None:
        return pin.release.version[:2] >= FIRST_WITH_DEV_ENGINES
    return pin.major is None or pin.major.number >= FIRST_WITH_DEV_ENGINES[0]


def _in_file(file: str, step: Step, repository: Repository, dev_engines: bool) -> Tool | None:
    paths = possible(WORKSPACE.sub("", file), step, repository)
    texts = tuple(in_version_file(path, repository, dev_engines=dev_engines) for path in paths)
    known = tuple(text for text in texts if text is not None)
    if any(rewritten(path, step, repository) for path in paths):
        known = ()
    if len(known) < len(texts) or ("" in known and any(known)):
        return Tool(ANY, f"the Node of {short(file)} (not known from here)")
    if not any(known):
        return None
    versions, why = _named(known, listed(known))
    return Tool(versions, f"{why} of {short(file)}")


def _named(texts: tuple[str, ...], written: str) -> tuple[Versions, str]:
    """The Nodes that texts stand for, and a phrase."""
    found = [node_named(text) if text.strip() else None for text in texts]
    if not texts or None in found:
        return ANY, f"Node {short(written)} (not known from here)"
    return either(each for each in found if each is not None), f"Node {listed(texts)}"


def _volta(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    """volta takes a global install of npm for its default, which counts only where package.json pins no Node."""
    node = step.input("node-version") or volta(repository, "node")
    npm = step.input("npm-version") or volta(repository, "npm")
    if not node:
        return unseen(step, found)
    versions, why = _named(possible(node, step, repository), node)
    chain = with_node(Tool(versions, f"{why} by volta"), found)._replace(setup=step, ruler="volta")
    if not npm:
        return chain
    return chain._replace(npm=Tool(ranged(npm) or ANY, f"npm {short(npm)} by volta"))


def _mise(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    elsewhere = any(step.input(key) for key in ("working_directory", "install_args", "mise_dir"))
    if elsewhere or step.input("install") == "false":
        return unseen(step, found)
    if text := step.input("mise_toml") or "":
        return _managed(node_in_mise(text), "mise", step, found)
    if text := step.input("tool_versions") or "":
        return _managed(node_in_tool_versions(text), "mise", step, found)
    return _managed(in_mise(repository), "mise", step, found)


def _asdf(step: Step, found: Toolchain, repository: Repository) -> Toolchain:
    return _managed(in_tool_versions(".tool-versions", repository), "asdf", step, found)


def _managed(written: str | None, manager: str, step: Step, found: Toolchain) -> Toolchain:
    if not written:
        return unseen(step, found)
    versions = node_named(written.removeprefix("prefix:"), kept=False) or ANY
    return with_node(Tool(versions, f"Node {short(written)} by {manager}"), found)._replace(setup=step)


def unseen(step: Step, found: Toolchain) -> Toolchain:
    return found.doubted(f"`{step.uses}` may set up another Node or npm")


BRINGERS: dict[str, Bringer] = {
    "volta-cli/action": _volta,
    "jdx/mise-action": _mise,
    "asdf-vm/actions/install": _asdf,
    "asdf-vm/actions/setup": lambda step, found, repository: found,
}
"""Actions that bring a Node, by name."""


def setups_before(step: Step) -> Iterator[Step]:
    """The setup-node steps before a step."""
    return (other for other in step.earlier if is_setup_node(other))
