"""Who uses an npm credential: everything that a unit reaches, read as far as it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.facts.events import PULL_REQUESTS
from tp_fix.facts.programs import is_build_tool
from tp_fix.facts.publishers import rows_of
from tp_fix.facts.registry import is_public
from tp_fix.facts.runners import call_of
from tp_fix.formats.shell import mentions
from tp_fix.models.installed.berry import is_berry
from tp_fix.models.installed.declared import declarations
from tp_fix.models.model import Model
from tp_fix.models.npmrc import CREDENTIALS
from tp_fix.models.publishing.found import commands_that_publish
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.publications import elsewhere_at
from tp_fix.models.running.calls import calls_of
from tp_fix.models.running.command import npm_upgrade_of
from tp_fix.models.running.composite import InnerStep, flattened, outermost, steps_before
from tp_fix.models.running.walk import Call
from tp_fix.models.setup_node import is_setup_node, pin_of
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.token.dual import same_without_token
from tp_fix.models.token.guards import Guard
from tp_fix.models.token.inner import seen_by
from tp_fix.models.token.statements import Statement, path_of, statements_of, without
from tp_fix.models.token.taking import Taking
from tp_fix.models.token.told import told_of
from tp_fix.models.token.unit import Unit, distinct, publications_in
from tp_fix.models.user_config import other_registry
from tp_fix.models.workflow import Job, Step, Variable
from tp_fix.node import Node, Route

FETCHES = re.compile(r"`(?:npm (?:view|info|show|v|pack|exec|x|i|install|add)\b|npx |bunx |(?:pnpm|yarn) dlx )")
"""Commands that ask the registry for packages by name."""
YARN = re.compile(r"`(?:(?:npx|bunx|corepack)\s+(?:-\S+\s+)*)?yarn\b(?! (?:dlx|npm) )")
PUBLISHING = ("publish", "release")
"""Kinds of calls that fetch nothing but their own client, which is public."""
OTHER_PACKAGES = re.compile(r"\s(?:-p|--package)[\s=]@")
"""In a command of npx and the like: it names packages of a scope besides its program's."""
SETTINGS = re.compile(r"`(?:npm|pnpm|yarn) (?:config|c|set|get|pkg) ")
INLINE = re.compile(r"`node (?:-p|-e|-pe|--print|--eval)\b")
REACHES_OUT = re.compile(
    r"process\.env|child_process|exec|spawn|fetch|https?\b|import|eval\(|require\((?!['\"](?:\./package\.json|fs|path|semver)['\"]\))"
)
"""In a line of JavaScript: signs that it does more than to read a manifest."""
LEAVES_BEHIND = frozenset({"changesets/action v1"})
PROGRAMS = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx", ".json", ".vue", ".svelte")
"""Names of files that a build tool may read."""
CONFIGURATION = re.compile(r"npmrc|userconfig", re.IGNORECASE)
OWN_PUBLISH = re.compile(r"publish(?!Only\b)|release|deploy|registry|npmrc|login|upload|dist-?tag", re.IGNORECASE)
"""In what cannot be read: signs that it is a release of its own."""
MOST_NAMED = 3
"""Commands that an assumption names."""


class Consumers(NamedTuple):
    """`publications` take it to publish; `others` use it, or may; `assumed` are those of whom it is fair to assume not.

    Each of `others` and `assumed` is a phrase for a person; those of `assumed` say what is assumed.
    """

    publications: tuple[Publication, ...]
    assumed: tuple[str, ...]
    others: tuple[str, ...]

    def beside(self, other: Consumers) -> Consumers:
        """Both as one."""
        return Consumers(
            distinct((*self.publications, *other.publications)),
            distinct((*self.assumed, *other.assumed)),
            distinct((*self.others, *other.others)),
        )


class _Reach(NamedTuple):
    """A step that sees a credential, from an offset of its script on. `name` is its variable, '' for a written one."""

    step: Step
    start: int
    name: str
    variable: Variable | None = None


