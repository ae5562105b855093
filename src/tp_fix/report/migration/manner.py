"""In which manner a repository writes the subjects of its commits, so that ours read like its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

TYPES = frozenset(
    (
        "build",
        "chore",
        "ci",
        "docs",
        "feat",
        "fix",
        "perf",
        "refactor",
        "revert",
        "style",
        "test",
    )  # config-conventional
) | frozenset(("deps", "release", "wip", "feature", "tests", "doc", "bug", "hotfix", "infra", "misc"))
"""What stands before the colon in conventional commits, and what people write there too."""
HEAD = re.compile(r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[\w@/., -]*)\))?!?:\s+\S.*")
BEFORE = re.compile(r"(?:\[?[A-Z][A-Z0-9]+-\d+\]?:?|\[[^\]]*\]|\(?#\d+\)?:?|:[a-z0-9_+-]+:|[^\w\s\"'`#*\[(<-]+)\s+")
"""A ticket, a tag in brackets or an emoji in front of what the commit does: JIRA-1, [x], #1, :art:, 🎨."""
RELEASE = re.compile(r"(?:chore\(release\): )?(?:release:? )?v?\d+\.\d+\.\d+\S*", re.IGNORECASE)
AUTOMATIC = re.compile(r"Merge |Revert \"|Bump |Version Packages|Update dependency |fixup! |squash! ", re.IGNORECASE)
COMMITLINT = re.compile(r"\.commitlintrc(?:\.\w+)?|commitlint\.config\.\w+")
"""Files in a repository's root that set it up; package.json can, too."""
FEW = 3
"""Fewer subjects than that say nothing about a habit."""


class Manner(NamedTuple):
    """How subjects are written. `conventional` is False for plain sentences, which start with a capital if `upper`.

    `ci` is what stands before the colon where only `.github/` is touched, `other` where something else is. Neither is
    ever `fix` or `feat`: a release tool would publish a version because of it.
    """

    conventional: bool = False
    upper: bool = True
    ci: str = "ci"
    other: str = "build"

    def subject(self, phrase: str, paths: Iterable[str]) -> str:
        """A commit's subject for a phrase in the imperative that starts with a small letter."""
        if self.conventional:
            inside = all(path.startswith(".github/") for path in paths)
            return f"{self.ci if inside else self.other}: {phrase}"
        return phrase[:1].upper() + phrase[1:] if self.upper else phrase


def manner_of(subjects: Sequence[str], *, linted: bool = False) -> Manner:
    """The manner of a history, from its subjects, newest first. Without a clear habit: plain, with a capital.

    `linted` says that commitlint is set up: then messages are conventional, whatever a shallow clone shows of the past.
    """
    own = [subject.strip() for subject in subjects]
    own = [subject for subject in own if subject and not RELEASE.fullmatch(subject) and not AUTOMATIC.match(subject)]
    heads = [head for subject in own if (head := HEAD.fullmatch(subject)) and head["type"].lower() in TYPES]
    if not linted and (len(own) < FEW or 2 * len(heads) <= len(own)):
        return Manner(upper=_upper(subject for subject in own if not HEAD.fullmatch(subject)))
    return Manner(conventional=True, upper=False, ci=_ci(heads), other=_other(heads))


def linted(paths: Iterable[str], manifest: bytes) -> bool:
    """Whether commitlint is set up, by a repository's paths and the bytes of its package.json."""
    return b"commitlint" in manifest or any(COMMITLINT.fullmatch(path) for path in paths)


def _upper(subjects: Iterable[str]) -> bool:
    """Whether sentences start with a capital, behind tickets and emoji; a tie counts as yes."""
    firsts = [BEFORE.sub("", subject, count=1)[:1] for subject in subjects]
    return sum(first.islower() for first in firsts) <= sum(first.isupper() for first in firsts)


def _ci(heads: Sequence[re.Match[str]]) -> str:
    """`ci` as this history writes it: with a scope, or as `chore(ci)` or `build(ci)`, only if it clearly does so."""
    about = [
        head for head in heads if _type(head) == "ci" or _scope(head) in ("ci", "workflow", "workflows", "actions")
    ]
    if not about:
        return "ci"
    usual, times = Counter(_prefix(head) for head in about).most_common(1)[0]
    clear = times >= FEW and 3 * times >= 2 * len(about) and not usual.startswith(("fix", "feat"))
    return usual if clear else "ci"


def _other(heads: Sequence[re.Match[str]]) -> str:
    """What a change to package.json is here: `build`, or `chore` where the history has that and not the other."""
    types = Counter(map(_type, heads))
    return "chore" if types["chore"] > types["build"] else "build"


def _prefix(head: re.Match[str]) -> str:
    return f"{_type(head)}({head['scope']})" if head["scope"] else _type(head)


def _type(head: re.Match[str]) -> str:
    return head["type"].lower()


def _scope(head: re.Match[str]) -> str:
    return (head["scope"] or "").lower()
