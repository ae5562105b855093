"""What a file says about the version of Node: .nvmrc, .node-version, .tool-versions, package.json, mise.toml."""

from __future__ import annotations

import posixpath
import re

from tp_fix.errors import Unreadable
from tp_fix.formats.json import values
from tp_fix.models.repository import Repository
from tp_fix.models.setup_node import node_version
from tp_fix.models.workflow import Step
from tp_fix.node import Data

LINE = re.compile(r"^(?:node(?:js)?\s+)?v?(\S+)\s*$", re.MULTILINE)
"""A line of a version file, as setup-node reads it (S src/util.ts at v7.0.0, checked 2026-11-22)."""
MISE = (
    "mise.local.toml",
    ".mise.local.toml",
    "mise.toml",
    ".mise.toml",
    "mise/config.toml",
    ".mise/config.toml",
    ".config/mise.toml",
    ".config/mise/config.toml",
)
"""Where mise looks, in its order (D mise, configuration)."""
FIRST_WITH_DEV_ENGINES = (6, 3)
"""From this setup-node on, `devEngines.runtime` goes before `engines.node` (S src/util.ts at the tags)."""


def in_version_file(path: str, repository: Repository, *, dev_engines: bool = True) -> str | None:
    """The version that setup-node takes from a `node-version-file`, as written; None when it cannot be read.

    '' when the file names none: setup-node then leaves the Node that is there.
    """
    path = posixpath.normpath(path)
    if path not in repository.packages.paths:
        return None
    try:
        source = repository.source(path)
        data = values(source) if source.text.lstrip().startswith("{") else None
    except Unreadable:
        return None
    if isinstance(data, dict):
        return _in_manifest(data, path, repository, dev_engines)
    match = LINE.search(source.text)
    return match[1] if match else source.text.strip()


def in_tool_versions(path: str, repository: Repository) -> str | None:
    """The version of Node in a `.tool-versions` of asdf and mise."""
    return node_in_tool_versions(repository.text(path)) if path in repository.packages.paths else None


def node_in_tool_versions(text: str) -> str | None:
    match = re.search(r"^node(?:js)?[ \t]+(\S+)", text, re.MULTILINE)
    return match[1] if match else None


def in_mise(repository: Repository) -> str | None:
    """The version of Node in mise's configuration, where the first file that names one counts."""
    for path in MISE:
        if path in repository.packages.paths and (found := node_in_mise(repository.text(path))):
            return found
    return in_tool_versions(".tool-versions", repository)


def volta(repository: Repository, program: str, folder: str = "") -> str | None:
    """The version of `node`, `npm` or another program that volta pins in a package.json, or in what it extends."""
    path, seen = posixpath.join(folder, "package.json"), set[str]()
    while path not in seen:
        seen.add(path)
        held = _mapping(_mapping(_manifest(path, repository)).get("volta"))
        if found := _string(held.get(program)):
            return found
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), _string(held.get("extends")) or "."))
    return None


def reads_dev_engines(step: Step, repository: Repository) -> bool:
    """Whether setup-node takes another Node than before v6.3.0 from a package.json as `node-version-file`."""
    path = posixpath.normpath(step.input("node-version-file") or "")
    if node_version(step) or posixpath.basename(path) != "package.json" or path not in repository.packages.paths:
        return False
    try:
        data = values(repository.source(path))
    except Unreadable:
        return True
    return bool(_mapping(_mapping(data).get("devEngines")).get("runtime"))


def _in_manifest(
    data: dict[str, Data], path: str, repository: Repository, dev_engines: bool, seen: frozenset[str] = frozenset()
) -> str | None:
    """As setup-node reads it: volta, then `devEngines`, then `engines`, and at last what volta extends."""
    held = _mapping(data.get("volta"))
    runtimes = _mapping(data.get("devEngines")).get("runtime") if dev_engines else None
    for runtime in (held and {"name": "node", "version": held.get("node")}, *_listed(runtimes)):
        name, version = (_string(_mapping(runtime).get(key)) for key in ("name", "version"))
        if (name or "").lower() == "node" and version:
            return version
    if found := _string(_mapping(data.get("engines")).get("node")):
        return found
    if not (extends := _string(held.get("extends"))):
        return ""
    above = posixpath.normpath(posixpath.join(posixpath.dirname(path), extends))
    more = _manifest(above, repository)
    if above in seen or not isinstance(more, dict):
        return None
    return _in_manifest(more, above, repository, dev_engines, seen | {above})


def _listed(data: Data) -> list[Data]:
    return data if isinstance(data, list) else [data]


def node_in_mise(text: str) -> str | None:
    """The version of Node in a text of mise.toml; None when it names none or is no TOML."""
    import tomllib  # only for those who have one

    try:
        tools = tomllib.loads(text).get("tools", {})
    except (ValueError, RecursionError):  # numbers and nestings that Python does not take
        return None
    found = tools.get("node", tools.get("nodejs")) if isinstance(tools, dict) else None
    found = found[0] if isinstance(found, list) and found else found
    return _string(found.get("version") if isinstance(found, dict) else found)


def _manifest(path: str, repository: Repository) -> Data:
    if path not in repository.packages.paths:
        return None
    try:
        return values(repository.source(path))
    except Unreadable:
        return None


def _mapping(data: Data) -> dict[str, Data]:
    return data if isinstance(data, dict) else {}


def _string(data: object) -> str | None:
    return data if isinstance(data, str) and data else None
