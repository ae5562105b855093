"""The part of `setup-node` that knows what has to change together with the version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.change import AddKey, Change, RemoveKeys, RenameKey, SetComment, SetValue
from tp_fix.facts.releases import Release
from tp_fix.facts.setup_node import OLDEST_RUNNER, newest
from tp_fix.models.client.version_file import reads_dev_engines
from tp_fix.models.comment import comment_behind, comments_above, spoken_of
from tp_fix.models.hosting import hosted
from tp_fix.models.model import Model
from tp_fix.models.setup_node import Pin, names_versions, version_comment
from tp_fix.models.workflow import Step
from tp_fix.node import Data, Route

CACHE = "package-manager-cache"
SPEAKS_OF_VERSIONS = re.compile(
    r"\bv[1-7]\b|^#\s*\d+(?:\.\d+){0,2}\s*$|\bignore\b(?!\[)"
    r"|\b(?:pin|pinned|keep|stay|hold|held|bump|upgrad\w+|downgrad\w+|GHES)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""In a comment: signs that people want this very release."""
NODE_WITH_OIDC = 24
"""The Node whose newest releases bring an npm that publishes over OIDC."""


class Bump(NamedTuple):
    """Changes, phrases for the title, what is assumed, and what keeps the fix from being written."""

    changes: tuple[Change, ...] = ()
    said: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()

    def __or__(self, other: Bump) -> Bump:
        return Bump(
            self.changes + other.changes,
            self.said + other.said,
            self.assumptions + other.assumptions,
            self.obstacles + other.obstacles,
        )


def bump(step: Step, pin: Pin, target: int, model: Model, *, old_client: bool) -> Bump:
    """All that moving a setup-node step to the major `target` takes; `old_client` says that Yarn Classic or
    npm 6 may run."""
    found = _pin(step, pin, target) | on_its_runner(step) | Bump(obstacles=tuple(_meant(step, model)))
    if odd := [key for key in _keys(step) if key != key.lower()]:
        return found | Bump(obstacles=(f"`{odd[0]}` is spelled in capitals: see to the inputs by hand",))
    if old_client and step.input("always-auth") == "true":
        found |= Bump(assumptions=("that its old client does without `always-auth`",))
    return found | _inputs(step, pin)


def _pin(step: Step, pin: Pin, target: int) -> Bump:
    route: Route = (*step.route, "uses")
    known = pin.style != "other"
    ref = pin.moved(target) if known else f"v{target}"
    changes = (SetValue(route, f"{(step.uses or '').partition('@')[0]}@{ref}"),)
    obstacles = () if known else (f"`{pin.ref}` is no release that tp-fix knows",)
    return Bump(changes, obstacles=obstacles) | comment_of(step, pin.style, newest(target), route)


def comment_of(step: Step, style: str, release: Release, route: Route) -> Bump:
    """The comment behind a pin that moves to another release, where it has to follow; `style` is the pin's."""
    document = step.job.workflow.document
    node = document.root.at(route)
    old = comment_behind(document, node) if node is not None else None
    if old is None:
        return Bump(obstacles=("the comment at the end of the line may speak of the version",))
    new = version_comment(old, release)
    if new is not None:
        return Bump((SetComment(route, new),) if new != old else ())
    if old and (style == "commit" or re.search(r"\d", old)):
        return Bump(obstacles=(f"the comment `# {old}` says more than a version",))
    if SPEAKS_OF_VERSIONS.search(old):
        return Bump(obstacles=(f"the comment `# {old}` speaks of the version",))
    if not old and style == "commit" and names_versions(step.job.workflow):
        return Bump((SetComment(route, release.tag),))
    return Bump()


def _meant(step: Step, model: Model) -> Iterator[str]:
    """Why the release may be the one that people want, or the next one would do something else."""
    yield from spoken_above(step)
    if reads_dev_engines(step, model.repository):
        yield "from v6.3.0 on the Node comes from `devEngines` in package.json, which older ones pass over"


def spoken_above(step: Step) -> Iterator[str]:
    """Whether a comment above an action says that people want this very release."""
    document = step.job.workflow.document
    above = [comments_above(document, node) for node in (step.node, step.node.key("uses")) if node is not None]
    if any(SPEAKS_OF_VERSIONS.search(comment) for comment in above):
        yield "a comment above speaks of the version"


