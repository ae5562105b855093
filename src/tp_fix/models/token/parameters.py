"""Parameters: the names under which a credential enters a file from its callers, followed to both ends.

A reusable workflow has secrets and inputs that its callers here hand over, a composite action has inputs that the
steps using it give. What one of them is used for goes first; what is left unused then goes at both ends, in one change
set: a caller that hands over what is not declared, or leaves out what is required, is a workflow that GitHub rejects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from tp_fix.models.grants import called_only, callers_here, callers_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import action_path
from tp_fix.models.running.leading import ACTIONS
from tp_fix.models.workflow import Job, Workflow, text_of
from tp_fix.node import Node, Route

Kind = Literal["secrets", "inputs"]
TAKEN = re.compile(r"\$\{\{\s*(secrets|inputs)\s*\.\s*([\w-]+)\s*\}\}", re.IGNORECASE)
"""A value that is a parameter and nothing else."""
NAMED = re.compile(r"\b(secrets|inputs)\b\s*(?:\.\s*([\w-]+|\*)|\[\s*'([^']*)'\s*\]|([\[)]))", re.IGNORECASE)
"""A mention of one, or of all of them, in an expression."""
INHERIT = "inherit"
PRIVATE = ".github/"
"""Where repositories keep the actions that they have for themselves."""


class Entry(NamedTuple):
    """One entry of a mapping in a file: a variable, a declaration, what a caller hands over."""

    path: str
    route: Route


class Parameter(NamedTuple):
    """What a file has from its callers: `path` is that file, `name` in lower case, as GitHub minds none."""

    path: str
    kind: Kind
    name: str

    @property
    def spelled(self) -> str:
        """The expression for it."""
        return f"${{{{ {self.kind}.{self.name} }}}}"


class Giver(NamedTuple):
    """A job or step that hands a parameter over. `entry` is where; None where it hands on all of its secrets.

    `value` is what it hands over, as it is written; `called` is what its `uses` says.
    """

    path: str
    entry: Entry | None
    value: str
    called: str


class Use(NamedTuple):
    """A step of a workflow, or of a composite action, with the local action that it uses."""

    path: str
    route: Route
    node: Node


def parameter_of(value: str, path: str, repository: Repository) -> Parameter | None:
    """The parameter that a value of a file is; None for anything else, and for a secret of the file's own."""
    found = TAKEN.fullmatch(value.strip())
    if found is None:
        return None
    kind: Kind = "secrets" if found[1].lower() == "secrets" else "inputs"
    workflow = repository.workflows.get(path)
    called = workflow is not None and workflow.callable
    if not called and (kind == "secrets" or not is_action(path)):
        return None
    return Parameter(path, kind, found[2].lower())


def parameters_in(text: str, path: str, repository: Repository) -> tuple[Parameter, ...]:
    """The parameters that a text of a file names, one by one."""
    named = (f"${{{{ {found[1]}.{found[2] or found[3]} }}}}" for found in NAMED.finditer(text) if found[2] or found[3])
    found = (parameter_of(value, path, repository) for value in dict.fromkeys(named))
    return tuple(parameter for parameter in found if parameter is not None)


def is_action(path: str) -> bool:
    """Whether a file is the description of an action."""
    return path.rpartition("/")[2] in ACTIONS


def declared(parameter: Parameter, repository: Repository) -> Entry | None:
    """Where a parameter is declared; None for a secret that is only inherited."""
    route: Route = ("inputs",) if is_action(parameter.path) else ("on", "workflow_call", parameter.kind)
    found = _entry(repository.document(parameter.path).root, route, parameter.name)
    return Entry(parameter.path, found[0]) if found is not None else None


def _entry(root: Node, mapping: Route, name: str) -> tuple[Route, Node] | None:
    """The entry of a mapping, whatever the case of its key."""
    node = root.at(mapping)
    pairs = node.pairs if node is not None and node.pairs is not None else []
    found = ((str(key.value), value) for key, value in pairs if str(key.value).lower() == name)
    return next((((*mapping, key), value) for key, value in found), None)


def givers_of(parameter: Parameter, repository: Repository) -> tuple[Giver, ...]:
    """Every caller here that hands a parameter over."""
    return repository.once(("givers", parameter), lambda: _givers_of(parameter, repository))


def _givers_of(parameter: Parameter, repository: Repository) -> tuple[Giver, ...]:
    if is_action(parameter.path):
        return tuple(_given_by_steps(parameter, repository))
    workflow = repository.workflows.get(parameter.path)
    jobs = callers_of(workflow, repository) if workflow is not None else []
    return tuple(giver for job in jobs if (giver := _given_by(job, parameter)) is not None)


