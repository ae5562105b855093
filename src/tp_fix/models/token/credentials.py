"""npm credentials in the environment of steps: how they are recognised, and which steps each one reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from tp_fix.facts.registry import is_public
from tp_fix.facts.secrets import SECRET_NAME
from tp_fix.models.running.composite import InnerStep
from tp_fix.models.workflow import Step, Variable, Workflow

NAME = re.compile(
    r"NODE_AUTH_TOKEN|YARN_NPM_AUTH_(?:TOKEN|IDENT)|NPM(?:JS)?_(?:\w+_)?(?:TOKEN|AUTH)|P?NPM_CONFIG_.*_auth(?:token)?",
    re.IGNORECASE,
)
SECRET = re.compile(rf"\$\{{\{{\s*secrets\.({SECRET_NAME})\s*\}}\}}")
GITHUB_TOKEN = re.compile(r"\$\{\{\s*(?:secrets\.GITHUB_TOKEN|github\.token)\s*\}\}", re.IGNORECASE)

WRITTEN = re.compile(r"(?://([\w.-]+)[^\s=]*:)?_auth(?:Token)?\b|npmAuthToken|secrets\.[\w-]*NPM", re.IGNORECASE)
"""In a script: an npm setting for a credential, with its host where it has one, or a secret named after npm."""

NPM_SECRET = re.compile(r"NPM.*(?:TOKEN|AUTH|PUBLISH|ACCESS|KEY)|(?:TOKEN|AUTH|PUBLISH|KEY).*NPM|^NPM$", re.IGNORECASE)

Kind = Literal["secret", "github", "literal", "expression"]


def is_credential(variable: Variable) -> bool:
    """Whether a variable holds an npm credential: by its name, or because its value is a secret named after npm.

    An empty value is a deliberate absence of one.
    """
    if not variable.value:
        return False
    secret = SECRET.fullmatch(variable.value.strip())
    return NAME.fullmatch(variable.name) is not None or (
        secret is not None and NPM_SECRET.search(secret[1]) is not None
    )


def writes_token(script: str) -> bool:
    """Whether a script names a credential of the public registry, or of one that it does not name."""
    return any(match[1] is None or is_public(match[1]) is True for match in WRITTEN.finditer(script))


def kind_of(variable: Variable) -> Kind:
    """Where its value comes from."""
    value = variable.value.strip()
    if GITHUB_TOKEN.fullmatch(value):
        return "github"
    if SECRET.fullmatch(value):
        return "secret"
    return "expression" if "${{" in value else "literal"


def visible_at(step: Step) -> dict[str, Variable]:
    """The variables that a step sees; the innermost of a name counts."""
    if isinstance(step, InnerStep):
        return {**visible_at(step.outer), **{variable.name: variable for variable in step.env}}
    workflow = step.job.workflow
    return {variable.name: variable for env in (workflow.env, step.job.env, step.env) for variable in env}


def tokens_at(step: Step) -> list[Variable]:
    """The npm credentials that a step sees, GitHub's own token not among them."""
    return [
        variable for variable in visible_at(step).values() if is_credential(variable) and kind_of(variable) != "github"
    ]


def reached(variable: Variable, workflow: Workflow) -> Iterator[Step]:
    """The steps that see a variable, which belongs to the workflow, one of its jobs, or one of its steps."""
    holder = variable.holder
    for job in workflow.jobs:
        if job.route == holder[:2] or not holder:
            for step in job.steps:
                if step.route[: len(holder)] == holder and visible_at(step)[variable.name] == variable:
                    yield step
