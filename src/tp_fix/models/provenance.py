"""Whether a publish command attaches a provenance statement, as far as the repository says so."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from tp_fix.models.command import Publish
from tp_fix.models.repository import Repository
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.workflow import Step

WORDS = {"true": True, "false": False}


def provenance_of(step: Step, publish: Publish, folder: str | None, repository: Repository) -> bool | None:
    """What the command, its environment or an .npmrc says, in npm's precedence; None where nothing is said.

    By itself npm attaches one after an OIDC exchange, if repository and package are public; Yarn does not.
    `publishConfig.provenance: false` does not count (X npm 11.5.1 and 12.2.0, checked 2026-11-22).
    """
    if publish.provenance is not None:
        return publish.provenance
    said = next(_settings(step, folder, repository), "")
    return WORDS.get(said.strip().lower())


def _settings(step: Step, folder: str | None, repository: Repository) -> Iterator[str]:
    for variable in visible_at(step).values():
        if variable.name.lower() == "npm_config_provenance":
            yield variable.value
    for setting in reversed(repository.npmrcs.get(posixpath.join(folder or "", ".npmrc"), [])):
        if not setting.host and setting.key == "provenance":
            yield setting.value
