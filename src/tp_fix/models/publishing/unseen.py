"""What earlier steps, scripts and variables may have changed under a publication's feet: read as text, in doubt yes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.facts.registry import is_public
from tp_fix.models.publishing.configuring import Asked, without_harmless
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import steps_before
from tp_fix.models.running.walk import Call, walked
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.token.statements import without_tokens
from tp_fix.models.workflow import Step
from tp_fix.source import Span

REGISTRY = re.compile(r"npmrc|userconfig|registry|pkg\s+set|publishconfig|\b[ny]rm\s+use\b", re.IGNORECASE)
MANIFEST = re.compile(r"pkg\s+set|publishconfig", re.IGNORECASE)
"""What alone can change the registry of a package without a scope where the command line names one."""
IN_PROGRAM = re.compile(r"npmrc|userconfig|publishconfig|npm_config_registry|\bset\b.*registry", re.IGNORECASE)
"""The same in a file that is no shell script: there the word alone may mean anything."""
OWN_OPTION = re.compile(r"--registry[= ]\S+")
OWN_FILE = re.compile(
    r"--userconfig[= ]([\"']?)(?:\$GITHUB_WORKSPACE|\$\{GITHUB_WORKSPACE\}|\$\{\{\s*github\.workspace\s*\}\})"
    r"/\.npmrc\1(?=[\s;&|)]|$)"
)
"""The repository's own .npmrc as the user's: it is read anyway."""
CONFIGURING = re.compile(
    r"npm_config_(?!registry$).*(?:registry|userconfig|globalconfig)|pnpm_config_.*(?:registry|userconfig)"
    r"|yarn_npm_(?:registry_server|publish_registry)",
    re.IGNORECASE,
)
APART = ("publish", "release", "install")
"""Kinds of calls whose own registry counts for themselves alone."""
NOTHING = Span(0, 0)
DRY_RUN = re.compile(r"npm_config_dry_run", re.IGNORECASE)
PNPM_SETTINGS = "pnpm-workspace.yaml"
PNPM = re.compile(r"^\s*(?:registry|registries)\s*:", re.IGNORECASE | re.MULTILINE)
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


def registry_doubt(
    step: Step,
    before: int,
    command: str,
    tool: str,
    asked: Asked,
    repository: Repository,
    read: Span = NOTHING,
) -> str:
    """Why the registry may be another one than the files say, as a phrase; '' when nothing speaks for it.

    What of the step's own script is `read` already is left out.
    """
    for variable in visible_at(step).values():
        if CONFIGURING.fullmatch(variable.name) and not _only_public(variable.value):
            return f"{variable.name} is set"
    if "userconfig" in OWN_FILE.sub(" ", command).lower():
        return "the command has a configuration of its own"
    pattern = MANIFEST if asked.given and asked.scopes == frozenset({""}) else REGISTRY
    for other, script in earlier_scripts(step, before, repository):
        suspect = pattern.search(script) is not None
        text = without_tokens(other, script, removers=not repository.npmrcs) if suspect else ""
        text = without_harmless(other, text, asked, repository) if text else ""
        text = text[: read.start] + " " * len(read) + text[read.end :] if other is step else text
        for line in text.split("\n"):
            rest = OWN_OPTION.sub("", line)
            if pattern.search(rest) and not rest.lstrip().startswith("#") and not _only_public(rest):
                return f"step `{other.label}` may set it"
    behind = _set_behind(step, before, repository) if pattern is REGISTRY else ""
    if behind:
        return f"{behind} may set it"
    if tool.startswith("pnpm") and PNPM_SETTINGS in repository.packages.paths:
        settings = repository.text(PNPM_SETTINGS)
        if PNPM.search(settings) and not _only_public(settings):
            return f"{PNPM_SETTINGS} may set it"
    return ""


def _set_behind(step: Step, before: int, repository: Repository) -> str:
    """A package script, or a file, that is run before, and that may set the registry; '' for none."""
    earlier = (call for other in steps_before(step, repository) for call in walked(other, repository).calls)
    own = (call for call in walked(step, repository).calls if call.offset <= before)
    for call in (*earlier, *own) if step.run is not None else earlier:
        if call.kind not in APART and (call.origin or call.kind == "file") and sets_registry(call):
            return call.what
    return ""


def sets_registry(call: Call) -> bool:
    """Whether something that is run may set the registry, by its text."""
    wanted = IN_PROGRAM if call.kind == "file" else REGISTRY
    lines = (OWN_FILE.sub("", OWN_OPTION.sub("", line)) for line in call.text.split("\n"))
    return any(
        wanted.search(line) and not line.lstrip().startswith(("#", "//")) and not _only_public(line) for line in lines
    )


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
