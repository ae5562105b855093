"""What earlier steps, scripts and variables may have changed under a publication's feet: read as text, in doubt yes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.models.composite import steps_before
from tp_fix.models.repository import Repository
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.token.statements import without_tokens
from tp_fix.models.workflow import Step

REGISTRY = re.compile(r"npmrc|userconfig|registry|pkg\s+set|publishconfig", re.IGNORECASE)
OWN_OPTION = re.compile(r"--registry[= ]\S+")
COMMENT = re.compile(r"(?:^|\s)#\s[^'\"]*$")
"""Behind a command; what holds a quote may be text."""
CONFIGURING = re.compile(
    r"npm_config_(?!registry$).*(?:registry|userconfig|globalconfig)|pnpm_config_.*(?:registry|userconfig)"
    r"|yarn_npm_(?:registry_server|publish_registry)",
    re.IGNORECASE,
)
SETTING = re.compile(
    r"\s*echo\s+(?P<quote>[\"']?)(?!registry|\w*config|prefix)[a-z][a-z-]*=\w+(?P=quote)"
    r"\s*>(?P<append>>)?\s*[\"']?[\w$~{}./-]*\.npmrc[\"']?\s*",
)
"""In a script: a setting of npm's that is one word, and so no address, is written down."""
DRY_RUN = re.compile(r"npm_config_dry_run", re.IGNORECASE)
YARNRC = ".yarnrc.yml"
YARN = re.compile(r"registry|npmScopes", re.IGNORECASE)
HOST = re.compile(r"//([\w.-]+)")
NODE = re.compile(
    r"\bnpm@|\bnode@|GITHUB_PATH|\benv\s+use\b|\bruntime\s+set\b"
    r"|(?<![\w\\-])n\s+(?:\d|lts\b|latest\b|stable\b|current\b|auto\b)|corepack\s+enable\s+npm|nodesource"
    r"|(?-i:(?<![\w-])PATH\s*\+?=)|\$env:path\b|\bset\s+\"?path=|nodejs\.org/dist|\balias\s+npm=|\bnpm\s*\(\)"
    r"|\b(?:apt(?:-get)?|apk|brew|choco|conda|dnf|mamba|nix\S*|port|proto|scoop|snap|winget|yum)\b[^\n]*\b(?:node|npm)",
    re.IGNORECASE,
)
"""In a script: signs that it changes which Node or npm the following commands find."""


def earlier_scripts(step: Step, before: int, repository: Repository) -> Iterator[tuple[Step, str]]:
    """The scripts of the job that run before offset `before` of a step's own, each cut there."""
    for other in steps_before(step, repository):
        if other.run is not None:
            yield other, other.run
    if step.run is not None:
        yield step, step.run[:before]


class Doubt(NamedTuple):
    """Why the registry may be another one than the files say, as a phrase; '' when nothing speaks for it.

    `line` is where the last line of the step's own script starts that may set one, None where the doubt is elsewhere.
    """

    why: str = ""
    line: int | None = None


def registry_doubt(step: Step, before: int, command: str, tool: str, repository: Repository) -> Doubt:
    """Whether something that is not read may set the registry before a command at an offset of a step's script."""
    if why := _around(step, command):
        return Doubt(why)
    doubtful = None
    for other, script in earlier_scripts(step, before, repository):
        for start in _doubtful_lines(other, script, repository):
            if other is not step:
                return Doubt(f"step `{other.label}` may set it")
            doubtful = start
    if doubtful is not None:
        return Doubt(f"step `{step.label}` may set it", doubtful)
    if tool == "yarn" and YARNRC in repository.packages.paths and not _leaves_registry(repository.text(YARNRC)):
        return Doubt(f"{YARNRC} may set it")
    return Doubt()


def _around(step: Step, command: str) -> str:
    """What of a command's variables and options may set a registry, as a phrase; '' for nothing."""
    for variable in visible_at(step).values():
        if CONFIGURING.fullmatch(variable.name) and not _only_public(variable.value):
            return f"{variable.name} is set"
    if "userconfig" in command.lower():
        return "the command has a configuration of its own"
    return ""


def _doubtful_lines(step: Step, script: str, repository: Repository) -> Iterator[int]:
    """Where the lines of a script start that may set a registry."""
    if REGISTRY.search(script) is None:
        return
    start = 0
    for line in without_tokens(step, script, removers=not repository.npmrcs).split("\n"):
        rest = OWN_OPTION.sub("", COMMENT.sub("", line))
        harmless = rest.lstrip().startswith("#") or _only_public(rest) or _other_setting(rest, repository)
        if REGISTRY.search(rest) and not harmless:
            yield start
        start += len(line) + 1


def _other_setting(line: str, repository: Repository) -> bool:
    """Whether a line only writes one plain setting about something else, and over no settings of the repository."""
    written = SETTING.fullmatch(line)
    return written is not None and (written["append"] is not None or not repository.npmrcs)


def _leaves_registry(settings: str) -> bool:
    """Whether Yarn's settings name no other registry than the public one."""
    return all(_only_public(line) for line in settings.split("\n") if YARN.search(line))


def dry_run_doubt(step: Step, before: int, repository: Repository) -> bool:
    """Whether a variable or a setting may make every publish a dry run."""
    if any(setting.key == "dry-run" for lines in repository.npmrcs.values() for setting in lines):
        return True
    return any(DRY_RUN.fullmatch(name) for name in visible_at(step)) or any(
        DRY_RUN.search(text) for _, text in earlier_scripts(step, before, repository)
    )


def _only_public(text: str) -> bool:
    """Whether a text names hosts, and none but the public registry's."""
    hosts = HOST.findall(text)
    return bool(hosts) and all(is_public(host) is True for host in hosts)
