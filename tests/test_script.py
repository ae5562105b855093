"""Scripts of plain words are read without a grammar, and must be read as the grammar reads them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tp_fix.formats.shell import parse, plain_words
from tp_fix.models.running.script import KEYWORDS, commands_of

PLAIN = [
    "npm",
    "publish",
    "--access",
    "public",
    "npx",
    "npm@11.5.1",
    "./dist",
    "-ws",
    "cd",
    "set",
    "-e",
    "true",
    "a=b",
    "npm:x",
]
WORDS = st.sampled_from([*PLAIN, *sorted(KEYWORDS)])
LINES = st.lists(st.lists(WORDS, max_size=4).map(" ".join), max_size=4)


@settings(max_examples=500, deadline=None)
@given(LINES, st.sampled_from(["\n", "\n\n", "\n  "]), st.sampled_from(["", "\n"]))
def test_plain_words_are_read_as_the_grammar_reads_them(lines: list[str], joint: str, end: str) -> None:
    text = joint.join(lines) + end
    assert list(commands_of(text)) == parse(text)


@given(st.text(alphabet="npm publish-.@:/\n\r\t$#'x", max_size=40))
def test_any_text_that_counts_as_plain(text: str) -> None:
    if plain_words(text):
        assert list(commands_of(text)) == parse(text)
