"""Programs that run another one, taken off: npx, npm exec, pnpm dlx, yarn workspace … leave what really runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tp_fix.facts.npm_cli import (
    BUNX,
    NPM,
    NPM_COMMANDS,
    NPX,
    PNPM,
    PNPM_BUILTIN,
    PNPM_COMMANDS,
    YARN,
    YARN_BUILTIN,
    YARN_DLX,
    YARN_FOREACH,
)
from tp_fix.formats.argv import Arguments, Grammar, Option, names, renames, split
from tp_fix.formats.shell import Command, Word

GRAMMARS = {"npm": NPM, "pnpm": PNPM, "yarn": YARN}
COMMANDS: dict[str, dict[str, str]] = {"npm": NPM_COMMANDS, "pnpm": PNPM_COMMANDS, "yarn": {}}
NO_BIN = {"pnpm": PNPM_BUILTIN, "yarn": YARN_BUILTIN}
SCRIPTS = names("restart start stop test")
"""Never programs of a package: the scripts of these names, run by a word of their own."""
PROGRAMS = {"pn": "pnpm", "pnx": "pnpx", "yarnpkg": "yarn"}
"""Other names of one program."""
PACKAGE_RUNNERS = {"npx": NPX, "pnpx": PNPM, "bunx": BUNX}
COVERAGE = {
    program: Grammar(names("reporter reports-dir"), renames("r=reporter o=reports-dir")) for program in ("c8", "nyc")
}
COVERAGE_COMMANDS = names("report merge check-coverage instrument")
WRAPPERS = {
    "command": Grammar(frozenset()),
    "cross-env": Grammar(frozenset()),
    "cross-env-shell": Grammar(frozenset()),
    "env": Grammar(names("u unset C chdir")),
    "exec": Grammar(names("a")),
    "nice": Grammar(names("n adjustment")),
    "nohup": Grammar(frozenset()),
    "sudo": Grammar(names("u user g group h host p prompt C close-from D chdir R chroot T command-timeout")),
    "time": Grammar(names("f format o output")),
    "timeout": Grammar(names("s signal k kill-after")),
}
"""Programs that run the command behind their options (their manuals), after variables that they set for it."""
ELSEWHERE = frozenset({"sudo"})
"""Wrappers that run it as another user, with another path."""
ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.DOTALL)
RECURSIVE = names("recursive multi m")
SPECIFIER = re.compile(r"(?P<name>@[^@/]+/[^@]+|[^@]+)(?:@(?P<version>.*))?", re.DOTALL)
SPELLED = re.compile(r"""["']?(?P<name>(?:@[\w.-]+/)?[\w.-]+)@(?P<version>.+?)["']?""", re.DOTALL)
ENVIRONMENT = re.compile(r"p?npm_config_(?P<name>\w+)", re.IGNORECASE)
DEEPEST = 8
"""npx npx npx … is followed this far."""


class Specifier(NamedTuple):
    """`name@version`; a version that is known only at run time is kept as it is written."""

    name: str
    version: str | None


class Call(NamedTuple):
    """A program and its own words. `version` is the V of `npx program@V`, `outer` what the programs around it say."""

    program: str
    words: tuple[Word, ...]
    version: str | None = None
    outer: tuple[Option, ...] = ()

    def inside(self, program: str | None, words: tuple[Word, ...], *options: Option) -> Call | None:
        """What this call runs."""
        return None if program is None else Call(program, words, None, (*self.outer, *options))


@lru_cache(maxsize=4096)
def call_of(command: Command) -> Call | None:
    """What a command runs in the end, or the runner itself when what it runs is known only at run time.

    None when the program is known only at run time.
    """
    if not command.words or (program := program_of(command.words[0])) is None:
        return None
    call = Call(program, command.words[1:], None, tuple(_environment(command)))
    for _ in range(DEEPEST):
        inner = _inner(call)
        if inner is None:
            break
        call = inner
    return call


def bin_call(call: Call) -> Call | None:
    """The program that `yarn X`, `yarn run X` or `pnpm X` runs when no script has the name X."""
    if call.program not in NO_BIN:
        return None
    arguments = split(call.words, GRAMMARS[call.program], stop=True)
    if call.program == "yarn" and _literal(arguments) == "run":
        arguments = split(arguments.rest, YARN, stop=True)
    elif _literal(arguments) in NO_BIN[call.program]:
        return None
    return None if _literal(arguments) in SCRIPTS else call.inside(_program(arguments), arguments.rest)


def arguments_of(call: Call) -> Arguments | None:
    """The words of npm, pnpm or yarn, read, with what the programs around say in front; None for other programs.

    Whichever the client: `workspace` names one, `workspaces` is all of them, `directory` is where it runs.
    """
    if call.program not in GRAMMARS:
        return None
    found = split(call.words, GRAMMARS[call.program])
    first = found.positional[0] if found.positional else None
    options, positional = (*call.outer, *found.options), found.positional
    if first is not None and call.program == "pnpm" and first.literal in RECURSIVE:
        options, positional = (*options, Option("workspaces", True)), positional[1:]
    if first is not None and call.program == "yarn" and "/" in first.text and not first.text.startswith("@"):
        options, positional = (*options, Option("directory", first.literal, first.text)), positional[1:]
    return Arguments(positional, options, (), found.opaque)


def is_on_path(command: Command, program: str) -> bool:
    """Whether a command runs a program that the path leads to: no other program looks for it, nor changes the path."""
    words = [word.literal for word in command.words]
    if words.count(program) != 1 or any(name == "PATH" for name, _ in command.assignments):
        return False
    before = words[: words.index(program)]
    if not before:
        return True
    plain = before[0] in WRAPPERS.keys() - ELSEWHERE
    return plain and all(word is not None and not word.startswith(("PATH=", "-i", "-C", "--chdir")) for word in before)


def after(arguments: Arguments, client: str, *path: str) -> tuple[Word, ...] | None:
    """The positional words after a subcommand; None for another one. Words known only at run time may stand between."""
    words = list(arguments.positional)
    for name in path:
        while words and words[0].literal is None:
            words.pop(0)
        if not words or canonical(client, words.pop(0).literal) != name:
            return None
    return tuple(words)


def canonical(client: str, word: str | None) -> str:
    """A subcommand's full name."""
    return COMMANDS[client].get(word or "", word or "")


def specifier(word: Word) -> Specifier | None:
    """`name@version` of a word; None when the name is known only at run time."""
    match = SPELLED.fullmatch(word.text) if word.literal is None else SPECIFIER.fullmatch(word.literal)
    return Specifier(match["name"], match["version"]) if match else None


def program_of(word: Word) -> str | None:
    """A program's name, without the folder of a system or of node_modules; a path in the repository stays a path."""
    name = word.literal
    if name is None:
        return None
    if name.startswith("/") or "node_modules/.bin/" in name:
        name = name.rpartition("/")[2]
    return PROGRAMS.get(name, name)


def _environment(command: Command) -> Iterator[Option]:
    """Options that npm and pnpm take from variables set in front of them, as in `NPM_CONFIG_DRY_RUN=true npm publish`.

    An empty one does not count, and npm_config_prefix is where global packages are, not what `--prefix` says.
    """
    for name, value in command.assignments:
        yield from _setting(name, value)


def _setting(name: str, value: str | None) -> Iterator[Option]:
    match = ENVIRONMENT.fullmatch(name)
    if match and value != "":
        known = {"true": True, "false": False}.get(value or "", value)
        yield Option(match["name"].lower().replace("_", "-"), known, f"${name}")


def _literal(arguments: Arguments) -> str | None:
    return arguments.positional[0].literal if arguments.positional else None


def _inner(call: Call) -> Call | None:
    """What a runner runs; None when the call is no runner, or what it runs is known only at run time."""
    if call.program in WRAPPERS:
        return _wrapped(call)
    if call.program in PACKAGE_RUNNERS:
        return _package(call, split(call.words, PACKAGE_RUNNERS[call.program], stop=True))
    if call.program in GRAMMARS:
        return _client(call, split(call.words, GRAMMARS[call.program], stop=True))
    if call.program == "bun" and call.words and call.words[0].literal == "x":
        return _package(call, split(call.words[1:], BUNX, stop=True))
    if call.program == "corepack" and call.words:
        found = specifier(call.words[0])
        inner = Call(found.name, call.words[1:], found.version, call.outer) if found else None
        return inner if inner and inner.program in (*GRAMMARS, *PACKAGE_RUNNERS) else None
    if call.program in COVERAGE:
        arguments = split(call.words, COVERAGE[call.program], stop=True)
        return None if _literal(arguments) in COVERAGE_COMMANDS else call.inside(_program(arguments), arguments.rest)
    return None


def _wrapped(call: Call) -> Call | None:
    arguments = split(call.words, WRAPPERS[call.program], stop=True)
    words = [*arguments.positional, *arguments.rest]
    if call.program == "timeout":
        words = words[1:]
    options: list[Option] = []
    while words and (match := ASSIGNMENT.match(words[0].literal or words[0].text)):
        options += _setting(match["name"], match["value"] if words[0].literal is not None else None)
        words = words[1:]
    return call.inside(program_of(words[0]), tuple(words[1:]), *options) if words else None


def _client(call: Call, arguments: Arguments) -> Call | None:
    """npm exec, pnpm exec and dlx, yarn exec, dlx, workspace, workspaces foreach."""
    name, options = canonical(call.program, _literal(arguments)), arguments.options
    if call.program == "pnpm" and name in RECURSIVE:
        options = (*options, Option("workspaces", True))
        arguments = split(arguments.rest, PNPM, stop=True)
        name, options = _literal(arguments) or "", (*options, *arguments.options)
    if call.program == "npm" and name == "exec":
        return _package(call, split(arguments.rest, NPX, stop=True), *options)
    if call.program in ("pnpm", "yarn") and name == "dlx":
        return _package(call, split(arguments.rest, PNPM if call.program == "pnpm" else YARN_DLX, stop=True), *options)
    if call.program in ("pnpm", "yarn") and name == "exec":
        inner = split(arguments.rest, GRAMMARS[call.program], stop=True)
        return call.inside(_program(inner), inner.rest, *options, *inner.options)
    if call.program == "yarn" and name == "node":
        return call.inside("node", arguments.rest, *options)
    if call.program == "yarn" and name == "workspace" and arguments.rest:
        chosen, *words = arguments.rest
        return call.inside("yarn", tuple(words), *options, Option("workspace", chosen.literal, chosen.text))
    if call.program == "yarn" and name == "workspaces":
        return _each(call, arguments, options)
    return None


def _each(call: Call, arguments: Arguments, options: tuple[Option, ...]) -> Call | None:
    """`yarn workspaces foreach … X` of Berry, and `yarn workspaces run X` of Classic."""
    if not arguments.rest or arguments.rest[0].literal not in ("foreach", "run"):
        return None
    inner = split(arguments.rest[1:], YARN_FOREACH, stop=True)
    words = (*inner.positional, *inner.rest)
    return call.inside("yarn", words, *options, *inner.options, Option("workspaces", True)) if words else None


def _program(arguments: Arguments) -> str | None:
    return program_of(arguments.positional[0]) if arguments.positional else None


def _package(call: Call, arguments: Arguments, *options: Option) -> Call | None:
    """What a runner of packages runs: `npm@V publish`, or with `-p npm@V` the words `npm publish`."""
    found = specifier(arguments.positional[0]) if arguments.positional else None
    if found is None or ("/" in found.name and not found.name.startswith("@")):
        return None
    words = list(arguments.rest)
    dashes = next((index for index, word in enumerate(words) if word.literal == "--"), None)
    if dashes is not None:
        del words[dashes]
    given = (match for text in arguments.spelled("package") if (match := SPELLED.fullmatch(text)))
    versions = {match["name"]: match["version"] for match in given}
    program = PROGRAMS.get(found.name, found.name)
    outer = (*call.outer, *options, *(option for option in arguments.options if option.name != "package"))
    return Call(program, tuple(words), found.version or versions.get(found.name), outer)
