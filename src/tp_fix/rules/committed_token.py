"""The part of `npm-token` that looks at committed .npmrc files and their templates."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import RemoveItem
from tp_fix.facts.registry import is_public
from tp_fix.facts.secrets import is_login, is_secret
from tp_fix.models.model import Model
from tp_fix.models.npmrc import CREDENTIALS, Setting
from tp_fix.models.repository import Repository
from tp_fix.rule import Applicability, FileChange, Finding, Fix

STAND_IN = "what stands here is no token: somebody may have put it here on purpose"


def committed_tokens(model: Model) -> Iterator[Finding]:
    """Findings for the lines that hold a credential for the public registry; one a file."""
    for path, lines in model.repository.npmrcs.items():
        found = [line for line in lines if _ours(line, lines)]
        if any(line.value for line in found):
            yield _finding(path, found, model)


def _ours(line: Setting, lines: list[Setting]) -> bool:
    """Whether a line is a credential for the public registry; without a host it is for the default one."""
    if line.key not in CREDENTIALS:
        return False
    if line.host:
        return is_public(line.host) is True
    defaults = [other.value for other in lines if other.key == "registry" and not other.host]
    return all(is_public(address) is True for address in defaults)


def _finding(path: str, found: list[Setting], model: Model) -> Finding:
    names = ", ".join(dict.fromkeys(f"`{line.key}`" for line in found))
    message = f"{names} for npm's public registry: beside OIDC a token only hides a failing exchange"
    route = (found[0].index,)
    if not model.publications:
        quiet = f"{names} for npm's public registry, but nothing here is known to publish"
        return Finding("npm-token", "note", path, route, quiet)
    changes = tuple(FileChange(path, RemoveItem((line.index,))) for line in reversed(found))
    applicability, reason = _verdict(path, found, model)
    fix = Fix(
        f"take {names} out of {path}", changes, applicability, reason, "publish to npm without the token in .npmrc"
    )
    return Finding("npm-token", "warning", path, route, message, fix)


def _verdict(path: str, found: list[Setting], model: Model) -> tuple[Applicability, str]:
    variables = list(dict.fromkeys(name for line in found for name in line.variables))
    literal = [line for line in found if line.key != "always-auth" and line.value and not line.variables]
    lacks = list(dict.fromkeys(lack.what for publication in model.publications for lack in publication.lacks))
    if literal:
        secret = any(is_secret(line.value) or is_login(line.value) for line in literal)
        said = "it stands here in clear, see `literal-token`: revoke it first" if secret else STAND_IN
        return Applicability.DISPLAY, said
    if lacks:
        return Applicability.DISPLAY, "still missing: " + "; ".join(lacks)
    if named := _named_elsewhere(variables, model.repository):
        return Applicability.DISPLAY, "; ".join(named)
    return (
        Applicability.UNSAFE,
        "it assumes that nobody installs private packages with it, here or on their own machine",
    )


def _named_elsewhere(variables: list[str], repository: Repository) -> list[str]:
    """Other files that name one of the variables; workflows without what a fix took away."""
    named = {name: repository.naming(name) for name in variables}
    return [f"{name} is named in {', '.join(files[:3])}" for name, files in named.items() if files]
