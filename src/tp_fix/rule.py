"""What a rule is, and what it says: findings, some of them with a fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Literal, NamedTuple

from tp_fix.change import Change, RenameFile
from tp_fix.facts.tables import Table
from tp_fix.models.model import Model
from tp_fix.node import Route

Severity = Literal["error", "warning", "note"]
Stage = Literal["add", "drop"]
"""A migration in two: first all that publishing over OIDC needs, then the token goes."""
STAGES: tuple[Stage, ...] = ("add", "drop")


class Applicability(IntEnum):
    """How far a fix may be trusted, in order, so that a threshold is one comparison.

    SAFE is proved from the repository; UNSAFE is right under one assumption, which the fix states; DISPLAY is never
    written.
    """

    DISPLAY = 0
    UNSAFE = 1
    SAFE = 2


class FileChange(NamedTuple):
    """One change to one file, its path relative to the repository."""

    path: str
    change: Change | RenameFile


class Fix(NamedTuple):
    """All of `changes`, or none. `reason` is the assumption of an UNSAFE fix, and what keeps a DISPLAY one back.

    `subject` is what a commit of such fixes does, in the imperative and in few words; '' where the title says it.
    """

    title: str
    changes: tuple[FileChange, ...]
    applicability: Applicability
    reason: str = ""
    subject: str = ""


class Finding(NamedTuple):
    """What a rule has to say about the place at `route` in a file. Notes never count for the exit status."""

    rule: str
    severity: Severity
    path: str
    route: Route
    message: str
    fix: Fix | None = None


Check = Callable[[Model], Iterator[Finding]]


class Rule(NamedTuple):
    """A rule as a value. Where two fixes want the same characters, the rule of higher `precedence` goes first.

    `stage` is "drop" for a rule whose fixes take a token away, which `--stage` can put off. `tables` are the facts that
    it rests on, for `tp-fix explain`.
    """

    id: str
    precedence: int
    check: Check
    stage: Stage = "add"
    tables: tuple[Table, ...] = ()

    @property
    def page(self) -> str:
        """The rule's documentation: the docstring of its check, unindented."""
        first, _, rest = (self.check.__doc__ or "").strip().partition("\n")
        return first + "\n" + re.sub(r"(?m)^ {4}", "", rest)

    @property
    def titled_page(self) -> str:
        """The page as it is shown and published: Markdown under the rule's name."""
        return f"# {self.id}\n\n{self.page.rstrip()}"

    @property
    def summary(self) -> str:
        return self.page.partition("\n")[0]

    @property
    def why(self) -> str:
        """The page's first paragraph behind the summary, on one line, without a sentence that leads over to a list."""
        text = " ".join(self.page.split("\n\n")[1].split())
        return text if not text.endswith(":") else f"{text.rpartition('. ')[0]}."


def rule(
    rule_id: str, *, precedence: int, stage: Stage = "add", tables: tuple[Table, ...] = ()
) -> Callable[[Check], Rule]:
    """Makes a rule of its check function, whose docstring is the rule's page."""
    return lambda check: Rule(rule_id, precedence, check, stage, tables)
