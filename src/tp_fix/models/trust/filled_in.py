"""What a publish command publishes whose words come from a matrix, a caller's `with:` or a choice: each value tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import NamedTuple

from tp_fix.models.grants import DEEPEST, called_only, callers_here
from tp_fix.models.package import Package
from tp_fix.models.publication import Publication, publishes_in
from tp_fix.models.repository import Repository
from tp_fix.models.script import Script, commands_of, script_of_step
from tp_fix.models.target import target_of
from tp_fix.models.workflow import Job, Workflow, text_of
from tp_fix.node import Data, Node, plain

EXPRESSION = re.compile(r"\$\{\{\s*(?:github\.event\.)?(matrix|inputs)\.([\w-]+(?:\.[\w-]+)*)\s*\}\}")
MANY = 1000
"""Combinations that are tried."""
Values = dict[str, str]
"""By what an expression says: `matrix.package`, `inputs.dir`."""


class Filled(NamedTuple):
    """The packages that a publication publishes when a workflow is started."""

    start: Workflow
    packages: tuple[Package, ...]


def filled_in(publication: Publication, repository: Repository) -> tuple[Filled, ...]:
    """All of what it publishes, by the workflow that is started; empty where one value is not known from here."""
    names = _names((publication.step.run or "", publication.step.directory))
    found: dict[str, Filled] = {}
    rows = list(islice(_rows(publication.step.job, names, repository), MANY + 1)) if names else []
    for start, values in rows:
        packages = _packages(publication, values, repository) if len(rows) <= MANY else None
        if packages is None:
            return ()
        old = found[start.path].packages if start.path in found else ()
        by_path = {package.path: package for package in (*old, *packages)}
        found[start.path] = Filled(start, tuple(by_path.values()))
    return tuple(found.values())


def _packages(publication: Publication, values: Values, repository: Repository) -> tuple[Package, ...] | None:
    """What the same command publishes with these values; None when that is not known."""
    step = publication.step
    before = publishes_in(script_of_step(step), step.directory)
    place = next((at for at, each in enumerate(before) if each.span.start == publication.offset), None)
    after = publishes_in(_script(step.run or "", values), _fill(step.directory, values))
    if place is None or len(before) != len(after):
        return None
    target = target_of(after[place].publish, after[place].folder, repository.packages)
    if not target.packages or target.unread or any(not each.name or each.private for each in target.packages):
        return None
    return target.packages


def _script(text: str, values: Values) -> Script:
    filled = _fill(text, values)
    return Script(filled, commands_of(filled))


def _fill(text: str, values: Values) -> str:
    return EXPRESSION.sub(lambda match: values.get(f"{match[1]}.{match[2]}", match[0]), text)


def _names(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{match[1]}.{match[2]}" for text in texts for match in EXPRESSION.finditer(text))


def _rows(job: Job, names: frozenset[str], repository: Repository, depth: int = 0) -> Iterator[tuple[Workflow, Values]]:
    """Each way in which the job can run: the workflow that is started, with the values that are known then."""
    matrix = list(_matrix(job.node.at(("strategy", "matrix")), names))
    for start, given in _given(job.workflow, names, repository, depth):
        for row in matrix:
            yield start, given | row


def _given(
    workflow: Workflow, names: frozenset[str], repository: Repository, depth: int
) -> Iterator[tuple[Workflow, Values]]:
    """Inputs: those that callers give, or the choices of the form by which a person starts the workflow."""
    wanted = sorted(name.removeprefix("inputs.") for name in names if name.startswith("inputs."))
    callers = callers_here(workflow, repository) if depth < DEEPEST else []
    for caller in callers:
        texts = dict(_with(caller, wanted, workflow))
        for start, values in _rows(caller, _names(texts.values()), repository, depth + 1):
            filled = {name: _fill(text, values) for name, text in texts.items()}
            yield start, {name: text for name, text in filled.items() if "${{" not in text}
    if not callers or not called_only(workflow):
        for row in _choices(workflow, wanted):
            yield workflow, row


def _with(caller: Job, wanted: list[str], workflow: Workflow) -> Iterator[tuple[str, str]]:
    """What a caller gives, or else the default, as it is written."""
    for name in wanted:
        node = caller.node.at(("with", name)) or _declared(workflow, "workflow_call", name, "default")
        if node is not None:
            yield f"inputs.{name}", text_of(node)


def _choices(workflow: Workflow, wanted: list[str]) -> Iterator[Values]:
    """Every combination of the choices; an input that has none is left out."""
    found = {name: _declared(workflow, "workflow_dispatch", name, "options") for name in wanted}
    options = {name: [text_of(item) for item in node.items] for name, node in found.items() if node and node.items}
    for row in product(*options.values()):
        yield {f"inputs.{name}": value for name, value in zip(options, row, strict=True)}


def _declared(workflow: Workflow, event: str, name: str, key: str) -> Node | None:
    filters = workflow.events.get(event)
    return filters.at(("inputs", name, key)) if filters is not None else None


def _matrix(matrix: Node | None, names: frozenset[str]) -> Iterator[Values]:
    """The combinations of a literal matrix, flat: `matrix.package.name`. One without values for an expression."""
    if not any(name.startswith("matrix.") for name in names):
        yield {}
        return
    data = plain(matrix) if matrix is not None else None
    if not isinstance(data, dict) or "${{" in str(data):
        yield {}
        return
    for row in _combinations(data):
        yield dict(_flat("matrix", row))


def _combinations(data: dict[str, Data]) -> list[dict[str, Data]]:
    """As GitHub combines them: every list with every other, less what is excluded, more what is included (D)."""
    lists = {key: value for key, value in data.items() if key not in ("include", "exclude") and isinstance(value, list)}
    rows = [dict(zip(lists, row, strict=True)) for row in islice(product(*lists.values()), MANY + 1)] if lists else []
    rows = [row for row in rows if not any(each.items() <= row.items() for each in _mappings(data.get("exclude")))]
    own = frozenset(lists)
    for each in _mappings(data.get("include")):
        fitting = [row for row in rows if all(row[key] == each[key] for key in own & each.keys() if key in row)]
        fitting = [row for row in fitting if own <= row.keys()] if own else []
        for row in fitting:
            row.update(each)
        if not fitting:
            rows.append(dict(each))
    return rows


def _mappings(data: Data) -> list[dict[str, Data]]:
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _flat(path: str, data: Data) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _flat(f"{path}.{key}", value)
    elif isinstance(data, str | int | float) and not isinstance(data, bool):
        yield path, str(data)
