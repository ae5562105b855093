"""What is in force and where it came from, as TOML with comments or as JSON."""

from __future__ import annotations

from json import dumps
from typing import NamedTuple

from tp_fix.models.trust.configured import Configured, Publishers
from tp_fix.node import Data
from tp_fix.report.safe import shown
from tp_fix.settings import VARIABLE, Settings

COMMAND_LINE = "command line"
DEFAULT = "default"


class Row(NamedTuple):
    """One value in force. `key` has two parts where the value stands in a table."""

    key: tuple[str, ...]
    value: Data
    origin: str


def settings_as_toml(settings: Settings, publishers: Publishers, known: str) -> str:
    """The settings as a file that tp-fix would read. `known` says in a word what the baseline holds."""
    rows = _rows(settings)
    lines = [f"# settings file: {settings.file.path or 'none'}", f"# baseline: {known}"]
    lines += [f"# rules that run: {', '.join(_running(settings)) or 'none'}"]
    lines += [_line(row) for row in rows if len(row.key) == 1]
    for table in ("levels", "per-path-ignores"):
        inside = [row for row in rows if row.key[0] == table and len(row.key) == 2]
        lines += ["", f"[{table}]", *map(_line, inside)] if inside else []
    for package, listed in publishers.items():
        lines += [line for each in listed.publishers for line in _publisher(each)]
        lines += [] if listed.publishers else ["", f"# {package}: no trusted publisher  # {listed.where}"]
    return shown("\n".join(lines))


def settings_as_json(settings: Settings, publishers: Publishers, known: str) -> str:
    """The same for machines, version 1."""
    told = (Row(("publisher", name), [*map(_told, each.publishers)], each.where) for name, each in publishers.items())
    every = (*_rows(settings), *told)
    rows: list[Data] = [{"key": [*row.key], "value": row.value, "from": row.origin} for row in every]
    file = settings.file.path or None
    return dumps(
        {"version": 1, "file": file, "baseline": known, "rules": _running(settings), "settings": rows}, indent=2
    )


def _running(settings: Settings) -> list[str]:
    return sorted(rule.id for rule in settings.rules)


def _publisher(each: Configured) -> list[str]:
    if each.kind != "github":
        return ["", f"# {each.package}: trusted publisher of {each.kind}  # {each.where}"]
    lines = [f"{key} = {dumps(value, ensure_ascii=False)}" for key, value in _told(each).items()]
    return ["", f"[[publisher]]  # {each.where}", *lines]


def _told(each: Configured) -> dict[str, Data]:
    """What is known of a publisher, by the names that the settings have for it."""
    actions: Data = None if each.actions is None else [*each.actions]
    told: dict[str, Data] = {"package": each.package, "repository": each.repository, "workflow": each.workflow}
    told |= {"environment": each.environment or None, "actions": actions}
    return {key: value for key, value in told.items() if value is not None}


def _line(row: Row) -> str:
    key = row.key[-1] if row.key[0] != "per-path-ignores" else dumps(row.key[-1], ensure_ascii=False)
    if row.value in (None, []):  # what the file cannot say, or need not
        return f"# {key}: {'not known' if row.value is None else 'every rule' if key == 'select' else 'none'}"
    return f"{key} = {dumps(row.value, ensure_ascii=False)}  # {row.origin}"


def _rows(settings: Settings) -> list[Row]:
    file, asked = settings.file, settings.asked
    select = COMMAND_LINE if asked.select else file.place("select") if file.select else DEFAULT
    return [
        Row(("repository",), settings.repository, _repository(settings)),
        Row(("select",), [*settings.select], select),
        Row(("ignore",), [*settings.ignore], _joined(settings, "ignore", file.ignore, asked.ignore)),
        Row(("prefer",), [*settings.prefer], _joined(settings, "prefer", file.prefer, asked.prefer)),
        *(Row(("levels", rule), level, file.place("levels", rule)) for rule, level in file.levels.items()),
        *(Row(key, [*rules], file.place(*key)) for key, rules in _ignores(settings)),
    ]


def _ignores(settings: Settings) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(("per-path-ignores", ignore.pattern), ignore.rules) for ignore in settings.file.ignores]


def _joined(settings: Settings, key: str, file: tuple[str, ...], asked: tuple[str, ...]) -> str:
    parts = [settings.file.place(key)] if file else []
    return ", ".join([*parts, *([COMMAND_LINE] if asked else [])]) or DEFAULT


def _repository(settings: Settings) -> str:
    if settings.asked.repository:
        return COMMAND_LINE
    if settings.given:
        return settings.file.place("repository") if settings.named_by_file else f"environment {VARIABLE}"
    return "the remote origin" if settings.repository else DEFAULT
