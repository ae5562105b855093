"""What may depend on the user's .npmrc of a job: setup-node moves it elsewhere as soon as it has a `registry-url`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.running.calls import calls_of
from tp_fix.models.running.walk import Call
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.workflow import Job, Step

HANDLES = re.compile(
    r"npmrc|userconfig|\bnpm-cli-login\b|\bHOME=|(?:~|\$HOME|\$\{HOME\})/?[\"']?(?=\s|$)"
    r"|\b(?:p?npm|pn|yarn)\s+(?:-\S+\s+)*(?:(?:config|c)\s+(?:-\S+\s+)*)?(?:set|delete|login|adduser)\b",
    re.IGNORECASE,
)
"""In a script or in an action's inputs: signs that it reads or writes npm's configuration by itself."""
USERCONFIG = re.compile(r"HOME|p?npm_config_(?:userconfig|globalconfig)", re.IGNORECASE)


class Users(NamedTuple):
    """Phrases for a person: `known` to depend on the user's .npmrc, and `unread`, of which nobody here can say."""

    known: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def users_of_config(job: Job, model: Model) -> Users:
    """What in a job has to do with the user's .npmrc, setup-node left out."""
    known: list[str] = []
    unread: list[str] = []
    for step in job.steps:
        if is_setup_node(step):
            continue
        calls = calls_of(step, model)
        if _handles(step, calls):
            known.append(f"step `{step.label}` handles npm's configuration by itself")
        known += [f"{call.what} writes an .npmrc" for call in calls if _writes(call)]
        unread += [call.what for call in calls if call.kind in ("unknown", "hooks", "release") or _more_files(call)]
    return Users(tuple(dict.fromkeys(known)), tuple(dict.fromkeys(unread)))


def _handles(step: Step, calls: Sequence[Call]) -> bool:
    texts = [step.run or "", *(call.text for call in calls), *visible_at(step)]
    return any(HANDLES.search(text) or USERCONFIG.fullmatch(text) for text in texts)


def _writes(call: Call) -> bool:
    """Whether it is an action that is known to write an .npmrc, as those that publish do."""
    return call.command is None and (call.kind == "release" or (call.kind == "action" and call.reader is True))


def _more_files(call: Call) -> bool:
    return call.kind == "file" and call.reader is None


def other_registry(repository: Repository) -> str:
    """A committed .npmrc, or one of its templates, that names another registry than the public one; '' for none."""
    for path, lines in repository.npmrcs.items():
        for line in lines:
            if line.host and is_public(line.host) is not True:
                return path
            if (line.key == "registry" or line.key.endswith(":registry")) and is_public(line.value) is not True:
                return path
    return ""
