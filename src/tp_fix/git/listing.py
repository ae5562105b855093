"""What git says of a working tree: its files and its remotes."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.git.process import Answer, environment, refusal

SKIPPED = frozenset({".git", "node_modules"})
GITHUB = re.compile(r"(?:^|[@/.])github\.com[:/](?:\d+/)?([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")

FETCHED = re.compile(r"(.*)\t(.*) \(fetch\)")


class Listing(NamedTuple):
    """A working tree: its root, its files relative to it with forward slashes, sorted, and its GitHub repository.

    `repository` is owner/name from the remote called origin, None without one; `remotes` are those of all remotes that
    lead to GitHub. `without_git` says why git was not
    asked, and is empty where it was.
    """

    root: str
    paths: tuple[str, ...]
    repository: str | None = None
    without_git: str = ""
    remotes: tuple[str, ...] = ()


def upwards(start: str, name: str) -> str | None:
    """The nearest folder from `start` upwards that holds `name`."""
    folder = start
    while not os.path.exists(os.path.join(folder, name)):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return None
    return folder


def listing(start: str) -> Listing:
    """The tree that a folder belongs to. Raises GitRefused when git is there but refuses."""
    root = upwards(start, ".git")  # a file in linked worktrees
    if root is None:
        top = upwards(start, ".github") or start
        return Listing(top, walk(top), None, "not a git repository: every file is read, ignored or not")
    try:
        files = _start(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        remotes = _start(root, "remote", "--verbose")  # not `config`, which knows no insteadOf
    except FileNotFoundError:
        return Listing(root, walk(root), None, "git is not installed: every file is read, ignored or not")
    out, errors = files.communicate()
    urls = dict(_urls(remotes.communicate()[0].decode("utf-8", "replace")))
    if files.returncode:
        said = Answer(files.returncode, "", errors.decode("utf-8", "replace"))
        raise refusal(root, ("ls-files",), said)
    paths = tuple(sorted({os.fsdecode(path) for path in out.split(b"\0") if path}))
    names = tuple(dict.fromkeys(name for url in urls.values() if (name := github_repository(url))))
    return Listing(root, paths, github_repository(urls.get("origin", "")), remotes=names)


def _urls(listed: str) -> Iterator[tuple[str, str]]:
    """Remotes and the addresses they are fetched from, in what `git remote --verbose` prints."""
    for line in listed.splitlines():
        if match := FETCHED.match(line):
            yield match[1], match[2]


def github_repository(url: str) -> str | None:
    """owner/name of a GitHub address in any of git's spellings, else None."""
    match = GITHUB.search(url)
    return f"{match[1]}/{match[2]}" if match else None


def walk(root: str) -> tuple[str, ...]:
    """Every file below a folder, sorted, without git's and npm's own folders; links to folders are not followed."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED)
        base = os.path.relpath(folder, root).replace(os.sep, "/")
        found += [file if base == "." else f"{base}/{file}" for file in files]
    return tuple(sorted(found))


def _start(root: str, *args: str) -> subprocess.Popen[bytes]:
    """git at work beside us; nothing of ours waits for its locks."""
    pipe = subprocess.PIPE
    only_looking = environment({"GIT_OPTIONAL_LOCKS": "0"})
    return subprocess.Popen(["git", "-C", root, *args], stdout=pipe, stderr=pipe, env=only_looking)
