"""The messages of a series of commits: what each does and why, what npm has to be told first, how to go back."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from shlex import quote
from typing import NamedTuple

from tp_fix.commits import Commit
from tp_fix.engine import Reported, Result
from tp_fix.facts.trust import PERMISSIONS
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.token.credentials import tokens_at
from tp_fix.report.migration.manner import Manner
from tp_fix.report.migration.moving import (
    Move,
    beside,
    concerned,
    counted,
    evidence,
    is_grant,
    jobs_of,
    left_of,
    missing,
    move_of,
    npm_side,
    users_of,
)
from tp_fix.report.safe import shown
from tp_fix.report.trust.registration import Entry, Registration
from tp_fix.rule import Applicability, Rule
from tp_fix.rules import all_rules

SUBJECT = 72
WIDTH = 72
LONGEST = 100
"""Characters that a line may have at most: commitlint's body-max-line-length."""
REMOTE = "Owner and repository are what the git remote says: compare them with the address on GitHub."
MANY = 12
"""Changes that are listed, and packages of which npm's form is written out."""
FEW = 3
"""Packages that a change names."""
LETTERS = "npm checks nothing when the form is saved: each field must match letter by letter, case included."


class Draft(NamedTuple):
    """A commit, its subject, and the rule that made it."""

    commit: Commit
    subject: str
    rule: Rule


def messages(series: Sequence[Commit], result: Result, manner: Manner) -> tuple[str, ...]:
    """The message of each commit of a run, with a line end. No credential and no control character is in them."""
    rules = {rule.id: rule for rule in all_rules()}
    drafts = [Draft(*pair, rules[pair[0].rule]) for pair in zip(series, subjects_of(series, manner), strict=True)]
    return tuple(_message(draft, drafts[at + 1 :], result) for at, draft in enumerate(drafts))


def subjects_of(series: Sequence[Commit], manner: Manner) -> list[str]:
    """The subjects of a series; one that comes again, in a later round, is numbered."""
    found: list[str] = []
    for commit in series:
        subject = subject_of(commit, manner)
        times = sum(other.startswith(subject) for other in found)
        found.append(f"{subject} ({times + 1})" if times else subject)
    return found


def subject_of(commit: Commit, manner: Manner) -> str:
    """What a commit does, in the repository's manner."""
    fixes = [item.entry.finding.fix for item in commit.items if item.entry.finding.fix is not None]
    phrases = list(dict.fromkeys(_one_line(fix.subject or fix.title.replace("`", "")) for fix in fixes))
    room = SUBJECT - len(manner.subject("", commit.paths)) - len(" (2)")
    return manner.subject(_joined(phrases, room), commit.paths)


def _joined(phrases: list[str], room: int) -> str:
    """One phrase for all: what they start with is said once, and what does not fit is left to the body."""
    words = [phrase.split() for phrase in phrases]
    common = 0
    while len(phrases) > 1 and all(len(each) > common + 1 and each[common] == words[0][common] for each in words):
        common += 1
    rests = [" ".join(each[common:]) for each in words]
    text = " ".join([*words[0][:common], " and ".join(rests)])
    if len(text) > room and len(phrases) > 1:
        text = f"{phrases[0]}, and more"
    return textwrap.shorten(text, room, placeholder=" …") if len(text) > room else text


def _message(draft: Draft, later: Sequence[Draft], result: Result) -> str:
    move = left_of(move_of(draft.commit, drops=draft.rule.stage == "drop"), result)
    parts = [
        [draft.subject],
        _wrapped(_why(draft)),
        [*_changes(draft.commit)],
        *_assumptions(draft.commit),
        *_move(move, result),
        [*_back(draft, later, move)],
    ]
    return shown("\n\n".join("\n".join(part) for part in parts if part)) + "\n"


def _why(draft: Draft) -> str:
    """The rule's reason; for what is a note of the rule only, done on request, that note."""
    findings = [item.entry.finding for item in draft.commit.items]
    if any(finding.severity != "note" for finding in findings):
        return draft.rule.why
    said = list(dict.fromkeys(finding.message for finding in findings))[:FEW]
    return " ".join(f"{message[:1].upper()}{message[1:]}." for message in said)


