"""Which range of a package the manifests of a repository ask for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.models.installed.entry import upwards
from tp_fix.models.package import SECTIONS, Package
from tp_fix.models.repository import Repository
from tp_fix.node import Data, Route, plain

CATALOG = "catalog:"
WORKSPACE = "pnpm-workspace.yaml"


class Declared(NamedTuple):
    """`asked` is the range as it stands at `route` of a file; `section` is that of the manifest at `folder`.

    `written` is what the manifest itself says, which may point to a catalog.
    """

    path: str
    route: Route
    folder: str
    section: str
    asked: str
    written: str

    @property
    def exact(self) -> bool:
        """Whether one version is asked for, and no range."""
        return self.asked[:1].isdigit() and all(part.isdigit() for part in self.asked.split("."))


def declarations(package: str, folder: str, repository: Repository) -> Iterator[Declared]:
    """The ranges that hold for a folder: of its own manifest, and of those above, the nearest first."""
    for above in upwards(folder):
        manifest = repository.packages.at(above)
        if manifest is None:
            continue
        for section in reversed(SECTIONS):
            asked = manifest.dependencies.get(section, {}).get(package)
            if asked is not None:
                yield _resolved(package, section, asked, manifest, repository)


def _resolved(package: str, section: str, asked: str, manifest: Package, repository: Repository) -> Declared:
    own = Declared(manifest.path, (section, package), manifest.folder, section, asked.strip(), asked.strip())
    if not asked.startswith(CATALOG):
        return own
    name = asked.removeprefix(CATALOG).strip()
    for path, data in _catalogs(manifest.folder, repository):
        for route in (("catalogs", name or "default"), *((("catalog",),) if name in ("", "default") else ())):
            found = _at(data, (*route, package))
            if found:
                return own._replace(path=path, route=(*route, package), asked=found.strip())
    return own


def _catalogs(folder: str, repository: Repository) -> Iterator[tuple[str, Data]]:
    """Where catalogs may stand, from a folder upwards: pnpm's and Yarn's settings, or a manifest of bun's."""
    for above in upwards(folder):
        for name in (WORKSPACE, ".yarnrc.yml"):
            path = posixpath.join(above, name)
            if path in repository.packages.paths:
                try:
                    yield path, plain(repository.document(path).root)
                except Unreadable:
                    continue
        manifest = repository.packages.at(above)
        if manifest is not None and manifest.catalogs:
            yield manifest.path, manifest.catalogs


def _at(data: Data, route: tuple[str, ...]) -> str | None:
    for key in route:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else None
