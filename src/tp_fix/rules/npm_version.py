"""The rule `npm-version`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.facts.tables import IMAGES, LTS, MINIMA, NODE, NPM_ENGINES, NPM_NEWEST
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.remedy.remedied import Remedy
from tp_fix.models.remedy.remedy import NEWER_NODE, remedy_of
from tp_fix.models.token.credentials import tokens_at
from tp_fix.rule import Applicability, FileChange, Finding, Fix, Severity, rule


@rule("npm-version", precedence=45, tables=(MINIMA, NODE, LTS, NPM_ENGINES, NPM_NEWEST, IMAGES))
def npm_version(model: Model) -> Iterator[Finding]:
    """The npm that publishes must be 11.5.1 or newer, or it knows nothing of trusted publishing.

    An npm before 11.5.1 never asks for an identity: it sends the token that is there, and where none is, the registry
    answers with a misleading E404. That is the most frequent cause of failed migrations. No release of Node 20 or 22
    brings a new enough npm, and no version of setup-node changes that; Node 24 does from 24.5 on.

    ## What is found

    Every job that publishes with npm where the npm that the step will use is older than 11.5.1, or 11.15.0 for
    `npm stage publish`, or may be. What will run is worked out step by step: setup-node's `node-version` and
    `node-version-file`, a matrix, an `env`, a container, volta, mise and asdf, and every `npm install -g npm@V` before
    the publish. Also an install of an npm that does not run on the job's Node, as `npm install -g npm@latest` does not
    on Node 20: it ends with EBADENGINE, and so does the release.

    Where only a step that nobody here can read may have put another npm there, that is a note.

    ## What the fix does

    One thing for a job:

    - an npm that is named where it is installed or run, `npx npm@10 publish`, `npm install -g npm@latest`, is raised
      there to `npm@11`, an exact version to the newest exact one;
    - where the job's Node carries npm 11, which is 20.17 or newer, but not 21 to 22.8, a step `npm install -g npm@11`
      comes right before the publish, under its condition, so that installs and builds keep the npm that they had:
      newer ones turn down some lock files that older ones take. This is safe. Where the Node is not known from here,
      or the registry, the fix asks for `--unsafe`;
    - else, or with `--prefer newer-node`, the job's `node-version` becomes that of Node 24, written as it was. A job
      that uses the runner's own Node, in which npm cannot be replaced, gets a setup-node with Node 24. Both ask for
      `--unsafe`: they assume that what the job runs does so on Node 24 too.

    A Node that stands in a file which other jobs read, in a matrix or in an expression is never changed.

    ## What it leaves alone

    Tools that exchange the token themselves, pnpm from 11.0.7 on, Yarn and lerna among them; `npm@latest` on a Node
    that it runs on; jobs that publish elsewhere.

    Source: experiments with the real clients on Node 16 to 26, 2026-11-23; npm's documentation of trusted publishing.
    """
    seen: set[tuple[str, str, str]] = set()
    for publication in model.publications:
        finding = _finding(publication, model) if _concerned(publication) else None
        if finding is None:
            continue
        key = (finding.path, publication.step.job.id, finding.fix.title if finding.fix else finding.message)
        if key not in seen:
            seen.add(key)
            yield finding


def _concerned(publication: Publication) -> bool:
    """Whether npm exchanges the token, or pnpm's hands it over to npm, and may not be able to."""
    client = publication.client
    return client.program == "npm" and client.new_enough is not True and client.chain is not None


def _finding(publication: Publication, model: Model) -> Finding:
    remedy = remedy_of(publication, newer_node=model.prefers(NEWER_NODE))
    client = publication.client
    path, route = publication.workflow.path, (*publication.route, "uses" if publication.step.uses else "run")
    said = f"`{publication.command}`: {client.why}"
    if remedy is None:
        return Finding("npm-version", "note", path, route, said)
    return Finding("npm-version", _severity(publication), path, route, said, _fix(path, _supposed(publication, remedy)))


def _severity(publication: Publication) -> Severity:
    """Without a token, a release with an old npm fails, and with an install that fails it does in any case."""
    chain = publication.client.chain
    if chain is not None and chain.faults:
        return "error"
    known = publication.client.new_enough is False and publication.registry.public is True
    return "error" if known and not tokens_at(publication.within) else "warning"


def _supposed(publication: Publication, remedy: Remedy) -> Remedy:
    """The remedy, with what it assumes where the package may go to another registry, for which npm need not be new."""
    if publication.registry.public is True:
        return remedy
    more = f"that `{publication.command}` goes to npm's public registry: {publication.registry.address}"
    return remedy._replace(assumption=f"{remedy.assumption}; {more}" if remedy.assumption else more)


def _fix(path: str, remedy: Remedy) -> Fix:
    changes = tuple(FileChange(path, change) for change in remedy.changes)
    if remedy.obstacle:
        return Fix(remedy.title, changes, Applicability.DISPLAY, remedy.obstacle)
    if remedy.assumption:
        return Fix(remedy.title, changes, Applicability.UNSAFE, f"it assumes {remedy.assumption}", remedy.subject)
    return Fix(remedy.title, changes, Applicability.SAFE, subject=remedy.subject)
