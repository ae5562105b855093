"""All that rules look at in one round: the repository, and what publishes in it, worked out once."""

from __future__ import annotations

from functools import cached_property

from tp_fix.models.publication import Publication, publications
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Step


class Model:
    """The models of one state of a repository."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    @cached_property
    def publications(self) -> list[Publication]:
        return publications(self.repository)

    def published_by(self, step: Step) -> list[Publication]:
        """The publications of one step."""
        here = (step.job.workflow.path, step.route)
        return [found for found in self.publications if (found.workflow.path, found.route) == here]
