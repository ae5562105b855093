"""What makes the npm that publishes new enough: one remedy for a job, chosen here and nowhere else."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.change import AddKey, Change, Comments, ReplaceInScalar, SetValue
from tp_fix.facts.clients import MINIMA, NEWEST_NPM
from tp_fix.facts.runners import specifier
from tp_fix.facts.setup_node import NEWEST_MAJOR, newest
from tp_fix.formats.shell import Command
from tp_fix.models.added_step import inserted
from tp_fix.models.client.brought import setups_before
from tp_fix.models.client.chain import Install, Toolchain
from tp_fix.models.client.engines import runs_on
from tp_fix.models.client.node_written import newer_version, version_route
from tp_fix.models.client.npm_named import npm_named
from tp_fix.models.client.versions import dotted, ranged
from tp_fix.models.composite import InnerStep
from tp_fix.models.publication import Publication, commands_that_publish
from tp_fix.models.script import script_of_step
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.workflow import Job, Step
from tp_fix.node import Data
from tp_fix.source import Span

NPM = 11
"""What is installed: the newest 11.x, which runs on more Nodes than `latest` does. No shell trips over `npm@11`."""
NODE = 24
"""The oldest line of Node whose newest releases bring an npm with OIDC."""
UPGRADE = f"npm install -g npm@{NPM}"
NEWER_NODE = "newer-node"
"""The preference for another Node instead of a step."""
CARRIES = "20.17 or newer, not 21 to 22.8"
"""The Nodes that npm 11 runs on, for a person (npm's `engines`)."""

UNSEEN = "which of the job's steps sets Node up is not known from here"


class Remedy(NamedTuple):
    """Changes to the publication's workflow, and what they do: `title` in full, `subject` in few words.

    UNSAFE with an `assumption`, only to be shown with an `obstacle`. None of the three kinds stands twice in a job:
    two publications that one remedy serves get equal changes.
    """

    title: str
    changes: tuple[Change, ...]
    subject: str = ""
    assumption: str = ""
    obstacle: str = ""


def remedy_of(publication: Publication, *, newer_node: bool = False) -> Remedy | None:
    """What to do where the npm of a publication is, or may be, too old; None where only a doubt speaks against it.

    `newer_node` says that another Node is preferred to a step.
    """
    chain = publication.client.chain
    if chain is None:
        return None
    pinned = _pinned(publication)
    if pinned is not None:
        return _raised(*pinned)
    old = chain.npm.versions.at_least(MINIMA[minimum_for(publication)].version) is not True
    if not chain.faults and not old:
        return None
    carries = runs_on(npm_named(str(NPM)), chain.node.versions)
    if carries is False or (newer_node and not chain.faults):
        return _newer_node(publication.step, chain)
    if chain.faults and isinstance(chain.faults[0].step, InnerStep):
        path = chain.faults[0].step.job.workflow.path
        return Remedy(
            f"bound the npm that {path} installs", (), obstacle="other workflows may use it: change it by hand"
        )
    if written := chain.faults[:1] or ((chain.upgrade,) if chain.upgrade else ()):
        return _reinstalled(written[0])
    return _step(publication.step, chain, sure=carries is True)


def minimum_for(publication: Publication) -> str:
    """Whose minimum counts: a tool that hands over to npm needs npm's."""
    return publication.tool if publication.tool in ("npm", "npm stage") else "npm"


def _pinned(publication: Publication) -> tuple[Step, Command] | None:
    """The command that names the npm which publishes, as `npx npm@V publish` does."""
    for found in commands_that_publish(publication.step):
        if found.span.start == publication.offset and found.publish.client is not None:
            commands = script_of_step(publication.step).commands
            return publication.step, next(each for each in commands if each.span == found.span)
    return None


def _reinstalled(install: Install) -> Remedy:
    return _raised(install.step, install.command)


def _raised(step: Step, command: Command) -> Remedy:
    """The version in a command is raised where it stands, or gets its bound."""
    word = next((word for word in command.words[1:] if (spec := specifier(word)) and spec.name == "npm"), None)
    text = (step.run or "")[command.span.start : command.span.end]
    title = f"raise the npm of `{' '.join(text.split())}` to {NPM}"
    if word is None or word.literal is None or "update" in text.split():
        return Remedy(title, (), obstacle="the version is not written there in a way that can be replaced")
    old = specifier(word)
    new = f"npm@{_bound(old.version if old else None)}"
    start = word.span.start + word.text.find("npm")
    span = Span(start, start + len(word.literal))
    change = ReplaceInScalar((*step.route, "run"), span, new)
    return Remedy(f"{title}: `{new}`", (change,), f"publish with npm {NPM}")


def _bound(old: str | None) -> str:
    """An exact version becomes the newest exact one, everything else the major."""
    versions = ranged(old or "")
    return dotted(NEWEST_NPM[NPM]) if versions is not None and versions.exact else str(NPM)


def _step(step: Step, chain: Toolchain, *, sure: bool) -> Remedy:
    """npm is upgraded behind the step that sets Node up, under the same condition."""
    title = f"upgrade npm in job `{step.job.id}`: `{UPGRADE}`"
    setup = chain.setup
    at = setup.index + 1 if setup is not None else step.index
    body: dict[str, Data] = {"run": UPGRADE}
    if setup is not None and setup.condition is not None:
        body = {"if": setup.condition, **body}
    change = inserted(step.job, at, "Upgrade npm for trusted publishing", body)
    subject = f"upgrade npm to {NPM} before publishing"
    if setup is None and step.job.node.get("container") is None:
        return _own_node(step, chain) or Remedy(
            title, (change,), obstacle="which of its steps sets Node up is not known"
        )
    if not sure:
        return Remedy(title, (change,), subject, assumption=f"that the Node of the job is {CARRIES}")
    return Remedy(title, (change,), subject)


def _newer_node(step: Step, chain: Toolchain) -> Remedy:
    """The job gets a Node that brings an npm with OIDC."""
    setup = chain.setup
    title = f"set up Node {NODE} in job `{step.job.id}`"
    if setup is None:
        return _own_node(step, chain) or Remedy(title, (), obstacle=UNSEEN)
    value = newer_version(setup, NODE) if is_setup_node(setup) else None
    if value is None:
        return Remedy(title, (), obstacle=_elsewhere(setup))
    change = SetValue(version_route(setup), value)
    assumption = f"that what job `{step.job.id}` runs on {chain.node.why} runs on Node {NODE} too"
    return Remedy(title, (change,), f"publish from Node {NODE}", assumption)


def _elsewhere(setup: Step) -> str:
    """Where the Node is named that the step sets up, and why that stays as it is."""
    if not is_setup_node(setup):
        return f"its Node is set up by `{setup.uses}`, which others may use: raise it there"
    if file := setup.input("node-version-file"):
        return f"its Node stands in {file}, which other jobs and people read: raise it there if they can follow"
    return f"its Node, `{setup.input('node-version') or 'none'}`, is used by more than this: raise it by hand"


def _own_node(step: Step, chain: Toolchain) -> Remedy | None:
    """A job that takes the runner's own Node gets one; None where somebody else may set one up, or a container does."""
    setups = list(setups_before(step))
    if chain.doubts or step.job.node.get("container") is not None:
        return None
    if not setups:
        return _set_up(step)
    plain = not any(setup.input("node-version") or setup.input("node-version-file") for setup in setups)
    return _named(setups[-1]) if plain and setups[-1].condition is None else None


def _named(setup: Step) -> Remedy:
    """A setup-node without a version gets one."""
    inputs = setup.node.get("with")
    value: Data = {"node-version": NODE}
    change = (
        AddKey((*setup.route, "with"), "node-version", NODE)
        if inputs is not None
        else AddKey(setup.route, "with", value)
    )
    title = f"set up Node {NODE} in job `{setup.job.id}`"
    return Remedy(title, (change,), f"publish from Node {NODE}", _runs_there(setup.job))


def _runs_there(job: Job) -> str:
    return f"that what job `{job.id}` runs on the runner's own Node runs on Node {NODE} too"


def _set_up(step: Step) -> Remedy:
    """The job gets a setup-node of its own."""
    title = f"set up Node {NODE} in job `{step.job.id}`"
    release = newest(NEWEST_MAJOR)
    pinned = _pins_commits(step.job)
    uses = f"actions/setup-node@{release.commit if pinned else f'v{NEWEST_MAJOR}'}"
    comments: Comments = ((uses, release.tag),) if pinned else ()
    body: dict[str, Data] = {"uses": uses, "with": {"node-version": NODE, "package-manager-cache": False}}
    change = inserted(step.job, _behind_checkout(step), "Set up Node", body, comments)
    return Remedy(title, (change,), f"publish from Node {NODE}", _runs_there(step.job))


def _behind_checkout(step: Step) -> int:
    places = [other.index + 1 for other in step.earlier if (other.uses or "").lower().startswith("actions/checkout@")]
    return places[-1] if places else 0


def _pins_commits(job: Job) -> bool:
    """Whether the job's actions are pinned to commits."""
    refs = [(step.uses or "").rpartition("@")[2] for step in job.steps if step.uses]
    return bool(refs) and all(len(ref) == 40 for ref in refs)
