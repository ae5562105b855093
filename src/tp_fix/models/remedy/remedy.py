"""What makes the npm that publishes new enough: one remedy for a job, chosen here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.facts.clients import MINIMA
from tp_fix.formats.shell import Command
from tp_fix.models.added_step import inserted
from tp_fix.models.client.chain import Install, Toolchain
from tp_fix.models.client.image import image_named
from tp_fix.models.client.same_place import asks_own_env, settings_of
from tp_fix.models.publishing.found import commands_that_publish
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.registry import installs_from
from tp_fix.models.remedy.newer_node import has_newer, own_node
from tp_fix.models.remedy.newer_node import newer_node as with_newer_node
from tp_fix.models.remedy.raised import raised
from tp_fix.models.remedy.remedied import CARRIES, NPM, UNSEEN, Remedy
from tp_fix.models.running.composite import InnerStep, outermost
from tp_fix.models.running.script import script_of_step
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.versions.engines import runs_on
from tp_fix.models.versions.npm_named import npm_named
from tp_fix.models.versions.versions import Versions
from tp_fix.models.workflow import Job, Step, text_of
from tp_fix.node import Data

UPGRADE = f"npm install -g npm@{NPM}"
NEWER_NODE = "newer-node"
"""The preference for another Node instead of a step."""
OTHER_USER = re.compile(r"(?:^|\s)(?:-u|--user)\b")
BROKEN = frozenset([(22, 22, 2)])
"""Nodes whose own npm cannot install anything globally, for want of promise-retry (R, checked 2026-11-22)."""
RULED = {
    "volta": "volta decides which npm runs: pin a newer Node there, or npm with `volta pin npm@11`",
    "corepack": "corepack decides which npm runs: name one of 11 in `packageManager`, or leave npm to Node",
}


def remedy_of(publication: Publication, *, newer_node: bool = False) -> Remedy | None:
    """What to do where the npm of a publication is, or may be, too old.

    None where only a doubt speaks against it, and where another program than npm exchanges the token.

    `newer_node` says that another Node is preferred to a step.
    """
    chain = publication.client.chain
    if chain is None or publication.client.program != "npm":
        return None
    if publication.client.refused:
        title = f"let npm {NPM} publish in job `{publication.step.job.id}`"
        return Remedy(title, (), obstacle="publish with what `devEngines` wants, or set its `onFail` to `warn`")
    if chain.faults:
        return _without_fault(publication.step, chain, chain.faults[0])
    command = _pinned(publication)
    if command is None and chain.npm.versions.at_least(MINIMA[minimum_for(publication)].version) is True:
        return None
    carries = _carries(chain.node.versions)
    if carries is False:
        return with_newer_node(publication.step, chain)
    if command is not None:
        return raised(publication.step, command, _told(publication), sure=carries is True)
    if chain.ruler:
        return Remedy(f"upgrade npm in job `{publication.step.job.id}`", (), obstacle=RULED[chain.ruler])
    if chain.upgrade is not None and not isinstance(chain.upgrade.step, InnerStep):
        return raised(chain.upgrade.step, chain.upgrade.command, sure=carries is True)
    if newer_node and has_newer(chain):
        return with_newer_node(publication.step, chain)
    return _step(publication, chain, sure=carries is True)


def _carries(node: Versions) -> bool | None:
    """Whether npm can be upgraded on whatever Node there is."""
    return False if node.exact in BROKEN else runs_on(npm_named(str(NPM)), node)


def _without_fault(step: Step, chain: Toolchain, fault: Install) -> Remedy:
    """An npm that the Node carries, or else a Node that carries npm."""
    if _carries(fault.node.versions) is False:
        return with_newer_node(step, chain._replace(node=fault.node, setup=fault.setup))
    if isinstance(fault.step, InnerStep):
        title = f"bound the npm that {fault.step.job.workflow.path} installs"
        return Remedy(title, (), obstacle="other jobs may use it: change it by hand")
    return raised(fault.step, fault.command)


def minimum_for(publication: Publication) -> str:
    """Whose minimum counts: a tool that hands over to npm needs npm's."""
    return publication.tool if publication.tool in ("npm", "npm stage") else "npm"


