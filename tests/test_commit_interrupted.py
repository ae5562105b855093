"""Interrupted, ended and killed at every moment: nothing of the user's is half done, and nothing stays behind."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrations import BRANCH, RELEASE, WORKFLOW, Repo, left_behind, release, settled

PATIENCE = 30.0
"""Seconds after which something that must happen has not."""
WHERE = pytest.mark.parametrize("where", ["--branch", "--commit"])


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    home = settled(monkeypatch, tmp_path)
    yield home
    assert left_behind(home) == []


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return release(tmp_path / "repo")


def until(what: object, message: str) -> None:
    assert callable(what)
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, message
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process is there and is not just waiting for somebody to ask how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def started(repo: Repo, *args: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tp_fix", "--apply", "--unsafe", *args]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=repo.root, stdout=pipe, stderr=pipe, start_new_session=True)


SAID = "tp-fix: interrupted; nothing was left half written\n"


@WHERE
@pytest.mark.parametrize(
    ("number", "whole_group", "status"),
    [
        (signal.SIGINT, True, 130),
        (signal.SIGINT, False, 130),
        (signal.SIGTERM, True, -signal.SIGTERM),
        (signal.SIGTERM, False, -signal.SIGTERM),
        (signal.SIGKILL, False, -signal.SIGKILL),
    ],
)
@pytest.mark.parametrize("stubborn", [False, True])
def test_while_a_hook_hangs(
    repo: Repo,
    home: Path,
    tmp_path: Path,
    number: signal.Signals,
    whole_group: bool,
    status: int,
    where: str,
    stubborn: bool,
) -> None:
    if stubborn and (where == "--commit" or whole_group):
        return
    trap = "trap '' INT TERM HUP" if stubborn else ":"
    repo.hook("pre-commit", f"{trap}; echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid; sleep 100; sleep 100")
    before = repo.state()
    process = started(repo, where)
    until((tmp_path / "pid").exists, "the hook did not start")
    (os.killpg if whole_group else os.kill)(process.pid, number)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == status
    assert err.decode().lstrip("\n") == (SAID if status == 130 else "")
    until(lambda: not (repo.root / ".tp-fix").exists(), "a folder is left behind")
    until(lambda: not alive(int((tmp_path / "pid").read_text())), "the hook outlived the run")
    assert repo.state() == before


KILLED = """\
import os, signal, sys

left, landing = int(sys.argv.pop(1)), sys.argv.pop(1) == "landing"
started = False

def killer(event, arguments):
    global left, started
    if event not in ("subprocess.Popen", "os.rename", "os.mkdir", "tempfile.mkstemp"):
        return
    started = started or not landing or "update-ref" in str(arguments)
    left -= started
    if started and left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(killer)
from tp_fix.__main__ import main
main()
"""
"""tp-fix, killed at the event of a given number, counted from the start or from where the user's own is changed."""


def killed(repo: Repo, moment: int, phase: str, where: str) -> int:
    command = [sys.executable, "-c", KILLED, str(moment), phase, "--apply", "--unsafe", where]
    return subprocess.run(command, cwd=repo.root, capture_output=True, check=False, timeout=PATIENCE).returncode


@WHERE
def test_killed_while_commits_are_made(repo: Repo, home: Path, where: str) -> None:
    before = repo.state()
    for moment in range(3, 60, 11):
        if killed(repo, moment, "making", where) != -signal.SIGKILL:
            break
        until(lambda: not (repo.root / ".tp-fix").exists(), f"a folder is left behind at {moment}")
        if repo.state() != before:  # it landed
            break
    assert moment > 20, "the moments of making commits were not met"


