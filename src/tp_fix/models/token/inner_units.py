"""Units inside of composite actions: the variables and inputs by which their steps have a token."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.model import Model
from tp_fix.models.token.inner import inner_tokens
from tp_fix.models.token.inputs import TokenInput, token_inputs
from tp_fix.models.token.unit import Unit
from tp_fix.models.workflow import Variable
from tp_fix.node import Route


def inner_units(model: Model) -> Iterator[Unit]:
    """One for each variable, and for each step with inputs that are a token, in the order of the publications."""
    seen: set[tuple[str, Variable | Route]] = set()
    for publication in model.publications:
        for action, variable in inner_tokens(publication, model.repository):
            if (action.path, variable) not in seen:
                seen.add((action.path, variable))
                yield Unit(action, variables=(variable,))
        step = publication.within
        inputs = token_inputs(step) if step is not publication.step else ()
        if inputs and (step.job.workflow.path, step.route) not in seen:
            seen.add((step.job.workflow.path, step.route))
            yield _of_inputs(inputs, model)


def _of_inputs(inputs: tuple[TokenInput, ...], model: Model) -> Unit:
    """Inputs of one step, with what it publishes for every step that uses its action."""
    step = inputs[0].step
    ours = (each for each in model.publications if each.within.route == step.route)
    path = step.job.workflow.path
    publications = tuple(each for each in ours if each.within.job.workflow.path == path)
    return Unit(step.job.workflow, inputs=inputs, publications=publications)
