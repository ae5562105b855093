"""What a command is to a release: a publish, an install, an upgrade of npm, the package scripts that it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tp_fix.facts.npm_cli import PNPM_BUILTIN, YARN_BUILTIN
from tp_fix.facts.programs import SCRIPT_RUNNERS, WORKSPACE_RUNNERS
from tp_fix.facts.runners import Call, Specifier, after, arguments_of, bin_call, call_of, canonical, specifier
from tp_fix.formats.argv import Arguments, Grammar, Option, names, renames, split
from tp_fix.formats.shell import Command, Word

ARCHIVES = (".tgz", ".tar.gz")
PUBLISHES: dict[str, dict[tuple[str, ...], str]] = {
    "npm": {("publish",): "npm", ("stage", "publish"): "npm stage"},
    "pnpm": {("publish",): "pnpm", ("stage", "publish"): "pnpm stage"},
    "yarn": {("npm", "publish"): "yarn"},
}
INSTALLS = {
    "npm": names("install ci install-test install-ci-test update"),
    "pnpm": names("install add ci fetch install-test update"),
    "yarn": names("install add up upgrade"),
}
ADDS = names("install add up update upgrade")
CREDENTIALED = {
    "npm": names(
        "access adduser deprecate dist-tag hook login logout org owner profile stage star stars team token trust "
        "undeprecate unpublish unstar whoami"
    ),
    "pnpm": names(
        "access adduser deprecate dist-tag login logout owner profile stage star stars team token undeprecate "
        "unpublish unstar whoami"
    ),
    "yarn": names("login logout owner tag team"),
}
"""Subcommands other than publish that the registry answers to a known user only. Yarn's are Classic's."""
YARN_NPM_CREDENTIALED = names("login logout stage tag whoami")
DIST_TAGS: dict[str, tuple[str, ...]] = {"npm": ("dist-tag",), "pnpm": ("dist-tag",), "yarn": ("npm", "tag")}

INSTALL_SCRIPTS = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
PUBLISH_SCRIPTS = ("prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish")
PACK_SCRIPTS = ("prepack", "prepare", "postpack")
VERSION_SCRIPTS = ("preversion", "version", "postversion")
RUN_SCRIPTS = names("test start stop restart")
"""Subcommands that run the script of their own name."""
HANDED_ON = names("registry dry-run provenance")
"""Of npm's settings those that decide about a publish."""
FILES = ("userconfig", "globalconfig")
RUN_ALL = Grammar(names("max-parallel npm-path"))
WORKSPACE_RUNS = Grammar(
    names(
        """
        api cache cache-dir concurrency cwd env-mode filter ignore log-order loglevel output-logs root-turbo-json scope
        since team token ui
        """
    ),
    renames("F=filter"),
)
NODE = Grammar(names("run"))


class Publish(NamedTuple):
    """A command that publishes to a registry of npm's kind.

    `tool` is "npm", "npm stage", "pnpm", "pnpm stage" or "yarn" (Berry); `client` the V of `npx npm@V publish`.
    `dry_run` is None when only the run tells. `registry` is the literal `--registry`; `registry_unknown` says that one
    is given which is not literal, or for one scope only. `workspaces`, `directory` and `client` are kept as written
    when they are not literal; of `specs`, the folders or archives to publish, such a one is None. `provenance` is None
    when not given.
    `written` are the specs as they stand there, `options` all that is said with dashes or through the environment.
    """

    tool: str
    client: str | None = None
    dry_run: bool | None = False
    registry: str | None = None
    registry_unknown: bool = False
    workspaces: tuple[str, ...] = ()
    all_workspaces: bool = False
    specs: tuple[str | None, ...] = ()
    directory: str | None = None
    provenance: bool | None = None
    written: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()

    @property
    def archive(self) -> bool:
        """Whether archives are published: npm runs no hooks for them (S npm/cli lib/commands/publish.js)."""
        return bool(self.written) and all(is_archive(spec) for spec in self.written)


