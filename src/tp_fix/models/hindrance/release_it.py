"""What stands in the way of OIDC with release-it, which asks npm who is logged in before it releases anything."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import AddKey, SetValue
from tp_fix.models.hindrance.hindrance import Hindrance, Mend, at, place_of
from tp_fix.models.repository import Repository
from tp_fix.models.tool.release_it import files_of, itself_publishes, npm_setting, plugins_in
from tp_fix.models.tool.tool_settings import SettingsFile
from tp_fix.models.tool.tools import ToolRun
from tp_fix.node import Route

TITLE = "tell release-it not to ask who is logged in: `npm.skipChecks`"


def hindrances(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """Of one run (S release-it 21.1.2 lib/plugin/npm/npm.js: `npm whoami`, else "Not authenticated with npm")."""
    files = files_of(run.folder, run.words, repository) or []
    if itself_publishes(run.folder, run.words, repository) is not False:
        yield from _checks(run, files, repository)
    yield from _plugins(files, run)


def _checks(run: ToolRun, files: list[SettingsFile], repository: Repository) -> Iterator[Hindrance]:
    said = npm_setting("skipChecks", run.folder, run.words, repository)
    if said.known and said.value:
        return
    if said.known:
        what = "release-it asks npm who is logged in, and stops where nobody is: set `npm.skipChecks` to true"
        path, route, mend = _mend(files, run)
        yield Hindrance(what, True, path, route, mend)
    else:
        what = "release-it asks npm who is logged in unless `npm.skipChecks` is true, which cannot be read from here"
        path, route = _place(files, run)
        yield Hindrance(what, False, path, route)


def _place(files: list[SettingsFile], run: ToolRun) -> tuple[str, Route]:
    return at(files[0], (), run) if files else place_of(run)


def _mend(files: list[SettingsFile], run: ToolRun) -> tuple[str, Route, Mend]:
    """The setting is added to the first file, where that is strict JSON or YAML."""
    path, route = _place(files, run)
    if not files or not files[0].plain or not isinstance(files[0].data, dict):
        return (
            path,
            route,
            Mend(TITLE, (), "add it to release-it's configuration, or `--npm.skipChecks` to the command"),
        )
    npm = files[0].data.get("npm")
    if isinstance(npm, dict) and "skipChecks" in npm:
        return path, route, Mend(TITLE, ((path, SetValue((*route, "npm", "skipChecks"), True)),))
    if isinstance(npm, dict):
        return path, route, Mend(TITLE, ((path, AddKey((*route, "npm"), "skipChecks", True)),))
    if npm is None and "npm" not in files[0].data:
        return path, route, Mend(TITLE, ((path, AddKey(route, "npm", {"skipChecks": True})),))
    return path, route, Mend(TITLE, (), "what `npm` says there is no list of settings")


def _plugins(files: list[SettingsFile], run: ToolRun) -> Iterator[Hindrance]:
    for file in files:
        for name, settings in plugins_in(file).items():
            if not isinstance(settings, dict) or settings.get("skipChecks") is not True:
                what = f"release-it's plugin {name} asks npm who is logged in: set its `skipChecks` to true"
                yield Hindrance(what, True, *at(file, ("plugins", name), run))
