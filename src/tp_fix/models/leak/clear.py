"""Credentials that stand in the repository's files in clear, as far as their names or their own form tell."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts.actions import lookup
from tp_fix.facts.secrets import NEEDLE, is_local, is_login, is_secret, proves_itself, tokens_in
from tp_fix.models.repository import Repository
from tp_fix.models.token.credentials import NAME
from tp_fix.models.workflow import Step, Workflow
from tp_fix.node import Node, Route

LOGINS = frozenset({"_auth", "_password"})
INPUT = re.compile(r"(?:npm|node)[\w-]*(?:token|auth)[\w-]*", re.IGNORECASE)
ASSIGNED = re.compile(
    r"(?:(?://(?P<host>[^\s:=\"']+(?::\d+)?[^\s:=\"']*):)?(?P<key>_authToken|_auth|_password|npmAuthToken|npmAuthIdent)"
    r"|\b(?P<name>\w+))[\"']?(?:\s*=\s*|\s+|:\s*)[\"']?(?P<value>[\w.:+/-]{8,}={0,2})"
)
"""In a script: a value that is given to an npm setting, or to a variable."""
ABOUT = re.compile(
    r"[_-](?:name|file|path|url|uri|ids?|expir\w*|dates?|type|version|ref|hash|sha\d*|host|user(?:name)?)$", re.I
)
"""How the name of something ends that is about a credential, and is none."""
YARN = ".yarnrc.yml"
YARN_KEYS = frozenset({"npmAuthToken", "npmAuthIdent"})
TRIALS = re.compile(
    r"(?:^|/)(?:__)?(?:tests?|fixtures?|mocks?|examples?|specs?|e2e|samples?|testdata|docs?)(?:__)?/", re.I
)
"""Folders whose files are there to be tried, or read."""


class Clear(NamedTuple):
    """A credential in clear: the file and the route it stands at, what it is, and whether it proves to be one.

    `sure` is None when it has a form that could prove it and does not. `where` says whose it is, as a phrase or ''.
    """

    path: str
    route: Route
    what: str
    sure: bool | None
    where: str = ""


def credentials_in_clear(repository: Repository) -> Iterator[Clear]:
    """All of them, each place once: workflows, the .npmrc family, package manifests, .yarnrc.yml files."""
    for workflow in repository.workflows.values():
        yield from _in_workflow(workflow)
    for path, lines in repository.npmrcs.items():
        for line in lines:
            where = f" for {line.host}" if line.host else ""
            secret = line.key in LOGINS and is_login(line.value)
            if line.key == "_authToken":
                secret = is_secret(line.value)
            if found := _known(line.value):
                yield Clear(path, (line.index,), *found, where)
            elif secret and not is_local(line.host):
                yield Clear(path, (line.index,), f"`{line.key}`", _trusted(path), where)
    yield from _in_others(repository)


def _trusted(path: str) -> bool | None:
    """Whether a credential without a proof of its own is taken for one: not in what is made for tests."""
    return None if TRIALS.search(path) else True


def _known(text: str) -> tuple[str, bool | None] | None:
    """The first token of a known kind in a text, one that proves itself before all others."""
    found = tokens_in(text)
    found.sort(key=lambda pair: not proves_itself(*pair))
    if not found:
        return None
    shape, token = found[0]
    return f"{shape.what} (`{shape.prefix}…`)", proves_itself(shape, token) or (None if shape.checked_by else True)


def _in_workflow(workflow: Workflow) -> Iterator[Clear]:
    root = workflow.document.root
    named: dict[Route, str] = {}
    for variable in (*workflow.env, *(each for job in workflow.jobs for each in job.env)):
        named[variable.route] = variable.name
    for step in workflow.steps():
        named |= {variable.route: variable.name for variable in step.env}
        named |= _inputs(step)
    for route, node in _leaves(root):
        text = node.text or ""
        if found := _known(text):
            yield Clear(workflow.path, route, *found)
        elif route in named and _is_name(named[route]) and is_secret(text):
            yield Clear(workflow.path, route, f"the value of `{named[route]}`", True)
        elif route[-1:] == ("run",) and (key := _assigned(text)):
            yield Clear(workflow.path, route, f"the value of {key}", True)


def _inputs(step: Step) -> dict[Route, str]:
    """The inputs of an action that take an npm token, by route."""
    inputs = step.node.get("with")
    action = lookup(step.uses or "")
    reads = action is not None and action.reads_npm_token
    names = inputs.keys if inputs is not None and inputs.pairs is not None else []
    return {(*step.route, "with", name): name for name in names if INPUT.fullmatch(name) or (reads and name == "token")}


def _is_name(name: str) -> bool:
    if ABOUT.search(name):
        return False
    return NAME.fullmatch(name) is not None or INPUT.fullmatch(name) is not None or name == "token"


def _assigned(script: str) -> str:
    """What a script gives a credential in clear to; '' for nothing."""
    for match in ASSIGNED.finditer(script):
        key, name, value = match["key"], match["name"], match["value"]
        if match["host"] and is_local(match["host"]):
            continue
        if (key in LOGINS and is_login(value)) or (key and key not in LOGINS and is_secret(value)):
            return f"`{key}`"
        if (
            name
            and _is_name(name)
            and NAME.fullmatch(name)
            and "=" in match.group().removesuffix(value)
            and is_secret(value)
        ):
            return f"`{name}`"
    return ""


def _leaves(node: Node, route: Route = ()) -> Iterator[tuple[Route, Node]]:
    """The scalars of a document with their routes, aliases left out."""
    pending: list[tuple[Route, Node]] = [(route, node)]
    while pending:
        at, each = pending.pop()
        if each.scalar and not each.alias:
            yield at, each
        elif not each.alias:
            pending += reversed([((*at, step), child) for step, child in each.children()])


def _in_others(repository: Repository) -> Iterator[Clear]:
    """Package manifests that hold a token, and Yarn's settings."""
    for path in repository.holding(NEEDLE, repository.packages.manifests):
        for route, node in _read(repository, path):
            if found := _known(node.text or ""):
                yield Clear(path, route, *found)
    for path in (path for path in repository.paths if posixpath.basename(path) == YARN):
        for route, node in _read(repository, path):
            text = node.text or ""
            if found := _known(text):
                yield Clear(path, route, *found)
            elif route and route[-1] in YARN_KEYS and is_secret(text):
                yield Clear(path, route, f"`{route[-1]}`", _trusted(path))


def _read(repository: Repository, path: str) -> Iterable[tuple[Route, Node]]:
    try:
        return list(_leaves(repository.document(path).root))
    except Unreadable:
        return ()  # the problem is kept by the repository, which reports it
