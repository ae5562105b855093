"""Which client really publishes behind a release tool, whose version then counts."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.facts.publishers import changesets
from tp_fix.models.hindrance import managers
from tp_fix.models.installed.installed import version_of
from tp_fix.models.installed.locked import locked
from tp_fix.models.repository import Repository
from tp_fix.models.running.place import join
from tp_fix.models.tool.release_it import npm_setting
from tp_fix.models.tool.semantic_release import PNPM, configuration_of, plugins_of
from tp_fix.models.tool.tool_settings import in_manifest
from tp_fix.models.tool.tools import ToolRun

CHANGESETS = frozenset(row.name for row in changesets.TOOLS)
SEMANTIC_RELEASE = ("semantic-release", "cycjimmy/semantic-release-action")
BY_ITSELF = frozenset({"lerna", "lerna-lite", "nearform optic-release-automation"})
"""They publish in their own process, or bring an npm of their own."""
FIXED = {"Yarn Classic": "classic", "bun": "bun", "MetaMask/action-npm-publish": "yarn"}
NPM = frozenset({"JS-DevTools/npm-publish", "beachball", "publib", "ship.js", "wasm-pack"})
DETECTOR = (2, 27, 8)
"""From here on @changesets/cli asks package-manager-detector, before preferred-pm (registry, checked 2026-11-23)."""
BUN_FALLS_BACK = (23, 0, 0)
"""From here on nx publishes with npm where bun finds no credential (S @nx/js 22.7.0 and 23.0.0)."""
OWN_NPM = (11, 5, 1)
NPX = re.compile(r"\bnpx\s|\bnpm\s+(?:exec|x)\s")
"""What fetches semantic-release together with its npm, and puts both on the path (X npx with 25.0.9)."""


class Behind(NamedTuple):
    """`client` is npm, pnpm, yarn (Berry), classic, bun, or '' where that is not known; `folder` where it runs.

    `why` says how it is known, as a phrase.
    """

    client: str
    folder: str
    why: str = ""


def client_behind(run: ToolRun, repository: Repository) -> Behind | None:
    """The client that a run publishes with; None where no other program's version counts."""
    name = run.publisher.name
    if name in BY_ITSELF:
        return None
    folder = run.folder
    if folder is None:
        return Behind("", "", "the folder that it runs in is not known")
    if name in NPM or name in FIXED:
        return Behind(FIXED.get(name, "npm"), folder)
    if name in CHANGESETS:
        return _changesets(join("", run.step.input("cwd") or "") if run.step.uses else folder, repository)
    if name in SEMANTIC_RELEASE:
        return _semantic_release(run, folder, repository)
    return _other(run, folder, repository)


def _other(run: ToolRun, folder: str, repository: Repository) -> Behind:
    name = run.publisher.name
    if name == "release-it":
        said = npm_setting("publishPackageManager", folder, run.words, repository)
        known = said.known and (said.value is None or isinstance(said.value, str))
        return Behind(_yarn(str(said.value or "npm"), repository), folder) if known else Behind("", folder)
    if name == "nx release":
        return _nx(folder, repository)
    if name == "np":
        return _np(folder, repository)
    if name == "napi-rs":
        return _napi(folder, repository)
    return Behind("", folder, f"which client {name} publishes with is not known from here")


def _changesets(folder: str | None, repository: Repository) -> Behind:
    """By the version of @changesets/cli, and for each package that it may publish."""
    if folder is None:
        return Behind("", "", "the folder that changesets runs in is not known")
    known = version_of("@changesets/cli", folder, repository)
    found: dict[str, str] = {}
    if known.at_least((3, 0, 0)) is not False:
        found[_changesets_3(folder, repository)] = folder
    for place in _published(folder, repository) if known.at_least((3, 0, 0)) is not True else ():
        found |= dict.fromkeys(_changesets_2(place, known.at_least(DETECTOR), repository), place)
    clients = sorted(found)
    if len(clients) == 1:
        return Behind(
            "yarn" if clients[0] == "berry" else clients[0], folder, f"changesets publishes with {clients[0]}"
        )
    each = " or ".join(f"{client} (for {found[client] or 'the root'})" for client in clients)
    return Behind("", folder, f"changesets publishes with {each}, and {known.why}")


def _changesets_2(place: str, detector: bool | None, repository: Repository) -> list[str]:
    """What CLI v2 publishes a package with: pnpm in a project of pnpm's, npm in every other."""
    asked = [managers.detected(place, repository)] if detector is not False else []
    asked += [managers.preferred(place, repository)] if detector is not True else []
    return ["pnpm" if answer == "pnpm" else "npm" for answer in asked]


def _changesets_3(folder: str, repository: Repository) -> str:
    found = managers.of_manypkg(folder, repository)
    if found not in ("npm", "pnpm", "yarn"):
        found = managers.detected(folder, repository, newer=True)
    if found == "yarn":
        return "berry" if managers.yarn_of(repository) == "berry" else "classic"
    return "pnpm" if found == "pnpm" else "npm"


def _published(folder: str, repository: Repository) -> list[str]:
    """The folders of the packages that may be published."""
    own = repository.packages.above(folder)
    root = own.folder if own is not None else folder
    members = repository.packages.workspaces(root)
    found = [package.folder for package in members or () if not package.private]
    return found or [root]


def _semantic_release(run: ToolRun, folder: str, repository: Repository) -> Behind | None:
    """Its npm plugin brings an npm 11 and runs what `node_modules/.bin` has, which npm fills with it; npx does too.

    With pnpm and Berry's Plug'n'Play it is not there, and the action installs elsewhere: then the one on the path runs
    (S lib/publish.js, `preferLocal`; X npm 11.21.2 in node_modules/.bin after `npm install`).
    """
    if PNPM in (plugins_of(configuration_of(folder, repository)) or {}):
        return Behind("pnpm", folder)
    if run.fetched and NPX.search(run.command):
        return None
    if run.step.uses is not None or run.fetched:
        return Behind("npm", folder)
    found = locked("npm", folder, (), repository)
    hoisted = [one for one in found if one.manager == "npm" and one.entry.used and not one.problem]
    versions = [version for one in hoisted for version in one.entry.used]
    if versions and all(version is not None and version >= OWN_NPM for version in versions):
        return None
    return Behind("npm", folder)


def _nx(folder: str, repository: Repository) -> Behind:
    found = managers.of_nx(folder, repository)
    if found == "pnpm":
        return Behind("pnpm", folder)
    if found == "bun":
        newer = version_of("nx", folder, repository).at_least(BUN_FALLS_BACK)
        why = "nx publishes with bun here, and falls back to npm from 23.0.0 on"
        return Behind("npm" if newer else "bun" if newer is False else "", folder, why)
    return Behind("npm" if found in ("npm", "yarn") else "", folder)


def _np(folder: str, repository: Repository) -> Behind:
    found = managers.of_np(folder, repository)
    return Behind({"bun": "npm", "": ""}.get(found, _yarn(found, repository)), folder)


def _napi(folder: str, repository: Repository) -> Behind:
    """What its settings say, else npm (S @napi-rs/cli 3.10.12 dist/cli.js, readNapiConfig)."""
    settings = in_manifest("napi", folder, repository)
    client = settings.at("npmClient").value if settings is not None else None
    return Behind(_yarn(client, repository) if isinstance(client, str) else "npm", folder)


def _yarn(client: str, repository: Repository) -> str:
    if client != "yarn":
        return client
    return "yarn" if managers.yarn_of(repository) == "berry" else "classic"
