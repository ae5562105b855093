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
        _other_tree(earlier, repository) if earlier.run is None else _writes(earlier.run, path)
        for earlier in step.earlier
    )


def _writes(script: str, path: str) -> bool:
    name = posixpath.basename(path)
    if MOVES.search(script) or PULLS.search(script) or (name == "package.json" and ENGINES.search(script)):
        return True
    return any(name in line and WRITES.search(line) for line in script.split("\n"))


def _other_tree(step: Step, repository: Repository) -> bool:
    """Whether a checkout in the place of the repository takes another one, or what a person has chosen."""
    if not (step.uses or "").lower().startswith("actions/checkout@") or (step.input("path") or "").strip("./"):
        return False
    named, ref = ((step.input(key) or "").strip() for key in ("repository", "ref"))
    own = not named or named.lower() == (repository.name or "").lower() or "github.repository" in named
    literal = bool(ref) and "${{" not in ref and ref.removeprefix("refs/heads/") not in SAME
    return not own or literal or CHOSEN.search(ref) is not None
