"""The rule `provenance`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import RenameKey, ReplaceInScalar
from tp_fix.facts.provenance import NPM, YARN, Reader
from tp_fix.models.model import Model
from tp_fix.models.publishing.attested import (
    Saying,
    agree,
    decides,
    every_saying,
    flag_place,
    is_read,
    is_restricted,
    reader_of,
    sayings,
    stops_yarn,
    told_elsewhere,
)
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.token.credentials import tokens_at, visible_at
from tp_fix.models.workflow import Variable
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule
from tp_fix.rules.provenance_fix import left_out

ID = "provenance"
RENAMED = "YARN_NPM_PUBLISH_PROVENANCE"
ELSEWHERE = {
    "npm": "`--no-provenance` or NPM_CONFIG_PROVENANCE",
    "pnpm 11": "`--no-provenance` or pnpm_config_provenance",
}


@rule(ID, precedence=30)
def provenance(model: Model) -> Iterator[Finding]:
    """What a workflow says about provenance should be what its client reads, and what npm takes.

    With trusted publishing, npm and pnpm 11 attach a provenance statement by themselves where repository and package
    are public. Yarn never does unless it is told to. What is said about it in the wrong place is passed over in
    silence, or stops the release.

    ## What is found

    As errors, since the publish fails:

    - provenance that is asked for beside `access: restricted`: npm stops with EUSAGE, as it makes none for a package
      that is not public;
    - `YARN_NPM_CONFIG_PROVENANCE`: Yarn's own help names this variable, and Yarn stops at it with a usage error.

    As a warning: provenance that is asked for where the client does not look. Yarn reads its flag,
    `publishConfig.provenance` (from 4.11 on), YARN_NPM_PUBLISH_PROVENANCE and `npmPublishProvenance` in .yarnrc.yml;
    neither NPM_CONFIG_PROVENANCE nor .npmrc.

    As notes:

    - Yarn that is told nothing: a release over OIDC goes out without provenance;
    - provenance that is switched off. OIDC works all the same;
    - `false` where it switches nothing off: in `publishConfig` for npm, and in NPM_CONFIG_PROVENANCE, .npmrc and
      `publishConfig` for pnpm 11 and newer, which read pnpm_config_provenance, pnpm-workspace.yaml and the flag;
    - `--provenance` and the like that are needed no longer: all publications that it concerns are ready for OIDC and
      have no token any more.

    Provenance that is asked for without `id-token: write` fails too; that is said by `id-token`.

    ## What the fix does

    The variable gets the name that Yarn reads, which is safe where Yarn is known to be 4.10.3 or newer. Beside
    `access: restricted`, a variable or `publishConfig.provenance` goes with `--unsafe` where it concerns restricted
    packages alone, as it may be the access that is wrong.

    All else is shown and never written: a publish command is not rewritten; a flag for Yarn is wrong in a private
    repository; and what is needed no longer is a matter of taste. Spelled out, `--provenance` also stops a release
    for which no statement can be made, and which would otherwise go out without one in silence.

    ## What it leaves alone

    Whether a repository is private stands in none of its files. From one, `--provenance` ends with E422, and what npm
    does by itself is to leave it out; look for that before you ask for it. Release tools that hand a variable
    over to npm by themselves, clients of unknown versions and values that are known only at run time are passed over.

    Source: npm/cli lib/commands/publish.js and lib/utils/oidc.js; npm 11.5.1 and 11.21.2, pnpm 11.28.11 and 12.21.0,
    Yarn 4.10.3, 4.11.0 and 4.18.1 run against a local registry. Checked 2026-11-23.
    """
    seen: set[tuple[str, Route, str]] = set()
    found = (finding for publication in model.publications for finding in _of(publication, model))
    for finding in (*found, *_needless(model)):
        key = (finding.path, finding.route, finding.message)
        if key not in seen:
            seen.add(key)
            yield finding


def _of(publication: Publication, model: Model) -> Iterator[Finding]:
    """What there is to say of one publication, but for what is needed no longer."""
    variable = stops_yarn(publication.step)
    if publication.tool == "yarn" and variable is not None:
        yield _stops(publication, variable)
        return
    reader = reader_of(publication)
    if reader is None or publication.certain is not True or publication.registry.public is not True:
        return
    if told_elsewhere(publication):
        return
    said = sayings(publication, model.repository)
    if not agree(said, publication):
        return
    counts = decides(said, reader)
    if counts is not None and counts.value is True and reader is NPM and is_restricted(publication):
        yield _restricted(publication, counts, model)
    elif counts is not None and counts.value is False and not is_restricted(publication):
        yield _off(counts, reader)
    elif counts is None and not is_restricted(publication):
        yield from _unread(publication, said, reader)


def _stops(publication: Publication, variable: Variable) -> Finding:
    path = publication.workflow.path
    message = f"Yarn stops at {variable.name}, a variable that its help names and that it does not know"
    title = f"rename {variable.name} to {RENAMED}"
    if any(each.name == RENAMED and each.holder == variable.holder for each in visible_at(publication.step).values()):
        return Finding(ID, "error", path, variable.route, message)
    change = FileChange(path, RenameKey(variable.route, RENAMED))
    subject = "ask Yarn for provenance by a name that it knows"
    if publication.client.new_enough is True:
        fix = Fix(title, (change,), Applicability.SAFE, subject=subject)
    else:
        reason = f"it assumes that Yarn is 4.9 or newer: {publication.client.why}"
        fix = Fix(title, (change,), Applicability.UNSAFE, reason, subject)
    return Finding(ID, "error", path, variable.route, message, fix)


def _restricted(publication: Publication, saying: Saying, model: Model) -> Finding:
    message = (
        f"{_shown(saying)} asks for provenance, and the access of `{publication.command}` is restricted: npm makes "
        "none for a package that is not public, and stops with EUSAGE"
    )
    fix = left_out(publication, saying, model)
    if fix is None:
        return Finding(ID, "error", saying.path, saying.at, message)
    concerned = [other for other, each in every_saying(model) if each == saying]
    if saying.place not in ("variable", "package") or not all(map(is_restricted, concerned)):
        fix = fix._replace(reason="which of the two is meant is not known")
        return Finding(ID, "error", saying.path, saying.at, message, fix)
    reason = "it assumes that the package is to stay restricted"
    fix = fix._replace(
        applicability=Applicability.UNSAFE, reason=reason, subject="ask for no provenance that npm refuses"
    )
    return Finding(ID, "error", saying.path, saying.at, message, fix)


def _off(saying: Saying, reader: Reader) -> Finding:
    if saying.place == "package" and reader is NPM:
        message = f"{_shown(saying)} switches nothing off: after an exchange npm attaches provenance all the same"
        return Finding(ID, "note", saying.path, saying.at, f"{message}; {ELSEWHERE[reader.name]} does")
    message = f"{_shown(saying)} switches provenance off; the release itself works over OIDC all the same"
    return Finding(ID, "note", saying.path, saying.at, message)


def _unread(publication: Publication, said: tuple[Saying, ...], reader: Reader) -> Iterator[Finding]:
    """What is said where the client does not look, and Yarn that is told nothing."""
    asked = [each for each in said if each.value is True]
    for saying in said if reader.by_itself else ():
        if saying.value is False and not is_read(saying, reader):
            message = f"{reader.name} does not read {_shown(saying)}, and attaches provenance all the same"
            yield Finding(ID, "note", saying.path, saying.at, f"{message}; {ELSEWHERE[reader.name]} switches it off")
    if reader is not YARN or not publication.command:
        return
    path, route = publication.workflow.path, (*publication.route, "run")
    fix = _told(publication)
    if asked:
        message = f"Yarn does not read {_shown(asked[0])}: `{publication.command}` attaches no provenance"
        yield Finding(ID, "warning", path, route, message, fix)
    elif not said:
        message = f"`{publication.command}` attaches no provenance: Yarn, unlike npm, does so only when told to"
        yield Finding(ID, "note", path, route, message, fix)


def _told(publication: Publication) -> Fix | None:
    place = flag_place(publication)
    if place is None:
        return None
    change = ReplaceInScalar((*publication.route, "run"), place, " --provenance")
    reason = "npm turns it down where the repository is not public, which no file here tells"
    fixed = (FileChange(publication.workflow.path, change),)
    return Fix("tell Yarn: `--provenance`", fixed, Applicability.DISPLAY, reason)


def _needless(model: Model) -> Iterator[Finding]:
    """What asks for provenance that all publications concerned get by themselves, or that none of them reads."""
    places: dict[Saying, list[Publication]] = {}
    for publication, saying in every_saying(model):
        places.setdefault(saying, []).append(publication)
    for saying, publications in places.items():
        if saying.value is True and all(map(_is_needless, publications)):
            shown = f"{_shown(saying)} of `{publications[0].command}`" if saying.place == "flag" else _shown(saying)
            message = f"{shown} is not needed over OIDC: there provenance comes by itself"
            fix = left_out(publications[0], saying, model)
            yield Finding(ID, "note", saying.path, saying.at, message, fix)


def _is_needless(publication: Publication) -> bool:
    reader = reader_of(publication)
    return (
        reader is not None
        and reader.by_itself
        and publication.certain is True
        and publication.ready is True
        and not tokens_at(publication.step)
        and not is_restricted(publication)
    )


def _shown(saying: Saying) -> str:
    return f"`{saying.what}`" if saying.place in ("flag", "package") else saying.what
