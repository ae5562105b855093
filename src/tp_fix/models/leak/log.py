"""What the steps of a job show of npm credentials in its log, step by step, with what earlier ones wrote to files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.secrets import is_secret
from tp_fix.models.leak.leaks import IDENTITY_NAMES, Leak, Secrets, Shown, leaks_in, shown_by_javascript
from tp_fix.models.running.script import MAX_SCRIPT, commands_of, script_of_step, shell_of
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import NAME, NPM_SECRET, is_credential, kind_of, visible_at
from tp_fix.models.workflow import Job, Step
from tp_fix.source import Span

WORTH_READING = re.compile(
    r"(?:echo|printf|<<|\btee\b|\bcurl\b|\bset\b|\bcat\b|\bnode\b|npmrc|userconfig|\b(?:npm|pnpm)\s+(?:config\s+)?set\b)"
    r"|(?m:^\s*(?:env|printenv|export|declare|typeset)\b)|\b(?:env|printenv)\s*[|;&\n]",
    re.IGNORECASE,
)
"""Signs that a script prints something, or writes what a later one may print: the others are not parsed for it."""
MENTIONED = re.compile(r"\$\{?[#!]?(\w+)|\bprintenv\s+(\w+)|process\.env\.(\w+)")
OTHER_SHELL = re.compile(
    r"(?im)^[ \t]*(?:echo|write-(?:host|output|information|warning|verbose|debug)|out-host)\b(?P<rest>[^|>\n]*)$"
)
"""A line of PowerShell or cmd that prints, without a pipe or a file behind it."""
OTHER_NAME = re.compile(
    r"(?<!\[bool\])\$\{?env:(\w+)\b(?!\s*-[a-z]|\.Length)|%(\w+)%|\$\{\{\s*(?:secrets|env)\.([\w-]+)\s*\}\}",
    re.IGNORECASE,
)
TRACING = re.compile(r"(?:^|/)(?:ba)?sh\b.*\s-[a-zA-Z]*x\b|xtrace")


class StepLeak(NamedTuple):
    """A leak and its step. `known` is False when nothing here sets the variable."""

    step: Step
    leak: Leak
    known: bool = True


def leaks_of(job: Job) -> Iterator[StepLeak]:
    """What a job's steps show, in their order."""
    files: dict[str, str] = {}
    for step in job.steps:
        if step.run is not None:
            yield from _in_script(step, files)
        elif (step.uses or "").lower().startswith("actions/github-script@"):
            yield from _in_javascript(step)


def _in_script(step: Step, files: dict[str, str]) -> Iterator[StepLeak]:
    text = step.run or ""
    traced = TRACING.search(step.shell) is not None
    if not traced and not WORTH_READING.search(text):
        return
    seen = _credentials(step)
    unset = _unset(step)
    if not (seen or unset or files or re.search(r"secrets|ID_TOKEN", text)):
        return
    script = script_of_step(step)
    by_runner = bool(script.unread) and not shell_of(step) and len(text) <= MAX_SCRIPT
    if script.unread and not by_runner:
        yield from _unread(step, seen)
        return
    secrets = Secrets(frozenset({*seen, *unset}), seen, NPM_SECRET, files)
    strict = "{0}" not in step.shell or re.search(r"\s-[a-z]*e", step.shell) is not None
    commands = commands_of(text) if by_runner else script.commands
    for found in leaks_in(text, commands, secrets, _user_file(step), traced=traced, strict=strict):
        leak = found._replace(stays=script.unread) if by_runner else found
        yield StepLeak(step, leak, any(_set(shown.what, unset, step) for shown in leak.shown))


def _set(what: str, unset: frozenset[str], step: Step) -> bool:
    """Whether something sets the variable: an `env`, this script, or an earlier one for those that follow."""
    given = re.compile(rf"\b{re.escape(what)}=")
    earlier = [other.run or "" for other in step.earlier]
    return (
        what not in unset
        or given.search(step.run or "") is not None
        or any("GITHUB_ENV" in text and given.search(text) for text in earlier)
    )


def _in_javascript(step: Step) -> Iterator[StepLeak]:
    secrets = Secrets(frozenset(_credentials(step)), (), NPM_SECRET)
    if shown := shown_by_javascript(step.input("script") or "", secrets):
        yield StepLeak(step, Leak(Span(0, 0), shown, "tp-fix does not edit JavaScript"))


def _unread(step: Step, seen: tuple[str, ...]) -> Iterator[StepLeak]:
    """Lines of PowerShell or cmd that print a credential."""
    for line in OTHER_SHELL.finditer(step.run or ""):
        names = [next(filter(None, match.groups())) for match in OTHER_NAME.finditer(line["rest"])]
        said = [name for name in names if name in seen or f"secrets.{name}".lower() in line["rest"].lower()]
        shown = tuple(Shown(name, "whole") for name in said if name in seen or NPM_SECRET.search(name))
        if shown:
            yield StepLeak(step, Leak(Span(*line.span()), shown, "its script is not one of bash or sh"))


def _user_file(step: Step) -> str:
    """Where `npm config set` writes to: setup-node has it point to a file of its own when it is given a registry."""
    earlier = (other for other in step.earlier if is_setup_node(other))
    return "$NPM_CONFIG_USERCONFIG" if any(other.input("registry-url") for other in earlier) else "~/.npmrc"


def _credentials(step: Step) -> tuple[str, ...]:
    """The variables with a credential for npm, or with an identity token, that a step sees."""
    return tuple(name for name, variable in visible_at(step).items() if _holds(step, name))


def _holds(step: Step, name: str) -> bool:
    variable = visible_at(step)[name]
    if name in IDENTITY_NAMES:
        return bool(variable.value)
    kind = kind_of(variable)
    return is_credential(variable) and kind != "github" and (kind != "literal" or is_secret(variable.value))


def _unset(step: Step) -> frozenset[str]:
    """Names of npm credentials that a script uses and that nothing to be seen here sets: perhaps another step does."""
    text = step.run or ""
    named = {next(filter(None, match.groups()), "") for match in MENTIONED.finditer(text)}
    return frozenset(name for name in named - visible_at(step).keys() if NAME.fullmatch(name))
