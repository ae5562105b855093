"""What leads to a publish without saying so: names of package scripts, shell scripts and actions, found by bytes alone.

A workflow that says `npm run ship`, `./tools/ship.sh` or `uses: ./.github/actions/ship` publishes as much as one with
`npm publish` in it. Nothing is parsed for this but manifests that hold a word of a publisher or of a name found before.
"""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from tp_fix.models.running.command import INSTALL_SCRIPTS, PACK_SCRIPTS, VERSION_SCRIPTS
from tp_fix.models.running.needle import CONCERNS, RELEASES, Needle, holds, needle, whole

ACTIONS = ("action.yml", "action.yaml")
DEEPEST = 120
"""Scripts that call scripts; models.walk enters no more than a hundred from one step."""
SHELL = ("", ".sh", ".bash")
"""Ends of the names of files that a workflow may hand to a shell."""
CLIENT = r"\b(?:npm|npx|pnpm|pn|yarn|yarnpkg|bun|corepack)\b"
CLIENTS = tuple(whole(name) for name in ("npm", "npx", "pnpm", "pn", "yarn", "yarnpkg", "bun", "corepack"))
BEHIND = r"(?s:.{0,200}?)"
BY_CLIENT = {
    **dict.fromkeys((*INSTALL_SCRIPTS, *PACK_SCRIPTS, "dependencies"), CLIENTS),
    **dict.fromkeys(("test", "start", "stop", "restart"), CLIENTS),
    **dict.fromkeys(VERSION_SCRIPTS, tuple(needle(name, CLIENT + BEHIND + name) for name in ("version", "verison"))),
}
"""Scripts that a client runs without their name on its command line, or with a shorter one.

Those around a publish are not among them: where they run, something says so.
"""


def leading(paths: Iterable[str], read: Callable[[str], bytes]) -> tuple[Needle, ...]:
    """The names by which files lead to a publish; `read` gives a file's bytes, none where it cannot."""
    manifests, scripts, actions = _sorted(paths)
    texts = {path: read(path) for path in (*manifests, *scripts, *actions)}
    found: dict[Needle, None] = {}
    named = [each for path in (*manifests, *scripts) for each in _names(path, texts[path], RELEASES)]
    named += [each for path in actions for each in _names(path, texts[path], CONCERNS)]
    for _ in range(DEEPEST):
        fresh = tuple(each for each in dict.fromkeys(named) if each not in found)
        if not fresh:
            break
        found |= dict.fromkeys(fresh)
        named = [each for path, raw in texts.items() for each in _names(path, raw, fresh)]
    return tuple(found)


def _sorted(paths: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """Manifests, files that may be shell scripts, and actions."""
    kinds: tuple[list[str], list[str], list[str]] = ([], [], [])
    for path in paths:
        name = path.rpartition("/")[2]
        if name == "package.json":
            kinds[0].append(path)
        elif name in ACTIONS:
            kinds[2].append(path)
        elif os.path.splitext(name)[1] in SHELL:
            kinds[1].append(path)
    return kinds


def _names(path: str, raw: bytes, needles: tuple[Needle, ...]) -> Iterator[Needle]:
    name = posixpath.basename(path)
    if not holds(raw, needles):
        return
    if name == "package.json":
        for script, text in _scripts(raw):
            if holds(text, needles):
                yield from _called(script)
    elif name in ACTIONS:
        folder = posixpath.basename(posixpath.dirname(path))
        yield whole(folder) if folder else needle("./", r"""uses["']?\s*:\s*["']?\./+["']?[\s,}]""")
    else:
        yield whole(name)


@lru_cache(maxsize=4096)
def _scripts(raw: bytes) -> tuple[tuple[str, bytes], ...]:
    """The scripts of a manifest, by name; none where it cannot be read."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return ()
    scripts = data.get("scripts") if isinstance(data, dict) else None
    texts = scripts.items() if isinstance(scripts, dict) else ()
    return tuple((name, text.encode(errors="replace")) for name, text in texts if isinstance(text, str))


def _called(script: str) -> Iterator[Needle]:
    """How a script is called, one that runs before or after another by the other's name."""
    for prefix in ("", "pre", "post"):
        if script.startswith(prefix) and (name := script.removeprefix(prefix)):
            yield from BY_CLIENT.get(name, (whole(name),))
