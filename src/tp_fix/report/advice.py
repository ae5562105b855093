"""What is left for a person, npm's side first: the form there is half of the migration, and nobody checks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import join

from tp_fix.engine import Result
from tp_fix.models.credentials import SECRET, tokens_at
from tp_fix.models.drift import settled
from tp_fix.models.publication import Lack, Publication
from tp_fix.report.registration import Registration, npm_steps

MANY = 5
NEW_NPM = "; set `node-version: 24` in that job, or add a step `npm install -g npm@11` behind setup-node"


def next_steps(result: Result) -> list[str]:
    """One sentence a step, in the order in which they are to be taken; empty when nothing is being moved over."""
    moving = _moving(result)
    steps = [*_trusted_publishers(moving, result), *_lacks(result), *_held_back(result)]
    return list(dict.fromkeys([*steps, *_afterwards(moving, result)]))


def _moving(result: Result) -> list[Publication]:
    """The publications that are not over yet: they have a token, or cannot ask for an identity."""
    mine = [p for p in result.before.publications if result.about(p.workflow.path, p.route)]
    return [p for p in mine if tokens_at(p.step) or any(_is_grant(lack) for lack in p.lacks)]


def _is_grant(lack: Lack) -> bool:
    """`id-token: write` is a finding of its own, and need not be said again."""
    return "id-token" in lack.what


def _trusted_publishers(moving: list[Publication], result: Result) -> Iterator[str]:
    """npm's form, a sentence for each package, or one for many of which the same is said; none where npm has it all."""
    places = {(publication.workflow.path, publication.route) for publication in moving}
    done = settled(result.after)
    alike: dict[tuple[str, bool], list[Registration]] = {}
    for each in npm_steps(result.before, lambda path, route: (path, route) in places):
        if each.name not in done:
            alike.setdefault((_fields(each), each.name is None), []).append(each)
    for (fields, nameless), group in alike.items():
        names = [each.name or f"every package that {each.said} publishes" for each in group]
        if len(group) > MANY and not nameless:
            listed = ", ".join(names)
            yield f"npm: give each of {listed} a trusted publisher: {fields}; `tp-fix trust` prints the commands"
        else:
            for name, each in zip(names, group, strict=True):
                place = f" at {each.settings_url}" if each.settings_url else ""
                yield f"npm: give {name} a trusted publisher{place}: {fields}{_command(each)}"


def _fields(each: Registration) -> str:
    owner = f"`{each.repository}`" if each.repository else "OWNER/NAME (say which with --repository)"
    files = _either(entry.workflow for entry in each.entries)
    fields = f"GitHub Actions, repository {owner}, workflow {files or 'file of the caller, which is not here'}"
    if any(entry.environment is None for entry in each.entries):
        return f"{fields}, environment as it is in the run"
    environments = _either(entry.environment for entry in each.entries)
    return f"{fields}, environment {environments}" if environments else fields


def _either(names: Iterable[str | None]) -> str:
    return " or ".join(dict.fromkeys(f"`{name}`" for name in names if name))


def _command(each: Registration) -> str:
    """The only command; where there are several, `tp-fix trust` says more about each."""
    if len(each.entries) > 1:
        return "; `tp-fix trust` tells them apart"
    return "".join(f": `{join(words)}`" for words in each.commands)


def _lacks(result: Result) -> Iterator[str]:
    """What the patched repository still lacks; what may be there unseen counts only where something is moved over."""
    moving = {(p.workflow.path, p.route) for p in _moving(result)}
    for publication in (p for p in result.after.publications if result.about(p.workflow.path, p.route)):
        where = f"{publication.workflow.path}, job `{publication.step.job.id}`"
        for lack in publication.lacks:
            if not _is_grant(lack) and (lack.known or (publication.workflow.path, publication.route) in moving):
                hint = NEW_NPM if publication.tool.startswith("npm") and "npm" in lack.what else ""
                yield f"{where}: {lack.what}{hint}"


def _held_back(result: Result) -> Iterator[str]:
    for item in result.reported:
        entry = item.entry
        if entry.status == "held-back" and entry.finding.fix is not None:
            yield f"{entry.finding.path}: decide whether to {entry.finding.fix.title}; --unsafe does it"


def _afterwards(moving: list[Publication], result: Result) -> Iterator[str]:
    secrets = sorted(
        {match[1] for p in moving for token in tokens_at(p.step) if (match := SECRET.fullmatch(token.value.strip()))}
    )
    if moving:
        yield "publish a prerelease, and look on the package's page for the provenance badge"
    naming = {secret: result.after.repository.naming(secret) for secret in secrets}
    for secret, paths in naming.items():
        if paths:
            where = ", ".join(paths[:3])
            yield f"keep the secret {secret} while {where} names it; make its token read-only if it only installs"
    secrets = [secret for secret in secrets if not naming[secret]]
    if secrets:
        named = ", ".join(secrets)
        yield f"when that works: delete the secret {named} on GitHub, revoke its token, disallow tokens for the package"
