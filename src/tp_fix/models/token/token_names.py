"""By which names a publication is handed an npm token: inputs, variables of the environment, options."""

from __future__ import annotations

from tp_fix.facts.publishers.row import Publisher
from tp_fix.formats.shell import Word
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.tool.tools import publisher_used
from tp_fix.models.workflow import Step


def token_inputs(step: Step) -> tuple[str, ...]:
    """The inputs, as they are written, by which a step hands a token to the publishing action that it uses."""
    publisher = publisher_used(step)
    known = publisher.tokens.inputs if publisher is not None else ()
    return tuple(step.input_key(name) for name in known if step.input(name))


def token_variables(publication: Publication) -> frozenset[str]:
    """The variables that its publisher takes a token from."""
    return publication.publisher.tokens.variables


def token_options(publication: Publication) -> tuple[str, ...]:
    """The options, as they are written, by which a command is handed a token."""
    if publication.run is not None:
        return tuple(word.text for word in publication.run.words if _is_token(word, publication.publisher))
    found = (option for option in publication.options if _is_flag(f"--{option.name}", publication.publisher))
    return tuple(f"--{option.name}" for option in found)


def _is_token(word: Word, publisher: Publisher) -> bool:
    return _is_flag((word.literal or word.text).partition("=")[0], publisher)


def _is_flag(flag: str, publisher: Publisher) -> bool:
    """Whether a flag is one of the row's; `//:_authToken` stands for that of every registry."""
    registry, colon, key = flag.rpartition(":")
    host = registry.startswith("--//") and f"//:{key}" in publisher.tokens.flags
    return flag in publisher.tokens.flags or bool(colon and host)
