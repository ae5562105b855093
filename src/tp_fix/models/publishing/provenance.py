"""Whether a publish command attaches a provenance statement, as far as the repository says so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from tp_fix.errors import Unreadable
from tp_fix.facts.provenance import NPM, YARN
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.workflow import Step, text_of
from tp_fix.node import Node

WORDS = {"true": True, "false": False}
YARNRC = (".yarnrc.yml", "npmPublishProvenance")


def provenance_of(step: Step, publish: Publish, folder: str | None, repository: Repository) -> bool | None:
    """What the command, its environment or a settings file says, as the client reads it; None where nothing is said.

    By itself npm attaches one after an OIDC exchange, if repository and package are public; Yarn does not.
    `publishConfig.provenance: false` does not count (X npm 11.5.1 and 12.2.0, checked 2026-11-22).
    """
    if publish.provenance is not None:
        return publish.provenance
    places = _yarn_s(step, repository) if publish.tool == "yarn" else _settings(step, folder, repository)
    return WORDS.get(next(places, "").strip().lower())


def written_in(path: str, key: str, repository: Repository) -> Node | None:
    """What a YAML file of the repository says for a key of its top level; None for nothing."""
    if path not in repository.packages.paths or not repository.holding(re.compile(key.encode()), [path]):
        return None
    try:
        return repository.document(path).root.get(key)
    except Unreadable:
        return None  # the problem is kept by the repository, which reports it


def _settings(step: Step, folder: str | None, repository: Repository) -> Iterator[str]:
    yield from _variable(step, NPM.variable)
    for setting in reversed(repository.npmrcs.get(posixpath.join(folder or "", ".npmrc"), [])):
        if not setting.host and setting.key == "provenance":
            yield setting.value


def _yarn_s(step: Step, repository: Repository) -> Iterator[str]:
    yield from _variable(step, YARN.variable)
    yield text_of(written_in(*YARNRC, repository))


def _variable(step: Step, name: str) -> Iterator[str]:
    return (variable.value for variable in visible_at(step).values() if variable.name.lower() == name)
