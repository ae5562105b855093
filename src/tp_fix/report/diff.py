"""Unified diffs that `git apply` takes, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from tp_fix.source import Source

CONTEXT = 3
MANY_LINES = 1000
"""Between the first and the last line that differ: with more, difflib's search may take minutes."""
LANDING = 3
FURTHEST = 200
"""So many lines must be alike for two texts to have met again, and so far that is looked for."""
NO_NEWLINE = "\\ No newline at end of file\n"
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def unified(before: Source, after: Source) -> str:
    """The diff of one file, with its byte order mark and line ends as they are; '' when nothing differs.

    A file that is renamed has git's own header above, and may have no more than that.
    """
    old, new = _lines(before), _lines(after)
    groups = list(_groups(old, new))
    parts = _renaming(before, after, groups) if before.path != after.path else []
    if not groups:  # a blank line, or git takes the next file's `---` for a part of this header
        return "".join([*parts, "\n"] if parts else [])
    parts += [f"--- {_name('a/' + before.path)}\n", f"+++ {_name('b/' + after.path)}\n"]
    for group in groups:
        parts.append(_header(group))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                parts += [_line(" ", line) for line in old[i1:i2]]
            else:
                parts += [_line("-", line) for line in old[i1:i2]]
                parts += [_line("+", line) for line in new[j1:j2]]
    return "".join(parts)


def _renaming(before: Source, after: Source, groups: list[list[Opcode]]) -> list[str]:
    """The header of a rename (D git-diff, generating patch text with -p). The index is what stays, in hundredths."""
    lines = _lines(before)
    changed = [op for group in groups for op in group if op[0] != "equal"]
    gone = sum(len(line.encode()) for _, start, end, _, _ in changed for line in lines[start:end])
    size = max(len(before.raw), len(after.raw), 1)
    alike = (len(before.raw) - gone) * 100 // size if changed else 100
    return [
        f"diff --git {_quoted('a/' + before.path)} {_quoted('b/' + after.path)}\n",
        f"similarity index {alike}%\n",
        f"rename from {_quoted(before.path)}\n",
        f"rename to {_quoted(after.path)}\n",
    ]


Opcode = tuple[str, int, int, int, int]


def _groups(old: list[str], new: list[str]) -> Iterator[list[Opcode]]:
    """Hunks. What is alike at both ends is set aside first; the junk heuristics, which bloat YAML diffs, are off."""
    if old == new:
        return
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start, stop = max(0, head - CONTEXT), max(0, tail - CONTEXT)
    matcher = _Matcher()
    matcher.found = _between(old[start : len(old) - stop], new[start : len(new) - stop], head - start, tail - stop)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        yield [(tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in group]


class _Matcher(SequenceMatcher[str]):
    """difflib's, for its grouping, which is had for opcodes that were found in another way."""

    found: list[Opcode]

    def get_opcodes(self) -> list[Any]:
        return self.found


def _between(old: list[str], new: list[str], head: int, tail: int) -> list[Opcode]:
    """The opcodes of two texts of which so many lines are known to be alike at both ends, and the next ones differ.

    Only what is between is searched: a search that took context for change would leave a hunk without any.
    """
    first, last = ("equal", 0, head, 0, head), ("equal", len(old) - tail, len(old), len(new) - tail, len(new))
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    many = len(one) > MANY_LINES
    found = _walked(one, other) if many else SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [first, *((tag, i + head, ii + head, j + head, jj + head) for tag, i, ii, j, jj in found), last]


def _walked(old: list[str], new: list[str]) -> Iterator[Opcode]:
    """What differs, walked from one place where both are alike to the next; linear, where difflib's search is cubic."""
    i = j = 0
    while i < len(old) or j < len(new):
        same = _alike(old, new, i, j)
        if same:
            yield "equal", i, i + same, j, j + same
            i, j = i + same, j + same
            continue
        more, less = _next_alike(old, new, i, j)
        yield "replace", i, i + more, j, j + less
        i, j = i + more, j + less


def _alike(old: list[str], new: list[str], i: int, j: int) -> int:
    """How many lines are the same from two places on."""
    count = 0
    while i + count < len(old) and j + count < len(new) and old[i + count] == new[j + count]:
        count += 1
    return count


def _next_alike(old: list[str], new: list[str], i: int, j: int) -> tuple[int, int]:
    """The smallest step from two places that differ to two where a few lines are alike; to both ends without one."""
    for distance in range(1, FURTHEST):
        for more in range(distance + 1):
            ends = i + more <= len(old) and j + distance - more <= len(new)
            rest = min(LANDING, len(old) - i - more, len(new) - j - distance + more) if ends else 0
            if rest > 0 and _begin_alike(old, new, i + more, j + distance - more, rest):
                return more, distance - more
    return len(old) - i, len(new) - j


def _begin_alike(old: list[str], new: list[str], i: int, j: int, count: int) -> bool:
    return old[i : i + count] == new[j : j + count]


def _header(group: list[Opcode]) -> str:
    old, new = _range(group[0][1], group[-1][2]), _range(group[0][3], group[-1][4])
    return f"@@ -{old} +{new} @@\n"


def _range(start: int, stop: int) -> str:
    """A hunk's range as git writes it: counted from 1, an empty one at the line before it."""
    length = stop - start
    begin = start + 1 if length else start
    return str(begin) if length == 1 else f"{begin},{length}"


def _lines(source: Source) -> list[str]:
    """Lines with their ends, cut at line feeds only."""
    return [line for line in _cut(source.raw.decode("utf-8")) if line]


def _cut(text: str) -> list[str]:
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + parts[-1:]


def _line(sign: str, line: str) -> str:
    return sign + line if line.endswith("\n") else f"{sign}{line}\n{NO_NEWLINE}"


def _name(path: str) -> str:
    """A path behind `---` or `+++`, where a blank in it asks for a tab at its end."""
    quoted = _quoted(path)
    return quoted + "\t" if " " in path and quoted == path else quoted


def _quoted(path: str) -> str:
    """A path as git writes it: quoted, with octal bytes, when it has characters outside printable ASCII."""
    if path.isascii() and path.isprintable() and not set(path) & {'"', "\\"}:
        return path
    quoted = "".join(
        ESCAPES.get(chr(byte), chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f'"{quoted}"'
