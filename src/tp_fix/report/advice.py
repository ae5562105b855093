"""What is left for a person, npm's side first: the form there is half of the migration, and nobody checks it."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.engine import Result
from tp_fix.facts.registry import settings_page
from tp_fix.models.credentials import SECRET, tokens_at
from tp_fix.models.publication import Lack, Publication
from tp_fix.models.repository import Repository
from tp_fix.models.trusted_publisher import starts
from tp_fix.models.workflow import text_of

MANY = 5
UNSEEN = (
    "before this goes in: npm's side must be done, and a prerelease must have shown the provenance badge; "
    "neither can be seen from here"
)
PRERELEASE = "publish a prerelease, and look on the package's page for the provenance badge"
NEW_NPM = "; set `node-version: 24` in that job, or add a step `npm install -g npm@11` behind setup-node"


def next_steps(result: Result) -> list[str]:
    """One sentence a step, in the order in which they are to be taken; empty when nothing is being moved over."""
    moving = _moving(result)
    steps = [*_trusted_publishers(moving, result.before.repository), *_lacks(result), *_held_back(result)]
    first = [UNSEEN] if moving and result.stage == "drop" else []
    return list(dict.fromkeys([*first, *steps, *_afterwards(moving, result)]))


def _moving(result: Result) -> list[Publication]:
    """The publications that are not over yet: they have a token, or cannot ask for an identity."""
    mine = [p for p in result.before.publications if result.about(p.workflow.path, p.route)]
    return [p for p in mine if tokens_at(p.step) or any(_is_grant(lack) for lack in p.lacks)]


def _is_grant(lack: Lack) -> bool:
    """`id-token: write` is a finding of its own, and need not be said again."""
    return "id-token" in lack.what


def _trusted_publishers(moving: list[Publication], repository: Repository) -> Iterator[str]:
    owner = f"`{repository.name}`" if repository.name else "OWNER/NAME (say which with --repository)"
    for publication in moving:
        files = " or ".join(sorted({f"`{start.file_name}`" for start in starts(publication.workflow, repository)}))
        fields = f"GitHub Actions, repository {owner}, workflow {files}"
        if environment := _environment(publication):
            fields += f", environment `{environment}`"
        names = publication.names
        if names is None:
            yield f"npm: give every package that `{publication.command}` publishes a trusted publisher: {fields}"
        elif len(names) > MANY:
            page = settings_page(names[0])
            yield f"npm: give each of {', '.join(names)} a trusted publisher: {fields}; pages like {page}"
        else:
            for name in names:
                yield f"npm: give {name} a trusted publisher at {settings_page(name)}: {fields}"


def _environment(publication: Publication) -> str:
    node = publication.step.job.node.get("environment")
    return text_of(node.get("name") if node is not None and node.pairs is not None else node)


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
        yield PRERELEASE
    if moving and result.stage == "add":
        named = f"the secret {', '.join(secrets)}" if secrets else "the secrets that nothing names any more"
        yield "when the badge is there: `tp-fix --apply --stage drop` takes the token away"
        yield f"when a release went out without it: delete {named}, revoke its token, disallow tokens for the package"
        return
    naming = {secret: result.after.repository.naming(secret) for secret in secrets}
    for secret, paths in naming.items():
        if paths:
            where = ", ".join(paths[:3])
            yield f"keep the secret {secret} while {where} names it; make its token read-only if it only installs"
    secrets = [secret for secret in secrets if not naming[secret]]
    if secrets:
        named = ", ".join(secrets)
        yield f"when that works: delete the secret {named} on GitHub, revoke its token, disallow tokens for the package"
