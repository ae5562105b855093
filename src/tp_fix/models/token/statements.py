"""The statements of a step's script that have to do with npm credentials: those that write, check or take one back."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.facts.runners import call_of
from tp_fix.facts.secrets import SECRET_NAME
from tp_fix.formats.shell_statements import ShellStatement, statements
from tp_fix.models.npmrc import is_npmrc
from tp_fix.models.running.cut import UNPARSED
from tp_fix.models.running.place import join, placed
from tp_fix.models.running.script import script_of_step
from tp_fix.models.token.checks import NAMED_EXPRESSION, check_of, named_in
from tp_fix.models.token.credentials import NAME, NPM_SECRET, SECRET, WRITTEN, is_credential, kind_of, visible_at
from tp_fix.models.token.written import SIMPLE, Written, bare, deleted_by, written_by
from tp_fix.models.workflow import Step
from tp_fix.source import Span

Role = Literal["writer", "remover", "check", "foreign"]
"""A remover takes back what a writer wrote. What is foreign writes the credential of another registry, and stays."""
WORTH_READING = re.compile(r"auth|token|npmrc|whoami|npm-cli|secrets\s*[.\[]|npm_", re.IGNORECASE)
ENV = re.compile(r"\$\{\{\s*env\.(\w+)\s*\}\}")
ONE_NAME = re.compile(rf"(?:\$\{{?\w+\}}?|\$\{{\{{\s*(?:secrets|env)\.{SECRET_NAME}\s*\}}\}})")
SETTING = re.compile(r"(?://([\w.-]+)[^\s=]*:)?(?:_auth(?:Token)?\b|npmAuthToken)")
"""In a statement: an npm setting for a credential, with its host where it has one."""
IN_CLEAR = "it stands here in clear, see `literal-token`: revoke it first"
AT_RUN_TIME = "where it comes from is known only at run time"
LOGINS = frozenset({"npm-cli-login", "npm-cli-adduser"})
LONGEST = 60


class Statement(NamedTuple):
    """One statement of a step's script.

    `names` are the variables, `secrets` those that it names itself. `defines` is the variable that it gives the
    following steps, `target` the file that it writes and `folder` where it runs (None: not known); `truncates` says
    that what was in that file goes. `stays` is the phrase that says why it cannot be taken out, '' when it can.
    """

    step: Step
    span: Span
    role: Role
    names: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    defines: str = ""
    target: str = ""
    truncates: bool = False
    folder: str | None = ""
    whoami: bool = False
    stays: str = ""

    @property
    def text(self) -> str:
        """The statement on one line, shortened, for a person."""
        line = " ".join((self.step.run or "")[slice(*self.span)].split())
        return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def statements_of(step: Step) -> tuple[Statement, ...]:
    """Those of a step that have to do with a credential of npm's public registry, and foreign writers, in order."""
    text = step.run
    if text is None or not WORTH_READING.search(text):
        return ()
    script = script_of_step(step)
    found = statements(text) if not script.unread else None
    if found is None:
        return _unread(step, text, script.unread or UNPARSED)
    own = [each for one in found for each in _statement(one, step)]
    return tuple(_with_place(each, step) for each in own)


def _unread(step: Step, text: str, reason: str) -> tuple[Statement, ...]:
    """A script that nobody can cut, as one statement."""
    if not any(match[1] is None or is_public(match[1]) is True for match in WRITTEN.finditer(text)):
        return ()
    names = frozenset(match for match in named_in(text) if _held(match, step))
    stays = reason if reason == UNPARSED else f"its script is not read: {reason}"
    return (Statement(step, Span(0, len(text)), "writer", names, stays=stays),)


def _held(name: str, step: Step) -> bool:
    """Whether a variable or a secret of that name is a credential for npm."""
    variable = visible_at(step).get(name)
    if variable is not None:
        return is_credential(variable) and kind_of(variable) != "github"
    return NAME.fullmatch(name) is not None or NPM_SECRET.search(name) is not None


def _statement(one: ShellStatement, step: Step) -> Iterator[Statement]:
    if deleted_by(one) or _trapped(one) or _removes(one):
        yield Statement(step, one.span, "remover", target=_removes(one))
        return
    written = written_by(one)
    if written is not None and written.defines and not _defines_credential(written, step):
        written = None
    if written is not None and written.value:
        yield _writer(one, written, step)
    elif written is None and (stays := _moves(one) or _buried(one)):
        names, secrets = _named(one.text, step)
        yield Statement(step, one.span, "writer", names, secrets, stays=stays)
    elif written is None and (check := check_of(one, lambda name: _held(name, step))) is not None:
        names, secrets = _named(one.text, step)
        yield Statement(step, one.span, "check", names, secrets, whoami=check.whoami, stays=check.stays)


