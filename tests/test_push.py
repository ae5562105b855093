"""Pushing a branch to real bare repositories: what is said to have happened did, and what is refused stays."""

from __future__ import annotations

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from tp_fix.errors import UsageError
from tp_fix.git import push as pushing
from tp_fix.git.process import Answer, git
from tp_fix.git.push import Commit, NotPushed, Pushed, _rejected, push
from tp_fix.git.remotes import Heads, base_branch, base_remote, heads, push_remote, push_url, repository_of
from tp_fix.git.unreachable import NotReached, not_reached, without_credentials
from tp_fix.report.migration.remote import pushed_lines

BRANCH = "tp-fix/trusted-publishing"


class Place(NamedTuple):
    """A clone and the bare repository that it calls origin."""

    root: str
    bare: str

    def commit(self, subject: str, branch: str = BRANCH) -> str:
        """A new commit on a branch that nobody has checked out."""
        parent = git(self.root, "rev-parse", "--verify", "--quiet", branch, check=False).out.strip()
        tree = git(self.root, "mktree", input="").out.strip()
        sha = git(self.root, "commit-tree", tree, *(("-p", parent) if parent else ()), "-m", subject).out.strip()
        git(self.root, "update-ref", f"refs/heads/{branch}", sha)
        return sha

    def there(self, branch: str = BRANCH) -> str:
        return git(self.bare, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}", check=False).out.strip()

    def drop(self, branch: str = BRANCH) -> None:
        git(self.root, "update-ref", "-d", f"refs/heads/{branch}")

    def hook(self, folder: str, name: str, text: str) -> None:
        path = Path(folder, "hooks", name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for kind in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{kind}_NAME", "Octo Cat")
        monkeypatch.setenv(f"GIT_{kind}_EMAIL", "octo@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    root, bare = tmp_path / "work", tmp_path / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", root], check=True)
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", bare], check=True)
    made = Place(str(root), str(bare))
    git(made.root, "remote", "add", "origin", f"file://{bare}")
    made.commit("start", "main")
    git(made.root, "push", "--quiet", "origin", "main")
    return made


def test_created_then_the_same_then_moved(place: Place) -> None:
    first = place.commit("first")
    url = f"file://{place.bare}"
    assert push(place.root, "origin", BRANCH) == Pushed("created", "origin", url, BRANCH, Commit(first, "first"))
    same = push(place.root, "origin", BRANCH)
    assert (same.what, same.before) == ("same", Commit(first, "first"))
    second = place.commit("second")
    moved = push(place.root, "origin", BRANCH, force=True)
    assert (moved.what, moved.now, moved.before) == ("updated", Commit(second, "second"), Commit(first, "first"))
    assert place.there() == second
    assert pushed_lines(moved) == [f"pushed {BRANCH} to origin ({url}): {first[:12]} → {second[:12]}"]
    assert pushed_lines(same) == [f"{BRANCH} is at origin ({url}) already, at {first[:12]} “first”: nothing to push"]


def test_the_same_is_not_pushed_again(place: Place) -> None:
    place.commit("first")
    push(place.root, "origin", BRANCH)
    place.hook(f"{place.root}/.git", "pre-push", "exit 1")
    assert push(place.root, "origin", BRANCH).what == "same"


def test_what_is_there_is_not_lost_unasked(place: Place) -> None:
    theirs = place.commit("theirs")
    push(place.root, "origin", BRANCH)
    place.drop()
    mine = place.commit("mine")
    with pytest.raises(NotPushed) as caught:
        push(place.root, "origin", BRANCH)
    assert caught.value.message == (
        f"origin has another {BRANCH}, at {theirs[:12]} “theirs”, and it would be lost; "
        "nothing was pushed, the local branch stays"
    )
    assert "--force" in caught.value.hint and caught.value.exit_code == 2
    assert place.there() == theirs and git(place.root, "rev-parse", BRANCH).out.strip() == mine


def test_force_says_what_it_replaces_and_how_to_get_it_back(place: Place, tmp_path: Path) -> None:
    other = place._replace(root=str(tmp_path / "other"))
    git(str(tmp_path), "clone", "--quiet", place.bare, "other")
    theirs = other.commit("theirs")  # a commit that this clone has never seen
    push(other.root, "origin", BRANCH)
    mine = place.commit("mine")
    with pytest.raises(NotPushed, match=f"at {theirs[:12]}, and it would be lost"):
        push(place.root, "origin", BRANCH)
    done = push(place.root, "origin", BRANCH, force=True)
    assert (done.what, done.before) == ("replaced", Commit(theirs, "theirs")) and place.there() == mine
    assert not Path(place.root, ".git", "FETCH_HEAD").exists()
    back = pushed_lines(done)[1].partition("bring it back: ")[2]
    subprocess.run(back, shell=True, check=True, cwd=place.root)
    assert place.there() == theirs


