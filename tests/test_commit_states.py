"""Commits and the state that a checkout can be in: what keeps them from being made, and what they leave alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from migrations import BRANCH, RELEASE, WORKFLOW, Repo, Run, left_behind, release, settled
from tp_fix.git import checkout as checkout_module

STOPPED = 2
WHERE = pytest.mark.parametrize("where", ["--branch", "--commit"])


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    home = settled(monkeypatch, tmp_path)
    yield home
    assert left_behind(home) == []


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return release(tmp_path / "repo")


def unchanged(repo: Repo, *args: str, path: str = "") -> Run:
    """A run that stops and leaves everything as it was."""
    before = repo.state()
    run = repo.run(*args, path=path)
    assert run.status == STOPPED, run
    assert repo.state() == before
    return run


def branched(repo: Repo, *args: str, path: str = "") -> Run:
    """A run that makes the branch, with both commits, and touches nothing of the checkout."""
    before = repo.checkout_state()
    run = repo.run("--branch", *args, path=path)
    assert run.status == 0, run.err
    assert repo.checkout_state() == before
    assert len(repo.git("rev-list", f"HEAD..{BRANCH}").split()) == 2
    assert repo.numbers() == f"2\t0\t{RELEASE}\n"
    return run


def committed(repo: Repo, *args: str) -> Run:
    """A run that commits on what HEAD is, after which git sees nothing that is not committed."""
    head = repo.git("rev-parse", "HEAD").strip()
    run = repo.run("--commit", *args)
    assert run.status == 0, run.err
    assert len(repo.git("rev-list", f"{head}..HEAD").split()) == 2
    assert repo.numbers("HEAD", head) == f"2\t0\t{RELEASE}\n"
    assert repo.git("status", "--porcelain") == ""
    return run


# What is not committed


DIRTY: dict[str, Callable[[Repo], object]] = {
    "staged": lambda repo: (repo.write("other", "new"), repo.git("add", "other")),
    "unstaged": lambda repo: repo.write("tracked", "changed"),
    "untracked": lambda repo: repo.write("untracked", "x"),
    "intent to add": lambda repo: (repo.write("other", "new"), repo.git("add", "--intent-to-add", "other")),
    "deleted": lambda repo: (repo.root / "tracked").unlink(),
    "removed": lambda repo: repo.git("rm", "--quiet", "tracked"),
    "renamed": lambda repo: repo.git("mv", "tracked", "moved"),
    "mode": lambda repo: (repo.root / "tracked").chmod(0o755),
    "assumed unchanged": lambda repo: (
        repo.git("update-index", "--assume-unchanged", "tracked"),
        repo.write("tracked", "changed"),
    ),
    "stashed": lambda repo: (repo.write("tracked", "stashed"), repo.git("stash")),
}


@pytest.mark.parametrize("name", DIRTY)
def test_what_else_is_dirty_stays_as_it_is(repo: Repo, name: str) -> None:
    repo.write("tracked", "x\n")
    repo.commit("chore: more")
    DIRTY[name](repo)
    before = repo.checkout_state()
    assert repo.run("--branch").status == 0
    assert repo.checkout_state() == before
    assert repo.run("--commit").status == 0
    assert repo.numbers("HEAD", "HEAD~2") == f"2\t0\t{RELEASE}\n"
    after = repo.checkout_state()
    for part in ("files", "index", "status"):
        assert without_release(after[part]) == without_release(before[part])
    assert after["stash"] == before["stash"]


def without_release(part: object) -> list[str]:
    """One part of a state in lines, without the workflow, and without the commit that HEAD is."""
    if isinstance(part, str):
        lines = part.splitlines()
    else:
        assert isinstance(part, dict)
        lines = [f"{path} {what}" for path, what in part.items()]
    return [line for line in lines if RELEASE not in line and "branch.oid" not in line]


TARGET: dict[str, tuple[str, Callable[[Repo], object]]] = {
    "staged only": (
        "has changes",
        lambda repo: (
            repo.write(RELEASE, WORKFLOW + "# x\n"),
            repo.git("add", "--all"),
            repo.write(RELEASE, WORKFLOW),
        ),
    ),
    "unstaged only": ("has changes", lambda repo: repo.write(RELEASE, WORKFLOW + "# x\n")),
    "deleted": ("has changes", lambda repo: (repo.root / RELEASE).unlink()),
    "mode": ("has changes", lambda repo: (repo.root / RELEASE).chmod(0o755)),
    "unseen": (
        "is not in the working tree as git checks it out",
        lambda repo: (
            repo.git("update-index", "--assume-unchanged", RELEASE),
            repo.write(RELEASE, WORKFLOW + "# x\n"),
        ),
    ),
}


@pytest.mark.parametrize("name", TARGET)
def test_a_dirty_target_is_refused_by_name_and_the_rest_goes_on(repo: Repo, name: str) -> None:
    other = ".github/workflows/other.yml"
    repo.write(other, WORKFLOW)
    repo.commit("ci: another")
    said, dirty = TARGET[name]
    dirty(repo)
    status = repo.git("status", "--porcelain")
    run = repo.run("--commit", "--select", "id-token")
    assert run.status == 1
    assert f"({RELEASE} {said}" in run.out
    assert repo.numbers("HEAD", "HEAD~1") == f"1\t0\t{other}\n"
    assert repo.git("status", "--porcelain") == status


@pytest.mark.parametrize("name", [name for name in TARGET if name != "unseen"])
def test_a_branch_is_made_of_head_and_says_what_it_did_not_read(repo: Repo, name: str) -> None:
    TARGET[name][1](repo)
    run = branched(repo)
    assert f"{RELEASE} has changes that are not committed, and was read as HEAD has it\n" in run.out


@WHERE
def test_an_untracked_workflow_is_left_out_and_said(repo: Repo, where: str) -> None:
    repo.write(".github/workflows/new.yml", WORKFLOW)
    run = repo.run(where)
    assert run.status == 0
    assert ".github/workflows/new.yml is not committed yet, and was left out\n" in run.out
    assert "new.yml" not in repo.numbers(BRANCH if where == "--branch" else "HEAD", "main~0")


UNDER_WAY: dict[str, tuple[str, Callable[[Repo], object]]] = {
    "merge": ("a merge", lambda repo: repo.git("merge", "--no-commit", "--no-ff", "side")),
    "rebase": ("a rebase", lambda repo: repo.git("rebase", "--exec", "false", "--force-rebase", "side", check=False)),
    "cherry-pick": ("a cherry-pick", lambda repo: repo.git("cherry-pick", "side", check=False)),
    "revert": ("a revert", lambda repo: repo.git("revert", "--no-edit", "main~1", check=False)),
    "bisect": ("a bisection", lambda repo: repo.git("bisect", "start", "main", "main~1")),
}


@pytest.mark.parametrize("name", UNDER_WAY)
def test_something_is_under_way(repo: Repo, name: str) -> None:
    repo.write("a", "1")
    repo.commit("one")
    repo.git("checkout", "--quiet", "-b", "side", "main~1")
    repo.write("a", "2")
    repo.write("b", "2")
    repo.commit("two")
    repo.git("checkout", "--quiet", "main")
    repo.write("a" if name != "merge" else "c", "3")
    repo.commit("three")
    if name == "merge":
        repo.git("reset", "--quiet", "--hard", "main~2")
        repo.write("d", "x")
        repo.commit("four")
    said, begin = UNDER_WAY[name]
    begin(repo)
    assert (
        f"{repo.root}: {said} is under way here, and a commit would get in between" in unchanged(repo, "--commit").err
    )
    before = repo.checkout_state()
    assert repo.run("--branch").status == 0
    assert repo.checkout_state() == before
    assert repo.git("merge-base", BRANCH, "HEAD") == repo.git("rev-parse", "HEAD")


# Kinds of repositories


def test_a_detached_head(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "--detach")
    branched(repo)
    assert "committed on a detached HEAD, which no branch holds" in committed(repo).out
    assert repo.git("rev-parse", "main") != repo.git("rev-parse", "HEAD")


@WHERE
def test_no_commit_yet(tmp_path: Path, where: str) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write(RELEASE, WORKFLOW)
    run = repo.run(where)
    assert run.status == STOPPED
    assert run.err == (
        f"tp-fix: {repo.root}: there is no commit yet to build on\n  commit what is there, then run this again\n"
    )


def test_not_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    repo = Repo.at(folder)
    assert repo.run("--commit").err == f"tp-fix: {folder}: not a git repository, and commits need one\n"
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    assert "GIT_DIR and GIT_WORK_TREE name one, and tp-fix goes by folders alone" in repo.run("--commit").err


def test_no_git(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert repo.run("--branch").err == f"tp-fix: {repo.root}: git is not installed, and commits need one\n"


@pytest.mark.parametrize(("said", "old"), [("2.33.9", True), ("2.34.0", False), ("3.0.0.rc1", False)])
def test_an_old_git(repo: Repo, monkeypatch: pytest.MonkeyPatch, said: str, old: bool) -> None:
    from tp_fix.git.process import git as real

    def git(root: str, *args: str, **options: Any) -> object:
        answer = real(root, *args, **options)
        return answer._replace(out=f"git version {said} (Octo)\n") if args == ("--version",) else answer

    monkeypatch.setattr(checkout_module, "git", git)
    if not old:
        branched(repo)
        return
    assert unchanged(repo, "--branch").err == (
        "tp-fix: git version 2.33.9 (Octo) is too old: tp-fix makes commits with git 2.34 or newer\n"
        "  update git, or let --apply write the files and commit them yourself\n"
    )


def test_a_sha256_repository(tmp_path: Path) -> None:
    repo = release(tmp_path / "repo", "--object-format=sha256")
    branched(repo)
    committed(repo)


def test_a_repository_with_reftable(tmp_path: Path) -> None:
    if subprocess.run(["git", "init", "--ref-format=reftable", tmp_path / "try"], check=False).returncode:
        assert (
            "reftable" not in subprocess.run(["git", "init", "-h"], capture_output=True, text=True, check=False).stdout
        )
        return
    repo = release(tmp_path / "repo", "--ref-format=reftable")
    branched(repo)
    committed(repo)


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    repo.git("commit", "--allow-empty", "--quiet", "--message=second")
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.root}", str(tmp_path / "clone"))
    clone = Repo.at(tmp_path / "clone")
    branched(clone)
    committed(clone)
    clone.git("fsck", "--connectivity-only")
    assert clone.git("rev-parse", "--is-shallow-repository") == "true\n"


def test_a_partial_clone_also_when_its_remote_is_gone(repo: Repo, tmp_path: Path) -> None:
    repo.write("old", "x" * 100)
    repo.commit("one")
    (repo.root / "old").unlink()
    repo.commit("two")
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "--quiet", "--filter=blob:none", f"file://{repo.root}", str(tmp_path / "clone"))
    clone = Repo.at(tmp_path / "clone")
    branched(clone)
    clone.git("branch", "--quiet", "--delete", "--force", BRANCH)
    repo.root.rename(tmp_path / "gone")
    branched(clone)
    committed(clone)


def test_blobs_that_cannot_be_fetched_any_more(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    words = ("clone", "--quiet", "--no-checkout", "--filter=blob:none")
    repo.git(*words, f"file://{repo.root}", str(tmp_path / "clone"))
    clone = Repo.at(tmp_path / "clone")
    repo.root.rename(tmp_path / "gone")
    run = clone.run("--branch")
    assert run.status == STOPPED
    assert f"tp-fix: {clone.root}: git cannot check out HEAD elsewhere: " in run.err
    assert run.err.count("\n") == 2
    assert BRANCH not in clone.refs()


@pytest.mark.parametrize("initialised", [True, False])
def test_a_repository_with_submodules_and_one_that_is_a_submodule(
    repo: Repo, tmp_path: Path, initialised: bool
) -> None:
    inner = release(tmp_path / "inner")
    repo.git("submodule", "--quiet", "add", str(inner.root), "sub")
    repo.commit("feat: a submodule")
    if not initialised:
        repo.git("submodule", "--quiet", "deinit", "--force", "sub")
    else:
        branched(Repo.at(repo.root / "sub"))
    branched(repo)
    committed(repo)
    assert repo.at_branch(RELEASE, "HEAD") != WORKFLOW
    if initialised:
        committed(Repo.at(repo.root / "sub"))
        assert repo.git("status", "--porcelain") == " M sub\n"


def test_a_linked_working_tree_of_the_user(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.git("config", "worktree.guessRemote", "true")
    repo.git("worktree", "add", "--quiet", "-b", "mine", str(tmp_path / "mine"))
    mine = Repo.at(tmp_path / "mine")
    mine.git("config", "--worktree", "user.name", "Mona Lisa")
    before = repo.state()
    committed(mine)
    assert mine.git("log", "-1", "--format=%an") == "Mona Lisa\n"
    mine.git("reset", "--quiet", "--hard", "main")
    assert repo.state() == before
    branched(mine)


def test_working_trees_of_a_bare_repository(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--bare", str(repo.root), str(tmp_path / "bare.git"))
    bare = Repo.at(tmp_path / "bare.git")
    bare.git("worktree", "add", "--quiet", str(tmp_path / "mine"), "main")
    branched(Repo.at(tmp_path / "mine"))
    committed(Repo.at(tmp_path / "mine"))
    assert "not a git repository" in bare.run("--branch").err


@pytest.mark.parametrize("cone", ["--cone", "--no-cone", "--sparse-index"])
def test_a_sparse_checkout(repo: Repo, cone: str) -> None:
    for path in ("a/b/1", "c/2"):
        repo.write(path, "x")
    repo.commit("more")
    repo.git("sparse-checkout", "set", *(["--cone", cone] if cone == "--sparse-index" else [cone]), "a")
    assert not (repo.root / RELEASE).exists()
    branched(repo)
    run = repo.run("--commit")
    assert run.status == 1
    assert f"{RELEASE} is left out of this sparse checkout; --branch can change it" in run.out
    assert "committed" not in run.out


@pytest.mark.parametrize("cone", ["--cone", "--sparse-index"])
def test_a_sparse_checkout_with_the_workflow_in_it(repo: Repo, cone: str) -> None:
    for path in ("a/b/1", "c/2"):
        repo.write(path, "x")
    repo.commit("more")
    repo.git("sparse-checkout", "set", "--cone", *([cone] if cone == "--sparse-index" else []), ".github")
    assert not (repo.root / "c").exists()
    committed(repo)
    assert not (repo.root / "c").exists()


def test_a_working_tree_that_is_elsewhere(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    repo.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    run = repo.run("--branch")
    assert run.status == STOPPED
    assert "core.worktree" in run.err or "must be run in a work tree" in run.err


@pytest.mark.parametrize(
    "setting",
    [
        "core.fsmonitor=true",
        "core.untrackedCache=true",
        "core.splitIndex=true",
        "core.bare=false",
        "fetch.fsckObjects=true",
    ],
)
def test_settings_that_change_how_git_works(repo: Repo, setting: str) -> None:
    key, _, value = setting.partition("=")
    if key == "core.fsmonitor":
        value = "/bin/true"
    repo.git("config", key, value)
    repo.git("status")
    branched(repo)
    committed(repo)


def test_settings_with_odd_values_and_files_that_are_included(repo: Repo, home: Path) -> None:
    values = {"octo.a": 'a "b" \\ c\td # ; ', "octo.s p.b": "two\nlines", 'remote.o"\\x.url': "/x"}
    for key, value in values.items():
        repo.git("config", key, value)
    with (repo.root / ".git/config").open("a") as file:
        file.write("[octo]\n\tbare\n[include]\n\tpath = ../included\n")
    repo.write("included", "[user]\n\tname = Included\n")
    (home / ".gitconfig").write_text(
        '[user]\n\temail = a@example.com\n[includeIf "gitdir:%s/"]\n\tpath = work\n'.replace("%s", str(repo.root))
    )
    (home / "work").write_text("[user]\n\temail = work@example.com\n")
    repo.hook("pre-commit", f"git config --local --list -z > {home}/seen")
    repo.commit()
    branched(repo)
    assert repo.git("log", "-1", "--format=%an %ae", BRANCH) == "Included work@example.com\n"
    seen = (home / "seen").read_text().split("\0")
    assert {f"{key}\n{value}" for key, value in values.items()} | {"octo.bare"} <= set(seen)


# Places


def test_odd_paths(tmp_path: Path) -> None:
    for name in ("with space", "Zürich ✓", "line\nfeed", '"quo\\ted"'):
        repo = release(tmp_path / name)
        branched(repo)
        committed(repo)


def test_below_a_symbolic_link(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    linked = Repo.at(tmp_path / "link" / "repo")
    branched(linked)
    committed(linked)


def test_a_path_and_a_workflow_from_a_subfolder(repo: Repo) -> None:
    repo.write(".github/workflows/other.yml", WORKFLOW)
    repo.write("sub/folder/x", "x")
    repo.commit("more")
    branched(repo, path=RELEASE)
    assert repo.process("--branch-name", "two", "--workflow", "release.yml", cwd="sub/folder").status == 0
    assert repo.numbers("two") == f"2\t0\t{RELEASE}\n"
    assert repo.process("--branch-name", "three", "../../.github/workflows/release.yml", cwd="sub/folder").status == 0
    assert repo.numbers("three") == f"2\t0\t{RELEASE}\n"
    assert repo.process("--branch-name", "four", "../../.github", cwd="sub/folder").status == 0
    assert len(repo.numbers("four").splitlines()) == 2
    run = repo.process("--branch-name", "five", ".", cwd="sub/folder")
    assert run.status == 0 and "five" not in repo.refs()


def test_a_path_that_only_the_working_tree_has(repo: Repo) -> None:
    repo.write(".github/workflows/new.yml", WORKFLOW)
    run = unchanged(repo, "--branch", path=".github/workflows/new.yml")
    assert "new.yml: HEAD has no such file or folder" in run.err


# Trust, locks and identity


def test_a_repository_of_somebody_else(repo: Repo, home: Path) -> None:
    run = repo.process("--branch", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert run.status == STOPPED
    assert "somebody else owns it" in run.err and f"safe.directory {repo.root}" in run.err


def test_a_repository_that_was_given_away_and_is_trusted(repo: Repo) -> None:
    """Only root can give files away; anybody else trusts what is theirs."""
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    for path in [repo.root, *repo.root.rglob("*")]:
        os.chown(path, owner, -1)
    if owner != os.geteuid():
        assert "somebody else owns it" in repo.run("--branch").err
    repo.git("config", "--global", "safe.directory", str(repo.root))
    branched(repo)


@WHERE
def test_nobody_says_who_commits(repo: Repo, home: Path, where: str) -> None:
    (home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    run = unchanged(repo, where)
    assert "git does not know who makes the commits" in run.err and "git config user.name" in run.err


@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_that_another_process_holds(repo: Repo, lock: str) -> None:
    repo.write(f".git/{lock}", "")
    err = unchanged(repo, "--commit").err
    assert f"{repo.root}/.git/{lock} is there: another git process works in this repository" in err
    assert "delete that file" in err
    if not lock.startswith("refs"):
        branched(repo)


def test_a_lock_on_the_branch(repo: Repo) -> None:
    repo.write(f".git/refs/heads/{BRANCH}.lock", "")
    assert f"{BRANCH}.lock is there: another git process" in unchanged(repo, "--branch").err


def test_a_branch_that_moves_meanwhile(repo: Repo) -> None:
    repo.hook(
        "post-commit", f"git --git-dir={repo.root}/.git commit-tree -m x HEAD^{{tree}} -p main > {repo.root}/.git/x"
    )
    repo.hook(
        "pre-commit", f"unset GIT_DIR GIT_INDEX_FILE; git -C {repo.root} commit -q --no-verify --allow-empty -m theirs"
    )
    repo.hook("post-commit", ":")
    run = repo.run("--commit")
    assert run.status == STOPPED
    assert "theirs" in repo.subjects("HEAD")[0]
    assert (repo.root / RELEASE).read_text() == WORKFLOW
    assert repo.git("status", "--porcelain") == ""


def test_a_hook_on_references_says_no(repo: Repo) -> None:
    repo.hook("reference-transaction", 'test "$1" != prepared || exit 1')
    for where in ("--branch", "--commit"):
        err = unchanged(repo, where).err
        assert "hook" in err, err


# Nothing to do


@WHERE
def test_nothing_to_commit(repo: Repo, where: str) -> None:
    repo.run("--commit")
    before = repo.state()
    run = repo.run(where)
    assert run.status == 0
    assert repo.state() == before
    assert "nothing to commit" in run.out


@WHERE
def test_a_dry_run_only_says_what_it_would_do(repo: Repo, where: str) -> None:
    before = repo.state()
    run = repo.process(where, "--dry-run")
    assert "--dry-run and --apply contradict" in run.err
    assert repo.state() == before