ELSEWHERE = ("workspace", "workspaces", "dry-run", "directory", "out", "workspace-root")
"""With one of these `pack` packs something else, or calls it by another name."""


class Pack(NamedTuple):
    """`npm pack` or `pnpm pack` of a folder. `spec` and `destination` are as written, '' where it runs."""

    spec: str
    destination: str


def is_archive(spec: str) -> bool:
    """Whether a word, as it is written, ends in the name of an archive: `./*.tgz`, `"$RUNNER_TEMP"/x.tgz`."""
    return spec.replace('"', "").replace("'", "").endswith(ARCHIVES)


def is_folder(spec: str) -> bool:
    """Whether npm takes a word for a folder: `dist` is a package of the registry to it (X npm 11.19.1)."""
    return spec in ("", ".", "..") or spec.startswith(("./", "../")) or spec.endswith("/")


def pack_of(command: Command) -> Pack | None:
    """The `npm pack` of one folder that a command is, or `pnpm pack`, which names its archive alike; else None."""
    found = _client(command)
    words = after(found.arguments, found.client, "pack") if found and found.client != "yarn" else None
    if found is None or words is None or len(words) > 1 or found.arguments.opaque or not command.sure:
        return None
    if any(found.arguments.last(name) for name in ELSEWHERE) or (words and found.client == "pnpm"):
        return None
    destination = next(reversed(found.arguments.spelled("pack-destination")), "")
    return Pack(words[0].text if words else "", destination)


def publish_of(command: Command) -> Publish | None:
    """The publish that a command is, a dry run included; None for every other command.

    Yarn Classic's `yarn publish` and package scripts are none.
    """
    found = _client(command)
    for path, tool in PUBLISHES[found.client].items() if found else ():
        if found and (words := after(found.arguments, found.client, *path)) is not None:
            return _publish(tool, found, words)
    return None


def moves_tags(command: Command) -> bool:
    """Whether a command sets or takes away a dist-tag."""
    found = _client(command)
    if found is None or found.client not in DIST_TAGS:
        return False
    words = after(found.arguments, found.client, *DIST_TAGS[found.client]) or ()
    return bool(words) and words[0].literal in ("add", "set", "rm", "remove")


def install_of(command: Command) -> str | None:
    """The command that installs the project's dependencies, like "npm ci" or "yarn"; None for a global install."""
    found = _client(command)
    if found is None or _is_global(found.arguments):
        return None
    words = [word.literal for word in found.arguments.positional[:2]]
    if found.client == "yarn" and not words and not found.arguments.opaque:
        return "yarn"
    if found.client == "yarn" and words == ["workspaces", "focus"]:
        return "yarn workspaces focus"
    name = canonical(found.client, words[0]) if words else ""
    return f"{found.client} {name}" if name in INSTALLS[found.client] else None


def npm_upgrade_of(command: Command) -> str | None:
    """The version, as written, of the npm that a command installs globally; "*" when it names none."""
    found = _client(command)
    if found is None or found.client != "npm" or not _is_global(found.arguments):
        return None
    words = after(found.arguments, "npm", "install") or after(found.arguments, "npm", "update") or ()
    versions = [package.version for word in words if (package := specifier(word)) and package.name == "npm"]
    return (versions[-1] or "*") if versions else None


def added_by(command: Command) -> tuple[Specifier, ...]:
    """The packages that a command installs by name, for the project or globally: `npm i -g lerna@9`."""
    found = _client(command)
    words = list(found.arguments.positional) if found is not None else []
    if words and words[0].literal == "global":
        words.pop(0)
    if found is None or not words or canonical(found.client, words[0].literal) not in ADDS:
        return ()
    return tuple(package for word in words[1:] if (package := specifier(word)) is not None)