def test_force_replaces_only_what_was_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.commit("seen")
    push(place.root, "origin", BRANCH)
    seen = heads(place.root, "origin")
    meanwhile = place.commit("meanwhile")
    push(place.root, "origin", BRANCH)
    place.drop()
    place.commit("mine")
    monkeypatch.setattr(pushing, "heads", lambda root, remote: seen)
    with pytest.raises(NotPushed, match=rf"^{BRANCH} at origin changed meanwhile; nothing was pushed"):
        push(place.root, "origin", BRANCH, force=True)
    assert place.there() == meanwhile


def test_a_branch_that_changes_while_the_hook_runs(place: Place) -> None:
    place.commit("seen")
    push(place.root, "origin", BRANCH)
    place.drop()
    meanwhile = place.commit("meanwhile")
    git(place.root, "push", "--quiet", "origin", f"{meanwhile}:refs/heads/parked")
    place.drop()
    place.commit("mine")
    place.hook(f"{place.root}/.git", "pre-push", f"git -C '{place.bare}' update-ref refs/heads/{BRANCH} {meanwhile}")
    with pytest.raises(NotPushed, match=rf"^{BRANCH} at origin changed meanwhile; nothing was pushed"):
        push(place.root, "origin", BRANCH, force=True)
    assert place.there() == meanwhile


def test_submodules_are_not_ours_to_push(place: Place) -> None:
    git(
        place.root, "submodule", "add", "--quiet", f"file://{place.bare}", "sub", config=("protocol.file.allow=always",)
    )
    git(f"{place.root}/sub", "commit", "--quiet", "--allow-empty", "--message=not pushed")
    git(place.root, "add", "sub")
    tree = git(place.root, "write-tree").out.strip()
    sha = git(place.root, "commit-tree", tree, "-p", "main", "-m", "x").out.strip()
    git(place.root, "update-ref", f"refs/heads/{BRANCH}", sha)
    git(place.root, "config", "push.recurseSubmodules", "check")
    assert push(place.root, "origin", BRANCH).now.sha == sha


def test_the_subject_of_a_signed_commit_is_its_subject(place: Place, tmp_path: Path) -> None:
    key = str(tmp_path / "key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", key), ("log.showSignature", "true")):
        git(place.root, "config", name, value)
    tree = git(place.root, "mktree", input="").out.strip()
    sha = git(place.root, "commit-tree", "-S", tree, "-m", "signed").out.strip()
    git(place.root, "update-ref", f"refs/heads/{BRANCH}", sha)
    assert push(place.root, "origin", BRANCH).now == Commit(sha, "signed")


def test_a_server_that_hangs_up_is_not_the_hook(place: Place) -> None:
    place.commit("first")
    place.hook(f"{place.root}/.git", "pre-push", "echo fine")
    place.hook(place.bare, "pre-receive", "kill -9 $PPID")
    with pytest.raises(NotPushed, match=r"^origin: the remote end hung up unexpectedly; nothing was pushed"):
        push(place.root, "origin", BRANCH)
    over_http = Answer(1, "", f"fatal: the remote end hung up unexpectedly\n{pushing.FAILED} to 'https://x'")
    assert pushing._refused(place.root, "origin", BRANCH, None, over_http)[0].startswith(
        "origin: the remote end hung up"
    )


@pytest.mark.parametrize("other", ["tp-fix", f"{BRANCH}/old"])
def test_a_branch_that_is_in_the_way(place: Place, other: str) -> None:
    place.commit("x", other)
    push(place.root, "origin", other)
    place.drop(other)
    place.commit("first")
    with pytest.raises(
        NotPushed, match=f"^origin has a branch {other}, and beside it there can be no {BRANCH}; nothing"
    ):
        push(place.root, "origin", BRANCH)


def test_tags_stay_here_even_where_git_is_told_to_push_them(place: Place) -> None:
    sha = place.commit("first")
    git(place.root, "tag", "--annotate", "--message=x", "v1", sha)
    git(place.root, "config", "push.followTags", "true")
    push(place.root, "origin", BRANCH)
    assert git(place.bare, "tag").out == ""


