"""What stands in the way of OIDC with lerna and lerna-lite, which publish by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import RemoveKeys, SetValue
from tp_fix.facts.registry import is_public
from tp_fix.models.hindrance.hindrance import Hindrance, Mend, at, flag_of, place_of, without
from tp_fix.models.installed.entry import upwards
from tp_fix.models.repository import Repository
from tp_fix.models.tool.tool_settings import SettingsFile, first_of
from tp_fix.models.tool.tools import ToolRun
from tp_fix.node import Data, Route

FILES = ("lerna.json", "lerna.jsonc", "lerna.json5")
PLACES = (("command", "publish"), ("command", "version"), ())
"""Where lerna looks for an option, in this order, behind the command line (S lerna 9.0.7, otherCommandConfigs)."""


def hindrances(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """Of one run of `lerna publish` (S lerna 9.0.7 commands/publish, lerna-lite 5.7.0 publish-command.js)."""
    settings = settings_of(run, repository)
    yield from _verify_access(run, settings, repository)
    yield from _temp_tag(run, settings)
    yield from _legacy_auth(run, settings)
    found = _setting(settings, "registry")
    if found is not None and isinstance(found[1], str) and is_public(found[1]) is not True:
        what = f"{found[0].path} names the registry {found[1]}: there is trusted publishing on npm's public one only"
        yield Hindrance(what, is_public(found[1]) is False, *at(found[0], found[2], run))


def settings_of(run: ToolRun, repository: Repository) -> SettingsFile | None:
    """The lerna.json that holds for a run, the nearest."""
    if run.folder is None:
        return first_of(FILES, "", repository)
    files = (first_of(FILES, folder, repository) for folder in upwards(run.folder))
    return next((file for file in files if file is not None), None)


def _setting(settings: SettingsFile | None, name: str) -> tuple[SettingsFile, Data, Route] | None:
    """An option as lerna.json gives it, with its route; None where it does not."""
    for place in PLACES if settings is not None else ():
        said = settings.at(*place, name) if settings is not None else None
        if settings is not None and said is not None and said.value is not None:
            return settings, said.value, (*place, name)
    return None


def _verify_access(run: ToolRun, settings: SettingsFile | None, repository: Repository) -> Iterator[Hindrance]:
    """It asks npm who is logged in, and stops where nobody is."""
    why = "asks npm who is logged in before it publishes, which nobody is without a token: take it out"
    flag = flag_of(run, "verify-access", "verifyAccess")
    if flag is not None:
        if flag.on is not False:
            path, route = place_of(run)
            mend = without(run, flag.spelled, repository) if flag.on else None
            yield Hindrance(f"`{flag.spelled}` {why}", flag.on is True, path, route, mend)
        return
    found = _setting(settings, "verifyAccess")
    if found is not None and found[1]:
        what = f"`verifyAccess` in {found[0].path} {why}"
        yield Hindrance(what, True, *at(found[0], found[2], run), _mend(found[0], found[2]))


def _mend(file: SettingsFile, route: Route) -> Mend:
    """The key goes; where it is the only one there, it says no."""
    holder, name = route[:-1], str(route[-1])
    title = f"take `{name}` out of {file.path}"
    if not file.plain:
        return Mend(title, (), "tp-fix does not edit JSON with comments")
    parent = file.at(*map(str, holder)).value
    if isinstance(parent, dict) and len(parent) == 1:
        return Mend(f"switch `{name}` off in {file.path}", ((file.path, SetValue(route, False)),))
    return Mend(title, ((file.path, RemoveKeys(holder, (name,))),))


def _temp_tag(run: ToolRun, settings: SettingsFile | None) -> Iterator[Hindrance]:
    """It moves dist-tags with the token of whichever package was published last."""
    why = "moves the dist-tag of each package after publishing it, with an identity that is good for one: take it out"
    flag = flag_of(run, "temp-tag", "tempTag")
    if flag is not None:
        if flag.on is not False:
            yield Hindrance(f"`{flag.spelled}` {why}", False, *place_of(run))
        return
    found = _setting(settings, "tempTag")
    if found is not None and found[1]:
        yield Hindrance(f"`tempTag` in {found[0].path} {why}", False, *at(found[0], found[2], run))


def _legacy_auth(run: ToolRun, settings: SettingsFile | None) -> Iterator[Hindrance]:
    why = "is given a credential, which has to go together with the token"
    flag = flag_of(run, "legacy-auth", "legacyAuth")
    found = _setting(settings, "legacyAuth")
    if flag is not None:
        yield Hindrance(f"`{flag.spelled.partition('=')[0]}` {why}", True, *place_of(run))
    elif found is not None and found[1]:
        yield Hindrance(f"`legacyAuth` in {found[0].path} {why}", True, *at(found[0], found[2], run))