def script_of(command: Command) -> tuple[str, ...]:
    """Names of the package scripts that a command runs if they exist, in their order.

    `yarn X` and `pnpm X` run a program when there is no script X. `run-s` and its kin take patterns (`build:*`), pnpm
    takes regular expressions (`/^build/`): those are given as they are.
    """
    call = call_of(command)
    if call is not None and call.program in SCRIPT_RUNNERS:
        words = [word.literal or "" for word in split(call.words, RUN_ALL).positional]
        return _around(word.split()[0] for word in words if word.strip() and not word.startswith("-"))
    if (inner := over_workspaces(command)) is not None:
        return _around(_over_workspaces(inner))
    if call is not None and call.program == "node":
        return tuple(option for option in split(call.words, NODE, stop=True).spelled("run") if "$" not in option)
    found = _client(command)
    return () if found is None else _scripts(command, found)


def over_workspaces(command: Command) -> Call | None:
    """The call of a program that runs package scripts of all packages of a workspace, turbo or lerna; else None."""
    call = call_of(command)
    inner = (bin_call(call) or call) if call is not None else None
    return inner if inner is not None and inner.program in WORKSPACE_RUNNERS else None


def _over_workspaces(call: Call) -> Iterator[str]:
    """`turbo run build lint`, `turbo build`, `lerna run build`; `lerna version` has the scripts of `npm version`."""
    words = [word.literal or "" for word in split(call.words, WORKSPACE_RUNS).positional]
    verb = words[0] if words else ""
    if verb == "run" or call.program == "turbo":
        yield from words[1:] if verb == "run" else words
    elif verb == "version":
        yield VERSION_SCRIPTS[1]


def passed_on(command: Command) -> dict[str, str]:
    """The words that a command hands to the package script that it runs, by the name of that script.

    npm takes options for its own up to `--`; pnpm and yarn hand on all that follows the name.
    """
    found, call = _client(command), call_of(command)
    named = found.arguments.positional[:2] if found is not None else ()
    if found is None or call is None or not named:
        return {}
    script = named[-1] if canonical(found.client, named[0].literal) == "run" else named[0]
    if script.literal is None or script not in call.words:
        return {}
    words = call.words[call.words.index(script) + 1 :]
    dashes = next((index for index, word in enumerate(words) if word.literal == "--"), len(words))
    own = [word for word in words[:dashes] if found.client != "npm" or not word.text.startswith("-")]
    return {script.literal: " ".join(word.text for word in (*own, *words[dashes + 1 :]))}


def settings_for_scripts(command: Command) -> tuple[tuple[str, str | None], ...]:
    """The client's own settings where it runs a script: its commands get them as variables (X npm 11, 2026-11-23).

    Settings for a scope are not handed on. None for what is known only at run time, as all is with a file of settings.
    """
    found = _client(command)
    if found is None:
        return ()
    own = {option.name: option for option in found.arguments.options if option.name in HANDED_ON}
    known = [(f"npm_config_{name.replace('-', '_')}", _said(option)) for name, option in own.items()]
    return (("npm_config_registry", None), *known) if any(map(found.arguments.last, FILES)) else tuple(known)


def _said(option: Option) -> str | None:
    """The value of an option, as a variable has it."""
    return str(option.value).lower() if isinstance(option.value, bool) else option.value


def needs_credential(command: Command) -> bool:
    """Whether a command other than a publish asks the registry for something that it does not tell everyone."""
    found = _client(command)
    if found is None or not found.arguments.positional or publish_of(command) is not None:
        return False
    name = canonical(found.client, found.arguments.positional[0].literal)
    if found.client == "yarn" and name == "npm":
        return any(word.literal in YARN_NPM_CREDENTIALED for word in found.arguments.positional[1:2])
    return name in CREDENTIALED[found.client]


def sets_configuration(command: Command) -> bool:
    """Whether a command changes settings of npm, pnpm or Yarn, and asks nobody for anything."""
    found = _client(command)
    words = [word.literal for word in found.arguments.positional[:2]] if found is not None else []
    return words[:1] == ["set"] or (words[:1] in (["config"], ["c"]) and words[1:] in (["set"], ["delete"], ["rm"]))


