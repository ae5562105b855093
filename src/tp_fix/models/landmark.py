"""Where a finding stands: as an offset in the file of today, and in words that edits elsewhere do not change."""

from __future__ import annotations

import re

from tp_fix.formats import Document
from tp_fix.models.workflow import text_of
from tp_fix.node import Node, Route

WORD = re.compile(r"[A-Za-z][\w./:@-]{0,23}")
"""A word of a script that may stand in a landmark: nothing quoted, nothing assigned, nothing as long as a token."""


def offset_of(document: Document, route: Route) -> int:
    """Where the key or the item stands that a route ends with; 0 for the document itself."""
    if not route:
        return 0
    parent = document.root.at(route[:-1])
    step = route[-1]
    node: Node | None = None
    if parent is not None:
        node = parent.key(step) if isinstance(step, str) else parent.at((step,))
    return node.span.start if node is not None else 0


def landmark(document: Document, route: Route) -> str:
    """The route in words: `jobs.publish.steps[Publish to npm].env.NPM_TOKEN`.

    Items go by what they say, not by their place, so that two of them can have the same landmark. No value of a
    variable or setting is part of it.
    """
    text = ""
    node: Node | None = document.root
    for step in route:
        node = node.at((step,)) if node is not None else None
        text += f".{step}" if isinstance(step, str) else f"[{_said(node)}]"
    return text.removeprefix(".")


def _said(item: Node | None) -> str:
    """What tells an item from its neighbours: a step's name, id, action or command; a setting's key; '' if nothing."""
    if item is None or item.items is not None:
        return ""
    if item.pairs is None:
        return text_of(item).partition("=")[0].strip()
    for key in ("name", "id", "uses"):
        if said := text_of(item.get(key)):
            return said.partition("@")[0] if key == "uses" else said
    return _command(text_of(item.get("run")))


def _command(script: str) -> str:
    """The first words of a script: `npm publish`."""
    words = (script.strip().splitlines() or [""])[0].split()[:2]
    return " ".join(word for word in words if WORD.fullmatch(word))
