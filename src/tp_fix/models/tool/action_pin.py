"""Which release of an action a step is pinned to, and in which manner."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from tp_fix.facts.publishers.row import Publisher
from tp_fix.facts.releases import Release
from tp_fix.models.comment import comment_behind
from tp_fix.models.installed.known import Known, unknown
from tp_fix.models.versions.versions import exactly, ranged
from tp_fix.models.workflow import Step

TAG = re.compile(r"v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?")
COMMIT = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
IN_COMMENT = re.compile(r"(?:^|[\s@=])(?:v(?=\d)|(?=\d+\.\d))(\d{1,6}(?:\.\d{1,6}){0,2})(?=$|[\s,;)])")
"""A release in a comment: `v3`, `v3.1.1`, `3.1.1`; a bare number may be anything."""

Style = Literal["major", "minor", "release", "commit", "other"]


class ActionPin(NamedTuple):
    """What stands behind the `@`: `major` for `v3`, `minor` for `v3.1`, `release` for `v3.1.0`, a commit, or a branch.

    `prefix` is the `v` of a tag, where it has one.
    """

    ref: str
    style: Style
    known: Known
    prefix: str = "v"

    def moved(self, release: Release) -> str:
        """Another release in the same manner."""
        if self.style == "commit":
            return release.commit
        parts = {"major": 1, "minor": 2}.get(self.style, 3)
        return self.prefix + ".".join(map(str, release.version[:parts]))


def action_pin(step: Step, publisher: Publisher) -> ActionPin:
    """The pin of a step that uses one of a publisher's actions."""
    name, _, ref = (step.uses or "").partition("@")
    ref = ref.strip()
    path, route = step.job.workflow.path, (*step.route, "uses")
    shown = name.strip()
    if COMMIT.fullmatch(ref):
        return ActionPin(ref, "commit", _of_commit(step, shown, ref, publisher)._replace(path=path, route=route))
    match = TAG.fullmatch(ref)
    versions = ranged(ref.removeprefix("v")) if match else None
    if match is None or versions is None:
        return ActionPin(ref, "other", unknown(f"`{shown}@{ref}`, which is no release,", path))
    style: Style = "release" if match[3] else "minor" if match[2] else "major"
    known = Known(versions, f"`{shown}@{ref}`", path, route, fresh=style != "release")
    return ActionPin(ref, style, known, "v" if ref.startswith("v") else "")


def _of_commit(step: Step, shown: str, ref: str, publisher: Publisher) -> Known:
    what = f"`{shown}@{ref[:7]}`"
    release = next((one.to for one in publisher.raising.actions if one.to.commit == ref.lower()), None)
    if release is not None:
        major, minor, patch = release.version
        return Known(exactly((major, minor, patch)), f"{what} ({release.tag})")
    node = step.node.get("uses")
    comment = comment_behind(step.job.workflow.document, node) if node is not None else None
    named = IN_COMMENT.search(comment or "")
    versions = ranged(named[1]) if named else None
    if versions is None or named is None:
        return unknown(f"{what}, a commit whose release nothing names,")
    return Known(versions, f"{what} (v{named[1]} by its comment)")
