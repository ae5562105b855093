"""What publishes to npm here, and what each publication still lacks before npm can be left without a token."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.formats.shell import Command
from tp_fix.models.client import Client, client_of
from tp_fix.models.command import Publish, publish_of
from tp_fix.models.grants import grant_of
from tp_fix.models.package import Package
from tp_fix.models.registry import Registry, registry_of
from tp_fix.models.repository import Repository
from tp_fix.models.script import Script, script_of_step
from tp_fix.models.workflow import Step, Workflow
from tp_fix.node import Route
from tp_fix.source import Span

SUSPECT = re.compile(r"\b(?:npm|pnpm|npx\s+npm@\S+)\s(?:[^\n;&|]*\s)?publish\b|\byarn npm publish\b")
"""What a publish looks like in a script that cannot be parsed; a dry run is left out below."""


class Lack(NamedTuple):
    """Something that a publication lacks for OIDC; `known` is False when it may well be there, unseen."""

    what: str
    known: bool


class Publication(NamedTuple):
    """One command that publishes to npm's public registry, or may do so.

    `certain` is None when the command may be a dry run, or stands in a script that could not be read; `doubt` then
    says why. `packages` are the manifests that it publishes, None when that cannot be known. `built` names a folder
    that is published but is not in the repository: the manifest is then the nearest one above.
    """

    step: Step
    tool: str
    command: str
    offset: int
    certain: bool | None
    doubt: str
    packages: tuple[Package, ...] | None
    built: str
    registry: Registry
    lacks: tuple[Lack, ...]

    @property
    def workflow(self) -> Workflow:
        return self.step.job.workflow

    @property
    def route(self) -> Route:
        return self.step.route

    @property
    def ready(self) -> bool | None:
        """The readiness of the design: True when nothing is lacking, None when something may be."""
        if not self.lacks:
            return True
        return False if any(lack.known for lack in self.lacks) else None

    @property
    def names(self) -> tuple[str, ...] | None:
        """The packages' names; None when they cannot be known."""
        if self.packages is None:
            return None
        return tuple(package.name for package in self.packages if package.name)


def publications(repository: Repository) -> list[Publication]:
    """Every publication of the repository, in the order of the workflows' paths and texts.

    Dry runs and other registries are none; what cannot be told from a publication is one.
    """
    return [
        publication
        for workflow in repository.workflows.values()
        for step in workflow.steps()
        if step.run is not None
        for publication in publications_of(step, repository)
    ]


def publications_of(step: Step, repository: Repository) -> Iterator[Publication]:
    for found in commands_that_publish(step):
        publication = _publication(step, found, repository)
        if publication.registry.public is not False and publication.certain is not False:
            yield publication


class Found(NamedTuple):
    """A publish command in a script: where it stands, from which folder it publishes, and why it may be none."""

    publish: Publish
    command: str
    span: Span
    folder: str | None
    doubt: str


def commands_that_publish(step: Step) -> Iterator[Found]:
    """Publish commands of any registry, with `cd` followed; dry runs too."""
    script = script_of_step(step)
    if script.unread:
        yield from _suspects(script)
        return
    for command, folder in placed(script.commands, step.directory):
        if (publish := publish_of(command)) is not None:
            doubt = "" if command.sure else "the script around it cannot be parsed as bash"
            if publish.dry_run is None:
                doubt = "words that are known only at run time may make it a dry run"
            yield Found(publish, script.text[command.span.start : command.span.end], command.span, folder, doubt)


def placed(commands: Iterable[Command], directory: str) -> Iterator[tuple[Command, str | None]]:
    """A script's commands, each with the folder it runs in; None where `cd` goes somewhere unknown.

    `directory` is where the script starts, as a workflow spells it.
    """
    folder = _join("", directory)
    for command in commands:
        yield command, folder
        if (target := _cd(command)) is not None:
            folder = _join(folder, target) if command.top else None


def _suspects(script: Script) -> Iterator[Found]:
    """Lines of an unread script that look like a publish."""
    for match in SUSPECT.finditer(script.text):
        line_start = script.text.rfind("\n", 0, match.start()) + 1
        line = script.text[line_start : (script.text + "\n").index("\n", match.end())]
        if "--dry-run" in line or line.lstrip().startswith("#"):
            continue
        publish = Publish("pnpm" if match.group().startswith("pnpm") else "npm")
        yield Found(publish, match.group(), Span(*match.span()), None, f"the script is not read: {script.unread}")


