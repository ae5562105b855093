"""Killed at every moment of writing: each file is whole, old or new, and a second run finishes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

WORKFLOW = """\
on: {push: {tags: ["v*"]}}
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v6
      - run: npm publish
"""
NAMES = ("a.yml", "b.yml")
KILLED = """\
import os, signal, sys

left = int(sys.argv.pop(1))
writing = False

def killer(event, arguments):
    global left, writing
    writing = writing or event == "tempfile.mkstemp"
    left -= writing
    if writing and left < 0 and event != "os.kill":
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(killer)
from tp_fix.__main__ import main
main()
"""
"""tp-fix, killed at the audit event (an open, a rename, a chmod …) of a given number after it began to write."""


def repository(root: Path) -> Path:
    folder = root / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_text(WORKFLOW)
    (root / "package.json").write_text('{"name": "octo-pkg"}\n')
    return folder


def run(root: Path, *program: str) -> int:
    command = [sys.executable, *program, "--select", "id-token", "--apply", str(root)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_kill_leaves_whole_files_and_a_second_run_finishes(tmp_path: Path) -> None:
    clean = repository(tmp_path / "clean")
    assert run(tmp_path / "clean", "-m", "tp_fix") == 0
    new = (clean / "a.yml").read_text()
    kills = 0
    for moment in range(100):
        root = tmp_path / str(moment)
        folder = repository(root)
        status = run(root, "-c", KILLED, str(moment))
        contents = [(folder / name).read_text() for name in NAMES]
        assert set(contents) <= {WORKFLOW, new}, f"a file is neither old nor new after {moment} events"
        if status == 0:
            break
        assert status == -signal.SIGKILL
        kills += 1
        assert run(root, "-m", "tp_fix") == 0
        assert {path.name: path.read_text() for path in folder.iterdir()} == dict.fromkeys(NAMES, new)
    assert kills >= 3 * len(NAMES), "the moments of writing were not met"
    assert status == 0, "no run got to its end"
