"""Which steps run semantic-release, by the program or by its action."""

from __future__ import annotations

from tp_fix.models.model import Model
from tp_fix.models.tool.tools import runs_of
from tp_fix.models.workflow import Step

PROGRAM = "semantic-release"


def runs_semantic_release(step: Step, model: Model) -> bool:
    """Whether a step releases with semantic-release, through package scripts and shell scripts too."""
    return any(PROGRAM in run.publisher.by.packages for run in runs_of(step, model.repository))
