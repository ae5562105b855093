"""The rule `release-setting`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.facts.tables import PUBLISHERS
from tp_fix.models.hindrance.hindrance import Hindrance, Mend
from tp_fix.models.hindrance.hindrances import hindrances_of
from tp_fix.models.model import Model
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule

SUBJECT = "let the release tool publish without a token"


@rule("release-setting", precedence=44, tables=(PUBLISHERS,))
def release_setting(model: Model) -> Iterator[Finding]:
    """The settings of a release tool must not ask for a token that trusted publishing does without.

    A tool that is new enough for OIDC can still be told to do what only a token can: to ask npm who is logged in, or to
    hand the token over by a flag. Its release then fails as soon as the token has been taken away, often before
    anything is published, and npm's settings have nothing to do with it.

    ## What is found

    In steps that publish to npm's public registry with a release tool that is not too old:

    - lerna with `--verify-access` or `verifyAccess`, which runs `npm whoami`, and with `--legacy-auth`;
    - release-it without `npm.skipChecks`, which runs `npm whoami` too, and its plugins for workspaces;
    - semantic-release where publishConfig or `NPM_CONFIG_REGISTRY` has npm's public registry without the slash at its
      end: it compares the two letter by letter, and exchanges no identity where they differ;
    - beachball with `--token`, which stops where that is empty; rush with `--npm-auth-token`;
    - ship.js without `useOidcTokenProvider`, auto without `setRcToken: false`, `optic-release-automation` without
      `publish-mode: oidc`;
    - another registry in lerna.json.

    ## What the fix does

    It takes the flag out of the command or the key out of lerna.json, adds `skipChecks` to release-it's settings where
    they are JSON or YAML, and writes the registry with its slash. All of that is safe: with a token the release goes
    as it did. Where a token has to go in the same change, and in configurations that are programs, the fix is only
    shown.

    ## What it leaves alone

    What is only possible, such as a dist-tag that semantic-release moves when a version comes from another release
    branch: `npm-token` names it before it takes the token away. Tools that are too old: `release-tool` is about them.

    Source: the sources of lerna 9.0.7, lerna-lite 5.7.0, release-it 21.1.2, @semantic-release/npm 13.2.0, beachball
    2.66.0, ship.js 0.28.2, @auto-it/npm 11.3.6, read on 2026-11-23.
    """
    seen: set[tuple[str, object, str]] = set()
    runs = (publication.run for publication in model.publications if publication.run is not None)
    for run in runs:
        for hindrance in hindrances_of(run, model.repository) if run.new_enough is not False else ():
            key = (hindrance.path, hindrance.route, hindrance.what)
            if hindrance.known and key not in seen:
                seen.add(key)
                yield _finding(hindrance)


def _finding(hindrance: Hindrance) -> Finding:
    fix = _fix(hindrance.mend) if hindrance.mend is not None else None
    return Finding("release-setting", "warning", hindrance.path, hindrance.route, hindrance.what, fix)


def _fix(mend: Mend) -> Fix:
    changes = tuple(FileChange(*change) for change in mend.changes)
    if mend.obstacle:
        return Fix(mend.title, changes, Applicability.DISPLAY, mend.obstacle)
    return Fix(mend.title, changes, Applicability.SAFE, subject=SUBJECT)
