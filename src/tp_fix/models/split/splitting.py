"""How a publish comes into a job of its own: the old job packs and keeps the archive, the new one publishes it.

The new job checks nothing out and needs no scope but `id-token: write`: an artifact of the same run is fetched with
the runner's own token (S actions/download-artifact v8.0.1), and npm needs no more of GITHUB_TOKEN for provenance.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.change import AddKey, Change, Comments, InsertItem, RemoveKeys, ReplaceItem, SetValue
from tp_fix.facts.labels import is_hosted
from tp_fix.models.granting import new_block
from tp_fix.models.hosting import hosted
from tp_fix.models.model import Model
from tp_fix.models.needs import written_out
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.calls import calls_of
from tp_fix.models.split.exposure import hooks_of
from tp_fix.models.split.obstacles import obstacles
from tp_fix.models.split.parting import Use, Words, artifact_uses, setups_of, upgrades_of, use_of, words_of
from tp_fix.models.token.credentials import is_credential
from tp_fix.models.workflow import Job, Step, text_of
from tp_fix.node import Data, Node, plain

ARCHIVE = "./*.tgz"
"""With `./`, as npm reads `folder/x.tgz` for a repository on GitHub."""
NEWEST_RUNNER = "ubuntu-latest"
CACHES = ("cache", "cache-dependency-path")
CACHES_BY_ITSELF = 5
"""The major of setup-node that caches without being asked (facts/actions.md)."""
Block = dict[str, Data]


class Split(NamedTuple):
    """`changes` to the workflow, what they assume, and the id of the new job; or what is in the way of them."""

    job: str
    changes: tuple[Change, ...] = ()
    assumptions: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()


def split_of(publication: Publication, model: Model) -> Split:
    """How a publication moves into a job of its own."""
    old = publication.step.job
    name = _new_id(old, model)
    found = obstacles(publication, model)
    words = words_of(publication) if not found else None
    if words is None:
        return Split(name, obstacles=found)
    upload, download = artifact_uses(old)
    artifact = _artifact_name(old, model)
    comments: Comments = tuple(
        (use.uses, use.comment) for use in (upload, download, use_of(setups_of(publication)[0])) if use.comment
    )
    left = (*_packing(publication, words), _upload(publication.step, upload, artifact))
    changes = (
        ReplaceItem(publication.route, left, comments),
        *_taken(old),
        *(_waiting(job, old.id, name) for job in old.workflow.jobs if old.id in job.needs),
        AddKey(("jobs",), name, _new_job(publication, words, download, artifact), old.id, comments),
    )
    return Split(name, changes, tuple(_assumptions(publication, model)))


def _new_id(old: Job, model: Model) -> str:
    """A free id, which says whose package it is where several jobs of the workflow publish."""
    taken = {job.id for job in old.workflow.jobs}
    alone = {publication.step.job.id for publication in model.published_in(old.workflow)} == {old.id}
    wanted = ["publish", "publish-npm", "npm-publish"] if alone else [f"publish-{old.id}"]
    wanted += [f"publish-{old.id}-{number}" for number in range(2, len(taken) + 3)]
    return next(name for name in wanted if name not in taken)


def _artifact_name(old: Job, model: Model) -> str:
    """A name that no other step of the workflow gives an artifact."""
    steps = old.workflow.users.get("actions/upload-artifact", [])
    alone = {publication.step.job.id for publication in model.published_in(old.workflow)} == {old.id}
    plain_name = alone and not any("npm-package" in (step.input("name") or "") for step in steps)
    return "npm-package" if plain_name else f"npm-package-{old.id}"


def _packing(publication: Publication, words: Words) -> Iterator[Block]:
    """The step that packs in the place of the one that published, and before it the hook that packing leaves out."""
    step = publication.step
    kept = {key: plain(value) for key, value in _pairs(step) if key in ("if", "working-directory", "shell")}
    env = {variable.name: _value(step, variable.name) for variable in step.env if not is_credential(variable)}
    around: Block = {**kept, **({"env": env} if env else {})}
    named = text_of(step.node.get("name"))
    hooks = [name for name, _ in hooks_of(publication)]
    if "prepublishOnly" in hooks:
        title: Block = {"name": "Run prepublishOnly"} if named else {}
        inner = posixpath.normpath(posixpath.join(step.directory, words.spec))
        folder: Block = {"working-directory": inner} if words.spec and inner != "." else {}
        yield _ordered({**title, "run": "npm run prepublishOnly", **around, **folder})
    temp = '"$RUNNER_TEMP"' if hosted(step.job) else '"${{ runner.temp }}"'
    quiet = "--ignore-scripts" in words.others
    title = {"name": "Pack the package"} if named else {}
    yield _ordered({**title, "run": words.pack(temp, quiet=quiet), **around})


def _ordered(step: Block) -> Block:
    """A step's keys as people write them."""
    order = ("name", "id", "if", "timeout-minutes", "run", "working-directory", "shell", "env")
    return {key: step[key] for key in order if key in step}


