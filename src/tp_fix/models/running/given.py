"""What expressions stand for where that can be known: a literal matrix, a caller's `with:`, a choice, an `env`.

Also the output of a step that reads it from a file of the repository.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import islice, product

from tp_fix.models.grants import DEEPEST, called_only, callers_here
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import InnerStep, outermost
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.workflow import Job, Step, Workflow, spelled, text_of
from tp_fix.node import Data, Node, plain

EXPRESSION = re.compile(r"\$\{\{\s*(?:github\.event\.)?(matrix|inputs)\.([\w-]+(?:\.[\w-]+)*)\s*\}\}")
INPUT = re.compile(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}")
ENV = re.compile(r"\$\{\{\s*env\.([\w-]+)\s*\}\}")
OUTPUT = re.compile(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}")
MANY = 1000
"""Combinations that are tried."""
FORMS = frozenset({"workflow_dispatch", "workflow_call"})
"""Events that fill inputs in."""
Values = dict[str, str]
"""By what an expression says: `matrix.package`, `inputs.dir`."""


def possible(text: str, step: Step, repository: Repository) -> tuple[str, ...]:
    """Every text that one of a step may be when it runs; what is not known from here is left as an expression."""
    text = settled(text, step, repository)
    names = names_in((text,))
    rows = list(islice(ways(outermost(step).job, names, repository), MANY + 1)) if names else []
    if not rows or len(rows) > MANY:
        return (text,)
    return tuple(dict.fromkeys(fill(text, values) for _, values in rows))


def settled(text: str, step: Step, repository: Repository) -> str:
    """A text of a step with all that is the same whenever it runs: inputs of its action, variables, outputs."""
    if "${{" not in text:
        return text
    if isinstance(step, InnerStep):
        return settled(INPUT.sub(lambda match: _given_to(step, match), text), step.outer, repository)
    text = ENV.sub(lambda match: match[0] if (value := variable_at(match[1], step)) is None else value, text)
    return OUTPUT.sub(lambda match: _read(match[1], match[2], step, repository) or match[0], text)


def _given_to(step: InnerStep, match: re.Match[str]) -> str:
    said = step.given(match[1])
    return match[0] if said is None else said


def variable_at(name: str, step: Step) -> str | None:
    """What a variable of an `env:` is at a step; None for one that is not there, or that a step before may set anew."""
    variable = visible_at(step).get(name)
    if variable is None or variable.holder == step.route:
        return variable and variable.value
    earlier = (each.run or "" for each in step.earlier)
    return None if any("GITHUB_ENV" in run and name in run for run in earlier) else variable.value


def _read(step_id: str, name: str, step: Step, repository: Repository) -> str | None:
    """An output that an earlier step reads from a file, as `echo "NAME=$(cat FILE)" >> $GITHUB_OUTPUT` does."""
    written = re.compile(rf"(?<![\w-]){name}(?:=|::|;\])\$\((?:cat\s+|<\s*)(?:\./)?([\w./-]+)\)")
    found = [
        posixpath.normpath(posixpath.join(other.directory, match[1]))
        for other in step.earlier
        if text_of(other.node.get("id")) == step_id and other.condition is None
        for match in written.finditer(other.run or "")
    ]
    if len(found) != 1 or found[0] not in repository.packages.paths:
        return None
    return repository.text(found[0]).strip() or None


def fill(text: str, values: Values) -> str:
    """A text with the values that are known."""
    return EXPRESSION.sub(lambda match: values.get(f"{match[1]}.{match[2]}", match[0]), text)


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """The values that texts ask for."""
    return frozenset(f"{match[1]}.{match[2]}" for text in texts for match in EXPRESSION.finditer(text))


def ways(job: Job, names: frozenset[str], repository: Repository, depth: int = 0) -> Iterator[tuple[Workflow, Values]]:
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
        for start, values in ways(caller, names_in(texts.values()), repository, depth + 1):
            filled = {name: fill(text, values) for name, text in texts.items()}
            yield start, {name: text for name, text in filled.items() if "${{" not in text}
    if not callers or not called_only(workflow):
        for row in _choices(workflow, wanted):
            yield workflow, row


def _with(caller: Job, wanted: list[str], workflow: Workflow) -> Iterator[tuple[str, str]]:
    """What a caller gives, in whatever case, or else the default, as it is written."""
    inputs = caller.node.get("with")
    given = {key.lower(): inputs.get(key) for key in inputs.keys} if inputs is not None and inputs.pairs else {}
    for name in wanted:
        node = given.get(name.lower()) or _declared(workflow, "workflow_call", name, "default")
        if node is not None:
            yield f"inputs.{name}", text_of(node)


def _choices(workflow: Workflow, wanted: list[str]) -> Iterator[Values]:
    """Every combination of the choices; an input that has none is left out. Other events leave the inputs empty."""
    found = {name: _declared(workflow, "workflow_dispatch", name, "options") for name in wanted}
    options = {name: [text_of(item) for item in node.items] for name, node in found.items() if node and node.items}
    for row in product(*options.values()):
        yield {f"inputs.{name}": value for name, value in zip(options, row, strict=True)}
    if options and workflow.events.keys() - FORMS:
        yield {f"inputs.{name}": "" for name in options}


def _declared(workflow: Workflow, event: str, name: str, key: str) -> Node | None:
    filters = workflow.events.get(event)
    return filters.at(("inputs", name, key)) if filters is not None else None


def _matrix(matrix: Node | None, names: frozenset[str]) -> Iterator[Values]:
    """The combinations of a literal matrix, flat: `matrix.package.name`. One without values for an expression."""
    if not any(name.startswith("matrix.") for name in names):
        yield {}
        return
    data = plain(matrix) if matrix is not None else None
    if not isinstance(data, dict) or "${{" in str(data) or any(_many(value) for value in data.values()):
        yield {}
        return
    for row in _combinations(data):
        yield dict(_flat("matrix", row))


def _many(data: Data) -> bool:
    return isinstance(data, list) and len(data) > MANY


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
        yield path, spelled(data)
