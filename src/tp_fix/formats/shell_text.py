"""Shell text where a grammar is not enough: expressions masked, quotes removed, words of what cannot be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.source import Span

EXPRESSION = re.compile(r"\$\{\{(?:'[^']*'|[^'}$]|\}(?!\})|\$(?!\{\{))*\}\}")
"""A workflow expression. GitHub puts its value in before any shell sees the text."""
FOREIGN = re.compile(r"[^\x01-\x7f]")
DANGLING = re.compile(r"(?<!\\)\\(?=\r?\n|\Z)")
"""A line continuation; at the end of a script, where nothing is left to continue, the grammar takes it for an error."""
PIECE = re.compile(
    r"""'(?P<single>[^']*)'|"(?P<double>(?:[^"\\$`]|\\.)*)"|\\(?P<escaped>.)|(?P<plain>[^'"\\$`*?<>()]+)""", re.DOTALL
)
EXPANDED = re.compile(r"\A~|\[[^\]]+\]|\{[^{}]*(?:,|\.\.)[^{}]*\}")
"""What a shell expands in an unquoted word, besides what PIECE leaves out: `~`, `[a-z]`, `{a,b}`."""

STATEMENT = re.compile(r"(?:\\\r?\n|[^;|&()\n])+")
WORD = re.compile(r"""(?:'[^'\n]*'|"[^"\n]*"|\\\S|[^\s\\;|&()<>])+""")
PREFIX = re.compile(r"if|then|else|elif|do|while|until|[!{}]|\w+=.*", re.DOTALL)
"""Words that stand before a command's own: keywords and assignments."""


def mask(text: str) -> str:
    """The text as ASCII of the same length, so that a parser's byte offsets are the text's code points."""
    masked = FOREIGN.sub("x", EXPRESSION.sub(lambda match: "x" * len(match.group()), text))
    end = len(masked.rstrip(" \t\r\n\\"))
    return masked[:end] + DANGLING.sub(" ", masked[end:])


def unquoted(raw: str) -> str | None:
    """A word's value after quote removal; None when the shell, or GitHub before it, would put something else there."""
    if "${{" in raw:
        return None
    value, bare, at = "", "", 0
    while at < len(raw):
        match = PIECE.match(raw, at)
        if match is None:
            return None
        value += _value(match)
        bare += match["plain"] or "x"
        at = match.end()
    return None if EXPANDED.search(bare) else value


def _value(match: re.Match[str]) -> str:
    if match["double"] is not None:
        return re.sub(r"\\(?:\n|([$`\"\\]))", r"\1", match["double"])
    escaped = match["escaped"] if match["escaped"] != "\n" else ""
    return match["single"] or escaped or match["plain"] or ""


def salvaged(masked: str, start: int, end: int) -> Iterator[list[Span]]:
    """The words of what may be commands in a stretch of masked text that no grammar understands."""
    for statement in STATEMENT.finditer(masked, start, end):
        spans: list[Span] = []
        for word in WORD.finditer(masked, *statement.span()):
            if word.group().startswith("#"):
                break
            if spans or not PREFIX.fullmatch(word.group()):
                spans.append(Span(*word.span()))
        if spans:
            yield spans


def one_line(text: str) -> str:
    """A command on one line, as a person would read it out: without line ends, be they continued by a backslash."""
    return " ".join(re.sub(r"\\\r?\n", " ", text).split())
