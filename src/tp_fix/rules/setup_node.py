"""The rule `setup-node`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.facts.setup_node import (
    FIRST_NODE_WITH_NPM_7,
    NEWEST_MAJOR,
    OLD_CLIENTS_LIMIT,
    OLDEST_SUPPORTED_NODE,
    major_named,
)
from tp_fix.facts.tables import CHECKOUT_RELEASES, SETUP_NODE_MAJORS, SETUP_NODE_RELEASES
from tp_fix.models.model import Model
from tp_fix.models.setup_node import Pin, is_setup_node, pin_of
from tp_fix.models.token.unset_token import berry_wants, may_be_old, old_node, reads_in, stops_in
from tp_fix.models.workflow import Job, Step
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule
from tp_fix.rules.setup_node_bump import Bump, bump


@rule("setup-node", precedence=40, tables=(SETUP_NODE_MAJORS, SETUP_NODE_RELEASES, CHECKOUT_RELEASES))
def setup_node(model: Model) -> Iterator[Finding]:
    """A job that publishes should not hang on a setup-node whose runtime is about to go.

    Up to v4, `actions/setup-node` is made for Node 20 or older, and GitHub takes those runtimes from its runners in
    autumn 2026: a release workflow that runs twice a year is where that is noticed last. No version of setup-node has
    any code for OIDC, so a newer one does not make trusted publishing work. What it gives is a runtime that is there,
    and from v7 on no placeholder token in `NODE_AUTH_TOKEN`, so that an exchange that failed fails clearly.

    ## What is found

    Every step with `actions/setup-node` v1 to v4 in a job that publishes to npm, however it is pinned: `@v4`,
    `@v4.0.0`, or the commit of such a release. A branch, or a commit of no known release, gets a note.

    ## What the fix does

    The step goes to the newest major that tp-fix knows, v7, in the manner of its pin: `@v4` becomes `@v7`, `@v4.0.2`
    the newest full release, a commit the commit of that release, with a comment like `# v4.0.2` behind it brought
    up to date. With it go the inputs that have changed since:

    - `version` becomes `node-version`; where both say the same, the old one goes;
    - `always-auth`, which newer releases do not have, goes;
    - `package-manager-cache: false` comes, unless `cache` or the input itself is set: from v5 on the action may cache
      by itself, and a cache that other jobs can write to has no place in a release;
    - v1 without a version installed Node 10, whose npm cannot publish over OIDC: `node-version: 24` comes.

    With a `registry-url`, a job that runs Yarn Classic, or may run it, or npm 6, the one of Node 14 and older, goes to
    v6: both stop at the variable without a value that v7 leaves in its `.npmrc`. So does a job with a step that looks
    at `NODE_AUTH_TOKEN` by itself, and a repository whose `.yarnrc.yml` names it.

    This is safe on GitHub's own runners. On others, in a container, where Node 10 was the default, and where nothing
    says how old the Node beside a `registry-url` is, the fix asks for `--unsafe` and says what it assumes. It is only
    shown where a comment behind the pin says more than a version, or one above the step speaks of versions or of
    staying; where newer releases read another Node from package.json, out of `devEngines`; where `version` and
    `node-version` disagree; and where `version` stands in v3 or v4, which do not read it.

    ## What it leaves alone

    v5 and newer, jobs that do not publish, composite actions, and every other input; a `node-version` stays as it is
    even where its npm is too old.

    Source: action.yml and src/ of actions/setup-node at the tags of each major; GitHub's announcement on Node 20.
    """
    for job in _jobs(model):
        steps = [(step, pin_of(step)) for step in job.steps if is_setup_node(step)]
        minds = _minds_unset(job, model) if any(step.input("registry-url") for step, _ in steps) else ""
        for step, pin in steps:
            if pin.major is None:
                yield from _unknown(step, pin)
            elif pin.major.node < OLDEST_SUPPORTED_NODE:
                yield _old(step, pin, minds, model)


def _jobs(model: Model) -> list[Job]:
    """The jobs that publish, each once."""
    jobs = {(found.workflow.path, found.step.job.id): found.step.job for found in model.publications}
    return list(jobs.values())


def _unknown(step: Step, pin: Pin) -> Iterator[Finding]:
    """What no table tells the age of; a major newer than the table is none of our business."""
    if (major_named(pin.ref) or 0) > NEWEST_MAJOR:
        return
    message = (
        f"`{step.uses}` is no release that tp-fix knows: whether its runtime is still supported cannot be told; "
        "pin a release"
    )
    yield Finding("setup-node", "note", step.job.workflow.path, (*step.route, "uses"), message)


def _old(step: Step, pin: Pin, minds: str, model: Model) -> Finding:
    shown = f"{pin.ref[:7]} ({pin.release.tag})" if pin.style == "commit" and pin.release else pin.ref
    node = pin.major.node if pin.major else OLDEST_SUPPORTED_NODE
    message = (
        f"`actions/setup-node@{shown}` is made for Node {node}; from autumn 2026 GitHub's runners start no action "
        f"for a Node older than {OLDEST_SUPPORTED_NODE}"
    )
    path = step.job.workflow.path
    return Finding("setup-node", "warning", path, (*step.route, "uses"), message, _fix(step, pin, minds, model))


def _fix(step: Step, pin: Pin, minds: str, model: Model) -> Fix:
    named = bool(step.input("registry-url"))
    old = (old_node(step, model) or minds) if named else ""
    target = OLD_CLIENTS_LIMIT if old else NEWEST_MAJOR
    found = bump(step, pin, target, model, old_client=bool(old))
    if named and not old and (node := may_be_old(step, model)):
        found |= Bump(assumptions=(f"that {node} is {FIRST_NODE_WITH_NPM_7} or newer",))
    subject = f"move actions/setup-node to v{target}"
    title = f"move `actions/setup-node` to v{target}" + (f", not v{NEWEST_MAJOR}, as {old}" if old else "")
    title = "; ".join([title, *found.said])
    changes = tuple(FileChange(step.job.workflow.path, change) for change in found.changes)
    if found.obstacles:
        return Fix(title, changes, Applicability.DISPLAY, "; ".join(found.obstacles))
    if found.assumptions:
        return Fix(title, changes, Applicability.UNSAFE, "it assumes " + "; ".join(found.assumptions), subject)
    return Fix(title, changes, Applicability.SAFE, subject=subject)


def _minds_unset(job: Job, model: Model) -> str:
    """What in the job minds the variable without a value in the .npmrc of v7, as a phrase; '' when nothing does."""
    return stops_in(job, model) or reads_in(job, model) or berry_wants(model.repository)
