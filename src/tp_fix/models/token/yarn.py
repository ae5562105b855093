"""Whether a job may run Yarn Classic."""

from __future__ import annotations

import re

from tp_fix.models.installed.berry import is_berry
from tp_fix.models.model import Model
from tp_fix.models.running.calls import calls_of
from tp_fix.models.workflow import Job

YARN = re.compile(r"\byarn(?:pkg)?\b", re.IGNORECASE)


def may_run_classic(job: Job, model: Model) -> str:
    """Why a job may run Yarn Classic, as a phrase; '' when it is known not to.

    What nobody here can read counts where the repository has a yarn.lock.
    """
    if is_berry(model.repository):
        return ""
    calls = [call for step in job.steps for call in calls_of(step, model)]
    runs = next((call.what for call in calls if call.what.startswith("`yarn")), "")
    if runs:
        return f"{runs} runs Yarn Classic"
    locked = any(path.rpartition("/")[2] == "yarn.lock" for path in model.repository.paths)
    for call in calls:
        if YARN.search(call.what) or YARN.search(call.text):
            return f"{call.what} names Yarn"
        if locked and call.reader is None and call.kind != "install":
            return f"{call.what} may run Yarn Classic"
        if locked and (call.kind == "release" or (call.kind == "action" and call.reader)):
            return f"{call.what} may run Yarn Classic"
    return ""
