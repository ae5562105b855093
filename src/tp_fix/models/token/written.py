"""What a statement of a script writes into npm's configuration, or into the variables of the following steps."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.facts.runners import arguments_of, call_of
from tp_fix.formats.shell import Command, Word
from tp_fix.formats.shell_statements import ShellStatement

SIMPLE = frozenset({"command", "redirected_statement", "pipeline"})
NAMED = re.compile(r"\$\{?[#!]?(\w+)")
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}", re.DOTALL)
TOKEN_LINE = re.compile(r"//(?P<host>[^\s=]*?):(?:_authToken|_auth)\s*=\s*(?P<value>.*)")
HOSTLESS = re.compile(r"(?:_authToken|_auth)\s*=\s*(?P<value>.*)")
YARN_LINE = re.compile(r"npmAuthToken\s*:\s*(?P<value>.*)")
REGISTRY_LINE = re.compile(r"registry\s*=\s*(?P<value>.*)")
ENV_LINE = re.compile(r"(?P<name>\w+)=(?P<value>.*)")
NPMRC = re.compile(r"(?:.*/)?\.npmrc|\$\{?(?:NPM_CONFIG_USERCONFIG|npm_config_userconfig)\}?")
YARNRC = re.compile(r"(?:.*/)?\.yarnrc\.yml")
GITHUB_ENV = re.compile(r"\$\{?GITHUB_ENV\}?")
CONFIG = frozenset({"npm", "pnpm", "yarn"})
SETTING = frozenset({"config", "c", "set", "get", "delete"})
KEY = re.compile(r"(?P<key>(?://(?P<host>[^\s=]*?):)?(?:_authToken|_auth)|npmAuthToken)(?:=(?P<value>.*))?", re.DOTALL)


class Written(NamedTuple):
    """A credential that a statement puts somewhere.

    `public` is False for another registry's. `value` is the credential as it is written, `target` the file as written
    ('' for one that npm, pnpm or Yarn chooses), `append` says that what was in there stays. `defines` is the variable
    that it gives the following steps. `stays` says why the statement is not only about the credential, as a phrase.
    """

    public: bool | None
    value: str
    target: str = ""
    append: bool = True
    defines: str = ""
    stays: str = ""


def written_by(statement: ShellStatement) -> Written | None:
    """The credential that a statement writes; None for none."""
    if statement.kind not in SIMPLE or statement.sets or statement.follows == "&":
        return None
    return _configured(statement) or _in_file(statement)


def deleted_by(statement: ShellStatement) -> bool:
    """Whether a statement only takes a credential of the public registry out of the configuration again."""
    if statement.kind not in SIMPLE or len(statement.commands) != 1:
        return False
    words = settings_in(statement.commands[0], ("delete", "rm", "unset"))
    found = KEY.fullmatch(bare(words[0])) if len(words) == 1 else None
    return found is not None and (not found["host"] or is_public(found["host"]) is True)


def bare(word: Word) -> str:
    """A word without its quotes, expansions as they are written."""
    if word.literal is not None:
        return word.literal
    return re.sub(r"\\([$\"])", r"\1", re.sub(r"(?<!\\)\"|(?<!\\)'", "", word.text))


def settings_in(command: Command, verbs: tuple[str, ...]) -> tuple[Word, ...]:
    """The words behind `npm config set`, `npm set` and the like; none for every other command."""
    call = call_of(command)
    arguments = arguments_of(call) if call is not None and call.program in CONFIG else None
    if arguments is None or not command.sure:
        return ()
    words = list(arguments.positional)
    if words and words[0].literal in ("config", "c"):
        words.pop(0)
    elif call is not None and (call.program == "yarn" or verbs[0] != "set"):
        return ()
    return tuple(words[1:]) if words and words[0].literal in verbs else ()


def _configured(statement: ShellStatement) -> Written | None:
    """`npm config set //host/:_authToken …` and its kin."""
    if len(statement.commands) != 1:
        return None
    words = settings_in(statement.commands[0], ("set",))
    found = KEY.fullmatch(bare(words[0])) if words else None
    if found is None:
        return None
    given = [found["value"]] if found["value"] is not None else [bare(word) for word in words[1:2]]
    value = given[0] if given else ""
    more = len(words) > (1 if found["value"] is not None else 2)
    public = is_public(found["host"]) if found["host"] else (True if found["key"] == "npmAuthToken" else None)
    stays = "it sets more than a token" if more else _about(found["host"], found["key"])
    return Written(public, value, stays=stays)


def _about(host: str | None, key: str) -> str:
    if host is None:
        return "" if key == "npmAuthToken" else "it names no registry"
    return "" if is_public(host) is not None else "which registry it is for is known only at run time"


def _in_file(statement: ShellStatement) -> Written | None:
    """`echo … > .npmrc`, `printf`, `tee`, here-documents: one producer, one file."""
    content, target = content_of(statement), target_of(statement)
    if content is None or target is None:
        return None
    file, append = target
    lines = [line.strip() for line in re.split(r"\n|\\n", content) if line.strip()]
    if GITHUB_ENV.fullmatch(file):
        return _variable(lines)
    pattern = YARN_LINE if YARNRC.fullmatch(file) else TOKEN_LINE
    tokens = [found for line in lines if (found := pattern.fullmatch(line) or HOSTLESS.fullmatch(line))]
    if not tokens:
        return None
    groups = [found.groupdict() for found in tokens]
    publics = {_public(found.get("host"), pattern) for found in groups}
    public = publics.pop() if len(publics) == 1 else None
    others = [line for line in lines if not _harmless(line)]
    stays = "it writes other settings too" if len(others) > len(tokens) or len(publics) > 0 else ""
    if not stays and public is None:
        stays = (
            "which registry it is for is known only at run time" if groups[0].get("host") else "it names no registry"
        )
    if not stays and not (NPMRC.fullmatch(file) or YARNRC.fullmatch(file)):
        stays = f"it writes {file}, and who reads that is not followed"
    return Written(public, " ".join(found["value"] for found in groups), file, append, "", stays)


def _public(host: str | None, pattern: re.Pattern[str]) -> bool | None:
    if pattern is YARN_LINE:
        return True
    return is_public(host) if host else None


def _harmless(line: str) -> bool:
    """Whether a line beside the token says what holds without it: the default registry is the public one."""
    found = REGISTRY_LINE.fullmatch(line)
    return found is not None and is_public(found["value"]) is True


def _variable(lines: list[str]) -> Written | None:
    found = ENV_LINE.fullmatch(lines[0]) if lines else None
    if found is None:
        return None
    stays = "it sets other variables too" if len(lines) > 1 else ""
    return Written(True, found["value"], defines=found["name"], stays=stays)


def target_of(statement: ShellStatement) -> tuple[str, bool] | None:
    """The one file that is written, quotes off, and whether it is added to."""
    files = [(_unquoted(each.target), each.append) for each in statement.redirects if _is_file(each.target)]
    last = statement.commands[-1]
    if last.words and last.words[0].literal == "tee":
        flags = [word for word in last.words[1:] if (word.literal or "").startswith("-")]
        names = [bare(word) for word in last.words[1:] if word not in flags]
        files += [(name, any(flag.literal in ("-a", "--append") for flag in flags)) for name in names]
    return files[0] if len(files) == 1 else None


def _is_file(target: str) -> bool:
    return not re.fullmatch(r"&?\d|/dev/(?:null|stdout|stderr)", target)


def _unquoted(target: str) -> str:
    return target.replace('"', "").replace("'", "")


def content_of(statement: ShellStatement) -> str | None:
    """What the first command of a statement puts out, expansions as they are written; None where that is not known."""
    commands = statement.commands
    if not commands or len(commands) > 2 or not commands[0].words or "command_substitution" in statement.kinds:
        return None
    if len(commands) == 2 and (not commands[1].words or commands[1].words[0].literal != "tee"):
        return None
    program, words = commands[0].words[0].literal, commands[0].words[1:]
    if program == "echo":
        while words and re.fullmatch(r"-[neE]+", words[0].literal or ""):
            words = words[1:]
        return " ".join(bare(word) for word in words)
    if program == "printf" and words:
        return _formatted([bare(word) for word in words])
    plain = program == "tee" or (program == "cat" and all(word.literal == "-" for word in words))
    return statement.bodies[0] if plain and len(statement.bodies) == 1 else None


def _formatted(words: list[str]) -> str:
    """What `printf` makes of its words, as far as `%s` goes."""
    pieces = words[0].split("%s")
    arguments = [*words[1:], *("" for _ in pieces)]
    return pieces[0] + "".join(given + piece for given, piece in zip(arguments, pieces[1:], strict=False))
