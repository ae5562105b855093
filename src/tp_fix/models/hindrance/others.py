"""What stands in the way of OIDC with the tools that need one thing more each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.models.hindrance.hindrance import Hindrance, Mend, at, flag_of, place_of
from tp_fix.models.repository import Repository
from tp_fix.models.tool.tool_settings import first_of, in_manifest
from tp_fix.models.tool.tools import ToolRun

AUTO = (
    ".autorc",
    ".autorc.json",
    ".autorc.yml",
    ".autorc.yaml",
    ".autorc.js",
    ".autorc.ts",
    "auto.config.js",
    "auto.config.ts",
)
SHIPJS = ("ship.config.js", "ship.config.cjs", "ship.config.mjs")


def beachball(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """A flag that hands over the token (S beachball 2.66.0 lib/validation/validate.js: an empty one is an error)."""
    flag = flag_of(run, "token", "n")
    if flag is not None:
        named = flag.spelled.partition("=")[0]
        what = f"`{named}` hands beachball a token, and fails when it is empty: the flag has to go together with it"
        mend = Mend(f"take `{named}` out of the command, with its token", (), "they have to go in one change")
        yield Hindrance(what, True, *place_of(run), mend)


def auto(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """Its npm plugin names NPM_TOKEN in ~/.npmrc unless told not to (S @auto-it/npm 11.3.6 dist/set-npm-token.js)."""
    folder = run.folder or ""
    file = first_of(AUTO, folder, repository) or in_manifest("auto", folder, repository)
    text = repository.text(file.path) if file is not None else ""
    if re.search(r"setRcToken[\"']?\s*:\s*false", text):
        return
    what = "auto's npm plugin writes a token line for NPM_TOKEN into ~/.npmrc: set its `setRcToken` to false"
    known = file is not None and file.read and not file.code and "extends" not in text
    path, route = at(file, (), run) if file is not None else place_of(run)
    yield Hindrance(what, known, path, route)


def shipjs(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """Without `useOidcTokenProvider` it writes a token line first (S shipjs 0.28.2 src/step/release/runPublish.js)."""
    file = first_of(SHIPJS, run.folder or "", repository)
    said = file.at("useOidcTokenProvider") if file is not None else None
    if said is not None and said.known and said.value is True:
        return
    what = "ship.js writes a token line into ~/.npmrc: set `useOidcTokenProvider: true` in ship.config.js"
    path, route = at(file, (), run) if file is not None else place_of(run)
    yield Hindrance(what, said is None or said.known, path, route)


def rush(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """It publishes with a home of its own, made from .npmrc-publish, and with the client that rush.json pins."""
    if flag_of(run, "npm-auth-token", "n") is not None:
        what = "`--npm-auth-token` hands rush a token: the flag has to go together with it"
        yield Hindrance(what, True, *place_of(run))
    what = (
        "rush publishes with the client of rush.json and the lines of common/config/rush/.npmrc-publish: look at both"
    )
    yield Hindrance(what, False, *place_of(run))


def optic(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """Its input decides (S action.yml at v4.12.0)."""
    mode = run.step.input("publish-mode")
    if mode != "oidc":
        what = "the input `publish-mode` is not `oidc`: without it the action wants its token"
        known = mode is None or "${{" not in mode
        yield Hindrance(what, known, run.step.job.workflow.path, (*run.step.route, "with"))
