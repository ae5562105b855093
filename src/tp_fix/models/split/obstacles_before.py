"""What keeps a publish from moving because of what runs before it: hooks, Node, npm's settings, the environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tp_fix.facts.npmrc import INSTALL_ONLY
from tp_fix.facts.registry import is_public
from tp_fix.models.client.client import brought_by, client_of
from tp_fix.models.client.scripted import SWITCHERS, without_upgrades
from tp_fix.models.hosting import hosted
from tp_fix.models.model import Model
from tp_fix.models.npmrc import Setting
from tp_fix.models.publishing.found import commands_that_publish
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.unseen import NODE
from tp_fix.models.running.calls import calls_of
from tp_fix.models.running.command import needs_credential
from tp_fix.models.running.script import script_of_step
from tp_fix.models.split.exposure import hooks_of
from tp_fix.models.split.parting import found_of, setups_of, upgrades_of, use_of
from tp_fix.models.token.credentials import is_credential, writes_token
from tp_fix.models.when.contexts import EVERYWHERE, foreign_contexts, shell_variables
from tp_fix.models.workflow import Job, Step, texts_in

NO_PLACEHOLDER = 7
"""The major of setup-node from which on no placeholder stands for a token that is not given."""
SETUP_KEYS = frozenset({"name", "id", "uses", "with"})
PUBLISHING = frozenset({"publish", "postpublish"})
LIFECYCLE = re.compile(r"npm_|publish")
"""In a publish hook: signs that it asks what npm is doing, or publishes by itself."""
SETS = re.compile(
    r"\bnpm\s+(?:config\s+|c\s+)?set\b|npm_config_\w+=.*GITHUB_ENV|GITHUB_ENV[^$]*npm_config_", re.I | re.S
)
"""In a script: npm is set up for what comes behind it."""
ARCHIVE = re.compile(r"(?:RUNNER_TEMP|runner\.temp)\S*\.tgz")
SECRET = re.compile(r"\b(?:secrets\s*[.\[]\s*(?!GITHUB_TOKEN\b)|vars\s*[.\[])", re.IGNORECASE)


def before_it(publication: Publication, model: Model) -> list[str]:
    """The obstacles, each a phrase for a person."""
    return [*_hooks(publication, model), *_setup(publication, model), *_surroundings(publication, model)]


def elsewhere(what: str, contexts: tuple[str, ...]) -> Iterator[str]:
    """The obstacle that something takes values from where the new job has none."""
    if contexts:
        yield f"{what} takes a value from `{contexts[0]}`"


def _hooks(publication: Publication, model: Model) -> Iterator[str]:
    """Packing runs prepack, prepare and postpack; publishing an archive runs nothing."""
    tokens = {variable.name for variable in publication.step.env if is_credential(variable)}
    hooks = dict(hooks_of(publication))
    for name, text in hooks.items():
        if name in PUBLISHING:
            yield f"the script `{name}` would not run any more"
        elif LIFECYCLE.search(text) or any(token in text for token in tokens):
            yield f"the script `{name}` publishes by itself, or asks what npm is doing"
        elif tokens and re.search(r"\byarn\b", text) and _names_token(publication):
            yield f"the script `{name}` runs Yarn, which stops without a token that setup-node's .npmrc names"
    if hooks and any(setting.key == "ignore-scripts" for setting in _npmrc(publication, model)):
        yield "an .npmrc has `ignore-scripts`"


def _names_token(publication: Publication) -> bool:
    """Whether setup-node writes an .npmrc that names a token, and no placeholder for it (facts/actions.md)."""
    setups = [step for step in setups_of(publication) if step.input("registry-url")]
    return any((use_of(step).major or NO_PLACEHOLDER) >= NO_PLACEHOLDER for step in setups)


def _setup(publication: Publication, model: Model) -> Iterator[str]:
    """Node and npm have to be the same in the new job."""
    setups = setups_of(publication)
    if len(setups) != 1:
        yield "no step sets Node up" if not setups else "several steps set Node up"
        return
    setup = setups[0]
    if odd := [key for key in setup.node.keys if key not in SETUP_KEYS]:
        yield f"the step that sets Node up has `{odd[0]}`"
    if setup.input("node-version-file"):
        yield "Node's version stands in a file, which the new job does not check out"
    if not setup.input("node-version") and not hosted(publication.step.job):
        yield "which Node the new job would have is not known: setup-node names none"
    yield from _too_old(publication, setup, model)
    inputs = setup.node.get("with")
    yield from elsewhere("setup-node", _not_outside(texts_in(inputs), publication.step.job))
    for step, command, text in upgrades_of(publication):
        if not command.top or not command.sure or step.condition is not None or "continue-on-error" in step.node.keys:
            yield f"`{text}` may be left out, or fail unnoticed"
        yield from elsewhere(f"`{text}`", _not_outside(text, publication.step.job))
        if unknown := shell_variables(text, {variable.name for variable in step.job.workflow.env}):
            yield f"`{unknown[0]}` has its value in this job alone"


def _surroundings(publication: Publication, model: Model) -> Iterator[str]:
    """What the steps before it leave for npm, and what its environment guards."""
    job = publication.step.job
    for step in publication.step.earlier:
        script = script_of_step(step) if step.run is not None else None
        if script is None:
            continue
        switches = NODE.search(without_upgrades(script, len(script.text))) or any(
            command.words and command.words[0].literal in SWITCHERS for command in script.commands
        )
        if switches:
            yield f"step `{step.label}` may set another Node or npm up"
        sets = SETS.search(script.text) is not None
        if sets or writes_token(script.text) or any(needs_credential(command) for command in script.commands):
            yield f"step `{step.label}` configures npm, or asks it for an account"
        if ARCHIVE.search(script.text):
            yield f"step `{step.label}` may leave another archive in the runner's folder for temporary files"
        if any(found.publish.dry_run is not True for found in commands_that_publish(step)):
            yield f"step `{step.label}` publishes too"
    for setting in _npmrc(publication, model):
        public = setting.key.endswith("registry") and not setting.host and is_public(setting.value) is True
        if not public and setting.key not in (*INSTALL_ONLY, "ignore-scripts"):
            yield f"an .npmrc has `{setting.key}`, which the new job does not see"
    if job.node.get("environment") is not None:
        yield from _environment(publication, model)


def _environment(publication: Publication, model: Model) -> Iterator[str]:
    """The environment goes with the publish: nothing else may live on its secrets, or be guarded by it."""
    job = publication.step.job
    yield from elsewhere("`environment`", foreign_contexts(texts_in(job.node.get("environment")), EVERYWHERE))
    env = job.node.get("env")
    rest = [step.node for step in job.steps if step.index != publication.step.index]
    if any(SECRET.search(texts_in(node)) for node in [*rest, *([env] if env is not None else [])]):
        yield f"other steps of job `{job.id}` use secrets or variables, which may be those of its environment"
    for step in publication.step.earlier:
        for call in calls_of(step, model):
            if any(level == "write" for _, level in call.scopes or ()):
                yield f"{call.what} would run without the approval that the environment may ask for"


def _too_old(publication: Publication, setup: Step, model: Model) -> Iterator[str]:
    """The new job has the npm that setup-node brings, or the upgrade behind it, and has to do without a token."""
    pinned = found_of(publication).publish.client
    client = client_of(publication.step, publication.offset, "npm", pinned, "", model.repository)
    if client.new_enough is not False and pinned is None and not any(upgrades_of(publication)):
        client = brought_by(setup, "npm", model.repository)
    if client.new_enough is False:
        yield f"{client.why}, which has to be mended first"


def _not_outside(text: str, job: Job) -> tuple[str, ...]:
    """What a text takes from elsewhere than the workflow; its `env` counts where no job's or step's can cover it."""
    outer = {variable.name for variable in job.workflow.env} - {variable.name for variable in job.env}
    used = re.findall(r"\benv\s*\.\s*([\w-]+)", text)
    allowed = EVERYWHERE | {"secrets"} | ({"env"} if outer.issuperset(used) else set())
    return foreign_contexts(text, allowed)


def _npmrc(publication: Publication, model: Model) -> list[Setting]:
    """The settings of the project's .npmrc files that npm may read where the publish runs now."""
    packages = publication.target.packages or ()
    folders = dict.fromkeys((found_of(publication).folder or "", *(package.folder for package in packages), ""))
    npmrcs = model.repository.npmrcs
    return [setting for folder in folders for setting in npmrcs.get(f"{folder}/.npmrc".lstrip("/"), [])]
