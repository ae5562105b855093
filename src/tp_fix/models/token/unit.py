"""Units: what has to go together with an npm credential, or not at all.

A unit is all that hangs together in one file: variables, the statements that write or check them, the conditions on
them, the inputs of actions. `decision.decide` judges all of it as one, and `taking.taking_of` gives its changes. A
credential that is handed on (a secret of a reusable workflow, an input of a composite action) ties units of several
files together: `joint.joints` finds them, with what goes where it is declared and handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.token.asked import asks_elsewhere
from tp_fix.models.token.credentials import SECRET, is_credential, kind_of, reached, tokens_at, visible_at
from tp_fix.models.token.guards import Guard, guard_of
from tp_fix.models.token.inner import outer_tokens
from tp_fix.models.token.inputs import TokenInput, publications_at, token_inputs
from tp_fix.models.token.statements import ENV, Statement, statements_of
from tp_fix.models.token.yarn_sources import sources_of
from tp_fix.models.workflow import Job, Step, Variable, Workflow
from tp_fix.node import Route

Member = Variable | Statement | TokenInput
T = TypeVar("T")


class Unit(NamedTuple):
    """All that goes together. `publications` are those that it serves by another way than those in its own jobs."""

    workflow: Workflow
    variables: tuple[Variable, ...] = ()
    statements: tuple[Statement, ...] = ()
    guards: tuple[Guard, ...] = ()
    inputs: tuple[TokenInput, ...] = ()
    publications: tuple[Publication, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names of the variables that go, those that scripts give the following steps among them."""
        defined = (each.defines for each in self.statements if each.defines)
        return frozenset([*(variable.name for variable in self.variables), *defined])

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that are used for it."""
        values = [each.value.strip() for each in self.variables] + [each.value.strip() for each in self.inputs]
        named = [match[1] for value in values if (match := SECRET.fullmatch(value))]
        return tuple(dict.fromkeys([*named, *(name for each in self.statements for name in sorted(each.secrets))]))

    @property
    def writes(self) -> bool:
        return any(each.role == "writer" for each in self.statements)

    @property
    def is_credential(self) -> bool:
        """Whether a credential is among it: else it only asks for one that comes from nowhere to be seen."""
        return bool(self.variables or self.inputs) or self.writes

    def beside(self, other: Unit) -> Unit:
        """Both as one."""
        return Unit(
            self.workflow,
            distinct((*self.variables, *other.variables)),
            distinct((*self.statements, *other.statements)),
            distinct((*self.guards, *other.guards)),
            distinct((*self.inputs, *other.inputs)),
            distinct((*self.publications, *other.publications)),
        )


def distinct(items: Iterable[T]) -> tuple[T, ...]:
    """Each once, in order; they need not be hashable."""
    found: list[T] = []
    for item in items:
        if item not in found:
            found.append(item)
    return tuple(found)


def units_of(workflow: Workflow, model: Model) -> tuple[Unit, ...]:
    """The units of the jobs that publish to npm's public registry, in the order of what is first in each."""
    return model.once(("units", workflow.path), lambda: tuple(_units(workflow, model)))


def _units(workflow: Workflow, model: Model) -> Iterator[Unit]:
    jobs = [job for job in workflow.jobs if any(publications_in(job, model))]
    statements = [each for job in jobs for step in job.steps for each in _statements(step, model)]
    inputs = [each for job in jobs for step in job.steps for each in token_inputs(step) if publications_at(step, model)]
    variables = _variables(jobs, statements, model)
    members: list[Member] = [*variables, *inputs, *statements]
    for group in _components(members, lambda one, other: _linked(one, other, workflow, model)):
        unit = Unit(
            workflow,
            tuple(each for each in group if isinstance(each, Variable)),
            tuple(each for each in group if isinstance(each, Statement)),
            inputs=tuple(each for each in group if isinstance(each, TokenInput)),
        )
        yield unit._replace(guards=tuple(_guards(unit, jobs, model)))


def _statements(step: Step, model: Model) -> Iterator[Statement]:
    """Those that are about the public registry."""
    for each in statements_of(step):
        elsewhere = each.whoami and asks_elsewhere(step, each.span.start, model.repository)
        if each.role != "foreign" and not elsewhere:
            yield each


def publications_in(job: Job, model: Model) -> Iterator[Publication]:
    """What a job publishes to the public registry, be it by a command or by an action that takes a token."""
    for step in job.steps:
        yield from publications_at(step, model)


