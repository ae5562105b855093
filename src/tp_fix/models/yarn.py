"""Whether a repository's Yarn is Classic or Berry, and whether a job may run Classic."""

from __future__ import annotations

import re

from tp_fix.errors import Unreadable
from tp_fix.formats.json import values
from tp_fix.models.calls import calls_of
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Job

YARN = re.compile(r"\byarn(?:pkg)?\b", re.IGNORECASE)


def is_berry(repository: Repository) -> bool:
    """Whether everything that speaks of Yarn speaks of Berry: what stands at the root, and every yarn.lock.

    No sign at all at the root is none.
    """
    signs = [_by_manager(repository), _by_lock(repository, "yarn.lock")]
    below = [path for path in repository.paths if path.endswith("/yarn.lock")]
    if any(_by_lock(repository, path) is False for path in below):
        return False
    if ".yarnrc.yml" in repository.packages.paths:
        signs.append(True)
    if ".yarnrc" in repository.packages.paths:
        signs.append(False)
    return True in signs and False not in signs


def may_run_classic(job: Job, model: Model) -> str:
    """Why a job may run Yarn Classic, as a phrase; '' when it is known not to.

    What nobody here can read counts where the repository has a yarn.lock.
    """
    if is_berry(model.repository):
        return ""
    locked = any(path.rpartition("/")[2] == "yarn.lock" for path in model.repository.paths)
    for step in job.steps:
        for call in calls_of(step, model):
            if YARN.search(call.what) or YARN.search(call.text):
                return f"{call.what} runs Yarn Classic" if call.what.startswith("`yarn") else f"{call.what} names Yarn"
            if locked and call.reader is None and call.kind != "install":
                return f"{call.what} may run Yarn Classic"
            if locked and (call.kind == "release" or (call.kind == "action" and call.reader)):
                return f"{call.what} may run Yarn Classic"
    return ""


def _by_manager(repository: Repository) -> bool | None:
    """What `packageManager` of the root's manifest says; None when it says nothing of Yarn."""
    if "package.json" not in repository.packages.paths or repository.packages.at("") is None:
        return None
    try:
        data = values(repository.source("package.json"))
    except Unreadable:
        return None
    manager = data.get("packageManager") if isinstance(data, dict) else None
    match = re.match(r"yarn@(\d+)\.", manager) if isinstance(manager, str) else None
    return int(match[1]) >= 2 if match else None


def _by_lock(repository: Repository, path: str) -> bool | None:
    """What the head of a yarn.lock says: Berry's is YAML with a block of its own, Classic's names its version."""
    head = repository.head(path) if path in repository.packages.paths else b""
    if b"# yarn lockfile v1" in head:
        return False
    return True if b"\n__metadata:" in b"\n" + head else None
