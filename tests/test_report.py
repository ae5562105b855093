"""Diffs that git takes, and texts that a terminal can bear."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_fix.report import diff
from tp_fix.report.diff import unified
from tp_fix.report.safe import printable, redacted
from tp_fix.source import Source

LINES = st.lists(st.sampled_from(["a", "b", "", "\f", "\u2028", "é", "a\r", "-- x"]), max_size=12)
TEXTS = st.tuples(LINES, st.sampled_from(["", "\n"])).map(lambda pair: "\n".join(pair[0]) + pair[1])


def applied(path: str, before: bytes, after: bytes, root: Path) -> bytes:
    """What `git apply` makes of the diff."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(before)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    patch = unified(Source.decode(path, before), Source.decode(path, after)).encode()
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=root, input=patch, check=True)
    return target.read_bytes()


@pytest.mark.parametrize(
    "path", ["a.yml", "with space.yml", "größe ✓.yml", 'quo"te\\.yml', "tab\t.yml", "deep/er/a.yml"]
)
def test_git_applies_to_any_path(path: str, tmp_path: Path) -> None:
    assert applied(path, b"a\nb\n", b"a\nc\n", tmp_path) == b"a\nc\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a", b"b"),
        (b"a\nb", b"a\nb\nc"),
        (b"a\nb\nc", b"a"),
        (b"a\nb\nb\nb\nb\na\na", b"b\nb\nb\na\na"),
        (b"\xef\xbb\xbfa\r\nb\r\n", b"\xef\xbb\xbfa\r\n"),
        (b"a\n", b"\n"),
        (b"a\na\nb\na\na", b"a\nb\na\nb\na\na"),
        (b"a\x0cb\n1\n", b"a\x0cb\n2\n"),
        ("a\u2028b\n1\n".encode(), "a\u2028b\n2\n".encode()),
    ],
)
def test_git_applies_any_text(before: bytes, after: bytes, tmp_path: Path) -> None:
    assert applied("a.yml", before, after, tmp_path) == after


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from([diff.MANY_LINES, -1]))
def test_git_applies_generated_texts(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, many: int
) -> None:
    """Also where the lines are walked, as those of long texts are."""
    if before == after or not before or not after:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diff, "MANY_LINES", many)
        assert applied("a.yml", before.encode(), after.encode(), tmp_path_factory.mktemp("r")) == after.encode()


def test_equal_texts_have_no_diff() -> None:
    source = Source.decode("a.yml", b"a\n")
    assert unified(source, source.with_text("a\n")) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\n", "a\tb\n"),
        ("\x1b[2J", "\\u001b[2J"),
        ("\u202egnp", "\\u202egnp"),
        ("\u061cgnp", "\\u061cgnp"),
        ("\x9b31m", "\\u009b31m"),
        ("größe ✓😀", "größe ✓😀"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("token: npm_" + "a1" * 18, "token: npm_…"),
        ("ghp_" + "a1" * 18 + " x", "ghp_… x"),
        ("NPM_CONFIG_PROVENANCE: true", "NPM_CONFIG_PROVENANCE: true"),
        ("npm_config_registry_of_octo=1", "npm_config_registry_of_octo=1"),
        ("//host/:_authToken=0123456789abcdef", "//host/:_authToken=…"),
        ("_auth = aGVsbG86d29ybGQ=", "_auth = …"),
        ("NPM_TOKEN: 01234567-89ab-cdef-0123-456789abcdef", "NPM_TOKEN: …"),
        ("//host/:_authToken=${NPM_TOKEN}", "//host/:_authToken=${NPM_TOKEN}"),
        ("NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}", "NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}"),
        ("id-token: write", "id-token: write"),
        ("NPM_TOKEN reaches `npm publish`", "NPM_TOKEN reaches `npm publish`"),
    ],
)
def test_redacted(text: str, shown: str) -> None:
    assert redacted(text) == shown