def _publication(step: Step, found: Found, repository: Repository) -> Publication:
    publish = found.publish
    packages, built = _packages(publish, found.folder, repository)
    known = packages[0] if packages else repository.packages.at("")
    registry = registry_of(step, publish, known, repository)
    client = client_of(step, found.span.start, publish.tool, publish.client)
    if found.doubt and not found.doubt.startswith("words"):
        client = Client(None, found.doubt)
    certain = None if found.doubt else not publish.dry_run
    return Publication(
        step,
        publish.tool,
        " ".join(found.command.split()),
        found.span.start,
        certain if publish.dry_run is not True else False,
        found.doubt,
        packages,
        built,
        registry,
        tuple(_lacks(step, registry, client, repository)),
    )


def _lacks(step: Step, registry: Registry, client: Client, repository: Repository) -> Iterator[Lack]:
    """What stands between a publication and OIDC. The one place where readiness is decided."""
    grant = grant_of(step.job, repository)
    if grant.granted is not True:
        yield Lack(f"`id-token: write` is not in effect{grant.why}", grant.granted is False)
    if client.new_enough is not True:
        yield Lack(client.why, client.new_enough is False)
    if registry.public is None:
        yield Lack(f"the registry is not known ({registry.address})", False)
    hosted = hosted_runner(step)
    if hosted is not True:
        labels = ", ".join(step.job.runner) or "none given"
        yield Lack(
            f"the runner ({labels}) is {'not' if hosted is False else 'perhaps not'} GitHub's own", hosted is False
        )


def hosted_runner(step: Step) -> bool | None:
    """Whether the job runs on a runner of GitHub's: npm's exchange asks for that (D npm, checked 2026-11-22)."""
    labels = [label.lower() for label in step.job.runner]
    if "self-hosted" in labels:
        return False
    if len(labels) == 1 and re.fullmatch(r"(?:ubuntu|windows|macos)-[\w.-]+", labels[0]):
        return True
    matrix = step.job.node.at(("strategy", "matrix"))
    match = re.fullmatch(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}", labels[0]) if len(labels) == 1 else None
    values = matrix.get(match[1]) if matrix is not None and match else None
    if values is None or not values.items:
        return None
    return all(re.fullmatch(r"(?:ubuntu|windows|macos)-[\w.-]+", str(item.value)) for item in values.items) or None


def _packages(publish: Publish, folder: str | None, repository: Repository) -> tuple[tuple[Package, ...] | None, str]:
    """The packages that a command publishes, and the folder that it publishes if that is not in the repository."""
    if folder is None:
        return None, ""
    if publish.directory is not None:
        folder = _join(folder, publish.directory)
    if folder is None or any(spec is None for spec in publish.specs):
        return None, ""
    if publish.all_workspaces:
        return _public(repository.packages.workspaces(folder)), ""
    if publish.workspaces:
        return _selected(publish.workspaces, folder, repository), ""
    if not publish.specs:
        return _at(folder, repository)
    if len(publish.specs) > 1 or _is_archive(publish.specs[0] or ""):
        return None, ""
    target = _join(folder, publish.specs[0] or "")
    return (None, "") if target is None else _at(target, repository)


def _is_archive(spec: str) -> bool:
    return spec.endswith((".tgz", ".tar.gz")) or "*" in spec


def _at(folder: str, repository: Repository) -> tuple[tuple[Package, ...] | None, str]:
    package = repository.packages.at(folder)
    if package is not None:
        return (package,), ""
    above = repository.packages.above(folder)
    return ((above,), folder) if above is not None else (None, folder)


def _public(packages: tuple[Package, ...] | None) -> tuple[Package, ...] | None:
    return None if packages is None else tuple(package for package in packages if not package.private)


def _selected(names: tuple[str, ...], folder: str, repository: Repository) -> tuple[Package, ...] | None:
    found = [
        repository.packages.named(name) or repository.packages.at(_join(folder, name) or name)
        for name in names
        if not re.search(r"[*{}$!^]|\.\.\.", name)
    ]
    packages = tuple(package for package in found if package is not None)
    return packages if len(packages) == len(names) else None


def _join(folder: str | None, path: str) -> str | None:
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
