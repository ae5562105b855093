"""A run of a release tool in each package of a workspace, where one command starts the same script in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.formats.shell import Word
from tp_fix.models.hindrance.hindrance import IN_SCRIPT
from tp_fix.models.package import Package
from tp_fix.models.repository import Repository
from tp_fix.models.running.script import commands_of
from tp_fix.models.tool.tools import ToolRun

SPREADS = re.compile(r"(?:^|\s)(?:-ws|--workspaces|-r|--recursive|recursive|foreach)(?=\s|$)")


def everywhere(run: ToolRun, repository: Repository) -> Iterator[ToolRun]:
    """The run, and those of the other packages that have a script of the same name with the same tool."""
    yield run
    match = IN_SCRIPT.search(run.command)
    if match is None or "/" not in match[2] or not _spreads(run, repository):
        return
    for package in repository.packages.workspaces() or ():
        words = _words(package, match[1], run)
        if package.path != match[2] and words is not None:
            command = run.command[: match.start(2)] + package.path
            yield run._replace(folder=package.folder, command=command, words=words)


def _spreads(run: ToolRun, repository: Repository) -> bool:
    root = repository.packages.at("")
    texts = [run.step.run or "", *(root.scripts.values() if root is not None else ())]
    return any(SPREADS.search(text) for text in texts)


def _words(package: Package, script: str, run: ToolRun) -> tuple[Word, ...] | None:
    """What stands behind the tool's name in a package's script; None where it does not run it."""
    for command in commands_of(package.scripts.get(script, "")):
        for index, word in enumerate(command.words):
            if word.literal in run.publisher.by.programs:
                return command.words[index + 1 :]
    return None
