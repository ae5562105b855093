"""The .npmrc family: npm's own configuration, and the templates that people keep of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tp_fix.formats import Document
from tp_fix.formats.npmrc import entry
from tp_fix.node import Node

CREDENTIALS = frozenset({"_authToken", "_auth", "_password", "username", "always-auth"})


def is_npmrc(path: str) -> bool:
    """.npmrc, .npmrc.template, .npmrc-release, npmrc, ci.npmrc and the like."""
    name = path.rpartition("/")[2].lower()
    return re.fullmatch(r"(?:.*\.)?npmrc(?:[._-][\w.-]+)?", name) is not None


@dataclass(frozen=True)
class Setting:
    """One line of an .npmrc. `host` is what stands between `//` and the key, '' for a setting of every registry."""

    index: int
    node: Node
    host: str
    key: str
    value: str

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that the value takes."""
        return tuple(re.findall(r"\$\{([^}?]+)\??\}", self.value))


def settings(document: Document) -> list[Setting]:
    found = []
    for index, node in enumerate(document.root.items or ()):
        key, value = entry(str(node.value))
        host, name = "", key
        if match := re.fullmatch(r"//(.+?)/?:([\w-]+)", key):
            host, name = match[1], match[2]
        found.append(Setting(index, node, host, name, value))
    return found
