"""The part of `repository-url` that says what a manifest should hold, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps

from tp_fix.change import AddKey, Change, SetValue
from tp_fix.models.hosted import canonical, respelled
from tp_fix.models.package import Package
from tp_fix.models.publishing.published import Published
from tp_fix.models.repository import Repository
from tp_fix.node import Data
from tp_fix.rule import Applicability, FileChange, Fix

NEIGHBOURS = (("homepage", "bugs"), ("license",), ("description",), ("version",), ("name",))
"""Keys behind which the field is put: the last key of the first group that is there."""

SUBJECT = "name the right repository in package.json"


def repository_fix(package: Published, repository: Repository) -> Fix:
    """The fix of a package whose `repository` is missing or does not lead to this repository."""
    name, manifest = repository.name, package.package
    title = f"point the `repository` of `{package.label}` to {name}"
    if not package.address:
        title = f"add a `repository` to `{package.label}`"
    if name is None:
        new = f'"repository": {dumps(_field(manifest, "OWNER/NAME"), ensure_ascii=False)}'
        return _shown(title, f"neither a remote nor --repository says OWNER/NAME; add {new}")
    if "repositories" in manifest.keys:
        return _shown(title, f"npm takes the first of `repositories` for it; write {canonical(name)} there by hand")
    change = _change(manifest, name)
    if change is None:
        return _shown(title, f"`repository` is neither a string nor an object; write {canonical(name)} by hand")
    changes = (FileChange(manifest.path, change),)
    if assumptions := list(_assumptions(package, name, repository)):
        return Fix(title, changes, Applicability.UNSAFE, "it assumes " + " and ".join(assumptions), SUBJECT)
    return Fix(title, changes, Applicability.SAFE, subject=SUBJECT)


def _shown(title: str, reason: str) -> Fix:
    return Fix(title, (), Applicability.DISPLAY, reason)


def _assumptions(package: Published, name: str, repository: Repository) -> Iterator[str]:
    if not repository.given:
        yield f"that {name}, from the git remote, is the repository's name on GitHub today, in exactly this case"
    if package.address and not package.named and not package.meant:
        yield f"that what is published from {name} is not to name another host on purpose"
    if package.named in repository.remotes and package.named.lower() != name.lower():
        yield f"that it is published from {name}, and not from {package.named}, another remote of this clone"
    if package.built:
        path = package.package.path
        yield f"that the manifest in the folder that the build makes takes its `repository` from {path}"


def _field(manifest: Package, name: str) -> dict[str, Data]:
    """The whole field as it is written new."""
    place: dict[str, Data] = {"directory": manifest.folder} if manifest.folder else {}
    return {"type": "git", "url": canonical(name), **place}


def _change(manifest: Package, name: str) -> Change | None:
    """None for a value that is not understood."""
    old = manifest.repository
    if "repository" not in manifest.keys:
        return AddKey((), "repository", _field(manifest, name), _neighbour(manifest))
    if not old and not isinstance(old, list):
        return SetValue(("repository",), _field(manifest, name))
    if isinstance(old, str):
        return SetValue(("repository",), respelled(old, name))
    if not isinstance(old, dict):
        return None
    if "url" not in old:
        return AddKey(("repository",), "url", canonical(name), "type")
    url = old["url"]
    return SetValue(("repository", "url"), respelled(url, name) if url and isinstance(url, str) else canonical(name))


def _neighbour(manifest: Package) -> str | None:
    for group in NEIGHBOURS:
        if found := [key for key in manifest.keys if key in group]:
            return found[-1]
    return None
