"""Everything that says whether a publication gets a provenance statement: where it stands, and whether it is read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tp_fix.facts.provenance import NPM, PNPM, STOPS_YARN, YARN, Place, Reader
from tp_fix.formats.shell import Command
from tp_fix.models.model import Model
from tp_fix.models.publishing.provenance import YARNRC, written_in
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.running.script import script_of_step
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.workflow import Step, Variable, text_of
from tp_fix.node import Route
from tp_fix.source import Span

WORDS = {"true": True, "false": False, "1": True, "0": False}
MENTIONED = re.compile(r"provenance", re.IGNORECASE)
FLAG = ("--provenance", "--provenance=true")
FILES: tuple[tuple[str, str, Place], ...] = (
    (*YARNRC, "yarnrc"),
    ("pnpm-workspace.yaml", "provenance", "workspace"),
)


class Saying(NamedTuple):
    """A place that says something: `value` is None where it is known only at run time.

    `what` names it for a person; `at` is where in the file it stands, `offset` where in a script, for a flag.
    """

    place: Place
    path: str
    at: Route
    value: bool | None
    what: str
    offset: int = 0


def reader_of(publication: Publication) -> Reader | None:
    """The client whose reading of its settings counts; None where that is not known."""
    program = publication.tool.split()[0]
    if program == "npm" or (program == "pnpm" and publication.client.program == "npm"):
        return NPM
    if publication.client.new_enough is not True:
        return None
    return {"pnpm": PNPM, "yarn": YARN}.get(program)


def sayings(publication: Publication, repository: Repository) -> tuple[Saying, ...]:
    """All that is said where a publish command may look for it, whatever its client reads."""
    return (
        *_flag(publication),
        *_packages(publication),
        *_variables(publication.step),
        *_npmrcs(publication, repository),
        *_files(repository),
    )


def is_read(saying: Saying, reader: Reader) -> bool:
    """Whether a client reads a place."""
    if saying.place == "variable":
        return saying.what.lower() == reader.variable
    return saying.place in reader.places


def decides(said: tuple[Saying, ...], reader: Reader) -> Saying | None:
    """The saying that counts; None where nothing is said."""
    read = [each for each in said if is_read(each, reader)]
    return min(read, key=lambda each: reader.places.index(each.place), default=None)


def agree(said: tuple[Saying, ...], publication: Publication) -> bool:
    """Whether the manifests of all packages that are published together say the same."""
    values = [each.value for each in said if each.place == "package"]
    return not values or (len(set(values)) == 1 and len(values) == len(publication.target.packages or ()))


def told_elsewhere(publication: Publication) -> bool:
    """Whether an earlier step, or the publish itself, sets it in a way that is not read: in a file, or by an input."""
    if any(option.name == "provenance-file" for option in publication.options):
        return True
    earlier = (step.run or "" for step in publication.step.earlier)
    return any(MENTIONED.search(text) and not re.search(r"\bpublish\b", text) for text in earlier)


def is_restricted(publication: Publication) -> bool:
    """Whether the publish says that its packages are not for everyone."""
    given = [option.value for option in publication.options if option.name == "access"]
    if given:
        return given[-1] == "restricted"
    packages = publication.target.packages or ()
    return bool(packages) and all(package.publish_config.get("access") == "restricted" for package in packages)


def stops_yarn(step: Step) -> Variable | None:
    """The variable that Yarn's own help names, and at which it stops."""
    return next((each for each in visible_at(step).values() if each.name.lower() == STOPS_YARN), None)


def flag_span(publication: Publication) -> Span | None:
    """Where `--provenance` stands in the step's script, with the white space before it."""
    command = _command(publication)
    text = publication.step.run or ""
    words = command.words if command is not None else ()
    for before, word in pairwise(words):
        if word.literal in FLAG and re.fullmatch(r"(?:\s|\\\r?\n)+", text[before.span.end : word.span.start]):
            return Span(before.span.end, word.span.end)
    return None


def flag_place(publication: Publication) -> Span | None:
    """Where `--provenance` can be put into a `yarn npm publish`: right behind it."""
    command = _command(publication)
    words = command.words if command is not None else ()
    for before, word in pairwise(words):
        if (before.literal, word.literal) == ("npm", "publish"):
            return Span(word.span.end, word.span.end)
    return None


def _command(publication: Publication) -> Command | None:
    commands = script_of_step(publication.step).commands
    return next((each for each in commands if each.span.start == publication.offset and each.sure), None)


def _flag(publication: Publication) -> Iterator[Saying]:
    step = publication.step
    for option in publication.options:
        if option.name == "provenance":
            value = option.value if isinstance(option.value, bool) else None
            plain = "--no-provenance" if value is False else "--provenance"
            what = f"--provenance={option.raw}" if option.raw else plain
            yield Saying("flag", step.job.workflow.path, (*step.route, "run"), value, what, publication.offset)


def _packages(publication: Publication) -> Iterator[Saying]:
    for package in publication.target.packages or ():
        if "provenance" in package.publish_config:
            value = package.publish_config["provenance"]
            route = ("publishConfig", "provenance")
            yield Saying(
                "package", package.path, route, value if isinstance(value, bool) else None, "publishConfig.provenance"
            )


def _variables(step: Step) -> Iterator[Saying]:
    path = step.job.workflow.path
    for variable in visible_at(step).values():
        if variable.name.lower() in (NPM.variable, PNPM.variable, YARN.variable) and variable.value:
            value = WORDS.get(variable.value.strip().lower())
            yield Saying("variable", path, variable.route, value, variable.name)


def _npmrcs(publication: Publication, repository: Repository) -> Iterator[Saying]:
    folders = [package.folder for package in publication.target.packages or ()]
    for path in dict.fromkeys(posixpath.join(folder, ".npmrc") for folder in (*folders, "")):
        for setting in reversed(repository.npmrcs.get(path, [])):
            if not setting.host and setting.key == "provenance":
                value = WORDS.get(setting.value.strip().lower())
                yield Saying("npmrc", path, (setting.index,), value, f"provenance in {path}")


def _files(repository: Repository) -> Iterator[Saying]:
    for path, key, place in FILES:
        node = written_in(path, key, repository)
        if node is not None:
            yield Saying(place, path, (key,), WORDS.get(text_of(node).lower()), f"{key} in {path}")


def every_saying(model: Model) -> list[tuple[Publication, Saying]]:
    """All that is said, each with the publication that it is said to."""
    return model.once(
        ("sayings",),
        lambda: [(each, saying) for each in model.publications for saying in sayings(each, model.repository)],
    )