def test_a_pre_push_hook_runs_and_its_word_counts(place: Place) -> None:
    place.commit("first")
    hook = 'echo "linting $1 $2"; cat >&2; test "$(git rev-parse --show-toplevel)" = "$PWD" || exit 9; '
    place.hook(f"{place.root}/.git", "pre-push", hook + "exit 1")
    with pytest.raises(NotPushed, match="the pre-push hook failed; nothing was pushed") as caught:
        push(place.root, "origin", BRANCH)
    assert f"| linting origin file://{place.bare}\n" in caught.value.hint
    assert f"| refs/heads/{BRANCH} " in caught.value.hint and "--no-verify pushes without it" in caught.value.hint
    assert place.there() == ""
    assert push(place.root, "origin", BRANCH, verify=False).what == "created"


def test_a_hook_that_speaks_and_passes(place: Place) -> None:
    place.commit("first")
    place.hook(f"{place.root}/.git", "pre-push", "echo fine; cat > /dev/null")
    done = push(place.root, "origin", BRANCH)
    assert done.said == "fine" and pushed_lines(done)[-1] == "| fine"


def test_a_hook_below_a_relative_hooks_path(place: Place) -> None:
    place.commit("first")
    git(place.root, "config", "core.hooksPath", ".husky/hooks")
    Path(place.root, ".husky").mkdir()
    place.hook(f"{place.root}/.husky", "pre-push", "echo 'fatal: no node_modules' >&2; exit 1")
    with pytest.raises(NotPushed, match="the pre-push hook failed") as caught:
        push(place.root, "origin", BRANCH)
    assert "| fatal: no node_modules\n" in caught.value.hint


def test_a_server_that_declines(place: Place) -> None:
    place.commit("first")
    place.hook(place.bare, "update", 'echo "GH006: Protected branch update failed for $1." >&2; exit 1')
    with pytest.raises(NotPushed, match=rf"^origin declined {BRANCH} \(hook declined\); nothing was pushed") as caught:
        push(place.root, "origin", BRANCH)
    assert f"| GH006: Protected branch update failed for refs/heads/{BRANCH}.\n" in caught.value.hint
    assert place.there() == ""


def test_an_address_with_spaces_and_one_that_stands_for_another(place: Place, tmp_path: Path) -> None:
    spaced = tmp_path / "a b" / "the bare.git"
    git(str(tmp_path), "clone", "--quiet", "--bare", place.bare, str(spaced))
    git(place.root, "remote", "add", "spaced", str(spaced))
    git(place.root, "config", f"url.file://{tmp_path}/.insteadOf", "octo:")
    git(place.root, "remote", "add", "short", "octo:bare.git")
    sha = place.commit("first")
    assert push(place.root, "spaced", BRANCH).what == "created"
    assert git(str(spaced), "rev-parse", BRANCH).out.strip() == sha
    assert push(place.root, "short", BRANCH).url == f"file://{place.bare}" and place.there() == sha


def test_a_remote_that_is_pushed_to_elsewhere_is_looked_at_there(place: Place, tmp_path: Path) -> None:
    fork = tmp_path / "fork.git"
    git(str(tmp_path), "clone", "--quiet", "--bare", place.bare, str(fork))
    place.commit("first")
    push(place.root, "origin", BRANCH)
    git(place.root, "remote", "set-url", "--push", "origin", str(fork))
    assert BRANCH not in heads(place.root, "origin").branches
    assert push(place.root, "origin", BRANCH) == push(place.root, "origin", BRANCH)._replace(
        what="created", before=None
    )
    assert push(place.root, "origin", BRANCH).what == "same" and push_url(place.root, "origin") == str(fork)


def test_no_way_to_the_remote(place: Place) -> None:
    place.commit("first")
    git(place.root, "remote", "add", "gone", "/nonexistent/x.git")
    with pytest.raises(NotPushed, match=r"^gone: there is no such repository, or you may not see it; nothing was"):
        push(place.root, "gone", BRANCH)
    with pytest.raises(NotReached, match=r"^gone: there is no such repository"):
        heads(place.root, "gone")


def test_what_a_remote_has(place: Place, tmp_path: Path) -> None:
    place.commit("next", "next")
    git(place.root, "push", "--quiet", "origin", "next")
    found = heads(place.root, "origin")
    assert (sorted(found.branches), found.default) == (["main", "next"], "main")
    empty = tmp_path / "empty.git"
    subprocess.run(["git", "init", "--quiet", "--bare", empty], check=True)
    git(place.root, "remote", "add", "empty", str(empty))
    assert heads(place.root, "empty") == Heads({}, None)


def test_which_branch_a_pull_request_goes_to(place: Place) -> None:
    there = Heads({"main": "a", "v2": "b", BRANCH: "c"}, "main")
    assert base_branch(place.root, there, BRANCH) == "main"
    for name, base in (("v2", "v2"), ("mine", "main"), (BRANCH, "main")):
        git(place.root, "symbolic-ref", "HEAD", f"refs/heads/{name}")
        assert base_branch(place.root, there, BRANCH) == base
    git(place.root, "checkout", "--quiet", "--detach", "main")
    assert base_branch(place.root, there, BRANCH) == "main"
    assert base_branch(place.root, Heads({}), BRANCH) is None


