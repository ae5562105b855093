"""What runs in a job besides its publish and can therefore ask for the identity that publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.facts import programs
from tp_fix.facts.publishers import rows_using
from tp_fix.facts.runners import call_of
from tp_fix.formats.shell import Command
from tp_fix.formats.shell_text import one_line
from tp_fix.models.command import (
    PACK_SCRIPTS,
    PUBLISH_SCRIPTS,
    VERSION_SCRIPTS,
    install_of,
    npm_upgrade_of,
    publish_of,
    script_of,
)
from tp_fix.models.composite import flattened
from tp_fix.models.model import Model
from tp_fix.models.place import placed
from tp_fix.models.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.script import script_of_step
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
    """Installs, builds, tests, unknown programs, publish hooks and other people's actions of a job, each by name."""
    steps = (inner for step in job.steps for inner in flattened(step, model.repository))
    found = [what for step in steps for what in _in_step(step, model)]
    return tuple(dict.fromkeys(found))


def _in_step(step: Step, model: Model) -> Iterator[str]:
    if step.uses is not None:
        if not step.uses.lower().startswith(OWN) and not rows_using(step.uses):
            yield re.sub(r"@[0-9a-f]{40}$", "", step.uses)
    elif step.run is not None:
        script = script_of_step(step)
        if script.unread:
            yield f"step {step.label}"
        for command, folder in placed(script.commands, step.directory):
            if not recognised(command, folder, model.repository) and _runs_code(command, folder, model.repository):
                yield install_of(command) or _short(script.text[command.span.start : command.span.end])
        for publication in model.published_by(step):
            yield from (f"the script {name}" for name, _ in hooks_of(publication))


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
