"""What a script puts into its log that is a credential: followed through variables, pipes, files and `set -x`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tp_fix.facts import printing
from tp_fix.facts.secrets import SECRET_NAME
from tp_fix.formats.shell import Command, Word
from tp_fix.formats.shell_flow import Assigned, Expansion, Flow, Flows, Inner, Piece, Stage, flows_of
from tp_fix.models.leak.removal import SUMMARY, program_of, why_not_removed
from tp_fix.models.npmrc import is_npmrc
from tp_fix.source import Span

Form = Literal["whole", "part", "length", "environment"]
"""What of a credential is shown: all of it, a part or an encoding of it, its length, or all variables with it."""

IDENTITY = "the OIDC identity token"
REQUEST_URL = "ACTIONS_ID_TOKEN_REQUEST_URL"
IDENTITY_NAMES = frozenset({"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "NPM_ID_TOKEN"})
SECRET_NAMED = re.compile(rf"\$\{{\{{\s*(secrets|env)\.({SECRET_NAME})\s*\}}\}}", re.IGNORECASE)
EVERY_SECRET = re.compile(r"\$\{\{\s*toJSON\(\s*secrets\s*\)\s*\}\}", re.IGNORECASE)
OPERATOR = re.compile(r"\$\{?(?P<count>#)?\w+(?P<operator>.*?)\}?", re.DOTALL)
NODE_PRINTS = re.compile(
    r"(?:console\.(?:log|info|warn|error|debug)|core\.(?:info|notice|warning|error|debug)|stdout\.write)"
    r"\((?P<around>[^()]*?)process\.env(?:\.|\[['\"])(?P<name>\w+)(?:['\"]\])?(?P<rest>[^)]*)"
)
NOT_STRICT = re.compile(r"set \+e|errexit")
"""The shell may go on after a command that fails."""
ROUNDS = 3
"""How often variables are followed into variables."""


class Shown(NamedTuple):
    """A credential, by the name that a person knows it by, in some form."""

    what: str
    form: Form


class Leak(NamedTuple):
    """A statement of a script that shows credentials. `traced`: because of the `set -x` that it is.

    `stays` says in a phrase why the statement cannot go by itself, '' when it can; `assumed` what is assumed then.
    """

    span: Span
    shown: tuple[Shown, ...]
    stays: str = ""
    assumed: str = ""
    traced: bool = False


@dataclass
class Secrets:
    """What a script can see: the credentials among its variables, `secret` for the names of secrets.

    `files` are those that a credential was written to so far, each with what it is called.
    """

    variables: frozenset[str]
    environment: tuple[str, ...]
    secret: re.Pattern[str]
    files: dict[str, str] = field(default_factory=dict)


def leaks_in(
    text: str,
    commands: tuple[Command, ...],
    secrets: Secrets,
    user_file: str,
    *,
    traced: bool = False,
    strict: bool = True,
) -> list[Leak]:
    """The leaks of a bash or sh script, in the order of the text; remembers in `secrets` which files it writes.

    `user_file` is where `npm config set` writes to, `traced` says that the shell is started with `-x`, `strict` that
    it is with `-e`.
    """
    script = flows_of(text)
    script = script if strict and not NOT_STRICT.search(text) else script._replace(lists=frozenset(script.statements))
    reader = _Reader(secrets, user_file)
    reader.learn(script.assigned, script.flows)
    found = []
    moved = ""
    for flow in script.flows:
        moved = _moved(flow) or moved
        shown = _distinct(reader.output(flow))
        if shown and moved.startswith(">("):
            found.append(Leak(flow.span, shown, "`exec` sends what it prints to another program as well"))
        elif shown and not moved:
            found.append(Leak(flow.span, shown, *why_not_removed(flow, script, text)))
        reader.note_files(flow)
    going = {leak.span for leak in found if not leak.stays}
    script = script._replace(traced=tuple(each for each in script.traced if not _within(each.span, going)))
    if traced and (shown := _uses(Span(0, len(text)), script, reader)):
        found.append(Leak(Span(0, 0), shown, "it is in `shell:`: take the x out by hand", traced=True))
    return _joined([*found, *_traced(text, commands, script, reader)])


def _moved(flow: Flow) -> str:
    """Where `exec > …` sends all output from then on; '' for everything else."""
    alone = [word.literal for word in flow.stages[0].words] == ["exec"]
    return flow.stages[0].target if alone and flow.stages[0].target not in printing.LOGS else ""


def _within(span: Span, others: Iterable[Span]) -> bool:
    return any(other.covers(span) for other in others)


def shown_by_javascript(code: str, secrets: Secrets) -> tuple[Shown, ...]:
    """What a script of actions/github-script shows."""
    return _distinct(_Reader(secrets, "").in_javascript(code))


def _joined(leaks: list[Leak]) -> list[Leak]:
    """One leak a statement, in the order of the text."""
    by_span: dict[Span, Leak] = {}
    for leak in sorted(leaks, key=lambda leak: leak.span):
        old = by_span.get(leak.span)
        by_span[leak.span] = leak if old is None else old._replace(shown=_distinct([*old.shown, *leak.shown]))
    return list(by_span.values())


def _distinct(shown: list[Shown]) -> tuple[Shown, ...]:
    return tuple(dict.fromkeys(shown))


class _Reader:
    """Follows credentials through one script."""

    def __init__(self, secrets: Secrets, user_file: str) -> None:
        self.secrets = secrets
        self.user_file = user_file
        self.variables: dict[str, tuple[Shown, ...]] = {name: (Shown(name, "whole"),) for name in secrets.variables}
        self.variables |= {name: (Shown(IDENTITY, "whole"),) for name in IDENTITY_NAMES}
        self.masked: set[str] = set()

    def learn(self, assigned: tuple[Assigned, ...], flows: tuple[Flow, ...]) -> None:
        """Which other variables hold what."""
        for _ in range(ROUNDS):
            for name, pieces in assigned:
                shown = [each for each in self.shown(pieces) if each.form != "environment"]
                if shown and name not in self.secrets.variables:
                    self.variables[name] = _distinct(shown)
        for flow in flows:
            for stage in flow.stages:
                if stage.words[1:] and "::add-mask::" in stage.words[1].text:
                    names = [piece.name for pieces in stage.pieces for piece in pieces if isinstance(piece, Expansion)]
                    self.masked |= {name for name in names if name not in self.secrets.variables}

    def shown(self, pieces: tuple[Piece, ...]) -> list[Shown]:
        found: list[Shown] = []
        for piece in pieces:
            if isinstance(piece, Inner):
                found += [each for flow in piece.flows for each in self.output(flow)]
            else:
                found += self.expanded(piece)
        return found

    def expanded(self, piece: Expansion) -> list[Shown]:
        if not piece.name:
            return self._expression(piece.text)
        if piece.name in self.masked:
            return []
        match = OPERATOR.fullmatch(piece.text)
        held = self.variables.get(piece.name, ())
        if match is None:
            return []
        form = _form(bool(match["count"]), match["operator"])
        if form == "whole":
            return list(held)
        return [Shown(each.what, form) for each in held if form and each.what != IDENTITY]

    def _expression(self, text: str) -> list[Shown]:
        if EVERY_SECRET.fullmatch(text):
            return [Shown("every secret", "whole")]
        match = SECRET_NAMED.fullmatch(text)
        if match and match[1].lower() == "secrets" and self.secrets.secret.search(match[2]):
            return [Shown(f"secrets.{match[2]}", "whole")]
        return list(self.variables.get(match[2], ())) if match and match[1].lower() == "env" else []

    def output(self, flow: Flow) -> list[Shown]:
        """What a pipeline shows where its output goes, which is the log unless a file takes it."""
        shown: list[Shown] = []
        for index, stage in enumerate(flow.stages):
            own = self._own(stage)
            shown = own if index == 0 else [*own, *_filtered(stage, shown)]
            if stage.target and stage.target not in printing.LOGS and not SUMMARY.fullmatch(stage.target):
                shown = []
        return shown

    def _own(self, stage: Stage) -> list[Shown]:
        if stage.group:
            return [each for flow in stage.group for each in self.output(flow)]
        program = program_of(stage)
        if program in printing.PRINTERS:
            return self._printed(stage)
        if program in printing.ENVIRONMENT:
            return self._environment(stage, program)
        if program == "node":
            return self._node(stage)
        if program == "curl":
            return self._requested(stage)
        if program in printing.SHOWERS and (files := self._files(stage)):
            return _filtered(stage, files)
        return _filtered(stage, self.shown(stage.given)) if stage.given else []

    def _printed(self, stage: Stage) -> list[Shown]:
        first = stage.words[1].text.lstrip("\"'") if stage.words[1:] else ""
        if first.startswith(printing.MASK) or first == "-v":
            return []
        return self.shown(tuple(piece for pieces in stage.pieces[1:] for piece in pieces))

    def _environment(self, stage: Stage, program: str) -> list[Shown]:
        words = [word.literal for word in stage.words[1:]]
        if program == "printenv" and words:
            return [each for word in words for each in self.variables.get(word or "", ())]
        alone = not words or (program != "env" and program != "set" and words in (["-p"], ["-x"], ["-px"]))
        return [Shown(name, "environment") for name in self.secrets.environment] if alone else []

    def _node(self, stage: Stage) -> list[Shown]:
        return self.in_javascript(" ".join(word.text for word in stage.words[1:]), printed=_is_print(stage))

    def in_javascript(self, code: str, *, printed: bool = False) -> list[Shown]:
        """What a text of JavaScript shows: `console.log(process.env.X)` and its like."""
        found: list[Shown] = []
        for match in NODE_PRINTS.finditer(f"console.log({code})" if printed else code):
            around, rest = match["around"].rstrip(), match["rest"].strip("'\" ")
            asks = re.search(r"!$|typeof$|Boolean$", around) or re.match(r"\?(?!\.)|[!=]==?|&&|\?\?=", rest)
            form: Form = "length" if "length" in rest else "part" if re.match(r"\??\.|\[", rest) else "whole"
            found += [Shown(each.what, form) for each in self.variables.get(match["name"], ()) if not asks]
        return found

    def _requested(self, stage: Stage) -> list[Shown]:
        """The identity token, where a request for one shows its answer."""
        names = {piece.name for pieces in stage.pieces for piece in pieces if isinstance(piece, Expansion)}
        kept = any(re.match(r"-[a-zA-Z]*[oO]|--output|--remote-name", word.text) for word in stage.words[1:])
        return [Shown(IDENTITY, "whole")] if REQUEST_URL in names and not kept else []

    def _files(self, stage: Stage) -> list[Shown]:
        named = (self.secrets.files.get(_path(word.text)) for word in stage.words[1:])
        return [Shown(what, "whole") for what in named if what]

    def note_files(self, flow: Flow) -> None:
        """Remember the files of the .npmrc family that a credential is written to."""
        last = flow.stages[-1]
        targets = [last.target, *(word.text for word in last.words[1:] if program_of(last) == "tee")]
        shown = self.output(flow._replace(stages=(*flow.stages[:-1], last._replace(target=""))))
        for target in map(_path, filter(None, targets)):
            if shown and (is_npmrc(target) or "userconfig" in target.lower()):
                self.secrets.files[target] = shown[0].what
        words = [word.text.strip("\"'") for word in last.words]
        if words[:1] and words[0] in ("npm", "pnpm") and "set" in words[1:3] and "_auth" in " ".join(words):
            for each in self.shown(tuple(piece for pieces in last.pieces for piece in pieces))[:1]:
                self.secrets.files[self.user_file] = each.what


def _form(count: bool, operator: str) -> Form | None:
    """What an expansion shows; None when it shows nothing of the value."""
    if count:
        return "length"
    if operator.startswith((":+", "+", "//?/", "//[")):
        return None
    return "whole" if not operator or re.match(r":?[-=?](?!\d+$)", operator) else "part"


def _filtered(stage: Stage, shown: list[Shown]) -> list[Shown]:
    """What of it comes out of a filter; nothing where a program that is no filter takes it."""
    return [left for each in shown if (left := _through(stage, each)) is not None]


def _through(stage: Stage, shown: Shown) -> Shown | None:
    program = program_of(stage)
    words = [word.text for word in stage.words[1:]]
    if program in printing.PASSING:
        return shown
    if program in printing.SEARCHING:
        if printing.SILENT & set(words) or any(re.fullmatch(r"-[a-zA-Z]*[qclv][a-zA-Z]*", word) for word in words):
            return None
        if shown.form == "environment":
            sought = [word.strip("\"'^$=.*").lower() for word in words if not word.startswith("-")]
            return shown if any(word and word in shown.what.lower() for word in sought) else None
        return shown
    if shown.form == "environment":
        return None
    if shown.what == IDENTITY:
        decoded = any(re.match(r"-[dD]|--decode|-r$", word) for word in words) and program != "jq"
        if program in printing.REVERSIBLE and not decoded:
            return Shown(IDENTITY, "part")
        return shown if program == "jq" and not re.search(r"@base64d|split|length", " ".join(words)) else None
    if program == "wc":
        return Shown(shown.what, "length")
    return Shown(shown.what, "part") if program in printing.CHANGING and shown.form != "length" else None


def _is_print(stage: Stage) -> bool:
    return any(word.literal in ("-p", "--print", "-pe") for word in stage.words[1:])


def _path(word: str) -> str:
    """A file as one writes it, its spellings made one."""
    path = re.sub(r"\$\{(\w+)\}", r"$\1", word.strip("\"'"))
    path = re.sub(r"^(?:\$HOME|~)/", "~/", path)
    return re.sub(r"^(?:\$GITHUB_WORKSPACE/|\$\{\{\s*github\.workspace\s*\}\}/|\./)+", "", path)


def _traced(text: str, commands: tuple[Command, ...], script: Flows, reader: _Reader) -> Iterator[Leak]:
    """The commands that turn on a trace in which credentials are shown."""
    toggles = [(command, state) for command in commands if (state := _trace(command.words)) is not None]
    for at, (command, state) in enumerate(toggles):
        end = next((other.span.start for other, on in toggles[at + 1 :] if not on), len(text))
        shown = _uses(Span(command.span.end, end), script, reader)
        if state and shown:
            flow = next((flow for flow in script.flows if flow.span == command.span), None)
            alone = flow is not None and [word.text for word in command.words] in (
                ["set", "-x"],
                ["set", "-o", "xtrace"],
            )
            stays, _ = why_not_removed(flow, script, text) if flow else ("it is part of a larger command", "")
            why = stays if alone or stays else "it sets more than the trace: take the x out by hand"
            yield Leak(command.span, shown, why, traced=True)


def _uses(span: Span, script: Flows, reader: _Reader) -> tuple[Shown, ...]:
    """The credentials that a trace would show of the commands in a stretch of a script."""
    uses = [each for each in script.traced if span.start <= each.span.start < span.end]
    return _distinct([found for each in uses for found in reader.expanded(each) if found.form != "length"])


def _trace(words: tuple[Word, ...]) -> bool | None:
    """Whether a command turns the trace on or off; None for every other command."""
    spelled = [word.literal or "" for word in words]
    if spelled[:1] != ["set"]:
        return None
    for before, word in zip(["", *spelled[1:]], spelled[1:], strict=False):
        if word == "--":
            return None
        if re.fullmatch(r"[-+][a-zA-Z]*x[a-zA-Z]*", word):
            return word[0] == "-"
        if word == "xtrace" and re.fullmatch(r"[-+][a-zA-Z]*o", before):
            return before[0] == "-"
    return None
