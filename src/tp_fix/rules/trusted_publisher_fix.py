"""The fixes of `trusted-publisher`: npm's side in words, and on request the file's name or the job's environment."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from tp_fix.change import AddKey, Change, RenameFile, SetValue
from tp_fix.facts.trust import command
from tp_fix.models.model import Model
from tp_fix.models.trust.configured import Configured
from tp_fix.models.trust.drift import Drift, drifts, stem, wants
from tp_fix.models.trust.renaming import FOLDER, renaming
from tp_fix.models.workflow import Job
from tp_fix.rule import Applicability, FileChange, Fix

SHOWN = 2
"""For so many packages the commands are written out."""
RENAMED = "rename the release workflow to what npm knows"
PLACED = "release in the environment that npm knows"
NPM_S_SIDE = "npm's side, done with a second factor; its client makes publishers and revokes them, and edits none"
RENAME, ENVIRONMENT = "renamed-workflow", "added-environment"


def fix(group: Sequence[Drift], model: Model) -> Fix | None:
    """What to do about differences that are alike."""
    first = group[0]
    if first.what in ("unseen", "unused"):
        return None
    if first.what == "workflow" and first.have and _can_be_name(first.have.workflow):
        if model.prefers(RENAME):
            return _renamed(group, model)
        return _told(group, model, "" if _taken(first, model) else _instead("the file", RENAME))
    if first.what == "environment" and not first.environment:
        asked = model.prefers(ENVIRONMENT)
        return _added(group, model) if asked else _told(group, model, _instead("the job", ENVIRONMENT))
    return _told(group, model)


def _instead(what: str, preference: str) -> str:
    return f"; {what} can follow npm instead: `--prefer {preference} --unsafe`"


def _told(group: Sequence[Drift], model: Model, instead: str = "") -> Fix:
    """The commands for npm's side, or words where something is missing. `instead` is about the other side."""
    written = [line for drift in group[:SHOWN] for line in _commands(drift, model)]
    more = f", and so on for {len(group) - SHOWN} more" if len(group) > SHOWN else ""
    if not written:
        reason = f"{NPM_S_SIDE}; a part of the command is not known here{instead}"
        return Fix("tell npm what publishes it", (), Applicability.DISPLAY, reason)
    return Fix(f"tell npm: {', '.join(written)}{more}", (), Applicability.DISPLAY, NPM_S_SIDE + instead)


def _commands(drift: Drift, model: Model) -> list[str]:
    way, name = drift.way, model.repository.name
    if name is None or way.workflow is None or way.environment is None:
        return []
    keep = drift.have.actions if drift.have and drift.have.kind == "github" else None
    actions = way.actions if keep is None else tuple(dict.fromkeys((*keep, *way.actions)))
    made = command(drift.package, name, way.workflow, way.environment, actions)
    gone = [f"`{shlex.join(_revoke(drift.have))}`"] if drift.have else []
    return [*gone, f"`{shlex.join(made)}`"]


def _revoke(have: Configured) -> tuple[str, ...]:
    """npm's words for taking a publisher away (C lib/commands/trust/revoke.js of 12.2.0, 2026-11-22)."""
    return ("npm", "trust", "revoke", have.package, f"--id={have.id or 'ID'}")


def _can_be_name(name: str) -> bool:
    """Whether a workflow could be called so."""
    return name.endswith((".yml", ".yaml")) and not set(name) & set("/\\, ") and not name.startswith(".")


def _taken(drift: Drift, model: Model) -> str:
    """The other file that is called as npm has it; '' for none."""
    return model.repository.taken(FOLDER + (drift.have.workflow if drift.have else ""), FOLDER + drift.file)


