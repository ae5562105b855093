"""A pull request that is wanted, the one that came of it, and the address where a person opens it by hand."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal, NamedTuple
from urllib.parse import quote

from tp_fix.errors import TpFixError

LONGEST_BODY = 65_536  # characters; GitHub answers 422 "body is too long" above
LONGEST_URL = 2_000  # what browsers, mail programs and terminals all take
CUT = "\n\n(The text was longer than GitHub takes: the end is left out.)\n"
BOX = re.compile(r"^\s*[-*+] \[([ xX])\] (.*?)\r?$", re.MULTILINE)


class Proposal(NamedTuple):
    """A pull request that is wanted: `base` and `head` are owner/name, `body` is Markdown."""

    base: str
    base_branch: str
    head: str
    branch: str
    title: str
    body: str

    @property
    def head_owner(self) -> str:
        return self.head.partition("/")[0]

    @property
    def from_fork(self) -> bool:
        """Whether the branch is in another repository than the base."""
        return self.head.lower() != self.base.lower()


class PullRequest(NamedTuple):
    """What came of it. `by_hand`: nothing was opened, `url` is where a person does it, with `proposal`'s text.

    `reason` says why by hand and `hint` what would help; `failed` that GitHub was asked and did not do it, which counts
    for the exit status; without gh and token nothing failed. `notes` are sentences.
    """

    what: Literal["created", "updated", "same", "by_hand"]
    url: str
    proposal: Proposal
    notes: tuple[str, ...] = ()
    reason: str = ""
    hint: str = ""
    failed: bool = False

    @property
    def exit_code(self) -> int:
        """2 where GitHub was asked and did not do it; 0 else."""
        return 2 if self.failed else 0


class Known(NamedTuple):
    """A pull request that GitHub has. `owner` is the login of the head's repository, empty where that is gone."""

    number: int
    url: str
    state: str
    owner: str
    branch: str
    base_branch: str
    title: str
    body: str


class NotOpened(TpFixError):
    """GitHub, or the way there, refused: one line, and no token in it."""


def same_request(known: Known, proposal: Proposal) -> bool:
    """Whether a pull request is from that branch of that owner to that base branch: filters are not trusted."""
    ours = (proposal.branch, proposal.base_branch)
    return (known.branch, known.base_branch) == ours and known.owner.lower() == proposal.head_owner.lower()


def notes_on(others: list[Known]) -> tuple[str, ...]:
    """A sentence on the latest of those that are closed or merged: it does not count."""
    if not others:
        return ()
    last = max(others, key=lambda known: known.number)
    return (f"an earlier one is {last.state} and stays as it is: {last.url}",)


def compare_url(proposal: Proposal) -> str:
    """Where a person opens it; title and body go along only while the address stays short."""
    head = quote(proposal.branch, safe="/")
    if proposal.from_fork:
        owner, _, name = proposal.head.partition("/")
        same_name = name.lower() == proposal.base.partition("/")[2].lower()
        head = f"{owner}:{head}" if same_name else f"{owner}:{name}:{head}"
    elif proposal.head_owner:
        head = f"{proposal.head_owner}:{head}"
    base = quote(proposal.base_branch, safe="/")
    url = f"https://github.com/{proposal.base}/compare/{base}...{head}?expand=1"
    for key, value in (("title", proposal.title), ("body", proposal.body)):
        longer = f"{url}&{key}={quote(value, safe='')}"
        if len(longer) > LONGEST_URL:
            break
        url = longer
    return url


def fitting(body: str) -> str:
    """The body as GitHub takes it, cut at a line's end where it is too long."""
    if len(body) <= LONGEST_BODY:
        return body
    return body[: LONGEST_BODY - len(CUT)].rpartition("\n")[0] + CUT


def ticked_as_before(body: str, before: str) -> str:
    """The new body with every box ticked that somebody ticked in the old one.

    Only boxes whose text stands once in both: of two alike nobody knows which one was meant.
    """
    old, new = Counter(text for _, text in BOX.findall(before)), Counter(text for _, text in BOX.findall(body))
    done = {text for mark, text in BOX.findall(before) if mark != " " and old[text] == new[text] == 1}
    return BOX.sub(lambda box: box[0].replace("[ ]", "[x]", 1) if box[2] in done else box[0], body)
