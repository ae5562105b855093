"""What goes at both ends when a credential goes: unused declarations, and what callers hand over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tp_fix.change import Change, RemoveKeys, SetValue
from tp_fix.models.repository import Repository
from tp_fix.models.token.parameters import (
    Entry,
    Parameter,
    declared,
    givers_of,
    left_of,
    parameter_of,
    parameters_in,
    trail_of,
)
from tp_fix.models.workflow import text_of
from tp_fix.node import Route


class Handing(NamedTuple):
    """The parameters that go, and the changes for that, each with its file. `entries` are what the changes remove."""

    parameters: tuple[Parameter, ...]
    entries: tuple[Entry, ...]
    changes: tuple[tuple[str, Change], ...]


def handing_of(going: Iterable[Entry], repository: Repository) -> Handing:
    """What goes with entries whose values are parameters: every parameter that nothing else uses, at both ends.

    Callers that are called themselves hand on what they are given: theirs go likewise, to a fixed point.
    """
    gone = dict.fromkeys(going)
    first = frozenset(gone)
    parameters: dict[Parameter, None] = {}
    while new := _next(gone, parameters, repository):
        parameters[new] = None
        own = declared(new, repository)
        entries = [own, *(giver.entry for giver in givers_of(new, repository))]
        gone.update({entry: None for entry in entries if entry is not None})
    removed = tuple(entry for entry in gone if entry not in first)
    return Handing(tuple(parameters), removed, tuple(_removals(removed, repository)))


def _next(gone: Iterable[Entry], parameters: Iterable[Parameter], repository: Repository) -> Parameter | None:
    """A parameter that is named by what is gone, and by nothing else any more."""
    for parameter in _named(gone, parameters, repository):
        if parameter not in parameters and not left_of(parameter, gone, repository):
            return parameter
    return None


def _named(gone: Iterable[Entry], parameters: Iterable[Parameter], repository: Repository) -> Iterator[Parameter]:
    """The parameters that entries take, and those that callers hand on together with all the others."""
    for entry in gone:
        value = text_of(repository.document(entry.path).root.at(entry.route))
        yield from parameters_in(value, entry.path, repository)
    for parameter in parameters:
        for giver in givers_of(parameter, repository):
            taken = parameter_of(giver.value, giver.path, repository) if giver.entry is None else None
            if taken is not None:
                yield taken


def _removals(entries: Iterable[Entry], repository: Repository) -> Iterator[tuple[str, Change]]:
    """The entries go from their mappings; a mapping goes when nothing is left in it."""
    by_mapping: dict[tuple[str, Route], list[str]] = {}
    for entry in entries:
        by_mapping.setdefault((entry.path, entry.route[:-1]), []).append(str(entry.route[-1]))
    emptied: dict[tuple[str, Route], list[str]] = {}
    for (path, mapping), keys in by_mapping.items():
        node = repository.document(path).root.at(mapping)
        if node is not None and set(node.keys) == set(keys):
            emptied.setdefault((path, mapping[:-1]), []).append(str(mapping[-1]))
        else:
            yield path, RemoveKeys(mapping, tuple(keys))
    for (path, holder), keys in emptied.items():
        node = repository.document(path).root.at(holder)
        if node is not None and set(node.keys) == set(keys):
            yield path, SetValue(holder, None)
        else:
            yield path, RemoveKeys(holder, tuple(keys))


def clusters(groups: Sequence[Sequence[Entry]], repository: Repository) -> list[list[int]]:
    """Which groups of entries have to go together, by their numbers.

    Those whose values come through the same parameter, or through entries of the same mapping: only together do they
    know what is left of it.
    """
    touched = [_touched(group, repository) for group in groups]
    found: list[list[int]] = []
    for number in range(len(groups)):
        near = [each for each in found if any(touched[number] & touched[other] for other in each)]
        found = [each for each in found if each not in near]
        found.append(sorted([number, *(other for each in near for other in each)]))
    return sorted(found)


def _touched(group: Iterable[Entry], repository: Repository) -> set[tuple[str, Route]]:
    """The mappings that may lose something when a group goes, and the parameters behind it, as routes."""
    found: set[tuple[str, Route]] = set()
    for entry in group:
        value = text_of(repository.document(entry.path).root.at(entry.route))
        own_names = parameters_in(value, entry.path, repository)
        trails = (trail_of(each.spelled, entry.path, repository).parameters for each in own_names)
        for parameter in (each for trail in trails for each in trail):
            found.add((parameter.path, (parameter.kind, parameter.name)))
            own = declared(parameter, repository)
            entries = [own, *(giver.entry for giver in givers_of(parameter, repository))]
            found |= {(each.path, each.route[:-1]) for each in entries if each is not None}
    return found