class _Client(NamedTuple):
    client: str
    version: str | None
    arguments: Arguments


@lru_cache(maxsize=4096)
def _client(command: Command) -> _Client | None:
    """npm, pnpm or yarn with its words read; None for other programs, and when only help or a version is asked for."""
    call = call_of(command)
    arguments = arguments_of(call) if call else None
    if call is None or arguments is None or arguments.is_on("help") or arguments.is_on("version"):
        return None
    return _Client(call.program, call.version, arguments)


def _is_global(arguments: Arguments) -> bool:
    first = arguments.positional[0].literal if arguments.positional else None
    return arguments.is_on("global") is True or arguments.spelled("location")[-1:] == ("global",) or first == "global"


def _publish(tool: str, found: _Client, words: tuple[Word, ...]) -> Publish:
    arguments = found.arguments
    registry = arguments.last("registry")
    address = registry.value if registry is not None and isinstance(registry.value, str) else None
    scoped = any(option.name.endswith(":registry") for option in arguments.options)
    workspaces = arguments.spelled("workspace")
    hidden = not words and arguments.positional[0].literal is None  # `pnpm $FILTERS publish`: of whatever packages
    return Publish(
        tool,
        found.version,
        _dry_run(arguments),
        address,
        scoped or (registry is not None and address is None),
        workspaces,
        arguments.is_on("workspaces") is not False and not workspaces,
        (None,) if hidden else tuple(word.literal for word in words),
        next(reversed(arguments.spelled("directory")), None),
        arguments.is_on("provenance") if arguments.last("provenance") else None,
        tuple(word.text for word in words),
        arguments.options,
    )


def _dry_run(arguments: Arguments) -> bool | None:
    if arguments.last("dry-run") is None:
        return None if arguments.opaque else False
    return arguments.is_on("dry-run")


def _scripts(command: Command, found: _Client) -> tuple[str, ...]:
    positional = found.arguments.positional
    name = canonical(found.client, positional[0].literal) if positional else ""
    quiet = found.arguments.is_on("ignore-scripts") is True
    if name == "run":
        return _around((word.literal or "" for word in positional[1:2]), quiet)
    if name == "restart":
        return _around(("stop", "restart", "start"), quiet)
    builtin = {"npm": names(""), "pnpm": PNPM_BUILTIN, "yarn": YARN_BUILTIN}[found.client]
    if name in RUN_SCRIPTS or (found.client != "npm" and name not in builtin and name):
        return _around((name,), quiet)
    scripts = () if quiet else _lifecycle(command, found, name)
    return (*scripts, *_around(("test",) if name in ("install-test", "install-ci-test") else (), quiet))


def _lifecycle(command: Command, found: _Client, name: str) -> tuple[str, ...]:
    publish = publish_of(command)
    if publish is not None and publish.archive:
        return ()
    if publish is not None or (found.client, name) == ("yarn", "publish"):
        return ("prepublish", *PUBLISH_SCRIPTS) if found.client == "yarn" else PUBLISH_SCRIPTS
    if install_of(command) is not None:
        return INSTALL_SCRIPTS
    if name == "version" and (found.client == "yarn" or len(found.arguments.positional) > 1 or found.arguments.opaque):
        return VERSION_SCRIPTS
    return PACK_SCRIPTS if name == "pack" else ()


def _around(scripts: Iterable[str], quiet: bool = False) -> tuple[str, ...]:
    """Each script with those that run before and after it, which `--ignore-scripts` leaves out."""
    return tuple(_each(scripts, ("",) if quiet else ("pre", "", "post")))


def _each(scripts: Iterable[str], prefixes: tuple[str, ...]) -> Iterator[str]:
    return (prefix + script for script in scripts if script for prefix in prefixes)
