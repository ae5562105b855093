"""`--commit`, `--branch`, `--push` and `--pull-request` from the command line to a remote and a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

import tp_fix.report
from github_server import GitHub, served
from golden import GOLDEN, Case, lay
from test_command_line import tp_fix_run
from tp_fix.git.process import git
from tp_fix.options import BRANCH

CASE = Case(GOLDEN / "together" / "both-rules-in-rounds")
WORKFLOW = ".github/workflows/release.yml"
SCHEMA = json.loads((Path(tp_fix.report.__file__).parent / "schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with something to do, and a bare one as its origin."""
    root = lay(CASE.before(), tmp_path / "repo")
    origin = tmp_path / "origin.git"
    git(str(tmp_path), "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    git(str(root), "init", "--quiet", "--initial-branch=main")
    for key, value in (("user.name", "Octo"), ("user.email", "octo@example.invalid"), ("commit.gpgSign", "false")):
        git(str(root), "config", key, value)
    git(str(root), "remote", "add", "origin", str(origin))
    git(str(root), "add", "--all")
    git(str(root), "commit", "--quiet", "--message=ci: a release workflow")
    git(str(root), "push", "--quiet", "origin", "main")
    return root


@pytest.fixture
def hub() -> Iterator[GitHub]:
    with served(GitHub()) as hub:
        yield hub


def said(root: Path, *args: str) -> str:
    return git(str(root), *args).out.strip()


def shot(root: Path) -> tuple[object, ...]:
    """All of a checkout that a branch of its own must leave alone."""
    files = {path: path.read_bytes() for path in root.rglob("*") if ".git" not in path.parts and path.is_file()}
    states = ("rev-parse HEAD", "symbolic-ref HEAD", "status --porcelain=v2", "stash list", "ls-files --stage")
    return files, said(root, "worktree", "list"), *(said(root, *state.split()) for state in states)


def propose(repo: Path, hub: GitHub, *args: str) -> tuple[int, str]:
    options = ("--apply", "--branch", "--pull-request", "--repository", hub.name, *args)
    done = tp_fix_run(*options, cwd=repo, GH_TOKEN="t0ken", GITHUB_API_URL=hub.address, PATH="/usr/bin:/bin")
    assert "t0ken" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_branch_of_its_own_leaves_the_checkout_alone(repo: Path) -> None:
    before = shot(repo)
    done = tp_fix_run("--apply", "--commit", "--branch", cwd=repo)
    assert shot(repo) == before
    assert f"committed on the branch {BRANCH}, from main:" in done.stdout
    assert len(said(repo, "log", "--format=%s", f"main..{BRANCH}").splitlines()) == 3
    for path, raw in CASE.after().items():
        assert git(str(repo), "show", f"{BRANCH}:{path}").raw == raw
    assert not (repo / ".tp-fix").exists()


def test_the_current_branch_moves_once_and_all_is_clean(repo: Path) -> None:
    old = said(repo, "rev-parse", "HEAD")
    done = tp_fix_run("--apply", "--commit", cwd=repo)
    assert "committed on main:" in done.stdout
    assert said(repo, "status", "--porcelain") == ""
    assert {path: (repo / path).read_bytes() for path in CASE.after()} == CASE.after()
    assert said(repo, "rev-parse", "HEAD~3", "HEAD@{1}").splitlines() == [old, old]


def test_without_apply_the_messages_are_shown_and_nothing_is_made(repo: Path) -> None:
    before = shot(repo), said(repo, "for-each-ref")
    done = tp_fix_run("--branch", "--pull-request", cwd=repo)
    assert f"would be committed on the branch {BRANCH}, from main:" in done.stdout
    assert "would open a pull request:" in done.stdout
    assert (shot(repo), said(repo, "for-each-ref")) == before


def test_nothing_to_do_makes_no_branch(repo: Path) -> None:
    (repo / WORKFLOW).write_bytes(CASE.after()[WORKFLOW])
    git(str(repo), "commit", "--quiet", "--all", "--message=done")
    done = tp_fix_run("--apply", "--branch", "--push", cwd=repo)
    assert "committed" not in done.stdout + done.stderr
    assert said(repo, "for-each-ref", "refs/heads", "--format=%(refname:short)") == "main"


def test_a_pull_request_is_opened_once_and_kept_up_to_date(repo: Path, hub: GitHub) -> None:
    status, text = propose(repo, hub)
    assert (status, len(hub.pulls)) == (1, 1)
    assert f"opened a pull request: https://github.com/{hub.name}/pull/1" in text
    assert (hub.pulls[0]["head"]["ref"], hub.pulls[0]["base"]["ref"]) == (BRANCH, "main")

    status, text = propose(repo, hub)
    assert (status, len(hub.pulls)) == (1, 1)
    assert "there already, with just this" in text
    assert "the open pull request says all of it already" in text

    (repo / WORKFLOW).write_bytes(b"# Releases.\n" + (repo / WORKFLOW).read_bytes())
    git(str(repo), "commit", "--quiet", "--all", "--message=ci: a comment")
    tip = said(repo, "rev-parse", BRANCH)
    status, text = propose(repo, hub)
    assert (status, said(repo, "rev-parse", BRANCH)) == (2, tip)
    assert f"the branch {BRANCH} exists ({tip[:10]}" in text

    hub.pulls[0]["body"] = "an older text"
    status, text = propose(repo, hub, "--force")
    assert (status, len(hub.pulls)) == (1, 1)
    assert f"git branch --force {BRANCH} {tip[:10]} brings it back" in text
    assert said(repo, "ls-remote", "origin", BRANCH).startswith(said(repo, "rev-parse", BRANCH))
    assert hub.pulls[0]["body"] != "an older text"


def test_what_the_remote_refuses_is_said_and_the_branch_stays(repo: Path, hub: GitHub) -> None:
    git(str(repo), "remote", "set-url", "origin", str(repo.parent / "gone.git"))
    status, text = propose(repo, hub)
    assert status == 2
    assert "the local branch stays" in text
    assert not hub.asked
    assert said(repo, "rev-parse", "--verify", BRANCH)


def test_json_says_where_the_commits_are(repo: Path, hub: GitHub) -> None:
    for args in (("--branch", "--pull-request"), ("--apply", "--branch", "--pull-request"), ("--apply",)):
        done = tp_fix_run(
            *args, "--format", "json", "--repository", hub.name, cwd=repo, GH_TOKEN="t", GITHUB_API_URL=hub.address
        )
        report = json.loads(done.stdout)
        jsonschema.validate(report, SCHEMA)
        if "--branch" not in args:
            assert report["branch"] is None
            continue
        names = [commit["name"] for commit in report["branch"]["commits"]]
        made = said(repo, "rev-list", "--reverse", f"main..{BRANCH}").split() if "--apply" in args else [None] * 3
        assert names == made
        assert (report["branch"]["pull_request"] is None) is ("--apply" not in args)


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("--push",), "--push is about a branch that tp-fix makes"),
        (("--commit", "--pull-request"), "--pull-request is about a branch that tp-fix makes"),
        (("--apply", "--force"), "--force is about a branch that tp-fix makes"),
        (("--apply", "--no-verify"), "--no-verify is about commits"),
        (("--commit", "--show-settings"), "--show-settings makes no commits"),
        (("--commit", "--write-baseline"), "--write-baseline and --commit contradict each other"),
        (("--apply", "--branch", "--push", "elsewhere"), "--push elsewhere:"),
    ],
)
def test_options_that_have_nothing_to_be_about(repo: Path, args: tuple[str, ...], line: str) -> None:
    done = tp_fix_run(*args, cwd=repo)
    assert (done.returncode, done.stdout) == (2, "")
    assert line in done.stderr
    assert said(repo, "for-each-ref", "refs/heads", "--format=%(refname:short)") == "main"