def _given_by(job: Job, parameter: Parameter) -> Giver | None:
    path, key = job.workflow.path, "secrets" if parameter.kind == "secrets" else "with"
    if key == "secrets" and text_of(job.node.get(key)) == INHERIT:
        return Giver(path, None, parameter.spelled, job.uses or "")
    found = _entry(job.workflow.document.root, (*job.route, key), parameter.name)
    return Giver(path, Entry(path, found[0]), text_of(found[1]), job.uses or "") if found is not None else None


def _given_by_steps(parameter: Parameter, repository: Repository) -> Iterator[Giver]:
    for use in uses_of_action(parameter.path, repository):
        found = _entry(repository.document(use.path).root, (*use.route, "with"), parameter.name)
        if found is not None:
            yield Giver(use.path, Entry(use.path, found[0]), text_of(found[1]), text_of(use.node.get("uses")))


def uses_of_action(path: str, repository: Repository) -> tuple[Use, ...]:
    """The steps here that use a local action, those of composite actions among them."""
    return repository.once(("action uses",), lambda: _uses_of_actions(repository)).get(path, ())


def _uses_of_actions(repository: Repository) -> dict[str, tuple[Use, ...]]:
    found: dict[str, tuple[Use, ...]] = {}
    for use in every_step(repository):
        path = action_path(text_of(use.node.get("uses")), repository)
        if path is not None:
            found[path] = (*found.get(path, ()), use)
    return found


def every_step(repository: Repository) -> Iterator[Use]:
    """The steps of all workflows, and of the composite actions that they come to, each once."""
    pending = [Use(each.path, step.route, step.node) for each in repository.workflows.values() for step in each.steps()]
    seen: set[str] = set()
    while pending:
        use = pending.pop(0)
        yield use
        path = action_path(text_of(use.node.get("uses")), repository)
        if path is not None and path not in seen and repository.editable(path):
            seen.add(path)
            steps = repository.document(path).root.at(("runs", "steps"))
            inner = enumerate(steps.items or () if steps is not None else ())
            pending += [Use(path, ("runs", "steps", index), node) for index, node in inner]


class Trail(NamedTuple):
    """The way of a value back to where it comes from: the parameters that it passes, and what is given at the start.

    `origins` are these values, as they are written, each with its place in words; empty ones are none.
    """

    parameters: tuple[Parameter, ...]
    origins: tuple[tuple[str, str], ...]


def trail_of(value: str, path: str, repository: Repository) -> Trail:
    """Where a value of a file comes from."""
    seen: dict[Parameter, None] = {}
    origins: dict[tuple[str, str], None] = {}
    pending = [(value, path, "")]
    while pending:
        text, here, where = pending.pop(0)
        parameter = parameter_of(text, here, repository)
        if parameter in seen:
            continue
        if parameter is None:
            origins.update({(text.strip(), where): None} if text.strip() else {})
            continue
        seen[parameter] = None
        pending += [(giver.value, giver.path, giver.path) for giver in givers_of(parameter, repository)]
        origins.update({(own, here): None for own in _own(parameter, repository)})
    return Trail(tuple(seen), tuple(origins))


def _own(parameter: Parameter, repository: Repository) -> Iterator[str]:
    """What a parameter is where no caller hands it over: the repository's own secret, a default."""
    workflow = repository.workflows.get(parameter.path)
    started = workflow is not None and not called_only(workflow)
    if parameter.kind == "secrets":
        if started or workflow is None or not callers_of(workflow, repository):
            yield f"${{{{ secrets.{parameter.name.upper()} }}}}"
        return
    if started:
        yield f"${{{{ inputs.{parameter.name} }}}}"
    entry = declared(parameter, repository)
    default = repository.document(parameter.path).root.at((*entry.route, "default")) if entry is not None else None
    calls = _calls(parameter, workflow, repository)
    if text_of(default) and len(givers_of(parameter, repository)) < calls:
        yield text_of(default)


def _calls(parameter: Parameter, workflow: Workflow | None, repository: Repository) -> int:
    if workflow is not None:
        return len(callers_of(workflow, repository))
    return len(uses_of_action(parameter.path, repository))


