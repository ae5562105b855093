"""The fix that `publish-isolation` and `self-hosted-runner` share: the publish moves into a job of its own."""

from __future__ import annotations

from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.split.splitting import split_of
from tp_fix.rule import Applicability, FileChange, Fix

ASK = "done only on request: `--prefer isolated-publish --unsafe`"


def isolated_publish(publication: Publication, model: Model) -> Fix:
    """Shown only until somebody asks for it, and where something is in the way."""
    split = split_of(publication, model)
    path, old = publication.workflow.path, publication.step.job.id
    if split.obstacles:
        title = f"publish from a job of its own, which gets the packed archive of job `{old}`"
        return Fix(title, (), Applicability.DISPLAY, "to be done by hand: " + "; ".join(split.obstacles))
    title = f"publish from a job of its own, `{split.job}`, which gets the packed archive of job `{old}`"
    changes = tuple(FileChange(path, change) for change in split.changes)
    if not model.prefers("isolated-publish"):
        return Fix(title, changes, Applicability.DISPLAY, ASK)
    return Fix(
        title,
        changes,
        Applicability.UNSAFE,
        "it assumes " + "; ".join(split.assumptions),
        "publish from a job of its own",
    )
