"""Which contexts the expressions of a text take their values from, and whether they say the same in another job."""

from __future__ import annotations

import re

EVERYWHERE = frozenset({"github", "inputs", "vars"})
"""Contexts that say the same in every job of a run."""
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
STRING = re.compile(r"'(?:[^']|'')*'")
NAME = re.compile(r"(?<![\w.\-])([A-Za-z_][\w-]*)(?:\s*\.\s*([\w-]+)|\s*([\[(]))?")
"""A name, with the key behind its dot, or the bracket that follows it."""
LITERALS = frozenset({"true", "false", "null"})
STATUS = frozenset({"always", "cancelled", "failure", "success"})
PURE = frozenset({"contains", "endswith", "format", "fromjson", "join", "startswith", "tojson"})
"""Functions of nothing but their arguments."""
OWN = frozenset({"action", "action_path", "action_ref", "env", "job", "output", "path", "token", "workspace"})
"""Keys of the github context that are not the same in every job of a run."""

RUNNERS = frozenset({"GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER"})
RUNNERS |= {"GITHUB_SHA", "GITHUB_EVENT_NAME", "GITHUB_ACTOR", "GITHUB_BASE_REF", "GITHUB_HEAD_REF", "GITHUB_REF_TYPE"}
"""Variables that the runner sets alike in every job of a run (D docs.github.com, checked 2026-11-22)."""


def foreign_contexts(text: str, allowed: frozenset[str], *, bare: bool = False) -> tuple[str, ...]:
    """What a text takes from elsewhere than the allowed contexts, as it is written: `steps.x`, `hashFiles()`.

    `bare` says that all of the text is an expression, as in `if:`. Of github, only what every job of a run sees
    alike is allowed.
    """
    inner = [text] if bare and "${{" not in text else [match[1] for match in EXPRESSION.finditer(text)]
    if bare and "${{" in text:
        inner.append(EXPRESSION.sub(" ", text))
    found = [name for expression in inner for name in _foreign(STRING.sub("''", expression), allowed)]
    return tuple(dict.fromkeys(found))


def shell_variables(text: str, known: set[str]) -> tuple[str, ...]:
    """The variables and substitutions of a piece of shell that are neither known nor GitHub's own."""
    found = re.findall(r"\$\{?(\w*)|(`)", EXPRESSION.sub("", text))
    names = [f"${name}" if name else "$(…)" for name, _ in found if name not in known and name not in RUNNERS]
    return tuple(names)


def asks_for_status(condition: str) -> bool:
    """Whether a condition names a function of the status, so that it can hold after a failure or a skip."""
    return any(match[1].lower() in STATUS and match[3] == "(" for match in NAME.finditer(STRING.sub("''", condition)))


def _foreign(expression: str, allowed: frozenset[str]) -> list[str]:
    found = []
    for match in NAME.finditer(expression):
        name, key = match[1].lower(), (match[2] or "").lower()
        if match[3] == "(":
            if name not in PURE:
                found.append(f"{match[1]}()")
        elif name == "github" and name in allowed:
            if not key or key in OWN:
                found.append(f"github.{key}" if key else "github")
        elif name not in allowed and name not in LITERALS:
            found.append(f"{match[1]}.{match[2]}" if match[2] else match[1])
    return found
