"""What a person reads of versions that a repository names: short, however long they are there."""

from __future__ import annotations

FEW = 4
"""Versions that a sentence names."""
LONG = 60
"""Characters of one."""


def short(text: str) -> str:
    """A text on one line, cut where it is long."""
    text = " ".join(text[: 4 * LONG].split())
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def listed(texts: tuple[str, ...]) -> str:
    """A few of many, in words."""
    *first, last = (short(text) for text in texts[:FEW])
    rest = f" … {short(texts[-1])}" if len(texts) > FEW else ""
    return f"{', '.join(first)} or {last}{rest}" if first else last
