"""`--interactive`: what is asked, and that exactly what was said yes to is written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from test_command_line import git, release
from two_findings import WORKFLOW, repo

__all__ = ["repo"]
ASKED = "Apply this fix [y,n,a,d,q,?]?"
GRANT, REMOVAL = "+      id-token: write", "-          NODE_AUTH_TOKEN"


def answer(root: Path, answers: str, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "GITHUB_REPOSITORY"}
    return subprocess.run(
        [sys.executable, "-m", "tp_fix", "--interactive", *args],
        cwd=root,
        env=environment,
        input=answers,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def changed(root: Path) -> list[str]:
    """The lines of the diff against what git has."""
    diff = subprocess.run(["git", "diff", "-U0"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [line.rstrip() for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]


@pytest.fixture
def two(repo: Path) -> Path:
    """A repository, committed, with two jobs that publish."""
    job = WORKFLOW[WORKFLOW.index("  publish:") :]
    release(repo).write_text(WORKFLOW + job.replace("publish:", "again:"))
    git(repo, "add", "-A")
    git(repo, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x")
    return repo


def test_yes_to_all_is_what_apply_does(two: Path) -> None:
    run = answer(two, "y\n" * 4)
    assert run.returncode == 0 and run.stderr.count(ASKED) == 4
    assert [line.split(":")[0].strip("+- ") for line in changed(two)].count("id-token") == 2
    assert "4 of 4 fixed in 1 file" in run.stdout


def test_each_is_shown_alone_with_its_place_and_its_diff(two: Path) -> None:
    run = answer(two, "n\nn\n")
    first, second, _ = run.stderr.split(ASKED)
    for text, job in ((first, "publish"), (second, "again")):
        assert f"job `{job}` runs `npm publish`" in text and text.count(GRANT) == 1 and REMOVAL not in text
        assert f"grant `id-token: write` to job `{job}`" in text
    assert ".github/workflows/release.yml:5:3 error id-token" in first


def test_what_is_declined_is_not_written_not_asked_again_and_reported(two: Path) -> None:
    run = answer(two, "n\ny\ny\n")
    assert run.returncode == 1 and run.stderr.count(ASKED) == 3
    assert len([line for line in changed(two) if "id-token" in line]) == 1
    assert "fix, declined: grant `id-token: write` to job `publish`" in run.stdout
    assert "NODE_AUTH_TOKEN" in release(two).read_text()


def test_only_no_writes_nothing(two: Path) -> None:
    run = answer(two, "n\n" * 9)
    assert run.returncode == 1 and changed(two) == []
    assert "none chosen" in run.stdout


def test_a_takes_all_later_ones_of_the_rule(two: Path) -> None:
    run = answer(two, "a\nn\nn\n")
    assert run.stderr.count(ASKED) == 3
    assert [line.split(":")[0] for line in changed(two)] == ["+      id-token", "+      id-token"]


def test_d_leaves_all_later_ones_of_the_rule(two: Path) -> None:
    run = answer(two, "d\n")
    assert run.stderr.count(ASKED) == 1 and changed(two) == []


@pytest.mark.parametrize("ending", ["q\n", "Q\n", ""])
def test_q_and_the_end_of_the_input_keep_what_was_chosen(two: Path, ending: str) -> None:
    run = answer(two, "y\n" + ending)
    assert run.returncode == 1 and run.stderr.count(ASKED) == 2
    assert changed(two) == [GRANT]


def test_anything_else_gets_the_help_and_is_asked_again(two: Path) -> None:
    run = answer(two, "?\nx\n\nq\n")
    assert run.stderr.count(ASKED) == 4 and run.stderr.count("q - quit") == 3 and changed(two) == []


def test_answers_come_in_either_case_and_may_be_words(two: Path) -> None:
    answer(two, "Yes\nno\nq\n")
    assert changed(two) == [GRANT]


def test_an_assumption_is_stated_and_only_asked_about_with_unsafe(two: Path) -> None:
    release(two).write_text(
        WORKFLOW.replace("    permissions:\n      contents: read\n", "").replace(
            "      - run: npm publish", "      - uses: octo-org/unknown@v1\n      - run: npm publish"
        )
    )
    assert ASKED not in answer(two, "y\n").stderr
    assert "(unsafe: it assumes " in answer(two, "q\n", "--unsafe").stderr


def test_the_report_on_standard_output_stays_whole(two: Path) -> None:
    import json

    found = json.loads(answer(two, "y\nn\nq\n", "--format", "json").stdout)
    assert [item["fix"]["status"] for item in found["findings"] if item["rule"] == "id-token"] == [
        "applied",
        "declined",
    ]


def test_a_diff_as_report_is_a_patch_of_what_was_chosen(two: Path) -> None:
    run = answer(two, "y\nq\n", "--format", "diff")
    assert run.stdout.startswith("--- a/") and run.stdout.count(GRANT) == 1


def test_a_declined_fix_makes_room_for_one_that_it_conflicts_with(two: Path) -> None:
    """Nothing is owned by what is not done: the other job's grant is still asked about."""
    run = answer(two, "n\ny\nq\n")
    assert changed(two) == [GRANT] and "waits for another fix" not in run.stdout


def test_it_contradicts_a_dry_run_and_agrees_with_apply(two: Path) -> None:
    run = answer(two, "", "--dry-run")
    assert run.returncode == 2 and "--dry-run and --interactive" in run.stderr
    assert answer(two, "q\n", "--apply").returncode == 1


def test_a_credential_in_clear_is_not_shown(two: Path) -> None:
    token = "npm_" + "0123456789" * 3 + "abcdef"
    release(two).write_text(WORKFLOW.replace("contents: read", f"contents: read # {token}"))
    run = answer(two, "y\ny\n")
    assert token not in run.stdout + run.stderr


def test_ctrl_c_at_the_question_writes_nothing(two: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "GITHUB_REPOSITORY"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tp_fix", "--interactive"],
        cwd=two,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(b"y\n")
    process.stdin.flush()
    said = b""
    while said.count(ASKED.encode()) < 2:
        said += process.stderr.read(1)
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=20)
    assert process.returncode == 130 and b"interrupted" in rest and changed(two) == []


def test_without_a_standard_input_it_ends(two: Path) -> None:
    code = "import sys; sys.stdin = None; sys.argv.append('--interactive'); import tp_fix.cli; tp_fix.cli.main()"
    run = subprocess.run([sys.executable, "-c", code], cwd=two, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and changed(two) == []
