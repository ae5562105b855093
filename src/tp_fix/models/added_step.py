"""A new step that looks as if the author of the steps around it had written it: whether it has a name, and which."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tp_fix.change import Comments, InsertItem
from tp_fix.models.workflow import Job, Step, text_of
from tp_fix.node import Data

EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
WORD = re.compile(r"[^\W\d_][\w.'+-]*")
SMALL = re.compile(r"an?|and|as|at|by|for|from|if|in|into|of|on|or|the|to|via|with|without", re.IGNORECASE)
"""Words that headings leave in small letters."""
NAMES = re.compile(r"bun|deno|docker|gradle|java|lerna|linux|node|npm|pnpm|python|slack|windows|yarn", re.IGNORECASE)
"""Words that are written in the same way everywhere: their capitals say nothing of a heading's."""


def inserted(job: Job, at: int, title: str, body: dict[str, Data], comments: Comments = ()) -> InsertItem:
    """The change that makes a step the job's number `at`, counted from 0; see step_like."""
    return InsertItem((*job.route, "steps"), at, step_like(job, at, title, body), comments)


def step_like(job: Job, at: int, title: str, body: dict[str, Data]) -> dict[str, Data]:
    """The new step, with its title as `name` in front where the steps around have names, in their manner.

    `title` is in sentence case. Where the names of the job say little of theirs, those of the whole workflow tell.
    """
    if not _named(job, at, body):
        return body
    names = _names(job.steps)
    if sum(bool(_telling(name)) for name in names) < 2:
        names += _names(step for other in job.workflow.jobs if other is not job for step in other.steps)
    return {"name": title_like(names, title), **body}


def _names(steps: Iterable[Step]) -> list[str]:
    return [name for step in steps if (name := text_of(step.node.get("name")))]


def _named(job: Job, at: int, body: dict[str, Data]) -> bool:
    """Whether all of several steps that run a command, or use an action, as it does have names; else whether most have.

    If the steps are divided, those right before and behind the new one tell, then those that do the same, and at last
    the step before.
    """
    kind = "run" if "run" in body else "uses"
    alike = [_has_name(step) for step in job.steps if step.node.get(kind) is not None]
    near = [_has_name(step) for step in job.steps if step.index in (at - 1, at)]
    every = [_has_name(step) for step in job.steps]
    sure = alike if len(alike) > 1 and len(set(alike)) == 1 else []
    telling = (named for named in (sure, every, near, alike, near[:1]) if 2 * sum(named) != len(named))
    return next((2 * sum(named) > len(named) for named in telling), False)


def _has_name(step: Step) -> bool:
    return bool(text_of(step.node.get("name")))


def title_like(names: list[str], title: str) -> str:
    """A title in small letters where all names are, with capitals where those of most names have some, else as it is.

    Emojis and other marks in front are not imitated, nor do expressions say anything.
    """
    texts = [EXPRESSION.sub("", name) for name in names]
    firsts = [match.group() for text in texts if (match := WORD.search(text))]
    if firsts and all(text == text.lower() for text in texts):
        return title.lower()
    if firsts and all(first[0].islower() for first in firsts):
        return title[:1].lower() + title[1:]
    headings = [all(word[0].isupper() for word in words) for text in texts if (words := _telling(text))]
    if 2 * sum(headings) > len(headings):
        return WORD.sub(lambda word: word.group() if _fixed(word.group()) else _capital(word.group()), title)
    return title


def _telling(text: str) -> list[str]:
    """The words of a name that show whether it is written like a heading: not the first, which always has a capital."""
    return [word for word in WORD.findall(text)[1:] if not _fixed(word)]


def _fixed(word: str) -> bool:
    """Whether a word is written in one way everywhere."""
    return bool(SMALL.fullmatch(word) or NAMES.fullmatch(word)) or word[1:] != word[1:].lower() or "." in word


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