def test_the_remote_that_git_push_would_take(place: Place) -> None:
    root = place.root
    assert push_remote(root) == "origin" == push_remote(root, "origin")
    with pytest.raises(UsageError, match=r"--push nope: .* has no remote of that name") as caught:
        push_remote(root, "nope")
    assert caught.value.hint == "the remotes are: origin"
    git(root, "remote", "rename", "origin", "alone")
    assert push_remote(root) == "alone"
    git(root, "remote", "add", "second", "x")
    with pytest.raises(UsageError, match="which remote is meant") as caught:
        push_remote(root)
    assert caught.value.hint == "the remotes are: alone, second; name one: --push REMOTE"
    for key, name in (
        ("branch.main.remote", "second"),
        ("remote.pushDefault", "alone"),
        ("branch.main.pushRemote", "second"),
    ):
        git(root, "config", key, name)
        assert push_remote(root) == name
    git(root, "config", "branch.main.pushRemote", "https://github.com/mona/octo-repo.git")
    assert push_remote(root) == "https://github.com/mona/octo-repo.git"
    assert repository_of(root, push_remote(root)) == "mona/octo-repo"


def test_no_remote_at_all(place: Place) -> None:
    git(place.root, "remote", "remove", "origin")
    with pytest.raises(UsageError, match="there is no remote to push to") as caught:
        push_remote(place.root)
    assert caught.value.hint == "git remote add origin URL"


def test_a_branch_that_follows_one_of_this_repository(place: Place) -> None:
    git(place.root, "config", "branch.main.remote", ".")
    assert push_remote(place.root) == "origin"


def test_the_remote_of_the_pull_request(place: Place) -> None:
    root = place.root
    assert base_remote(root, "origin") == "origin"
    git(root, "remote", "add", "upstream", "https://github.com/octo-org/octo-repo")
    assert base_remote(root, "origin") == "upstream"
    git(root, "remote", "add", "my.fork", "git@github.com:mona/octo-repo.git")
    git(root, "config", "remote.my.fork.gh-resolved", "base")
    assert base_remote(root, "origin") == "my.fork"
    assert repository_of(root, "upstream") == "octo-org/octo-repo"
    assert repository_of(root, "my.fork") == "mona/octo-repo"
    assert repository_of(root, "origin") is None


def test_whose_repository_an_address_is_that_stands_for_another(place: Place) -> None:
    git(place.root, "config", f"url.file://{place.bare}.insteadOf", "https://github.com/octo-org/octo-repo")
    git(place.root, "remote", "set-url", "origin", "https://github.com/octo-org/octo-repo")
    assert push_url(place.root, "origin") == f"file://{place.bare}"
    assert repository_of(place.root, "origin") == "octo-org/octo-repo"


