"""Commits and hooks: they run as in the checkout, see its branch, and leave nothing when they stop a commit."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrations import AFTER, BRANCH, RELEASE, Repo, Run, left_behind, release, settled

STOPPED = 2


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    home = settled(monkeypatch, tmp_path)
    yield home
    assert left_behind(home) == []


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return release(tmp_path / "repo")


def unchanged(repo: Repo, *args: str) -> Run:
    """A run that stops and leaves everything as it was."""
    before = repo.state()
    run = repo.run(*args)
    assert run.status == STOPPED, run
    assert repo.state() == before
    return run


def made(repo: Repo) -> None:
    assert repo.at_branch().count("id-token: write") == 1 == repo.at_branch().count("registry-url")
    assert len(repo.subjects()) == 3


@pytest.mark.parametrize("where", [("--branch",), ("--commit",)])
@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_hook_that_fails_stops_it_and_leaves_nothing(repo: Repo, name: str, where: tuple[str]) -> None:
    repo.hook(name, "echo '  the linter says no'; exit 3")
    run = unchanged(repo, *where)
    assert run.err == (
        f"tp-fix: the hook {name} said no; nothing was committed and nothing is left behind. It said:\n"
        "      the linter says no\n  --no-verify leaves commit hooks out\n"
    )
    assert run.out == ""
    assert repo.run(*where, "--no-verify").status == 0


def test_the_second_commit_is_stopped_and_the_first_is_not_kept(repo: Repo, tmp_path: Path) -> None:
    repo.hook("pre-commit", f"test ! -e {tmp_path}/once || exit 1; touch {tmp_path}/once")
    assert "the hook pre-commit said no" in unchanged(repo, "--commit").err
    assert (tmp_path / "once").exists()


def test_what_a_failing_hook_prints_is_not_taken_for_an_error_of_gits(repo: Repo) -> None:
    repo.hook("pre-commit", "echo 'error: gpg failed to sign: Permission denied' >&2; exit 1")
    assert "the hook pre-commit said no" in unchanged(repo, "--branch").err


def test_a_commit_within_a_hook_that_fails_is_not_the_hook(repo: Repo) -> None:
    inner = "GIT_DIR=$PWD/inner/.git git -C inner -c user.name= commit -qm x"
    repo.hook("pre-commit", f"git init -q inner; {inner}; rm -r inner; exit 0")
    assert repo.run("--branch").status == 0
    made(repo)


def test_long_output_is_cut_and_odd_bytes_are_shown(repo: Repo) -> None:
    repo.hook("pre-commit", r"seq 10000; printf '\377\033[31mred\n'; exit 1")
    err = unchanged(repo, "--branch").err
    assert "    … (9961 lines before)\n    9962\n" in err and r"    \udcff\u001b[31mred" in err
    assert len(err.splitlines()) < 50


def test_a_daemon_that_keeps_the_output_open_does_not_hold_the_run(repo: Repo) -> None:
    repo.hook("pre-commit", "sleep 2 &")
    assert repo.run("--branch").status == 0


@pytest.mark.parametrize("args", [("--branch",), ("--branch-name", "feature/oidc"), ("--commit",)])
def test_hooks_see_no_branch(repo: Repo, tmp_path: Path, args: tuple[str, ...]) -> None:
    """FIXME: in the linked working tree HEAD is detached, as the branch moves only at the end.

    A hook that guards the current branch lets everything pass, one that insists on a branch has to be left out.
    """
    repo.hook(
        "pre-commit", f'git rev-parse --abbrev-ref HEAD >> {tmp_path}/seen; test "$(git branch --show-current)" != main'
    )
    assert repo.run(*args).status == 0
    assert (tmp_path / "seen").read_text().split() == ["HEAD"] * 2


def test_a_hook_on_a_detached_head(repo: Repo, tmp_path: Path) -> None:
    repo.git("checkout", "--quiet", "--detach")
    repo.hook("pre-commit", f"git rev-parse --abbrev-ref HEAD >> {tmp_path}/seen")
    assert repo.run("--commit").status == 0
    assert (tmp_path / "seen").read_text() == "HEAD\nHEAD\n"


@pytest.mark.parametrize(
    ("name", "script", "line"),
    [
        ("pre-commit", f"sed -i s/ubuntu/debian/ {RELEASE}; git add {RELEASE}", f"{RELEASE} would not be committed as"),
        ("pre-commit", "echo > extra; git add extra", "extra would not be committed as"),
        ("pre-commit", "echo > extra; git add -A", "extra would not be committed as"),
        ("pre-commit", f"chmod +x {RELEASE}; git add {RELEASE}", f"{RELEASE} would not be committed as"),
        ("pre-commit", "git commit -q --no-verify -m mine --allow-empty", "made commits of its own"),
        ("post-commit", "[ -e own ] || { touch own; git commit -q -m mine --allow-empty; }", "made commits of its own"),
        ("post-commit", "[ -e amended ] || { touch amended; git commit -q --amend --allow-empty -m x; }", ""),
    ],
)
def test_a_hook_that_changes_the_commit(repo: Repo, name: str, script: str, line: str) -> None:
    repo.hook(name, f"unset GIT_INDEX_FILE; {script}" if "commit -q" in script else script)
    if not line:
        assert repo.run("--branch").status == 0
        made(repo)
        return
    run = unchanged(repo, "--commit")
    assert line in run.err
    assert run.err.count("\n") <= 2, run.err
    assert repo.run("--commit", "--no-verify").status == 0


def test_a_hook_that_only_rewrites_the_working_tree_changes_nothing(repo: Repo) -> None:
    repo.hook("pre-commit", f"sed -i s/ubuntu/debian/ {RELEASE}; echo > extra; rm package.json")
    repo.hook("post-commit", "git add -A")
    assert repo.run("--branch").status == 0
    made(repo)
    assert repo.numbers() == f"2\t0\t{RELEASE}\n"


def test_a_formatter_that_agrees(repo: Repo) -> None:
    repo.hook("pre-commit", f"git diff --cached --name-only | xargs cat > /dev/null; git add {RELEASE}")
    assert repo.run("--commit").status == 0
    assert repo.git("status", "--porcelain") == ""


def test_prepare_commit_msg_and_commit_msg_write_the_message(repo: Repo) -> None:
    repo.hook("prepare-commit-msg", 'echo "prepared ($2)" > "$1"')
    repo.hook("commit-msg", 'echo "Change-Id: I0123" >> "$1"')
    assert repo.run("--branch").status == 0
    assert repo.git("log", "-1", "--format=%B", BRANCH).strip() == "prepared (message)\nChange-Id: I0123"


def test_a_post_commit_that_fails_stops_nothing(repo: Repo) -> None:
    repo.hook("post-commit", "exit 1")
    assert repo.run("--branch").status == 0
    made(repo)


def test_hooks_for_a_checkout_do_not_run(repo: Repo, tmp_path: Path) -> None:
    repo.hook("post-checkout", f"touch {tmp_path}/ran")
    assert repo.run("--branch").status == 0
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("absolute", [True, False])
def test_a_tracked_folder_of_hooks(repo: Repo, tmp_path: Path, absolute: bool) -> None:
    repo.hook("pre-commit", f"touch {tmp_path}/ran", ".githooks")
    repo.commit()
    repo.git("config", "core.hooksPath", f"{repo.root}/.githooks" if absolute else ".githooks")
    assert repo.run("--branch").status == 0
    assert (tmp_path / "ran").exists()


def test_an_untracked_folder_of_hooks_runs_in_a_linked_working_tree_of_the_user_too(repo: Repo, tmp_path: Path) -> None:
    repo.hook("pre-commit", f"touch {tmp_path}/ran", ".githooks")
    repo.git("config", "core.hooksPath", ".githooks")
    repo.git("worktree", "add", "--quiet", "-b", "mine", str(tmp_path / "mine"))
    assert Repo.at(tmp_path / "mine").run("--commit").status == 0
    assert (tmp_path / "ran").exists()


def husky(repo: Repo, script: str, name: str = "pre-commit") -> None:
    """What husky 9 leaves in a checkout: wrappers that are ignored, and the user's tracked script."""
    wrapper = "\n".join(
        (
            'n=$(basename "$0")',
            's=$(dirname "$(dirname "$0")")/$n',
            '[ ! -f "$s" ] && exit 0',
            'export PATH="node_modules/.bin:$PATH"',
            'sh -e "$s" "$@"',
            "c=$?",
            '[ $c != 0 ] && echo "husky - $n script failed (code $c)"',
            "exit $c",
        )
    )
    repo.write(".husky/_/h", wrapper)
    repo.write(".husky/_/.gitignore", "*")
    repo.hook(name, '. "$(dirname "$0")/h"', ".husky/_")
    repo.write(f".husky/{name}", f"{script}\n")
    repo.write(".gitignore", "node_modules/\n.env\n")
    repo.git("config", "core.hooksPath", ".husky/_")


