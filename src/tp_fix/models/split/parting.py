"""The parts that a publish is taken apart into, before it moves: its command, its step, what set Node up for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.artifacts import DOWNLOAD, OLDEST_MAJOR, UPLOAD, Release, major_of
from tp_fix.formats.shell import Command
from tp_fix.models.publishing.found import Found, commands_that_publish
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.command import npm_upgrade_of
from tp_fix.models.running.script import script_of_step
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.workflow import Job, Step

COMMIT = re.compile(r"[0-9a-f]{40}")
CLIENTS = re.compile(r"npm|npx (?:(?:-y|--yes) )?npm@[\w.^~-]+")


class Use(NamedTuple):
    """A `uses:`, and the comment behind it, '' for none: for a commit it says which release that is."""

    uses: str
    comment: str = ""

    @property
    def major(self) -> int | None:
        ref = self.uses.partition("@")[2]
        return major_of(self.comment if COMMIT.fullmatch(ref) else ref)

    @property
    def pinned(self) -> bool:
        return COMMIT.fullmatch(self.uses.partition("@")[2]) is not None


class Words(NamedTuple):
    """A publish command that is all of its script: what comes before `publish`, the folder, and everything else."""

    client: str
    spec: str
    others: tuple[str, ...]

    def publish(self, spec: str) -> str:
        return " ".join((self.client, "publish", spec, *self.others))

    def pack(self, destination: str, *, quiet: bool) -> str:
        flags = ["--ignore-scripts"] if quiet else []
        spec = [self.spec] if self.spec else []
        return " ".join((self.client, "pack", *spec, *flags, "--pack-destination", destination))


def found_of(publication: Publication) -> Found:
    """The publish command of a publication, as it was found in its script."""
    return next(found for found in commands_that_publish(publication.step) if found.span.start == publication.offset)


def words_of(publication: Publication) -> Words | None:
    """The command's words; None when it is not all of its script, or written in a way that nobody can take apart."""
    script = script_of_step(publication.step)
    if len(script.commands) != 1 or script.text.strip() != _written(script.text, script.commands[0]):
        return None
    command = script.commands[0]
    texts = [word.text for word in command.words]
    at = next((index for index, word in enumerate(command.words) if word.literal == "publish"), 0)
    client = " ".join(texts[:at])
    specs = found_of(publication).publish.written
    if command.assignments or not CLIENTS.fullmatch(client) or len(specs) > 1:
        return None
    others = tuple(text for text in texts[at + 1 :] if text not in specs)
    return Words(client, specs[0] if specs else "", others) if len(others) == len(texts) - at - 1 - len(specs) else None


def _written(text: str, command: Command) -> str:
    """A command up to its last word, without redirects."""
    return text[command.words[0].span.start : command.words[-1].span.end] if command.words else ""


def setups_of(publication: Publication) -> list[Step]:
    """The steps that set Node up before a publish."""
    return [step for step in publication.step.earlier if is_setup_node(step)]


def upgrades_of(publication: Publication) -> Iterator[tuple[Step, Command, str]]:
    """The commands that upgrade npm between setup-node and a publish: step, command, and its text.

    One before setup-node changes the npm of another Node.
    """
    setups = setups_of(publication)
    start = setups[-1].index if setups else 0
    for step in publication.step.earlier:
        script = script_of_step(step) if step.run is not None and step.index >= start else None
        for command in script.commands if script else ():
            if script and npm_upgrade_of(command) is not None:
                yield step, command, script.text[command.span.start : command.span.end]


def use_of(step: Step) -> Use:
    """The `uses:` of a step with its comment."""
    node = step.node.get("uses")
    source = step.job.workflow.document.source
    behind = source.text[node.span.end : source.line_end(node.span.end)] if node is not None else ""
    match = re.fullmatch(r"[ \t]+#[ \t]*(.*?)[ \t]*", behind)
    return Use(step.uses or "", match[1] if match else "")


def artifact_uses(job: Job) -> tuple[Use, Use]:
    """How to write upload-artifact and download-artifact: as the workflow does, else the newest known, pinned alike."""
    return _artifact_use(job, UPLOAD), _artifact_use(job, DOWNLOAD)


def _artifact_use(job: Job, release: Release) -> Use:
    for use in map(use_of, job.workflow.users.get(release.action.lower(), ())):
        if use.major is not None and use.major >= OLDEST_MAJOR:
            return use
    actions = [use_of(step) for step in job.steps if (step.uses or "").startswith("actions/")]
    if actions and all(use.pinned for use in actions):
        return Use(f"{release.action}@{release.commit}", release.tag)
    return Use(f"{release.action}@{release.major}")
