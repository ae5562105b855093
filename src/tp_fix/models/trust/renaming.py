"""What giving a workflow file another name takes: its references here, and what else names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.change import Change, SetValue
from tp_fix.formats import format_of
from tp_fix.models.repository import Repository
from tp_fix.models.when.events import every_workflow
from tp_fix.models.workflow import Workflow, text_of
from tp_fix.node import Node, Route

FOLDER = ".github/workflows/"
FILTERS = ("paths", "paths-ignore", "workflows")
"""Where `on:` names workflow files: by paths that changed, and by the path of one that has no name."""
READ = re.compile(r"\.(?:md|mdx|markdown|txt|rst|adoc|html?)$|(?:^|/)(?:README|CHANGELOG|CHANGES|HISTORY)[^/]*$", re.I)
"""Files that people read and nothing runs: a name that is out of date there breaks a badge at most."""
RUN_NUMBER = re.compile(r"\brun_number\b|\bGITHUB_RUN_NUMBER\b")
"""GitHub counts a workflow's runs by its file: a new name starts at 1 (D docs.github.com, github context)."""


class Mention(NamedTuple):
    """A line that names the file. `read` says that only people read it."""

    path: str
    line: int
    read: bool

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Renaming(NamedTuple):
    """The changes by path that follow the file, what names it besides, and why it had better not be renamed."""

    changes: tuple[tuple[str, Change], ...]
    mentions: tuple[Mention, ...]
    obstacles: tuple[str, ...]


def renaming(old: str, name: str, repository: Repository) -> Renaming:
    """What it takes to call the workflow at the path `old` by another name."""
    changes, followed = [], set()
    for workflow in every_workflow(repository):
        for route, node in _references(workflow, old):
            value = text_of(node).replace(old, FOLDER + name)
            changes.append((workflow.path, SetValue(route, value)))
            followed.add((workflow.path, workflow.document.line(node)))
    mentions = tuple(each for each in _mentions(old, repository) if (each.path, each.line) not in followed)
    return Renaming(tuple(changes), mentions, tuple(_obstacles(old, mentions, repository)))


def _references(workflow: Workflow, path: str) -> Iterator[tuple[Route, Node]]:
    """The scalars of a workflow that GitHub takes for the name of another one of the repository."""
    root = workflow.document.root
    for job in workflow.jobs:
        uses = job.node.get("uses")
        if uses is not None and uses.text == f"./{path}":
            yield (*job.route, "uses"), uses
    on = root.get("on")
    for event, filters in (on.pairs or []) if on is not None else []:
        for key in FILTERS:
            node = filters.get(key)
            items = [] if node is None else list(enumerate(node.items or []))
            route: Route = ("on", str(event.value), key)
            yield from (((*route, at), item) for at, item in items if _names(item, path))
            if node is not None and _names(node, path):
                yield route, node


def _names(node: Node, path: str) -> bool:
    return node.text is not None and node.text.removeprefix("!") == path


def _obstacles(old: str, mentions: tuple[Mention, ...], repository: Repository) -> Iterator[str]:
    used = [each for each in mentions if not each.read]
    if used:
        yield f"{_some(used)} would have to name the new one"
    counting = [path for path in _called_from(old, repository) if RUN_NUMBER.search(repository.text(path))]
    if counting:
        yield f"{', '.join(counting)} uses the number of the run, which starts at 1 again"


def _some(mentions: list[Mention]) -> str:
    shown = ", ".join(map(str, mentions[:3]))
    return f"{shown} and {len(mentions) - 3} more" if len(mentions) > 3 else shown


def _called_from(path: str, repository: Repository) -> list[str]:
    """A workflow and those of this repository that it calls."""
    found, pending = [path], [path]
    while pending:
        workflow = repository.workflows.get(pending.pop())
        for job in workflow.jobs if workflow is not None else ():
            called = (job.uses or "").removeprefix("./")
            if called in repository.workflows and called not in found:
                found.append(called)
                pending.append(called)
    return found


def _mentions(old: str, repository: Repository) -> Iterator[Mention]:
    """Lines of the repository's files that name the workflow, by its path or without any folder."""
    name = re.escape(old.rpartition("/")[2])
    pattern = re.compile(rf"(?:(?<![\w./-])|(?<=workflows/)){name}(?![\w-])")
    for path in repository.holding(re.compile(name.encode()), repository.paths):
        text = repository.text(path)
        read: dict[int, bool] = {}
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            read[line] = read.get(line, True) and _is_read(path, text, match.start(), repository)
        yield from (Mention(path, line, only) for line, only in read.items())


def _is_read(path: str, text: str, at: int, repository: Repository) -> bool:
    """Whether only people read what stands at an offset: a text of theirs, a line or an end of it that is a comment."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    if READ.search(path) or before.lstrip().startswith(("#", "//")):
        return True
    if path not in repository.workflow_paths or not repository.editable(path):
        return False
    document = repository.document(path)
    spans = format_of(path).comments(document.source, document.root)
    return any(span.start <= at < span.end for span in spans)
