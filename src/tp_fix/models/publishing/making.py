"""A publication from a command that publishes, or from the run of a release tool."""

from __future__ import annotations

from tp_fix.facts.publishers.clients import client_row
from tp_fix.facts.registry import is_public
from tp_fix.facts.runners import is_on_path
from tp_fix.formats.shell_text import one_line
from tp_fix.models.client.client import Client, client_of
from tp_fix.models.installed.declared import declarations
from tp_fix.models.package import Package
from tp_fix.models.publishing.archive import archived
from tp_fix.models.publishing.configuring import Asked
from tp_fix.models.publishing.filled_in import Filled, filled_in
from tp_fix.models.publishing.found import Found
from tp_fix.models.publishing.lacks import lacks_of
from tp_fix.models.publishing.provenance import provenance_of
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.registry import Registry, registry_of
from tp_fix.models.publishing.registry_set import OVERRULED, set_right_before
from tp_fix.models.publishing.released import client_of_run, publish_of_run
from tp_fix.models.publishing.released_target import target_of_run
from tp_fix.models.publishing.target import Target, target_of
from tp_fix.models.publishing.unseen import dry_run_doubt, registry_doubt
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish
from tp_fix.models.tool.tools import ToolRun, publishes
from tp_fix.models.workflow import Step
from tp_fix.models.yarn_settings import yarn_registry
from tp_fix.source import Span


def publication_of(step: Step, found: Found, repository: Repository) -> Publication:
    publish = found.publish
    target = archived(step, found.span.start, publish, found.folder, repository.packages) or target_of(
        publish, found.folder, repository.packages
    )
    filled: tuple[Filled, ...] = ()
    if target.packages is None and found.read and not found.origin:
        filled = filled_in(step, found.span.start, repository)
        target = Target(_together(filled), hooks=target.hooks) if filled else target
    client = _client(step, found, repository)
    registry = _registry(step, found, target, client, repository)
    if not found.doubt and dry_run_doubt(step, found.span.start, repository):
        found = found._replace(doubt="words that are known only at run time: a setting may make it a dry run")
    certain = None if found.doubt else not publish.dry_run
    return Publication(
        step,
        step,
        client_row(publish.tool, client.program, publish.client is not None),
        publish.tool,
        one_line(found.command),
        found.span.start,
        certain if publish.dry_run is not True else False,
        found.doubt,
        target,
        registry,
        client,
        tuple(lacks_of(step, registry, client, repository)),
        provenance_of(step, publish, found.folder, repository),
        publish.options,
        found.origin,
        found.folder,
        publish,
        filled=filled,
    )


def _together(filled: tuple[Filled, ...]) -> tuple[Package, ...]:
    """The packages of all ways to start, each once."""
    return tuple({package.path: package for each in filled for package in each.packages}.values())


def _client(step: Step, found: Found, repository: Repository) -> Client:
    publish = found.publish
    client = client_of(step, found.span.start, publish.tool, publish.client, found.folder or "", repository)
    if publish.client is None and publish.tool.startswith("npm") and found.read:
        if found.words is None or not is_on_path(found.words, "npm"):
            client = Client(None, "which npm it runs is not known: none is named")
        elif found.origin and any(declarations("npm", found.folder or "", repository)):
            client = Client(None, "package.json asks for an npm of its own, which scripts find first")
    if client.program == "pnpm" and any(
        option.name == "batch" and option.value is not False for option in publish.options
    ):
        client = Client(None, "with `--batch`, pnpm 11.7 and newer publishes without OIDC", "pnpm")
    return client if found.read else Client(None, found.doubt)


def publication_of_run(step: Step, run: ToolRun, repository: Repository) -> Publication:
    """What a release tool publishes."""
    publish, target = publish_of_run(run), target_of_run(run, repository)
    found = Found(publish, run.command, Span(run.offset, run.offset), run.folder, "")
    client = client_of_run(run, repository)
    registry = _registry(step, found, target, client, repository)
    if registry.public is True and publishes(run, repository) is None:
        registry = Registry(None, "it may be set where it is not seen")
    dry = dry_run_doubt(step, run.offset, repository) or any(each.name == "dry-run" for each in run.settings)
    return Publication(
        step,
        step,
        run.publisher,
        run.publisher.name,
        run.command.strip("`") if step.uses is not None else run.command.split("`")[1],
        run.offset,
        None if dry else True,
        "a setting may make it a dry run" if dry else "",
        target,
        registry,
        client,
        tuple(lacks_of(step, registry, client, repository, run)),
        provenance_of(step, publish, run.folder, repository),
        origin=run.origin,
        folder=run.folder,
        run=run,
    )


def _registry(step: Step, found: Found, target: Target, client: Client, repository: Repository) -> Registry:
    """Where all that is published goes; unknown where packages disagree, or something may set it unseen."""
    packages: tuple[Package | None, ...] | None = target.packages
    if packages is None:
        packages = (None, *(package for package in repository.packages.every() if package.publish_config))
    answers = [registry_of(step, found.publish, package, repository) for package in packages or (None,)]
    first = answers[0]
    if any(answer.public is not first.public for answer in answers):
        return Registry(None, "not the same for all packages")
    if first.public is False:
        return first
    tool, asked = found.publish.tool, _asked(found.publish, target)
    doubt = registry_doubt(step, found.span.start, found.command, tool, asked, repository)
    if doubt and (first.by in OVERRULED or (first.by == ".npmrc" and _beyond_it(found, target, repository))):
        own = set_right_before(step, found.span.start, tool)
        if own and not registry_doubt(step, found.span.start, found.command, tool, asked, repository, own.span):
            return own.registry
    if not doubt and client.program == "yarn":
        doubt = next(
            (said for one in packages or (None,) if (said := yarn_registry(one, found.folder, repository))), ""
        )
    return Registry(None, doubt) if doubt else first


def _beyond_it(found: Found, target: Target, repository: Repository) -> bool:
    """Whether npm publishes from a folder where it does not read the root's .npmrc: none of npm's own workspaces."""
    root = repository.packages.at("")
    folders = {found.folder, *(package.folder for package in target.packages or ())}
    return found.publish.tool.startswith("npm") and "" not in folders and not (root is not None and root.workspaces)


def _asked(publish: Publish, target: Target) -> Asked:
    names = [package.name for package in target.packages or ()]
    scopes = frozenset(name.split("/")[0] if name.startswith("@") else "" for name in names if name)
    known = bool(names) and all(names)
    return Asked(scopes if known else None, is_public(publish.registry or "") is True)
