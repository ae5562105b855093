"""Steps and jobs that may publish to npm in a way that is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.publishers import BY_ACTION, rows_of
from tp_fix.facts.runners import bin_call, call_of
from tp_fix.models.grants import grant_of
from tp_fix.models.model import Model
from tp_fix.models.publishing.found import unread_publish
from tp_fix.models.running.calls import calls_of
from tp_fix.models.running.command import INSTALL_SCRIPTS, added_by, script_of
from tp_fix.models.running.composite import flattened, outermost, steps_before
from tp_fix.models.running.walk import Call
from tp_fix.models.token.credentials import NPM_SECRET, SECRET, is_credential, kind_of, tokens_at, writes_token
from tp_fix.models.workflow import Job, Step, text_of, texts_in
from tp_fix.node import Route

NAMED = re.compile(r"publish|release", re.IGNORECASE)
ACTION = re.compile(
    r"(?:publish\w*|release)[-_](?:\w+[-_])*npm|npm[-_](?:\w+[-_])*(?:publish|release)|with[-_]npm", re.IGNORECASE
)
"""What an action is called that publishes to npm."""
COMMAND = re.compile(r"\b(?:npm|pnpm|yarn)\b[^\n;&|]*(?<![\w-])publish(?![\w-])")
"""In an input of an action, or behind a program that runs others."""
FORK = re.compile(r"/changesets?[-_]action$", re.IGNORECASE)
"""Somebody's own edition of changesets' action, which publishes where its input `publish` says how."""
TASK = re.compile(
    r"\b(?:lerna\s+run|turbo(?:\s+run)?|nx\s+(?:run-many|affected|run)|rush|lage)\s"
    r"(?:[^\n;&|]*[\s:,=])?publish(?![\w-])"
)
"""A task called publish, whatever that does."""
CLIENT = re.compile(r"(?<![\w-])(?:npm|pnpm|yarn|libnpmpublish)(?![\w-])")
PUBLISH = re.compile(r"(?<![\w-])publish(?![\w-])")
ELSEWHERE = re.compile(r"\b(?:pkg-pr-new|vsce|ovsx|jsr)[\"']?,?\s+[\"']?publish\b")
SHEBANG = re.compile(r"#!.*\b(?:ba|da|z)?sh\b")
IMPORTS = re.compile(r"require\(['\"][.#]|from ['\"][.#]|import ['\"][.#]|import\(")
STARTS = re.compile(
    r"\b(?:child_process|execa|exec(?:Sync|File|FileSync)?|cross-spawn|libnpmpublish|nano-spawn|shelljs|spawn(?:Sync)?"
    r"|subprocess|tinyexec|zx|os\.system|Bun\.\$)\b|Bun\.\$"
)
"""In a program of the repository: it starts others."""
COMMENTS = re.compile(r"(?m)^\s*(?://|\*|/\*|#).*")
LONGEST = 200_000
"""Characters of a program that are looked through."""
SHELLS = frozenset({"bash", "sh"})
RUNNERS = frozenset(["node", "tsx", "ts-node", "npx", "npm", "pnpm", "yarn", "bun", "bunx", "make", "bash", "sh"])
"""Programs that may run a release which is written in a file."""
APART = re.compile(r"pre-?(?:publish|release)|\bcheck|verif|dry.?run|changelog|download|slack|notif", re.IGNORECASE)
"""What a step is called that is about a release, and does none."""
NOT_NPM = re.compile(r"\b(?:pkg-pr-new|vsce|ovsx|jsr)\b")
"""Programs that publish to a place of their own."""
SCRIPTED = "actions/github-script"
"""It runs what it is given, in JavaScript."""
UNREAD = ", which is not read: "
SILENT = ("install", "hooks", "registry")
"""Kinds of calls that have a token for something else."""
INSTALLING = re.compile(rf" in script `(?:{'|'.join(INSTALL_SCRIPTS)})` of ")


class MayPublish(NamedTuple):
    """What may publish: a step of a job, or a job that calls a workflow of another repository; `why` is a sentence."""

    job: Job
    step: Step | None
    route: Route
    why: str


def may_publish(model: Model, known: frozenset[tuple[str, Route]]) -> list[MayPublish]:
    """Whatever names a publish that is not read, or is handed an npm credential; `known` are steps that publish.

    In a job where no step is known to publish, what has a credential around it and speaks of a release counts too.
    """
    found = []
    for workflow in model.repository.workflows.values():
        for job in workflow.jobs:
            if why := _called(job):
                found.append(MayPublish(job, None, job.route, why))
            published = any((workflow.path, step.route) in known for step in job.steps)
            for step in job.steps:
                why = "" if (workflow.path, step.route) in known else _why(step, model, alone=not published)
                if why:
                    found.append(MayPublish(job, step, step.route, why))
    return found


def _called(job: Job) -> str:
    """Why a workflow of another repository may publish for a job."""
    uses = job.uses
    if uses is None or uses.startswith("./"):
        return ""
    given = job.node.get("secrets")
    inherits = given is not None and text_of(given) == "inherit"
    if inherits and re.search("publish", f"{uses} {job.id}", re.IGNORECASE):
        return f"it calls `{uses}`, which has all secrets"
    names = [name for _, value in (given.pairs or [] if given is not None else []) if (name := _npm(text_of(value)))]
    return f"it calls `{uses}`, which is handed the secret {names[0]}" if names else ""


def _npm(value: str) -> str:
    """The secret named after npm that a value is, '' for everything else."""
    secret = SECRET.fullmatch(value.strip())
    return secret[1] if secret is not None and NPM_SECRET.search(secret[1]) else ""


def _why(step: Step, model: Model, *, alone: bool) -> str:
    for inner in flattened(step, model.repository):
        if unread_publish(inner, model.repository):
            return "its script names a publish in a way that is not read"
        if _publishing_action(inner):
            return f"what `{(inner.uses or '').strip()}` does is not read"
        for unread in _unread(inner, model):
            around = alone and unread.runs and (unread.speaks or _speaks_of_a_release(step, inner))
            if unread.says or (alone and unread.named):
                return _not_read(unread.what)
            if why := _armed(inner, model, alone=alone, around=around):
                return f"{why}, and {_not_read(unread.what)}"
    return ""


def _not_read(what: str) -> str:
    """That something is not read; a whole script says why by itself."""
    return what.replace(UNREAD, " is not read: ") if UNREAD in what else f"what {what} does is not read"


def _speaks_of_a_release(step: Step, inner: Step) -> bool:
    return APART.search(step.label) is None and NAMED.search(f"{step.label}\n{inner.run or ''}") is not None


def _publishing_action(step: Step) -> bool:
    """Whether an action that nobody knows is called after npm and publishing, or is given a command that publishes."""
    uses = (step.uses or "").partition("@")[0].strip()
    if not uses or uses.startswith("./") or uses.lower() in BY_ACTION or "setup" in uses:
        return False
    if FORK.search(uses) is not None and step.input("publish"):
        return True
    return ACTION.search(uses) is not None or COMMAND.search(texts_in(step.node.get("with"))) is not None


class _Unread(NamedTuple):
    """`runs` says that it may be a release which is written in a file, `named` that it is a script called publish.

    `says` is for what names a client's publish, `speaks` for a program whose text has the word.
    """

    what: str
    runs: bool
    named: bool = False
    says: bool = False
    speaks: bool = False


def _unread(step: Step, model: Model) -> Iterator[_Unread]:
    """What a step runs that is not read and may publish."""
    if (step.uses or "").partition("@")[0].strip() == SCRIPTED:
        if re.search(r"\bexec\b", step.input("script") or ""):
            yield _Unread("its script", runs=True)
        return
    for call in calls_of(step, model):
        if (program := _program(call)) is not None:
            starts, publish = STARTS.search(program) is not None, PUBLISH.search(program) is not None
            says = starts and publish and CLIENT.search(program) is not None
            speaks = publish and (starts or IMPORTS.search(program) is not None)
            if says or speaks or call.reader is None:
                yield _Unread(call.what, runs=True, says=says, speaks=speaks)
        elif call.reader is None and call.kind not in SILENT and not _known(call):
            first = call.command.words[0].literal if call.command is not None and call.command.words else None
            named = call.command is not None and "publish" in script_of(call.command)
            named = named or TASK.search(call.text) is not None
            says = call.command is not None and call.command.sure and COMMAND.search(call.text) is not None
            yield _Unread(call.what, first in RUNNERS or (first or "").startswith("./"), named, says)


def _program(call: Call) -> str | None:
    """The text of a file of the repository that a call runs, unless its commands count for themselves."""
    first = call.command.words[0].literal if call.command is not None and call.command.words else None
    if call.kind != "file" or first in SHELLS or call.what.endswith(".sh`"):
        return None
    text = call.text.partition("\n")[2][:LONGEST]
    return None if SHEBANG.match(text) else COMMENTS.sub("", ELSEWHERE.sub("", text))


def _known(call: Call) -> bool:
    """Whether a call publishes nothing: it runs a release tool in another way, or installs, or belongs to that."""
    if (COMMAND.search(call.text) or TASK.search(call.text)) and not NOT_NPM.search(call.text):
        return False  # `lerna exec -- npm publish`
    ran = call_of(call.command) if call.command is not None else None
    program = (bin_call(ran) or ran).program if ran is not None else ""
    if rows_of(program) or NOT_NPM.search(call.text) or (call.command is not None and added_by(call.command)):
        return True
    return INSTALLING.search(call.origin) is not None


def _armed(step: Step, model: Model, *, alone: bool, around: bool) -> str:
    """Why a step can publish: it is handed an npm credential, or has one around it, be it an identity.

    An action beside a step that publishes is taken for one that sets up.
    """
    if writes_token(step.run or "") or (step.uses is not None and not alone):
        return ""
    handed = next((each.name for each in step.env if is_credential(each) and kind_of(each) != "github"), "")
    if handed := handed or _input(step):
        return f"it is handed {handed}"
    if not around:
        return ""
    if seen := tokens_at(step):
        return f"it sees {seen[0].name}"
    if any(writes_token(earlier.run or "") for earlier in steps_before(step, model.repository)):
        return "a step before it writes an npm token down"
    return "its job has an identity" if grant_of(outermost(step).job, model.repository).granted else ""


def _input(step: Step) -> str:
    """The secret named after npm that an action is handed."""
    inputs = step.node.get("with") if step.uses is not None else None
    return next((name for leaf in inputs.leaves() if (name := _npm(text_of(leaf)))), "") if inputs is not None else ""
