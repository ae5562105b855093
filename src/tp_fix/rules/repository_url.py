"""The rule `repository-url`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.models.hosted import sent
from tp_fix.models.model import Model
from tp_fix.models.publishing.published import Published, published
from tp_fix.models.repository import Repository
from tp_fix.node import Route
from tp_fix.rule import Finding, Fix, Severity, rule
from tp_fix.rules.repository_fix import repository_fix


@rule("repository-url", precedence=40)
def repository_url(model: Model) -> Iterator[Finding]:
    """The `repository` of a published package must name the GitHub repository that it is published from.

    Trusted publishing attaches a provenance statement by itself when repository and package are public. The registry
    then compares the statement with the manifest's `repository.url`, exactly and by case, and turns the release down
    with E422 when it is missing or different. That comes at the very end, after everything else has worked, and is
    the most frequent of the failures that a look into package.json would have avoided: an organisation that changed
    its name, a fork, a workspace package that never had the field.

    ## What is found

    Each package that a known publish command publishes and that is not private: no `repository`, or none with a
    `url`; another owner, name or host; an address that npm does not recognise and sends on as it is, such as
    `github.com/octo-org/octo-repo`. What npm recognises is right in any spelling: `octo-org/octo-repo`,
    `github:octo-org/octo-repo`, `git@github.com:octo-org/octo-repo.git`, `git://`, `ssh://` or `https://` with or
    without `.git`, and behind it a `#branch` or `/tree/branch/folder`. This is npm's own table; Yarn and newer pnpm
    upload manifests by code of their own, and what the registry makes of shorthands there is not established.

    A different case is an error where the name is given, and else a note: the address of a remote works in any case.
    A package that names another remote of this clone, as it does in a fork, gets a note too; so does one that names
    the owner to which an `if: github.repository == …` keeps its release. Without provenance there is a note as well:
    `--no-provenance`, `NPM_CONFIG_PROVENANCE=false`, `provenance=false` in `.npmrc`, restricted access. And where the
    job may write the field by itself, or checks out another repository, nobody here knows what npm gets.
    Where it is not known that npm compares, it is a warning: the registry or the command is known only at run time,
    Yarn publishes and is not told to attach provenance, or the address is one that only people understand.

    ## What the fix does

    A missing field is added behind its usual neighbours, with the `directory` of a package that does not stand in the
    repository's root. In an object only `url` changes, a string stays a string, and a shorthand a shorthand.

    It is safe only where `--repository` or GITHUB_REPOSITORY gives the name; in the CI of a fork, that is the fork's.
    A git remote goes on working after a rename and proves no case, so a name from there asks for `--unsafe`. So does
    an address on another host, or one that is another remote of this clone: a mirror may be published from on
    purpose, and then provenance has to be off. A package that the build makes in a folder of its own is not seen; the
    nearest manifest above is changed only with `--unsafe`, as the built one may be made from it, or not. Where nothing
    says the name, what to add is shown.

    ## What it leaves alone

    Private packages, packages without a name, and packages that are known only at run time. `homepage`, `bugs`,
    `publishConfig`; an object's `directory`, also when it is missing, as the registry does not look at it.

    Source: npm's documentation on provenance; hosted-git-info and @npmcli/package-json in npm 11.19.1, by experiment;
    projects that publish with `--provenance` from `git://` and `git@` addresses. Checked 2026-11-22.
    """
    for package in published(model):
        finding = _finding(package, model.repository)
        if finding is not None and model.repository.editable(finding.path):
            yield finding


def _finding(package: Published, repository: Repository) -> Finding | None:
    """What is to be said of one package, read from top to bottom."""
    name, named = repository.name, package.named
    if named == name and name is not None:
        return None
    if package.address and name is None:
        return None
    if named and not repository.given and (note := _note(package, named, repository)):
        return _at(package, "note", f"the `repository` of `{package.label}` {note}")
    if package.doubt:
        return _at(package, "note", f"{_what(package, name)}; {package.doubt}, so that what npm gets is not known")
    if named and named.partition("/")[0].lower() in {where.partition("/")[0].lower() for where in package.only_in}:
        return _at(package, "note", f"{_what(package, name)}; the release runs in {package.only_in[0]} only")
    if not package.attested:
        shown = f"{_what(package, name)}; no provenance is attached here, and only with it npm is known to mind"
        return _at(package, "note", shown)
    severity: Severity = "error" if package.sure and not package.meant else "warning"
    message = f"{_what(package, name)}; {_refusal(package, name)}"
    return _at(package, severity, message, repository_fix(package, repository))


def _at(package: Published, severity: Severity, message: str, fix: Fix | None = None) -> Finding:
    manifest = package.package
    route: Route = tuple(key for key in ("repositories", "repository") if key in manifest.keys)[:1]
    if route == ("repository",) and isinstance(manifest.repository, dict) and "url" in manifest.repository:
        route = ("repository", "url")
    return Finding("repository-url", severity, manifest.path, route, message, fix)


def _note(package: Published, named: str, repository: Repository) -> str:
    """What a name that only remotes speak against deserves; '' where they do not know it in any case."""
    names = (*filter(None, (repository.name,)), *repository.remotes)
    if named in names:
        return f"is {named}, another remote than {repository.name}: npm takes releases with provenance only from there"
    near = next((name for name in names if name.lower() == named.lower()), None)
    if near is None:
        return ""
    return (
        f"is written {named}, the git remote {near}: npm minds case, and only GitHub knows which is right; "
        "say it with --repository OWNER/NAME"
    )


def _what(package: Published, name: str | None) -> str:
    if not package.address:
        return f"`{package.label}` names no repository"
    shown = f"the `repository` of `{package.label}` is `{_shown(package.address)}`"
    if package.meant and package.meant == name:
        return f"{shown}, which npm does not recognise and sends on as it is"
    if package.named and name and package.named.lower() == name.lower():
        return f"{shown}, but the repository is {name}, and npm minds case"
    return f"{shown}, but it is published from {name}"


def _refusal(package: Published, name: str | None) -> str:
    """What npm says then. How it spells an address on another host is not known, so that is left out."""
    found = sent(package.address)
    actual = _shown(found.url) if found else _shown(package.address) if package.meant else ""
    quoted = f'"repository.url" is "{actual}", ' if actual or not package.address else ""
    expected = f"https://github.com/{name or 'OWNER/NAME'}"
    answers = "may answer" if package.meant else "answers"
    return (
        "with provenance, which trusted publishing attaches by itself in public repositories, "
        f'npm {answers} E422: {quoted}expected to match "{expected}"'
    )


def _shown(address: str) -> str:
    """An address without its password."""
    return re.sub(r"//[^/@\s]*:[^/@\s]*@", "//…@", address)
