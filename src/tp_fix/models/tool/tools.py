"""The runs of release tools in a step: by an action, a command, a package script or a shell script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.clients import Version, dotted
from tp_fix.facts.publishers import BY_ACTION, Publisher
from tp_fix.formats.shell import Command, Word
from tp_fix.models.client.spec import fetches, installed_before, known_by, named_in
from tp_fix.models.installed.declared import declarations
from tp_fix.models.installed.installed import version_of
from tp_fix.models.installed.known import Known, unknown
from tp_fix.models.repository import Repository
from tp_fix.models.tool.action_pin import action_pin
from tp_fix.models.tool.destination import goes_to_npm, npm_address, publishes_another_folder, releases_to_npm
from tp_fix.models.tool.recognised import recognised, words_of
from tp_fix.models.walk import Call as Ran
from tp_fix.models.walk import walked
from tp_fix.models.workflow import Step

SEMANTIC_RELEASE = "semantic-release"


class ToolRun(NamedTuple):
    """One run of a publisher in a step.

    `package` is the npm package of `known`, '' for an action's own version. `new_enough` says whether it publishes over
    OIDC: True, False, or None for unknown; `why` says how that is known, as a phrase. `command` is how a person finds
    it, `offset` where it stands in the step's script, `folder` where it runs (None: not known). `old` is the companion
    that holds it back, '' for none; `fetched` says that a runner such as npx brings the version that it names. `origin`
    says where the command stands, '' in the step's own script.
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
        publisher = BY_ACTION.get(step.uses.partition("@")[0].strip().lower())
        if publisher is not None and not _quiet_action(step):
            yield _by_action(step, publisher, repository)
        return
    seen: set[str] = set()
    for ran in walked(step, repository).calls:
        run = _by_command(step, ran, ran.command, repository) if ran.kind == "release" and ran.command else None
        if run is not None and run.publisher.name not in seen:
            seen.add(run.publisher.name)
            yield run


def _quiet_action(step: Step) -> bool:
    return any(step.input(name) == "true" for name in ("dry-run", "dry_run"))


def _by_action(step: Step, publisher: Publisher, repository: Repository) -> ToolRun:
    pin = action_pin(step, publisher)
    what, folder = f"`{(step.uses or '').partition('@')[0].strip()}`", step.input("working_directory") or ""
    known, package = pin.known, ""
    minimum = publisher.action_since
    if publisher.packages and (written := step.input("semantic_version")):
        known, package = known_by(written, f"`semantic_version: {written}`", step, repository), publisher.packages[0]
        minimum = publisher.since
    found = _judged(publisher, known, minimum)
    run = ToolRun(step, publisher, package, known, found, known.why, what, folder=folder)
    for name, first in publisher.companions:
        extra = re.search(rf"{re.escape(name)}@([^\s,]+)", step.input("extra_plugins") or "")
        if extra:
            beside = known_by(extra[1], f"`extra_plugins` has {name}@{extra[1]}", step, repository)
            run = _held_back(run, name, beside, first)
    return run


def _by_command(step: Step, ran: Ran, command: Command, repository: Repository) -> ToolRun | None:
    publisher = recognised(command, ran.folder, repository)
    if publisher is None:
        return None
    package, known, fetched = _version(step, ran, command, publisher, repository)
    found = _judged(publisher, known, publisher.since)
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
    )
    for name, first in publisher.companions:
        beside = _beside(name, step, ran, command, repository)
        run = _held_back(run, name, beside, first) if beside is not None else run
    return run


def _version(
    step: Step, ran: Ran, command: Command, publisher: Publisher, repository: Repository
) -> tuple[str, Known, bool]:
    """The package that runs, what is known of its version, and whether a runner fetches the version that it names."""
    packages = publisher.packages
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
    return bool(publisher.through)


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
    if SEMANTIC_RELEASE in publisher.packages and releases_to_npm(run.folder, repository) is False:
        return False
    if step.uses is not None and step.input("registry"):
        return npm_address(step.input("registry"))
    built = SEMANTIC_RELEASE in publisher.packages and publishes_another_folder(run.folder, repository)
    return goes_to_npm(step, None if built else run.folder, run.words, repository)


def is_off(run: ToolRun) -> bool:
    """Whether an action is not given what makes it publish, to whatever registry."""
    given = [run.step.input(name) for name in run.publisher.publishes_with]
    return run.step.uses is not None and bool(given) and not any(given)


def below(run: ToolRun) -> str:
    """The first version that is new enough, as `lerna 9.0.0`; '' where there is none."""
    publisher = run.publisher
    if run.old:
        return f"{run.old} {dotted(dict(publisher.companions)[run.old])}"
    if run.step.uses is not None and not run.package and publisher.action_since:
        return f"v{dotted(publisher.action_since)}"
    return f"{run.package or publisher.name} {dotted(publisher.since)}" if publisher.since else ""
