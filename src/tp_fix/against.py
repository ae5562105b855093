"""`--against FILE`: what `npm trust list NAME --json` printed.

The client prints one object for each publisher, one after another, without the package's name, and nothing where
there is none (C npm/cli lib/trust-cmd.js, lib/commands/trust/list.js of 11.21.2 and 12.2.0; X, 2026-11-22). What it
prints when it makes one does have the name.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.errors import UsageError
from tp_fix.facts.trust import PERMISSIONS, Action
from tp_fix.models.repository import Repository
from tp_fix.models.trust.configured import Configured, Listed, Publishers
from tp_fix.node import Data

STDIN = "-"
MAX_BYTES = 1 << 20
NAME = re.compile(r"(?:@[^/@=\s]+/)?[^/@=\s]+")
"""A package's name, as far as it matters before a `=`."""
HOW = "npm trust list NAME --json > NAME.json"
EOTP = (
    "npm asks for a second factor only in a terminal: run `npm trust list NAME` there first and choose not to be asked "
    "for five minutes, or save by hand what `npm trust list NAME --json` prints there"
)
SIDE_NOTES = frozenset({"title", "url"})
"""What the client prints between the lines when it asks for a second factor (C lib/utils/open-url.js)."""


class Given(NamedTuple):
    """One file: the package that the command line names, None without, the file's name and its text."""

    package: str | None
    name: str
    text: str

    def wrong(self, what: str, hint: str = "", at: int = 0) -> UsageError:
        line = f":{self.text.count(chr(10), 0, at) + 1}" if at else ""
        return UsageError(f"{self.name}{line}: {what}", hint or f"what is wanted: {HOW}")


def configured(against: Iterable[str], written: Iterable[Configured], repository: Repository) -> Publishers:
    """What npm has, by package: by the files of the command line, else as `written` in the settings.

    Raises UsageError for a file that cannot be used, or that does not tell which package it is about.
    """
    found: dict[str, Listed] = {}
    for each in written:
        known = found.get(each.package, Listed((), each.where))
        found[each.package] = known._replace(publishers=(*known.publishers, each))
    given: dict[str, Listed] = {}
    for argument in dict.fromkeys(against):
        _take(_given(argument), repository, given)
    return {**found, **given}


def _take(file: Given, repository: Repository, given: dict[str, Listed]) -> None:
    """Adds what a file says; several files may speak of one package."""
    objects = list(_objects(file))
    packages = [_package_of(data, file) or _meant(file, repository) for data in objects]
    for package in packages or [file.package or _meant(file, repository)]:
        given.setdefault(package, Listed((), _source(file)))
    for package, data in zip(packages, objects, strict=True):
        known = given[package]
        given[package] = known._replace(publishers=(*known.publishers, _publisher(data, package, file)))


def _given(argument: str) -> Given:
    package, equals, name = argument.partition("=")
    if not equals or os.path.exists(argument) or not NAME.fullmatch(package):
        return Given(None, argument, _text(argument))
    return Given(package, name, _text(name))


def _text(name: str) -> str:
    try:
        if name == STDIN:
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with open(name, "rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--against {name}: cannot be read: {error.strerror}", f"make it with {HOW}") from None
    if len(raw) > MAX_BYTES:
        raise UsageError(f"--against {name}: larger than 1 MiB, which no list of publishers is", f"make it with {HOW}")
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")  # `>` of PowerShell 5
    except UnicodeDecodeError:
        raise UsageError(f"--against {name}: not text in UTF-8", f"make it with {HOW}") from None


def _objects(file: Given) -> Iterator[dict[str, Data]]:
    """The publishers in a file: objects one after another, or lists of them."""
    decoder, at = json.JSONDecoder(), 0
    while at := _next(file.text, at):
        start = at - 1
        try:
            data, at = decoder.raw_decode(file.text, start)
        except json.JSONDecodeError as error:
            raise file.wrong(f"not JSON: {error.msg}", at=error.pos) from None
        except RecursionError:
            raise file.wrong("nested too deeply to be meant") from None
        for item in data if isinstance(data, list) else [data]:
            if not isinstance(item, dict):
                raise file.wrong("not what `npm trust list --json` prints: something else than objects", at=start)
            if "error" in item:
                raise _failed(item["error"], file)
            if item.keys() != SIDE_NOTES:
                yield item


def _failed(error: Data, file: Given) -> UsageError:
    """npm prints what went wrong where its answer would stand."""
    code = error.get("code") if isinstance(error, dict) else error
    return file.wrong(f"npm failed: {code}", EOTP if code == "EOTP" else "run it again, and look what it says")


def _next(text: str, at: int) -> int:
    """One more than where the next value starts; 0 when there is none."""
    found = re.compile(r"\S").search(text, at)
    return found.end() if found else 0


def _package_of(data: dict[str, Data], file: Given) -> str | None:
    """The package that an object names, or else the command line."""
    name = data.get("package")
    if isinstance(name, str) and file.package not in (None, name):
        raise file.wrong(f"about {name}, and not about {file.package}", "name the file after what it is about")
    return name if isinstance(name, str) else file.package


def _meant(file: Given, repository: Repository) -> str:
    """The package of this repository that a file must be about: the one that it is named after, or the only one."""
    packages = [package for package in repository.packages.every() if package.name and not package.private]
    names = list(dict.fromkeys(package.name or "" for package in packages))
    stem = os.path.splitext(file.name)[0].replace(os.sep, "/")
    tails = {_plain(stem.rpartition("/")[2]), _plain("/".join(stem.split("/")[-2:])) if "/@" in f"/{stem}" else ""}
    alike = [name for name in names if _plain(name) in tails]
    if len(alike) == 1 or len(names) == 1:
        return (alike or names)[0]
    shown = f"{names[0] if names else 'left-pad'}={file.name}"
    raise file.wrong("does not tell which package it is about", f"say so: --against {shown}")


def _plain(name: str) -> str:
    """A name as far as it can be a file's too: `@octo/pkg`, `octo-pkg`, `@octo%2fpkg` and `octo__pkg` are one."""
    return re.sub(r"%2f|[^a-z0-9.]+|_+", "-", name.lower()).strip("-")


def _source(file: Given) -> str:
    return "standard input" if file.name == STDIN else file.name


def _publisher(data: dict[str, Data], package: str, file: Given) -> Configured:
    kind = str(data.get("type") or ("github" if "repository" in data else ""))
    if not kind or (kind == "github" and not ("repository" in data and "file" in data)):
        raise file.wrong("not a trusted publisher: `type`, `repository` or `file` is missing")
    texts = {key: _string(data.get(key)) for key in ("id", "repository", "file", "environment")}
    if kind != "github":
        return Configured(package, "", "", None, None, kind, texts["id"], _source(file))
    return Configured(
        package,
        texts["repository"],
        texts["file"],
        texts["environment"],
        _actions(data.get("permissions"), file),
        kind,
        texts["id"],
        _source(file),
    )


def _string(value: Data) -> str:
    return value if isinstance(value, str) else ""


def _actions(listed: Data, file: Given) -> tuple[Action, ...]:
    """What is allowed. One from before there were permissions is allowed to publish (D npm, trusted publishers)."""
    if listed is None:
        return ("publish",)
    if not isinstance(listed, list):
        raise file.wrong("`permissions` is not a list")
    return tuple(action for action, permission in PERMISSIONS.items() if permission.listed in listed)