class Guarded(BaseHTTPRequestHandler):
    """A server that lets nobody read, or only read: what git then says is git's own."""

    status = 401

    def do_GET(self) -> None:
        self.send_response(self.status)
        if self.status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests are quiet."""


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "git could not log in"),
        (403, "the server lets you read at most (403)"),
        (404, "there is no such repository, or you may not see it"),
        (503, "the server is in trouble or busy (returned error: 503)"),
        (None, "the network says no: Failed to connect"),
    ],
)
def test_a_server_over_http_that_does_not_let_git_in(
    place: Place, monkeypatch: pytest.MonkeyPatch, status: int | None, message: str
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "GIT_ASKPASS", "SSH_ASKPASS"):
        monkeypatch.delenv(name, raising=False)
    place.commit("first")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Status", (Guarded,), {"status": status}))
    url = f"http://mona:t0ken@127.0.0.1:{server.server_port}/octo-org/octo-repo.git"
    git(place.root, "config", "branch.main.pushRemote", url)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    if status is None:
        server.shutdown()
        server.server_close()
    with pytest.raises(NotPushed) as caught:
        push(place.root, push_remote(place.root), BRANCH)
    server.shutdown()
    thread.join()
    server.server_close()
    said = caught.value.message + caught.value.hint
    assert caught.value.message.startswith(without_credentials(f"{url}: {message}")) and "t0ken" not in said


def test_an_address_with_credentials_is_pushed_to_and_not_shown(place: Place) -> None:
    url = "https://mona:t0ken@octo.invalid/bare.git"
    git(place.root, "config", f"url.file://{place.bare}.insteadOf", url)
    place.commit("first")
    push(place.root, url, BRANCH)
    place.drop()
    place.commit("second")
    done = push(place.root, url, BRANCH, force=True)
    assert done.remote == "https://octo.invalid/bare.git" and "t0ken" not in "".join(pushed_lines(done)) + repr(done)


def test_from_a_linked_worktree_and_a_shallow_clone(place: Place, tmp_path: Path) -> None:
    linked, shallow = str(tmp_path / "linked"), str(tmp_path / "shallow")
    place.commit("first")
    git(place.root, "worktree", "add", "--quiet", linked, BRANCH)
    assert push(linked, "origin", BRANCH).what == "created"
    git(str(tmp_path), "clone", "--quiet", "--depth=1", f"file://{place.bare}", shallow)
    other = place._replace(root=shallow)
    mine = other.commit("mine")
    assert push(shallow, "origin", BRANCH, force=True).before == Commit(
        git(linked, "rev-parse", BRANCH).out.strip(), "first"
    )
    assert place.there() == mine


@pytest.mark.parametrize(
    ("err", "message"),
    [
        ("fatal: could not read Username for 'https://github.com': terminal prompts disabled", "git could not log in"),
        ("remote: Invalid username or token.\nfatal: Authentication failed for 'https://x/'", "git could not log in"),
        (
            "git@github.com: Permission denied (publickey).\nfatal: Could not read",
            "no SSH key of yours is accepted there",
        ),
        (
            "remote: Permission to octo-org/octo-repo.git denied to mona.\nfatal: unable to access 'https://mona:t0ken@github.com/"
            "octo-org/octo-repo.git/': The requested URL returned error: 403",
            "mona may not push to octo-org/octo-repo.git",
        ),
        (
            "ERROR: Permission to octo-org/octo-repo.git denied to mona.\nfatal: Could not read from remote",
            "mona may not push to octo-org/octo-repo.git",
        ),
        ("Host key verification failed.\nfatal: Could not read from remote", "SSH does not know the host's key yet"),
        ("ERROR: Repository not found.\nfatal: Could not", "there is no such repository, or you may not see it"),
        (
            "remote: Repository not found.\nfatal: repository 'https://u:t0ken@x/' not found",
            "there is no such repository, or you may not see it",
        ),
        (
            "fatal: unable to access 'https://u:t0ken@x.invalid/': Could not resolve host: x.invalid",
            "the network says no: Could not resolve host: x.invalid",
        ),
        (
            "ssh: connect to host x port 22: Connection timed out\nfatal: Could not read from remote",
            "the network says no: Connection timed out",
        ),
        (
            "fatal: unable to access 'https://u:t0ken@x/': The requested URL returned error: 503",
            "the server is in trouble or busy (returned error: 503)",
        ),
        ("fatal: odd https://u:t0ken@x/ thing", "odd https://x/ thing"),
    ],
)
def test_why_a_remote_cannot_be_talked_to(err: str, message: str) -> None:
    error = not_reached("/r", "https://t0ken@github.com/octo-org/octo-repo", Answer(128, "", err))
    assert error.message == f"https://github.com/octo-org/octo-repo: {message}"
    assert "t0ken" not in error.hint and error.hint


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("[rejected] (non-fast-forward)", "origin has another b, at aaaaaaaaaaaa “s”, and it would be lost"),
        ("[rejected] (fetch first)", "origin has another b, at aaaaaaaaaaaa “s”, and it would be lost"),
        ("[rejected] (stale info)", "b at origin changed meanwhile"),
        ("[remote rejected] (protected branch hook declined)", "origin declined b (protected branch hook declined)"),
        ("[remote rejected] (shallow update not allowed)", "origin declined b (shallow update not allowed)"),
        (
            "[remote rejected] (refusing to allow a Personal Access Token to create or update workflow "
            "`.github/workflows/release.yml` without `workflow` scope)",
            "origin does not let a Personal Access Token without the workflow permission change a workflow",
        ),
    ],
)
def test_what_a_rejection_means(status: str, message: str) -> None:
    assert _rejected("origin", "b", Commit("a" * 40, "s"), status, "")[0] == message


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("https://u:p@x/y", "https://x/y"),
        ("see HTTPS://tok@x.y and http://a:b@c", "see HTTPS://x.y and http://c"),
        ("git@github.com:o/r ssh://git@github.com/o/r", "git@github.com:o/r ssh://git@github.com/o/r"),
        ("https://x/@y", "https://x/@y"),
    ],
)
def test_no_credential_is_shown(text: str, safe: str) -> None:
    assert without_credentials(text) == safe
