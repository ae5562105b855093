"""The programs of a publication, from the one that is called to the one that exchanges the token, with versions."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.clients import dotted
from tp_fix.models.installed.known import Known
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.tool.tools import ToolRun
from tp_fix.models.versions.versions import FIRST, NEVER, Stretch, Versions, either, next_of


class Program(NamedTuple):
    """A program that publishes. `version` is a version or a range, as npm writes them, None when nothing is known.

    `why` is a phrase: where the version comes from, or why it is not known. `path` is the file that names it, '' where
    none does.
    """

    name: str
    version: str | None
    why: str
    path: str = ""


def programs_of(publication: Publication) -> tuple[Program, ...]:
    """The programs, each of which hands over to the next one."""
    run, client = publication.run, publication.client
    found: list[Program] = []
    if run is not None:
        found.append(_program(run.package or _action(run) or run.publisher.name, run.known))
        if client.program == run.publisher.name:
            return tuple(found)
    if client.manager is not None:
        found.append(_program(_manager(publication), client.manager))
    if client.program not in [program.name for program in found] and (client.program == "npm" or not found):
        found.append(Program(client.program, written(client.versions), _why(publication)))
    return tuple(found)


def _action(run: ToolRun) -> str:
    """The name of the action that runs, without its version; '' for a command."""
    return (run.step.uses or "").partition("@")[0].strip()


def _why(publication: Publication) -> str:
    client, publish = publication.client, publication.publish
    if not client.versions.known or client.chain is None:
        return client.why
    pinned = publish is not None and publish.client is not None
    return "which the command names" if pinned else client.chain.npm.why


def _program(name: str, known: Known) -> Program:
    return Program(name, written(known.versions), known.why, known.path)


def _manager(publication: Publication) -> str:
    """The pnpm or Yarn that is called, by the step itself or by a release tool."""
    if publication.run is None:
        return publication.tool.split()[0]
    return "yarn" if publication.client.program == "yarn" else "pnpm"


def written(versions: Versions) -> str | None:
    """A set of versions as a range: `11.5.1`, `10.x`, `>=11.6.2`, `>=10.8.2 <11`; None when it says nothing."""
    return " || ".join(map(_stretch, either((versions,)).stretches)) if versions.known else None


def _stretch(stretch: Stretch) -> str:
    start, end = stretch
    if end == next_of(start):
        return dotted(start)
    if end == (start[0] + 1, 0, 0) and start[1:] == (0, 0):
        return f"{start[0]}.x"
    if end == (start[0], start[1] + 1, 0) and start[2] == 0:
        return f"{start[0]}.{start[1]}.x"
    parts = [f">={dotted(start)}"] if start != FIRST else []
    limit = dotted(end).removesuffix(".0").removesuffix(".0")
    return " ".join([*parts, *([f"<{limit}"] if end < NEVER else [])])
