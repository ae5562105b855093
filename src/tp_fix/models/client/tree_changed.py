"""Whether a file that a step reads may be another one than stands in the repository."""

from __future__ import annotations

import posixpath
import re

from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Step

WRITES = re.compile(r">|\b(?:tee|sed|perl|rm|cp|mv|ln|curl|wget|jq|yq|dd)\b")
ENGINES = re.compile(r"\bpkg\s+(?:set|delete)\b[^\n]*\b(?:engines|volta|devEngines)\b")
MOVES = re.compile(r"\bgit\s+(?:-\S+\s+)*(?:checkout(?!\s+-b)|switch(?!\s+-c)|reset\s+--hard|restore|merge|apply|am)\b")
PULLS = re.compile(r"\bgh\s+pr\s+checkout\b")
"""In a script: signs that the working tree becomes another one."""
CHOSEN = re.compile(r"\binputs\.", re.IGNORECASE)
SAME = frozenset({"main", "master", "develop", "trunk", "next"})
"""Names of branches that are taken for the one that the repository is seen at."""


def rewritten(path: str, step: Step, repository: Repository) -> bool:
    """Whether something before a step may have put another file in its place."""
    return any(
        _other_repository(earlier, repository) if earlier.run is None else _writes(earlier.run, path)
        for earlier in step.earlier
    )


def other_commit(step: Step) -> bool:
    """Whether a checkout before a step takes a commit that a person or the workflow names, not the one that is run."""
    refs = ((earlier.input("ref") or "").strip() for earlier in step.earlier if _in_place(earlier))
    return any(
        (ref and "${{" not in ref and ref.removeprefix("refs/heads/") not in SAME) or CHOSEN.search(ref) for ref in refs
    )


def _writes(script: str, path: str) -> bool:
    name = posixpath.basename(path)
    if MOVES.search(script) or PULLS.search(script) or (name == "package.json" and ENGINES.search(script)):
        return True
    return any(name in line and WRITES.search(line) for line in script.split("\n"))


def _in_place(step: Step) -> bool:
    """Whether a step checks something out where the repository goes."""
    return (step.uses or "").lower().startswith("actions/checkout@") and not (step.input("path") or "").strip("./")


def _other_repository(step: Step, repository: Repository) -> bool:
    named = (step.input("repository") or "").strip()
    own = not named or named.lower() == (repository.name or "").lower() or "github.repository" in named
    return _in_place(step) and not own
