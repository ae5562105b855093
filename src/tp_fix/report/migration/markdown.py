"""Names and sentences from a repository inside Markdown for GitHub: shown as they are, without any effect there.

A name may hold backticks, HTML, `@mentions` that would ping somebody, `#12` and addresses that would make links from
other issues. A zero-width space behind the character that starts them keeps GitHub from seeing them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tp_fix.report.safe import shown

SPACE = "\u200b"
STARTS = re.compile(r"(?<=[@#])(?=\w)|(?<=\bGH-)(?=\d)|(?<=://)|(?<=\bwww\.)", re.IGNORECASE)
"""Places in prose where a mention, a reference or an address goes on."""
SPECIAL = re.compile(r"([\\*\[\]~|!$]|_(?!\w)|(?<!\w)_)")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
LONGEST = 1000
"""Characters of one sentence from the repository."""


def code(text: str) -> str:
    """A name as code on one line, whatever is in it."""
    text = _one_line(text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def prose(text: str) -> str:
    """A sentence on one line, in which what stands between backticks is code and all else is plain text."""
    parts = _one_line(text).split("`")
    if len(parts) % 2 == 0:
        parts = ["'".join(parts)]
    pieces = [_plain(part) if at % 2 == 0 else code(part) if part else "" for at, part in enumerate(parts)]
    return _apart(pieces)


def fenced(lines: Iterable[str], indent: str = "") -> list[str]:
    """A block of shell commands. No line of them may hold a line end."""
    lines = [shown(line) for line in lines]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{indent}{line}" for line in (f"{fence}sh", *lines, fence)]


def _plain(text: str) -> str:
    return STARTS.sub(SPACE, SPECIAL.sub(r"\\\1", text).translate(ENTITIES))


def _apart(pieces: Iterable[str]) -> str:
    """Two pieces of code side by side would become one with other ends."""
    text = ""
    for piece in pieces:
        text += f"{SPACE}{piece}" if text.endswith("`") and piece.startswith("`") else piece
    return text


def _one_line(text: str) -> str:
    text = " ".join(shown(text).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
