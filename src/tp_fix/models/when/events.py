"""The variants in which a workflow can run: one per event, activity type and kind of ref, each with its `github`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.facts.events import EVENTS, HEADS, PAYLOAD, PULL, PULL_REQUESTS, STRANGERS, TAGS, UNTRUSTED, Event
from tp_fix.models.repository import Repository
from tp_fix.models.when.values import SOME_TEXT, TEXT, UNKNOWN, Object, Unknown, Value, common_start, shaped, starting
from tp_fix.models.workflow import Workflow, text_of, workflow_of
from tp_fix.node import Node

SPECIAL = re.compile(r"[*?+\[\]!\\]")
"""Characters by which a branch or tag filter means more than itself."""
UNMERGED = frozenset({"opened", "synchronize", "reopened", "ready_for_review", "converted_to_draft"})
"""Activities of a pull request that is open."""


class Scene(NamedTuple):
    """Where and for whom a workflow runs: in which repository (None: not known), in a fork, for a stranger.

    A stranger has no write access: nobody merges what they send, and where they reach this repository's own context
    their pull request comes from a fork.
    """

    repository: str | None = None
    fork: bool = False
    stranger: bool = False


FORK = Scene("somebody-else/a-fork", fork=True)
STRANGER = "a-stranger"


class Variant(NamedTuple):
    """`detail` is the activity type, the kind of ref, or the event of the run that a `workflow_run` follows.

    `callers` are the jobs on the way from the workflow with the event to the one that is called, as "path job".
    """

    event: str
    detail: str
    github: Object
    inputs: Value = None
    callers: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What it is called in another state of the same repository."""
        return (self.event, self.detail, *self.callers)


def variants_of(workflow: Workflow, repository: Repository, scene: Scene) -> Iterator[Variant]:
    """The variants that the workflow's own `on:` gives, calls by other workflows left out."""
    for name, filters in workflow.events.items():
        if name != "workflow_call":
            for detail in _details(name, filters, workflow, repository):
                github = _github(name, detail, filters, scene)
                yield Variant(name, detail, github, UNKNOWN if name == "workflow_dispatch" else Object())


def _details(name: str, filters: Node | None, workflow: Workflow, repository: Repository) -> tuple[str, ...]:
    if name == "push":
        return _kinds_of_ref(filters)
    if name == "workflow_run":
        return origins(filters, repository)
    given = _listed(filters, "types")
    known = EVENTS.get(name)
    return given or (known.types if known else ()) or ("",)


def _kinds_of_ref(filters: Node | None) -> tuple[str, ...]:
    """A push filtered by branches alone is not started by tags, and the other way round."""
    keys = filters.keys if filters is not None else []
    branches = any(key in keys for key in ("branches", "branches-ignore"))
    tags = any(key in keys for key in ("tags", "tags-ignore"))
    return ("branch",) if branches and not tags else ("tag",) if tags and not branches else ("branch", "tag")


def origins(filters: Node | None, repository: Repository) -> tuple[str, ...]:
    """The events of the runs that a `workflow_run` follows; pull requests and pushes when they are not to be seen.

    A `branches` filter says nothing of where a run came from: a fork's branch can have the same name.
    """
    names = _listed(filters, "workflows")
    found: dict[str, None] = {}
    known = set()
    for workflow in every_workflow(repository):
        name = text_of(workflow.document.root.get("name")) or workflow.path
        if name in names:
            known.add(name)
            found |= dict.fromkeys(event for event in workflow.events if event != "workflow_call")
    if known != set(names) or not names:
        found |= dict.fromkeys(("pull_request", "pull_request_target", "push"))
    return tuple(found)


def every_workflow(repository: Repository) -> Iterator[Workflow]:
    """Those too that have nothing to do with publishing; unreadable ones are passed over."""
    for path in repository.workflow_paths:
        known = repository.workflows.get(path)
        if known is not None:
            yield known
            continue
        try:
            yield workflow_of(repository.document(path))
        except Unreadable:
            continue


def _listed(filters: Node | None, key: str) -> tuple[str, ...]:
    node = filters.get(key) if filters is not None else None
    if node is None:
        return ()
    return tuple(text_of(item) for item in node.items) if node.items is not None else (text_of(node),)


def _github(name: str, detail: str, filters: Node | None, scene: Scene) -> Object:
    unmerged = scene.stranger or detail in UNMERGED
    scene = scene._replace(stranger=scene.stranger and name in STRANGERS)
    ref = _ref(name, detail, filters)
    base = _matching(_listed(filters, "branches"), "") if name in PULL_REQUESTS else ""
    owner = scene.repository.partition("/")[0] if scene.repository else SOME_TEXT
    return Object(
        {
            "event_name": name,
            "event": _event(name, detail, base, scene, unmerged=unmerged),
            "ref": ref,
            "ref_name": _name_of(ref),
            "ref_type": _type_of(ref),
            "base_ref": base,
            "head_ref": SOME_TEXT if name in PULL_REQUESTS else "",
            "repository": scene.repository or SOME_TEXT,
            "repository_owner": owner,
            "actor": STRANGER if scene.stranger else SOME_TEXT,
            "triggering_actor": STRANGER if scene.stranger else SOME_TEXT,
            "sha": SOME_TEXT,
        },
        rest=UNKNOWN,
    )