def _upload(step: Step, use: Use, artifact: str) -> Block:
    inputs: Block = {"name": artifact, "path": "${{ runner.temp }}/*.tgz", "if-no-files-found": "error"}
    title: Block = {"name": "Keep the package for the job that publishes"} if step.node.get("name") else {}
    condition: Block = {"if": plain(node)} if (node := step.node.get("if")) is not None else {}
    return {**title, **condition, "uses": use.uses, "with": inputs}


def _new_job(publication: Publication, words: Words, download: Use, artifact: str) -> Block:
    step, old = publication.step, publication.step.job
    condition: Block = {"if": plain(node)} if (node := step.node.get("if")) is not None else {}
    environment: Block = {"environment": plain(node)} if (node := old.node.get("environment")) is not None else {}
    timeout: Block = {"timeout-minutes": plain(node)} if (node := old.node.get("timeout-minutes")) is not None else {}
    upgrades: list[Data] = [{"run": text} for _, _, text in upgrades_of(publication)]
    return {
        "needs": old.id,
        **condition,
        "runs-on": _runner(old),
        **timeout,
        **environment,
        "permissions": {"id-token": "write"},
        "steps": [
            _setup(setups_of(publication)[0]),
            *upgrades,
            {"uses": download.uses, "with": {"name": artifact}},
            _publishing(step, words),
        ],
    }


def _runner(old: Job) -> str:
    """The old job's own where it is one of GitHub's for Linux."""
    label = old.runner[0] if len(old.runner) == 1 else ""
    return label if label.startswith("ubuntu-") and is_hosted(label) else NEWEST_RUNNER


def _setup(step: Step) -> Block:
    """setup-node as before, without a cache: there is nothing to install, and a cache is a way in."""
    inputs = step.node.get("with")
    values = plain(inputs) if inputs is not None else {}
    kept = {key: value for key, value in values.items() if key not in CACHES} if isinstance(values, dict) else {}
    major = use_of(step).major
    if major is not None and major >= CACHES_BY_ITSELF:
        kept["package-manager-cache"] = False
    copied: Block = {key: plain(value) for key, value in _pairs(step) if key in ("name", "uses")}
    return {**copied, **({"with": kept} if kept else {})}


def _publishing(step: Step, words: Words) -> Block:
    kept = {
        key: plain(value) for key, value in _pairs(step) if key in ("name", "id", "timeout-minutes", "shell", "env")
    }
    return _ordered({**kept, "run": words.publish(ARCHIVE)})


def _taken(old: Job) -> Iterator[Change]:
    """What leaves the old job: its environment, and `id-token: write`, whose block must not become empty."""
    if old.node.get("environment") is not None:
        yield RemoveKeys(old.route, ("environment",))
    declared = old.declared
    if declared is None or declared.level("id-token") != "write":
        return
    rest = {scope: level for scope, level in written_out(declared).items() if scope != "id-token"}
    if old.permissions is None and len(old.workflow.jobs) > 1:
        yield new_block(old, rest or {"id-token": "none"})
    elif rest:
        yield RemoveKeys(declared.route, ("id-token",))
    else:
        yield SetValue((*declared.route, "id-token"), "none")


def _waiting(job: Job, old: str, new: str) -> Change:
    """A job that waits for the old one waits for the new one too."""
    node = job.node.get("needs")
    if node is not None and node.items is not None:
        return InsertItem((*job.route, "needs"), len(node.items), new)
    return SetValue((*job.route, "needs"), [old, new])


def _assumptions(publication: Publication, model: Model) -> Iterator[str]:
    job = publication.step.job
    calls = [call for step in job.steps if step != publication.step for call in calls_of(step, model)]
    unknown = list(dict.fromkeys(call.what for call in calls if call.scopes is None or call.more))
    more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
    known = f": not known of {', '.join(unknown[:3])}{more}" if unknown else ""
    yield f"that nothing but the publish uses the identity token of job `{job.id}`{known}"
    if unknown:
        yield "that none of these sets npm up for the publish"
    if publication.target.unread:
        yield f"that nothing hangs on {publication.target.unread}"


def _pairs(step: Step) -> list[tuple[str, Node]]:
    return [(str(key.value), value) for key, value in step.node.pairs or ()]


def _value(step: Step, name: str) -> Data:
    node = step.node.at(("env", name))
    return plain(node) if node is not None else ""
