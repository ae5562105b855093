"""The rule `npm-token`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.change import RemoveKeys
from tp_fix.facts.secrets import is_secret
from tp_fix.models.composite import flattened
from tp_fix.models.consumers import Consumers, consumers_of
from tp_fix.models.credentials import kind_of, writes_token
from tp_fix.models.grants import grant_of
from tp_fix.models.model import Model
from tp_fix.models.publication import Publication
from tp_fix.models.token.handed import handed_away, obstacles
from tp_fix.models.token.handing import Handing, clusters, handing_of
from tp_fix.models.token.inner import token_variables
from tp_fix.models.token.parameters import Entry, trail_of
from tp_fix.models.workflow import Variable, Workflow
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule
from tp_fix.rules.committed_token import committed_tokens

ASSUMES = "it assumes "


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
    for verdicts in _together(list(_groups(model)), model):
        yield _finding(verdicts, model)
    for workflow in model.repository.workflows.values():
        yield from _in_scripts(workflow, model)
        yield from _elsewhere(workflow, model)
    yield from committed_tokens(model)


def _in_scripts(workflow: Workflow, model: Model) -> Iterator[Finding]:
    """Scripts, in jobs that publish, that write a token for the public registry: shown, not followed yet."""
    jobs = {publication.step.job.id for publication in model.published_in(workflow)}
    outer = (step for step in workflow.steps() if step.job.id in jobs)
    for step in (each for one in outer for each in flattened(one, model.repository)):
        if step.run is not None and writes_token(step.run):
            message = (
                f"step `{step.label}` hands a token to npm by itself; tp-fix does not follow that: see to it by hand"
            )
            yield Finding("npm-token", "warning", step.job.workflow.path, (*step.route, "run"), message)


def _elsewhere(workflow: Workflow, model: Model) -> Iterator[Finding]:
    """Credentials that go to workflows and actions of other repositories."""
    for each in handed_away(workflow):
        message = (
            f"{each.what} hands {each.secret} to `{each.uses}`: what that does with it cannot be seen here. "
            f"When that publishes over OIDC, {each.secret} can go"
        )
        if grant_of(each.job, model.repository).granted is not True:
            message += f", and job `{each.job.id}` needs `id-token: write`"
        yield Finding("npm-token", "note", workflow.path, each.route, message)


class Verdict(NamedTuple):
    """How far a variable of a workflow, or of a composite action, may go, and why not further."""

    workflow: Workflow
    variable: Variable
    applicability: Applicability
    reason: str
    publications: tuple[Publication, ...]

    @property
    def entry(self) -> Entry:
        return Entry(self.workflow.path, self.variable.route)


def _groups(model: Model) -> Iterator[list[Verdict]]:
    """The verdicts on all variables, those of one `env` that go equally far together."""
    groups: dict[tuple[str, Route, Applicability, str], list[Verdict]] = {}
    for workflow, variable in token_variables(model):
        verdict = _verdict(workflow, variable, consumers_of(variable, workflow, model), model)
        key = (workflow.path, variable.holder, verdict.applicability, verdict.reason)
        groups.setdefault(key, []).append(verdict)
    yield from groups.values()


def _together(groups: list[list[Verdict]], model: Model) -> Iterator[list[Verdict]]:
    """Those that may go and come through the same parameter are one: only together do they know what is left of it."""
    going = [group for group in groups if group[0].applicability is not Applicability.DISPLAY]
    yield from (group for group in groups if group not in going)
    entries = [[verdict.entry for verdict in group] for group in going]
    for numbers in clusters(entries, model.repository):
        yield [verdict for number in numbers for verdict in going[number]]


def _verdict(workflow: Workflow, variable: Variable, consumers: Consumers, model: Model) -> Verdict:
    """How far a variable may go: the decision, read from top to bottom."""
    publications = consumers.publications
    handed = trail_of(variable.value, workflow.path, model.repository).parameters
    hindered = obstacles(variable.value, workflow, publications, model.repository)

    def verdict(applicability: Applicability, reason: str = "") -> Verdict:
        return Verdict(workflow, variable, applicability, reason, publications)

    lacks = list(dict.fromkeys(lack.what for publication in publications for lack in publication.lacks))
    doubts = list(dict.fromkeys(publication.doubt for publication in publications if publication.doubt))
    if kind_of(variable) == "literal":
        return verdict(Applicability.DISPLAY, _in_clear(variable))
    if kind_of(variable) == "expression" and not handed:
        return verdict(Applicability.DISPLAY, "where it comes from is known only at run time")
    if lacks:
        return verdict(Applicability.DISPLAY, "still missing: " + "; ".join(lacks))
    if hindered:
        return verdict(Applicability.DISPLAY, "; ".join(hindered))
    if consumers.others:
        return verdict(Applicability.DISPLAY, "; ".join(consumers.others[:4]))
    assumptions = [f"that it publishes to npm's public registry: {doubt}" for doubt in doubts]
    assumptions += [f"that {phrase}" for phrase in consumers.assumed]
    if assumptions:
        reason = ASSUMES + "; ".join(dict.fromkeys(assumptions))
        return verdict(Applicability.UNSAFE, reason)
    return verdict(Applicability.SAFE)


def _in_clear(variable: Variable) -> str:
    if is_secret(variable.value):
        return "it stands here in clear, see `literal-token`: revoke it first"
    return "what stands here is no token: somebody may have put it here on purpose"


def _finding(verdicts: list[Verdict], model: Model) -> Finding:
    first = verdicts[0]
    unique = list(dict.fromkeys(verdict.variable.name for verdict in verdicts))
    names = " and ".join(unique)
    publications = [publication for verdict in verdicts for publication in verdict.publications]
    commands = " and ".join(dict.fromkeys(f"`{publication.command}`" for publication in publications))
    verb = "reach" if len(unique) > 1 else "reaches"
    message = f"{names} {verb} {commands}; beside OIDC a token only hides a failing exchange"
    handing = handing_of([verdict.entry for verdict in verdicts], model.repository)
    changes = [*_removals(verdicts), *(FileChange(*change) for change in handing.changes)]
    how, reason = _least(verdicts)
    fix = Fix(_title(names, handing), tuple(changes), how, reason, f"publish to npm without {names}")
    return Finding("npm-token", "warning", first.workflow.path, first.variable.route, message, fix)


def _title(names: str, handing: Handing) -> str:
    """What goes: the variables, and what hands them over."""
    title = f"take {names} away"
    if handing.entries:
        keys = {str(entry.route[-1]).lower(): str(entry.route[-1]) for entry in reversed(handing.entries)}
        what = " and ".join(reversed(keys.values()))
        paths = ", ".join(sorted({entry.path for entry in handing.entries}))
        title += f", and with it what hands {what} over in {paths}"
    return title


def _least(verdicts: list[Verdict]) -> tuple[Applicability, str]:
    """How far all of them may go, and what is assumed of any of them."""
    how = min(verdict.applicability for verdict in verdicts)
    reasons = list(dict.fromkeys(verdict.reason for verdict in verdicts if verdict.reason))
    if how is not Applicability.UNSAFE:
        return how, "; ".join(reasons)
    return how, ASSUMES + "; ".join(reason.removeprefix(ASSUMES) for reason in reasons)


def _removals(verdicts: list[Verdict]) -> Iterator[FileChange]:
    """The variables go, `env` by `env`."""
    holders: dict[tuple[str, Route], list[Verdict]] = {}
    for verdict in verdicts:
        holders.setdefault((verdict.workflow.path, verdict.variable.holder), []).append(verdict)
    for own in holders.values():
        yield _removal(own[0].workflow, [verdict.variable for verdict in own])


def _removal(workflow: Workflow, variables: list[Variable]) -> FileChange:
    """The variables go from their `env`; the `env` goes when nothing is left in it."""
    holder = variables[0].holder
    env = workflow.document.root.at((*holder, "env"))
    names = tuple(variable.name for variable in variables)
    if env is not None and set(env.keys) == set(names):
        return FileChange(workflow.path, RemoveKeys(holder, ("env",)))
    return FileChange(workflow.path, RemoveKeys((*holder, "env"), names))
