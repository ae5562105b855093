"""Yarn Berry: what keeps it from OIDC once a credential is gone, and what its settings have to say then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tp_fix.change import ReplaceInScalar
from tp_fix.errors import Unreadable
from tp_fix.facts.registry import is_public
from tp_fix.models.calls import calls_of
from tp_fix.models.hindrance.yarn_tokens import (
    FILE,
    VARIABLE,
    VARIABLES,
    Gone,
    YarnToken,
    token_lines,
    yarn_token_sources,
)
from tp_fix.models.model import Model
from tp_fix.models.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.token.inner import seen_by
from tp_fix.models.token.unit import Plumbing, Unit
from tp_fix.models.walk import Call
from tp_fix.node import Node, Route
from tp_fix.source import Span

YARN = re.compile(r"\byarn\b")
PREFERS = "Yarn takes any token before it tries OIDC"
REGISTRIES = ("npmPublishRegistry", "npmRegistryServer")


def left_for_yarn(unit: Unit, publications: Iterable[Publication], model: Model) -> list[str]:
    """Where Yarn Berry still has a token from once a unit is gone: it takes any, and tries no OIDC then. As phrases."""
    gone = Gone(unit.workflow.path, unit.variables, unit.statements)
    edited = {(each.path, each.change.route) for each in unit.plumbing if isinstance(each.change, ReplaceInScalar)}
    found = [
        _said(source, (source.path, source.route) in edited)
        for publication in publications
        if publication.client.program == "yarn"
        for source in yarn_token_sources(publication.within, publication.folder, model.repository, gone)
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


def with_settings(unit: Unit, model: Model) -> Unit:
    """A unit with what Yarn's committed settings have to say once its variables are not set any more.

    `${X}` stops every yarn command where X is not set, and `${X:-}` does not (X 4.18.1, 2026-11-23).
    """
    names = frozenset(name for name in unit.names if name not in VARIABLES)
    mentioned = [path for path in model.repository.paths if _is_settings(path, names, model.repository)]
    if not mentioned or not _may_run_yarn(unit, model):
        return unit
    changes = [each for path in mentioned for each in _changes(path, names, model.repository)]
    return unit._replace(plumbing=(*unit.plumbing, *changes))


def settings_assumed(unit: Unit) -> list[str]:
    """What is assumed where committed settings change with a unit: people use them on their own machines."""
    paths = dict.fromkeys(each.path for each in unit.plumbing if each.path.rpartition("/")[2] == FILE)
    names = " and ".join(sorted(unit.names))
    return [f"nobody wants Yarn to stop where {names} is not set, which {path} makes it do now" for path in paths]


def _is_settings(path: str, names: frozenset[str], repository: Repository) -> bool:
    if path.rpartition("/")[2] != FILE:
        return False
    return any(f"${{{name}" in repository.text(path) for name in names)


def _may_run_yarn(unit: Unit, model: Model) -> bool:
    """Whether something that sees one of the variables is Yarn, or may run it."""
    steps = [step for variable in unit.variables for step in seen_by(variable, unit.workflow, model.repository)]
    return any(_may_be_yarn(call) for step in steps for call in calls_of(step, model))


def _may_be_yarn(call: Call) -> bool:
    unread = call.reader is None and call.kind != "install"
    return unread or call.kind == "release" or YARN.search(call.text) is not None or YARN.search(call.what) is not None


def _changes(path: str, names: frozenset[str], repository: Repository) -> Iterator[Plumbing]:
    try:
        root = repository.document(path).root
    except Unreadable as problem:
        yield Plumbing(path, ReplaceInScalar((), Span(0, 0), ""), path, f"it cannot be read: {problem.reason}")
        return
    tokens = {id(node): route for route, node in token_lines(root)}
    for leaf in root.leaves():
        strict = [match for match in _variables_in(leaf) if match["name"] in names and match["fallback"] is None]
        for match in reversed(strict):
            route = tokens.get(id(leaf), ())
            yield Plumbing(
                path,
                ReplaceInScalar(route, Span(match.end() - 1, match.end() - 1), ":-"),
                f"`{'.'.join(map(str, route))}` of {path}" if route else path,
                _why_it_stays(route, match["name"], root),
            )


def _variables_in(leaf: Node) -> list[re.Match[str]]:
    return list(VARIABLE.finditer(leaf.value)) if isinstance(leaf.value, str) else []


def _why_it_stays(route: Route, name: str, root: Node) -> str:
    """Why a line is more than a token of the public registry's, as a phrase; '' where it is just that."""
    if not route:
        return f"it names {name} for something else than a token"
    holders = [root] if len(route) == 1 else [root, root.at(route[:-1])]
    for holder in filter(None, holders):
        for key in REGISTRIES:
            node = holder.get(key)
            if node is not None and is_public(str(node.value)) is not True:
                return f"it takes {name}, and {key} names another registry"
    return ""
