"""What publishes to npm here, and what each publication still lacks before npm can be left without a token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from tp_fix.facts.publishers.clients import client_row
from tp_fix.facts.publishers.row import Publisher
from tp_fix.facts.registry import is_public
from tp_fix.facts.runners import is_on_path
from tp_fix.formats.argv import Option
from tp_fix.formats.shell import Command
from tp_fix.formats.shell_text import one_line
from tp_fix.models.client.client import Client, client_of
from tp_fix.models.grants import grant_of
from tp_fix.models.hindrance.hindrances import hindrances_of
from tp_fix.models.hosting import hosted
from tp_fix.models.installed.declared import declarations
from tp_fix.models.package import Package
from tp_fix.models.publishing.archive import archived
from tp_fix.models.publishing.configuring import Asked
from tp_fix.models.publishing.filled_in import Filled, filled_in
from tp_fix.models.publishing.generated import not_by_hand
from tp_fix.models.publishing.never import never_reached, never_runs
from tp_fix.models.publishing.provenance import provenance_of
from tp_fix.models.publishing.registry import Registry, registry_of
from tp_fix.models.publishing.registry_set import OVERRULED, set_right_before
from tp_fix.models.publishing.released import calls_behind, client_of_run, publish_of_run
from tp_fix.models.publishing.released_target import target_of_run
from tp_fix.models.publishing.target import Target, target_of
from tp_fix.models.publishing.unseen import dry_run_doubt, registry_doubt
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish, publish_of
from tp_fix.models.running.composite import InnerStep, inner_steps, outermost
from tp_fix.models.running.place import placed
from tp_fix.models.running.script import Script, script_of_step
from tp_fix.models.running.walk import Call, short, walked
from tp_fix.models.tool.lacking import lacking_of_run
from tp_fix.models.tool.tools import ToolRun, is_off, publishes, runs_of, tools_of
from tp_fix.models.workflow import Step, Workflow
from tp_fix.models.yarn_settings import yarn_registry
from tp_fix.node import Route
from tp_fix.source import Span

SUSPECT = re.compile(r"\b(?:npm|pnpm|npx\s+npm@\S+|yarn\s+npm)\s")
"""How a publish starts in a script that cannot be parsed; the word itself comes somewhere behind it."""


OTHERS = re.compile(r"\b(?:pkg-pr-new(?:@\S+)?|vsce|ovsx|jsr)\s+$")
"""Right before the word: programs that publish, but nothing to a registry of npm's kind."""
PERHAPS_DRY = "words that are known only at run time may make it a dry run"
QUIET = re.compile(r"#|echo\b|printf\b|(?:npm|pnpm|yarn)\s+(?:run|run-script|pack|view|info)\b|npx\s+(?!npm)")
"""How lines start that speak of publishing and do not publish by themselves."""


class Lack(NamedTuple):
    """Something that a publication lacks for OIDC; `known` is False when it may well be there, unseen."""

    topic: Literal["scope", "client", "registry", "runner", "publisher", "setting"]
    what: str
    known: bool


class Publication(NamedTuple):
    """One command or action that publishes to npm's public registry, or may do so.

    `step` is the workflow's step that leads to it; `within` the step of a composite action that has it, else the same.
    `publisher` is its row; `tool` the name of a client, such as "pnpm stage", or else of the publisher. `certain` is
    None when the command may be a dry run, or stands in a script that could not be read; `doubt` then says why.
    `offset` is where the command that leads to it stands in the script of `within`, `options` what it says with dashes.
    `provenance` is what is said about it. `origin` is where the command stands, as a phrase that follows it, '' in
    the script of the step itself. `run` is what is known of a release tool, `publish` of a client's command. `filled`
    says by the workflow that is started what it publishes, where that hangs on values that are put in.
    """

    step: Step
    within: Step
    publisher: Publisher
    tool: str
    command: str
    offset: int
    certain: bool | None
    doubt: str
    target: Target
    registry: Registry
    client: Client
    lacks: tuple[Lack, ...]
    provenance: bool | None = None
    options: tuple[Option, ...] = ()
    origin: str = ""
    folder: str | None = None
    publish: Publish | None = None
    run: ToolRun | None = None
    filled: tuple[Filled, ...] = ()

    @property
    def direct(self) -> bool:
        """Whether a client's command in the script of the workflow's own step publishes."""
        return not self.origin and self.run is None and self.within is self.step

    @property
    def what(self) -> str:
        """How a person finds it."""
        action = outermost(self.within).uses if self.within is not self.step else None
        inside = f" in `{action}`" if action else ""
        own = self.run.command if self.run is not None else f"`{short(self.command)}`{self.origin}"
        return f"{own}{inside}"

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
    def generated(self) -> str:
        """Why its workflow is not to be edited, and what to change in its place; '' where nothing forbids it."""
        return not_by_hand(self.workflow.document)

    @property
    def names(self) -> tuple[str, ...] | None:
        """The packages' names; None when they cannot be known."""
        if self.target.packages is None:
            return None
        return tuple(package.name for package in self.target.packages if package.name)


