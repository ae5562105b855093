"""A job gets a Node that brings an npm with OIDC: in its setup-node, or in one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.change import AddKey, Change, Comments, ReplaceInScalar, SetValue
from tp_fix.facts.setup_node import NEWEST_MAJOR, newest
from tp_fix.models.added_step import inserted
from tp_fix.models.client.brought import setups_before
from tp_fix.models.client.chain import Toolchain
from tp_fix.models.client.image import image_named
from tp_fix.models.comment import spoken_of
from tp_fix.models.remedy.node_written import newer_version, version_route
from tp_fix.models.remedy.remedied import NODE, UNSEEN, Remedy
from tp_fix.models.running.composite import InnerStep
from tp_fix.models.setup_node import is_setup_node, node_version
from tp_fix.models.versions.words import short
from tp_fix.models.workflow import Job, Step, text_of
from tp_fix.node import Data
from tp_fix.source import Span

SUDO = re.compile(r"\bsudo\b.*\bnpm\b")
OWN = "the runner's own Node"


def newer_node(step: Step, chain: Toolchain) -> Remedy:
    """The job gets a Node that brings an npm with OIDC; where it cannot, what a person has to do is said."""
    setup = chain.setup
    title = f"set up Node {NODE} in job `{step.job.id}`"
    if setup is None:
        image = image_named(step.job)
        by_hand = f"its Node is that of the container {short(image)}: raise it there" if image else UNSEEN
        return own_node(step, chain) or Remedy(title, (), obstacle=by_hand)
    if isinstance(setup, InnerStep):
        return Remedy(title, (), obstacle=_elsewhere(setup))
    if is_setup_node(setup) and not (node_version(setup) or setup.input("node-version-file")):
        return _named(setup, chain.node.why)
    value = newer_version(setup, NODE)
    if value is None:
        return Remedy(title, (), obstacle=_elsewhere(setup))
    changes = (SetValue(version_route(setup), value), *_renamed(setup, str(value)))
    subject = f"publish from Node {NODE}"
    if is_setup_node(setup) and spoken_of(setup, "node-version"):
        return Remedy(title, changes, subject, obstacle="see what the comment beside `node-version` says of it first")
    return Remedy(title, changes, subject, _runs_there(step.job, chain.node.why))


def _renamed(setup: Step, new: str) -> Iterator[Change]:
    """A step's name that speaks of the version, as in `Use Node.js 18`, follows."""
    old, name = (node_version(setup) or "").strip(), text_of(setup.node.get("name"))
    major = old.removeprefix("v").partition(".")[0]
    match = re.search(rf"(?<![\w.])v?{re.escape(major)}(?:\.(?:x|\d+))*(?![\w.])", name) if major.isdigit() else None
    if match is not None and "${{" not in name:
        number = new.removeprefix("v")
        text = number if "." in match[0] else number.partition(".")[0]
        yield ReplaceInScalar((*setup.route, "name"), Span(*match.span()), ("v" if match[0][0] == "v" else "") + text)


def has_newer(chain: Toolchain) -> bool:
    """Whether the Node of a job is one that setting up another would make newer."""
    setup = chain.setup
    newest_there = max(stretch.start for stretch in chain.node.versions.stretches)
    if newest_there >= (NODE + 1, 0, 0):
        return False
    if isinstance(setup, InnerStep):
        return False
    return setup is None or str(newer_version(setup, NODE)) != node_version(setup)


def _elsewhere(setup: Step) -> str:
    """Where the Node is named that the step sets up, and why that stays as it is."""
    if isinstance(setup, InnerStep):
        return f"its Node is set up in {setup.job.workflow.path}, which others may use: raise it there"
    if not is_setup_node(setup):
        return f"its Node is chosen by `{short(setup.uses or '')}`: raise it where that reads it"
    if file := setup.input("node-version-file"):
        return f"its Node stands in {short(file)}, which other jobs and people read: raise it there if they can follow"
    written = short(setup.input("node-version") or "")
    if "${{" in written:
        return f"its Node, `{written}`, may serve more than this job: raise it where it is set"
    return f"its Node, `{written}`, is a range of several: raise it by hand"


def own_node(step: Step, chain: Toolchain) -> Remedy | None:
    """A job that takes the runner's own Node gets one; None where somebody else may set one up, or a container does."""
    setups = list(setups_before(step))
    if chain.doubts or image_named(step.job):
        return None
    if any(SUDO.search(other.run or "") for other in (*step.earlier, step)):
        title = f"set up Node {NODE} in job `{step.job.id}`"
        return Remedy(title, (), obstacle="`sudo npm` has a path of its own, and would not find that Node")
    if not setups:
        return _set_up(step)
    if setups[-1].condition is not None or any(setup.input("node-version") for setup in setups):
        return None
    if file := setups[-1].input("node-version-file"):
        title = f"set up Node {NODE} in job `{step.job.id}`"
        return Remedy(title, (), obstacle=f"{short(file)} names no Node, so the runner's own is used: name one there")
    return _named(setups[-1], OWN)


def _named(setup: Step, node: str) -> Remedy:
    """A setup-node without a version gets one."""
    inputs = setup.node.get("with")
    value: Data = {"node-version": NODE}
    change = (
        AddKey((*setup.route, "with"), "node-version", NODE)
        if inputs is not None
        else AddKey(setup.route, "with", value, after="uses")
    )
    title = f"set up Node {NODE} in job `{setup.job.id}`"
    return Remedy(title, (change,), f"publish from Node {NODE}", _runs_there(setup.job, node))


def _runs_there(job: Job, node: str) -> str:
    return f"that what job `{job.id}` runs on {node} runs on Node {NODE} too"


def _set_up(step: Step) -> Remedy:
    """The job gets a setup-node of its own."""
    title = f"set up Node {NODE} in job `{step.job.id}`"
    release = newest(NEWEST_MAJOR)
    pinned = _pins_commits(step.job)
    uses = f"actions/setup-node@{release.commit if pinned else f'v{NEWEST_MAJOR}'}"
    comments: Comments = ((uses, release.tag),) if pinned else ()
    body: dict[str, Data] = {"uses": uses, "with": {"node-version": NODE, "package-manager-cache": False}}
    change = inserted(step.job, _behind_checkout(step), "Set up Node", body, comments)
    return Remedy(title, (change,), f"publish from Node {NODE}", _runs_there(step.job, OWN))


def _behind_checkout(step: Step) -> int:
    places = [other.index + 1 for other in step.earlier if (other.uses or "").lower().startswith("actions/checkout@")]
    return places[-1] if places else 0


def _pins_commits(job: Job) -> bool:
    """Whether the job's actions are pinned to commits."""
    refs = [step.uses.rpartition("@")[2] for step in job.steps if step.uses and step.uses[0] != "."]
    return bool(refs) and all(len(ref) == 40 for ref in refs)
