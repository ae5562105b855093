"""Which publications are on their way from a token to trusted publishing, and what a commit has to do with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tp_fix.commits import Commit
from tp_fix.engine import Reported, Result
from tp_fix.models.model import Model
from tp_fix.models.npmrc import is_npmrc
from tp_fix.models.publishing.publication import Lack, Publication
from tp_fix.models.remedy.remedy import remedy_of
from tp_fix.models.repository import Repository
from tp_fix.models.token.credentials import SECRET, tokens_at
from tp_fix.models.token.handed_secrets import secrets_behind
from tp_fix.models.token.inner import around, tokens_of
from tp_fix.models.token.parameters import is_action, trail_of
from tp_fix.models.token.reaching import credentials_of
from tp_fix.models.workflow import Workflow
from tp_fix.report.trust.registration import Registration, npm_steps

FEW = 3
"""Jobs that a sentence names."""

INHERITED = re.compile(rb"\bsecrets\s*:\s*[\"']?inherit\b")
ELSEWHERE = re.compile(rb"\buses\s*:\s*[\"']?[\w.-]+/[\w.-]+/\.github/")
"""In a workflow: all secrets are handed on, and a workflow of another repository is called."""
ANY = rb"toJSON\(\s*secrets\s*\)|\bsecrets\s*\[\s*[^\"'\s]"
"""In a workflow, in any case: secrets that only the run names."""


def moving_in(result: Result) -> list[Publication]:
    """The publications that are not over yet: they have a token, or cannot ask for an identity."""
    here = result.before.repository
    mine = [p for p in result.before.publications if result.about(p.workflow.path, p.route)]
    return [p for p in mine if has_token(p, here) or any(is_grant(lack) for lack in p.lacks)]


def has_token(publication: Publication, repository: Repository) -> bool:
    """Whether a token reaches a publication: by its environment, as an input, or written down from a secret."""
    written = any(each.source == "secret" for each in credentials_of(publication, repository))
    return written or bool(tokens_of(publication, repository))


def is_grant(lack: Lack) -> bool:
    """`id-token: write` is a finding of its own, and need not be said again."""
    return lack.topic == "scope"


def secrets_of(publications: Iterable[Publication], repository: Repository) -> list[str]:
    """The names of the repository's secrets that hold the tokens of publications."""
    publications = list(publications)
    tokens = [token for each in publications for token in tokens_of(each, repository)]
    found = {secret for workflow, token in tokens for secret in _behind(token.value.strip(), workflow, repository)}
    given = (each for one in publications for each in credentials_of(one, repository))
    return sorted(found.union(*(each.secrets for each in given)))


def _behind(value: str, workflow: Workflow, repository: Repository) -> Iterable[str]:
    """The repository's secrets that a value of a workflow, or of a composite action, comes from."""
    if match := SECRET.fullmatch(value):
        return secrets_behind(match[1], workflow, repository)
    origins = trail_of(value, workflow.path, repository).origins
    return [match[1] for text, _ in origins if (match := SECRET.fullmatch(text))]


def users_of(secret: str, repository: Repository) -> list[str]:
    """Files that use a secret, or may: they name it, in any case as GitHub minds none, or hand all secrets on."""
    named = rb"\bsecrets\s*\.\s*%s\b" % re.escape(secret).encode()
    workflows = repository.workflow_paths
    either = re.compile(named + b"|" + ANY, re.IGNORECASE)
    handing = repository.holding(ELSEWHERE, repository.holding(INHERITED, workflows))
    found = {*repository.naming(secret), *repository.holding(either, workflows), *handing}
    return [path for path in repository.paths if path in found]


def beside(moved: Iterable[Publication], model: Model) -> list[Publication]:
    """Other publications that still have a token, and are of the same packages, or may be."""
    moved = list(moved)
    jobs, names = set(map(_job, moved)), {name for each in moved for name in each.names or ()}
    unknown = any(each.names is None for each in moved)
    return [
        each
        for each in model.publications
        if _job(each) not in jobs
        and has_token(each, model.repository)
        and (unknown or each.names is None or names & set(each.names))
    ]


def let_go(publications: Iterable[Publication], model: Model) -> list[Publication]:
    """Those of whose job no publication has a token in another state of the repository."""
    holding = {_job(each) for each in model.publications if has_token(each, model.repository)}
    return [each for each in publications if _job(each) not in holding]


def jobs_of(publications: Iterable[Publication]) -> str:
    """Their jobs and files, in words."""
    jobs = dict.fromkeys(f"job `{each.step.job.id}` in {each.workflow.path}" for each in publications)
    return " and ".join(list(jobs)[:FEW]) + (f" and {len(jobs) - FEW} more" if len(jobs) > FEW else "")


