"""What the commits of every golden case say, and that git does what they say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from golden import Case, cases, lay, outcome
from test_command_line import git
from tp_fix.commits import commits
from tp_fix.report.migration.commit_message import messages
from tp_fix.report.migration.manner import Manner
from tp_fix.report.safe import shown

PATCHED = [case for case in cases() if (case.path / "after").is_dir()]
every_case = pytest.mark.parametrize("case", PATCHED, ids=lambda case: case.name)
MANNERS = (Manner(), Manner(upper=False), Manner(True, False), Manner(True, False, "ci(release)", "chore"))
HEADER = re.compile(r"(?:ci|build|chore)(?:\([\w-]+\))?: [^A-Z\s].*")
IDENTITY = ("-c", "user.name=x", "-c", "user.email=x@x.invalid")


@every_case
@pytest.mark.parametrize("manner", MANNERS, ids=["plain", "lower", "conventional", "scoped"])
def test_messages_keep_to_the_form(case: Case, manner: Manner, tmp_path: Path) -> None:
    result, _ = outcome(lay(case.before(), tmp_path / "tree"), case.options)
    series = commits(result)
    texts = messages(series, result, manner)
    assert len(texts) == len(series) and len({text.split("\n")[0] for text in texts}) == len(texts)
    for commit, text in zip(series, texts, strict=True):
        subject, blank, *body = text.split("\n")
        assert len(subject) <= 72 and not subject.endswith((".", "…")) and blank == ""
        assert not manner.conventional or HEADER.fullmatch(subject)
        assert manner.conventional or subject[:1].isupper() is manner.upper
        assert all(len(line) <= 100 and line == line.rstrip() and not line.startswith("#") for line in body)
        assert text.endswith("\n") and not text.endswith("\n\n") and "\n\n\n" not in text
        assert text == shown(text)
        words = " ".join(text.split())
        assert any(path in words for path in commit.paths) and "git revert" in text


@every_case
def test_going_back_is_the_command_that_the_message_says(case: Case, tmp_path: Path) -> None:
    """Each commit, and all that was built on it, in one command; the first one's undoes all in its files."""
    root = lay(case.before(), tmp_path / "tree")
    result, _ = outcome(root, case.options)
    series = commits(result)
    git(root, "init", "-q")
    git(root, "config", "core.autocrlf", "false")
    _commit(root, "Before")
    for commit, text in zip(series, messages(series, result, Manner(True, False, "ci(release)")), strict=True):
        for before, after in commit.files:
            (root / before.path).unlink()
            (root / after.path).write_bytes(after.raw)
        _commit(root, text)
    first = messages(series, result, Manner(True, False, "ci(release)"))[0]
    found = re.search(r"(?m)^  git revert (?:.*\\\n)*.*$", first)
    assert found is not None
    command = found.group().replace("git revert", "git revert --no-edit")
    environment = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@x", "GIT_COMMITTER_NAME": "x"}
    run = subprocess.run(
        ["sh", "-c", command],
        cwd=root,
        env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_EMAIL": "x@x", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    for before, _ in series[0].files:
        assert (root / before.path).read_bytes() == case.before()[before.path]


@every_case
def test_nothing_is_called_lacking_that_a_later_commit_brings(case: Case, tmp_path: Path) -> None:
    result, _ = outcome(lay(case.before(), tmp_path / "tree"), case.options)
    texts = messages(commits(result), result, Manner())
    lacks = [lack for each in result.after.publications for lack in each.lacks if lack.topic != "scope"]
    assert lacks or not any("Not enough yet" in text or "To be checked in job" in text for text in texts)


def _commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    subprocess.run(["git", *IDENTITY, "commit", "-q", "-F", "-"], cwd=root, input=message.encode(), check=True)
