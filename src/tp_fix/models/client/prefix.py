"""Whether global installs of npm go to a folder of their own, and not to where the npm on the path is from."""

from __future__ import annotations

import re

from tp_fix.models.publishing.unseen import earlier_scripts
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Step

NAME = "npm_config_prefix"
SET = re.compile(
    r"npm_config_prefix|\bnpm\s+(?:c(?:onfig)?\s+)?set\s+(?:-\S+\s+)*[\"']?prefix\b|(?<![\w-])prefix\s*=[^\n]*npmrc",
    re.IGNORECASE,
)
"""In a script: signs that it sets the folder."""


def prefix_set(step: Step, before: int, repository: Repository) -> str:
    """Where that folder is set for the commands behind offset `before` of a step's script, as a phrase; '' nowhere.

    What a step sets for itself alone does not count here.
    """
    if any(variable.name.lower() == NAME for env in (step.job.workflow.env, step.job.env) for variable in env):
        return f"the `env` of {step.job.workflow.path}"
    for path, lines in repository.npmrcs.items():
        if path == ".npmrc" and any(setting.key == "prefix" for setting in lines):
            return path
    for other, text in earlier_scripts(step, before, repository):
        if SET.search(text):
            return f"step `{other.label}`"
    return ""
