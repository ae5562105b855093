"""The pull request: what changed and why, the checklist for npm's side, what is left for a person, the way back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from shlex import join

from tp_fix.commits import Commit
from tp_fix.engine import Reported, Result
from tp_fix.facts.trust import OLDEST_CLIENT, PERMISSIONS
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.token.credentials import tokens_at
from tp_fix.plan import Status
from tp_fix.report.migration.commit_message import LETTERS, MANY, subject_of, subjects_of
from tp_fix.report.migration.manner import Manner
from tp_fix.report.migration.markdown import code, fenced, prose
from tp_fix.report.migration.moving import (
    Move,
    beside,
    counted,
    evidence,
    jobs_of,
    missing,
    move_of,
    npm_side,
    secrets_of,
    users_of,
)
from tp_fix.report.trust.registration import Entry, Registration
from tp_fix.rule import Applicability, Rule
from tp_fix.rules import all_rules

LIMIT = 65_000
"""Characters; GitHub takes 65,536."""
FOLD = 10
"""More of a kind than that are folded away."""
SIZES = (200, 100, 50, 25, 10, 5, 2, 1)
"""How many of a kind are shown at most: the first number with which all of it fits."""
CLIENT = ".".join(map(str, OLDEST_CLIENT))
COMMANDS = (
    f"Do it on the page or with the command, which needs npm {CLIENT} or newer (`npm install -g npm@11`), `npm login` "
    "and two-factor authentication."
)
REASONS: dict[Status, str] = {
    "planned": "",
    "applied": "",
    "held-back": "asks for `--unsafe`",
    "display-only": "",
    "refused": "not to be edited by machine",
    "conflict": "waits for another change",
    "declined": "declined",
    "later": "not in this stage",
}


def title(series: Sequence[Commit], manner: Manner) -> str:
    """The pull request's title, in the manner of the repository's commits."""
    rules = _rules()
    moving = [commit for commit in series if _moves([commit])]
    paths = [path for commit in moving or series for path in commit.paths]
    if any(rules[commit.rule].stage == "drop" for commit in moving):
        return manner.subject("publish to npm without a token", paths)
    if moving:
        return manner.subject("prepare the npm release for trusted publishing", paths)
    if len(series) == 1:
        return subject_of(series[0], manner)
    return manner.subject("mend the npm release", paths)


def body(series: Sequence[Commit], result: Result, manner: Manner) -> str:
    """The pull request's text in Markdown. It always fits into what GitHub takes, and says what it leaves out."""
    for many in SIZES:
        text = "\n".join(_body(series, result, manner, many)) + "\n"
        if len(text) <= LIMIT:
            return text
    cut = text[:LIMIT].rpartition("\n")[0]
    return f"{cut}\n\nThe rest is too long for a pull request: `tp-fix` prints all of it.\n"


def _body(series: Sequence[Commit], result: Result, manner: Manner, many: int) -> Iterator[str]:
    moves = _moves(series)
    moved = _moved(moves, result)
    yield from _summary(moves, list(moved.values()))
    yield from _section("What changes", _commits(series, manner, many))
    if moved:
        yield from _section("What publishes here", _publications(moved, result, many))
        yield from _section("Before merging: npm's side", _npm_side(moved.values(), result, many))
        yield from _section("After merging", _afterwards(moves, moved, result))
    yield from _section("Left for a person", _left(result, many))
    yield from _section("Going back", _back(series, moves))


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", f"## {heading}", "", *found] if found else []


def _moves(series: Sequence[Commit]) -> list[Move]:
    rules = _rules()
    moves = (move_of(commit, drops=rules[commit.rule].stage == "drop") for commit in series)
    return [move for move in moves if move.publications]


def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in all_rules()}


Place = tuple[str, str, str, int]


def _placed(publications: Iterable[Publication], result: Result) -> dict[Place, Publication]:
    """Publications under what stays of their place while steps come and go and files are renamed."""
    found: dict[Place, Publication] = {}
    for each in publications:
        path, job, command = result.after.repository.on_disk(each.workflow.path), each.step.job.id, each.command
        number = sum(place[:3] == (path, job, command) for place in found)
        found[path, job, command, number] = each
    return found


def _moved(moves: Iterable[Move], result: Result) -> dict[Place, Publication]:
    """The publications that commits move over, as the last of these leaves them."""
    return {place: each for move in moves for place, each in _placed(move.publications, result).items()}