def _renamed(group: Sequence[Drift], model: Model) -> Fix:
    """The workflow file gets the name that npm has."""
    have = group[0].have
    old, name = FOLDER + group[0].file, have.workflow if have else ""
    found = renaming(old, name, model.repository)
    changes = (FileChange(old, RenameFile(name)), *(FileChange(*each) for each in found.changes))
    title = f"call {old} `{name}`, as npm does"
    others = sorted({path for path, _ in found.changes} - {old})
    title += f", also in {', '.join(others)}" if others else ""
    taken = _taken(group[0], model)
    named = [f"there is {taken}"] if taken else []
    obstacles = [*named, *_rivals(group, model), *_other_names(old, name, model), *found.obstacles]
    if obstacles:
        return _told(group, model, f"; the file cannot follow npm: {'; '.join(obstacles)}")
    stale = ", ".join(str(mention) for mention in found.mentions)
    reasons = ["that nothing outside of this repository names the file: a workflow elsewhere, a script, a ruleset"]
    reasons += [f"that nobody minds the old name in {stale}"] if stale else []
    reasons += _if_unsure(group)
    return Fix(title, changes, Applicability.UNSAFE, "it assumes " + "; ".join(reasons), RENAMED)


def _rivals(group: Sequence[Drift], model: Model) -> list[str]:
    """The other files that npm may mean: it has the name for what they publish too, or none for them at all."""
    first, packages = group[0], {drift.package for drift in group}
    name = (first.have.workflow if first.have else "").lower()
    found = set()
    for drift in drifts(model):
        same = drift.what == "workflow" and drift.have is not None and drift.have.workflow.lower() == name
        left = drift.what == "unlisted" and drift.package in packages and stem(name) != stem(first.file)
        if drift.file != first.file and (same or left):
            found.add(drift.file)
    return [f"npm may as well mean {file}, which publishes too" for file in sorted(found)]


def _other_names(old: str, name: str, model: Model) -> list[str]:
    """The packages that the same file publishes and for which npm has another name, or nobody said which."""
    found = []
    for package in sorted({name for each in model.publications for name in each.names or ()}):
        if not any(way.workflow == old.removeprefix(FOLDER) for way in wants(package, model)):
            continue
        listed = model.publishers.get(package)
        if listed is None:
            found.append(f"what npm has for {package}, which the file publishes too, was not said")
        elif not any(each.workflow == name for each in listed.publishers):
            found.append(f"npm has another name for {package}, which the file publishes too ({listed.where})")
    return found


def _added(group: Sequence[Drift], model: Model) -> Fix:
    """The jobs that publish get the environment that npm has."""
    have, jobs = group[0].have, group[0].jobs
    environment = (have.environment if have else None) or ""
    changes = tuple(FileChange(job.workflow.path, _environment(job, environment)) for job in jobs)
    title = f"give {', '.join(f'job `{job.id}`' for job in jobs)} the environment `{environment}`, as npm does"
    others = [f"npm has another environment for {each}, which it publishes too" for each in _others(group, jobs, model)]
    if others:
        return _told(group, model, f"; the job cannot follow npm: {'; '.join(others)}")
    reason = (
        f"it assumes that `{environment}` is there on GitHub and lets the job through: one that is not is made empty, "
        "without protection, and one with protection rules lets the job wait for them"
    )
    return Fix(title, changes, Applicability.UNSAFE, "; ".join([reason, *_if_unsure(group)]), PLACED)


def _if_unsure(group: Sequence[Drift]) -> list[str]:
    """What is assumed besides, where only some of the packages here are published so."""
    names = [drift.package for drift in group]
    return [] if group[0].sure else [f"that {' or '.join(names)} {'is' if len(names) == 1 else 'are'} published so"]


def _environment(job: Job, name: str) -> Change:
    """Behind the key where people expect it, or in the place of an empty one."""
    if "environment" in job.node.keys:
        return SetValue((*job.route, "environment"), name)
    behind = next((key for key in ("runs-on", "needs", "name") if key in job.node.keys), None)
    return AddKey(job.route, "environment", name, behind)


def _others(group: Sequence[Drift], jobs: tuple[Job, ...], model: Model) -> list[str]:
    """The other packages of these jobs for which npm has no such environment."""
    wanted = group[0].have.environment if group[0].have else None
    names = {
        name
        for job in jobs
        for each in model.published_in(job.workflow)
        if each.step.job.id == job.id
        for name in each.names or ()
    }
    found = []
    for name in sorted(names - {drift.package for drift in group}):
        listed = model.publishers.get(name)
        said = [each.environment for each in listed.publishers] if listed else []
        if any(each and each != wanted for each in said):
            found.append(name)
    return found
