"""Which npm credentials reach a publication, where each enters, and which secrets stand behind it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.facts.secrets import SECRET_NAME
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import InnerStep, steps_before
from tp_fix.models.token.credentials import (
    GITHUB_TOKEN,
    NPM_SECRET,
    SECRET,
    is_credential,
    kind_of,
    tokens_at,
    visible_at,
)
from tp_fix.models.token.handed_secrets import secrets_behind
from tp_fix.models.workflow import Step, Variable, text_of

ANY_SECRET = re.compile(rf"\bsecrets\.({SECRET_NAME})")
GIVEN = re.compile(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}")
INPUT = re.compile(r"(?:.*[-_])?(?:auth[-_]?)?token|npm[-_]?auth", re.IGNORECASE)
"""A name of `with:` for a credential."""
OTHERS = re.compile(r"git|\bgh[-_]|repo", re.IGNORECASE)
"""In such a name: it is for GitHub, or for somebody else."""
LINE = re.compile(r"(?://([\w.-]+)[^\s=]*:)?_auth(?:Token)?\b|npmAuthToken", re.IGNORECASE)
SHELL = re.compile(r"\$\{?(\w+)")
KEYS = ("_authToken", "_auth", "_password")

Source = Literal["secret", "github", "clear", "other"]


class Credential(NamedTuple):
    """A credential. `name` is that of the variable or input that carries it, '' where none does.

    `secrets` are those of the repository that it may come from; `source` is "clear" when its value stands in the
    repository, and "other" when it is made up at run time. `where` says where it enters, as a phrase.
    """

    name: str
    source: Source
    secrets: tuple[str, ...]
    where: str


def credentials_of(publication: Publication, repository: Repository) -> tuple[Credential, ...]:
    """What reaches a publication in its environment, as an input, or written into a configuration before it."""
    step = publication.within
    public = publication.registry.public is not False
    found = [
        *(_of_variable(variable, step, repository) for variable in _variables(step)),
        *_inputs(step, publication.publisher.tokens.inputs, repository),
        *_written(publication, repository, public=public),
        *_committed(publication, repository, public=public),
    ]
    return tuple(dict.fromkeys(found))


def _variables(step: Step) -> Iterator[Variable]:
    yield from tokens_at(step)
    for variable in visible_at(step).values():
        if kind_of(variable) == "github" and is_credential(variable):
            yield variable


def _of_variable(variable: Variable, step: Step, repository: Repository) -> Credential:
    source, secrets = _source(variable.value, step, repository)
    return Credential(variable.name, source, secrets, _holder(variable, step))


def _holder(variable: Variable, step: Step) -> str:
    if not variable.holder:
        return "env of the workflow"
    if len(variable.holder) < 3:
        return "env of the job"
    if isinstance(step, InnerStep):
        inside = variable in step.env
        return (
            f"env of a step of {step.job.workflow.path}" if inside else f"env of the step that uses `{step.outer.uses}`"
        )
    return "env of the step"


def _source(value: str, step: Step, repository: Repository) -> tuple[Source, tuple[str, ...]]:
    """What a value comes from; an input of a composite action stands for what it is given."""
    value = value.strip()
    while isinstance(step, InnerStep) and (given := GIVEN.fullmatch(value)):
        value, step = (step.given(given[1]) or "").strip(), step.outer
    if GITHUB_TOKEN.fullmatch(value):
        return "github", ()
    names = [name for name in ANY_SECRET.findall(value) if name != "GITHUB_TOKEN"]
    if names:
        behind = [sorted(secrets_behind(name, step.job.workflow, repository) or {name}) for name in names]
        return "secret", tuple(dict.fromkeys(name for each in behind for name in each))
    return ("other" if "${{" in value or "$" in value else "clear"), ()


def _inputs(step: Step, known: tuple[str, ...], repository: Repository) -> Iterator[Credential]:
    """Inputs of the action that publishes: those that are `known` to take an npm token, else what is called so."""
    inputs = step.node.get("with") if step.uses is not None else None
    for key, value in (inputs.pairs or []) if inputs is not None else []:
        name, text = str(key.value), text_of(value)
        called = name.lower() in known if known else INPUT.fullmatch(name) and not OTHERS.search(name)
        if text and called:
            source, secrets = _source(text, step, repository)
            yield Credential(name, source, secrets, "input of the action")


def _written(publication: Publication, repository: Repository, *, public: bool) -> Iterator[Credential]:
    """What scripts and actions before it have put into a configuration."""
    step = publication.within
    for earlier in steps_before(step, repository):
        yield from _by_script(earlier, earlier.run or "", step, repository, public=public)
        if _action(earlier) != _action(step):  # which has it for its own publication
            yield from _by_action(earlier, repository)
    yield from _by_script(step, (step.run or "")[: publication.offset], step, repository, public=public)


def _action(step: Step) -> str:
    return (step.uses or "").partition("@")[0].strip().lower() or f"step {step.index}"


def _by_script(step: Step, script: str, reader: Step, repository: Repository, *, public: bool) -> Iterator[Credential]:
    """What a script writes for the step that publishes, which fills in what is written as the name of a variable."""
    for line in script.split("\n"):
        match = LINE.search(line)
        if match is None or line.lstrip().startswith("#") or is_public(match[1] or "$") is (not public):
            continue
        where = f"written by step {step.label if step.label.startswith('#') else f'`{step.label}`'}"
        source, secrets = _source(line, step, repository)
        named = SHELL.search(line, match.end())
        holder = step if named is None or named[1] in visible_at(step) else reader
        variable = visible_at(holder).get(named[1]) if named is not None else None
        if variable is not None and source != "secret":
            yield _of_variable(variable, holder, repository)._replace(where=where)
        else:
            yield Credential("", source if source == "secret" else "other", secrets, where)


def _by_action(step: Step, repository: Repository) -> Iterator[Credential]:
    """An action that is handed a secret named after npm, and may write it down."""
    inputs = step.node.get("with") if step.uses is not None else None
    for key, value in (inputs.pairs or []) if inputs is not None else []:
        secret = SECRET.fullmatch(text_of(value).strip())
        if secret is not None and NPM_SECRET.search(secret[1]):
            source, secrets = _source(text_of(value), step, repository)
            yield Credential(str(key.value), source, secrets, f"input of `{step.uses}`, before it")


def _committed(publication: Publication, repository: Repository, *, public: bool) -> Iterator[Credential]:
    """What the .npmrc of the repository, or of a package, has or names."""
    folders = {"", *(package.folder for package in publication.target.packages or ())}
    visible = visible_at(publication.within)
    for path in sorted({posixpath.join(folder, ".npmrc") for folder in folders} & repository.npmrcs.keys()):
        for setting in repository.npmrcs[path]:
            if setting.key not in KEYS or is_public(setting.host.partition("/")[0] or "$") is (not public):
                continue
            if not setting.variables and setting.value:
                yield Credential("", "clear", (), path)
            for name in setting.variables:
                if name in visible and visible[name].value and not is_credential(visible[name]):
                    yield _of_variable(visible[name], publication.within, repository)
