"""Which Node a setup-node step may set up, as far as it matters for the npm that comes with it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts.setup_node import FIRST_NODE_WITH_NPM_7, OLD_CODENAMES
from tp_fix.formats.json import values
from tp_fix.models.credentials import visible_at
from tp_fix.models.repository import Repository
from tp_fix.models.setup_node import node_version
from tp_fix.models.workflow import Step, text_of

ALIASES = frozenset({"", "*", "x", "latest", "current", "node"})
BELOW = re.compile(r"<(=?)\s*v?(\d{1,3})")
EXPRESSION = re.compile(r"\$\{\{\s*(env|matrix)\.([\w-]+)\s*\}\}")


class NodeNamed(NamedTuple):
    """`old` says whether its npm may be 6 or less: None when that cannot be known; `shown` is what names it."""

    old: bool | None
    shown: str


def node_named(step: Step, repository: Repository) -> NodeNamed:
    """The oldest Node that a setup-node step may set up; one that is not named is the runner's own, which is new."""
    found = [NodeNamed(_old(text), text) for text in _texts(step, repository)]
    for answer in (True, None):
        if one := next((one for one in found if one.old is answer), None):
            return one
    return NodeNamed(False, "")


def _texts(step: Step, repository: Repository) -> Iterator[str]:
    named = node_version(step)
    expression = EXPRESSION.fullmatch((named or "").strip())
    if expression is not None and expression[1] == "matrix":
        matrix = step.job.node.at(("strategy", "matrix"))
        leaves = [text_of(leaf) for leaf in matrix.leaves()] if matrix is not None else []
        numbers = [text for text in leaves if re.match(r"[\^~<>=v]*\d|lts/|latest$|current$|node$", text.strip())]
        yield from numbers or [named or ""]
    elif expression is not None:
        variable = visible_at(step).get(expression[2])
        yield variable.value if variable is not None else named or ""
    elif named:
        yield named
    elif file := step.input("node-version-file"):
        yield _in_file(file, repository)


def _in_file(file: str, repository: Repository) -> str:
    """What a node-version-file names; what cannot be read is given as its name, of which nothing can be known."""
    path = posixpath.normpath(file)
    if "$" in file or path not in repository.packages.paths:
        return file
    try:
        source = repository.source(path)
        data = values(source) if path.endswith(".json") else None
    except Unreadable:
        return file
    if isinstance(data, dict):
        held = (data.get(key) for key in ("volta", "engines"))
        named = (one.get("node") for one in held if isinstance(one, dict))
        return next((text for text in named if isinstance(text, str)), file)
    match = re.search(r"^(?:node(?:js)?\s+)?v?(\S+)\s*$", source.text, re.MULTILINE)
    return match[1] if match else file


def reads_dev_engines(step: Step, repository: Repository) -> bool:
    """Whether setup-node from v6.3.0 on takes another Node than before from a package.json as `node-version-file`.

    `devEngines.runtime` goes before `engines.node` there (S src/util.ts at the tags, checked 2026-11-22).
    """
    path = posixpath.normpath(step.input("node-version-file") or "")
    named = node_version(step) or posixpath.basename(path) != "package.json"
    if named or path not in repository.packages.paths:
        return False
    try:
        data = values(repository.source(path))
    except Unreadable:
        return True
    engines = data.get("devEngines") if isinstance(data, dict) else None
    return isinstance(engines, dict) and bool(engines.get("runtime"))


def _old(text: str) -> bool | None:
    """Whether a version, range or alias may stand for a Node before 15; the newest that it allows counts."""
    answers = [_alternative(part.strip().lower()) for part in text.split("||")]
    return False if False in answers else None if None in answers else True


def _alternative(text: str) -> bool | None:
    if "${{" in text:
        return None
    if text in ALIASES or text.startswith("lts/"):
        return text.removeprefix("lts/") in OLD_CODENAMES
    if below := BELOW.search(text):
        return int(below[2]) - (not below[1]) < FIRST_NODE_WITH_NPM_7
    if text.startswith(">"):
        return False
    numbers = re.findall(r"(?:^|\s|[\^~=])v?(\d{1,3})(?=\.|\s|$)", text)
    return int(numbers[-1]) < FIRST_NODE_WITH_NPM_7 if numbers else None
