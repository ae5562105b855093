"""The branch that commits go to: what it may be called, and what happens to one that is there already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrations import BRANCH, RELEASE, WORKFLOW, Repo, left_behind, release, settled


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    home = settled(monkeypatch, tmp_path)
    yield home
    assert left_behind(home) == []


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return release(tmp_path / "repo")


def test_one_with_the_same_content_is_said_and_stays(repo: Repo) -> None:
    assert repo.run("--branch").status == 0
    before = repo.state()
    run = repo.run("--branch")
    assert run.status == 0
    assert f"the branch {BRANCH} is there already, with just this" in run.out
    assert repo.state() == before
    assert repo.run("--branch", "--force").status == 0
    assert repo.state() == before


def test_another_one_is_refused_and_force_says_what_it_replaces(repo: Repo) -> None:
    repo.git("branch", BRANCH)
    repo.git("switch", "--quiet", BRANCH)
    repo.git("commit", "--quiet", "--allow-empty", "--message=docs: mine")
    tip = repo.git("rev-parse", "HEAD").strip()
    repo.git("switch", "--quiet", "main")
    before = repo.state()
    run = repo.run("--branch")
    assert run.status == 2 and repo.state() == before
    assert run.err == (
        f"tp-fix: the branch {BRANCH} exists ({tip[:10]} docs: mine), and is not what would be made now\n"
        "  --force replaces it; --branch-name makes another one\n"
    )
    run = repo.run("--branch", "--force")
    assert run.status == 0
    back = f"git branch --force {BRANCH} {tip[:10]}"
    assert f"it replaces what {BRANCH} was: {tip[:10]} docs: mine; {back} brings it back\n" in run.out
    repo.git(*back.split()[1:])
    assert repo.state() == before


def test_one_that_is_checked_out_is_not_moved(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", "-b", BRANCH, str(tmp_path / "mine"))
    before = repo.state()
    for args in (("--branch",), ("--branch", "--force")):
        run = repo.run(*args)
        assert run.status == 2 and repo.state() == before
        assert run.err.startswith(f"tp-fix: the branch {BRANCH} is checked out in {tmp_path}/mine\n")
    assert f"the branch main is checked out in {repo.root}\n" in repo.run("--branch-name", "main").err


@pytest.mark.parametrize("name", ["HEAD", "-x", "@{-1}", "@", "a..b", "a b", "x.lock", "/x", "x/", "", "a~1", "x\n"])
def test_a_name_that_cannot_be(repo: Repo, name: str) -> None:
    repo.git("checkout", "--quiet", "-b", "other")
    before = repo.state()
    run = repo.run(f"--branch-name={name}")
    assert run.status == 2 and repo.state() == before
    assert "cannot be the name of a branch\n  for example tp-fix/trusted-publishing\n" in run.err


def test_a_whole_path_of_gits(repo: Repo) -> None:
    before = repo.state()
    run = repo.run("--branch-name", "refs/heads/x")
    assert run.err == "tp-fix: 'refs/heads/x' is a whole path of git's\n  --branch-name x\n"
    assert repo.state() == before


@pytest.mark.parametrize("other", ["tp-fix", f"{BRANCH}/more"])
def test_a_name_that_another_branch_keeps_from_being(repo: Repo, other: str) -> None:
    repo.git("branch", other)
    before = repo.state()
    run = repo.run("--branch")
    assert run.status == 2 and repo.state() == before
    assert run.err == (
        f"tp-fix: the branch {other} is there, and git cannot have {BRANCH} beside it\n"
        "  choose another name with --branch-name\n"
    )


@pytest.mark.parametrize("name", ["Zürich", "a/b/c", "@x", "tags/v1", "v1"])
def test_names_that_can_be(repo: Repo, name: str) -> None:
    repo.git("tag", "v1")
    assert repo.run("--branch-name", name).status == 0
    assert repo.git("rev-list", "--count", f"main..refs/heads/{name}") == "2\n"


def test_it_starts_from_the_commit_that_is_checked_out(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "feature")
    repo.write("more", "x")
    repo.commit("feat: more")
    run = repo.run("--branch")
    assert f"committed on the branch {BRANCH}, from feature:\n" in run.out
    assert repo.git("rev-parse", f"{BRANCH}~2") == repo.git("rev-parse", "feature")


def test_the_reflog_says_who_it_was(repo: Repo) -> None:
    assert repo.run("--commit").status == 0
    assert repo.git("reflog", "show", "main").splitlines()[0].endswith("main@{0}: tp-fix: trusted publishing")
    assert repo.git("reflog", "show", "HEAD").splitlines()[0].endswith("HEAD@{0}: tp-fix: trusted publishing")
    repo.git("reset", "--quiet", "--hard", "HEAD@{1}")
    assert (repo.root / RELEASE).read_text() == WORKFLOW


def test_every_commit_is_one_step_upon_the_one_before(repo: Repo) -> None:
    assert repo.run("--branch").status == 0
    assert repo.numbers(f"{BRANCH}~1", "main") == repo.numbers(BRANCH, f"{BRANCH}~1") == f"1\t0\t{RELEASE}\n"
    repo.git("fsck", "--strict")