def _pinned(publication: Publication) -> Command | None:
    """The command that names the npm which publishes, as `npx npm@V publish` does."""
    for command in script_of_step(publication.step).commands:
        if command.span.start == publication.offset and _told(publication) is not None:
            return command
    return None


def _told(publication: Publication) -> str | None:
    """The V of `npx npm@V publish`."""
    found = (one for one in commands_that_publish(publication.step) if one.span.start == publication.offset)
    return next((one.publish.client for one in found), None)


def _step(publication: Publication, chain: Toolchain, *, sure: bool) -> Remedy:
    """npm is upgraded right before the first publish, under its condition.

    What comes earlier keeps the npm that it had: from 11.6.2 on, npm turns down lock files that lack the packages of
    other platforms, which older ones take (X npm 10.8.2 to 12.2.0, 2026-11-23).
    """
    step = publication.step
    title = f"upgrade npm in job `{step.job.id}`: `{UPGRADE}`"
    setup = outermost(chain.setup) if chain.setup is not None else None
    others = [each for each in _publishing(step.job, setup) if each.index != step.index]
    publishing = sorted([step, *others], key=lambda each: each.index)
    condition = _condition(publishing, setup)
    held: dict[str, Data] = {"if": condition} if condition else {}
    body: dict[str, Data] = {**held, **settings_of(publishing[0]), "run": UPGRADE}
    at = publishing[0].index
    if any(_is_that(other, condition) for other in step.job.steps[:at][-1:]):
        return Remedy(title, (), obstacle="the step before it does so already, and it is not known whether that helps")
    change = inserted(step.job, at, "Upgrade npm for trusted publishing", body)
    subject = f"upgrade npm to {NPM} before publishing"
    if setup is None and not image_named(step.job):
        return own_node(step, chain) or Remedy(title, (change,), obstacle=UNSEEN)
    if place := publication.client.prefix:
        own = f"{place} says that npm installs to a folder of its own: see that its npm is the one on the path"
        return Remedy(title, (change,), obstacle=own)
    assumptions = [*_assumptions(step, chain.setup), *([] if sure else [f"that the Node of the job is {CARRIES}"])]
    assumptions += [f"that the job still has {chain.node.why}: {doubt}" for doubt in chain.doubts[-1:] if sure]
    return Remedy(title, (change,), subject, assumption="; ".join(assumptions))


def _condition(publishing: list[Step], setup: Step | None) -> str | None:
    """The condition of all that publishes where it is one and can be asked by another step, else that of the Node."""
    one = len({each.condition for each in publishing}) == 1 and not any(map(asks_own_env, publishing))
    if one:
        return publishing[0].condition
    return setup.condition if setup is not None else None


def _is_that(step: Step, condition: str | None) -> bool:
    """Whether a step is the one that would be added."""
    same = (step.run or "").strip() == UPGRADE and step.condition == condition
    return same and "continue-on-error" not in step.node.keys


def _publishing(job: Job, setup: Step | None) -> Iterator[Step]:
    """The steps of a job that publish on the Node of one setup-node step."""
    start = setup.index if setup is not None else -1
    for step in job.steps:
        names_node = step.input("node-version") or step.input("node-version-file")
        if step.index > start and is_setup_node(step) and names_node:
            return
        found = commands_that_publish(step) if step.index > start and step.run is not None else ()
        if any(each.publish.dry_run is not True for each in found):
            yield step


def _assumptions(step: Step, setup: Step | None) -> Iterator[str]:
    """What a global install rests on, where setup-node did not set Node up, or another registry is the default."""
    job, default = step.job, installs_from(step)
    if default.public is not True:
        yield f"that npm can be installed from {default.address}"
    if setup is not None and not is_setup_node(setup):
        yield f"that a global install replaces the npm of `{(setup.uses or '').partition('@')[0]}`"
    container = job.node.get("container")
    options = text_of(container.get("options")) if container is not None else ""
    if setup is None and OTHER_USER.search(options):
        yield "that the user of the container may install programs"
