"""What a statement of a script certainly does to the registry that a package goes to: nothing, or what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.formats.npmrc import COMMENT, entry
from tp_fix.formats.shell import Command
from tp_fix.formats.shell_statements import ShellStatement, simple_statements, statements
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import steps_before
from tp_fix.models.running.script import script_of_step
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.written import NPMRC, SIMPLE, bare, content_of, settings_in, target_of
from tp_fix.models.workflow import Step

READERS = frozenset(
    ("cat", "cut", "diff", "exit", "false", "grep", "head", "jq", "ls", "tail", "test", "tr", "true", "wc", "[", "[[")
)
"""Programs that read, and write nothing but to their output."""
SAYS = frozenset({"echo", "printf"})
QUERIES = re.compile(
    r"(?:npm|pnpm|yarn)\s+(?:(?:config|c|pkg)\s+(?:get|list|ls)|get|view|info|show|ping|whoami)\b[^\n]*", re.DOTALL
)
NOWHERE = re.compile(r"&?\d|/dev/(?:null|stdout|stderr)|[\"']?\$\{?GITHUB_STEP_SUMMARY\}?[\"']?")
"""Where output goes that configures nothing."""
VARIABLE = re.compile(r"(?!p?npm_config|yarn_)\w+=", re.IGNORECASE)
"""The start of an assignment to a variable that no client reads."""
ABOUT = re.compile(r"npmrc|userconfig|registry|pkg\s+set|publishconfig", re.IGNORECASE)
POINTING = re.compile(r"registry|userconfig|globalconfig|prefix|scopes", re.IGNORECASE)
"""In the name of a setting: it says where packages go, or where more settings stand."""
CREDENTIAL = re.compile(r"(?://\S+:)?(?:_authToken|_auth|_password|username|email|always-auth)")
FILLED = re.compile(r"""envsubst\s+(?:'[^']*'\s*)?<\s*(?P<source>[\w./-]+)\s*>{1,2}\s*\S+""")
"""A template that is filled in. What is copied whole stays in doubt: its variables would stay in it."""
GIVEN = re.compile(r"""envsubst\s+(?:'[^']*'\s*)?<<<\s*'(?P<text>[^']*)'\s*>{1,2}\s*\S+""")
FIELD = re.compile(r"(?!publishConfig|name=|-)[\w.-]+=")
COMMAND_SET = re.compile(r"::set-env\b|::add-path\b")


class Asked(NamedTuple):
    """What is published: the scopes of its packages, '' for a name without one; None where they are not known.

    `given` says that the command line names the public registry, which beats every other but a scope's own.
    """

    scopes: frozenset[str] | None
    given: bool


def without_harmless(step: Step, text: str, asked: Asked, repository: Repository) -> str:
    """A script, or its start, with blanks in the place of what certainly leaves the registry alone."""
    if script_of_step(step).unread:
        return text
    for each in simple_statements(step.run or ""):
        start, end = each.span
        placed = not _moved(step) or FILLED.fullmatch(each.text) is None
        if end <= len(text) and ABOUT.search(each.text) and placed and harmless(each, asked, repository):
            text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _moved(step: Step) -> bool:
    """Whether a script may run elsewhere than in the root of the repository."""
    return step.directory not in ("", ".", "./") or re.search(r"\b(?:cd|pushd)\b", step.run or "") is not None


def harmless(statement: ShellStatement, asked: Asked, repository: Repository) -> bool:
    """Whether a statement certainly does not change where packages go."""
    if statement.kind == "comment":
        return True
    if "function_definition" in statement.kinds or not all(command.sure for command in statement.commands):
        return False
    if _only_reads(statement) or _sets_other_fields(statement):
        return True
    found = _settings(statement, repository)
    return found is not None and all(_leaves_alone(key, value, asked) for key, value in found)


def _only_reads(statement: ShellStatement) -> bool:
    if any(not NOWHERE.fullmatch(each.target) for each in statement.redirects) or COMMAND_SET.search(statement.text):
        return False
    if statement.kind == "variable_assignment":
        return VARIABLE.match(statement.text) is not None and not ABOUT.search(_around(statement))
    quiet = statement.kind in SIMPLE or statement.kind == "test_command"
    return quiet and all(_reads(each, statement) or _says(each) for each in statement.commands)


def _sets_other_fields(statement: ShellStatement) -> bool:
    """`npm pkg set version=…`: fields of a manifest that say nothing of registries, nor of the package's scope."""
    if statement.kind != "command" or len(statement.commands) != 1:
        return False
    words = [bare(word) for word in statement.commands[0].words]
    return words[:3] == ["npm", "pkg", "set"] and all(FIELD.match(word) for word in words[3:])