def _ref(name: str, detail: str, filters: Node | None) -> Value:
    if name == "push":
        key, start = ("tags", TAGS) if detail == "tag" else ("branches", HEADS)
        return _matching(_listed(filters, key), start)
    if name == "pull_request_target":
        return _matching(_listed(filters, "branches"), HEADS)
    if name == "pull_request" and detail not in UNMERGED:
        return starting("refs/")  # a merged one has the branch that it was merged into
    known = EVENTS.get(name)
    if known is not None and known.ref == PULL:
        return shaped(f"{PULL}0/merge")
    return starting(known.ref) if known else TEXT


def _matching(patterns: tuple[str, ...], start: str) -> Value:
    """What is known of a name that one of the patterns lets through: all of it where there is one that is literal."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    if len(wanted) == 1 and not SPECIAL.search(wanted[0]):
        return start + wanted[0]
    common = common_start([_literal_start(pattern) for pattern in wanted])
    return starting(start + common) if start or common else SOME_TEXT


def _literal_start(pattern: str) -> str:
    match = SPECIAL.search(pattern)
    end = len(pattern) if match is None else match.start() - (match.group() == "?")
    return pattern[: max(end, 0)]


def _name_of(ref: Value) -> Value:
    if isinstance(ref, Unknown) and ref.shape:
        return shaped(ref.shape.removeprefix(PULL))
    for start in (HEADS, TAGS):
        if isinstance(ref, str):
            return ref.removeprefix(start) if ref.startswith(start) else SOME_TEXT
        if isinstance(ref, Unknown) and ref.prefix.startswith(start):
            return starting(ref.prefix.removeprefix(start)) if ref.prefix != start else SOME_TEXT
    return TEXT


def _type_of(ref: Value) -> Value:
    start = ref if isinstance(ref, str) else ref.prefix if isinstance(ref, Unknown) else ""
    return "branch" if start.startswith((HEADS, PULL)) else "tag" if start.startswith(TAGS) else TEXT


def _event(name: str, detail: str, base: Value, scene: Scene, *, unmerged: bool) -> Object:
    """`github.event`: what other events alone have is null."""
    known = EVENTS.get(name)
    properties: dict[str, Value] = {part: None for part, names in PAYLOAD.items() if known and name not in names}
    if known and _action(known, detail) is not UNKNOWN:
        properties["action"] = _action(known, detail)
    person = Object({"author_association": "NONE" if scene.stranger else SOME_TEXT}, rest=UNKNOWN)
    for part in ("comment", "issue", "discussion", "review"):
        properties.setdefault(part, person)
    if name in PULL_REQUESTS:
        properties["pull_request"] = _pull_request(base, scene, False if unmerged else UNKNOWN)
    if name == "workflow_run":
        properties["workflow_run"] = _followed_run(detail, scene)
    if name != "schedule":
        properties["repository"] = _repository(scene.repository, scene.fork or UNKNOWN)
    return Object(properties, rest=UNKNOWN)


def _action(event: Event, detail: str) -> Value:
    if not event.acts:
        return None
    return UNKNOWN if event.name == "workflow_run" else detail or SOME_TEXT


def _pull_request(base: Value, scene: Scene, merged: Value) -> Object:
    return Object(
        {
            "merged": merged,
            "base": Object({"ref": base}, rest=UNKNOWN),
            "head": Object({"ref": SOME_TEXT, "repo": _head(scene)}, rest=UNKNOWN),
            "user": Object({"login": STRANGER if scene.stranger else SOME_TEXT}, rest=UNKNOWN),
            "author_association": "NONE" if scene.stranger else SOME_TEXT,
        },
        rest=UNKNOWN,
    )


def _followed_run(origin: str, scene: Scene) -> Object:
    own = _repository(scene.repository, UNKNOWN)
    head = _head(scene) if origin in UNTRUSTED else own
    return Object({"event": origin, "head_repository": head, "repository": own}, rest=UNKNOWN)


def _head(scene: Scene) -> Value:
    """The repository that a pull request comes from."""
    return _repository(f"{STRANGER}/a-fork", True) if scene.stranger else UNKNOWN


def _repository(name: str | None, fork: Value) -> Object:
    if name is None:
        return Object({"fork": fork}, rest=UNKNOWN)
    owner, _, short = name.partition("/")
    known: dict[str, Value] = {
        "full_name": name,
        "name": short,
        "owner": Object({"login": owner}, rest=UNKNOWN),
        "fork": fork,
    }
    return Object(known, rest=UNKNOWN)
