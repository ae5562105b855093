"""What a new step needs so that it runs where another one does: its condition, shell and folder."""

from __future__ import annotations

import re

from tp_fix.models.workflow import Step, defaults, text_of
from tp_fix.node import Data

PLACE = ("shell", "working-directory")


def settings_of(step: Step) -> dict[str, Data]:
    """The shell and folder that a step names against the defaults, which may not do for another step either.

    A folder that is the default may not exist yet, and a shell may be Python.
    """
    holders = [defaults(holder) for holder in (step.job.node, step.job.workflow.document.root)]
    found: dict[str, Data] = {}
    for key in PLACE:
        own = text_of(step.node.get(key))
        default = next((text for holder in holders if holder is not None and (text := text_of(holder.get(key)))), "")
        if own and default and own != default:
            found[key] = own
    return found


def asks_own_env(step: Step) -> bool:
    """Whether the condition of a step reads a variable that the step itself sets, which no other step sees."""
    condition = step.condition or ""
    return any(re.search(rf"\benv\s*(?:\.|\[\s*['\"]){re.escape(each.name)}\b", condition) for each in step.env)
