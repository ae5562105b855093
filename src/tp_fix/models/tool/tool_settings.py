"""Settings files of JavaScript tools, read as far as they are data: loose JSON, YAML, TOML, literals in code."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.formats.json import parse, values
from tp_fix.models.repository import Repository
from tp_fix.node import Data, Route, plain

CODE = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
COMMENT = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|//[^\n]*|/\*.*?(?:\*/|\Z)""",
    re.DOTALL,
)
PIECE = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([\[{(])|([\]})])|(,)""")
MERGED = re.compile(r"\.\.\.\s*\w|\bObject\.assign\b|\bextends\b")
"""In code: signs that settings come from somewhere else too."""
LONGEST = 1 << 16
"""Characters of a settings file in code; nobody has longer ones."""


class Said(NamedTuple):
    """What a file says under a key; `value` is None where it says nothing. `known` is False where it cannot be read."""

    known: bool
    value: Data = None


NOTHING = Said(True)
UNREAD = Said(False)


class SettingsFile(NamedTuple):
    """One file. `data` are its settings, from `route` on; for code they are None, and `text` is all there is.

    `plain` says that it is strict JSON or YAML, so that it can be shown by route and edited.
    """

    path: str
    route: Route
    data: Data
    text: str = ""
    read: bool = True
    plain: bool = False

    def at(self, *keys: str) -> Said:
        """What the settings say at a way of keys."""
        if not self.read:
            return UNREAD
        if self.data is None and self.text:
            return _in_code(self.text, keys)
        return Said(True, _below(self.data, keys))

    @property
    def code(self) -> bool:
        """Whether it is a program."""
        return self.path.endswith(CODE)


def _below(data: Data, keys: tuple[str, ...]) -> Data:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def first_of(names: tuple[str, ...], folder: str, repository: Repository) -> SettingsFile | None:
    """The first of several files that stands in a folder, read."""
    for name in names:
        path = posixpath.join(folder, name)
        if path in repository.packages.paths:
            return settings_file(path, repository)
    return None


def in_manifest(key: str, folder: str, repository: Repository) -> SettingsFile | None:
    """The settings under a key of a folder's package.json."""
    package = repository.packages.at(folder)
    if package is None or key not in package.keys:
        return None
    data = values(repository.source(package.path))
    return SettingsFile(package.path, (key,), data[key] if isinstance(data, dict) else None, plain=True)


def settings_file(path: str, repository: Repository) -> SettingsFile:
    """A file by its path. One that cannot be read says so and nothing else."""
    text = repository.text(path)
    if path.endswith(CODE):
        return SettingsFile(path, (), None, COMMENT.sub(lambda match: match[1] or " ", text[:LONGEST]))
    try:
        return SettingsFile(path, (), _data(path, text, repository), plain=_plain(path, repository))
    except (Unreadable, ValueError, RecursionError):  # json5 recurses into whatever it is given
        return SettingsFile(path, (), None, read=False)


def _plain(path: str, repository: Repository) -> bool:
    """Whether a file that can be read is one that tp-fix edits: no comments in its JSON."""
    if not path.endswith(".json"):
        return path.endswith((".yaml", ".yml"))
    try:
        parse(repository.source(path))
    except Unreadable:
        return False
    return True


def _data(path: str, text: str, repository: Repository) -> Data:
    if path.endswith(".toml"):
        import tomllib

        data: Data = tomllib.loads(text)
        return data
    if path.endswith((".yaml", ".yml")) or not _like_json(path, text):
        from tp_fix.formats import yaml_parse

        return plain(yaml_parse.parse(repository.source(path)))
    return _loose(text)


def _like_json(path: str, text: str) -> bool:
    return path.endswith((".json", ".jsonc", ".json5")) or text.lstrip()[:1] in ("{", "/")


def _loose(text: str) -> Data:
    """JSON with comments, trailing commas, bare keys, single quotes. Raises ValueError."""
    import json

    try:
        data: Data = json.loads(text)
    except ValueError:
        if len(text) > LONGEST:
            raise  # json5 is slow
        import json5  # 100 ms: only for what strict JSON does not cover

        data = json5.loads(text)
    return data


def _in_code(text: str, keys: tuple[str, ...]) -> Said:
    """A literal in a program, found by the first key; unknown where it may come from somewhere else."""
    name = re.escape(keys[0])
    found = list(re.finditer(rf"""(?<![\w.$-])["']?{name}["']?\s*:\s*""", text))
    if not found:
        elsewhere = MERGED.search(text) or re.search(rf"\b{name}\b", text)
        return UNREAD if elsewhere else NOTHING
    if len(found) > 1:
        return UNREAD
    literal = _literal(text, found[0].end())
    try:
        return Said(True, _below(_loose(literal), keys[1:])) if literal else UNREAD
    except (ValueError, RecursionError):
        return UNREAD


def _literal(text: str, start: int) -> str:
    """The text of a value: up to the comma or the bracket behind it."""
    depth = 0
    for match in PIECE.finditer(text, start):
        if match[2]:
            depth += 1
        elif match[3]:
            depth -= 1
        if depth < 0 or (match[4] and depth == 0):
            return text[start : match.start()].strip()
        if depth == 0 and match[3]:
            return text[start : match.end()].strip()
    return ""