def on_its_runner(step: Step) -> Bump:
    """What a release that is made for Node 24 asks of the runner."""
    assumptions = []
    if hosted(step.job) is not True:
        assumptions.append(f"that the runner is version {OLDEST_RUNNER} or newer")
    if step.job.node.get("container") is not None:
        assumptions.append("that actions for Node 24 run in the job's container")
    return Bump(assumptions=tuple(assumptions))


def _keys(step: Step) -> list[str]:
    inputs = step.node.get("with")
    return inputs.keys if inputs is not None else []


def _inputs(step: Step, pin: Pin) -> Bump:
    """What happens to `with:`. Renames come last, so that every route before them is the file's own."""
    if obstacles := tuple(_unclear(step, pin)):
        return Bump(obstacles=obstacles)
    keys, added = _keys(step), _added(step, pin)
    gone = tuple(key for key in ("version",) if key in keys and "node-version" in keys)
    renamed = {"version": "node-version"} if "version" in keys and not gone else {}
    said = [f"`version` becomes `{name}`" for name in renamed.values()] + [f"`{key}` goes" for key in gone]
    said += [f"`{key}: {str(value).lower()}` comes" for key, value in added.items()]
    changes: tuple[Change, ...] = ()
    if "always-auth" in keys:
        said.append("`always-auth` goes")
        if CACHE in added:  # in the same place: no other way leaves a mapping that had only the one whole
            changes = (SetValue((*step.route, "with", "always-auth"), added.pop(CACHE)),)
            renamed["always-auth"] = CACHE
        else:
            gone = (*gone, "always-auth")
    renames = tuple(RenameKey((*step.route, "with", old), new) for old, new in renamed.items())
    return Bump((*_additions(step, added, gone), *_removals(step, gone), *changes, *renames), tuple(said)) | _assumed(
        step, pin
    )


def _unclear(step: Step, pin: Pin) -> Iterator[str]:
    """Why nobody can know what the inputs should become."""
    inputs = step.node.get("with")
    if inputs is not None and inputs.pairs is None and inputs.value is not None:
        yield "`with` is no mapping"
    keys, reads = _keys(step), pin.major is not None and pin.major.reads_version
    both = "version" in keys and "node-version" in keys
    if both and reads and step.input("version") != step.input("node-version"):
        yield "`version` and `node-version` disagree: keep the one that is meant"
    if "version" in keys and not both and not reads:
        yield "`version` is not read since v3: name the Node that is meant as `node-version`"
    if _defaulted(step, pin) and {"version", "node-version"} & set(keys):
        yield "the Node that is named is empty, and Node 10 is what v1 made of that"
    if "always-auth" in keys and spoken_of(step, "always-auth"):
        yield "a comment speaks of `always-auth`, which has to go"


def _added(step: Step, pin: Pin) -> dict[str, Data]:
    added: dict[str, Data] = {}
    if _defaulted(step, pin) and not step.input("node-version-file"):
        added["node-version"] = NODE_WITH_OIDC
    if not step.input("cache") and CACHE not in _keys(step):
        added[CACHE] = False
    return added


def _defaulted(step: Step, pin: Pin) -> bool:
    """Whether the Node is the default of v1."""
    named = step.input("version") or step.input("node-version")
    return pin.major is not None and pin.major.default_node is not None and not named


def _assumed(step: Step, pin: Pin) -> Bump:
    if not _defaulted(step, pin):
        return Bump()
    node = "the Node of `node-version-file`" if step.input("node-version-file") else f"Node {NODE_WITH_OIDC}"
    return Bump(assumptions=(f"that the job, to which v1 gave Node 10 unasked, works with {node}",))


def _additions(step: Step, added: dict[str, Data], gone: tuple[str, ...]) -> tuple[Change, ...]:
    """Keys for `with:`, which is made where there is none; behind the last key that stays."""
    inputs = step.node.get("with")
    route = (*step.route, "with")
    if not added:
        return ()
    if inputs is None:
        return (AddKey(step.route, "with", added, after="uses"),)
    if inputs.pairs is None:
        return (SetValue(route, added),)
    kept = [key for key in inputs.keys if key not in gone]
    after = kept[-1] if kept and kept[-1] != inputs.keys[-1] else None
    return tuple(AddKey(route, key, value, after) for key, value in added.items())


def _removals(step: Step, gone: tuple[str, ...]) -> tuple[Change, ...]:
    return (RemoveKeys((*step.route, "with"), gone),) if gone else ()