def consumers_of(unit: Unit, taking: Taking, model: Model) -> Consumers:
    """Everything that a unit reaches, what goes with it left out."""
    gone = {step.route for step in taking.steps}
    reaches = [each for each in _reaches(unit, model) if each.step.route not in gone]
    ours = _publications(unit, reaches, model)
    assumed: list[str] = []
    others: list[str] = [*_expressions(unit, gone), *_expressions_inside(unit, reaches)]
    unread: list[str] = []
    fetched: list[str] = []
    for each in reaches:
        for call in _calls(each, unit, model):
            if call.kind == "install" or _fetches(call, model):
                fetched.append(call.what)
                others += _private(call, each.step, model)
            if call.kind == "hooks":
                assumed.append(f"{call.what} do not use it")
            if each.variable is not None:
                others += _yarn(call, each.step, each.variable, model)
            if reason := _use(call, each.name):
                others.append(reason)
            elif _unreadable(call) and _beside_publish(call, each, ours):
                unread.append(call.what)
            elif _unreadable(call):
                others.append(f"{call.what} may use it: what it does cannot be read")
        others += _mentions(each, unit)
        others += _elsewhere(each, ours, model) if each.name else ()
    for variable in unit.variables:
        others += _uncovered(variable, unit, model)
        others += _committed(variable, model)
        others += _unseen_mentions(variable, unit, gone, model)
    others += _secrets_elsewhere(unit, gone)
    others += told_of(unit, ours)
    others += _named_in_files(reaches, model)
    for step, call in ((step, call) for one in ours for step, call in _after_action(one, unit, gone, model)):
        assumed.append(f"no private package is fetched by {call.what}")
        others += _private(call, step, model)
    others += _around(unit, ours, gone, model)
    if fetched:
        assumed.insert(0, f"no private package is fetched by {_listed(fetched)}")
    if unread:
        named = f"{_listed(unread)}, which cannot be read,"
        assumed.append(f"{named} {'does' if len(set(unread)) == 1 else 'do'} not use it")
    assumed += _overwritten(unit, model, others)
    assumed += [each.publisher.advice.assumes for each in ours if each.publisher.advice.assumes]
    assumed += [
        f"{' and '.join(sorted(guard.names))} is set wherever it runs now: the condition goes"
        for guard in _going(unit, gone)
    ]
    others += _on_pull_requests(unit, gone)
    others += same_without_token(unit, ours, model)
    return Consumers(ours, tuple(dict.fromkeys(assumed)), tuple(dict.fromkeys(others)))


def _reaches(unit: Unit, model: Model) -> Iterator[_Reach]:
    for variable in unit.variables:
        for step in seen_by(variable, unit.workflow, model.repository):
            yield _Reach(step, 0, variable.name, variable)
    for each in unit.statements:
        if each.role == "writer":
            later = (step for step in each.step.job.steps if step.index > each.step.index)
            if not each.defines:
                yield _Reach(each.step, each.span.end, "")
            for step in later:
                yield _Reach(step, 0, each.defines)
    for given in unit.inputs:
        yield _Reach(given.step, 0, "")


def _publications(unit: Unit, reaches: list[_Reach], model: Model) -> tuple[Publication, ...]:
    """Those that are reached; where none is, those of the jobs whose release it is that a unit looks after."""
    steps = [*(each.step for each in reaches), *(each.step for each in unit.statements)]
    found = (outermost(step).job for step in steps)
    jobs = {(job.workflow.path, job.id): job for job in found}
    every = [publication for job in jobs.values() for publication in publications_in(job, model)]
    starts = {each.step.key: each.start for each in reversed(reaches)}
    handled = {each.step.key for each in reaches if each.variable is None}
    met = [each for each in every if _meets(each, starts, handled)]
    return distinct([*unit.publications, *(met or every)])


def _meets(publication: Publication, starts: dict[tuple[object, ...], int], handled: set[tuple[object, ...]]) -> bool:
    """Whether a publication comes behind where a credential starts to be seen, be it inside of a composite action."""
    within = publication.within.key
    return (within in starts and publication.offset >= starts[within]) or publication.step.key in handled - {within}


def _calls(reach: _Reach, unit: Unit, model: Model) -> Iterator[Call]:
    """What a step runs that sees the credential, without what goes."""
    going = [each.span for each in unit.statements if each.step == reach.step]
    inputs = [each for each in unit.inputs if each.step == reach.step]
    for call in calls_of(reach.step, model):
        inside = reach.step.run is not None and any(span.start <= call.offset < span.end for span in going)
        early = reach.step.run is not None and call.offset < reach.start
        if not inside and not early and not inputs:
            yield call


