"""The runs of release tools in a step: by an action, a command, a package script or a shell script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.clients import Version, dotted
from tp_fix.facts.publishers import rows_using
from tp_fix.facts.publishers.row import Publisher
from tp_fix.formats.argv import Option
from tp_fix.formats.shell import Command, Word
from tp_fix.models.client.spec import fetches, installed_before, known_by, named_in
from tp_fix.models.installed.declared import declarations
from tp_fix.models.installed.installed import version_of
from tp_fix.models.installed.known import Known, unknown
from tp_fix.models.repository import Repository
from tp_fix.models.running.walk import Call as Ran
from tp_fix.models.running.walk import walked
from tp_fix.models.tool.action_pin import action_pin
from tp_fix.models.tool.destination import (
    goes_to_npm,
    npm_address,
    publish_by,
    publishes_another_folder,
    releases_to_npm,
)
from tp_fix.models.tool.recognised import recognised, settings_of, words_of
from tp_fix.models.tool.release_it import publishes_to_npm
from tp_fix.models.workflow import Step

SEMANTIC_RELEASE = "semantic-release"


class ToolRun(NamedTuple):
    """One run of a publisher in a step.

    `package` is the npm package of `known`, '' for an action's own version. `new_enough` says whether it publishes over
    OIDC: True, False, or None for unknown; `why` says how that is known, as a phrase. `command` is how a person finds
    it, `offset` where it stands in the step's script, `folder` where it runs (None: not known). `old` is the companion
    that holds it back, '' for none; `fetched` says that a runner such as npx brings the version that it names. `origin`
    says where the command stands, '' in the step's own script. `settings` are what variables in front of it set.
    """

    step: Step
    publisher: Publisher
    package: str
    known: Known
    new_enough: bool | None
    why: str
    command: str
    offset: int = 0
    folder: str | None = ""
    old: str = ""
    fetched: bool = False
    words: tuple[Word, ...] = ()
    origin: str = ""
    settings: tuple[Option, ...] = ()


def tools_of(step: Step, repository: Repository) -> Iterator[ToolRun]:
    """The release tools that a step runs and that publish, or may publish, to npm's public registry."""
    for run in runs_of(step, repository):
        if publishes(run, repository) is not False:
            yield run


def runs_of(step: Step, repository: Repository) -> tuple[ToolRun, ...]:
    """Every run of a release tool in a step, whatever the registry; dry runs are none. Each publisher once."""
    return repository.once(("tools", *step.key), lambda: tuple(_runs(step, repository)))


def _runs(step: Step, repository: Repository) -> Iterator[ToolRun]:
    if step.uses is not None:
        publisher = publisher_used(step)
        if publisher is not None and publisher.kind != "L" and not _quiet_action(step):
            yield _by_action(step, publisher, repository)
        return
    seen: set[str] = set()
    for ran in walked(step, repository).calls:
        run = run_of_call(step, ran, repository)
        if run is not None and run.publisher.name not in seen:
            seen.add(run.publisher.name)
            yield run


def publisher_used(step: Step) -> Publisher | None:
    """The publisher whose action a step uses; where several share a name, the one whose inputs are given."""
    rows = rows_using(step.uses)
    return next((row for row in rows if any(map(step.input, row.by.inputs))), rows[0] if rows else None)


def _quiet_action(step: Step) -> bool:
    return any(step.input(name) == "true" for name in ("dry-run", "dry_run"))


def _by_action(step: Step, publisher: Publisher, repository: Repository) -> ToolRun:
    pin = action_pin(step, publisher)
    what, folder = f"`{(step.uses or '').partition('@')[0].strip()}`", step.input("working_directory") or ""
    known, package = pin.known, ""
    minimum = publisher.oidc.action_since
    if publisher.by.packages and (written := step.input("semantic_version")):
        known, package = known_by(written, f"`semantic_version: {written}`", step, repository), publisher.by.packages[0]
        minimum = publisher.oidc.since
    found = _judged(publisher, known, minimum)
    run = ToolRun(step, publisher, package, known, found, known.why, what, folder=folder)
    for name, first in publisher.oidc.companions:
        extra = re.search(rf"{re.escape(name)}@([^\s,]+)", step.input("extra_plugins") or "")
        if extra:
            beside = known_by(extra[1], f"`extra_plugins` has {name}@{extra[1]}", step, repository)
            run = _held_back(run, name, beside, first)
    return run


