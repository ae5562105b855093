"""A workflow file as GitHub reads it: triggers, jobs, steps, environments; expressions stay as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.formats import Document
from tp_fix.models.permissions import Permissions, permissions_of
from tp_fix.node import Atom, Node, Route


class Variable(NamedTuple):
    """One entry of an `env:`. `value` is its text; `holder` is the route of what the `env` belongs to."""

    name: str
    value: str
    holder: Route

    @property
    def route(self) -> Route:
        return (*self.holder, "env", self.name)


def variables(holder: Node, route: Route) -> tuple[Variable, ...]:
    """The `env:` of a workflow, job or step; an `env` that is an expression has no entries that can be seen."""
    env = holder.get("env")
    pairs = env.pairs if env is not None and env.pairs is not None else []
    return tuple(Variable(str(key.value), text_of(value), route) for key, value in pairs)


def text_of(node: Node | None) -> str:
    """A scalar as GitHub would pass it on: '' for null and for anything that is no scalar."""
    return "" if node is None else spelled(node.value)


def spelled(value: Atom) -> str:
    """A value as GitHub makes a text of it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"  # 20.0 is 20 (S actions/runner NumberToken: G15)
    return "" if value is None else str(value)


def texts_in(node: Node | None) -> str:
    """Every key and value below a node, one a line: for questions that their places do not matter to."""
    return "\n".join(str(leaf.value) for leaf in node.leaves()) if node is not None else ""


@dataclass(frozen=True)
class Step:
    """One step of a job; `index` counts from 0."""

    job: Job
    index: int
    node: Node

    @cached_property
    def route(self) -> Route:
        return (*self.job.route, "steps", self.index)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from every other step of the repository."""
        return (self.job.workflow.path, self.route)

    @property
    def earlier(self) -> tuple[Step, ...]:
        """The steps of the job before it."""
        return tuple(step for step in self.job.steps if step.index < self.index)

    @cached_property
    def run(self) -> str | None:
        node = self.node.get("run")
        return text_of(node) if node is not None else None

    @cached_property
    def uses(self) -> str | None:
        node = self.node.get("uses")
        return text_of(node) if node is not None else None

    @cached_property
    def condition(self) -> str | None:
        node = self.node.get("if")
        return text_of(node) if node is not None else None

    @cached_property
    def env(self) -> tuple[Variable, ...]:
        return variables(self.node, self.route)

    def input_key(self, name: str) -> str:
        """How a key of `with:` is written: GitHub minds no case there. The name itself when it is not given."""
        inputs = self.node.get("with")
        keys = inputs.keys if inputs is not None else []
        return next((key for key in keys if key.lower() == name.lower()), name)

    def input(self, name: str) -> str | None:
        """A value of `with:`; None when it is not given."""
        inputs = self.node.get("with")
        node = inputs.get(self.input_key(name)) if inputs is not None else None
        return text_of(node) if node is not None else None

    @cached_property
    def directory(self) -> str:
        """Where its script starts, relative to the repository, as written."""
        return self._default("working-directory")

    @cached_property
    def shell(self) -> str:
        """The shell as written; '' when nothing says."""
        return self._default("shell")

    def _default(self, key: str) -> str:
        holders = [self.node, *(defaults(holder) for holder in (self.job.node, self.job.workflow.document.root))]
        found = (text_of(holder.get(key)) for holder in holders if holder is not None)
        return next((text for text in found if text), "")

    @property
    def label(self) -> str:
        """How a person finds it: its name, else its place."""
        return text_of(self.node.get("name")) or text_of(self.node.get("id")) or f"#{self.index + 1}"


def defaults(holder: Node) -> Node | None:
    return holder.at(("defaults", "run"))


@dataclass(frozen=True)
class Job:
    """One job. `uses` is the reusable workflow that it calls instead of having steps."""

    workflow: Workflow
    id: str
    key: Node
    node: Node

    @property
    def route(self) -> Route:
        return ("jobs", self.id)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        steps = self.node.get("steps")
        items = steps.items if steps is not None and steps.items is not None else []
        return tuple(Step(self, index, item) for index, item in enumerate(items) if item.pairs is not None)

    @property
    def uses(self) -> str | None:
        node = self.node.get("uses")
        return text_of(node) if node is not None else None

    @cached_property
    def condition(self) -> str | None:
        node = self.node.get("if")
        return text_of(node) if node is not None else None

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The ids of the jobs that come before it."""
        node = self.node.get("needs")
        if node is None:
            return ()
        return tuple(text_of(item) for item in node.items) if node.items is not None else (text_of(node),)

    @cached_property
    def env(self) -> tuple[Variable, ...]:
        return variables(self.node, self.route)

    @property
    def permissions(self) -> Permissions | None:
        return permissions_of(self.node, self.route)

    @property
    def declared(self) -> Permissions | None:
        """The block that counts: the job's own, else the workflow's; None leaves it to the repository's settings."""
        return self.permissions or self.workflow.permissions

    @property
    def runner(self) -> tuple[str, ...]:
        """The labels of `runs-on`, as written; a group counts as the label `group`."""
        node = self.node.get("runs-on")
        if node is None:
            return ()
        if node.items is not None:
            return tuple(text_of(item) for item in node.items)
        if node.pairs is not None:
            labels = node.get("labels")
            named = [text_of(item) for item in labels.items or [labels]] if labels is not None else []
            return (*named, "group") if "group" in node.keys else tuple(named)
        return (text_of(node),)


