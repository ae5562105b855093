"""The proof of a patch, in production, for every file, before a byte is written.

Point 5 of the design (a second run finds nothing more to do) is the engine's own loop: it ends only with a round
that plans nothing on what was read back from the proved bytes.
"""

from __future__ import annotations

from collections import Counter

from tp_fix.change import comments_of, in_order, matches, replay, shape
from tp_fix.errors import OurFault, Unreadable
from tp_fix.formats import Document, format_of, read
from tp_fix.patch import Patch
from tp_fix.source import Source


def fault(path: str, point: str) -> OurFault:
    """The error for a patch that fails its proof."""
    return OurFault(
        f"{path}: tp-fix made a patch that fails its own proof: {point}. Nothing was written",
        "this is a bug of tp-fix: please report it with the command line and this file as it is now",
    )


def prove(before: Document, patch: Patch, raw: bytes) -> Document:
    """Points 1 to 4 for one file and one round. `raw` are the bytes that would be written; gives them, read back.

    A file that is renamed is read back under its new path, by the same format.

    Raises OurFault, which names the point that failed.
    """
    after = _reads_back(patch.path or before.path, raw)
    if format_of(after.path) is not format_of(before.path):
        raise fault(before.path, f"it would be read otherwise as {after.path}")
    _content(before, patch, after)
    _comments(before, patch, after)
    _untouched(before.source, patch, after.source)
    return after


def _reads_back(path: str, raw: bytes) -> Document:
    try:
        return read(Source.decode(path, raw))
    except Unreadable as error:
        raise fault(path, f"the result cannot be read back ({error.reason})") from error


def _content(before: Document, patch: Patch, after: Document) -> None:
    """The content changed as the changes say and in no other way, and what they leave alone is spelled as before."""
    expected = shape(before.root, before.source.text)
    try:
        for change in in_order(patch.changes):
            expected = replay(expected, change)
    except (KeyError, IndexError, TypeError) as error:
        raise fault(before.path, f"a change does not fit the file ({error})") from error
    if not matches(expected, shape(after.root, after.source.text)):
        raise fault(before.path, "its content did not change exactly as the fix says")


def _comments(before: Document, patch: Patch, after: Document) -> None:
    """No comment went but those that were named, and these stand in text that goes; none came but those asked for."""
    dropped = {span for lowered in patch.lowered for span in lowered.dropped}
    if any(not any(edit.span.covers(span) for edit in patch.edits) for span in dropped):
        raise fault(before.path, "a comment is said to go that no edit touches")
    kept = [text for span, text in _comment_texts(before) if span not in dropped]
    new = Counter(f"# {text}" for change in patch.changes for text in comments_of(change))
    now = []
    for _, text in reversed(_comment_texts(after)):
        if new[text] > 0:
            new[text] -= 1
        else:
            now.append(text)
    if now[::-1] != kept or new.total():
        raise fault(before.path, "its comments are not those of before, less the ones that belong to what goes")


def _comment_texts(document: Document) -> list[tuple[tuple[int, int], str]]:
    text = document.source.text
    spans = format_of(document.path).comments(document.source, document.root)
    return [(span, text[span.start : span.end]) for span in spans]


def _untouched(before: Source, patch: Patch, after: Source) -> None:
    """Byte for byte: lines outside the edits, the byte order mark, the manner of line ends, the final one."""
    if before.bom is not after.bom:
        raise fault(before.path, "its byte order mark came or went")
    if before.raw and after.raw and before.raw.endswith(b"\n") is not after.raw.endswith(b"\n"):
        raise fault(before.path, "its final line end came or went")
    for ends in (_lone_line_feeds, _carriage_returns):
        if not ends(before.raw) and ends(after.raw):
            raise fault(before.path, "line ends came in that the file did not have")
    if _kept_lines(before, patch) != _kept_lines_after(before, patch, after):
        raise fault(before.path, "a line outside the edits changed")


def _lone_line_feeds(raw: bytes) -> bool:
    return raw.count(b"\n") > raw.count(b"\r\n")


def _carriage_returns(raw: bytes) -> bool:
    return b"\r" in raw


def _kept_lines(before: Source, patch: Patch) -> list[bytes]:
    """The lines of before that no edit touches, between each edit and the next."""
    spans = sorted(edit.span for edit in patch.edits)
    starts = [0, *(before.next_line(span.end) for span in spans)]
    ends = [*(before.line_start(span.start) for span in spans), len(before.text)]
    return [before.text[start : max(start, end)].encode() for start, end in zip(starts, ends, strict=True)]


def _kept_lines_after(before: Source, patch: Patch, after: Source) -> list[bytes]:
    """What stands in the result where those lines must stand, counted from the edits' lengths."""
    found, shift = [], 0
    edits = sorted(patch.edits, key=lambda edit: edit.span)
    starts = [0, *(before.next_line(edit.span.end) for edit in edits)]
    ends = [*(before.line_start(edit.span.start) for edit in edits), len(before.text)]
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        found.append(after.text[start + shift : max(start, end) + shift].encode())
        if at < len(edits):
            shift += len(edits[at].text) - (edits[at].span.end - edits[at].span.start)
    return found
