"""Which registry is asked who is logged in."""

from __future__ import annotations

from tp_fix.models.publishing.configuring import Asked
from tp_fix.models.publishing.registry import registry_of
from tp_fix.models.publishing.unseen import registry_doubt
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish
from tp_fix.models.workflow import Step

NPM = Publish("npm")
PLAINLY = Asked(frozenset({""}), given=False)


def asks_elsewhere(step: Step, offset: int, repository: Repository) -> bool:
    """Whether a question in a step's script goes to another registry than the public one, or may."""
    if registry_of(step, NPM, None, repository).public is not True:
        return True
    return bool(registry_doubt(step, offset, "", NPM.tool, PLAINLY, repository))