def _variables(jobs: Sequence[Job], statements: Sequence[Statement], model: Model) -> list[Variable]:
    """The credentials that reach a publication, or a statement that names them or asks who is logged in."""
    found = [
        variable
        for job in jobs
        for publication in publications_in(job, model)
        for variable in outer_tokens(publication)
    ]
    for each in statements:
        found += [one for one in tokens_at(each.step) if each.whoami or one.name in each.names]
        found += [
            one
            for one in visible_at(each.step).values()
            if one.name in each.names and "secrets" in one.value.lower() and kind_of(one) != "github"
        ]
    derived = [name for one in found for name in ENV.findall(one.value)]
    found += [one for job in jobs for step in job.steps for one in visible_at(step).values() if one.name in derived]
    return [one for one in dict.fromkeys(found) if one.value]


def _components(members: list[Member], linked: Callable[[Member, Member], bool]) -> Iterator[list[Member]]:
    """The members in groups that hang together, in their order."""
    left = list(range(len(members)))
    while left:
        group, pending = [], [left.pop(0)]
        while pending:
            at = pending.pop()
            group.append(at)
            near = [
                other for other in left if linked(members[at], members[other]) or linked(members[other], members[at])
            ]
            left = [other for other in left if other not in near]
            pending += near
        yield [members[at] for at in sorted(group)]


def _linked(one: Member, other: Member, workflow: Workflow, model: Model) -> bool:
    """Whether one cannot go without the other; asked in both directions."""
    if isinstance(one, Statement) and isinstance(other, Statement):
        return one.step.job == other.step.job and _statements_linked(one, other)
    if isinstance(one, Statement) and isinstance(other, Variable):
        return _names(one, other, workflow)
    if isinstance(one, Variable) and isinstance(other, Variable):
        return _variables_linked(one, other, workflow, model)
    return False


def _statements_linked(one: Statement, other: Statement) -> bool:
    if one.step == other.step or (one.defines and one.defines in other.names):
        return True
    if one.role == "remover" and other.role == "writer":
        return True
    if one.whoami and other.role == "writer":
        return True
    return bool(one.secrets & other.secrets or one.names & other.names)


def _names(one: Statement, variable: Variable, workflow: Workflow) -> bool:
    """Whether a statement names a variable that its job sees somewhere, or the secret in it, or uses it for a login."""
    in_job = [step for step in reached(variable, workflow) if step.job == one.step.job]
    if not in_job:
        return False
    secret = SECRET.fullmatch(variable.value.strip())
    if variable.name in one.names or (secret is not None and secret[1] in one.secrets):
        return True
    return one.whoami and any(step == one.step for step in in_job) and is_credential(variable)


def _variables_linked(one: Variable, other: Variable, workflow: Workflow, model: Model) -> bool:
    """Whether one is read from the other, or is the same secret in a step that only checks or writes it."""
    if one.name in ENV.findall(other.value) and _inside(other, one):
        return True
    if _feed_yarn(one, other, workflow, model):
        return True
    checks = workflow.by_route.get(one.holder) if one.value.strip() == other.value.strip() else None
    if checks is None or publications_at(checks, model):
        return False
    serving = any(each.whoami or one.name in each.names for each in statements_of(checks))
    return serving and any(step.job == checks.job for step in reached(other, workflow))


def _feed_yarn(one: Variable, other: Variable, workflow: Workflow, model: Model) -> bool:
    """Whether one publication of Yarn Berry may take its token from either: any that is left keeps it from OIDC."""
    for publication, names in _fed(workflow, model):
        if {one.name, other.name} <= names:
            return all(publication.step in reached(each, workflow) for each in (one, other))
    return False


def _fed(workflow: Workflow, model: Model) -> list[tuple[Publication, frozenset[str]]]:
    """The publications that take a token from Yarn's sources, each with the variables that these name."""

    def found() -> list[tuple[Publication, frozenset[str]]]:
        every = [(each, sources_of(each, model.repository)) for each in model.published_in(workflow)]
        return [
            (each, frozenset(name for one in sources for name in one.variables)) for each, sources in every if sources
        ]

    return model.once(("fed", workflow.path), found)


def _inside(inner: Variable, outer: Variable) -> bool:
    return inner.holder[: len(outer.holder)] == outer.holder


def _guards(unit: Unit, jobs: Sequence[Job], model: Model) -> Iterator[Guard]:
    names = {variable.name for variable in unit.variables}
    going = {each.step.route for each in unit.statements}
    for job in jobs:
        for step in job.steps:
            seen = {variable.name for variable in visible_at(step).values() if variable in unit.variables}
            found = guard_of(step, names & seen)
            if found is not None:
                other = found.stays or ("" if _serves(step, going, model) else "it runs only where the token is set")
                yield found._replace(changes=(), stays=other) if other else found


def _serves(step: Step, going: set[Route], model: Model) -> bool:
    """Whether a step publishes, or handles the credential: other steps keep their condition."""
    return step.route in going or bool(publications_at(step, model))
