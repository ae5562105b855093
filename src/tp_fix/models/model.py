"""All that rules look at in one round: the repository, and what publishes in it, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

from tp_fix.models.once import once
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.publications import publications
from tp_fix.models.repository import Repository
from tp_fix.models.trust.configured import Publishers
from tp_fix.models.workflow import Step, Workflow
from tp_fix.node import Route

T = TypeVar("T")


class Model:
    """The models of one state of a repository, the preferences (their names) that the user states, and what npm has."""

    def __init__(
        self, repository: Repository, preferences: Iterable[str] = (), publishers: Publishers | None = None
    ) -> None:
        self.repository = repository
        self.preferences = frozenset(preferences)
        self.publishers = publishers or {}
        self.known: dict[tuple[object, ...], object] = {}

    def over(self, repository: Repository) -> Model:
        """The same for another state of the repository."""
        return Model(repository, self.preferences, self.publishers)

    def once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What several rules ask for and hangs on more than the repository, worked out once."""
        return once(self.known, key, make)

    def prefers(self, name: str) -> bool:
        """Whether the user asks for something that tp-fix does only on request; `name` is one of models.preferences."""
        return name in self.preferences

    @cached_property
    def publications(self) -> list[Publication]:
        return publications(self.repository)

    @cached_property
    def by_workflow(self) -> dict[str, list[Publication]]:
        """The publications by the path of their workflow."""
        found: dict[str, list[Publication]] = {}
        for publication in self.publications:
            found.setdefault(publication.workflow.path, []).append(publication)
        return found

    def published_in(self, workflow: Workflow) -> list[Publication]:
        return self.by_workflow.get(workflow.path, [])

    @cached_property
    def by_step(self) -> dict[tuple[str, Route], list[Publication]]:
        """The publications by the path of their workflow and the route of their step."""
        found: dict[tuple[str, Route], list[Publication]] = {}
        for publication in self.publications:
            found.setdefault((publication.workflow.path, publication.route), []).append(publication)
        return found

    def published_by(self, step: Step) -> list[Publication]:
        """The publications of one step."""
        return self.by_step.get((step.job.workflow.path, step.route), [])