def publications(repository: Repository) -> list[Publication]:
    """Every publication of the repository, in the order of the workflows' paths and texts.

    Dry runs and other registries are none; what cannot be told from a publication is one.
    """
    return [
        publication
        for workflow in repository.workflows.values()
        for job in workflow.jobs
        for publication in _told_apart([each for step in job.steps for each in publications_of(step, repository)])
    ]


def _told_apart(found: list[Publication]) -> list[Publication]:
    """The publications of a job. A package that has a publish of its own is not what a built folder holds too.

    npm takes a version once, so that a second publish of the same is another package, which the build names.
    """
    own = {package.path for each in found if not each.target.unread for package in each.target.packages or ()}
    return [
        each._replace(target=each.target._replace(packages=None))
        if each.target.built and any(package.path in own for package in each.target.packages or ())
        else each
        for each in found
    ]


def elsewhere(repository: Repository) -> list[Publication]:
    """What publishes to another registry than npm's public one: nothing is done about it, but somebody may look for it.

    Dry runs are none.
    """
    return [
        publication
        for workflow in repository.workflows.values()
        for step in workflow.steps()
        for publication in elsewhere_at(step, repository)
    ]


def publications_of(step: Step, repository: Repository) -> tuple[Publication, ...]:
    """What a step publishes by its own script, what that runs, an action, or the steps of a composite action."""
    return repository.once(("publications", *step.key), lambda: tuple(_publications_of(step, repository)))


def _publications_of(step: Step, repository: Repository) -> Iterator[Publication]:
    for inner in _running(step, repository):
        for publication in publications_of(inner, repository):
            yield publication._replace(step=step)
    found = (*_by_commands(step, repository), *_by_tools(step, tools_of(step, repository), repository))
    for publication in map(_as_rehearsed, found):
        if publication.registry.public is not False and _happens(publication):
            yield publication


def _as_rehearsed(publication: Publication) -> Publication:
    """What the hooks of a publish publish through npm, which a dry run of that publish makes one too.

    npm hands its options to the scripts that it runs: `npm_config_dry_run` (X npm 11.19.1, checked 2026-11-23).
    """
    if publication.within.run is None or publication.direct or publication.client.program != "npm":
        return publication
    leading = (each for each in commands_that_publish(publication.within) if each.publish.tool.startswith("npm"))
    found = next((each for each in leading if each.span.start == publication.offset), None)
    if found is None or found.publish.dry_run is False or publication.certain is False:
        return publication
    if found.publish.dry_run:
        return publication._replace(certain=False)
    return publication._replace(certain=None, doubt=PERHAPS_DRY)


def _running(step: Step, repository: Repository) -> Iterator[InnerStep]:
    """The steps of a composite action, without those that never run for what it is given."""
    return (inner for inner in inner_steps(step, repository) or () if not never_runs(inner, repository))


def elsewhere_at(step: Step, repository: Repository) -> Iterator[Publication]:
    """What one step publishes to another registry, by its own script, what that runs, or an action."""
    for inner in _running(step, repository):
        for publication in elsewhere_at(inner, repository):
            yield publication._replace(step=step)
    runs = (run for run in runs_of(step, repository) if not is_off(run) and publishes(run, repository) is False)
    found = (*_by_commands(step, repository), *_behind_action(step, repository), *_by_tools(step, runs, repository))
    for publication in found:
        if publication.registry.public is False and _happens(publication):
            yield publication


def _by_commands(step: Step, repository: Repository) -> Iterator[Publication]:
    for found in (*commands_that_publish(step), *commands_behind(step, repository)):
        if not never_reached(step, found.span.start, repository):
            yield _publication(step, found, repository)
    for run in runs_of(step, repository) if step.run is not None else ():
        for found in _found_behind(calls_behind(run, repository), run.offset):
            if not never_reached(step, run.offset, repository):
                yield _publication(step, found, repository)


def _behind_action(step: Step, repository: Repository) -> Iterator[Publication]:
    """The publish commands that an action runs, which has one of its own besides."""
    for run in runs_of(step, repository) if step.uses is not None else ():
        for found in _found_behind(calls_behind(run, repository), run.offset):
            yield _publication(step, found, repository)


def _by_tools(step: Step, runs: Iterable[ToolRun], repository: Repository) -> Iterator[Publication]:
    return (_released(step, run, repository) for run in runs if not never_reached(step, run.offset, repository))


def _happens(publication: Publication) -> bool:
    return publication.certain is not False and not _private(publication)


def _private(publication: Publication) -> bool:
    """Whether npm would turn it down with EPRIVATE: all of its manifests are marked so, and were read."""
    target = publication.target
    return bool(target.packages) and not target.unread and all(package.private for package in target.packages or ())


