"""Real git repositories in temporary folders, runs of `tp-fix` that commit in them, and what must not change."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from tp_fix.cli import _guarded, fix

RELEASE = ".github/workflows/release.yml"
WORKFLOW = """\
on:
  push:
    tags: ["v*"]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
      - run: npm publish
"""
AFTER = WORKFLOW.replace("contents: read\n", "contents: read\n      id-token: write\n").replace(
    "node-version: 24\n", "node-version: 24\n          registry-url: https://npm-registry.invalid\n"
)
"""What the two rules make of it, with the placeholder."""
MANIFEST = '{"name": "octo-pkg", "version": "1.0.0", "repository": "octo-org/octo-repo"}\n'
BRANCH = "tp-fix/trusted-publishing"
CONFIG = """\
[user]
	name = Octo Cat
	email = octo@example.com
[init]
	defaultBranch = main
[protocol "file"]
	allow = always
[advice]
	detachedHead = false
"""


class Run(NamedTuple):
    """What a run of tp-fix gave."""

    status: int
    out: str
    err: str


class Repo:
    """A repository at `root`; `config` are settings in force for its first commit already."""

    def __init__(self, root: Path, *options: str, config: dict[str, str] | None = None) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "--quiet", *options)
        self.git("remote", "add", "origin", "git@github.com:octo-org/octo-repo.git")
        for key, value in (config or {}).items():
            self.git("config", key, value)

    @classmethod
    def at(cls, root: Path) -> Repo:
        """One that is there already: a clone, a linked working tree."""
        found = cls.__new__(cls)
        found.root = root
        return found

    def git(self, *args: str, check: bool = True, **env: str) -> str:
        """What git prints."""
        done = subprocess.run(
            ["git", *args], cwd=self.root, capture_output=True, check=False, env={**os.environ, **env}
        )
        assert not (check and done.returncode), done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape")

    def write(self, path: str, content: str | bytes, mode: int = 0o644) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
        return file

    def commit(self, message: str = "feat: the beginning") -> Repo:
        self.git("add", "--all")
        self.git("-c", f"core.hooksPath={os.devnull}", "commit", "--quiet", "--no-gpg-sign", "--message", message)
        return self

    def hook(self, name: str, script: str, folder: str = ".git/hooks") -> Path:
        return self.write(f"{folder}/{name}", f"#!/bin/sh\n{script}\n", 0o755)

    def run(self, *args: str, path: str = "") -> Run:
        """tp-fix in this process, with `--apply --unsafe` and this repository as PATH."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            status = _guarded(fix, ["--apply", "--unsafe", *args, str(self.root / path)], "tp-fix")
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read())
        return Run(status, *texts)

    def process(self, *args: str, cwd: str = "", **env: str) -> Run:
        """tp-fix as a process, in this repository."""
        done = subprocess.run(
            [sys.executable, "-m", "tp_fix", "--apply", "--unsafe", *args],
            cwd=self.root / cwd,
            capture_output=True,
            env={**os.environ, **env},
            check=False,
        )
        return Run(done.returncode, *(text.decode("utf-8", "replace") for text in (done.stdout, done.stderr)))

    def at_branch(self, path: str = RELEASE, branch: str = BRANCH) -> str:
        return self.git("show", f"{branch}:{path}")

    def subjects(self, branch: str = BRANCH) -> list[str]:
        """Of the commits since the beginning, the newest first."""
        return self.git("log", "--format=%s", branch).splitlines()

    def numbers(self, branch: str = BRANCH, base: str = "HEAD") -> str:
        """Lines added and taken away, by file."""
        return self.git("diff", "--numstat", base, branch)

    def state(self) -> dict[str, object]:
        """Everything of the user's that a run may not change."""
        return {**self.checkout_state(), "refs": self.refs()}

    def refs(self) -> str:
        return self.git("for-each-ref") + (self.root / self._path("HEAD")).read_text()

    def checkout_state(self) -> dict[str, object]:
        """The files with their times, the index, what git says of them, the stash, working trees, git's folder."""
        own = Path(self._path(""))
        files = {
            str(path): (path.read_bytes() if path.is_file() else b"", path.lstat().st_mtime_ns)
            for path in sorted(self.root.rglob("*"))
            if ".git" not in path.relative_to(self.root).parts and not path.is_dir()
        }
        return {
            "files": files,
            "status": self.git("status", "--porcelain=v2", "--branch", GIT_OPTIONAL_LOCKS="0"),
            "index": self.git("ls-files", "--stage", "-t"),
            "stash": self.git("stash", "list"),
            "trees": self.git("worktree", "list", "--porcelain"),
            "git": sorted(path.name for path in own.iterdir()),
        }

    def _path(self, name: str) -> str:
        return str((self.root / self.git("rev-parse", "--git-path", name or ".").strip("\n")).resolve())


def release(root: Path, *options: str, config: dict[str, str] | None = None) -> Repo:
    """A repository with one workflow that two rules mend, without a hook, one commit."""
    repo = Repo(root, *options, config=config)
    repo.write("package.json", MANIFEST)
    repo.write(RELEASE, WORKFLOW)
    return repo.commit()


def settled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing of this machine's: home and git's settings."""
    home = tmp_path / "home"
    home.mkdir(parents=True)
    (home / ".gitconfig").write_text(CONFIG)
    for name in [key for key in os.environ if key.startswith(("GIT_", "GITHUB_", "HUSKY", "XDG_", "GNUPG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return home


def left_behind(home: Path) -> list[str]:
    """What stands in folders of linked working trees, in any checkout beside the home."""
    return sorted(path.name for path in home.parent.rglob(".tp-fix/*") if path.name != ".gitignore")
