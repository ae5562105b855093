"""Programs whose behaviour is known: what they may ask of GITHUB_TOKEN; none reads an npm credential by itself."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.runners import Call, arguments_of, bin_call, call_of, canonical
from tp_fix.formats.argv import Grammar, names, renames, split
from tp_fix.formats.shell import Command

Scopes = tuple[tuple[str, str], ...]


class Program(NamedTuple):
    """A program, or one of its subcommands. `scopes` are the most that it may use of GITHUB_TOKEN."""

    name: str
    scopes: Scopes = ()
    source: str = "the program's manual"
    checked: str = "2026-11-22"


SHELL = names(
    """
    : [ [[ break cd continue declare dirs echo exit export false getopts hash let local mapfile popd printf pushd
    pwd read readarray readonly return set shift shopt test times true type typeset ulimit umask unset wait
    """
)
UTILITIES = names(
    """
    awk b2sum base32 base64 basename bc bunzip2 bzip2 cat chmod chown cksum cmp column comm cp cut date df diff
    dirname du egrep expand expr fgrep file find fmt fold gawk grep gunzip gzip head hostname id install join jq ln
    ls md5sum mkdir mktemp mv nl nproc od paste ps readlink realpath rev rm rmdir sed seq sha1sum sha256sum
    sha512sum shasum shuf sleep sort split stat sum tac tail tar tee touch tr tree truncate uname uniq unxz unzip wc
    which whoami xxd xz yes yq zip zstd
    """
)
BUILD_TOOLS = names(
    """
    api-extractor asc attw ava babel biome bunchee c8 commitlint cpy cspell cypress del del-cli docgen dprint esbuild
    eslint husky is-ci jasmine jest karma knip lint-staged markdownlint markdownlint-cli2 microbundle mkdirp mocha
    ng-packagr node-gyp node-gyp-build nyc only-allow oxlint patch-package pinst pkgroll playwright prettier publint
    rimraf rolldown rollup shx size-limit standard storybook stylelint svelte-check svelte-package swc tap terser tsc
    tsd tsdown tshy tslint tsup typedoc unbuild vite vitest vue-tsc webpack xo
    """
)
SCRIPT_RUNNERS = names("npm-run-all npm-run-all2 run-p run-s")
"""They run package scripts, which count for themselves."""
WORKSPACE_RUNNERS = names("lerna turbo")
"""They run scripts of all packages of a workspace, which count for themselves; lerna does other things as well."""
LERNA = names("changed clean diff info list ls run version")
"""Subcommands of lerna that ask the registry for nothing; lerna-lite has the same."""
PACKAGES = {
    "@arethetypeswrong/cli": "attw",
    "@babel/cli": "babel",
    "@biomejs/biome": "biome",
    "@capacitor/docgen": "docgen",
    "@commitlint/cli": "commitlint",
    "@microsoft/api-extractor": "api-extractor",
    "@swc/cli": "swc",
    "cpy-cli": "cpy",
}
"""Packages that npx runs by another name than their program's."""
GUESSED = "U: nothing in its documentation about npm's configuration"

PROGRAMS = {
    **{name: Program(name, source="the bash manual") for name in SHELL},
    **{name: Program(name) for name in UTILITIES},
    **{name: Program(name, source=GUESSED) for name in BUILD_TOOLS | SCRIPT_RUNNERS},
    "turbo": Program("turbo", source="D turborepo, environment variables: TURBO_TOKEN and TURBO_TEAM are its own"),
    "corepack": Program("corepack", source="S nodejs/corepack: downloads package managers, COREPACK_NPM_TOKEN only"),
}

CONTENTS: Scopes = (("contents", "write"),)
GIT = Grammar(names("C c git-dir work-tree namespace exec-path config-env"))
GIT_FETCHES = names("clone fetch ls-remote pull remote submodule")
GIT_RUNS = names("bisect rebase submodule")
"""They can run commands given to them."""
GH_OPTIONS = Grammar(names("repo"), renames("R=repo"))
GH: dict[tuple[str, str], Scopes] = {
    **{("release", verb): CONTENTS for verb in ("create", "upload", "edit")},
    **{("pr", verb): (*CONTENTS, ("pull-requests", "write")) for verb in ("create", "merge", "edit")},
    ("pr", "comment"): (("pull-requests", "write"),),
    ("issue", "*"): (("issues", "write"),),
}
CLIENT_COMMANDS = {
    "npm": names("bin explain help ls pack pkg prefix query restart root run start stop test version view"),
    "pnpm": names("bin ls pack prefix restart root run start stop store test version view why"),
    "yarn": names("bin constraints explain info list pack restart run start stop test version versions why"),
}
"""Subcommands of the package managers that want no credential. The scripts behind them count for themselves."""


def _letters(letters: str) -> dict[str, str]:
    """Options of one letter that mean nothing here, under names of their own: `-e` of bash is not node's."""
    return {letter: f"set:{letter}" for letter in letters}


NODE_VALUED = names("require import loader experimental-loader conditions env-file env-file-if-exists title")
INTERPRETERS = {
    "node": Grammar(NODE_VALUED, renames("r=require C=conditions e=e p=p c=c i=i")),
    "tsx": Grammar(NODE_VALUED | names("tsconfig"), renames("r=require C=conditions e=e p=p")),
    "ts-node": Grammar(
        names("require project compiler-options compilerOptions ignore cwd dir"),
        renames("r=require P=project O=compilerOptions e=e p=p T=T s=script-mode"),
    ),
    "zx": Grammar(names("prefix postfix shell cwd env"), renames("e=e")),
    "bash": Grammar(
        names("set:o set:O rcfile init-file"), {**_letters("abefhiklmnoprtuvxBCEHPTO"), "c": "c", "s": "s"}
    ),
    "sh": Grammar(names("set:o"), {**_letters("abefhimnotuvxC"), "c": "c", "s": "s"}),
    "python": Grammar(names("set:W set:X"), {**_letters("bBdEhiIOPqRsSuvVWxX"), "c": "c", "m": "m"}),
    "source": Grammar(frozenset()),
}
SAME_INTERPRETER = {"python3": "python", ".": "source"}
PLAIN = Grammar(names("concurrency loglevel"))
INLINE = names("c e p m s i eval print run test check interactive")
"""With one of these an interpreter runs something else than a file, or nothing."""


def lookup(command: Command) -> Program | None:
    """What is known about a command's program, with npx and its like taken off; None for unknown.

    A command that runs a file is unknown here: ask `file_of`. One that runs a package script is known, and the script
    (`script_of` of models.command) counts for itself. `yarn X` and `pnpm X` are looked up as the program X: ask for a
    script of that name first.
    """
    call = call_of(command)
    return None if call is None else _lookup(bin_call(call) or call)


def is_build_tool(command: Command) -> bool:
    """Whether a command runs a tool that reads settings or tests of the repository, which are programs themselves."""
    call = call_of(command)
    call = (bin_call(call) or call) if call is not None else None
    return call is not None and PACKAGES.get(call.program, call.program) in BUILD_TOOLS


def file_of(command: Command) -> str | None:
    """The file of the repository that a command runs (`node X`, `bash X`, `./X` …), as it is written; else None."""
    call = call_of(command)
    call = (bin_call(call) or call) if call else None
    if call is None:
        return None
    if "/" in call.program and not call.program.startswith("@"):
        return call.program
    grammar = INTERPRETERS.get(SAME_INTERPRETER.get(call.program, call.program))
    arguments = split(call.words, grammar, stop=True) if grammar else None
    if arguments is None or any(option.name in INLINE for option in arguments.options):
        return None
    file = arguments.positional[0].literal if arguments.positional else None
    return None if file is None or file.startswith(("/", "-")) else file


def inline_of(command: Command) -> str | None:
    """The script of `bash -c '…'`, where it is known; None for every other command."""
    call = call_of(command)
    if call is None or call.program not in ("bash", "sh"):
        return None
    arguments = split(call.words, INTERPRETERS[call.program], stop=True)
    return arguments.positional[0].literal if arguments.is_on("c") and arguments.positional else None


def _lookup(call: Call) -> Program | None:
    name = PACKAGES.get(call.program, call.program)
    words = [word.literal or "" for word in call.words]
    if name in CLIENT_COMMANDS:
        return _client(call)
    if name in ("git", "gh"):
        return _git(call) if name == "git" else _gh(call)
    if name == "node":
        asks = bool(words) and set(words) <= {"--version", "-v"}
        return Program("node") if asks or words[:1] == ["--run"] else None
    if name == "lerna":
        return _lerna(call)
    if name == "find" and any(word.startswith(("-exec", "-ok")) for word in words):
        return None
    return PROGRAMS.get(name)


GIT_VERBS = names(
    """
    --version add am apply archive blame branch cat-file check-ignore checkout cherry-pick clean clone commit config
    describe diff diff-files diff-index fetch for-each-ref format-patch gc grep hash-object init lfs log ls-files
    ls-remote ls-tree merge merge-base mv name-rev pull push rebase reflog remote reset restore rev-list rev-parse
    rm shortlog show show-ref sparse-checkout stash status submodule subtree switch symbolic-ref tag update-index
    update-ref version worktree bisect
    """
)
"""git's own; any other word can be an alias or a program of somebody's."""


def _git(call: Call) -> Program | None:
    arguments = split(call.words, GIT, stop=True)
    verb, *others = [word.literal or "" for word in (*arguments.positional, *arguments.rest)] or ["--version"]
    runs = verb in GIT_RUNS and any(word.startswith(("foreach", "run", "-x", "--exec")) for word in others)
    aliased = any("alias." in (word.literal or word.text) for word in call.words)
    if verb not in GIT_VERBS or runs or aliased or arguments.opaque:
        return None
    if verb == "push" or (verb in ("lfs", "subtree") and "push" in others[:1]):
        return Program("git push", CONTENTS, "D docs.github.com, permissions for Contents")
    return Program(f"git {verb}", (("contents", "read"),) if verb in GIT_FETCHES else ())


def _gh(call: Call) -> Program | None:
    arguments = split(call.words, GH_OPTIONS)
    noun, verb = [*(word.literal or "" for word in arguments.positional[:2]), "", ""][:2]
    if not noun and arguments.is_on("version"):
        return Program("gh")
    scopes = GH.get((noun, verb)) or GH.get((noun, "*"))
    if scopes is None or not verb:
        return None
    if arguments.last("discussion-category"):
        scopes = (*scopes, ("discussions", "write"))
    return Program(f"gh {noun} {verb}", scopes, "D docs.github.com, permissions of each REST call")


def _lerna(call: Call) -> Program | None:
    """`lerna version` pushes what it commits, and may make a release on GitHub."""
    words = split(call.words, PLAIN).positional
    verb = words[0].literal if words else None
    if verb is None or verb not in LERNA:
        return None
    source = "D lerna, commands; S lerna 9 libs/commands/version"
    return Program(f"lerna {verb}", CONTENTS if verb == "version" else (), source, "2026-11-23")


def _client(call: Call) -> Program | None:
    arguments = arguments_of(call)
    if arguments is None:
        return None
    if arguments.is_on("version") or arguments.is_on("help"):
        return Program(call.program)
    words = [word.literal for word in arguments.positional]
    name = canonical(call.program, words[0]) if words else ""
    known = name in CLIENT_COMMANDS[call.program]
    if name in ("config", "workspaces"):
        known = words[1:2] in (["get"], ["list"], ["ls"], ["info"])
    if name == "run":
        known = known and None not in words[1:2]
    return Program(f"{call.program} {name}") if known else None
