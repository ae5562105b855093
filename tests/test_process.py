"""git as a process: what it inherits, what comes back byte for byte, and the line that a refusal becomes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tp_fix.git import process
from tp_fix.git.process import Answer, GitRefused, environment, first_line, git, refusal


@pytest.fixture
def root(tmp_path: Path) -> str:
    top = tmp_path / "top"
    top.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=top, check=True)
    git(str(top), "config", "user.name", "Octo Cat")
    git(str(top), "config", "user.email", "octo@example.com")
    return str(top)


def test_git_itself_knows_no_other_variable_that_names_a_repository() -> None:
    said = subprocess.run(["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True)
    assert set(said.stdout.split()) - {"GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"} <= process.LOCAL


def test_another_repository_in_the_environment_is_not_ours(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in process.CLEARED:
        monkeypatch.setenv(name, "/nonexistent")
    assert git(root, "rev-parse", "--show-toplevel").out == f"{root}\n"
    assert git(root, "status", "--porcelain", "--", "*").out == ""


def test_what_the_user_set_goes_along(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "octo.cat")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "purrs")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'octo.dog'='barks'")
    assert git(root, "config", "octo.cat").out == "purrs\n"
    assert git(root, "config", "octo.dog").out == "barks\n"
    for name in ("GIT_SSH_COMMAND", "GIT_AUTHOR_NAME", "GIT_COMMITTER_DATE", "GIT_CONFIG_GLOBAL", "GIT_ASKPASS"):
        monkeypatch.setenv(name, "mine")
        assert environment()[name] == "mine"


def test_settings_and_variables_of_one_call(root: str) -> None:
    assert git(root, "config", "octo.cat", config=("octo.cat=a b=c",)).out == "a b=c\n"
    who = git(root, "var", "GIT_AUTHOR_IDENT", extra_env={"GIT_AUTHOR_NAME": "Mona"}).out
    assert who.startswith("Mona <octo@example.com>")


def test_messages_are_english_and_text_stays_utf8_for_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LC_CTYPE", "C")
    monkeypatch.setenv("LANGUAGE", "de")
    given = {key: value for key, value in environment().items() if key.startswith(("LC_", "LANG"))}
    assert given == {"LANG": "de_DE.UTF-8", "LC_MESSAGES": "C"}
    monkeypatch.delenv("LC_ALL")
    assert environment()["LC_CTYPE"] == "C"


def test_nobody_is_asked_where_nobody_can_answer() -> None:
    assert environment()["GIT_TERMINAL_PROMPT"] == "0"


def test_bytes_that_are_no_text_come_back_as_they_were(root: str) -> None:
    blob = b"\xff\xfe\r\n\0 \xc3\xa9\r"
    name = git(root, "hash-object", "-w", "--stdin", input=blob).out.strip()
    assert git(root, "cat-file", "blob", name).raw == blob
    odd = os.fsdecode(b"odd \xff.txt")
    Path(root, odd).write_text("x")
    git(root, "add", "--", odd)
    listed = git(root, "ls-files", "-z").out
    assert listed == f"{odd}\0"
    again = git(root, "check-ignore", "--stdin", "-z", "--verbose", "--non-matching", input=listed, check=False)
    assert again.out.split("\0")[3] == odd


def test_input_that_git_does_not_read_is_no_error(root: str) -> None:
    assert git(root, "rev-parse", "--git-dir", input="x" * 1_000_000).status == 0


def test_a_refusal_is_an_answer_too(root: str) -> None:
    assert git(root, "rev-parse", "--verify", "--quiet", "nope", check=False) == Answer(1, "", "")
    with pytest.raises(GitRefused, match=r"git rev-parse: Needed a single revision$") as caught:
        git(root, "rev-parse", "--verify", "nope")
    assert caught.value.answer.status == 128 and "fatal" in caught.value.answer.err
    with pytest.raises(GitRefused, match=r"git rev-parse: git ended with status 1 and said nothing"):
        git(root, "rev-parse", "--verify", "--quiet", "nope")


def test_git_that_is_missing(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(GitRefused, match="not installed"):
        git(root, "status")


def test_a_lock_that_another_process_holds(root: str) -> None:
    Path(root, ".git", "index.lock").touch()
    Path(root, "a").touch()
    with pytest.raises(GitRefused) as caught:
        git(root, "add", "a")
    assert caught.value.message.startswith(f"{root}/.git/index.lock is there: another git process")
    assert "delete that file" in caught.value.hint


def test_a_lock_on_a_branch(root: str) -> None:
    git(root, "commit", "--allow-empty", "--message=x")
    Path(root, ".git", "refs", "heads", "new.lock").touch()
    with pytest.raises(GitRefused, match=r"refs/heads/new\.lock is there"):
        git(root, "update-ref", "refs/heads/new", "HEAD")


def test_nobody_says_who_commits(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    git(root, "config", "--unset", "user.email")
    with pytest.raises(GitRefused, match="git commit: git does not know who makes the commits") as caught:
        git(root, "commit", "--allow-empty", "--message=x", config=("user.useConfigOnly=true",))
    assert "user.name" in caught.value.hint and "user.email" in caught.value.hint


def test_somebody_elses_folder(root: str) -> None:
    with pytest.raises(GitRefused, match="somebody else owns it") as caught:
        git(root, "status", extra_env={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "GIT_CONFIG_GLOBAL": os.devnull})
    assert caught.value.hint == f"git config --global --add safe.directory {root}"


def test_a_key_that_cannot_sign(root: str) -> None:
    key = ("gpg.format=ssh", "user.signingKey=/nonexistent/key", "commit.gpgSign=true")
    with pytest.raises(GitRefused, match="signing failed"):
        git(root, "commit", "--allow-empty", "--message=x", config=key)


@pytest.mark.parametrize(
    ("err", "message"),
    [
        (
            "error: insufficient permission for adding an object to repository database .git/objects\nfatal: x",
            "/r: git add: the repository cannot be written to (insufficient permission for adding an object to "
            "repository database .git/objects)",
        ),
        (
            "fatal: Unable to create '/r/.git/index.lock': Permission denied",
            "/r/.git/index.lock: git add: the repository cannot be written to (Permission denied)",
        ),
        (
            "fatal: Unable to create '/r/.git/index.lock': Read-only file system",
            "/r/.git/index.lock: git add: the repository cannot be written to (Read-only file system)",
        ),
        (
            "error: file write error: No space left on device\nfatal: x",
            "/r: git add: file write error: No space left on device",
        ),
        ("warning: w\nhint: h\nodd {0} end\n", "/r: git add: odd {0} end"),
    ],
)
def test_what_a_person_reads(err: str, message: str) -> None:
    assert refusal("/r", ("--no-pager", "add", "x"), Answer(1, "", err)).message == message


@pytest.mark.parametrize(
    ("err", "line"),
    [
        ("", ""),
        ("\n\nhint: only advice\n", "hint: only advice"),
        ("husky said no\nerror: failed to push some refs to 'x'", "failed to push some refs to 'x'"),
        ("12:00:00.000000 git.c:460  trace: built-in\nfatal: bad", "bad"),
    ],
)
def test_the_line_that_says_most(err: str, line: str) -> None:
    assert first_line(err) == line