def _changes(commit: Commit) -> Iterator[str]:
    """What was changed where, and for which packages; a change that many places share is said once."""
    groups: dict[str, list[str]] = {}
    for item in commit.items:
        fix = item.entry.finding.fix
        title = _one_line(fix.title if fix else item.entry.finding.message)
        groups.setdefault(title, []).append(_place(item, title, commit) + "\0" + _for(item, commit))
    left = MANY
    for title, places in groups.items():
        shared = counted(places)[: max(left, 0)]
        left -= len(shared)
        if len(shared) == 1:
            place, _, names = shared[0].partition("\0")
            yield from _item(f"{place}: {title}{names}")
        elif shared:
            yield from _wrapped(f"{title[:1].upper()}{title[1:]}:")
            yield from (line for place in shared for line in _item(place.replace("\0", "")))
    more = sum(len(counted(places)) for places in groups.values()) - MANY
    if more > 0:
        yield f"- and {more} more like these"


def _place(item: Reported, title: str, commit: Commit) -> str:
    """The file as the commit finds it, and the job."""
    finding = item.entry.finding
    job = str(finding.route[1]) if finding.route[:1] == ("jobs",) and len(finding.route) > 1 else ""
    path = commit.before.repository.by_now(finding.path)
    return f"{path}, job `{job}`" if job and f"`{job}`" not in title else path


def _for(item: Reported, commit: Commit) -> str:
    """The packages that a change is about, unless the place says it."""
    if item.entry.finding.path.endswith("package.json"):
        return ""
    names = list(dict.fromkeys(name for each in concerned(item, commit.before) for name in each.names or ()))
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f" ({', '.join(names[:FEW])}{more})" if names else ""


def _assumptions(commit: Commit) -> Iterator[list[str]]:
    """What unsafe fixes rest on, each once."""
    unsafe = (
        item.entry.reason
        for item in commit.items
        if item.entry.finding.fix is not None and item.entry.finding.fix.applicability is Applicability.UNSAFE
    )
    reasons = list(dict.fromkeys(_one_line(reason) for reason in unsafe if reason))
    if reasons:
        yield [
            "The repository does not prove this; please check:",
            *(line for reason in reasons[:MANY] for line in _item(reason)),
            *([f"- and {len(reasons) - MANY} more, which `tp-fix --unsafe` tells"] if len(reasons) > MANY else []),
        ]


def _move(move: Move, result: Result) -> Iterator[list[str]]:
    """npm's half of the work, where the commit moves a publication over."""
    if not move.publications:
        return
    yield _wrapped(_before(move))
    yield from map(_wrapped, _lacking(move))
    steps = npm_side(move.publications, result)
    yield from (list(_registration(each)) for each in steps[:MANY])
    if len(steps) > MANY:
        yield _wrapped(f"{len(steps) - MANY} more packages need the same: `tp-fix trust` prints all.")
    if steps:
        remote = "" if result.after.repository.given else f" {REMOTE}"
        yield _wrapped(LETTERS + remote)
    yield _wrapped(_plan(move, result))


def _before(move: Move) -> str:
    """Why npm's side comes first, and what happens where it does not."""
    first = "Before merging, npm has to be told whom to trust"
    if move.drops:
        return f"{first}: without the token nothing else lets this release in."
    if all(tokens_at(each.within) for each in move.publications):
        return f"{first}, as below. Until then the release goes on with its token."
    return f"{first}, as below: without that the identity opens nothing."


def _lacking(move: Move) -> Iterator[str]:
    """What a publication lacks at the end of the run, or may lack, though the scope is granted."""
    lacks: dict[tuple[str, bool], list[Publication]] = {}
    for each in move.publications:
        for lack in each.lacks:
            if not is_grant(lack):
                lacks.setdefault((missing(each, lack), lack.known), []).append(each)
    for (what, known), publications in list(lacks.items())[:MANY]:
        jobs = " and ".join(dict.fromkeys(f"`{each.step.job.id}`" for each in publications))
        said = "Not enough yet in job" if known else "To be checked in job"
        yield f"{said} {_one_line(jobs)}: {_one_line(what)}."


def _registration(each: Registration) -> Iterator[str]:
    """One package: where the form is, its fields, and the command that fills it in."""
    yield from _wrapped(f"{each.name or f'Every package that {each.said} publishes'}:")
    if each.settings_url and len(each.settings_url) < LONGEST - 2:
        yield f"  {each.settings_url}"
    for entry in each.entries[:MANY]:
        yield from _wrapped(_fields(entry, each), "  ", "  ")
        yield from _command(entry.command, "  ")
    if len(each.entries) > MANY:
        yield f"  and {len(each.entries) - MANY} more, which `tp-fix trust` prints"
    if each.new:
        yield from _wrapped(f"npm may not know it yet: {each.new[0]}. Then publish it once by hand first.", "  ", "  ")