def _use(call: Call, name: str) -> str:
    """Why a call may use the credential, '' when it does not."""
    if name and call.kind not in (*PUBLISHING, "install") and mentions(call.text, name):
        return f"{call.what} names {name}"
    return f"{call.what} needs a token" if call.reader is True else ""


def _unreadable(call: Call) -> bool:
    """Whether nobody here can say what a call does with the credential."""
    return call.reader is None and call.kind not in ("install", "hooks") and not _harmless(call)


def _beside_publish(call: Call, reach: _Reach, ours: tuple[Publication, ...]) -> bool:
    """Whether a call is a part of a build, in a package script, behind a publish step that alone has the credential.

    What is called after publishing, or after a registry, may be a publish of its own.
    """
    own = reach.variable is not None and reach.variable.holder == reach.step.route
    publishes = any(publication.within.key == reach.step.key for publication in ours)
    return own and publishes and " in script `" in call.origin and not OWN_PUBLISH.search(call.text)


def _fetches(call: Call, model: Model) -> bool:
    """Whether a command asks the registry for packages that may be private; npx has the project's own from there."""
    if call.command is not None and npm_upgrade_of(call.command) is not None:
        return False
    others = call.kind not in PUBLISHING or OTHER_PACKAGES.search(call.text) is not None
    return others and FETCHES.match(call.what) is not None and not _of_the_project(call, model)


def _of_the_project(call: Call, model: Model) -> bool:
    """Whether npx and the like run a program that a manifest of the project asks for."""
    ran = call_of(call.command) if call.command is not None else None
    if ran is None or ran.version is not None or call.folder is None:
        return False
    packages = [ran.program, *(name for row in rows_of(ran.program) for name in row.by.packages)]
    return any(any(declarations(name, call.folder, model.repository)) for name in packages)


def _listed(phrases: Iterable[str]) -> str:
    """A few of many, each once: `a, b and 3 more`."""
    names = list(dict.fromkeys(phrases))
    *most, last = [*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else [])]
    return f"{', '.join(most)} and {last}" if most else last


def _harmless(call: Call) -> bool:
    """Whether what cannot be read as a whole is read far enough: npm's settings, a line of JavaScript that only reads.

    What they say of the credential's own name is looked at before.
    """
    if SETTINGS.match(call.what):
        return True
    return INLINE.match(call.what) is not None and not REACHES_OUT.search(call.text)


def _mentions(reach: _Reach, unit: Unit) -> Iterator[str]:
    going = [each for each in unit.statements if each.step == reach.step]
    if reach.name and reach.step.run is not None and mentions(without(reach.step.run, going), reach.name):
        yield f"the script of step `{reach.step.label}` names {reach.name}"


def _unseen_mentions(variable: Variable, unit: Unit, gone: set[Route], model: Model) -> Iterator[str]:
    """Other scripts of the job that name the variable without seeing one: most write an .npmrc that names it."""
    seen = seen_by(variable, unit.workflow, model.repository)
    keys = {step.key for step in seen}
    jobs = {(job.workflow.path, job.id): job for job in (outermost(step).job for step in seen)}
    every = (step for job in jobs.values() for step in job.steps if step.route not in gone)
    for step in (inner for one in every for inner in flattened(one, model.repository)):
        going = [each for each in unit.statements if each.step == step]
        unseen = step.key not in keys and variable.name not in visible_at(step)
        if unseen and step.run is not None and mentions(without(step.run, going), variable.name):
            yield f"the script of step `{step.label}` names {variable.name}"


def _private(call: Call, step: Step, model: Model) -> Iterator[str]:
    """Signs that the packages that a command fetches are not all public."""
    path = other_registry(model.repository)
    if path:
        yield f"{call.what} may need it: {path} names another registry"
    for other in step.earlier:
        address = other.input("registry-url") if is_setup_node(other) else None
        if address and is_public(address) is not True:
            yield f"{call.what} may need it: step `{other.label}` names another registry"


def _elsewhere(reach: _Reach, ours: tuple[Publication, ...], model: Model) -> Iterator[str]:
    """Publishing to another registry with the same variable."""
    step = reach.step
    for each in elsewhere_at(step, model.repository):
        if not each.direct:
            yield f"{each.what} publishes to another registry with it"
    if step.run is None:
        return
    offsets = {publication.offset for publication in ours if publication.within.key == step.key}
    for found in commands_that_publish(step):
        if found.span.start not in offsets and found.publish.dry_run is not True:
            yield f"`{' '.join(found.command.split())}` publishes to another registry with it"


