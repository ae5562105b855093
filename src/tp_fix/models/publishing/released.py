"""What a run of a release tool publishes, where, and with which client."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.client.client import Client, client_of
from tp_fix.models.hindrance.client_behind import client_behind
from tp_fix.models.hindrance.commands_behind import commands_behind, versions_behind
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish, publish_of
from tp_fix.models.running.walk import Call, Walk
from tp_fix.models.tool.destination import publish_by
from tp_fix.models.tool.tools import ToolRun, below, run_of_call

WITHOUT = {"classic": "Yarn Classic", "bun": "bun"}
"""Clients without OIDC."""


def publish_of_run(run: ToolRun) -> Publish:
    """The publish command that a run comes to, as far as the registry goes."""
    return publish_by(run.step, run.words, run.settings)


def client_of_run(run: ToolRun, repository: Repository) -> Client:
    """Whether what exchanges the token is new enough: the tool, and the client that it hands over to."""
    if run.new_enough is not True:
        return Client(run.new_enough, _too_old(run), run.publisher.name)
    behind = list(commands_behind(run, repository)) if run.step.uses is not None else []
    if not behind:
        return _behind(run, repository)
    found = [client for call in calls_behind(run, repository) for client in _of_call(call, run, repository)]
    if not found:
        return Client(None, f"{run.why}, and what `{behind[0].text}` publishes with cannot be read", run.publisher.name)
    return next((client for client in found if client.new_enough is not True), found[0])


def _too_old(run: ToolRun) -> str:
    """Why a tool is, or may be, too old."""
    first, why = below(run), run.why.rstrip(",")
    if not first:
        return f"{why}, and no version of {run.publisher.name} is known to publish over OIDC"
    old = run.new_enough is False and not run.old
    return f"{why}, older than {first}" if old else f"{why}, and OIDC needs {first} or newer"


def calls_behind(run: ToolRun, repository: Repository) -> Iterator[Call]:
    """All that a run's configuration makes it run."""
    for each in commands_behind(run, repository):
        yield from Walk(repository).shell(each.text, each.folder, f" behind {run.command}")


def calls_beside(run: ToolRun, repository: Repository) -> Iterator[Call]:
    """What an action runs beside what publishes: the command that makes the version, with the same environment."""
    for each in versions_behind(run):
        yield from Walk(repository).shell(each.text, each.folder, f" behind {run.command}")


def _behind(run: ToolRun, repository: Repository) -> Client:
    behind = client_behind(run, repository)
    if behind is None:
        return Client(True, run.why, run.publisher.name)
    if behind.client in WITHOUT:
        why = f"{run.why}; {run.publisher.name} publishes with {WITHOUT[behind.client]} here, which has no OIDC"
        return Client(False, why, run.publisher.name)
    if not behind.client:
        said = behind.why or f"which client {run.publisher.name} publishes with is not known"
        return Client(None, f"{run.why}: {said.removesuffix(f', and {run.why}')}", run.publisher.name)
    client = client_of(run.step, run.offset, behind.client, None, behind.folder, repository)
    return client._replace(why=f"{run.why}, which publishes with {behind.client}: {client.why}")


def _of_call(call: Call, run: ToolRun, repository: Repository) -> Iterator[Client]:
    """The client of a command that an action runs."""
    publish = publish_of(call.command) if call.command is not None and call.kind == "publish" else None
    if publish is not None:
        yield client_of(run.step, run.offset, publish.tool, publish.client, call.folder or "", repository)
    inner = run_of_call(run.step, call, repository) if call.kind == "release" else None
    if inner is not None:
        yield client_of_run(inner, repository)
