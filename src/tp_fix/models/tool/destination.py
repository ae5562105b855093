"""Whether a run of a release tool publishes to npm's public registry: yes, no, or not to be told."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from tp_fix.errors import Unreadable
from tp_fix.facts.registry import is_public
from tp_fix.formats.argv import Grammar, Option, names, split
from tp_fix.formats.json import values
from tp_fix.formats.shell import Word
from tp_fix.models.installed.entry import upwards
from tp_fix.models.package import Package
from tp_fix.models.publishing.registry import registry_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish
from tp_fix.models.running.place import join
from tp_fix.models.workflow import Step

REGISTRY = Grammar(names("registry"))
CONFIGS = (
    ".releaserc",
    ".releaserc.json",
    ".releaserc.yaml",
    ".releaserc.yml",
    ".releaserc.js",
    ".releaserc.cjs",
    ".releaserc.mjs",
    "release.config.js",
    "release.config.cjs",
    "release.config.mjs",
    "release.config.ts",
)
PLUGIN = re.compile(r"semantic-release[\w/-]*(?:npm|pnpm|yarn)|(?:npm|pnpm|yarn)[\w/-]*semantic-release")
LISTED = re.compile(r"\bplugins\b")
ELSEWHERE = re.compile(r"\bextends\b|\bpublish\b|require\(|\bimport\b")
"""In a configuration: signs that plugins may come from somewhere else than its own list."""
OFF = re.compile(r"npmPublish[\"']?\s*:\s*false")
ROOT = re.compile(r"""\bpkgRoot["']?\s*:\s*["']([\w@./-]+)["']""")
"""In a configuration: the literal folder that is published."""
ONCE = re.compile(r"semantic-release[\w/-]*(?:npm|pnpm)")


def publish_by(step: Step, words: tuple[Word, ...], settings: tuple[Option, ...] = ()) -> Publish:
    """The publish command that a tool comes to, as far as the registry goes: by its words, or a variable before it."""
    if step.uses is not None:
        return Publish("npm", registry=step.input("registry") or None)
    options = (*settings, *split(words, REGISTRY).options)
    registry = next((option for option in reversed(options) if option.name == "registry"), None)
    address = registry.value if registry is not None and isinstance(registry.value, str) else None
    by_file = any(option.name in ("userconfig", "globalconfig") for option in settings)
    unknown = by_file or (registry is not None and address is None)
    return Publish("npm", registry=address, registry_unknown=unknown, options=options)


def goes_to_npm(step: Step, folder: str | None, publish: Publish, repository: Repository) -> bool | None:
    """Where the packages of a folder go: False when each of them goes to another registry, or none is published."""
    packages = [package for package in published_from(folder, repository) if not package.private]
    if not packages and folder is not None and repository.packages.at(folder) is not None:
        return False  # all that stands there is private
    asked: list[Package | None] = [*packages] or [None]
    answers = {registry_of(step, publish, package, repository).public for package in asked}
    return True if True in answers else None if None in answers else False


def published_from(folder: str | None, repository: Repository) -> tuple[Package, ...]:
    """What may be published from a folder: its own package, and every workspace's."""
    own = repository.packages.above(folder) if folder is not None else None
    if own is None:
        return repository.packages.every()
    return (own, *(repository.packages.workspaces(own.folder) or ()))


def npm_address(address: str | None) -> bool | None:
    """Whether an action's input `registry` leaves the packages at npm's public one."""
    return True if not address else is_public(address)


def releases_to_npm(folder: str | None, repository: Repository) -> bool | None:
    """Whether semantic-release's configuration has the npm plugin: False where a list of plugins leaves it out."""
    package = repository.packages.above(folder) if folder is not None else None
    if folder is not None and package is None and not repository.packages.problems:
        return False
    for text in configurations(folder or "", repository):
        if OFF.search(text) and len(ONCE.findall(text)) < 2:
            return False
        if LISTED.search(text) and not PLUGIN.search(text):
            return None if ELSEWHERE.search(text) else False
        return True
    return True


def publishes_another_folder(folder: str | None, repository: Repository) -> bool:
    """Whether semantic-release publishes a folder that the build makes, whose manifest may say something else."""
    return any("pkgRoot" in text for text in configurations(folder or "", repository))


def published_folder(folder: str, repository: Repository) -> str | None:
    """The folder that semantic-release publishes: its own, or what the configuration names; None for unknown."""
    texts = [text for text in configurations(folder, repository) if "pkgRoot" in text]
    found = {match[1] for text in texts for match in ROOT.finditer(text)}
    if not texts:
        return folder
    once = len(found) == 1 and sum(text.count("pkgRoot") for text in texts) == 1
    return join(folder, found.pop()) if once else None


def configurations(folder: str, repository: Repository) -> Iterator[str]:
    """The configuration that counts, the nearest."""
    for above in upwards(folder):
        for name in CONFIGS:
            path = posixpath.join(above, name)
            if path in repository.packages.paths:
                yield repository.text(path)
        package = repository.packages.at(above)
        if package is not None and "release" in package.keys:
            yield _in_manifest(package, repository)


def _in_manifest(package: Package, repository: Repository) -> str:
    import json

    try:
        data = values(repository.source(package.path))
    except Unreadable:
        return ""
    return json.dumps(data["release"]) if isinstance(data, dict) else ""