def run_of_call(step: Step, ran: Ran, repository: Repository) -> ToolRun | None:
    """The run of a release tool that a command is; None for every other one."""
    command = ran.command
    publisher = recognised(command, ran.folder, repository) if ran.kind == "release" and command is not None else None
    if publisher is None or command is None:
        return None
    package, known, fetched = _version(step, ran, command, publisher, repository)
    found = _judged(publisher, known, publisher.oidc.since)
    run = ToolRun(
        step,
        publisher,
        package,
        known,
        found,
        known.why,
        ran.what,
        ran.offset,
        ran.folder,
        "",
        fetched,
        words_of(command),
        ran.origin,
        settings_of(command),
    )
    for name, first in publisher.oidc.companions:
        beside = _beside(name, step, ran, command, repository)
        run = _held_back(run, name, beside, first) if beside is not None else run
    return run


def _version(
    step: Step, ran: Ran, command: Command, publisher: Publisher, repository: Repository
) -> tuple[str, Known, bool]:
    """The package that runs, what is known of its version, and whether a runner fetches the version that it names."""
    packages = publisher.by.packages
    if named := named_in(command, packages):
        return named.name, known_by(named.version, f"`{named.name}@{named.version}`", step, repository), True
    package = packages[0]
    for name in packages:
        if added := installed_before(step, ran.offset, name, repository):
            return name, added, False
    if ran.folder is None:
        return package, unknown("the folder that it runs in is not known"), False
    found = [(name, version_of(name, ran.folder, repository)) for name in packages]
    for name, known in found:
        if known.path:
            return name, known, False
    if fetches(command):
        return package, unknown(f"no {package} is installed here, and the newest is fetched"), False
    return package, found[0][1], False


def _beside(name: str, step: Step, ran: Ran, command: Command, repository: Repository) -> Known | None:
    """A package that overrides a part of the tool where it is installed for itself; None where it is not."""
    if named := named_in(command, (name,)):
        return known_by(named.version, f"`{name}@{named.version}`", step, repository)
    if added := installed_before(step, ran.offset, name, repository):
        return added
    declared = ran.folder is not None and any(declarations(name, ran.folder, repository))
    return version_of(name, ran.folder or "", repository) if declared else None


def _judged(publisher: Publisher, known: Known, minimum: Version | None) -> bool | None:
    if minimum is not None:
        return known.at_least(minimum)
    if publisher.oidc.through:
        return True
    return False if publisher.advice.instead else None


def _held_back(run: ToolRun, name: str, beside: Known, first: Version) -> ToolRun:
    """A run whose companion is too old, or may be; one that is too old already stays so."""
    enough = beside.at_least(first)
    if run.new_enough is False:
        return run._replace(why=f"{run.why}, and {beside.why}") if enough is False else run
    if enough is True or (enough is None and run.new_enough is None):
        return run
    return run._replace(new_enough=enough, why=f"{beside.why}, which goes before its own", old=name)


def publishes(run: ToolRun, repository: Repository) -> bool | None:
    """Whether a run publishes to npm's public registry; None for unknown."""
    publisher, step = run.publisher, run.step
    if is_off(run):
        return False
    if step.uses is not None and npm_address(step.input("registry")) is False:
        return False
    if SEMANTIC_RELEASE in publisher.by.packages and releases_to_npm(run.folder, repository) is False:
        return False
    if publisher.name == "release-it" and publishes_to_npm(run.folder, run.words, repository) is False:
        return False
    if step.uses is not None and step.input("registry"):
        return npm_address(step.input("registry"))
    publish = publish_by(step, run.words, run.settings)
    return goes_to_npm(step, None if is_built(run, repository) else run.folder, publish, repository)


def is_built(run: ToolRun, repository: Repository) -> bool:
    """Whether a run publishes what has no manifest in the repository."""
    elsewhere = SEMANTIC_RELEASE in run.publisher.by.packages and publishes_another_folder(run.folder, repository)
    return run.publisher.reach == "built" or elsewhere


def is_off(run: ToolRun) -> bool:
    """Whether an action's inputs keep it from publishing, to whatever registry."""
    by, step = run.publisher.by, run.step
    if step.uses is None:
        return False
    given = [value for name in by.inputs if (value := step.input(name))]
    if "none" in given or any(step.input(name) not in (None, "", "false") for name in by.off):
        return True
    without = by.inputs_until is not None and run.known.at_least(by.inputs_until) is not False
    return bool(by.inputs) and not given and not without


def below(run: ToolRun) -> str:
    """The first version that is new enough, as `lerna 9.0.0`; '' where there is none."""
    publisher = run.publisher
    if run.old:
        return f"{run.old} {dotted(dict(publisher.oidc.companions)[run.old])}"
    if run.step.uses is not None and not run.package and publisher.oidc.action_since:
        return f"v{dotted(publisher.oidc.action_since)}"
    since = publisher.oidc.since
    return f"{run.package or publisher.name} {dotted(since)}" if since else ""
