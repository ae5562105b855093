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


@pytest.mark.parametrize(
    ("step", "npmrc", "said"),
    [
        ("run: npm publish", "", None),
        ("run: npm publish --provenance", "provenance=false", True),
        ("run: npm publish --no-provenance", "provenance=true", False),
        ("{run: npm publish, env: {NPM_CONFIG_PROVENANCE: false}}", "provenance=true", False),
        ("{run: npm publish, env: {npm_config_provenance: 'true'}}", "", True),
        ("{run: npm publish, env: {NPM_CONFIG_PROVENANCE: '${{ inputs.sign }}'}}", "provenance=false", None),
        ("run: npm publish", "provenance=true\nprovenance=false", False),
        ("run: npm publish", "//npm.example/:provenance=false", None),
    ],
)
def test_what_is_said_about_provenance(step: str, npmrc: str, said: bool | None, tmp_path: Path) -> None:
    workflow = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"
    files = {
        ".github/workflows/a.yml": workflow.encode(),
        "package.json": b'{"name": "a"}',
        ".npmrc": f"{npmrc}\n".encode(),
    }
    root = lay(files, tmp_path / "r")
    (publication,) = Model(Repository(str(root), walk(str(root)))).publications
    assert publication.provenance is said


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"name": "@octo/a", "name": "@octo/b"}', b"\xff"])
def test_a_manifest_that_cannot_be_read_is_one_line_and_no_finding(broken: bytes, tmp_path: Path) -> None:
    files = {
        ".github/workflows/release.yml": WORKFLOW.encode(),
        "package.json": b'{"name": "root"}',
        "packages/a/package.json": broken,
    }
    root = lay(files, tmp_path / "r")
    repository = Repository(str(root), walk(str(root)), SOURCE, given=True)
    assert list(repository_url.check(Model(repository))) == []
    assert [problem.path for problem in repository.problems] == ["packages/a/package.json"]
