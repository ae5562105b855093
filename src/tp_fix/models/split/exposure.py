"""What runs in a job besides its publish and can therefore ask for the identity that publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.facts import programs
from tp_fix.facts.publishers import rows_using
from tp_fix.facts.runners import call_of
from tp_fix.formats.shell import Command
from tp_fix.formats.shell_text import one_line
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.publications import publications_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import (
    PACK_SCRIPTS,
    PUBLISH_SCRIPTS,
    VERSION_SCRIPTS,
    install_of,
    npm_upgrade_of,
    publish_of,
    script_of,
)
from tp_fix.models.running.composite import inner_steps
from tp_fix.models.running.place import placed
from tp_fix.models.running.script import script_of_step
from tp_fix.models.running.walk import Call, walked
from tp_fix.models.tool.recognised import recognised
from tp_fix.models.workflow import Job, Step

OWN = ("actions/", "github/")
"""Whose actions are GitHub's, who runs the job anyway."""
HARMLESS = programs.SHELL | programs.UTILITIES | {"corepack", "curl", "gh", "git", "npm", "pnpm", "wget", "yarn"}
"""Programs that run no code of the repository or its packages by themselves."""
VERSION = ("--version", "-version", "-v", "-V")
INLINE = frozenset(("node", option) for option in ("-e", "-p", "-pe", "--eval", "--print"))
"""Code that stands in the workflow itself."""
OPTIONAL = frozenset((*PACK_SCRIPTS, *VERSION_SCRIPTS))
"""Scripts behind commands that do their work without any."""
LONGEST = 40


def exposed_to(job: Job, model: Model) -> tuple[str, ...]:
    """Installs, builds, tests, unknown programs, publish hooks and other people's actions of a job, as phrases."""
    found = [what for step in job.steps for what in _in_step(step, model)]
    return tuple(dict.fromkeys(found))


def _in_step(step: Step, model: Model) -> Iterator[str]:
    inner = inner_steps(step, model.repository)
    if inner is not None:
        for each in inner:
            yield from _in_step(each, model)
    elif step.uses is not None and not step.uses.lower().startswith(OWN) and not rows_using(step.uses):
        yield f"`{re.sub(r'@[0-9a-f]{40}$', '', step.uses)}`"
    elif step.run is not None:
        yield from _in_script(step, model)
    for publication in model.published_by(step):
        yield from (f"the script `{name}`" for name, _ in hooks_of(publication))


def _in_script(step: Step, model: Model) -> Iterator[str]:
    """What a step's own script runs; where a command only leads to a publish, what else stands behind it."""
    script = script_of_step(step)
    if script.unread:
        yield f"step `{step.label}`"
    leading = {each.offset for each in publications_of(step, model.repository) if each.origin}
    for command, folder in placed(script.commands, step.directory):
        if command.span.start in leading:
            calls = (each for each in walked(step, model.repository).calls if each.offset == command.span.start)
            yield from (what for each in calls for what in _behind(each, model))
        else:
            yield from _of_command(command, folder, script.text, model)


def _behind(call: Call, model: Model) -> Iterator[str]:
    """What one call in a package script or a shell script runs; those that only lead to others are none."""
    if call.command is None:
        yield call.what
    elif call.origin and not (call.kind == "program" and script_of(call.command)):
        yield from _of_command(call.command, call.folder, call.text, model, call.text)


def _of_command(command: Command, folder: str | None, text: str, model: Model, own: str = "") -> Iterator[str]:
    if not recognised(command, folder, model.repository) and _runs_code(command, folder, model.repository):
        yield f"`{install_of(command) or _short(own or text[command.span.start : command.span.end])}`"


def hooks_of(publication: Publication) -> Iterator[tuple[str, str]]:
    """The names and texts of the publish hooks that run, as far as they can be read."""
    target = publication.target
    quiet = any(option.name == "ignore-scripts" and option.value is not False for option in publication.options)
    if target.hooks and not target.unread and not quiet:
        for package in target.packages or ():
            for name in PUBLISH_SCRIPTS:
                if name in package.scripts:
                    yield name, package.scripts[name]


def _runs_code(command: Command, folder: str | None, repository: Repository) -> bool:
    if not command.words or publish_of(command) is not None or npm_upgrade_of(command) is not None:
        return False
    scripts = script_of(command)
    if scripts and OPTIONAL.issuperset(scripts):
        package = repository.packages.above(folder) if folder is not None else None
        return package is None or any(name in package.scripts for name in scripts)
    if scripts:
        return True
    call = call_of(command)
    first = call.words[0].literal if call and call.words else None
    return call is None or not (call.program in HARMLESS or first in VERSION or (call.program, first) in INLINE)


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
