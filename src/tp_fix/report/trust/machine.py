"""What npm has to be told, for machines, version 1; its JSON Schema is schema.json beside this file."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps
from shlex import join

from tp_fix.node import Data
from tp_fix.report.safe import redacted
from tp_fix.report.trust.registration import Registration


def as_json(registrations: Iterable[Registration]) -> str:
    """The whole report. What is not known, or not always the same, is null; an environment of "" is none."""
    return dumps({"version": 1, "packages": [_package(each) for each in registrations]}, indent=2)


def _package(each: Registration) -> Data:
    return {
        "name": each.name,
        "repository": each.repository,
        "workflow": each.workflow,
        "environment": each.environment,
        "actions": [*each.actions],
        "settings_url": each.settings_url,
        "commands": [join(words) for words in each.commands],
        "notes": [redacted(note) for note in _notes(each)],
    }


def _notes(each: Registration) -> Iterable[str]:
    if each.new:
        yield f"npm may not know it yet: {'; '.join(each.new)}. Then publish it once before: `{each.first}`."
    if each.said:
        yield f"Published by {each.said}."
    if each.candidates:
        yield f"It may be one of: {', '.join(each.candidates)}."
    yield from each.notes
