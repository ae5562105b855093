"""The rule `npm-token`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tp_fix.models.grants import grant_of
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.composite import flattened
from tp_fix.models.token.checks import GIVEN
from tp_fix.models.token.decision import Decision
from tp_fix.models.token.handed import handed_away
from tp_fix.models.token.joint import Joint, joints
from tp_fix.models.token.statements import statements_of
from tp_fix.models.token.unit import Unit
from tp_fix.models.workflow import Step, Workflow
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
    - the same in the steps of composite actions of the repository, where it comes from an input of the action;
    - as a note, a token that is handed to a workflow or an action that is not read here;
    - `_authToken`, `_auth` and `always-auth` lines for the public registry in committed `.npmrc` files and templates.

    ## What the fix does

    What hangs together goes together, in one fix, or nothing goes: the variable, with an `env:` that would become
    empty; the statements that write it, delete it again (`npm config delete`, `trap`, `rm .npmrc`) or only check it
    (`npm whoami`, `[ -z "$NPM_TOKEN" ] && exit 1`, the length of it), with a step that would become empty; the part of
    an `if:` that asks whether it is set. This is offered only where nothing else is lacking: `id-token: write` is in
    effect, the client is known to be new enough, the registry is npm's public one and the runner is GitHub's. Until
    then the finding names what is missing.

    A secret of a reusable workflow, and an input of a composite action, go with what they were for: where nothing else
    in the file uses them, the declaration goes, and so does what the callers here hand over, at all levels and in the
    same fix. With `secrets: inherit` a caller has nothing to lose. A composite action keeps its token until every job
    that uses it is ready. It is only shown where callers may be elsewhere: none is here, one names another version, or
    the packages that are published are not known.

    Everything else that the token reaches counts as using it, unless it is known not to, or its source is in the
    repository and does not name it. The scripts behind `turbo run` and `lerna run` are read like those of `npm run`;
    of a publish only the hooks of what is published. Where an install is among it, the fix asks for `--unsafe`: it
    assumes that no private package is installed. So does a program in a package script that cannot be read,
    behind a publish step that alone has the token: it assumes that the program does not use it, unless it speaks of
    publishing too. And so does a condition that goes: it assumes that the secret is set wherever it counts.

    It is only shown where a statement is part of something larger or writes more than the token, where a check decides
    whether the publish runs, where a committed configuration names another registry, beside `npm dist-tag` and other
    commands that want a login, where the secret is known only at run time, and where the same is published without a
    token under the opposite condition.

    Yarn Berry takes any token before it tries OIDC: the fix is only shown while another one is left, in a committed
    `.yarnrc.yml` or elsewhere. Where that file says `${NPM_TOKEN}`, every yarn command stops without the variable: it
    becomes `${NPM_TOKEN:-}` in the same fix, which asks for `--unsafe`, as people use that file on their own machines.

    A line of a committed `.npmrc` is never taken away without `--unsafe`, as people use that file on their own
    machines, and only shown while any other file names its variable.

    ## What it leaves alone

    Tokens of other registries, GitHub Packages among them; empty values, which are there on purpose; installs of
    private packages in steps of their own. A token that stands in a file in clear stays until a person has revoked
    it: `literal-token` is about that.

    Source: experiments with npm 11.5.0 to 12.2.0 against a local registry, 2026-11-22.
    """
    for joint in joints(model):
        yield _finding(joint)
    inner = (step for workflow in model.repository.workflows.values() for step in _inside(workflow, model))
    yield from {(step.job.workflow.path, step.route): _shown(step) for step in inner}.values()
    for workflow in model.repository.workflows.values():
        yield from _elsewhere(workflow, model)
    yield from committed_tokens(model)


def _inside(workflow: Workflow, model: Model) -> Iterator[Step]:
    """The steps of composite actions, in jobs that publish, that write a token."""
    jobs = {publication.step.job.id for publication in model.published_in(workflow)}
    outer = (step for step in workflow.steps() if step.job.id in jobs)
    for step in (each for one in outer for each in flattened(one, model.repository)):
        if step.job.workflow.path != workflow.path and any(each.role == "writer" for each in statements_of(step)):
            yield step


