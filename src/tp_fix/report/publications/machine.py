"""What publishes here, for machines, version 1; its JSON Schema is schema.json beside this file."""

from __future__ import annotations

from json import dumps

from tp_fix.models.token.reaching import Credential
from tp_fix.node import Data
from tp_fix.report.publications.listing import Entry, Listing, Place
from tp_fix.report.safe import redacted


def as_json(listing: Listing) -> str:
    """The whole listing. What is not known is null; credentials in clear are cut short."""
    document: dict[str, Data] = {
        "version": 1,
        "repository": listing.repository,
        "publications": [_publication(entry) for entry in listing.publications],
        "elsewhere": [_entry(entry) for entry in listing.elsewhere],
        "unread": [{**_place(each.place), "reason": redacted(each.why)} for each in listing.unread],
        "problems": [
            {"path": problem.path, "line": problem.line, "reason": redacted(problem.reason)}
            for problem in listing.problems
        ],
    }
    return dumps(document, indent=2)


def _publication(entry: Entry) -> Data:
    lacks: list[Data] = [
        {"topic": lack.topic, "what": redacted(lack.what), "known": lack.known} for lack in entry.lacks
    ]
    return {**_entry(entry), "id_token": entry.id_token, "ready": entry.ready, "lacks": lacks, "doubt": entry.doubt}


def _entry(entry: Entry) -> dict[str, Data]:
    return {
        **_place(entry.place),
        "kind": entry.kind,
        "through": [redacted(text) for text in entry.through],
        "command": redacted(entry.command),
        "tool": entry.tool,
        "programs": [
            {"name": program.name, "version": program.version, "why": redacted(program.why)}
            for program in entry.programs
        ],
        "packages": None if entry.packages.names is None else [*entry.packages.names],
        "packages_reason": entry.packages.why,
        "registry": {
            "public": entry.registry.public,
            "address": redacted(entry.registry.address or ""),
            "by": entry.registry.by,
        },
        "credentials": [_credential(each) for each in entry.credentials],
    }


def _place(place: Place) -> dict[str, Data]:
    return {
        "path": place.path,
        "line": place.line,
        "job": place.job,
        "step": place.step,
        "callers": [{"path": path, "job": job} for path, job in place.callers],
    }


def _credential(each: Credential) -> Data:
    return {
        "name": each.name or None,
        "source": each.source,
        "secrets": [*each.secrets],
        "where": redacted(each.where),
    }
