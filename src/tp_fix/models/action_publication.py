"""Publications by an action that a step uses, as far as its own release says whether it needs no token."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.client.client import Client
from tp_fix.models.model import Model
from tp_fix.models.publication import Publication, lacks_of
from tp_fix.models.registry import Registry
from tp_fix.models.target import UNKNOWN
from tp_fix.models.tool.destination import npm_address
from tp_fix.models.tool.tools import below, tools_of
from tp_fix.models.workflow import Step


def published_with(step: Step, model: Model) -> Iterator[Publication]:
    """What an action publishes; nothing for one that is not known to."""
    for run in tools_of(step, model) if step.uses is not None else ():
        address = step.input("registry")
        registry = Registry(npm_address(address) if address else True, address)
        why = f"{run.why}, and OIDC needs {below(run)} or newer" if below(run) else f"{run.why}, which has no OIDC"
        client = Client(run.new_enough, why, run.publisher.name)
        lacks = tuple(lacks_of(step, registry, client, model.repository))
        yield Publication(
            step, run.publisher.name, run.command.strip("`"), 0, True, "", UNKNOWN, registry, client, lacks
        )
