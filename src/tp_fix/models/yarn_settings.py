"""Where the settings files of Yarn Berry send a package: they count in the place of every .npmrc."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from tp_fix.errors import Unreadable
from tp_fix.facts.registry import is_public
from tp_fix.models.installed.entry import upwards
from tp_fix.models.package import Package
from tp_fix.models.repository import Repository
from tp_fix.node import Node

FILE = ".yarnrc.yml"
KEYS = ("npmPublishRegistry", "npmRegistryServer")


def yarn_registry(package: Package | None, folder: str | None, repository: Repository) -> str:
    """Why a package may go elsewhere than to the public registry, as a phrase; '' where no settings say so.

    The nearest file counts, but another registry in any of them above is a doubt. None is a package that is not known.
    """
    if package is not None and isinstance(package.publish_config.get("registry"), str):
        return ""
    for above in upwards(package.folder if package is not None else folder or ""):
        path = posixpath.join(above, FILE)
        if path not in repository.packages.paths:
            continue
        try:
            root = repository.document(path).root
        except Unreadable as problem:
            return f"{path} cannot be read: {problem.reason}"
        for key, node in _addresses(root, package):
            if is_public(str(node.value)) is not True:
                return f"`{key}` of {path} names {node.value}"
    return ""


def _addresses(root: Node, package: Package | None) -> Iterator[tuple[str, Node]]:
    """What may give a package's registry, each with how a person finds it."""
    for key in KEYS:
        if (node := root.get(key)) is not None:
            yield key, node
    scopes = root.get("npmScopes")
    for name, entry in scopes.pairs or () if scopes is not None else ():
        if package is None or (package.name or "@").startswith(f"@{name.value}/"):
            for key in KEYS:
                if (node := entry.get(key)) is not None:
                    yield f"npmScopes.{name.value}.{key}", node
