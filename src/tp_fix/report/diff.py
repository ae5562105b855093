"""Unified diffs that `git apply` takes, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from tp_fix.source import Source

CONTEXT = 3
NO_NEWLINE = "\\ No newline at end of file\n"
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def unified(before: Source, after: Source) -> str:
    """The diff of one file, with its byte order mark and line ends as they are; '' when nothing differs."""
    old, new = _lines(before), _lines(after)
    groups = list(_groups(old, new))
    if not groups:
        return ""
    name = before.path
    parts = [f"--- {_quoted('a/' + name)}\n", f"+++ {_quoted('b/' + name)}\n"]
    for group in groups:
        parts.append(_header(group))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                parts += [_line(" ", line) for line in old[i1:i2]]
            else:
                parts += [_line("-", line) for line in old[i1:i2]]
                parts += [_line("+", line) for line in new[j1:j2]]
    return "".join(parts)


Opcode = tuple[str, int, int, int, int]


def _groups(old: list[str], new: list[str]) -> Iterator[list[Opcode]]:
    """Hunks. What is alike at both ends is set aside first; the junk heuristics, which bloat YAML diffs, are off."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start, stop = max(0, head - CONTEXT), max(0, tail - CONTEXT)
    inner_old, inner_new = old[start : len(old) - stop], new[start : len(new) - stop]
    for group in SequenceMatcher(None, inner_old, inner_new, autojunk=False).get_grouped_opcodes(CONTEXT):
        yield [(tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in group]


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


def _quoted(path: str) -> str:
    """A path as git writes it: quoted, with octal bytes, when it has characters outside printable ASCII."""
    if path.isascii() and path.isprintable() and not set(path) & {'"', "\\"}:
        return path + "\t" if " " in path else path
    quoted = "".join(
        ESCAPES.get(chr(byte), chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f'"{quoted}"'
