"""What a run of a release tool publishes, where, and with which client."""

from __future__ import annotations

from tp_fix.formats.argv import Grammar, names, split
from tp_fix.models.client.client import Client, client_of
from tp_fix.models.command import Publish
from tp_fix.models.installed.managed import manager_of
from tp_fix.models.repository import Repository
from tp_fix.models.target import UNKNOWN, Target, folder_target
from tp_fix.models.tool.destination import published_from, publishes_another_folder
from tp_fix.models.tool.tools import SEMANTIC_RELEASE, ToolRun

REGISTRY = Grammar(names("registry"))
ONE = "one"
"""The reach of a publisher that publishes the package of the folder that it runs in."""


def publish_of_run(run: ToolRun) -> Publish:
    """The publish command that a run comes to, as far as the registry goes."""
    registry = split(run.words, REGISTRY).last("registry") if run.words else None
    address = registry.value if registry is not None and isinstance(registry.value, str) else None
    if run.step.uses is not None:
        address = run.step.input("registry") or None
    return Publish("npm", registry=address, registry_unknown=registry is not None and address is None)


def target_of_run(run: ToolRun, repository: Repository) -> Target:
    """The packages of a run: the folder's own, or every one of the workspace that is not private."""
    if run.folder is None or not repository.packages.paths:
        return UNKNOWN
    folder = run.folder
    if SEMANTIC_RELEASE in run.publisher.packages:
        return UNKNOWN if publishes_another_folder(folder, repository) else folder_target(folder, repository.packages)
    packages = tuple(package for package in published_from(folder, repository) if not package.private)
    return Target(packages) if packages else UNKNOWN


def client_of_run(run: ToolRun, repository: Repository) -> Client:
    """Whether what exchanges the token is new enough: the tool, or the client that it hands over to as well."""
    if run.new_enough is not True or not run.publisher.through:
        return Client(run.new_enough, run.why, run.publisher.name)
    client = client_of(run.step, run.offset, client_behind(run, repository), None, run.folder or "", repository)
    return client._replace(why=f"{run.why}, which publishes with {client.program}: {client.why}")


def client_behind(run: ToolRun, repository: Repository) -> str:
    """The client that a run hands over to: "npm", "pnpm" or "yarn"."""
    if "pnpm" in run.publisher.through and manager_of(run.folder or "", repository) == "pnpm":
        return "pnpm"
    return "npm"