def concerned(item: Reported, model: Model) -> list[Publication]:
    """The publications of the job that a finding is about, of its package, or all where it is about them all."""
    finding = item.entry.finding
    path = model.repository.by_now(finding.path)
    if path.endswith("package.json"):
        return [each for each in model.publications if path in _manifests(each)]
    if is_npmrc(path):
        return model.publications
    if is_action(path):
        return [
            each for each in model.publications if any(step.job.workflow.path == path for step in around(each.within))
        ]
    mine = model.by_workflow.get(path, [])
    if finding.route[:1] == ("jobs",):
        return [each for each in mine if each.step.job.route == finding.route[:2]]
    return mine


def _manifests(publication: Publication) -> list[str]:
    return [package.path for package in publication.target.packages or ()]


class Move(NamedTuple):
    """A commit's part in moving publications over, as they are after it: it grants the scope, or takes tokens away.

    `secrets` held the tokens that went.
    """

    publications: tuple[Publication, ...] = ()
    drops: bool = False
    secrets: tuple[str, ...] = ()


def move_of(commit: Commit, *, drops: bool) -> Move:
    """What a commit does for its publications; `drops` says that its rule takes tokens away."""
    then = [each for item in commit.items for each in concerned(item, commit.before)]
    now = _of_jobs(then, commit.after)
    if drops:
        left = set(secrets_of(now, commit.after.repository))
        had = secrets_of(then, commit.before.repository)
        return Move(tuple(now), True, tuple(secret for secret in had if secret not in left))
    granted = [each for each in now if not _lacks_grant(each)]
    return Move(tuple(granted)) if any(map(_lacks_grant, then)) else Move()


def left_of(move: Move, result: Result) -> Move:
    """The same, where its publications lack only what the last commit of the run leaves lacking."""
    return move._replace(publications=tuple(_left(each, result.after) for each in move.publications))


def _left(publication: Publication, after: Model) -> Publication:
    last = _at_last(publication, after)
    topics = {lack.topic for each in last for lack in each.lacks}
    lacks = tuple(lack for lack in publication.lacks if lack.topic in topics)
    return publication._replace(lacks=lacks) if last else publication


def _of_jobs(publications: Iterable[Publication], model: Model) -> list[Publication]:
    """The publications of the same jobs in another state of the repository."""
    jobs = {_job(each) for each in publications}
    return [each for each in model.publications if _job(each) in jobs]


def _job(publication: Publication) -> tuple[str, str]:
    return publication.workflow.path, publication.step.job.id


def _lacks_grant(publication: Publication) -> bool:
    return any(map(is_grant, publication.lacks))


def missing(publication: Publication, lack: Lack) -> str:
    """A lack in words, with what mends it where that is known."""
    remedy = remedy_of(publication) if lack.topic == "client" else None
    return f"{lack.what}; {remedy.title}" if remedy else lack.what


def npm_side(publications: Iterable[Publication], result: Result) -> tuple[Registration, ...]:
    """What npm has to be told of publications, as the last commit leaves them.

    One whose job or file is gone by then stands under the same name in another file, or in another job of its file.
    """
    wanted = list(publications)
    places = set()
    for each in wanted:
        places |= {(other.workflow.path, other.route) for other in _at_last(each, result.after)}
    return tuple(dict.fromkeys(npm_steps(result.after, lambda path, route: (path, route) in places)))


def _at_last(publication: Publication, after: Model) -> list[Publication]:
    """What the last commit leaves of the job of a publication."""
    every = after.publications
    found = [other for other in every if _job(other) == _job(publication)]
    found = found or [other for other in every if _name(other) == _name(publication)]
    return found or [other for other in every if other.workflow.path == publication.workflow.path]


def _name(publication: Publication) -> tuple[str, str]:
    return publication.step.job.id, publication.command


def evidence(publications: Iterable[Publication]) -> str:
    """What to look for after a prerelease, in the imperative: what no publication with an old token would show."""
    publications = list(publications)
    if all(each.provenance is None for each in publications):
        return "look for the provenance badge on the package's page"
    if not any(tokens_at(each.within) for each in publications):
        return "see that it goes out: with no token left, it does so over trusted publishing alone"
    return (
        "look into its log, with `NPM_CONFIG_LOGLEVEL=verbose`, for `Successfully retrieved and set token`; whether "
        "there is a provenance badge says nothing here, as provenance is set by hand"
    )


def counted(lines: Iterable[str]) -> list[str]:
    """Lines, each once, with the number of times that it comes."""
    return [f"{line} ({times} times)" if times > 1 else line for line, times in Counter(lines).items()]
