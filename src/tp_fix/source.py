"""A file's bytes and their text: the baseline that every span and every edit refers to."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tp_fix.errors import Unreadable

BOM = "\ufeff"
MAX_BYTES = 1 << 20
"""Nobody writes a workflow of a mebibyte; parsing one costs seconds and hundreds of megabytes (measured)."""
MAX_DEPTH = 200
"""Levels of nesting: no file that is meant has more, and whatever recurses stays far from Python's limit."""


class Span(NamedTuple):
    """A half-open range of code points in a source's text (its BOM, if any, is not counted)."""

    start: int
    end: int

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Source:
    """One file: `path` relative to the repository with forward slashes, its bytes, and its text without BOM."""

    path: str
    raw: bytes
    text: str

    @classmethod
    def decode(cls, path: str, raw: bytes) -> Source:
        """Raises Unreadable for anything that is not UTF-8, or is too large to be meant."""
        if len(raw) > MAX_BYTES:
            raise Unreadable(path, f"larger than 1 MiB ({len(raw)} bytes); not read")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise Unreadable(path, "not UTF-8; save it as UTF-8 and run again", line) from None
        return cls(path, raw, text.removeprefix(BOM))

    @property
    def bom(self) -> bool:
        return self.raw.startswith(b"\xef\xbb\xbf")

    def with_text(self, text: str) -> Source:
        """The same file with another text, its BOM kept."""
        return Source(self.path, ((BOM if self.bom else "") + text).encode("utf-8"), text)

    @cached_property
    def line_starts(self) -> list[int]:
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def column(self, offset: int) -> int:
        """How many characters stand before the offset on its line."""
        return self.position(offset)[1] - 1

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the offset's line ends, before its line end characters."""
        end = self.text.find("\n", offset)
        if end < 0:
            return len(self.text)
        return end - 1 if end > 0 and self.text[end - 1] == "\r" else end

    def next_line(self, offset: int) -> int:
        """Where the line after the offset's begins; the text's end when there is none."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    def line(self, offset: int) -> str:
        """The offset's line without its line end."""
        start = self.line_start(offset)
        return self.text[start : self.line_end(start)]

    def eol(self, offset: int) -> str:
        """The line end of the offset's own line, else of the line before it, else a line feed."""
        for probe in (self.text.find("\n", offset), self.text.rfind("\n", 0, offset)):
            if probe >= 0:
                return "\r\n" if probe > 0 and self.text[probe - 1] == "\r" else "\n"
        return "\n"
