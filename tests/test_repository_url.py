"""The rule `repository-url` where more than one remote, or none, says what the repository is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golden import lay
from tp_fix.git.listing import walk
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.node import Data
from tp_fix.rule import Applicability, Finding
from tp_fix.rules.repository_url import repository_url

WORKFLOW = """on: push
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - run: npm publish
        working-directory: packages/a
"""
MINE, SOURCE = "octo-me/octo-repo", "octo-org/octo-repo"


def found(root: Path, field: Data, name: str | None, *remotes: str, given: bool = False) -> list[Finding]:
    manifest: dict[str, Data] = {"name": "@octo/a", "version": "1.0.0"}
    if field is not None:
        manifest["repository"] = field
    files = {
        ".github/workflows/release.yml": WORKFLOW.encode(),
        "packages/a/package.json": json.dumps(manifest).encode(),
    }
    repository = Repository(str(lay(files, root)), walk(str(root)), name, given=given, remotes=remotes)
    return list(repository_url.check(Model(repository)))


def only(root: Path, field: Data, name: str | None, *remotes: str, given: bool = False) -> Finding:
    (finding,) = found(root, field, name, *remotes, given=given)
    return finding


def test_in_a_fork_the_upstream_remote_is_right(tmp_path: Path) -> None:
    finding = only(tmp_path / "r", SOURCE, MINE, MINE, SOURCE)
    assert (finding.severity, finding.fix) == ("note", None)
    assert "another remote" in finding.message


def test_another_case_of_any_remote_is_a_note(tmp_path: Path) -> None:
    finding = only(tmp_path / "r", SOURCE.upper(), MINE, MINE, SOURCE)
    assert (finding.severity, finding.fix) == ("note", None)
    assert f"the git remote {SOURCE}" in finding.message


def test_a_name_that_is_given_speaks_louder_than_remotes_but_not_safely(tmp_path: Path) -> None:
    finding = only(tmp_path / "r", SOURCE, MINE, MINE, SOURCE, given=True)
    assert finding.severity == "error"
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE
    assert finding.fix.reason == (
        f"it assumes that it is published from {MINE}, and not from {SOURCE}, another remote of this clone"
    )


def test_the_case_that_is_given_is_safe_whatever_the_remote_says(tmp_path: Path) -> None:
    finding = only(tmp_path / "r", SOURCE, "Octo-Org/octo-repo", SOURCE, given=True)
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.SAFE


@pytest.mark.parametrize("field", [SOURCE, SOURCE.upper(), "gitlab:a/b", {"url": "git@github.com:a/b.git"}])
def test_without_a_name_nothing_is_said_of_what_is_there(field: Data, tmp_path: Path) -> None:
    assert found(tmp_path / "r", field, None) == []


def test_without_a_name_what_to_add_is_shown(tmp_path: Path) -> None:
    finding = only(tmp_path / "r", None, None)
    assert finding.severity == "error"
    assert finding.fix is not None
    assert (finding.fix.applicability, finding.fix.changes) == (Applicability.DISPLAY, ())
    assert finding.fix.reason.endswith(
        'add "repository": {"type": "git", "url": "git+https://github.com/OWNER/NAME.git", "directory": "packages/a"}'
    )


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    finding = only(tmp_path / "r", "https://me:secret@github.com/a/b.git", SOURCE, given=True)
    assert "secret" not in finding.message
    assert "https://…@github.com/a/b.git" in finding.message


@pytest.mark.parametrize("field", [["octo-org/octo-repo"], 5, True])
def test_what_is_no_string_and_no_object_is_not_edited(field: Data, tmp_path: Path) -> None:
    finding = only(tmp_path / "r", field, SOURCE, given=True)
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.DISPLAY
