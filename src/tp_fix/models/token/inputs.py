"""Inputs of publishing actions that take an npm token, and what such an action lacks before it can do without."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.workflow import Step

TOKEN_INPUTS: dict[str, tuple[str, ...]] = {"js-devtools/npm-publish": ("token",)}
"""By the action, in lower case: its inputs that take a token and may be left out once it publishes over OIDC."""


class TokenInput(NamedTuple):
    """An input that holds a token: its key and its value, both as written."""

    step: Step
    key: str
    value: str


def token_inputs(step: Step) -> tuple[TokenInput, ...]:
    """The inputs of a step that are an npm token; empty ones are none."""
    known = TOKEN_INPUTS.get((step.uses or "").partition("@")[0].strip().lower(), ())
    keys = [(step.input_key(name), step.input(name)) for name in known]
    return tuple(TokenInput(step, key, value) for key, value in keys if value)


def publications_at(step: Step, model: Model) -> list[Publication]:
    """What a step publishes to the public registry, be it by a command, an action, or what either runs."""
    return model.published_by(step)
