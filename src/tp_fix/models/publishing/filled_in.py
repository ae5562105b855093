"""What a publish command publishes whose words come from a loop, a variable, a matrix, a caller: each value tried."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from tp_fix.formats.shell_run import Surroundings, Visit, visits
from tp_fix.models.package import Package, Packages, glob
from tp_fix.models.publishing.target import target_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import publish_of
from tp_fix.models.running.composite import outermost
from tp_fix.models.running.given import MANY, Values, fill, names_in, settled, ways
from tp_fix.models.running.place import join
from tp_fix.models.running.script import script_of_step
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.workflow import Step, Workflow

GUARD = "package.json"
"""In a script: the sign that it asks for a manifest before it publishes a folder."""


class Filled(NamedTuple):
    """The packages that a command publishes when a workflow is started."""

    start: Workflow
    packages: tuple[Package, ...]


class _Asked(NamedTuple):
    step: Step
    offset: int
    text: str
    variables: dict[str, str]
    repository: Repository


def filled_in(step: Step, offset: int, repository: Repository) -> tuple[Filled, ...]:
    """All that the command at an offset of a step's script publishes, by the workflow that is started.

    Empty where one value is not known from here.
    """
    script = script_of_step(step)
    if script.unread or not repository.packages.manifests:
        return ()
    variables = {name: settled(f"${{{{ env.{name} }}}}", step, repository) for name in visible_at(step)}
    asked = _Asked(step, offset, script.text, variables, repository)
    names = names_in(settled(text, step, repository) for text in (script.text, step.directory, *variables.values()))
    rows = list(islice(ways(outermost(step).job, names, repository), MANY + 1))
    found: dict[str, Filled] = {}
    known: dict[tuple[tuple[str, str], ...], tuple[Package, ...] | None] = {}
    for start, values in rows if len(rows) <= MANY else ():
        key = tuple(sorted(values.items()))
        if key not in known:
            known[key] = _packages(asked, values)
        packages = known[key]
        if packages is None:
            return ()
        old = found[start.path].packages if start.path in found else ()
        by_path = {package.path: package for package in (*old, *packages)}
        found[start.path] = Filled(start, tuple(by_path.values()))
    return tuple(found.values())


def _packages(asked: _Asked, values: Values) -> tuple[Package, ...] | None:
    """What the command publishes with these values; None when that is not known."""
    step, packages = asked.step, asked.repository.packages

    def spell(text: str) -> str:
        return fill(settled(text, step, asked.repository), values) if "${{" in text else text

    variables = {name: _known(fill(value, values)) for name, value in asked.variables.items()}
    around = Surroundings(spell, join, lambda folder, pattern: matching(folder, pattern, packages))
    found = visits(asked.text, asked.offset, join("", spell(step.directory)), variables, around)
    chosen: dict[str, Package] = {}
    for visit in found or ():
        one = _published(visit, GUARD in asked.text, packages)
        if one is None:
            return None
        chosen |= {package.path: package for package in one}
    return tuple(chosen.values()) or None


def _known(value: str) -> str | None:
    return None if "${{" in value else value


def _published(visit: Visit, guarded: bool, packages: Packages) -> tuple[Package, ...] | None:
    """What the command publishes one time; with a guard, nothing where no manifest stands."""
    publish = publish_of(visit.command)
    if publish is None:
        return None
    target = target_of(publish, visit.folder, packages)
    if target.packages is None or (target.unread and not guarded):
        return None
    if any(not package.name for package in target.packages):
        return None
    return () if target.unread else tuple(package for package in target.packages if not package.private)


def matching(folder: str | None, pattern: str, packages: Packages) -> tuple[str, ...] | None:
    """The folders of the repository that a pattern of the shell's stands for, in its order; None where unknown.

    A pattern that finds but one here was written for more, which the build makes.
    """
    place = join(folder, pattern)
    if place is None or "**" in place:
        return None
    wanted = glob(place)
    found = {above for path in packages.paths for above in _above(path) if wanted.fullmatch(above)}
    start, dot = (f"{folder}/" if folder else ""), ("./" if pattern.startswith("./") else "")
    shown = sorted(each for each in found if "/." not in f"/{each}")
    return tuple(f"{dot}{each.removeprefix(start)}" for each in shown) if len(shown) > 1 else None


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path
