"""The rule `npm-token`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp_fix.models.model import Model
from tp_fix.models.token.decision import Decision, decisions_in
from tp_fix.models.token.unit import Unit
from tp_fix.models.workflow import Workflow
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule
from tp_fix.rules.committed_token import committed_tokens


@rule("npm-token", precedence=50, stage="drop")
def npm_token(model: Model) -> Iterator[Finding]:
    """A publication that is ready for trusted publishing must not carry a long-lived token any more.

    A token beside OIDC does not stop the exchange, in no npm that has it. It hides its failure: when the exchange
    fails, npm publishes with the old token and exits with 0, and nobody learns that trusted publishing does not work.
    Taken away, the failure shows. And a token that is nowhere cannot be stolen.

    ## What is found

    - `NODE_AUTH_TOKEN`, `NPM_TOKEN` and the like that reach a publish step from the `env` of the step, its job or its
      workflow, or from `$GITHUB_ENV`;
    - statements that write a token for npm's public registry: `echo`, `printf`, `tee` and here-documents into an
      `.npmrc`, `npm config set`, `pnpm config set`, `yarn config set npmAuthToken`, with a variable or with the secret
      itself;
    - the token input of an action that publishes;
    - `_authToken`, `_auth` and `always-auth` lines for the public registry in committed `.npmrc` files and templates.

    ## What the fix does

    What hangs together goes together, in one fix, or nothing goes: the variable, with an `env:` that would become
    empty; the statements that write it, delete it again (`npm config delete`, `trap`, `rm .npmrc`) or only check it
    (`npm whoami`, `[ -z "$NPM_TOKEN" ] && exit 1`, the length of it), with a step that would become empty; the part of
    an `if:` that asks whether it is set. This is offered only where nothing else is lacking: `id-token: write` is in
    effect, the client is known to be new enough, the registry is npm's public one and the runner is GitHub's. Until
    then the finding names what is missing.

    Everything else that the token reaches counts as using it, unless it is known not to, or its source is in the
    repository and does not name it. Where an install is among it, the fix asks for `--unsafe`: it assumes that no
    private package is installed. So does a condition that goes: it assumes that the secret is set wherever it counts.

    It is only shown where a statement is part of something larger or writes more than the token, where a check decides
    whether the publish runs, where a committed configuration names another registry, beside `npm dist-tag` and other
    commands that want a login, where the secret is known only at run time, and where the same is published without a
    token under the opposite condition.

    A line of a committed `.npmrc` is never taken away without `--unsafe`, as people use that file on their own
    machines, and only shown while any other file names its variable.

    ## What it leaves alone

    Tokens of other registries, GitHub Packages among them; empty values, which are there on purpose; installs of
    private packages in steps of their own. A token that stands in a file in clear stays until a person has revoked
    it: `literal-token` is about that.

    Source: experiments with npm 11.5.0 to 12.2.0 against a local registry, 2026-11-22.
    """
    for workflow in model.repository.workflows.values():
        yield from _in_workflow(workflow, model)
    yield from committed_tokens(model)


def _in_workflow(workflow: Workflow, model: Model) -> Iterator[Finding]:
    for decision in decisions_in(workflow, model):
        yield _finding(workflow, decision)


def _finding(workflow: Workflow, decision: Decision) -> Finding:
    unit, names = decision.unit, _named(decision.unit)
    commands = " and ".join(_once(f"`{publication.command}`" for publication in decision.consumers.publications))
    message = f"{_reaches(unit, names)} {commands}; beside OIDC a token only hides a failing exchange"
    changes = tuple(FileChange(path, change) for path, change in decision.taking.changes)
    applicability = Applicability[decision.how.upper()]
    fix = Fix(_title(decision, names), changes, applicability, decision.reason, f"publish to npm without {names}")
    return Finding("npm-token", "warning", workflow.path, _place(unit), message, fix)


def _named(unit: Unit) -> str:
    """What a person calls the credential."""
    found = _once(variable.name for variable in unit.variables)
    found = found or _once(f"`{each.key}`" for each in unit.inputs)
    found = found or _once(f"secrets.{name}" for each in unit.statements for name in sorted(each.secrets))
    found = found or _once(name for each in unit.statements for name in sorted(each.names))
    return " and ".join(found) or "the token"


def _reaches(unit: Unit, names: str) -> str:
    if unit.variables or unit.inputs:
        many = len({variable.name for variable in unit.variables}) > 1
        return f"{names} {'reach' if many else 'reaches'}"
    step = next(each.step for each in unit.statements if each.role == "writer")
    return f"step `{step.label}` hands {names} to"


def _title(decision: Decision, names: str) -> str:
    """What goes: the credential, and all that hangs on it."""
    steps = decision.taking.steps
    lines = _once(each.step.label for each in decision.unit.statements if each.step not in steps)
    guards = _once(guard.step.label for guard in decision.unit.guards if guard.step not in steps)
    also = [f"step `{step.label}`" for step in steps]
    also += [f"lines of step `{label}`" for label in lines] + [f"the condition of step `{label}`" for label in guards]
    return f"take {names} away" + (", and with it " + " and ".join(also) if also else "")


def _place(unit: Unit) -> Route:
    """Where a person looks first."""
    if unit.variables:
        return unit.variables[0].route
    if unit.inputs:
        return (*unit.inputs[0].step.route, "with", unit.inputs[0].key)
    return (*next(each.step for each in unit.statements if each.role == "writer").route, "run")


def _once(phrases: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(phrases))
