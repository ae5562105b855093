"""A publication, and what it still lacks before npm can be left without a token."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tp_fix.facts.publishers.row import Publisher
from tp_fix.formats.argv import Option
from tp_fix.models.client.client import Client
from tp_fix.models.publishing.filled_in import Filled
from tp_fix.models.publishing.generated import not_by_hand
from tp_fix.models.publishing.registry import Registry
from tp_fix.models.publishing.target import Target
from tp_fix.models.running.command import Publish
from tp_fix.models.running.composite import outermost
from tp_fix.models.running.walk import short
from tp_fix.models.tool.tools import ToolRun
from tp_fix.models.workflow import Step, Workflow
from tp_fix.node import Route


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