@WHERE
def test_killed_while_they_land(repo: Repo, home: Path, where: str) -> None:
    head = repo.git("rev-parse", "main")
    before = repo.checkout_state()
    new = ""
    for moment in range(20):
        status = killed(repo, moment, "landing", where)
        until(lambda: not (repo.root / ".tp-fix").exists(), f"a folder is left behind at {moment}")
        branch = repo.git("rev-parse", "--verify", "--quiet", BRANCH if where == "--branch" else "main", check=False)
        text = (repo.root / RELEASE).read_text()
        if branch and branch != head:
            new = repo.at_branch(RELEASE, branch.strip())
            assert len(repo.git("rev-list", f"{head.strip()}..{branch.strip()}").split()) == 2
        assert text in (WORKFLOW, new) or (text.count("id-token") == 1 == text.count("registry-url"))
        if where == "--branch":
            assert {**repo.checkout_state(), "git": 0} == {**before, "git": 0}
        assert not (repo.root / ".git/HEAD.lock").exists() and not (repo.root / ".git/refs/heads/main.lock").exists()
        if status == 0:
            break
        assert status == -signal.SIGKILL
        repo.git("reset", "--quiet", "--hard", head.strip())
        repo.git("branch", "--delete", "--force", BRANCH, check=False)
    assert status == 0 and moment >= (1 if where == "--branch" else 4), moment


AT_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def test_ctrl_c_at_a_terminal_while_a_hook_asks(repo: Repo, tmp_path: Path) -> None:
    repo.hook("pre-commit", f"exec < /dev/tty; touch {tmp_path}/asks; read answer; sleep 100")
    before = repo.state()
    command = [sys.executable, "-c", AT_A_TERMINAL, sys.executable, "-m", "tp_fix", "--apply", "--unsafe", "--commit"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=repo.root, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        until((tmp_path / "asks").exists, "the hook did not start")
        assert process.stdin
        process.stdin.write(b"yes\n\x03")
        process.stdin.flush()
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, (out, err)
    assert SAID.strip() in out.decode()
    assert repo.state() == before


def test_ctrl_c_while_it_lands_waits_until_it_has(repo: Repo, tmp_path: Path) -> None:
    here = f'case "$PWD" in {repo.root}) touch {tmp_path}/lands; sleep 0.3;; esac'
    repo.hook("reference-transaction", here)
    process = started(repo, "--commit")
    until((tmp_path / "lands").exists, "it did not land")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert b"committed on main" in out
    assert repo.git("status", "--porcelain") == ""
    assert len(repo.subjects("main")) == 3


def test_what_a_dead_machine_left_is_swept_and_what_is_in_use_is_not(repo: Repo, home: Path) -> None:
    dead, busy, other = (repo.root / ".tp-fix" / name for name in ("dead", "busy", "other"))
    for folder in (dead, busy, other):
        (folder / "repo").mkdir(parents=True)
    (dead / "lock").touch()
    with (busy / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert repo.run("--branch").status == 0
        assert left_behind(home) == ["busy", "other"]
    assert repo.run("--branch").status == 0
    assert left_behind(home) == ["other"]
    shutil.rmtree(other)


def test_two_runs_at_the_same_time(repo: Repo, tmp_path: Path) -> None:
    repo.hook("pre-commit", "sleep 0.3")
    runs = [started(repo, "--branch") for _ in range(2)]
    errors = [process.communicate(timeout=PATIENCE)[1].decode() for process in runs]
    statuses = sorted(process.returncode for process in runs)
    assert statuses in ([0, 0], [0, 2]), errors
    assert statuses == [0, 0] or any(f"refs/heads/{BRANCH}" in error for error in errors)
    assert len(repo.subjects()) == 3


def test_a_hook_of_the_users_folder_is_not_imported(repo: Repo) -> None:
    repo.write("shutil.py", "raise SystemExit('imported')\n")
    repo.write("time.py", "raise SystemExit('imported')\n")
    repo.commit()
    before = repo.checkout_state()
    assert repo.run("--branch").status == 0
    assert repo.checkout_state() == before


def test_a_checkout_without_room_for_it(repo: Repo) -> None:
    repo.write(".tp-fix", "")
    run = repo.run("--branch")
    assert run.status == 2
    assert run.err == f"tp-fix: {repo.root}/.tp-fix: cannot be made (Not a directory); nothing was changed\n"
