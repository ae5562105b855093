"""What hides that a publish fails, held against bash itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tp_fix.formats.shell_failure import Options, mask_of, options_at, told
from tp_fix.models.publishing.masked import DEFAULT, SCRIPT, is_harmless
from tp_fix.models.running.script import commands_of

HIDDEN = {
    "npm publish | tee log": "pipe",
    "npm publish 2>&1 | tee log | cat": "pipe",
    "if [ x ]; then npm publish | tee log; fi": "pipe",
    "if npm publish | tee log; then echo; else exit 1; fi": "pipe",
    "X=$(npm publish | tail -1)": "pipe",
    "set -o pipefail\nset +o pipefail\nnpm publish | cat": "pipe",
    "npm publish || true": "or",
    "npm publish || :": "or",
    "npm publish || echo failed": "or",
    "npm publish || exit 0": "or",
    "npm publish || { echo failed; exit; }": "or",
    "npm publish || (echo failed && exit 0)": "or",
    'npm publish || echo x >> "$GITHUB_STEP_SUMMARY"': "or",
    "npm publish || true > /dev/null": "or",
    "npm publish | tee log || true": "or",
    "FOO=1 npm publish || true": "or",
    'X="$(npm publish 2>&1)" || true': "or",
    "(cd a; npm publish) || true": "or",
    "{ npm publish; } || true": "or",
    "f() { npm publish || true; }\nf": "or",
    "for a in b c; do npm publish $a || true; done": "or",
    "for a in b c; do npm publish $a || continue; done": "or",
    "case $x in a) npm publish || true;; b) npm publish;; esac": "or",
    "npm publish && echo ok\necho done": "and",
    "cd a && npm publish && cd ..\necho": "and",
    "if true; then npm publish && echo ok; fi\necho": "and",
    "set +e\nnpm publish\necho done": "next",
    "set +e\nnpm publish\nset -e\necho x": "next",
    "set +o errexit\nnpm publish; true": "next",
    "(npm publish; true) || exit 1": "next",
    "npm publish &": "background",
    "npm publish > log &\nwait": "background",
    "if npm publish; then echo ok; fi": "condition",
    "if npm publish; then echo ok; else echo no; fi": "condition",
    "if ! npm publish; then echo no; fi": "condition",
    "if [ x ] && npm publish; then echo ok; fi": "condition",
    "if false; then :; elif npm publish; then echo ok; fi": "condition",
    "export X=$(npm publish)": "value",
    'echo "$(npm publish)"': "value",
}
"""Scripts that end well although `npm publish` fails, and why."""
SEEN = (
    "npm publish",
    "npm publish || exit 1",
    "npm publish || { echo failed; exit 1; }",
    "npm publish || { echo failed && exit 1; }",
    "npm publish || (sleep 5 && npm publish)",
    "npm publish || npm publish --tag next",
    "npm publish || echo a && exit 1",
    "npm publish && echo ok",
    "cd a && npm publish",
    "cd a && npm publish\necho",
    "(cd a && npm publish)\necho x",
    "(npm publish; true)",
    "set +e\nnpm publish\nstatus=$?\nexit $status",
    "set +e\nnpm publish",
    "npm publish &\nwait $!",
    "npm publish &> /dev/null",
    "if npm publish; then echo ok; else echo no; exit 1; fi",
    "if ! npm publish; then echo no; exit 1; fi",
    "if [ x ]; then npm publish; fi",
    "for a in b c; do npm publish $a; done",
    "X=$(npm publish)",
    "f() { npm publish; }\nf",
    "set -o pipefail\nnpm publish | tee log",
    "set -euo pipefail\nnpm publish | tee log",
    "npm publish | tee log\nexit ${PIPESTATUS[0]}",
    "echo y | npm publish",
)
"""Scripts that fail with it."""
UNKNOWN = (
    "npm publish || failed=1",
    "npm publish || ./tell.sh",
    'npm publish || echo "failed=true" >> "$GITHUB_OUTPUT"',
    "if ! npm publish; then failed=1; fi",
    "if npm publish; then echo; elif npm publish --tag next; then echo; fi",
    "until npm publish; do sleep 5; done",
    "while ! npm publish; do sleep 5; done",
    "! npm publish",
    "npm publish ||",
)
"""Scripts that may take notice of it, and some that nobody understands."""
FAKE = "npm() { return 1; }; cd() { :; }; sleep() { exit 9; };\n"


def found(text: str, options: Options = DEFAULT) -> str | None:
    commands = commands_of(text)
    at = text.index("npm publish") if "FOO" not in text else 0
    mask = mask_of(text, at, options_at(commands, at, options), is_harmless)
    return mask.kind if mask is not None else None


def ends(text: str, folder: Path) -> int:
    """The exit status of a script whose publish fails, as GitHub would run it without `shell:`."""
    environment = {"PATH": "/usr/bin:/bin", "x": "a", "GITHUB_STEP_SUMMARY": "/dev/null"}
    done = subprocess.run(
        ["bash", "-e", "-c", FAKE + text], check=False, capture_output=True, env=environment, cwd=folder
    )
    return done.returncode


@pytest.mark.parametrize("text", HIDDEN)
def test_what_bash_hides(text: str, tmp_path: Path) -> None:
    assert ends(text, tmp_path) == 0
    assert found(text) == HIDDEN[text]


@pytest.mark.parametrize("text", SEEN)
def test_what_bash_shows(text: str, tmp_path: Path) -> None:
    assert ends(text, tmp_path) != 0
    assert found(text) is None


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_may_take_notice_is_left_alone(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize("text", ["npm publish; git push", "npm publish; true", "npm publish && a; b"])
def test_a_package_script_does_not_stop(text: str) -> None:
    assert found(text, SCRIPT) in ("next", "and")


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("-e {0}", Options(True, False)),
        ("--noprofile --norc -eo pipefail {0}", Options(True, True)),
        ("-euo pipefail {0}", Options(True, True)),
        ("-l {0}", Options(False, False)),
        ("-o errexit -o pipefail", Options(True, True)),
    ],
)
def test_the_options_of_a_shell(words: str, options: Options) -> None:
    assert told(words.split(), Options(False, False)) == options
