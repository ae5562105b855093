"""Yarn Berry: what keeps it from OIDC once a credential is gone, and what its settings have to say then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tp_fix.change import ReplaceInScalar
from tp_fix.facts.registry import is_public
from tp_fix.models.hindrance.yarn_tokens import (
    FILE,
    VARIABLE,
    Gone,
    YarnToken,
    token_lines,
)
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.running.calls import calls_of
from tp_fix.models.running.walk import Call
from tp_fix.models.token.inner import seen_by
from tp_fix.models.token.unit import Unit
from tp_fix.models.token.yarn_sources import sources_of
from tp_fix.models.yarn_settings import KEYS
from tp_fix.node import Node, Route
from tp_fix.source import Span

YARN = re.compile(r"\byarn\b")
PREFERS = "Yarn takes any token before it tries OIDC"
OTHER_USE = "what it takes it for is not npm's public registry"


class YarnSetting(NamedTuple):
    """A line of committed settings that has to change with a unit. `stays` says why it cannot, '' when it can."""

    path: str
    change: ReplaceInScalar
    what: str
    name: str
    stays: str = ""


def left_for_yarn(
    unit: Unit, settings: Sequence[YarnSetting], publications: Iterable[Publication], model: Model
) -> list[str]:
    """Where Yarn Berry still has a token from once a unit is gone: it takes any, and tries no OIDC then. As phrases."""
    gone = Gone(unit.workflow.path, unit.variables, unit.statements)
    edited = {(each.path, each.change.route) for each in settings}
    found = [
        _said(source, (source.path, source.route) in edited)
        for publication in publications
        for source in sources_of(publication, model.repository, gone)
    ]
    return list(dict.fromkeys(filter(None, found)))


def _said(source: YarnToken, edited: bool) -> str:
    if not source.sure:
        return f"{source.what}: {PREFERS}"
    if source.set and source.stays and source.variables:
        return f"{source.what}, and is not empty without it: {PREFERS}"
    if source.set:
        return f"{source.what}: {PREFERS}"
    if source.unset and not edited:
        return f"{source.what}, and every yarn command stops where that is not set"
    return ""


def yarn_settings(unit: Unit, model: Model) -> tuple[YarnSetting, ...]:
    """What Yarn's committed settings have to say once the variables of a unit are not set any more.

    `${X}` stops every yarn command where X is not set, and `${X:-}` does not (X 4.18.1, 2026-11-23).
    """
    paths = [path for path in _files(model) if any(f"${{{name}" in model.repository.text(path) for name in unit.names)]
    if not paths or not _may_run_yarn(unit, model):
        return ()
    return tuple(each for path in paths for each in _changes(path, unit.names, model.repository))


def assumed_of_settings(settings: Sequence[YarnSetting]) -> list[str]:
    """What is assumed where committed settings change with a unit: people use them on their own machines."""
    names = " and ".join(dict.fromkeys(each.name for each in settings))
    paths = list(dict.fromkeys(each.path for each in settings))
    said = f"nobody wants Yarn to stop where {names} is not set, as it does now by {' and '.join(paths)}"
    return [said] if paths else []


def _files(model: Model) -> list[str]:
    """The settings files of Yarn Berry."""
    paths = model.repository.paths
    return model.once(("yarn settings",), lambda: [path for path in paths if path.rpartition("/")[2] == FILE])


def _may_run_yarn(unit: Unit, model: Model) -> bool:
    """Whether something that sees one of the variables is Yarn, or may run it."""
    steps = [step for variable in unit.variables for step in seen_by(variable, unit.workflow, model.repository)]
    return any(_may_be_yarn(call) for step in steps for call in calls_of(step, model))


def _may_be_yarn(call: Call) -> bool:
    unread = call.reader is None and call.kind != "install"
    return unread or call.kind == "release" or YARN.search(call.text) is not None or YARN.search(call.what) is not None


def _changes(path: str, names: frozenset[str], repository: Repository) -> Iterator[YarnSetting]:
    """The changes of one file; none where it cannot be read, which stops Yarn anyway."""
    if not repository.editable(path):
        return
    root = repository.document(path).root
    tokens = {route for route, _ in token_lines(root)}
    for route, text in _texts(root, ()):
        named = [match for match in VARIABLE.finditer(text) if match["name"] in names]
        for match in reversed(named):
            stays = _why_it_stays(route, root) if route in tokens else OTHER_USE
            if match["fallback"] is None or stays:
                change = ReplaceInScalar(route, Span(match.end() - 1, match.end() - 1), ":-")
                yield YarnSetting(path, change, f"`{'.'.join(map(str, route))}` of {path}", match["name"], stays)


def _texts(node: Node, route: Route) -> Iterator[tuple[Route, str]]:
    """The strings of a document that are values, each with its route."""
    if isinstance(node.value, str):
        yield route, node.value
    for name, value in node.pairs or ():
        yield from _texts(value, (*route, str(name.value)))
    for index, item in enumerate(node.items or ()):
        yield from _texts(item, (*route, index))


def _why_it_stays(route: Route, root: Node) -> str:
    """Why a token is not the public registry's alone, as a phrase; '' where it is."""
    holders = [root, root.at(route[:-1])] if len(route) > 1 else [root]
    for holder in filter(None, holders):
        for key in KEYS:
            node = holder.get(key)
            if node is not None and is_public(str(node.value)) is not True:
                return f"`{key}` names another registry"
    return ""
