"""Whether `npm publish` can stand in the place of a `yarn publish` of Yarn Classic, and what then stands there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.formats.argv import Arguments, Grammar, names, split
from tp_fix.formats.shell import Command
from tp_fix.models.installed.entry import upwards
from tp_fix.models.package import Package
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import steps_before
from tp_fix.models.running.script import script_of_step
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.tool.tools import ToolRun, publishes
from tp_fix.source import Span

PUBLISH = Grammar(names("access tag"))
SAME = names("access tag")
"""Options that mean the same to npm."""
DROPPED = names("non-interactive")
"""npm never asks."""
OWN_TOKENS = names("YARN_AUTH_TOKEN NPM_AUTH_TOKEN")
"""Variables that Yarn takes a token from, and npm does not (S yarnpkg/yarn src/cli/commands/login.js)."""


class InPlace(NamedTuple):
    """A command of a step's script, and what stands there then; with an `obstacle` it is left to a person."""

    span: Span
    text: str
    obstacle: str = ""


def npm_in_place(run: ToolRun, repository: Repository) -> InPlace:
    """`npm publish` with the options of a run of Yarn Classic."""
    command = next((one for one in script_of_step(run.step).commands if one.span.start == run.offset), None)
    if command is None or [word.literal for word in command.words[:2]] != ["yarn", "publish"]:
        return InPlace(Span(0, 0), "", "the command does not stand in the step itself")
    arguments = split(command.words[2:], PUBLISH)
    found = [*_written(command, arguments), *_around(run, repository), *_packed(run, arguments, repository)]
    kept = [option for option in arguments.options if option.name in SAME]
    text = " ".join(["npm publish", *(f"--{option.name} {option.value}" for option in kept)])
    return InPlace(Span(command.words[0].span.start, command.words[-1].span.end), text, next(iter(found), ""))


def _written(command: Command, arguments: Arguments) -> Iterator[str]:
    """What stands in the way in the command itself."""
    if not command.sure or not command.top or command.assignments:
        yield "the command is part of a larger one"
    if any(word.literal is None for word in command.words) or arguments.opaque:
        yield "some of its words are known only at run time"
    unknown = [option.name for option in arguments.options if option.name not in SAME | DROPPED]
    unknown += [option.name for option in arguments.options if option.name in SAME and option.value is True]
    if unknown:
        yield f"`--{unknown[0]}` means something else to npm, or nothing"
    if arguments.positional or arguments.rest:
        yield "it names what it publishes, which npm may read in another way"


def _around(run: ToolRun, repository: Repository) -> Iterator[str]:
    """What stands in the way in the job: npm has to find the registry and the token that Yarn found."""
    if not any(is_setup_node(step) for step in steps_before(run.step, repository)):
        yield "no setup-node stands before it, which would set npm up"
    if own := sorted(name for name in visible_at(run.step) if name in OWN_TOKENS):
        yield f"{own[0]} is a token to Yarn, and none to npm"
    if publishes(run, repository) is not True:
        yield "the registry is not known"
    if any(posixpath.join(above, ".yarnrc") in repository.packages.paths for above in upwards(run.folder or "")):
        yield "a .yarnrc may set what npm does not read"


def _packed(run: ToolRun, arguments: Arguments, repository: Repository) -> Iterator[str]:
    """What stands in the way in the package."""
    package = repository.packages.at(run.folder) if run.folder is not None else None
    if package is None:
        yield "there is no package.json in the folder that it runs in"
        return
    if posixpath.join(package.folder, ".yarnignore") in repository.packages.paths:
        yield "npm does not read .yarnignore"
    yield from _in_manifest(package, arguments)


def _in_manifest(package: Package, arguments: Arguments) -> Iterator[str]:
    if "workspaces" in package.keys:
        yield f"{package.path} has workspaces"
    if package.dev_engines:
        yield f"{package.path} has `devEngines`, which npm goes by"
    if "prepublish" in package.scripts:
        yield "npm does not run the script `prepublish` before it publishes"
    if "-" in (package.version or "") and arguments.last("tag") is None:
        yield "npm 11 wants `--tag` for a prerelease"
