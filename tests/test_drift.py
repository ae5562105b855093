"""npm's side against this one, from the command line to the disk: what golden cases cannot state."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from test_against import GITLAB, ONE, printed
from test_command_line import git, report, tp_fix_run
from test_killed import KILLED

WORKFLOWS = Path(".github") / "workflows"
RELEASE = """\
name: Release
on:
  push: {tags: ["v*"]}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: npm
    permissions: {contents: read, id-token: write}
    steps:
      - uses: actions/checkout@v6
      - run: npm publish
"""
CI = """\
name: CI
on:
  push:
    paths: ["src/**", ".github/workflows/release.yml"]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
"""
RENAME = ("--select", "trusted-publisher", "--unsafe", "--prefer", "renamed-workflow", "--against")


def laid(root: Path, publisher: dict[str, object]) -> Path:
    (root / WORKFLOWS).mkdir(parents=True)
    (root / WORKFLOWS / "release.yml").write_text(RELEASE)
    (root / WORKFLOWS / "ci.yml").write_text(CI)
    (root / "package.json").write_text('{"name": "octo-pkg", "version": "1.0.0"}\n')
    (root / "npm.json").write_text(printed(publisher))
    return root


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = laid(tmp_path / "repo", {**ONE, "file": "Release.yaml"})
    git(root, "init", "-q")
    git(root, "remote", "add", "origin", "git@github.com:octo-org/octo-repo.git")
    return root


def messages(root: Path, text: str) -> list[tuple[str, str, str]]:
    (root / "npm.json").write_text(text)
    found = report(root, "--select", "trusted-publisher", "--against", "npm.json", "--repository", "octo-org/octo-repo")
    return [(each["level"], each["message"], (each["fix"] or {"title": ""})["title"]) for each in found["findings"]]


def test_a_publisher_that_fits_is_no_finding(repo: Path) -> None:
    assert messages(repo, printed(ONE)) == []


def test_none_where_a_list_was_given_and_is_empty(repo: Path) -> None:
    ((level, message, title),) = messages(repo, "")
    assert (level, message) == (
        "error",
        "npm has no trusted publisher for octo-pkg (npm.json); `release.yml` publishes it",
    )
    made = (
        "npm trust github octo-pkg --file release.yml --repository octo-org/octo-repo --environment npm --allow-publish"
    )
    assert title == f"tell npm: `{made}`"


def test_another_ci_is_none_of_ours_unless_it_is_alone(repo: Path) -> None:
    ((level, message, title),) = messages(repo, printed(GITLAB))
    assert level == "error" and message.startswith("npm trusts GitLab CI to publish octo-pkg (npm.json)")
    assert "`npm trust revoke octo-pkg --id=d4`" in title
    assert messages(repo, printed(GITLAB, ONE)) == []


def test_npms_own_number_is_in_the_command_and_other_actions_stay_allowed(repo: Path) -> None:
    ((_, _, title),) = messages(repo, printed({**ONE, "file": "x.yml"}))
    assert title.startswith(
        "tell npm: `npm trust revoke octo-pkg --id=b1a2`, `npm trust github octo-pkg --file release.yml "
    )
    assert "--allow-publish --allow-stage-publish`" in title


def test_a_clone_of_a_fork_is_compared_with_the_repository_that_it_is_a_fork_of(repo: Path) -> None:
    git(repo, "remote", "set-url", "origin", "git@github.com:somebody/octo-repo.git")
    git(repo, "remote", "add", "upstream", "git@github.com:octo-org/octo-repo.git")
    (repo / "npm.json").write_text(printed(ONE))
    assert report(repo, "--select", "trusted-publisher", "--against", "npm.json")["findings"] == []


def test_a_rename_is_applied_once_and_reported_for_machines(repo: Path) -> None:
    found = report(repo, *RENAME, "npm.json")
    assert [(each["path"], each["new_path"]) for each in found["files"]] == [
        (".github/workflows/ci.yml", ".github/workflows/ci.yml"),
        (".github/workflows/release.yml", ".github/workflows/Release.yaml"),
    ]
    assert tp_fix_run(*RENAME, "npm.json", "--apply", cwd=repo).returncode == 0
    assert sorted(os.listdir(repo / WORKFLOWS)) == ["Release.yaml", "ci.yml"]
    assert (repo / WORKFLOWS / "ci.yml").read_text() == CI.replace("release.yml", "Release.yaml")
    assert tp_fix_run(*RENAME, "npm.json", "--apply", cwd=repo).stdout == "tp-fix: nothing to do\n"


def test_git_takes_the_diff_of_the_command(repo: Path) -> None:
    diff = tp_fix_run(*RENAME, "npm.json", "--format", "diff", cwd=repo).stdout
    assert "rename to .github/workflows/Release.yaml\n" in diff
    subprocess.run(["git", "apply", "-"], cwd=repo, input=diff.encode(), check=True)
    assert sorted(os.listdir(repo / WORKFLOWS)) == ["Release.yaml", "ci.yml"]


def test_a_rename_is_a_commit_that_git_follows(repo: Path) -> None:
    git(repo, "config", "user.name", "x")
    git(repo, "config", "user.email", "x@x.invalid")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "x")
    run = tp_fix_run(*RENAME, "npm.json", "--apply", "--commit", cwd=repo)
    assert run.returncode == 0, run.stderr
    show = ["git", "show", "-M", "--name-status", "--format="]
    named = subprocess.run(show, cwd=repo, capture_output=True, text=True, check=True).stdout
    assert sorted(named.splitlines()) == [
        "M\t.github/workflows/ci.yml",
        "R100\t.github/workflows/release.yml\t.github/workflows/Release.yaml",
    ]
    status = subprocess.run(["git", "status", "--porcelain"], cwd=repo, capture_output=True, text=True, check=True)
    assert status.stdout == ""


def test_an_ignored_file_of_that_name_is_in_the_way(repo: Path) -> None:
    (repo / ".gitignore").write_text("release.YAML\n")
    (repo / WORKFLOWS / "release.YAML").write_text("mine\n")
    run = tp_fix_run(*RENAME, "npm.json", "--apply", cwd=repo)
    assert run.returncode == 1 and "there is .github/workflows/release.YAML" in run.stdout
    assert sorted(os.listdir(repo / WORKFLOWS)) == ["ci.yml", "release.YAML", "release.yml"]


def test_a_narrowed_run_renames_nothing_whose_references_lie_outside(repo: Path) -> None:
    run = tp_fix_run(*RENAME, "npm.json", "--workflow", "release.yml", "--apply", cwd=repo)
    assert "ci.yml lies outside of what the command line names" in run.stdout
    assert sorted(os.listdir(repo / WORKFLOWS)) == ["ci.yml", "release.yml"]


def test_the_baseline_knows_a_finding_by_the_name_on_disk(repo: Path) -> None:
    tp_fix_run("--write-baseline", cwd=repo)
    rules = ("--unsafe", "--prefer", "renamed-workflow", "--against", "npm.json")
    found = report(repo, *rules)["findings"]
    other = [each for each in found if each["rule"] != "trusted-publisher"]
    assert other and {each["path"] for each in other} <= {".github/workflows/release.yml", "package.json"}
    assert not [each for each in other if each["level"] != "note" and (each["fix"] or {}).get("status") != "planned"]


def test_it_can_be_declined(repo: Path) -> None:
    run = tp_fix_run(*RENAME, "npm.json", "--interactive", cwd=repo, stdin="n\n")
    assert "rename to .github/workflows/Release.yaml" in run.stderr and "fix, declined" in run.stdout
    assert sorted(os.listdir(repo / WORKFLOWS)) == ["ci.yml", "release.yml"]
    both = tp_fix_run("--interactive", "--against", "-", cwd=repo)
    assert both.returncode == 2 and "--against - too" in both.stderr


def test_npms_form_is_no_step_any_more_where_npm_has_it(repo: Path) -> None:
    token = RELEASE + "        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n"
    (repo / WORKFLOWS / "release.yml").write_text(token)
    assert "npm: give octo-pkg" in "\n".join(report(repo)["next"])
    (repo / "npm.json").write_text(printed(ONE))
    assert "npm: give octo-pkg" not in "\n".join(report(repo, "--against", "npm.json")["next"])


def test_the_preflight_list_knows_what_npm_has(repo: Path) -> None:
    table = '[[publisher]]\npackage = "octo-pkg"\nrepository = "octo-org/octo-repo"\nworkflow = "release.yml"\n'
    for environment, said in (("npm", "✓ trusted publisher"), ("other", "✗ trusted-publisher")):
        (repo / "tp-fix.toml").write_text(f'{table}environment = "{environment}"\n')
        run = tp_fix_run("check", "--repository", "octo-org/octo-repo", cwd=repo)
        assert said in run.stdout and "tp-fix.toml:1" in run.stdout


def states(root: Path) -> dict[str, str]:
    return {name: (root / WORKFLOWS / name).read_text() for name in os.listdir(root / WORKFLOWS) if name[0] != "."}


def test_a_kill_leaves_the_file_under_one_name_and_a_second_run_finishes(tmp_path: Path) -> None:
    old = {"ci.yml": CI, "release.yml": RELEASE}
    new = {"ci.yml": CI.replace("release.yml", "Release.yaml"), "Release.yaml": RELEASE}
    kills, status = 0, -1
    for moment in range(100):
        root = laid(tmp_path / str(moment), {**ONE, "file": "Release.yaml"})
        command = [sys.executable, "-c", KILLED, str(moment), *RENAME, str(root / "npm.json"), "--apply", str(root)]
        status = subprocess.run(command, capture_output=True, check=False).returncode
        found = states(root)
        assert found.keys() in (old.keys(), new.keys()), f"two names or none after {moment} events"
        assert all(text in (old.get(name), new.get(name)) for name, text in found.items())
        if status == 0:
            break
        assert status == -signal.SIGKILL
        kills += 1
        subprocess.run([sys.executable, "-m", "tp_fix", *command[4:]], capture_output=True, check=False)
        assert states(root) == new
    assert kills >= 4 and status == 0
