"""The part of `release-tool` that raises an action, or says which command raises a package."""

from __future__ import annotations

import re

from tp_fix.change import AddKey, Change, ReplaceInScalar, SetValue
from tp_fix.facts.publishers.clients import YARN_CLASSIC
from tp_fix.facts.publishers.row import Publisher, Raise
from tp_fix.models.installed.known import Known
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.tool.action_pin import ActionPin, action_pin
from tp_fix.models.tool.classic import npm_in_place
from tp_fix.models.tool.on_node import without
from tp_fix.models.tool.raising import command_for
from tp_fix.models.tool.tools import ToolRun
from tp_fix.models.workflow import Step
from tp_fix.rule import Applicability, FileChange, Fix
from tp_fix.rules.setup_node_bump import Bump, comment_of, on_its_runner, spoken_above

NOT_PLAIN = re.compile(r"""\$\{\{|["'\\]|[^\S ]""")
"""In a command: what two ways of cutting it into words may differ on."""
NO_HALVES = "package.json and the lock file have to change together"


def fix_of(run: ToolRun, model: Model) -> Fix | None:
    """What makes a tool new enough that is known to be too old."""
    publisher = run.publisher
    if publisher is YARN_CLASSIC:
        return _npm_in_place(run, model)
    if publisher.advice.instead:
        reason = "no version of it publishes over OIDC"
        reason += f"; {publisher.advice.hint}" if publisher.advice.hint else ""
        return Fix(f"publish with `{publisher.advice.instead}` in its place", (), Applicability.DISPLAY, reason)
    if run.step.uses is None:
        return _package(run, model)
    if run.old:
        title = f"ask for a newer {run.old} in `extra_plugins`, or for none"
        return Fix(title, (), Applicability.DISPLAY, "which plugins a release has is for a person to choose")
    if run.package:
        wanted = f"{publisher.oidc.since[0]}" if publisher.oidc.since else "a newer one"
        reason = f"its plugins and its configuration may want something else with {run.package} {wanted}"
        return Fix(f"raise `semantic_version` to {wanted}", (), Applicability.DISPLAY, reason)
    return raised(run.step, publisher)


def _npm_in_place(run: ToolRun, model: Model) -> Fix:
    """npm's own publish in the place of Yarn Classic's."""
    found = npm_in_place(run, model.repository)
    title = f"publish with `{found.text or run.publisher.advice.instead}` in its place"
    if found.obstacle:
        return Fix(title, (), Applicability.DISPLAY, f"no version of it publishes over OIDC; {found.obstacle}")
    change = FileChange(run.step.job.workflow.path, ReplaceInScalar((*run.step.route, "run"), found.span, found.text))
    reason = "it assumes that npm packs the files that Yarn packed, and that what is released is newer than `latest`"
    return Fix(title, (change,), Applicability.UNSAFE, reason, "publish with npm in the place of Yarn")


def variable_set(run: ToolRun, model: Model) -> Fix:
    """The variable that makes a tool publish over OIDC; from then on it takes no token."""
    step, name = run.step, run.publisher.oidc.variable
    title = f'set `{name}: "true"` for step `{step.label}`'
    change: Change = AddKey(step.route, "env", {name: "true"})
    if step.node.get("env") is not None:
        change = AddKey((*step.route, "env"), name, "true")
    if name in {variable.name for variable in step.env}:
        change = SetValue((*step.route, "env", name), "true")
    files = (FileChange(step.job.workflow.path, change),)
    if missing := _missing(run, model.published_by(step)):
        return Fix(title, files, Applicability.DISPLAY, f"from then on no token counts, and still missing: {missing}")
    return Fix(title, files, Applicability.SAFE, subject=f"let {run.publisher.name} publish with the job's identity")


def _missing(run: ToolRun, publications: list[Publication]) -> str:
    """What a run lacks besides its variable."""
    own = (publication for publication in publications if publication.run == run)
    return "; ".join(lack.what for publication in own for lack in publication.lacks if lack.topic != "setting")


def raised(step: Step, publisher: Publisher) -> Fix | None:
    """The action in a newer release, in the manner of its pin."""
    pin = action_pin(step, publisher)
    row = _row(pin.known, publisher)
    if row is None:
        return None
    route, name = (*step.route, "uses"), (step.uses or "").partition("@")[0].strip()
    found = _bump(step, pin, row)
    changes = (SetValue(route, f"{name}@{pin.moved(row.to)}"), *found.changes)
    shown = row.to.tag if pin.style == "commit" else pin.moved(row.to)
    title, subject = f"move `{name}` to {shown}", f"move {name} to {shown}"
    files = tuple(FileChange(step.job.workflow.path, change) for change in changes)
    if found.obstacles:
        return Fix(title, files, Applicability.DISPLAY, "; ".join(found.obstacles))
    if found.assumptions:
        return Fix(title, files, Applicability.UNSAFE, "it assumes " + "; ".join(found.assumptions), subject)
    return Fix(title, files, Applicability.SAFE, subject=subject)


def _row(known: Known, publisher: Publisher) -> Raise | None:
    return next((row for row in publisher.raising.actions if known.versions.oldest[0] in row.majors), None)


def _bump(step: Step, pin: ActionPin, row: Raise) -> Bump:
    found = comment_of(step, pin.style, row.to, (*step.route, "uses")) | Bump(obstacles=tuple(spoken_above(step)))
    found |= on_its_runner(step)
    if row.obstacle:
        found |= Bump(obstacles=(row.obstacle,))
    if read_anew := [name for name in row.commands if NOT_PLAIN.search((step.input(name) or "").strip())]:
        what = " and ".join(f"`{name}`" for name in read_anew)
        found |= Bump(obstacles=(f"{row.to.tag} reads quotes and line ends in {what} in another way",))
    return found | Bump(assumptions=(f"that {row.assumption}",) if row.assumption else ())


def _package(run: ToolRun, model: Model) -> Fix:
    publisher = run.publisher
    wanted = publisher.raising.packages[0] if publisher.raising.packages else publisher.name
    title = f"raise {run.old or run.package} to {_range(run, wanted)}"
    command = command_for(run, model.repository)
    parts = [f"run {command}: {NO_HALVES}" if command.startswith("`") else command]
    if not command:
        parts = [f"write `{wanted}` there: what else newer versions want is for a person to see"]
    parts += [_for_node(run, model), publisher.advice.hint]
    return Fix(title, (), Applicability.DISPLAY, "; ".join(filter(None, parts)))


def _range(run: ToolRun, wanted: str) -> str:
    named = {spec.rpartition("@")[0]: spec.rpartition("@")[2] for spec in run.publisher.raising.packages}
    return named.get(run.old or run.package, wanted.rpartition("@")[2])


def _for_node(run: ToolRun, model: Model) -> str:
    """Whether the tool, once raised, would not run on the Node that is there."""
    oidc = run.publisher.oidc
    rows = [row for row in oidc.nodes if oidc.since is not None and row.version <= oidc.since]
    found = without(run.step, run.offset, rows[-1], model.repository) if rows else None
    return f"it then wants Node {found.wanted.range}, and there is {found.node}" if found else ""
