"""git as a process: one environment, one way to read what it says, and a line for a person when it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from shlex import quote
from typing import NamedTuple

from tp_fix.errors import TpFixError

# What a surrounding hook or `git rebase --exec` sets, and names another repository: `git rev-parse --local-env-vars`
# of git 2.39.5 without the user's own settings (GIT_CONFIG_COUNT, GIT_CONFIG_PARAMETERS). A test compares the two.
LOCAL = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
}
# What would make patterns of our paths.
PATHSPECS = {"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"}
CLEARED = LOCAL | PATHSPECS | {"LC_ALL", "LC_MESSAGES", "LANGUAGE"}


class Answer(NamedTuple):
    """What git said. The texts hold git's bytes exactly: what is no text is there as surrogates; `raw` has it back."""

    status: int
    out: str
    err: str

    @property
    def raw(self) -> bytes:
        """`out` as git wrote it."""
        return _bytes(self.out)


class GitRefused(TpFixError):
    """git ended with an error. `answer` is all that it said, a failing hook's output included."""

    def __init__(self, message: str, hint: str = "", answer: Answer | None = None) -> None:
        super().__init__(message, hint)
        self.answer = answer or Answer(1, "", "")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment that git gets: the user's, of this tree only, with git's messages in English.

    Only the language of messages is set. LC_ALL=C would also take UTF-8 from the hooks that git runs. Nothing is asked
    where nobody can answer.
    """
    found = {key: value for key, value in os.environ.items() if key not in CLEARED}
    if everything := os.environ.get("LC_ALL"):
        found = {key: value for key, value in found.items() if not key.startswith("LC_")} | {"LANG": everything}
    found["LC_MESSAGES"] = "C"
    if sys.stdin is None or sys.stdin.closed or not sys.stdin.isatty():
        found["GIT_TERMINAL_PROMPT"] = "0"
    return found | dict(extra or {})


def git(
    root: str,
    *args: str,
    check: bool = True,
    input: str | bytes | None = None,
    extra_env: Mapping[str, str] | None = None,
    config: tuple[str, ...] = (),
) -> Answer:
    """What `git ARGS` says in a folder; `config` are settings for this call, `key=value`.

    Raises GitRefused where git is missing, and with `check` where it ends with an error.
    """
    settings = [word for setting in config for word in ("-c", setting)]
    try:
        done = subprocess.run(
            ["git", "-C", root, *settings, *args],
            capture_output=True,
            env=environment(extra_env),
            check=False,
            input=_bytes(input) if isinstance(input, str) else input or b"",
        )
    except FileNotFoundError:
        raise GitRefused("git is not installed, or not on PATH", "install git, then run this again") from None
    answer = Answer(done.returncode, _text(done.stdout), _text(done.stderr))
    if check and answer.status:
        raise refusal(root, args, answer)
    return answer


def refusal(root: str, args: tuple[str, ...], answer: Answer) -> GitRefused:
    """One line of what git said, of what was asked, and what to do where that is known."""
    verb = next((word for word in args if not word.startswith("-")), "")
    for pattern, message, hint in KNOWN:
        if match := re.search(pattern, answer.err, re.MULTILINE):
            named = {"root": root, "verb": verb} | {key: value or root for key, value in match.groupdict().items()}
            quoted = {key: quote(value) for key, value in named.items()}
            return GitRefused(message.format_map(named), hint.format_map(quoted), answer)
    line = first_line(answer.err) or f"git ended with status {answer.status} and said nothing"
    return GitRefused(f"{root}: git {verb}: {line}", "", answer)


def first_line(err: str) -> str:
    """The line of git's errors that says most: its first `error:` or `fatal:`, else the first that is no advice."""
    lines = [line.strip() for line in err.splitlines() if line.strip()]
    for line in lines:
        if line.startswith(("error: ", "fatal: ")):
            return line.partition(": ")[2]
    spoken = (line for line in lines if not line.startswith(("hint:", "warning:", "remote:")))
    return next(spoken, lines[0] if lines else "")


KNOWN = (
    (
        r"dubious ownership(?: in repository at '(?P<path>[^']*)')?",
        "{root}: git does not trust this folder, because somebody else owns it",
        "git config --global --add safe.directory {path}",
    ),
    (
        r"Unable to create '(?P<path>.*\.lock)': File exists",
        "{path} is there: another git process works in this repository (git {verb})",
        "wait until it ends; if none runs any more, one was killed: delete that file, then run this again",
    ),
    (
        r"[Pp]lease tell me who you are|unable to auto-detect email|empty ident name|no (?:email|name) was given",
        "{root}: git {verb}: git does not know who makes the commits",
        'git config user.name "Your Name" && git config user.email you@example.com',
    ),
    (
        r"Unable to create '(?P<path>.*\.lock)': (?P<why>Read-only file system|Permission denied)",
        "{path}: git {verb}: the repository cannot be written to ({why})",
        "make .git writable for you, or work on a copy",
    ),
    (
        r"^(?:error|fatal): (?P<line>.*(?:Read-only file system|insufficient permission|Permission denied$).*)",
        "{root}: git {verb}: the repository cannot be written to ({line})",
        "make .git writable for you, or work on a copy",
    ),
    (
        r"^(?:error|fatal): (?P<line>.*No space left on device.*)",
        "{root}: git {verb}: {line}",
        "make room on that disk, then run this again",
    ),
    (
        r"gpg failed to sign|user\.signingkey|^error: Load key|failed to write commit object",
        "{root}: git {verb}: git is told to sign (commit.gpgSign), and signing failed",
        "see that the signing key is there and unlocked (git config --show-origin --get-regexp 'gpg|sign'), then run "
        "this again",
    ),
)
"""What git says, what that means, and what to do about it; the first that is found counts."""


def _text(raw: bytes) -> str:
    return raw.decode(sys.getfilesystemencoding(), "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode(sys.getfilesystemencoding(), "surrogateescape")
