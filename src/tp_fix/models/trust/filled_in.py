"""What a publish command publishes whose words come from a matrix, a caller's `with:` or a choice: each value tried."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from tp_fix.models.given import MANY, Values, fill, names_in, ways
from tp_fix.models.package import Package
from tp_fix.models.publication import Publication, publishes_in
from tp_fix.models.repository import Repository
from tp_fix.models.script import Script, commands_of, script_of_step
from tp_fix.models.target import target_of
from tp_fix.models.workflow import Workflow


class Filled(NamedTuple):
    """The packages that a publication publishes when a workflow is started."""

    start: Workflow
    packages: tuple[Package, ...]


def filled_in(publication: Publication, repository: Repository) -> tuple[Filled, ...]:
    """All of what it publishes, by the workflow that is started; empty where one value is not known from here."""
    names = names_in((publication.step.run or "", publication.step.directory))
    found: dict[str, Filled] = {}
    rows = list(islice(ways(publication.step.job, names, repository), MANY + 1)) if names else []
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
    after = publishes_in(_script(step.run or "", values), fill(step.directory, values))
    if place is None or len(before) != len(after):
        return None
    target = target_of(after[place].publish, after[place].folder, repository.packages)
    if not target.packages or target.unread or any(not each.name or each.private for each in target.packages):
        return None
    return target.packages


def _script(text: str, values: Values) -> Script:
    filled = fill(text, values)
    return Script(filled, commands_of(filled))