def _summary(moves: Sequence[Move], moved: Sequence[Publication]) -> Iterator[str]:
    """The first paragraph, on one line as GitHub keeps line breaks: what this is, and whether it can be merged."""
    if not moved:
        yield (
            "Changes to what publishes to npm. Nothing moves over to trusted publishing with them, and nothing has to "
            "be done on npm's side."
        )
        return
    names = _names(moved, 3)
    if any(move.drops for move in moves):
        said = (
            f"With this, {names} can be published to npm without a token: the job proves to npm who it is (trusted "
            "publishing). **npm has to be told first, see below; without that the next release fails.**"
        )
    elif all(tokens_at(each.within) for each in moved):
        said = (
            f"This prepares {names} for trusted publishing, where the job proves to npm who it is. **The token stays "
            "for now**: the release goes on as before until all of this is done."
        )
    else:
        said = (
            f"This lets the job that publishes {names} prove to npm who it is (trusted publishing). **npm has to be "
            "told first, see below.**"
        )
    ready = all(each.ready for each in moved)
    yield said if ready else f"{said} Not all that it takes is there yet, or can be seen from here."


def _names(publications: Iterable[Publication], most: int) -> str:
    names = list(dict.fromkeys(name for each in publications for name in each.names or ()))
    if not names:
        return "the packages of this repository"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(code(name) for name in names[:most]) + more


def _commits(series: Sequence[Commit], manner: Manner, many: int) -> Iterator[str]:
    """A line for each commit and, where they are few, for each of its changes."""
    rules = _rules()
    for commit, subject in zip(series, subjects_of(series, manner), strict=True):
        yield f"- **{prose(subject)}**. {rules[commit.rule].summary}"
        lines = counted(_change(item) for item in commit.items)
        yield from (f"  {line}" for line in _folded(lines, many, "changes"))


def _change(item: Reported) -> str:
    finding = item.entry.finding
    said = prose(finding.fix.title if finding.fix else finding.message)
    assumed = f" ⚠ {prose(item.entry.reason)}" if item.entry.reason and _unsafe(item) else ""
    return f"- {code(finding.path)}: {said}{assumed}"


def _unsafe(item: Reported) -> bool:
    return item.entry.finding.fix is not None and item.entry.finding.fix.applicability is Applicability.UNSAFE


def _folded(lines: Sequence[str], many: int, what: str) -> Iterator[str]:
    """A list; a long one folded, and of a very long one the first part."""
    shown = [*lines[:many], *([f"- and {len(lines) - many} more {what}"] if len(lines) > many else [])]
    if len(lines) <= FOLD:
        yield from shown
        return
    yield from (f"<details><summary>{len(lines)} {what}</summary>", "", *shown, "", "</details>")


def _publications(moved: Mapping[Place, Publication], result: Result, many: int) -> Iterator[str]:
    """Each publication, what it was and what it becomes."""
    before, after = (_placed(model.publications, result) for model in (result.before, result.after))
    alike: dict[tuple[str, str], int] = {}
    for place, each in moved.items():
        item = _publication(before.get(place, each), after.get(place, each))
        alike[item] = alike.get(item, 0) + 1
    items = [f"{first}{f' ({times} times)' if times > 1 else ''}{rest}" for (first, rest), times in alike.items()]
    yield from _folded(items, many, "publications")


def _publication(before: Publication, after: Publication) -> tuple[str, str]:
    """Its line, and the lines below."""
    names = _names([after], FOLD) if after.names else "packages that cannot be known from here"
    where = f"{code(after.workflow.path)}, job {code(after.step.job.id)}: {code(after.command)} publishes {names}"
    lacked = [prose(lack.what) for lack in before.lacks]
    lacks = [prose(missing(after, lack)) for lack in after.lacks]
    was = "; ".join([_token(before), *lacked])
    now = "; ".join([f"**{'not ready yet' if lacks else 'ready'}**", _token(after), *lacks])
    return f"- {where}", f"\n  - before: {was}\n  - after: {now}"


def _token(publication: Publication) -> str:
    names = [code(token.name) for token in tokens_at(publication.within)]
    return f"a token in {' and '.join(names)}" if names else "no token in its environment"


def _npm_side(moved: Collection[Publication], result: Result, many: int) -> Iterator[str]:
    steps = npm_side(moved, result)
    yield f"{LETTERS} {COMMANDS}"
    yield ""
    common = [note for note in steps[0].notes if all(note in each.notes for each in steps)] if steps[1:] else []
    items = [line for each in steps[:many] for line in _registration(each, common)]
    if len(steps) > FOLD:
        items = [f"<details><summary>{len(steps)} packages</summary>", "", *items, "", "</details>"]
    yield from items
    if len(steps) > many:
        yield f"- [ ] and {len(steps) - many} more packages, which `tp-fix trust` lists"
    yield from ("", *(f"- {prose(note)}" for note in common)) if common else ()


