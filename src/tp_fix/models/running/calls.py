"""Everything that a step runs, as far as it can be read, and what each of it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.facts import actions
from tp_fix.models.model import Model
from tp_fix.models.publishing.released import calls_behind, calls_beside
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import PUBLISH_SCRIPTS
from tp_fix.models.running.composite import inner_steps, outermost
from tp_fix.models.running.walk import Call, Walk, walked
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.tool.plugins import unread_plugins
from tp_fix.models.tool.scopes import asks_more
from tp_fix.models.tool.tools import publisher_used, runs_of
from tp_fix.models.workflow import Step

PACKAGES = {"publish": "write", "install": "read"}
"""What npm asks of GITHUB_TOKEN where that is its credential: facts of GitHub Packages (D docs.github.com)."""
USES_GITHUB_TOKEN = re.compile(r"secrets\.GITHUB_TOKEN|github\.token", re.IGNORECASE)


def calls_of(step: Step, model: Model) -> tuple[Call, ...]:
    """Everything that a step runs, the publish hooks of what it publishes among it."""
    return model.once(("calls", *step.key), lambda: tuple(_calls(step, model)))


def _calls(step: Step, model: Model) -> list[Call]:
    if step.uses is not None:
        inner = inner_steps(step, model.repository)
        if inner is not None:
            return [call for each in inner for call in calls_of(each, model)]
        return [_action(step, model.repository), *_behind(step, model), *_hooks(step, model, Walk(model.repository))]
    known = walked(step, model.repository)
    walk = Walk(model.repository, set(known.seen))
    return _with_github_token([*known.calls, *_behind(step, model), *_hooks(step, model, walk)], step)


def _hooks(step: Step, model: Model, walk: Walk) -> Iterator[Call]:
    """The publish hooks of what a step publishes, be it inside of a composite action."""
    for publication in model.published_by(outermost(step)):
        if publication.within.key != step.key or not publication.target.hooks:
            continue
        if publication.target.unread:
            yield Call(publication.target.unread, "hooks", None, None)
        for package in publication.target.packages or ():
            for name in PUBLISH_SCRIPTS:
                yield from walk.script(package, name)


def _behind(step: Step, model: Model) -> Iterator[Call]:
    """What the configurations of the release tools of a step run."""
    for run in runs_of(step, model.repository):
        yield from calls_behind(run, model.repository)
        yield from calls_beside(run, model.repository)
        for what in unread_plugins(run, model.repository):
            yield Call(what, "hooks", None, None)


def _action(step: Step, repository: Repository) -> Call:
    uses = step.uses or ""
    inputs = step.node.get("with")
    text = " ".join(str(leaf.value) for leaf in inputs.leaves()) if inputs is not None else ""
    publisher = publisher_used(step)
    if publisher is not None:
        kind = "action" if publisher.kind == "L" else "release"
        more = asks_more(publisher, step.input("working_directory") or "", repository)
        return Call(f"`{uses}`", kind, publisher.scopes, False, text, more=more)
    action = actions.lookup(uses)
    given = action is not None and not action.scopes and USES_GITHUB_TOKEN.search(text) is not None
    if action is None or given or any(step.input(name) for name in action.unless):
        return Call(f"`{uses}`", "unknown", None, None, text)
    return Call(f"`{uses}`", "action", action.scopes, action.reads_npm_token, text)


def _with_github_token(calls: list[Call], step: Step) -> list[Call]:
    """A step that is handed GITHUB_TOKEN uses it: for GitHub Packages as npm's credential, else nobody knows how."""
    own = [variable.name for variable in step.env if USES_GITHUB_TOKEN.search(variable.value)]
    around = any(USES_GITHUB_TOKEN.search(variable.value) for variable in visible_at(step).values())
    if own == ["NODE_AUTH_TOKEN"]:
        return [_to_packages(call) for call in calls]
    if around:
        calls = [call._replace(scopes=None) if call.kind in (*PACKAGES, "file") else call for call in calls]
    if (own or USES_GITHUB_TOKEN.search(step.run or "")) and not any(call.scopes for call in calls):
        calls = [*calls, Call(f"step `{step.label}`, which is handed GITHUB_TOKEN", "handed", None, False)]
    return calls


def _to_packages(call: Call) -> Call:
    return call._replace(scopes=(("packages", PACKAGES[call.kind]),)) if call.kind in PACKAGES else call