def _named(text: str, step: Step) -> tuple[frozenset[str], frozenset[str]]:
    secrets = frozenset(match[1] for match in SECRET.finditer(text))
    names = {name for name in named_in(text) if _held(name, step)} - secrets
    return frozenset(names | {match[1] for match in ENV.finditer(text)}), secrets


def _writer(one: ShellStatement, written: Written, step: Step) -> Statement:
    names = frozenset(named_in(NAMED_EXPRESSION.sub("", written.value)))
    names |= {match[1] for match in ENV.finditer(written.value)}
    secrets = frozenset(match[1] for match in SECRET.finditer(written.value))
    role: Role = "foreign" if written.public is False else "writer"
    stays = written.stays or _source(written.value)
    truncates = bool(written.target) and not written.append
    return Statement(step, one.span, role, names, secrets, written.defines, written.target, truncates, stays=stays)


def _source(value: str) -> str:
    """Why it is not known whose credential is written."""
    if ONE_NAME.fullmatch(value.strip("\"'")):
        return ""
    if "$" not in value:
        return IN_CLEAR
    return AT_RUN_TIME


def _defines_credential(written: Written, step: Step) -> bool:
    value = written.value.strip("\"'")
    return bool(written.value) and (_held(written.defines, step) or any(_held(name, step) for name in named_in(value)))


def _trapped(one: ShellStatement) -> bool:
    """`trap '…' EXIT` whose commands only take a credential back."""
    if one.kind != "command" or len(one.commands) != 1 or len(one.commands[0].words) < 3:
        return False
    trap, inner, *_ = one.commands[0].words
    found = statements(inner.literal or bare(inner)) if trap.literal == "trap" else None
    return bool(found) and all(_takes_back(each) for each in found or ())


def _takes_back(one: ShellStatement) -> bool:
    """A remover, also as `… || true`."""
    if one.kind == "list" and one.text.endswith("|| true"):
        inner = statements(one.text.removesuffix("|| true").strip())
        return bool(inner) and all(map(_takes_back, inner or ()))
    return deleted_by(one) or bool(_removes(one))


def _removes(one: ShellStatement) -> str:
    """The one file of npm's configuration that a statement only removes; '' for none."""
    if one.kind not in SIMPLE or len(one.commands) != 1:
        return ""
    words = one.commands[0].words
    files = [bare(word) for word in words[1:] if not word.text.startswith("-")]
    alone = words[0].literal == "rm" and len(files) == 1 and posixpath.basename(files[0]) == ".npmrc"
    return files[0] if alone and not one.redirects else ""


def _moves(one: ShellStatement) -> str:
    """Why a statement puts a configuration in place that nobody follows, as a phrase; '' when it does not."""
    words = one.commands[0].words if len(one.commands) == 1 else ()
    call = call_of(one.commands[0]) if len(one.commands) == 1 else None
    if call is not None and call.program in LOGINS:
        return "it logs in by name and password"
    if words and words[0].literal in ("mv", "cp", "envsubst", "install") and is_npmrc(bare(words[-1])):
        return "it puts a whole configuration in place"
    return ""


def _buried(one: ShellStatement) -> str:
    """Why a statement that names an npm setting for a credential does more than to write one; '' for a foreign one."""
    hosts = [match[1] for match in SETTING.finditer(one.text)]
    mine = any(host is None or is_public(host) is not False for host in hosts)
    return "it does more than write a token" if mine else ""


def _with_place(found: Statement, step: Step) -> Statement:
    """The statement with the folder that it runs in."""
    commands = placed(script_of_step(step).commands, step.directory)
    return found._replace(folder=next((place for one, place in commands if found.span.covers(one.span)), None))


def path_of(found: Statement) -> str | None:
    """The file of the repository that a statement writes; None where it lies elsewhere, or nobody knows."""
    return join(found.folder, found.target) if found.target and "$" not in found.target else None


def without(text: str, going: Collection[Statement]) -> str:
    """A script's text with blanks in the place of statements: every other character keeps its offset."""
    for each in going:
        start, end = each.span
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def without_tokens(step: Step, text: str, *, removers: bool) -> str:
    """A script, or its start, without what puts a token, and nothing else, into npm's configuration.

    With `removers` also without what takes it out again.
    """
    roles = ("writer", "foreign", "remover") if removers else ("writer", "foreign")
    found = [each for each in statements_of(step) if each.role in roles and not each.stays]
    return without(text, [each for each in found if each.span.end <= len(text)])
