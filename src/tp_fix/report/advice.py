"""What is left for a person, npm's side first: the form there is half of the migration, and nobody checks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import join

from tp_fix.engine import Result
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.trust.drift import settled
from tp_fix.report.migration.moving import (
    beside,
    evidence,
    is_grant,
    jobs_of,
    let_go,
    missing,
    moving_in,
    secrets_of,
    users_of,
)
from tp_fix.report.trust.registration import Registration, npm_steps

MANY = 5
"""Packages above which the commands are left to `tp-fix trust`."""
FEW = 3
"""Files that a sentence names."""
UNSEEN = (
    "before this goes in: npm's side must be done, and a prerelease must have shown that it works; "
    "neither can be seen from here"
)


def next_steps(result: Result) -> list[str]:
    """One sentence a step, in the order in which they are to be taken; empty when nothing is being moved over."""
    moving = moving_in(result)
    steps = [*_trusted_publishers(moving, result), *_by_hand(result)]
    first = [UNSEEN] if moving and result.stage == "drop" else []
    return list(dict.fromkeys([*first, *steps, *_afterwards(moving, result)]))


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
            each_of = f"give each of {', '.join(names)} a trusted publisher"
            yield f"npm: {each_of}: {fields}; `tp-fix trust` prints the commands"
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
    moving = {(p.workflow.path, p.route) for p in moving_in(result)}
    for publication in (p for p in result.after.publications if result.about(p.workflow.path, p.route)):
        where = f"{publication.workflow.path}, job `{publication.step.job.id}`"
        for lack in publication.lacks:
            if not is_grant(lack) and (lack.known or (publication.workflow.path, publication.route) in moving):
                yield f"{where}: {missing(publication, lack)}"


def _by_hand(result: Result) -> Iterator[str]:
    """What is lacking, and the fixes that only `--unsafe` makes; where one mends the other, both in one sentence."""
    held = dict.fromkeys(
        (entry.finding.path, entry.finding.fix.title)
        for entry in (item.entry for item in result.reported)
        if entry.status == "held-back" and entry.finding.fix is not None
    )
    for sentence in _lacks(result):
        said = [each for each in held if sentence.startswith(each[0]) and sentence.endswith(f"; {each[1]}")]
        for each in said:
            held.pop(each)
        yield f"{sentence}, which --unsafe does" if said else sentence
    for path, title in held:
        yield f"{path}: decide whether to {title}; --unsafe does it"


def _afterwards(moving: list[Publication], result: Result) -> Iterator[str]:
    secrets = secrets_of(moving, result.before.repository)
    if moving:
        yield f"publish a prerelease, and {evidence(moving)}"
    if moving and result.stage == "add":
        named = f"the secret {', '.join(secrets)}" if secrets else "the secrets that nothing names any more"
        own = {each.workflow.path for each in moving}
        others = [path for secret in secrets for path in users_of(secret, result.after.repository) if path not in own]
        named += f" (not while {_using(others)})" if others else ""
        yield "after that: `tp-fix --apply --stage drop` takes the token away"
        yield f"when a release went out without it: delete {named}, revoke its token, disallow tokens for the package"
        return
    using = {secret: users_of(secret, result.after.repository) for secret in secrets}
    for secret, paths in using.items():
        if paths:
            kept = f"keep the secret {secret} while {_using(paths)}"
            yield f"{kept}; make its token read-only if it only installs"
    secrets = [secret for secret in secrets if not using[secret]]
    if secrets:
        named = ", ".join(secrets)
        left = beside(let_go(moving, result.after), result.after)
        disallow = f"; {jobs_of(left)} still has one" if left else ", disallow tokens for the package"
        yield f"when that works: delete the secret {named} on GitHub, revoke its token{disallow}"


def _using(paths: list[str]) -> str:
    """That files use something, or may."""
    more = f" and {len(paths) - FEW} more" if len(paths) > FEW else ""
    return f"{', '.join(paths[:FEW])}{more} use{'s' if len(paths) == 1 else ''} it, or may"