def _around(statement: ShellStatement) -> str:
    """The value of an assignment without the commands in it that read; all of it where one may do more."""
    text, start = statement.text, statement.span.start
    for each in statement.commands:
        if not _reads(each, statement):
            return "registry"
        text = text[: each.span.start - start] + " " * len(each.span) + text[each.span.end - start :]
    return text.partition("=")[2]


def _reads(command: Command, statement: ShellStatement) -> bool:
    if not command.words:
        return True
    start = statement.span.start
    own = statement.text[command.words[0].span.start - start : command.span.end - start]
    return command.words[0].literal in READERS or command.words[0].text in READERS or QUERIES.match(own) is not None


def _says(command: Command) -> bool:
    return bool(command.words) and command.words[0].literal in SAYS


def _settings(statement: ShellStatement, repository: Repository) -> list[tuple[str, str]] | None:
    """The settings that a statement writes; None where they are not known, or it may take others away."""
    if statement.kind not in SIMPLE or statement.sets or statement.follows == "&":
        return None
    return _set(statement) or _written(statement, repository)


def _set(statement: ShellStatement) -> list[tuple[str, str]] | None:
    """`npm config set key=value …`, `npm config set key value`."""
    if len(statement.commands) != 1 or "userconfig" in statement.text.lower():
        return None
    words = [bare(word) for word in settings_in(statement.commands[0], ("set",))]
    if words and "=" not in words[0]:
        return [(words[0], words[1])] if len(words) == 2 else None
    return [entry(word) for word in words] or None


def _written(statement: ShellStatement, repository: Repository) -> list[tuple[str, str]] | None:
    """Lines that are put into an .npmrc."""
    content, target = _content(statement, repository), target_of(statement)
    if content is None or target is None or not NPMRC.fullmatch(target[0]):
        return None
    if not target[1] and _committed(repository):
        return None
    lines = [line.strip() for line in re.split(r"\n|\\n", content)]
    found = [line for line in lines if line and not line.startswith(COMMENT)]
    return [entry(line) for line in found] if all("=" in line for line in found) else None


def _content(statement: ShellStatement, repository: Repository) -> str | None:
    if given := GIVEN.fullmatch(statement.text):
        return given["text"]
    filled = FILLED.fullmatch(statement.text)
    if filled is None:
        return content_of(statement)
    source = filled["source"].removeprefix("./")
    return repository.text(source) if source in repository.packages.paths else None


def _committed(repository: Repository) -> bool:
    """Whether an .npmrc of the repository names a registry, which goes where a script writes the file anew."""
    return any(POINTING.search(line.key) for lines in repository.npmrcs.values() for line in lines if not line.host)


def _leaves_alone(key: str, value: str, asked: Asked) -> bool:
    """Whether a setting says nothing about where the packages go, or nothing new."""
    if CREDENTIAL.fullmatch(key):
        return True
    if "$" in key or "`" in key or ("$" in value and not POINTING.search(key)):
        return False
    if not POINTING.search(key):
        return True
    scope, colon, name = key.rpartition(":")
    if name != "registry" or (colon and not scope.startswith("@")):
        return False
    if is_public(value) is True:
        return True
    return scope not in asked.scopes if scope and asked.scopes is not None else not scope and asked.given


def scope_written(step: Step, scope: str, repository: Repository) -> tuple[str, str] | None:
    """The registry that earlier steps certainly give a scope, and which step does; None where nobody can say."""
    name = f"{scope}:registry"
    if any(line.key == name for lines in repository.npmrcs.values() for line in lines):
        return None
    found: tuple[str, str] | None = None
    for earlier in steps_before(step, repository):
        if found is not None and _loses(earlier):
            return None
        if name not in (earlier.run or ""):
            continue
        values = list(_values(earlier, name, repository))
        if (
            _moved(earlier)
            or earlier.condition is not None
            or (earlier.run or "").count(name) != len(values)
            or len(set(values)) != 1
        ):
            return None
        found = values[0], f"step `{earlier.label}`"
    return found if found is not None and is_public(found[0]) is not None else None


def _values(step: Step, name: str, repository: Repository) -> Iterator[str]:
    """What a step's own statements, whatever happens, set a name to."""
    for each in statements(step.run or "") or () if not script_of_step(step).unread else ():
        for key, value in _settings(each, repository) or ():
            if key == name:
                yield value


def _loses(step: Step) -> bool:
    """Whether a step may take a setting away that was written before it."""
    if step.uses is not None:
        return is_setup_node(step) or step.uses.startswith("actions/checkout@")
    return re.search(r"npmrc|userconfig|\b(?:config|c)\s+(?:delete|rm)|\bgit\s+clean", step.run or "") is not None