def _yarn(call: Call, step: Step, variable: Variable, model: Model) -> Iterator[str]:
    """Yarn Classic stops when an .npmrc names a variable that is not set, whatever it is to do (facts/actions.md).

    A setup-node before v7 sets NODE_AUTH_TOKEN by itself.
    """
    if not YARN.match(call.what) or is_berry(model.repository):
        return
    earlier = steps_before(step, model.repository)
    setups = [other for other in earlier if is_setup_node(other) and other.input("registry-url")]
    placeholder = any((major := pin_of(other).major) is not None and major.placeholder for other in setups)
    unset = variable.name == "NODE_AUTH_TOKEN" and setups and not placeholder
    committed = any(variable.name in line.variables for lines in model.repository.npmrcs.values() for line in lines)
    if committed or unset:
        yield f"{call.what} may stop without it: Yarn wants every variable that its configuration names"


def _secrets_elsewhere(unit: Unit, gone: set[Route]) -> Iterator[str]:
    """A test of the same secret: when the secret is deleted one day, what hangs on it is skipped in silence."""
    workflow = unit.workflow
    root = workflow.document.root
    leaves = {id(leaf) for route in gone if (node := root.at(route)) is not None for leaf in node.leaves()}
    for name in unit.secrets:
        pattern = re.compile(rf"secrets\s*\.\s*{name}(?![\w-])\s*(?:[!=]=|&&|\|\|)", re.IGNORECASE)
        for leaf in workflow.secretive:
            if leaf.text and id(leaf) not in leaves and pattern.search(leaf.text):
                yield f"line {workflow.document.line(leaf)} tests the secret {name}"


def _after_action(publication: Publication, unit: Unit, gone: set[Route], model: Model) -> Iterator[tuple[Step, Call]]:
    """What fetches packages behind an action that leaves its token in the user's .npmrc, as changesets/action does."""
    step = publication.step
    if publication.publisher.name not in LEAVES_BEHIND or not unit.variables:
        return
    for other in step.job.steps:
        if other.index > step.index and other.route not in gone:
            calls = calls_of(other, model)
            yield from ((other, each) for each in calls if each.kind == "install" or FETCHES.match(each.what))


def _named_in_files(reaches: list[_Reach], model: Model) -> Iterator[str]:
    """Tests and settings of build tools that name a variable which their step sees."""
    for name in dict.fromkeys(each.name for each in reaches if each.name and _builds(each, model)):
        files = [path for path in model.repository.naming(name) if path.endswith(PROGRAMS)]
        if files:
            yield f"{files[0]}, which a step may run, names {name}"


def _builds(reach: _Reach, model: Model) -> bool:
    return any(call.command is not None and is_build_tool(call.command) for call in calls_of(reach.step, model))


def _uncovered(variable: Variable, unit: Unit, model: Model) -> Iterator[str]:
    """A variable of the same name further out would come to light, with another credential."""
    for step in seen_by(variable, unit.workflow, model.repository):
        if isinstance(step, InnerStep) and variable in step.env:
            around = visible_at(step.outer).get(variable.name)
            if around is not None and around.value:
                yield f"without it the {variable.name} around step `{step.outer.label}` would count"
            continue
        job = outermost(step).job
        for outer in (*job.env, *job.workflow.env):
            hidden = outer.name == variable.name and len(outer.holder) < len(variable.holder) and outer.value
            if hidden and outer not in unit.variables:
                yield f"without it the {variable.name} of the {'job' if outer.holder else 'workflow'} would count"


def _committed(variable: Variable, model: Model) -> Iterator[str]:
    """A committed configuration that takes the variable for another registry."""
    for path, lines in model.repository.npmrcs.items():
        if any(variable.name in line.variables and line.host and is_public(line.host) is not True for line in lines):
            yield f"{path} takes {variable.name} for another registry"


