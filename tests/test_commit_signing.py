"""Commits are signed with the user's key, as the user's own are; without it there are none."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrations import BRANCH, Repo, left_behind, release, settled

WHERE = pytest.mark.parametrize("where", ["--branch", "--commit"])


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    home = settled(monkeypatch, tmp_path)
    yield home
    assert left_behind(home) == []


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return release(tmp_path / "repo")


@pytest.fixture
def gpg(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A key in a folder with a short name: gpg's socket must fit into 108 bytes."""
    folder = tempfile.mkdtemp(prefix="k", dir="/tmp")
    monkeypatch.setenv("GNUPGHOME", folder)
    words = ("gpg", "--quiet", "--batch", "--passphrase", "", "--quick-gen-key")
    subprocess.run([*words, "Octo Cat <octo@example.com>", "ed25519", "sign", "0"], check=True, capture_output=True)
    yield
    subprocess.run(["gpgconf", "--kill", "all"], check=True)
    shutil.rmtree(folder)


def verified(repo: Repo, where: str) -> None:
    assert (run := repo.run(where)).status == 0, run.err
    tip = BRANCH if where == "--branch" else "HEAD"
    for commit in (tip, f"{tip}~1"):
        repo.git("verify-commit", commit)
    assert repo.git("log", "-2", "--format=%G?", tip) == "G\nG\n" or "U" in repo.git("log", "-2", "--format=%G?", tip)


@WHERE
@pytest.mark.usefixtures("gpg")
def test_gpg(repo: Repo, where: str) -> None:
    repo.git("config", "commit.gpgSign", "true")
    verified(repo, where)


@WHERE
def test_ssh(repo: Repo, tmp_path: Path, where: str) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (tmp_path / "signers").write_text(f"octo@example.com {(tmp_path / 'key.pub').read_text()}")
    repo.git("config", "gpg.format", "ssh")
    repo.git("config", "user.signingKey", f"{key}.pub")
    repo.git("config", "gpg.ssh.allowedSignersFile", str(tmp_path / "signers"))
    repo.git("config", "commit.gpgSign", "true")
    verified(repo, where)


MISSING = {
    "gpg": {"gpg.format": "openpgp", "user.signingKey": "0123456789ABCDEF"},
    "ssh": {"gpg.format": "ssh", "user.signingKey": "/nonexistent/key.pub"},
    "program": {"gpg.program": "/nonexistent/gpg"},
}


@WHERE
@pytest.mark.parametrize("name", MISSING)
def test_a_key_that_is_missing(repo: Repo, where: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNUPGHOME", "/nonexistent")
    for key, value in {**MISSING[name], "commit.gpgSign": "true"}.items():
        repo.git("config", key, value)
    before = repo.state()
    run = repo.run(where)
    assert run.status == 2 and repo.state() == before
    assert run.err.startswith(
        f"tp-fix: {repo.root}: git commit: git is told to sign (commit.gpgSign), and signing failed\n"
    )
    assert run.err.count("\n") == 2
