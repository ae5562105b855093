"""Which secrets of the repository stand behind the names that a reusable workflow has for what it is handed."""

from __future__ import annotations

from tp_fix.models.grants import called_only, callers_here
from tp_fix.models.repository import Repository
from tp_fix.models.token.credentials import SECRET
from tp_fix.models.workflow import Job, Workflow, text_of


def secrets_behind(name: str, workflow: Workflow, repository: Repository) -> frozenset[str]:
    """What `secrets.NAME` of a workflow stands for: the same name, or what the callers that are here hand it."""
    found: set[str] = set()
    pending, seen = [(name, workflow)], {(name.lower(), workflow.path)}
    while pending:
        known_as, here = pending.pop()
        callers = callers_here(here, repository)
        if not callers or not called_only(here):
            found.add(known_as)
        for caller in callers:
            handed = _handed(known_as, caller)
            if handed and (handed.lower(), caller.workflow.path) not in seen:
                seen.add((handed.lower(), caller.workflow.path))
                pending.append((handed, caller.workflow))
    return frozenset(found)


def _handed(name: str, caller: Job) -> str:
    """The caller's own name of a secret: GitHub minds no case there. '' where it hands none over, or makes it up."""
    given = caller.node.get("secrets")
    if given is None or given.pairs is None:
        return name if text_of(given) == "inherit" else ""
    values = (text_of(value) for key, value in given.pairs if str(key.value).lower() == name.lower())
    match = SECRET.fullmatch(next(values, "").strip())
    return match[1] if match else ""
