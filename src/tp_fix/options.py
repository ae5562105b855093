"""What the command line asks of a run of `tp-fix`, and which of its options contradict each other."""

from __future__ import annotations

import os
from typing import NamedTuple

from tp_fix.errors import UsageError
from tp_fix.rule import Stage
from tp_fix.settings import Asked

BRANCH = "tp-fix/trusted-publishing"


class Commits(NamedTuple):
    """How commits are to be made. `branch` is None for the one that the user is on; `verify` runs the user's hooks.

    `push` is the remote to push the branch to, '' for the one that git would choose, None for none.
    """

    branch: str | None = None
    force: bool = False
    verify: bool = True
    push: str | None = None
    pull_request: bool = False


class Options(NamedTuple):
    """What is asked for; `asked` is the part of it that a settings file can say too.

    `commits` is None where files are written and no commits made.
    """

    path: str | None
    asked: Asked
    apply: bool = False
    unsafe: bool = False
    stage: Stage | None = None
    workflows: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    interactive: bool = False
    write_baseline: bool = False
    show_settings: bool = False
    format: str = "text"
    color: str = "auto"
    commits: Commits | None = None


def commits_of(
    commit: bool,
    branch: bool,
    branch_name: str | None,
    force: bool,
    no_verify: bool,
    push: str | None,
    pull_request: bool,
) -> Commits | None:
    """What the options say of commits. Raises UsageError where one of them has nothing to be about."""
    name = branch_name if branch_name is not None else BRANCH if branch else None
    for option, given in (("--force", force), ("--push", push is not None), ("--pull-request", pull_request)):
        if given and name is None:
            raise UsageError(f"{option} is about a branch that tp-fix makes", "add --branch, or --branch-name NAME")
    if not commit and name is None:
        if no_verify:
            raise UsageError("--no-verify is about commits", "add --commit")
        return None
    if os.name == "nt":
        raise UsageError("--commit and --branch need a POSIX system", "use WSL, or commit what --apply writes yourself")
    return Commits(name, force, not no_verify, "" if pull_request and push is None else push, pull_request)


def agree(options: Options) -> None:
    """Raises UsageError where two options contradict each other."""
    if options.show_settings and options.apply:
        raise UsageError("--show-settings writes nothing: --apply and --interactive contradict it", "choose one")
    if options.interactive and "-" in {name.rpartition("=")[2] for name in options.asked.against}:
        raise UsageError("--interactive reads the answers from standard input, and --against - too", "name a file")
    if options.show_settings and options.commits:
        raise UsageError("--show-settings makes no commits: --commit and --branch contradict it", "choose one")
    given = {
        "--interactive": options.interactive,
        "--apply": options.apply,
        "--commit": options.commits,
        "--show-settings": options.show_settings,
        "--format": options.format != "text",
        "PATH": options.path,
        "--workflow": options.workflows,
        "--package": options.packages,
        "--stage": options.stage,
        "--select": options.asked.select,
        "--ignore": options.asked.ignore,
    }
    for name in (name for name, value in given.items() if value and options.write_baseline):
        hint = "a baseline is of the whole repository, and nothing else is written or printed with it"
        raise UsageError(f"--write-baseline and {name} contradict each other", hint)