def _fields(entry: Entry, each: Registration) -> str:
    environment = "as in the run" if entry.environment is None else entry.environment or "(left empty)"
    owner, _, name = (each.repository or "").partition("/")
    fields = {
        "owner": owner or "(yours)",
        "repository": name or "(this one)",
        "workflow file": entry.workflow or "(the caller's, in another repository)",
        "environment": environment,
        "allow": " and ".join(PERMISSIONS[action].command for action in entry.actions),
    }
    return ", ".join(f"{label} {_one_line(value)}" for label, value in fields.items())


def _plan(move: Move, result: Result) -> str:
    """What comes after merging."""
    lacking = any(lack.known for each in move.publications for lack in each.lacks)
    when = "When that is mended and merged" if lacking else "After merging"
    first = f"{when}, publish a prerelease and {evidence(move.publications)}."
    if not move.drops:
        if result.stage == "add":
            return f"{first} After that, `tp-fix --apply --stage drop` takes the token away."
        return first
    secrets = f"the secret {' and '.join(move.secrets)}" if move.secrets else "the secret that held the token"
    using = [name for name in move.secrets if users_of(name, result.after.repository)]
    if using:
        return f"{first} The secret {' and '.join(using)} stays, as something else here uses it, or may."
    delete = f"Only then delete {secrets}, unless another repository uses it"
    if others := beside(move.publications, result.after):
        holding = _one_line(jobs_of(others))
        return f"{first} {delete}, and revoke its token; npm must go on allowing tokens while {holding} has one."
    return f"{first} {delete}, revoke its token and let npm disallow tokens for the package."


def _back(draft: Draft, later: Sequence[Draft], move: Move) -> Iterator[str]:
    """The command that takes the commit back, after the later ones that rest on it."""
    above = [each for each in reversed(later) if set(each.commit.paths) & set(draft.commit.paths)]
    with_them = ", with what was built on it" if above else ""
    yield from _wrapped(f"To go back{with_them}:")
    yield from _command(("git", "revert", *(f":/^{_pattern(each.subject, later)}" for each in (*above, draft))), "  ")
    if move.drops or any(each.rule.stage == "drop" for each in above):
        yield from _wrapped("That needs the secret to be there still: delete it last of all.")


def _pattern(subject: str, others: Sequence[Draft]) -> str:
    """A subject as a regular expression that git takes, and that means none of the others."""
    end = "[^ ]" if any(other.subject.startswith(f"{subject} ") for other in others) else ""
    return re.sub(r"[^\w\s:,/@-]", ".", subject.removesuffix("…")) + end


def _command(words: Sequence[str], indent: str) -> Iterator[str]:
    """A command on as many lines as it needs; none where a word is too long for a line, or breaks it."""
    quoted = _with_values([quote(word) for word in words])
    if not words:
        return
    if any(len(word) > LONGEST - 8 or re.search(r"[\r\n]", word) for word in quoted):
        yield f"{indent}(`tp-fix trust` prints the command, which is too long for here)"
        return
    lines, width = [indent], WIDTH - 2
    for word in quoted:
        if lines[-1].strip() and len(lines[-1]) + 1 + len(word) > width:
            lines.append(f"{indent}  ")
        lines[-1] += word if lines[-1].isspace() else f" {word}"
    yield from (f"{line} \\" for line in lines[:-1])
    yield lines[-1]


def _with_values(words: Sequence[str]) -> list[str]:
    """Each option together with its value."""
    found: list[str] = []
    for word in words:
        if found and re.fullmatch(r"--[\w-]+", found[-1]) and not word.startswith("-"):
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _item(text: str) -> list[str]:
    return _wrapped(text, "- ", "  ")


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """A paragraph's lines; a word that is longer than a line may be is cut."""
    lines = textwrap.wrap(
        shown(text), WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return [part for line in lines for part in _cut(line, rest)]


def _cut(line: str, indent: str) -> Iterable[str]:
    if len(line) <= LONGEST:
        return [line]
    return textwrap.wrap(line, LONGEST, subsequent_indent=indent, break_on_hyphens=False)


def _one_line(text: str) -> str:
    return " ".join(shown(text).split())
