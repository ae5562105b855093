"""How a job uses actions/setup-node: the release that a step is pinned to, and the manner of the pin."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from tp_fix.facts.releases import Release
from tp_fix.facts.setup_node import BY_COMMIT, BY_TAG, MAJORS, Major, major_named, newest
from tp_fix.models.comment import comment_behind
from tp_fix.models.workflow import Step, Workflow, text_of

VERSION_COMMENT = re.compile(r"(?P<manner>(?:tag=|pin@|@|ratchet:[\w./-]+@)?v?)(?P<number>\d+(?:\.\d+){0,2})")
"""A comment that is nothing but a version, in the manners of Dependabot, Renovate, pin-github-action and ratchet."""


class Pin(NamedTuple):
    """What stands behind the `@` of a setup-node step.

    `style` is "major" for `v4`, "release" for `v4.0.2`, "commit" for one of a known release, else "other". `major` is
    None where it cannot be known: branches, unknown commits, majors newer than tp-fix.
    """

    ref: str
    style: Literal["major", "release", "commit", "other"]
    major: Major | None
    release: Release | None = None

    def moved(self, major: int) -> str:
        """The newest ref of another major in the same style; only for the first three styles."""
        release = newest(major)
        return {"major": f"v{major}", "release": release.tag}.get(self.style, release.commit)


def is_setup_node(step: Step) -> bool:
    return step.uses is not None and re.match(r"actions/setup-node(?:@|$)", step.uses, re.IGNORECASE) is not None


def pin_of(step: Step) -> Pin:
    """The pin of a setup-node step."""
    ref = (step.uses or "").partition("@")[2].strip()
    release = BY_TAG.get(ref) or BY_COMMIT.get(ref.lower())
    if release is not None and release.version[0] in MAJORS:
        return Pin(ref, "release" if ref in BY_TAG else "commit", MAJORS[release.version[0]], release)
    major = MAJORS.get(major_named(ref) or 0)
    return Pin(ref, "major" if re.fullmatch(r"v\d+", ref) and major else "other", major)


def node_version(step: Step) -> str | None:
    """The Node that a setup-node step names; the input `version` counts only where the pin is known to read it."""
    pin = pin_of(step)
    reads = pin.major is not None and pin.major.reads_version
    return step.input("node-version") or (step.input("version") if reads else None)


def version_comment(comment: str, release: Release) -> str | None:
    """A comment like `v4.0.2`, `v4` or `tag=v4.0.2` for another release, as exact as before; None for any other."""
    match = VERSION_COMMENT.fullmatch(comment)
    if match is None:
        return None
    exactness = match["number"].count(".") + 1
    return match["manner"] + ".".join(map(str, release.version[:exactness]))


def names_versions(workflow: Workflow) -> bool:
    """Whether another action of the workflow that is pinned to a commit has its version in a comment."""
    for step in workflow.steps():
        node = step.node.get("uses")
        if node is None or is_setup_node(step) or not re.search(r"@[0-9a-f]{40}\s*$", text_of(node)):
            continue
        if re.fullmatch(r"v\d[\w.-]*", comment_behind(workflow.document, node) or ""):
            return True
    return False