def elsewhere(parameter: Parameter, repository: Repository) -> str:
    """Why others than those seen here may hand a parameter over, as a phrase; '' where nothing speaks for it."""
    if is_action(parameter.path) and parameter.path not in ACTIONS and not parameter.path.startswith(PRIVATE):
        return f"other repositories may use {parameter.path}: their steps cannot be seen here"
    if parameter.path in ACTIONS:
        return f"{parameter.path} is an action that other repositories use: their steps cannot be seen here"
    workflow = repository.workflows.get(parameter.path)
    if workflow is not None:
        ours = callers_of(workflow, repository)
        named = [job for job in callers_here(workflow, repository) if job not in ours]
        if named:
            return f"{named[0].workflow.path} calls `{named[0].uses}`, another version of {parameter.path}"
        return ""
    folder = parameter.path.rpartition("/")[0]
    by_name = f"{repository.name}/{folder}@".lower()
    for use in every_step(repository) if repository.name else ():
        if (said := text_of(use.node.get("uses"))).lower().startswith(by_name):
            return f"{use.path} uses `{said}`, another version of {parameter.path}"
    return ""


def left_of(parameter: Parameter, gone: Iterable[Entry], repository: Repository) -> tuple[str, ...]:
    """What still uses a parameter in its own file when entries are gone, each as a phrase."""
    return tuple(dict.fromkeys(_left(parameter, frozenset(gone), repository, frozenset())))


def _left(parameter: Parameter, gone: frozenset[Entry], repository: Repository, seen: frozenset[str]) -> Iterator[str]:
    document = repository.document(parameter.path)
    own = declared(parameter, repository)
    for route, leaf in _values(document.root, ()):
        inside = own is not None and route[: len(own.route)] == own.route
        if leaf.text and not inside and Entry(parameter.path, route) not in gone and _names(leaf.text, parameter):
            yield f"line {document.line(leaf)} of {parameter.path}"
    workflow = repository.workflows.get(parameter.path)
    if parameter.kind == "secrets" and workflow is not None:
        for job in workflow.jobs:
            if job.uses is not None and text_of(job.node.get("secrets")) == INHERIT:
                yield from _inherited(job, parameter, gone, repository, seen | {parameter.path})


def questions_of(parameter: Parameter, repository: Repository) -> Iterator[str]:
    """Where its file asks whether a parameter is set, each as a phrase: what hangs on that would be skipped."""
    document = repository.document(parameter.path)
    name = rf"\b{parameter.kind}\s*\.\s*{re.escape(parameter.name)}(?![\w-])"
    pattern = re.compile(rf"{name}\s*(?:[!=]=|&&|\|\|)|(?:&&|\|\||!)\s*{name}", re.IGNORECASE)
    for route, leaf in _values(document.root, ()):
        asks = route[-1:] == ("if",) and _names(leaf.text or "", parameter)
        if leaf.text and (asks or pattern.search(leaf.text)):
            yield f"line {document.line(leaf)} of {parameter.path} tests `{parameter.kind}.{parameter.name}`"


def _inherited(
    job: Job, parameter: Parameter, gone: frozenset[Entry], repository: Repository, seen: frozenset[str]
) -> Iterator[str]:
    """What the workflow uses that a job hands all its secrets on to."""
    path = (job.uses or "").removeprefix("./")
    if not (job.uses or "").startswith("./") or path not in repository.workflows:
        yield f"job `{job.id}` of {parameter.path}, which hands all secrets on"
    elif path not in seen:
        yield from _left(Parameter(path, "secrets", parameter.name), gone, repository, seen)


def names_used(path: str, kind: Kind, repository: Repository) -> frozenset[str]:
    """The names, in lower case, of the secrets or inputs that the expressions of a file name one by one."""
    texts = [leaf.text for _, leaf in _values(repository.document(path).root, ()) if leaf.text and "${{" in leaf.text]
    found = [match for text in texts for match in NAMED.finditer(text) if match[1].lower() == kind]
    return frozenset((match[2] or match[3]).lower() for match in found if match[2] or match[3])


def _values(node: Node, route: Route) -> Iterator[tuple[Route, Node]]:
    """The scalars that are values, each with its route."""
    if node.scalar:
        yield route, node
    for step, value in node.children():
        yield from _values(value, (*route, step))


def _names(text: str, parameter: Parameter) -> bool:
    """Whether a text names a parameter, or all of its kind."""
    for found in NAMED.finditer(text):
        name = found[2] or found[3]
        if found[1].lower() == parameter.kind and (name is None or name == "*" or name.lower() == parameter.name):
            return True
    return False
