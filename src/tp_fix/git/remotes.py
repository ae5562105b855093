"""The remotes of a repository: which one a push goes to, which one a pull request is opened at, and its branches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.errors import UsageError
from tp_fix.git.listing import github_repository
from tp_fix.git.process import git
from tp_fix.git.unreachable import not_reached


class Heads(NamedTuple):
    """What a remote has: the commit of each branch, and the name of the one that is its default, None without any."""

    branches: dict[str, str]
    default: str | None = None


def remotes(root: str) -> tuple[str, ...]:
    """The names of the remotes, in git's order."""
    return tuple(git(root, "remote").out.splitlines())


def push_remote(root: str, named: str | None = None) -> str:
    """The remote that is named, else the one that `git push` would take: its own order, then the only one there is.

    Raises UsageError for an unknown name, where there is none, and where several could be meant.
    """
    known = remotes(root)
    if named and named not in known:
        raise UsageError(f"--push {named}: {root} has no remote of that name", _listed(known))
    for name in (named, *_configured(root)):
        if name and (name in known or "/" in name):  # branch.*.pushRemote may be an address: `gh pr checkout` does that
            return name
    if "origin" in known or len(known) == 1:
        return "origin" if "origin" in known else known[0]
    what = "which remote is meant?" if known else "there is no remote to push to"
    raise UsageError(
        f"--push: {root}: {what}", f"{_listed(known)}; name one: --push REMOTE" if known else _listed(known)
    )


def base_remote(root: str, pushed: str) -> str:
    """The remote that a pull request goes to: what gh was told, else `upstream`, else the one that was pushed to."""
    known = remotes(root)
    told = git(root, "config", "--get-regexp", r"^remote\..*\.gh-resolved$", "^base$", check=False).out
    name = told.partition(".gh-resolved ")[0].removeprefix("remote.")
    return next((name for name in (name, "upstream") if name in known), pushed)


def base_branch(root: str, heads: Heads, pushed: str) -> str | None:
    """The branch that a pull request goes to: the one that HEAD is on if the remote has it, else its default branch.

    What was made from HEAD would otherwise bring along whatever HEAD's branch has and the default branch has not.
    """
    current = current_branch(root)
    return current if current in heads.branches and current != pushed else heads.default


def current_branch(root: str) -> str | None:
    """The branch that HEAD is on, one without commits too; None when it is detached."""
    return git(root, "symbolic-ref", "--quiet", "--short", "HEAD", check=False).out.strip() or None


def heads(root: str, remote: str) -> Heads:
    """What a remote has, where pushes to it go. Raises NotReached, one line, when it cannot be asked."""
    said = git(root, "ls-remote", "--symref", "--", _asked(root, remote), "HEAD", "refs/heads/*", check=False)
    if said.status:
        raise not_reached(root, remote, said)
    return _heads(said.out)


def push_url(root: str, remote: str) -> str:
    """Where pushes to a remote go, insteadOf and pushInsteadOf applied; an address stands for itself."""
    return _url(root, remote, "--push") or remote


def repository_of(root: str, remote: str) -> str | None:
    """owner/name on GitHub of what a remote is pushed to; the address as it is written counts too, None if neither."""
    written = git(root, "config", "--get", f"remote.{remote}.url", check=False).out.strip()
    return github_repository(push_url(root, remote)) or github_repository(written)


def _configured(root: str) -> Iterator[str]:
    """The names that git's own settings give, in its order."""
    current = current_branch(root)
    keys = (f"branch.{current}.pushRemote", "remote.pushDefault", f"branch.{current}.remote")
    for key in keys:
        yield git(root, "config", "--get", key, check=False).out.strip()


def _listed(known: tuple[str, ...]) -> str:
    return f"the remotes are: {', '.join(known)}" if known else "git remote add origin URL"


def _url(root: str, remote: str, *options: str) -> str:
    found = git(root, "remote", "get-url", *options, remote, check=False)
    return found.out.removesuffix("\n") if not found.status else ""


def _asked(root: str, remote: str) -> str:
    """What `ls-remote` is asked: the name, which has its settings, but the address where pushes go elsewhere."""
    push = _url(root, remote, "--push")
    return remote if not push or push == _url(root, remote) else push


def _heads(listed: str) -> Heads:
    found, default = {}, None
    for line in listed.splitlines():
        what, _, ref = line.partition("\t")
        if what.startswith("ref: refs/heads/") and ref == "HEAD":
            default = what.removeprefix("ref: refs/heads/")
        elif ref.startswith("refs/heads/"):
            found[ref.removeprefix("refs/heads/")] = what
    return Heads(found, default)
