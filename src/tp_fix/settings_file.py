"""tp-fix.toml: read and checked, every value with the line that it stands on.

Checked by hand: what matters in a file of seven keys is the nearest right name and the line, which no schema library
gives, and those that come near cost more to import (jsonschema: 110 ms) than all of tp-fix.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, cast, get_args

from tp_fix.errors import UsageError
from tp_fix.facts.trust import Action
from tp_fix.models.preferences import PREFERENCES
from tp_fix.models.trust.configured import Configured
from tp_fix.rule import Severity

PLACES = ("tp-fix.toml", ".github/tp-fix.toml")
"""Where the file may stand, one of the two."""
MAX_BYTES = 64 << 10
MAX_LINES = 400
"""Lines up to which values are traced to theirs: that parses the file once a line."""
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
"""owner/name as GitHub allows it."""
Key = tuple[str | int, ...]
Name = Literal["repository", "select", "ignore", "prefer", "levels", "per-path-ignores", "publisher"]
PublisherName = Literal["package", "repository", "workflow", "environment", "actions"]
REQUIRED = ("package", "repository", "workflow")
PACKAGE = re.compile(r"(?:@[^/@\s]+/)?[^/@\s]+")


class Ignore(NamedTuple):
    """Rules whose findings are left out below a pattern, which is one of .gitignore's."""

    pattern: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class SettingsFile:
    """The values of a settings file; what it does not say is None or empty. `path` is '' when there is no file."""

    path: str = ""
    repository: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    levels: Mapping[str, Severity] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    publishers: tuple[Configured, ...] = ()
    text: str = ""

    def place(self, *key: str | int) -> str:
        """Where a value stands: `tp-fix.toml:3`, without the line when it cannot be told."""
        line = line_of(self.text, key)
        return f"{self.path}:{line}" if line else self.path


