"""Words by which a file's bytes show that it matters, searched for without parsing anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.facts.publishers import TOOLS
from tp_fix.facts.publishers.row import Publisher
from tp_fix.facts.secrets import SHAPES

BETWEEN = 400
"""Characters that may stand between a program and the word that makes it publish."""


class Needle(NamedTuple):
    """A word, and what has to match besides where it is there. `fold`: case does not matter, both are in lower case.

    To look for the plain word first is what makes it fast: most files hold none.
    """

    word: bytes
    pattern: re.Pattern[bytes] | None = None
    fold: bool = False


def needle(word: str, pattern: str = "", *, fold: bool = False) -> Needle:
    """A needle from texts."""
    return Needle(word.encode(), re.compile(pattern.encode()) if pattern else None, fold)


def whole(word: str) -> Needle:
    """A word that is no part of a longer name."""
    return needle(word, started(word, r"[\w.-]") + r"(?![\w.-])")


def started(word: str, letter: str) -> str:
    """The pattern of a word without a certain letter before it: asked last, as that is faster."""
    return rf"{re.escape(word)}(?<!{letter}{re.escape(word)})"


def holds(raw: bytes, needles: Iterable[Needle]) -> bool:
    """Whether some bytes hold one of several needles."""
    low = raw.lower()
    return any(
        each.word in (low if each.fold else raw)
        and (each.pattern is None or each.pattern.search(low if each.fold else raw) is not None)
        for each in needles
    )


def _of_row(row: Publisher) -> Iterator[Needle]:
    """How a publisher of the table is called; `publish` finds those that have it in their call."""
    by = row.by
    for action in by.actions:
        yield needle(action, fold=True)
    if by.verbs and not by.verbs - {"publish"}:
        return
    for program in (*by.programs, *by.packages) if by.programs else ():
        verbs = "|".join(map(re.escape, sorted(by.verbs)))
        follows = rf"(?s:.{{0,{BETWEEN}}}?)\b(?:{verbs})\b" if verbs else ""
        yield needle(program, started(program, r"[\w.-]") + rf"(?:@|(?![\w.-])){follows}")


RELEASES = (needle("publish"), *sorted({each for row in TOOLS for each in _of_row(row)}, key=lambda each: each.word))
"""In a text: that a publisher of the table may be called there."""
CONCERNS = (
    *RELEASES,
    needle("registry-url"),
    needle("id-token"),
    needle("semantic-release"),
    needle("lerna", r"\blerna\b"),
    *(needle(word, fold=True) for word in ("node_auth_token", "npmauth", "id_token")),
    needle("npm", r"npm[\w-]{0,40}(?:token|auth|publish|access|key)", fold=True),
    needle("secrets.npm", fold=True),
    *(needle(word, rf"{word}\w{{0,40}}npm", fold=True) for word in ("token", "auth", "publish", "key")),
    needle("tojson(", r"tojson\(\s*secrets", fold=True),
    needle("_auth", started("_auth", r"\w"), fold=True),
    needle("_password", started("_password", r"\w"), fold=True),
    *(needle(shape.prefix, shape.pattern) for shape in SHAPES),
)
"""In the bytes of a workflow that matters: a publisher, setup-node's registry, a credential or its name."""
