"""What a person types on npm's side, package by package, as plain data: every report and text is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from shlex import quote
from typing import NamedTuple

from tp_fix.facts.registry import settings_page
from tp_fix.facts.trust import PERMISSIONS, Action
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.trust.first_publish import signs_of_new
from tp_fix.models.trust.notes import notes_of
from tp_fix.models.trust.trusted_publisher import TrustedPublisher, Unnamed, Way, trust_of
from tp_fix.node import Route

FIRST = {"pnpm": "pnpm publish", "yarn": "yarn npm publish"}
"""What publishes by hand, by the tool that does it here; npm for every other."""


LONGEST = 80
"""Characters of a command that are told."""


class Entry(NamedTuple):
    """One trusted publisher: the fields of npm's form, and the words of the client's command that fills them in.

    `workflow` is a file name, None when it is not in this repository; `environment` is '' for none, None when only
    the run tells. `command` is empty where one of the fields is not known.
    """

    workflow: str | None
    environment: str | None
    actions: tuple[Action, ...]
    command: tuple[str, ...] = ()


class Registration(NamedTuple):
    """What npm has to be told of one package.

    `name` is None for a publication whose packages cannot be known; `candidates` are what they may be called, and
    `said` tells which publication it is. `repository` is owner/name or None. `entries` has one item in most cases,
    the one for real releases first. `new` says what speaks for a package that npm does not know yet, and `first` is
    the shell's line that publishes it from the root for the first time.
    """

    name: str | None
    repository: str | None
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
    settings_url: str | None = None
    new: tuple[str, ...] = ()
    first: str = ""
    said: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        return tuple(entry.command for entry in self.entries if entry.command)

    @property
    def workflow(self) -> str | None:
        """The only file name, None where it is not known or not always the same."""
        found = {entry.workflow for entry in self.entries}
        return found.pop() if len(found) == 1 else None

    @property
    def environment(self) -> str | None:
        """The only environment, '' for none; None where it is not known or not always the same."""
        found = {entry.environment for entry in self.entries}
        return found.pop() if len(found) == 1 else None

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that has to be allowed."""
        return tuple(action for action in PERMISSIONS if any(action in entry.actions for entry in self.entries))

    @property
    def complete(self) -> bool:
        """Whether everything that npm wants to know is known."""
        return self.name is not None and all(entry.command for entry in self.entries)


def registrations(
    model: Model, chosen: Callable[[Publication], bool] = lambda publication: True, tags: Iterable[str] = ()
) -> tuple[Registration, ...]:
    """Those of the chosen publications: packages that may be new first, then the others, then what has no known name.

    `tags` are the names of the repository's tags.
    """
    trust, tags, paths = trust_of(model), frozenset(tags), frozenset(model.repository.paths)
    named = [
        _named(each, signs_of_new(each, trust.publishers, tags, paths), model)
        for each in trust.publishers
        if any(chosen(publication) for publication in each.publications)
    ]
    unnamed = [_unnamed(each, model) for each in trust.unnamed if chosen(each.publication)]
    return (*sorted(named, key=lambda each: not each.new), *unnamed)


def npm_steps(model: Model, about: Callable[[str, Route], bool] = lambda path, route: True) -> tuple[Registration, ...]:
    """What has to be done on npm's side for the publications that a run is about: path of the workflow and route."""
    return registrations(model, lambda publication: about(publication.workflow.path, publication.route))


def _named(found: TrustedPublisher, new: tuple[str, ...], model: Model) -> Registration:
    return Registration(
        found.package,
        found.repository,
        tuple(_entry(way, found.command_of(way)) for way in found.ways),
        notes_of(found, model),
        settings_page(found.package),
        new,
        _first(found) if new else "",
    )


def _first(found: TrustedPublisher) -> str:
    tool = FIRST.get(found.publications[0].tool.split()[0], "npm publish")
    access = " --access public" if found.package.startswith("@") else ""
    folder = found.packages[0].folder
    return f"{f'cd {quote(folder)} && ' if folder else ''}{tool}{access}"


def _unnamed(found: Unnamed, model: Model) -> Registration:
    publication = found.publication
    said = f"`{_short(publication.command)}` in {publication.workflow.path}, job `{publication.step.job.id}`"
    return Registration(
        None,
        model.repository.name,
        tuple(_entry(way) for way in found.ways),
        (f"The package's name is not known: {found.why}.", *notes_of(found, model)),
        said=said,
        candidates=found.candidates,
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _entry(way: Way, command: tuple[str, ...] = ()) -> Entry:
    return Entry(way.workflow, way.environment, way.actions, command)
