"""The raw inputs of tools/refresh_facts.py, from where they are published or from a folder that holds copies of them.

| input | what it is |
|---|---|
| node-index.json | Node's dist/index.json |
| node-schedule.json, node-codenames.md | schedule.json and CODENAMES.md of nodejs/Release |
| setup-node-tags.txt, checkout-tags.txt | tag, commit and its day of every tag of the action, between tabs |
| npm/NAME.json | `npm view NAME@RANGE version engines --json`, the `/` of a scope written `+` |
| runner-images/ | README.md and images/ of actions/runner-images |
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PAGES = {
    "node-index.json": "https://nodejs.org/dist/index.json",
    "node-schedule.json": "https://raw.githubusercontent.com/nodejs/Release/main/schedule.json",
    "node-codenames.md": "https://raw.githubusercontent.com/nodejs/Release/main/CODENAMES.md",
}
TAGS = {
    "setup-node-tags.txt": "https://github.com/actions/setup-node",
    "checkout-tags.txt": "https://github.com/actions/checkout",
}
IMAGES = "https://github.com/actions/runner-images"
TOOLS = {
    "npm": ">=10",
    "pnpm": ">=9",
    "@yarnpkg/cli": ">=4",
    "semantic-release": ">=24",
    "@semantic-release/npm": ">=12",
    "lerna": ">=8",
    "@lerna-lite/cli": ">=4",
    "np": ">=10",
    "release-it": ">=18",
}
"""The packages whose `engines` are facts, and how far back."""
COMPLAINT = re.compile(r"fatal: |npm error |npm ERR! ")
PATIENCE = 300
"""Seconds for one source."""
SHORT = "%(refname:strip=2)%09%(objectname)%09%(committerdate:short)"
PEELED = "%(refname:strip=2)%09%(*objectname)%09%(*committerdate:short)"
TAG = f"%(if)%(*objectname)%(then){PEELED}%(else){SHORT}%(end)"


class InputError(Exception):
    """A source that cannot be had or cannot be read: one line, which source and why."""


def npm_file(name: str) -> str:
    """The input that holds what npm knows of a package."""
    return f"npm/{name.replace('/', '+')}.json"


def gather(name: str, folder: Path) -> None:
    """Puts an input, by the name above, into a folder. Raises InputError."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name in PAGES:
        path.write_bytes(_page(PAGES[name]))
    elif name in TAGS:
        path.write_text(_tags(TAGS[name]), encoding="utf-8")
    elif name == "runner-images":
        _run(IMAGES, "git", "clone", "--quiet", "--depth", "1", IMAGES, str(path))
    else:
        tool = next(tool for tool in TOOLS if npm_file(tool) == name)
        releases = f"{tool}@{TOOLS[tool]}"
        said = _run(f"npm view {releases}", "npm", "view", releases, "version", "engines", "--json")
        path.write_text(said, encoding="utf-8")


def _page(url: str) -> bytes:
    try:
        with urlopen(url, timeout=PATIENCE) as answer:  # the addresses above
            content: bytes = answer.read()
    except (URLError, TimeoutError) as error:
        raise InputError(f"{url}: {getattr(error, 'reason', error)}") from None
    return content


def _tags(url: str) -> str:
    """The tags of a repository with their commits, and only those: neither their trees nor what came before."""
    with tempfile.TemporaryDirectory() as folder:
        git = ("git", "-C", folder)
        _run(url, *git, "init", "--quiet", "--bare")
        _run(url, *git, "fetch", "--quiet", "--depth", "1", "--filter=tree:0", url, "refs/tags/v*:refs/tags/v*")
        return _run(url, *git, "for-each-ref", f"--format={TAG}", "refs/tags")


def _run(source: str, *command: str) -> str:
    """What a program prints. Raises InputError with the line of its complaint that says most."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE, env=environment, encoding="utf-8"
        )
    except FileNotFoundError:
        raise InputError(f"{source}: {command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise InputError(f"{source}: no answer in {PATIENCE} seconds") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it failed without a word"]
        raise InputError(f"{source}: {next((line for line in said if COMPLAINT.match(line)), said[-1])}")
    return done.stdout