def _expressions(unit: Unit, gone: set[Route]) -> Iterator[str]:
    """`${{ env.NAME }}` and bare `env.NAME` anywhere a variable is in scope, besides what goes with it."""
    workflow = unit.workflow
    root = workflow.document.root
    texts = _what_stays(unit, gone)
    for variable in unit.variables:
        pattern = _reads(variable)
        holder = root.at(variable.holder)
        for leaf in holder.leaves() if holder is not None else ():
            if leaf.text and pattern.search(texts.get(id(leaf), leaf.text)):
                yield f"line {workflow.document.line(leaf)} reads `env.{variable.name}`"


def _expressions_inside(unit: Unit, reaches: list[_Reach]) -> Iterator[str]:
    """The same in the composite actions that a variable reaches."""
    for each in reaches:
        document = each.step.job.workflow.document
        if isinstance(each.step, InnerStep) and each.variable and document.path != unit.workflow.path:
            for leaf in each.step.node.leaves():
                if leaf.text and _reads(each.variable).search(leaf.text):
                    yield f"line {document.line(leaf)} of {document.path} reads `env.{each.variable.name}`"


def _reads(variable: Variable) -> re.Pattern[str]:
    return re.compile(rf"\benv\s*(?:\.\s*{re.escape(variable.name)}\b|\[)", re.IGNORECASE)


def _what_stays(unit: Unit, gone: set[Route]) -> dict[int, str]:
    """The scalars that lose something with the unit, by identity, each with what is left of it."""
    root = unit.workflow.document.root
    left: dict[int, str] = {}

    def empty(node: Node | None) -> None:
        left.update({id(leaf): "" for leaf in node.leaves()} if node is not None else {})

    for route in gone:
        empty(root.at(route))
    for variable in unit.variables:
        empty(root.at(variable.route))
    for guard in _going(unit, gone):
        empty(guard.step.node.get("if"))
    for step in {each.step.route: each.step for each in unit.statements}.values():
        node = step.node.get("run")
        if node is not None and step.route not in gone:
            left[id(node)] = without(step.run or "", [each for each in unit.statements if each.step == step])
    return left


def _going(unit: Unit, gone: set[Route]) -> list[Guard]:
    return [guard for guard in unit.guards if not guard.stays and guard.step.route not in gone]


def _on_pull_requests(unit: Unit, gone: set[Route]) -> Iterator[str]:
    """A condition on a secret also keeps pull requests of forks out, which have none."""
    if _going(unit, gone) and PULL_REQUESTS & unit.workflow.events.keys():
        yield "its condition keeps pull requests of forks from publishing"


def _around(unit: Unit, ours: tuple[Publication, ...], gone: set[Route], model: Model) -> Iterator[str]:
    """What else in the jobs asks the registry for a login, or handles npm's configuration."""
    jobs: dict[tuple[str, str], Job] = {(each.workflow.path, each.step.job.id): each.step.job for each in ours}
    for step in (step for job in jobs.values() for step in job.steps if step.route not in gone):
        going = [each for each in unit.statements if each.step == step]
        for call in calls_of(step, model):
            if call.kind == "registry" and not any(each.span.start <= call.offset < each.span.end for each in going):
                yield f"{call.what} needs a token"
        if unit.writes and CONFIGURATION.search(_handled(step, going)):
            yield f"step `{step.label}` handles npm's configuration too"


def _handled(step: Step, going: list[Statement]) -> str:
    """What a step says beside the statements that go and those for other registries."""
    if step.run is None:
        inputs = step.node.get("with")
        return "\n".join(str(leaf.value) for leaf in inputs.leaves()) if inputs is not None else ""
    foreign = [each for each in statements_of(step) if each.role == "foreign"]
    return without(step.run, [*going, *foreign])


def _overwritten(unit: Unit, model: Model, others: list[str]) -> Iterator[str]:
    """What stood in a file before a statement wrote it anew comes to count again."""
    for each in (one for one in unit.statements if one.truncates):
        path = path_of(each)
        lines = model.repository.npmrcs.get(path or "", [])
        if any(line.key in CREDENTIALS or line.key.endswith("registry") for line in lines):
            others.append(f"without `{each.text}` the settings of the committed {path} would count")
        elif lines:
            yield f"the settings of the committed {path} may count, which `{each.text}` replaces"
        earlier = (one for step in (*each.step.earlier, each.step) for one in statements_of(step))
        if any(
            one.role == "foreign" and one.target == each.target and one.step.index < each.step.index for one in earlier
        ):
            others.append(f"`{each.text}` also takes away what was written there for another registry")