def _shown(step: Step) -> Finding:
    """A writer in a composite action: shown, not followed yet."""
    message = f"step `{step.label}` hands a token to npm by itself; tp-fix does not follow that: see to it by hand"
    return Finding("npm-token", "warning", step.job.workflow.path, (*step.route, "run"), message)


def _elsewhere(workflow: Workflow, model: Model) -> Iterator[Finding]:
    """Credentials that go to workflows and actions that are not read: those of other repositories most of all."""
    for each in handed_away(workflow, model.repository):
        message = (
            f"{each.what} hands {each.secret} to `{each.uses}`: what that does with it cannot be seen here. "
            f"When that publishes over OIDC, {each.secret} can go"
        )
        if grant_of(each.job, model.repository).granted is not True:
            message += f", and job `{each.job.id}` needs `id-token: write`"
        yield Finding("npm-token", "note", workflow.path, each.route, message)


def _finding(joint: Joint) -> Finding:
    first = joint.decisions[0].unit
    names = " and ".join(_once(_named(each.unit) for each in joint.decisions))
    publications = [one for each in joint.decisions for one in each.consumers.publications]
    commands = " and ".join(_once(f"`{publication.command}`" for publication in publications))
    message = f"{_reaches(first, names)} {commands}; {_why(publications)}"
    changes = tuple(FileChange(path, change) for path, change in joint.changes)
    applicability = Applicability[joint.how.upper()]
    fix = Fix(_title(joint, names), changes, applicability, joint.reason, f"publish to npm without {names}")
    return Finding("npm-token", "warning", first.workflow.path, _place(first), message, fix)


def _why(publications: list[Publication]) -> str:
    """What is wrong with a token that is still there."""
    if publications and all(publication.client.program == "yarn" for publication in publications):
        return "where Yarn has a token, it tries no OIDC"
    return "beside OIDC a token only hides a failing exchange"


def _named(unit: Unit) -> str:
    """What a person calls the credential."""
    found = _once(variable.name for variable in unit.variables)
    found = found or _once(f"`{each.key}`" for each in unit.inputs)
    found = found or _once(f"secrets.{name}" for each in unit.statements for name in sorted(each.secrets))
    found = found or _once(name for each in unit.statements for name in sorted(each.names))
    return " and ".join(found) or "the token"


def _reaches(unit: Unit, names: str) -> str:
    if unit.variables or unit.inputs:
        many = " and " in names
        return f"{names} {'reach' if many else 'reaches'}"
    step = next(each.step for each in unit.statements if each.role == "writer")
    return f"step `{step.label}` hands {names} to"


def _title(joint: Joint, names: str) -> str:
    """What goes: the credential, and all that hangs on it."""
    also = [phrase for each in joint.decisions for phrase in _besides(each)]
    if joint.handing.entries:
        keys = {str(entry.route[-1]).lower(): str(entry.route[-1]) for entry in reversed(joint.handing.entries)}
        what = " and ".join(reversed(keys.values()))
        also.append(f"what hands {what} over in {', '.join(sorted({entry.path for entry in joint.handing.entries}))}")
    edits = _once(phrase for each in joint.decisions for phrase in _edits(each))
    return "; ".join([f"take {names} away" + (", and with it " + " and ".join(also) if also else ""), *edits])


def _edits(decision: Decision) -> Iterator[str]:
    """What is only changed: the line stays for those who have the variable."""
    return (f"let {each.what} be empty without it" for each in decision.settings if not each.stays)


def _besides(decision: Decision) -> list[str]:
    steps = decision.taking.steps
    lines = _once(
        each.step.label for each in decision.unit.statements if each.step not in steps and each.stays != GIVEN
    )
    guards = _once(guard.step.label for guard in decision.unit.guards if guard.step not in steps)
    also = [f"step `{step.label}`" for step in steps]
    return also + [f"lines of step `{each}`" for each in lines] + [f"the condition of step `{each}`" for each in guards]


def _place(unit: Unit) -> Route:
    """Where a person looks first."""
    if unit.variables:
        return unit.variables[0].route
    if unit.inputs:
        return (*unit.inputs[0].step.route, "with", unit.inputs[0].key)
    return (*next(each.step for each in unit.statements if each.role == "writer").route, "run")


def _once(phrases: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(phrases))
