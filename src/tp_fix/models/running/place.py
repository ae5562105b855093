"""Where the commands of a script run: its folder, with `cd` followed as far as it can be."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from tp_fix.formats.shell import Command


def placed(commands: Iterable[Command], directory: str | None) -> Iterator[tuple[Command, str | None]]:
    """A script's commands, each with the folder it runs in; None where `cd` goes somewhere unknown.

    `directory` is where the script starts, as a workflow spells it.
    """
    folder = None if directory is None else join("", directory)
    for command in commands:
        yield command, folder
        if (target := _cd(command)) is not None:
            folder = join(folder, target) if command.top else None


def join(folder: str | None, path: str) -> str | None:
    """A folder relative to the repository, '' for its root; None when it cannot be known or lies outside."""
    workspace = re.sub(r"^(?:\$\{\{\s*github\.workspace\s*\}\}|\$\{?GITHUB_WORKSPACE\}?)/?", "/", path)
    if folder is None or "$" in workspace or workspace.startswith("~") or path == "-":
        return None
    if workspace.startswith("/") and workspace == path:
        return None
    joined = posixpath.normpath(posixpath.join("" if workspace != path else folder, workspace.lstrip("/") or "."))
    return "" if joined == "." else None if joined.startswith("..") else joined


def _cd(command: Command) -> str | None:
    words = command.words
    if not words or words[0].literal not in ("cd", "pushd", "popd"):
        return None
    if len(words) != 2 or words[1].literal is None:
        return words[1].text if len(words) == 2 else "-"
    return words[1].literal
