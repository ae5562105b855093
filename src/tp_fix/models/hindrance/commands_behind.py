"""The commands that a release tool runs by its configuration: what they publish, they publish themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.models.repository import Repository
from tp_fix.models.running.place import join
from tp_fix.models.tool.semantic_release import EXEC, configuration_of, plugins_of
from tp_fix.models.tool.tools import ToolRun
from tp_fix.node import Route

INPUTS = {
    "changesets/action v1": ("publish",),
    "changesets/action v2": ("publish-script",),
    "changesets/action/publish": ("script",),
}
VERSIONS = {"changesets/action v1": "version", "changesets/action v2": "version-script"}
"""The inputs whose command only makes the versions and their changelogs."""
PLAIN = "npx changeset publish"
"""What the sub-action runs where it is given no script: the CLI of the project (S src/run.ts at v2.1.1)."""


class CommandBehind(NamedTuple):
    """A command's text, the folder that it runs in (None: not known), and where it stands.

    An action cuts it into words by itself, without a shell: `&&` and variables mean nothing there.
    """

    text: str
    folder: str | None
    path: str
    route: Route
    shell: bool = True


def commands_behind(run: ToolRun, repository: Repository) -> Iterator[CommandBehind]:
    """The `publish` of changesets/action, and `publishCmd` and the like of semantic-release's exec plugin."""
    yield from _of_action(run)
    file = configuration_of(run.folder, repository) if "semantic-release" in run.publisher.by.packages else None
    settings = (plugins_of(file) or {}).get(EXEC)
    if file is None or not isinstance(settings, dict):
        return
    place = settings.get("execCwd")
    folder = join(run.folder, place) if isinstance(place, str) else run.folder
    for name, text in settings.items():
        if (name.endswith("Cmd") or name == "cmd") and isinstance(text, str):
            yield CommandBehind(text, folder, file.path, file.route)


def _of_action(run: ToolRun) -> Iterator[CommandBehind]:
    step, names = run.step, INPUTS.get(run.publisher.name, ())
    if step.uses is None or not names:
        return
    folder = _folder(step.input("cwd"))
    given = [name for name in names if step.input(name)]
    for name in given:
        route = (*step.route, "with", step.input_key(name))
        yield CommandBehind(step.input(name) or "", folder, step.job.workflow.path, route, shell=False)
    if not given and names == ("script",):
        yield CommandBehind(PLAIN, folder, step.job.workflow.path, (*step.route, "uses"), shell=False)


def versions_behind(run: ToolRun) -> Iterator[CommandBehind]:
    """The command of an action that makes the version, where it is given one."""
    step, name = run.step, VERSIONS.get(run.publisher.name, "")
    text = step.input(name) if step.uses is not None and name else None
    if text:
        route = (*step.route, "with", step.input_key(name))
        yield CommandBehind(text, _folder(step.input("cwd")), step.job.workflow.path, route, shell=False)


def _folder(written: str | None) -> str | None:
    return join("", written) if written else ""