def installed(repo: Repo, name: str = "octo-lint") -> None:
    """A package below node_modules, with a program."""
    repo.write(f"node_modules/{name}/package.json", json.dumps({"name": name, "main": "m.js", "bin": "m.js"}))
    repo.write(f"node_modules/{name}/m.js", "#!/bin/sh\necho linted\n", 0o755)
    (repo.root / "node_modules/.bin").mkdir(exist_ok=True)
    (repo.root / "node_modules/.bin" / name).symlink_to(f"../{name}/m.js")


UPWARDS = "d=$PWD; until test -d $d/node_modules/octo-lint; do test $d != / || exit 1; d=$(dirname $d); done"
"""As node and npm look for packages."""
SCRIPTS = (
    "octo-lint",
    UPWARDS,
    "git add -A; octo-lint",
    "if git status --porcelain | grep -q .; then ! git diff --cached --quiet; fi",
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_husky_with_what_hooks_need_from_node_modules(repo: Repo, script: str, tmp_path: Path) -> None:
    husky(repo, f"{script}\ntouch {tmp_path}/ran")
    installed(repo)
    repo.commit()
    before = repo.checkout_state()
    run = repo.run("--branch")
    assert run.status == 0, run.err
    assert (tmp_path / "ran").exists()
    assert repo.checkout_state() == before
    assert repo.numbers() == f"2\t0\t{RELEASE}\n"


def test_husky_that_says_no(repo: Repo) -> None:
    husky(repo, "echo no such luck >&2; exit 7")
    repo.commit()
    run = unchanged(repo, "--commit")
    assert "    no such luck\n    husky - pre-commit script failed (code 7)\n" in run.err


def test_a_hook_that_installs_does_so_elsewhere(repo: Repo) -> None:
    husky(repo, "rm -rf node_modules; mkdir node_modules")
    installed(repo)
    repo.commit()
    before = repo.checkout_state()
    assert repo.run("--branch").status == 0
    assert repo.checkout_state() == before


def test_tp_fix_itself_runs_in_a_hook(repo: Repo, tmp_path: Path) -> None:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        run = repo.process("--branch-name", f"x{name}", **{name: str(tmp_path / "nowhere")})
        assert run.status == 0, run.err
    assert repo.at_branch(branch="xGIT_DIR").count("id-token") == AFTER.count("id-token")
    repo.git("branch", "side")
    repo.git("commit", "--allow-empty", "--quiet", "--message=second")
    command = f"{sys.executable} -m tp_fix --apply --unsafe"
    repo.git("rebase", "--quiet", "--exec", f"{command} --branch", "--force-rebase", "side")
    made_at = repo.git("merge-base", BRANCH, "HEAD")
    assert made_at == repo.git("rev-parse", "HEAD")
    repo.git("reset", "--quiet", "--hard")
    said = tmp_path / "said"
    repo.git("rebase", "--quiet", "--exec", f"{command} --commit 2> {said}", "--force-rebase", "side", check=False)
    assert "a rebase is under way here" in said.read_text()
