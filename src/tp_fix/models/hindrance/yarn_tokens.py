"""Where Yarn Berry may have a token from: it prefers any to OIDC, and stops at a variable that is not set."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts.registry import is_public
from tp_fix.models.installed.entry import upwards
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import InnerStep, steps_before
from tp_fix.models.setup_node import is_setup_node, pin_of
from tp_fix.models.token.statements import Statement, without
from tp_fix.models.workflow import Step, Variable
from tp_fix.node import Node, Route

FILE = ".yarnrc.yml"
KEYS = ("npmAuthToken", "npmAuthIdent")
VARIABLES = ("YARN_NPM_AUTH_TOKEN", "YARN_NPM_AUTH_IDENT")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<colon>:)?-(?P<fallback>[^}]*))?\}")
"""What Yarn puts in: `${A}` stops where A is not set, `${A:-b}` and `${A-b}` do not (X 4.18.1, 2026-11-23)."""
SET = re.compile(r"\byarn\s+config\s+set\b[^\n]*\bnpm(?:AuthToken|AuthIdent|Registries|Scopes)\b")
TOKEN = "NODE_AUTH_TOKEN"
RC_FILE = "YARN_RC_FILENAME"
WRITES = re.compile(r"\.yarnrc\.yml")


class Gone(NamedTuple):
    """What is thought away: variables of the file `path`, and statements of scripts."""

    path: str = ""
    variables: tuple[Variable, ...] = ()
    statements: tuple[Statement, ...] = ()


NOTHING = Gone()


class YarnToken(NamedTuple):
    """One source of a token. `what` is a phrase for a person; it stands at `route` of `path`.

    `variables` are those that it takes its value from. `stops` says that every yarn command stops as soon as they are
    gone, so that the line has to go, or to say `${X:-}`, in one change with them. `stays` says that something is left
    even then, a fallback or a step that writes one, and Yarn takes anything for a token. `set` is False where it holds
    nothing: no token, but a line that may stop, as it does where `unset` variables are among what it names. `sure` is
    False where it may be one.
    """

    what: str
    path: str
    route: Route
    variables: tuple[str, ...] = ()
    stops: bool = False
    stays: bool = False
    set: bool = True
    sure: bool = True
    unset: tuple[str, ...] = ()


def yarn_token_sources(
    step: Step, folder: str | None, repository: Repository, gone: Gone = NOTHING
) -> tuple[YarnToken, ...]:
    """All from which a `yarn npm publish` of a step that runs in a folder may take a token (S Yarn 4.10.3 and 4.18.1).

    The environment goes before the files, and an empty YARN_NPM_AUTH_TOKEN empties their top-level npmAuthToken too
    (X). The entry of `npmScopes` for the package goes before that of `npmRegistries`, which goes before the top level.
    """
    seen = values_seen(step, gone)
    return (
        *_from_environment(step, seen),
        *_from_files(step, folder, repository, seen),
        *_from_scripts(step, repository, gone),
    )


def values_seen(step: Step, gone: Gone = NOTHING) -> dict[str, Variable]:
    """The variables that a step sees once some are gone: what they covered counts then."""
    around = values_seen(step.outer, gone) if isinstance(step, InnerStep) else {}
    listed = step.env if isinstance(step, InnerStep) else (*step.job.workflow.env, *step.job.env, *step.env)
    going = gone.variables if step.job.workflow.path == gone.path else ()
    return around | {each.name: each for each in listed if each not in going}


def _from_environment(step: Step, seen: dict[str, Variable]) -> Iterator[YarnToken]:
    for name in VARIABLES:
        variable = seen.get(name)
        if variable is not None and variable.value:
            yield YarnToken(f"{name} is set", step.job.workflow.path, variable.route, (name,))
    if RC_FILE in seen:
        yield YarnToken(f"{RC_FILE} names another file", step.job.workflow.path, seen[RC_FILE].route, sure=False)


def _from_files(
    step: Step, folder: str | None, repository: Repository, seen: dict[str, Variable]
) -> Iterator[YarnToken]:
    """The nearest file that says a thing counts, but all of them are read, and each has to be able to be."""
    for above in upwards(folder or ""):
        path = posixpath.join(above, FILE)
        if path not in repository.packages.paths:
            continue
        try:
            root = repository.document(path).root
        except Unreadable as problem:
            yield YarnToken(f"{path} cannot be read: {problem.reason}", path, (), sure=False)
            continue
        for route, node in token_lines(root):
            yield _of_line(step, path, route, node, {name: variable.value for name, variable in seen.items()})


def token_lines(root: Node) -> Iterator[tuple[Route, Node]]:
    """The tokens of a file of settings: at its top, of a scope, of the public registry."""
    yield from _keys(root, ())
    for holder in ("npmScopes", "npmRegistries"):
        entries = root.get(holder)
        for name, entry in entries.pairs or () if entries is not None else ():
            key = str(name.value)
            if holder == "npmScopes" or is_public(key) is not False:
                yield from _keys(entry, (holder, key))


def _keys(holder: Node, route: Route) -> Iterator[tuple[Route, Node]]:
    for key in KEYS:
        node = holder.get(key)
        if node is not None:
            yield (*route, key), node


def _of_line(step: Step, path: str, route: Route, node: Node, seen: dict[str, str]) -> YarnToken:
    text = str(node.value if node.value is not None else "")
    found = list(VARIABLE.finditer(text))
    names = tuple(dict.fromkeys(match["name"] for match in found))
    placeholder = TOKEN in names and _placeholder(step)
    given = VARIABLE.sub(lambda match: _value(match, seen.get(match["name"])), text)
    emptied = len(route) == 1 and seen.get(VARIABLES[KEYS.index(str(route[0]))]) == ""
    shown = ".".join(map(str, route))
    strict = [match["name"] for match in found if match["fallback"] is None]
    return YarnToken(
        f"`{shown}` of {path} takes {' and '.join(names)}" if names else f"`{shown}` stands in {path}",
        path,
        route,
        names,
        stops=bool(strict),
        stays=placeholder or bool(VARIABLE.sub(lambda match: match["fallback"] or "", text)),
        set=not emptied and (bool(given) or (placeholder and TOKEN not in seen)),
        unset=tuple(name for name in strict if name not in seen and not (name == TOKEN and placeholder)),
    )


def _placeholder(step: Step) -> bool:
    """Whether a setup-node before v7 has put its placeholder into NODE_AUTH_TOKEN (S actions/setup-node)."""
    setups = [other for other in step.earlier if is_setup_node(other) and other.input("registry-url")]
    return any((major := pin_of(setup).major) is None or major.placeholder for setup in setups)


def _value(match: re.Match[str], value: str | None) -> str:
    """What Yarn puts in its place; without a colon an empty variable counts as set."""
    if value is None or (match["colon"] and not value):
        return match["fallback"] or ""
    return value


def _from_scripts(step: Step, repository: Repository, gone: Gone) -> Iterator[YarnToken]:
    """Commands that write a token into a file, here or at home."""
    for each in (*steps_before(step, repository), step):
        text = without(each.run or "", [one for one in gone.statements if one.step == each])
        place = each.job.workflow.path, (*each.route, "run")
        for name in VARIABLES if "GITHUB_ENV" in text else ():
            if name in text:
                yield YarnToken(f"step `{each.label}` sets {name} for the steps behind it", *place, sure=False)
        if SET.search(text):
            yield YarnToken(f"step `{each.label}` runs `yarn config set` for a token", *place, stays=True)
        elif WRITES.search(text) and re.search(r"npmAuth|npmScopes|npmRegistries", text):
            yield YarnToken(f"step `{each.label}` writes a token into a {FILE}", *place, stays=True)