@dataclass(frozen=True)
class Workflow:
    """A workflow file."""

    document: Document

    @property
    def path(self) -> str:
        return self.document.path

    @property
    def file_name(self) -> str:
        return self.path.rpartition("/")[2]

    @cached_property
    def secretive(self) -> tuple[Node, ...]:
        """The scalars that speak of secrets."""
        return tuple(leaf for leaf in self.document.root.leaves() if leaf.text and "secrets" in leaf.text.lower())

    @cached_property
    def events(self) -> dict[str, Node | None]:
        """What starts it: each event's name with its filters, in all three spellings of `on`."""
        node = self.document.root.get("on")
        if node is None:
            return {}
        if node.items is not None:
            return {text_of(item): None for item in node.items}
        if node.pairs is not None:
            return {str(key.value): value for key, value in node.pairs}
        return {text_of(node): None}

    @property
    def callable(self) -> bool:
        return "workflow_call" in self.events

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        jobs = self.document.root.get("jobs")
        pairs = jobs.pairs if jobs is not None and jobs.pairs is not None else []
        return tuple(Job(self, str(key.value), key, value) for key, value in pairs if value.pairs is not None)

    @cached_property
    def env(self) -> tuple[Variable, ...]:
        return variables(self.document.root, ())

    @property
    def permissions(self) -> Permissions | None:
        return permissions_of(self.document.root, ())

    def steps(self) -> Iterator[Step]:
        for job in self.jobs:
            yield from job.steps

    @cached_property
    def by_route(self) -> dict[Route, Step]:
        """The steps by their place."""
        return {step.route: step for step in self.steps()}

    @cached_property
    def users(self) -> dict[str, list[Step]]:
        """The steps that use an action, by its name in lower case."""
        found: dict[str, list[Step]] = {}
        for step in self.steps():
            if step.uses is not None:
                found.setdefault(step.uses.partition("@")[0].lower(), []).append(step)
        return found


def workflow_of(document: Document) -> Workflow:
    """Raises Unreadable when the YAML is no workflow."""
    jobs = document.root.get("jobs")
    if document.root.pairs is None or document.root.get("on") is None or jobs is None or jobs.pairs is None:
        raise Unreadable(document.path, "not a workflow: it has no `on` with `jobs` at its top level")
    return Workflow(document)
