"""Statements of a script that only look at a credential: who is logged in, is it set, how long is it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tp_fix.facts import printing
from tp_fix.facts.registry import is_public
from tp_fix.facts.runners import after, arguments_of, call_of
from tp_fix.facts.secrets import SECRET_NAME
from tp_fix.formats.argv import names
from tp_fix.formats.shell import Command
from tp_fix.formats.shell_statements import ShellStatement
from tp_fix.models.running.command import publish_of
from tp_fix.models.token.written import NAMED, SIMPLE

WHOAMI = {"npm": ("whoami",), "pnpm": ("whoami",), "yarn": ("npm", "whoami")}
TESTING = names("test [ [[")
SILENT = names("true false :")
COUNTING = names("wc md5sum sha1sum sha256sum shasum")
LOOKING = printing.PRINTERS | printing.CHANGING | TESTING | SILENT | COUNTING | names("cat exit")
"""Programs that change nothing, as long as what they put out goes into no file."""
GIVEN = "the publish is given it right there"
LOOPS = names("function_definition for_statement while_statement c_style_for_statement case_statement")
LOOPS |= names("process_substitution heredoc_redirect")
NOWHERE = re.compile(r"&?\d|/dev/(?:null|stdout|stderr)|\"?\$\{?GITHUB_STEP_SUMMARY\}?\"?")
NAMED_EXPRESSION = re.compile(rf"\$\{{\{{\s*(?:env|secrets)\.({SECRET_NAME})\s*\}}\}}")
OTHER_EXPRESSION = re.compile(rf"\$\{{\{{(?!\s*(?:env|secrets)\.{SECRET_NAME}\s*\}}\}})")


class Check(NamedTuple):
    """`stays` says why a statement that looks at a credential does more than that, as a phrase; '' when it does not."""

    whoami: bool
    stays: str = ""


def is_whoami(command: Command) -> bool:
    """Whether a command asks the public registry, or the default one, who is logged in."""
    call = call_of(command)
    arguments = arguments_of(call) if call is not None else None
    if call is None or arguments is None or call.program not in WHOAMI:
        return False
    if after(arguments, call.program, *WHOAMI[call.program]) is None:
        return False
    registry = arguments.last("registry")
    return registry is None or (isinstance(registry.value, str) and is_public(registry.value) is True)


def check_of(statement: ShellStatement, held: Callable[[str], bool]) -> Check | None:
    """What a statement is that names a credential, or asks for a login, and writes none; None for every other one.

    `held` says whether a variable, or a secret, of that name is a credential.
    """
    whoami = any(map(is_whoami, statement.commands))
    if not whoami and not any(held(name) for name in named_in(statement.text)):
        return None
    return Check(whoami, next(_more(statement, held, whoami), ""))


def named_in(text: str) -> list[str]:
    """The variables, and the secrets in expressions, that a text names."""
    return [match[1] for match in NAMED.finditer(text)] + [match[1] for match in NAMED_EXPRESSION.finditer(text)]


def _more(statement: ShellStatement, held: Callable[[str], bool], whoami: bool) -> Iterator[str]:
    """Why a statement does more than look."""
    publish = next((command for command in statement.commands if publish_of(command)), None)
    if publish is not None:
        guards = whoami or _tests(statement)
        yield "it decides whether the publish runs" if guards else GIVEN
    if statement.sets:
        yield "it gives a value to a variable"
    if statement.kinds & LOOPS or statement.follows == "&":
        yield "it is a loop, a function, or runs in the background"
    if any(not NOWHERE.fullmatch(each.target) for each in statement.redirects):
        yield "what it puts out goes into a file"
    if whoami and ("command_substitution" in statement.kinds or "pipeline" in statement.kinds):
        yield "what `whoami` says is used"
    for command in statement.commands:
        yield from _more_than_looking(command, held)
    if statement.kind in SIMPLE and not whoami and not all(map(held, named_in(statement.text))):
        yield "it speaks of other things too"


def _tests(statement: ShellStatement) -> bool:
    return any(command.words and command.words[0].literal in TESTING for command in statement.commands)


def _more_than_looking(command: Command, held: Callable[[str], bool]) -> Iterator[str]:
    if is_whoami(command):
        return
    program = command.words[0].literal if command.words else None
    if program not in LOOKING or not command.sure:
        yield f"`{program or 'a command that is known only at run time'}` may do more than look at it"
        return
    text = " ".join(word.text for word in command.words)
    if program == "exit" and not re.fullmatch(r"[1-9]\d*", " ".join(word.literal or "" for word in command.words[1:])):
        yield "it ends the script without a failure: it decides whether what follows runs"
    if program in TESTING and (OTHER_EXPRESSION.search(text) or not all(map(held, named_in(text)))):
        yield "it tests other things too"
    if program in TESTING and not named_in(text):
        yield "it tests other things too"
    if program == ":" and not all(map(held, named_in(text))):
        yield "it tests other things too"
