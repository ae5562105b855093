"""The rule `npm-token`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.change import RemoveKeys
from tp_fix.facts.secrets import is_secret
from tp_fix.models.consumers import Consumers, consumers_of
from tp_fix.models.credentials import kind_of, tokens_at, writes_token
from tp_fix.models.model import Model
from tp_fix.models.publication import Publication
from tp_fix.models.workflow import Variable, Workflow
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

    `NODE_AUTH_TOKEN`, `NPM_TOKEN` and the like that reach a publish step from the `env` of the step, its job or its
    workflow; `_authToken`, `_auth` and `always-auth` lines for the public registry in `.npmrc`, `.npmrc.template` and
    relatives. A script that writes a token into a configuration itself is pointed at, and left to a person.

    ## What the fix does

    The variable goes, and with it an `env:` that would become empty. This is offered only where nothing else is
    lacking: `id-token: write` is in effect, the client is known to be new enough, the registry is npm's public one
    and the runner is GitHub's. Until then the finding names what is missing.

    Everything else that the variable reaches counts as using it, unless it is known not to, or its source is in
    the repository and does not name the variable. Where an install is among it, the fix asks for `--unsafe`: it
    assumes that no private package is installed.

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
        yield from _in_scripts(workflow, model)
    yield from committed_tokens(model)


def _in_scripts(workflow: Workflow, model: Model) -> Iterator[Finding]:
    """Scripts, in jobs that publish, that write a token for the public registry: shown, not followed yet."""
    jobs = {publication.step.job.id for publication in model.published_in(workflow)}
    for step in workflow.steps():
        if step.job.id in jobs and step.run is not None and writes_token(step.run):
            message = (
                f"step `{step.label}` hands a token to npm by itself; tp-fix does not follow that: see to it by hand"
            )
            yield Finding("npm-token", "warning", workflow.path, (*step.route, "run"), message)


class Verdict(NamedTuple):
    """How far a variable may go, and why not further."""

    variable: Variable
    applicability: Applicability
    reason: str
    publications: tuple[Publication, ...]


def _in_workflow(workflow: Workflow, model: Model) -> Iterator[Finding]:
    groups: dict[tuple[Route, Applicability, str], list[Verdict]] = {}
    for variable in _variables(workflow, model):
        verdict = _verdict(variable, consumers_of(variable, workflow, model))
        groups.setdefault((variable.holder, verdict.applicability, verdict.reason), []).append(verdict)
    for verdicts in groups.values():
        yield _finding(workflow, verdicts)


def _variables(workflow: Workflow, model: Model) -> list[Variable]:
    """The credentials that reach a publication of this workflow, each once, in the order of the publications."""
    found = [variable for publication in model.published_in(workflow) for variable in tokens_at(publication.step)]
    return list(dict.fromkeys(found))


def _verdict(variable: Variable, consumers: Consumers) -> Verdict:
    """How far a variable may go: the decision, read from top to bottom."""
    publications = consumers.publications
    lacks = list(dict.fromkeys(lack.what for publication in publications for lack in publication.lacks))
    doubts = list(dict.fromkeys(publication.doubt for publication in publications if publication.doubt))
    if kind_of(variable) == "literal":
        return Verdict(variable, Applicability.DISPLAY, _in_clear(variable), publications)
    if kind_of(variable) == "expression":
        return Verdict(variable, Applicability.DISPLAY, "where it comes from is known only at run time", publications)
    if lacks:
        return Verdict(variable, Applicability.DISPLAY, "still missing: " + "; ".join(lacks), publications)
    if consumers.others:
        return Verdict(variable, Applicability.DISPLAY, "; ".join(consumers.others[:4]), publications)
    assumptions = [f"that it publishes to npm's public registry: {doubt}" for doubt in doubts]
    assumptions += [f"that {phrase}" for phrase in consumers.assumed]
    if assumptions:
        reason = "it assumes " + "; ".join(dict.fromkeys(assumptions))
        return Verdict(variable, Applicability.UNSAFE, reason, publications)
    return Verdict(variable, Applicability.SAFE, "", publications)


def _in_clear(variable: Variable) -> str:
    if is_secret(variable.value):
        return "it stands here in clear, see `literal-token`: revoke it first"
    return "what stands here is no token: somebody may have put it here on purpose"


def _finding(workflow: Workflow, verdicts: list[Verdict]) -> Finding:
    variables = [verdict.variable for verdict in verdicts]
    first = verdicts[0]
    names = " and ".join(variable.name for variable in variables)
    commands = " and ".join(dict.fromkeys(f"`{publication.command}`" for publication in first.publications))
    verb = "reach" if len(variables) > 1 else "reaches"
    message = f"{names} {verb} {commands}; beside OIDC a token only hides a failing exchange"
    subject = f"publish to npm without {names}"
    fix = Fix(f"take {names} away", (_removal(workflow, variables),), first.applicability, first.reason, subject)
    return Finding("npm-token", "warning", workflow.path, variables[0].route, message, fix)


def _removal(workflow: Workflow, variables: list[Variable]) -> FileChange:
    """The variables go from their `env`; the `env` goes when nothing is left in it."""
    holder = variables[0].holder
    env = workflow.document.root.at((*holder, "env"))
    names = tuple(variable.name for variable in variables)
    if env is not None and set(env.keys) == set(names):
        return FileChange(workflow.path, RemoveKeys(holder, ("env",)))
    return FileChange(workflow.path, RemoveKeys((*holder, "env"), names))