def settings_file(root: str, rules: Iterable[str]) -> SettingsFile:
    """The settings of a repository whose rules have these names. Raises UsageError for anything that is not right."""
    found = [path for path in PLACES if os.path.lexists(os.path.join(root, path))]
    if len(found) > 1:
        raise UsageError(f"there are two settings files: {found[0]} and {found[1]}", "keep one of them")
    return _Reader(found[0], _text(root, found[0]), tuple(rules)).settings() if found else SettingsFile()


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a name that is not known: the one that was meant, else all there are."""
    known = list(known)
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"


def line_of(text: str, key: Key) -> int:
    """The line from 1 on which a key's entry starts: the one after the longest beginning that parses without it.

    0 when the text is too long to be asked that way.
    """
    lines = text.split("\n")
    after = 0
    for number in range(1, len(lines) + 1 if len(lines) <= MAX_LINES else 0):
        data = _prefix(lines[:number])
        if data is not None and _has(data, key):
            return after + 1
        after = number if data is not None else after
    return 0


def _prefix(lines: list[str]) -> dict[str, object] | None:
    import tomllib

    try:
        return tomllib.loads("\n".join(lines) + "\n")
    except tomllib.TOMLDecodeError:
        return None


def _has(data: object, key: Key) -> bool:
    for step in key:
        within = range(len(data)) if isinstance(data, list) else data if isinstance(data, dict) else ()
        if step not in within:
            return False
        data = cast(Any, data)[step]
    return True


def _text(root: str, path: str) -> str:
    full, top = os.path.join(root, path), os.path.realpath(root)
    if os.path.commonpath((top, os.path.realpath(full))) != top:
        raise UsageError(f"{path}: a symbolic link that leads out of the repository; not read", "put the file here")
    try:
        if not stat.S_ISREG(os.stat(full).st_mode):
            raise UsageError(f"{path}: not a regular file")
        with open(full, "rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise UsageError(f"{path}: larger than {MAX_BYTES >> 10} KiB, which no settings file is meant to be")
    try:
        return raw.decode("utf-8").replace("\r\n", "\n").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: not UTF-8", "save it as UTF-8 and run again") from None


class _Reader:
    """One file on its way to its settings."""

    def __init__(self, path: str, text: str, rules: tuple[str, ...]) -> None:
        self.path = path
        self.text = text
        self.rules = rules

    def settings(self) -> SettingsFile:
        data = self.parsed()
        for key in data:
            if key not in get_args(Name):
                raise self.wrong((key,), f"there is no setting {key!r}", nearest(key, get_args(Name)))
        return SettingsFile(
            self.path,
            self.repository(data.get("repository")),
            self.names(("select",), data.get("select"), "rule", self.rules),
            self.names(("ignore",), data.get("ignore"), "rule", self.rules),
            self.names(("prefer",), data.get("prefer"), "preference", tuple(PREFERENCES)),
            {key: self.level(key, value) for key, value in self.table(data, "levels")},
            tuple(self.ignored(key, value) for key, value in self.table(data, "per-path-ignores")),
            tuple(self.publisher(*each) for each in enumerate(self.tables(data, "publisher"))),
            self.text,
        )

    def parsed(self) -> dict[str, object]:
        import tomllib  # 20 ms that only a repository with settings pays

        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            said, _, place = str(error).rpartition(" (at ")
            numbers = re.findall(r"\d+", place) or [str(self.text.rstrip("\n").count("\n") + 1)]
            raise UsageError(f"{self.path}:{':'.join(numbers)}: not TOML: {said[:1].lower()}{said[1:]}") from None
        except RecursionError:
            raise UsageError(f"{self.path}: nested too deeply to be meant") from None

    def wrong(self, key: Key, what: str, hint: str = "") -> UsageError:
        return UsageError(f"{self.place(key)}: {what}", hint)

    def repository(self, value: object) -> str | None:
        if value is None or (isinstance(value, str) and REPOSITORY.fullmatch(value)):
            return value
        raise self.wrong(
            ("repository",), f"{value!r} is not OWNER/NAME", 'for example repository = "octo-org/left-pad"'
        )

    def names(self, key: Key, value: object, kind: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """A list of known names, each once; () when there is none."""
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            name = key[-1] if re.fullmatch(r"[\w-]+", str(key[-1])) else f'"{key[-1]}"'
            raise self.wrong(key, f"{key[-1]!r} is not a list of names", f'for example {name} = ["{known[0]}"]')
        if not value and key == ("select",):
            raise self.wrong(key, "'select' names no rule", "leave it out to run every rule")
        return tuple(dict.fromkeys(self.name(item, key, kind, known) for item in value))

    def name(self, name: str, key: Key, kind: str, known: tuple[str, ...]) -> str:
        if name not in known:
            raise self.wrong(key, f"there is no {kind} {name!r}", nearest(name, known))
        return name

    def level(self, rule: str, value: object) -> Severity:
        key = ("levels", self.name(rule, ("levels", rule), "rule", self.rules))
        if value in get_args(Severity):
            return cast(Severity, value)
        if value == "off":
            raise self.wrong(key, "'off' is no level", f'to leave the rule out: ignore = ["{rule}"]')
        hint = nearest(value, get_args(Severity)) if isinstance(value, str) else 'for example "note"'
        raise self.wrong(key, f"{value!r} is no level", hint)

    def table(self, data: dict[str, object], name: Name) -> list[tuple[str, object]]:
        value = data.get(name, {})
        if not isinstance(value, dict):
            raise self.wrong(
                (name,), f"{name!r} is not a table", f"write [{name}] on a line of its own, and keys below"
            )
        return list(value.items())

    def tables(self, data: dict[str, object], name: Name) -> list[dict[str, object]]:
        value = data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong((name,), f"{name!r} is not a list of tables", f"write [[{name}]] above each of them")
        return value

    def publisher(self, number: int, data: dict[str, object]) -> Configured:
        """What npm has, by a person's word. Who leaves the actions out says nothing of them."""
        key: Key = ("publisher", number)
        for name in data:
            if name not in get_args(PublisherName):
                what = f"there is no {name!r} of a publisher"
                raise self.wrong((*key, name), what, nearest(name, get_args(PublisherName)))
        for name in REQUIRED:
            if name not in data:
                raise self.wrong(key, f"{name!r} of a publisher is missing", f"it has {', '.join(REQUIRED)}")
        return Configured(
            self.string((*key, "package"), data["package"], PACKAGE, "@octo-org/left-pad"),
            self.string((*key, "repository"), data["repository"], REPOSITORY, "octo-org/left-pad"),
            self.string((*key, "workflow"), data["workflow"], re.compile(r".+"), "release.yml"),
            self.string((*key, "environment"), data.get("environment", ""), re.compile(r".*"), "npm"),
            self.actions((*key, "actions"), data.get("actions")),
            where=self.place(key),
        )

    def place(self, key: Key) -> str:
        line = line_of(self.text, key)
        return f"{self.path}:{line}" if line else self.path

    def string(self, key: Key, value: object, pattern: re.Pattern[str], example: str) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise self.wrong(key, f"{value!r} is no {key[-1]}", f'for example {key[-1]} = "{example}"')

    def actions(self, key: Key, value: object) -> tuple[Action, ...] | None:
        if value is None:
            return None
        names = self.names(key, value, "action", get_args(Action))
        return tuple(action for action in get_args(Action) if action in names)

    def ignored(self, pattern: str, value: object) -> Ignore:
        key = ("per-path-ignores", pattern)
        if not _can_match(pattern):
            raise self.wrong(
                key, f"{pattern!r} is no pattern that can match", "patterns are those of .gitignore, without `!`"
            )
        return Ignore(pattern, self.names(key, value, "rule", self.rules))


def _can_match(pattern: str) -> bool:
    from pathspec import GitIgnoreSpec  # 50 ms that only who ignores by path pays
    from pathspec.patterns.gitignore import GitIgnorePatternError

    try:
        return any(part.include for part in GitIgnoreSpec.from_lines([pattern]).patterns)
    except GitIgnorePatternError:
        return False
