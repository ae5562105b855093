"""release-it's settings for npm: what the command line, its file and package.json say, in this order."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.formats.shell import Word
from tp_fix.models.repository import Repository
from tp_fix.models.tool.tool_settings import NOTHING, UNREAD, Said, SettingsFile, first_of, in_manifest
from tp_fix.node import Data

ENDS = ("js", "mjs", "cjs", "ts", "mts", "cts", "json", "jsonc", "json5", "yaml", "yml", "toml")
FILES = tuple(f".release-it.{end}" for end in ENDS)
"""In the order in which c12 looks for them (S release-it 21.1.2 lib/config.js)."""
PLUGINS = ("@release-it-plugins/workspaces", "@release-it-plugins/yarn-workspaces", "release-it-yarn-workspaces")
"""They publish a workspace's packages, with a check of their own of who is logged in (S index.js)."""
OFF = frozenset({"false", "0"})


def files_of(folder: str | None, words: tuple[Word, ...], repository: Repository) -> list[SettingsFile] | None:
    """The files whose settings count, the strongest first; None where `--config` names one that is not known."""
    named = next(_configs(words), None)
    own = in_manifest("release-it", folder or "", repository)
    if named == "":
        return None
    file = first_of((named,) if named else FILES, folder or "", repository)
    if named and file is None:
        return None
    return [one for one in (file, own) if one is not None]


def npm_setting(name: str, folder: str | None, words: tuple[Word, ...], repository: Repository) -> Said:
    """What release-it's option `npm.NAME` is; nothing where it keeps its default."""
    on_line = _on_line(f"npm.{name}", words)
    if on_line.value is not None or not on_line.known:
        return on_line
    files = files_of(folder, words, repository)
    if files is None:
        return UNREAD
    for file in files:
        said = file.at("npm", name)
        if said.value is not None or not said.known:
            return said
    shared = any(file.at("extends").value for file in files)
    return UNREAD if shared else NOTHING


def publishes_to_npm(folder: str | None, words: tuple[Word, ...], repository: Repository) -> bool | None:
    """Whether release-it publishes: False with `npm: false` or `npm.publish: false`, and no plugin that does."""
    if any(plugins_in(file) for file in files_of(folder, words, repository) or ()):
        return True
    return itself_publishes(folder, words, repository)


def plugins_in(file: SettingsFile) -> dict[str, Data]:
    """The plugins of a file that publish in the place of release-it's own, each with its settings."""
    plugins = file.at("plugins").value
    found = plugins if isinstance(plugins, dict) else {}
    return {name: found[name] for name in PLUGINS if name in found and found[name] is not False}


def itself_publishes(folder: str | None, words: tuple[Word, ...], repository: Repository) -> bool | None:
    """Whether release-it's own npm plugin publishes."""
    if _on_line("npm", words).value is False:
        return False
    for file in files_of(folder, words, repository) or ():
        if file.at("npm").value is False:
            return False
    said = npm_setting("publish", folder, words, repository)
    return said.value is not False if said.known else None


def _configs(words: tuple[Word, ...]) -> Iterator[str]:
    """What `--config FILE`, `--config=FILE` or `-c FILE` names; '' for what is known only at run time."""
    for index, word in enumerate(words):
        text = word.literal or ""
        if text in ("--config", "-c") and index + 1 < len(words):
            yield words[index + 1].literal or ""
        elif text.startswith("--config="):
            yield text.partition("=")[2]


def _on_line(name: str, words: tuple[Word, ...]) -> Said:
    """`--npm.skipChecks`, `--npm.skipChecks=true`, `--no-npm.publish`; the last one counts."""
    found: Data = None
    for index, word in enumerate(words):
        text = word.literal or word.text
        key, equals, value = text.partition("=")
        if key == f"--no-{name}":
            found = False
        elif key == f"--{name}":
            if word.literal is None:
                return UNREAD
            behind = words[index + 1].literal if index + 1 < len(words) else None
            given = value if equals else behind or ""
            boolean = not given or given.startswith("-") or given in ("true", *OFF)
            found = given not in OFF if boolean else given
    return Said(True, found)