class Found(NamedTuple):
    """A publish command in a script: where it stands, from which folder it publishes, and why it may be none.

    `read` is False when the script around it was not, or not surely. `words` is the command itself where it was read,
    `origin` where it stands when that is not the step's own script: then `span` is that of the command leading to it.
    """

    publish: Publish
    command: str
    span: Span
    folder: str | None
    doubt: str
    read: bool = True
    words: Command | None = None
    origin: str = ""


def commands_that_publish(step: Step) -> Iterator[Found]:
    """Publish commands of a step's own script, whatever the registry, with `cd` followed; dry runs too."""
    if step.run is None:
        return
    script = script_of_step(step)
    yield from _suspects(script) if script.unread else publishes_in(script, step.directory)


def commands_behind(step: Step, repository: Repository) -> Iterator[Found]:
    """Publish commands in the package scripts and shell scripts that a step's script runs."""
    calls = walked(step, repository).calls if step.run is not None else ()
    for call in calls:
        yield from _found_behind([call] if call.origin else [], call.offset)


def _found_behind(calls: Iterable[Call], offset: int) -> Iterator[Found]:
    for call in calls:
        publish = publish_of(call.command) if call.command is not None and call.kind == "publish" else None
        if publish is not None and call.command is not None:
            found = _found(publish, call.command, call.folder, call.text)
            yield found._replace(span=Span(offset, offset), command=call.text, origin=call.origin)


@lru_cache(maxsize=4096)
def publishes_in(script: Script, directory: str) -> tuple[Found, ...]:
    """The publish commands of a script that starts in a folder."""
    return tuple(
        _found(publish, command, folder, script.text)
        for command, folder in placed(script.commands, directory)
        if (publish := publish_of(command)) is not None
    )


def _found(publish: Publish, command: Command, folder: str | None, text: str) -> Found:
    doubt = "" if command.sure else "the script around it cannot be parsed as bash"
    if publish.dry_run is None:
        doubt = PERHAPS_DRY
    own = text[command.span.start : command.span.end]
    return Found(publish, own, command.span, folder, doubt, command.sure, command)


def unread_publish(step: Step, repository: Repository) -> bool:
    """Whether a script names a publish in a way that is not read: behind a wrapper, in quotes, through a variable."""
    if step.run is None or any(commands_that_publish(step)):
        return False
    if any(call.kind in ("publish", "release") for call in walked(step, repository).calls):
        return False
    return any(_names_publish(line.strip()) for line in step.run.split("\n"))


def _names_publish(line: str) -> bool:
    if "--dry-run" in line or QUIET.match(line) or SUSPECT.search(line) is None:
        return False
    return any(not OTHERS.search(line, 0, match.start()) for match in re.finditer(r"\bpublish\b", line))


def _suspects(script: Script) -> Iterator[Found]:
    """Lines of an unread script that look like a publish."""
    for line in re.finditer(r"[^\n]+", script.text):
        text = line.group()
        start = SUSPECT.search(text)
        if start is None or "--dry-run" in text or QUIET.match(text.lstrip()):
            continue
        end = re.compile(r"\bpublish\b").search(text, start.start())
        if end is None or OTHERS.search(text, start.start(), end.start()):
            continue
        span = Span(line.start() + start.start(), line.start() + end.end())
        publish = Publish("pnpm" if start.group().startswith("pnpm") else "npm")
        doubt = f"the script is not read: {script.unread}"
        yield Found(publish, script.text[span.start : span.end], span, None, doubt, read=False)


def _publication(step: Step, found: Found, repository: Repository) -> Publication:
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
        tuple(_lacks(step, registry, client, repository)),
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


def _released(step: Step, run: ToolRun, repository: Repository) -> Publication:
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
        tuple(_lacks(step, registry, client, repository, run)),
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


def _lacks(
    step: Step, registry: Registry, client: Client, repository: Repository, run: ToolRun | None = None
) -> Iterator[Lack]:
    """What stands between a publication and OIDC. The one place where readiness is decided."""
    job = outermost(step).job
    grant = grant_of(job, repository)
    if grant.granted is not True:
        yield Lack("scope", f"`id-token: write` is not in effect{grant.why}", grant.granted is False)
    lacking = lacking_of_run(run) if run is not None else ()
    yield from (Lack(topic, what, known) for topic, what, known in lacking)
    by_hand = any(topic == "publisher" for topic, _, _ in lacking)
    if run is not None and run.new_enough is not False and not by_hand:
        yield from (Lack("setting", each.what, each.known) for each in hindrances_of(run, repository))
    if client.new_enough is not True and not by_hand:
        yield Lack("client", client.why, client.new_enough is False)
    if registry.public is None:
        yield Lack("registry", f"the registry is not known ({registry.address})", False)
    github_s = hosted(job)
    if github_s is not True:
        labels = ", ".join(job.runner) or "none given"
        yield Lack(
            "runner",
            f"the runner ({labels}) is {'not' if github_s is False else 'perhaps not'} GitHub's own",
            github_s is False,
        )
