"""The events that start a workflow: which ref they run on, and what their payload holds."""

from __future__ import annotations

from typing import NamedTuple

HEADS, TAGS, PULL, ANY = "refs/heads/", "refs/tags/", "refs/pull/", "refs/"


class Event(NamedTuple):
    """`ref` is how `github.ref` starts, '' when there may be none. `types` are the activity types without `types:`.

    `types` is empty where nothing is known of them, or where there are none: `acts` says whether the payload has an
    `action`.
    """

    name: str
    ref: str = HEADS
    types: tuple[str, ...] = ()
    acts: bool = True
    source: str = "D docs.github.com, events that trigger workflows"
    checked: str = "2026-11-22"


PULL_REQUEST_TYPES = ("opened", "synchronize", "reopened")
RELEASE_TYPES = ("published", "unpublished", "created", "edited", "deleted", "prereleased", "released")
COMMENT_TYPES = ("created", "edited", "deleted")

ROWS = (
    Event("branch_protection_rule"),
    Event("check_run"),
    Event("check_suite"),
    Event("create", ANY, acts=False),
    Event("delete", HEADS, acts=False),
    Event("deployment", ""),
    Event("deployment_status", ""),
    Event("discussion"),
    Event("discussion_comment", types=COMMENT_TYPES),
    Event("fork", acts=False),
    Event("gollum", acts=False),
    Event("issue_comment", types=COMMENT_TYPES),
    Event("issues"),
    Event("label"),
    Event("merge_group"),
    Event("milestone"),
    Event("page_build", acts=False),
    Event("public", acts=False),
    Event("pull_request", PULL, PULL_REQUEST_TYPES),
    Event("pull_request_review", PULL, ("submitted", "edited", "dismissed")),
    Event("pull_request_review_comment", PULL, COMMENT_TYPES),
    Event("pull_request_target", HEADS, PULL_REQUEST_TYPES, source="D the same page: it runs on the base branch"),
    Event("push", ANY, acts=False),
    Event("registry_package", ANY),
    Event("release", TAGS, RELEASE_TYPES),
    Event("repository_dispatch"),
    Event("schedule", acts=False),
    Event("status", acts=False),
    Event("watch"),
    Event("workflow_dispatch", ANY, acts=False),
    Event("workflow_run", HEADS),
)
EVENTS = {row.name: row for row in ROWS}
PULL_REQUESTS = frozenset({"pull_request", "pull_request_review", "pull_request_review_comment", "pull_request_target"})
"""Events that carry a pull request."""
STRANGERS = frozenset(
    {"pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment"}
)
"""Events that anybody can cause and that run in the base repository's context, with its secrets and its identity."""
UNTRUSTED = STRANGERS | PULL_REQUESTS

PAYLOAD = {
    "after": ("push", "pull_request", "pull_request_target"),
    "base_ref": ("push",),
    "before": ("push", "pull_request", "pull_request_target"),
    "client_payload": ("repository_dispatch",),
    "comment": ("issue_comment", "pull_request_review_comment", "discussion_comment"),
    "commits": ("push",),
    "compare": ("push",),
    "created": ("push",),
    "deleted": ("push",),
    "deployment": ("deployment", "deployment_status"),
    "deployment_status": ("deployment_status",),
    "discussion": ("discussion", "discussion_comment"),
    "forced": ("push",),
    "head_commit": ("push",),
    "inputs": ("workflow_dispatch",),
    "issue": ("issues", "issue_comment"),
    "label": ("pull_request", "pull_request_target", "issues", "discussion", "label"),
    "merge_group": ("merge_group",),
    "number": ("pull_request", "pull_request_target"),
    "pull_request": tuple(sorted(PULL_REQUESTS)),
    "pusher": ("push",),
    "ref": ("push", "create", "delete", "workflow_dispatch"),
    "ref_type": ("create", "delete"),
    "release": ("release",),
    "review": ("pull_request_review",),
    "schedule": ("schedule",),
    "workflow_run": ("workflow_run",),
}
"""Parts of `github.event` that only some events have (D docs.github.com, webhook payloads, checked 2026-11-22)."""