def _registration(each: Registration, common: Sequence[str]) -> Iterator[str]:
    """One package as an item to tick, with its command; `common` notes are said elsewhere."""
    name = code(each.name) if each.name is not None else f"every package that {prose(each.said)} publishes"
    page = f" on [its page]({_address(each.settings_url)})" if each.settings_url else ""
    if each.new:
        yield f"- [ ] npm may not know {name} yet ({prose(each.new[0])}): then publish it once by hand"
    for entry in each.entries[:MANY]:
        yield f"- [ ] {name}{page}: {_fields(entry, each)}"
        if entry.command and not any(re.search(r"[\r\n]", word) for word in entry.command):
            yield from fenced([join(entry.command)], "  ")
    if len(each.entries) > MANY:
        yield f"- [ ] {name}: {len(each.entries) - MANY} more workflows, which `tp-fix trust` lists"
    yield from (f"  - {prose(note)}" for note in each.notes if note not in common)


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29")


def _fields(entry: Entry, each: Registration) -> str:
    owner, _, name = (each.repository or "").partition("/")
    values = {
        "owner": code(owner) if owner else "yours",
        "repository": code(name) if name else "this one",
        "workflow file": code(entry.workflow) if entry.workflow else "the caller's, in another repository",
        "environment": "as in the run" if entry.environment is None else _or_empty(entry.environment),
        "allow": " and ".join(code(PERMISSIONS[action].command) for action in entry.actions),
    }
    return ", ".join(f"{label} {value}" for label, value in values.items())


def _or_empty(environment: str) -> str:
    return code(environment) if environment else "left empty"


def _afterwards(moves: Sequence[Move], moved: Mapping[Place, Publication], result: Result) -> Iterator[str]:
    """The plan behind the merge, up to the secret."""
    if any(lack.known for each in moved.values() for lack in each.lacks):
        yield '- [ ] See to what "not ready yet" names: until then nothing changes for those releases'
    yield f"- [ ] Publish a prerelease, and {evidence(moved.values())}"
    after = _placed(result.after.publications, result)
    staying = secrets_of((each for place, each in after.items() if place in moved), result.after.repository)
    if staying or not any(move.drops for move in moves):
        yield "- [ ] After that, `tp-fix --apply --stage drop` takes the token away, or says why it has to stay"
    gone = [secret for move in moves for secret in move.secrets]
    secrets = list(dict.fromkeys([*gone, *staying]))
    own = {each.workflow.path for each in moved.values()}
    for secret in secrets:
        using = [path for path in users_of(secret, result.after.repository) if secret not in staying or path not in own]
        if using:
            files = ", ".join(map(code, using[:3]))
            kept = f"- [ ] Keep the secret {code(secret)}, which {files} uses, or may"
            yield f"{kept}; a read-only token will do where it only installs"
        else:
            delete = f"- [ ] Then delete the secret {code(secret)} on GitHub, and revoke its token on npm"
            yield f"{delete}, unless another repository uses them"
    if not secrets:
        yield "- [ ] Then delete the secret that held the token, if there is one, and revoke the token on npm"
    disallow = "- [ ] Let npm disallow tokens for the package, on the page of its trusted publisher"
    others = beside(moved.values(), result.after)
    yield f"{disallow}, but not while {prose(jobs_of(others))} publishes with one" if others else disallow


def _left(result: Result, many: int) -> Iterator[str]:
    """What was found and is not carried out, with the reason; notes that nobody has to act on are left out."""
    alike: dict[tuple[str, str], list[int]] = {}
    for item in result.reported:
        if _is_left(item):
            alike.setdefault((item.entry.finding.path, _said(item)), []).append(item.line)
    items = [_finding(path, said, lines) for (path, said), lines in alike.items()]
    yield from _folded(items, many, "findings")


def _is_left(item: Reported) -> bool:
    entry = item.entry
    if entry.status in ("planned", "applied"):
        return False
    return entry.finding.severity != "note" or item.put_off or entry.status in ("held-back", "refused", "conflict")


def _finding(path: str, said: str, lines: list[int]) -> str:
    more = f" and {len(lines) - FOLD} more" if len(lines) > FOLD else ""
    places = ", ".join(code(f"{path if at == 0 else ''}:{line}") for at, line in enumerate(lines[:FOLD]))
    return f"- {places}{more}: {said}"


def _said(item: Reported) -> str:
    finding, status = item.entry.finding, item.entry.status
    text = prose(finding.message)
    if finding.fix is None or status is None:
        return text
    why = ": ".join(filter(None, (REASONS[status], prose(item.entry.reason))))
    return f"{text}. To {prose(finding.fix.title)} ({why})" if why else f"{text}. To {prose(finding.fix.title)}"


def _back(series: Sequence[Commit], moves: Sequence[Move]) -> Iterator[str]:
    yield (
        "Revert this pull request: the button does it after merging, and each commit names its own command, which "
        "finds it unless the commits were squashed."
    )
    secrets = [code(secret) for move in moves for secret in move.secrets]
    if any(move.drops for move in moves):
        which = f"the secret {' and '.join(dict.fromkeys(secrets))}" if secrets else "the secret that held the token"
        yield f"The token works again only while {which} still exists: that is why it goes last."
