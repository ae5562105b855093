"""npm packages of a repository: their manifests, and which of them form workspaces of npm, pnpm, Yarn or lerna."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.formats import Document
from tp_fix.formats.json import values
from tp_fix.node import Data, plain
from tp_fix.source import Source

SECTIONS = ("devDependencies", "dependencies", "optionalDependencies")
"""Where a manifest names what is installed for it; the last one that names a package counts."""


class Package(NamedTuple):
    """A package.json. `folder` is relative to the repository, '' for its root; `name` is None when it has none.

    `repository` is what npm takes for it, unchecked; `keys` are those of its top level, in order. `dependencies` are
    ranges by the section that they stand in, `manager` is `packageManager` as it is written.
    """

    path: str
    name: str | None
    private: bool
    version: str | None
    scripts: dict[str, str]
    publish_config: dict[str, Data]
    workspaces: tuple[str, ...]
    repository: Data
    keys: tuple[str, ...]
    dependencies: dict[str, dict[str, str]]
    manager: str
    dev_engines: dict[str, Data]
    catalogs: dict[str, Data]

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)


def package_of(source: Source) -> Package:
    """Raises Unreadable when the file is not JSON, or JSON but no manifest."""
    data = values(source)
    if not isinstance(data, dict):
        raise Unreadable(source.path, "not a package manifest: its top level is no object")
    name, version = data.get("name"), data.get("version")
    return Package(
        source.path,
        name if isinstance(name, str) else None,
        data.get("private") not in (None, False, 0, ""),  # as JavaScript has it: "true" is private too
        version if isinstance(version, str) else None,
        _texts(data.get("scripts")),
        _mapping(data.get("publishConfig")),
        _patterns(data.get("workspaces")),
        _repository(data),
        tuple(data),
        {section: _texts(data.get(section)) for section in SECTIONS if section in data},
        str(data.get("packageManager") or ""),
        _mapping(data.get("devEngines")),
        _catalogs(data),
    )


class Packages:
    """The packages of a repository, read when asked for. `document` and `source` read a file or raise Unreadable.

    Manifests that cannot be read are kept in `problems`.
    """

    def __init__(
        self, paths: Iterable[str], document: Callable[[str], Document], source: Callable[[str], Source]
    ) -> None:
        self.paths = frozenset(paths)
        self.manifests = tuple(sorted(path for path in self.paths if posixpath.basename(path) == "package.json"))
        self.document = document
        self.source = source
        self.known: dict[str, Package | None] = {}
        self.problems: dict[str, Unreadable] = {}

    def at(self, folder: str) -> Package | None:
        """The package whose manifest stands in a folder; None without one, or when it cannot be read."""
        path = posixpath.join(folder, "package.json")
        if path not in self.known:
            self.known[path] = self._read(path) if path in self.paths else None
        return self.known[path]

    @property
    def unreadable(self) -> frozenset[str]:
        """The folders whose manifest was asked for, is there, and cannot be read."""
        return frozenset(posixpath.dirname(path) for path in self.problems)

    def above(self, folder: str) -> Package | None:
        """The package of a folder, or of the nearest one above that has a manifest."""
        while (package := self.at(folder)) is None and folder:
            folder = posixpath.dirname(folder)
        return package

    def every(self) -> tuple[Package, ...]:
        """All packages of the repository."""
        return tuple(package for path in self.manifests if (package := self._at(path)))

    def named(self, name: str) -> Package | None:
        return next((package for package in self.every() if package.name == name), None)

    def workspaces(self, folder: str = "") -> tuple[Package, ...] | None:
        """The packages of the workspace whose root is a folder, the root not among them; None when there is no such."""
        patterns = self._workspace_patterns(folder)
        if not patterns:
            return None
        chosen = [pattern for pattern in patterns if not pattern.startswith("!")]
        dropped = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
        found = []
        for path in self.manifests:
            below = posixpath.relpath(posixpath.dirname(path) or ".", folder or ".")
            if below == "." or not any(glob(p).fullmatch(below) for p in chosen):
                continue
            if not any(glob(p).fullmatch(below) for p in dropped) and (package := self._at(path)):
                found.append(package)
        return tuple(found)

    def _at(self, path: str) -> Package | None:
        return self.at(posixpath.dirname(path))

    def _read(self, path: str) -> Package | None:
        try:
            return package_of(self.source(path))
        except Unreadable as problem:
            self.problems[path] = problem
            return None

    def _workspace_patterns(self, folder: str) -> tuple[str, ...]:
        package = self.at(folder)
        if package and package.workspaces:
            return package.workspaces
        for name in ("pnpm-workspace.yaml", "lerna.json"):
            path = posixpath.join(folder, name)
            if path in self.paths and (patterns := _patterns(_mapping(self.loose(path)).get("packages"))):
                return patterns
        return ()

    def loose(self, path: str) -> Data:
        """A settings file's content, None when it cannot be read. lerna.json may have comments and trailing commas."""
        try:
            if not path.endswith(".json"):
                return plain(self.document(path).root)
            import json5  # 100 ms: only for what strict JSON does not cover

            data: Data = json5.loads(self.source(path).text)
        except (Unreadable, ValueError, RecursionError):  # json5 recurses into whatever it is given
            return None
        return data


MANY = 4
"""Double stars in one workspace pattern: with more, matching could take for ever, and nobody means it."""


@lru_cache(maxsize=1024)
def glob(pattern: str) -> re.Pattern[str]:
    """A workspace pattern: `*` within one folder name, `**` across folders."""
    pattern = re.sub(r"(?:\*\*/)+", "**/", pattern.removeprefix("./").rstrip("/"))
    if pattern.count("**") > MANY:
        return re.compile(re.escape(pattern))
    parts = re.split(r"(\*\*/?|\*|\?)", pattern)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(known.get(part, re.escape(part)) for part in parts))


def _mapping(data: Data) -> dict[str, Data]:
    return data if isinstance(data, dict) else {}


def _texts(data: Data) -> dict[str, str]:
    return {key: value for key, value in _mapping(data).items() if isinstance(value, str)}


def _catalogs(data: dict[str, Data]) -> dict[str, Data]:
    """The keys of bun's catalogs, which stand in the manifest or in its `workspaces`."""
    holders = (_mapping(data.get("workspaces")), data)
    return {key: holder[key] for holder in holders for key in ("catalog", "catalogs") if key in holder}


def _repository(data: dict[str, Data]) -> Data:
    """The first of `repositories` goes before `repository` (S @npmcli/package-json lib/normalize.js)."""
    several = data.get("repositories")
    return several[0] if isinstance(several, list) and several else data.get("repository")


def _patterns(data: Data) -> tuple[str, ...]:
    if isinstance(data, dict):
        data = data.get("packages")
    return tuple(item for item in data if isinstance(item, str)) if isinstance(data, list) else ()
