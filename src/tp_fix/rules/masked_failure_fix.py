"""What makes a publish that fails visible again, and how sure that is: the fixes of the rule `masked-failure`."""

from __future__ import annotations

from tp_fix.change import AddKey, ReplaceInScalar
from tp_fix.models.hosting import hosted
from tp_fix.models.model import Model
from tp_fix.models.publishing.masked import InScript, Mask, called_later, line_of, other_pipes, read_later
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.composite import outermost
from tp_fix.models.workflow import Workflow
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Fix

SUBJECT = "let a release fail that was not published"
NOTHING = ("true", ":")
READERS = ("tee", "cat")
"""They read all that comes, so that nothing ends before the publish does."""
WRITERS = ("echo", "printf")
ON_PURPOSE = "it may be there to get past a version that npm has already"


def fix_in_step(publication: Publication, mask: Mask, model: Model) -> Fix | None:
    """The fix for what a step's script hides; None where a person has to rewrite it."""
    if mask.kind == "pipe":
        return _pipefail(publication, mask)
    shown = _loud(publication.workflow.path, (*publication.route, "run"), publication.step.run or "", mask)
    alone = len(model.published_by(publication.step)) == 1 and publication.step is outermost(publication.step)
    sure = publication.certain is True and publication.registry.public is True
    if shown is None or not shown.title.startswith("take") or not (mask.own and alone and sure):
        return shown
    if not _for_versions(publication.workflow):
        return shown
    reason = "it assumes that no run has to get past a version that npm has already"
    return shown._replace(applicability=Applicability.UNSAFE, reason=reason, subject=SUBJECT)


def fix_in_script(found: InScript) -> Fix | None:
    """The fix for what a package script hides: shown, as people run such scripts by hand too."""
    return _loud(found.package.path, ("scripts", found.name), found.package.scripts[found.name], found.mask)


def _loud(path: str, route: Route, text: str, mask: Mask) -> Fix | None:
    """`|| true` goes, and what only says so is followed by an exit; None for all else."""
    right = text[slice(*mask.right)]
    if mask.kind == "or" and (right in NOTHING or right.startswith("exit")):
        title, change = f"take `{text[slice(*mask.span)].strip()}` away", ReplaceInScalar(route, mask.span, "")
    elif mask.kind == "or" and right.startswith(WRITERS):
        title = f"end with `exit 1` after `{right}`"
        change = ReplaceInScalar(route, mask.right, f"{{ {right}; exit 1; }}")
    else:
        return None
    return Fix(title, (FileChange(path, change),), Applicability.DISPLAY, ON_PURPOSE)


def _for_versions(workflow: Workflow) -> bool:
    """Whether nothing but a release, a tag or a person starts the workflow."""
    push = workflow.events.get("push")
    tags = push is not None and "tags" in push.keys and not {"branches", "branches-ignore"} & set(push.keys)
    return set(workflow.events) <= {"release", "push", "workflow_dispatch"} and ("push" not in workflow.events or tags)


def _pipefail(publication: Publication, mask: Mask) -> Fix:
    step, path = publication.step, publication.workflow.path
    others = other_pipes(step, mask)
    script = step.run or ""
    line = line_of(script, mask) if others and all(other.end <= mask.span.start for other in others) else None
    if line is not None and mask.own:
        title, indent = "set `pipefail` before the publish", script[slice(*line)]
        change = FileChange(path, ReplaceInScalar((*step.route, "run"), line, f"{indent}set -o pipefail\n{indent}"))
    else:
        title = f"run step `{step.label}` with `shell: bash`, which has `pipefail`"
        change = FileChange(path, AddKey(step.route, "shell", "bash"))
    if obstacle := _obstacle(publication, mask, bool(others) and line is None):
        return Fix(title, (change,) if not step.shell else (), Applicability.DISPLAY, obstacle)
    assumptions = list(_assumptions(publication, mask))
    if assumptions:
        return Fix(title, (change,), Applicability.UNSAFE, f"it assumes {'; '.join(assumptions)}", SUBJECT)
    return Fix(title, (change,), Applicability.SAFE, subject=SUBJECT)


def _obstacle(publication: Publication, mask: Mask, more_pipes: bool) -> str:
    """Why `pipefail` may break more than it mends, '' when it cannot."""
    step = publication.step
    if step.shell:
        return f"somebody chose `{step.shell}` for it: see whether it knows `set -o pipefail`"
    if "container" in step.job.node.keys:
        return "whether the job's container has bash is not known"
    if more_pipes:
        return "another pipe of the script would begin to fail too"
    if later := called_later(step, mask):
        return later
    for at, words in enumerate(mask.stages):
        program = words[0] if words else "a group of commands"
        if at != mask.at and program not in (READERS if at > mask.at else WRITERS):
            return f"with `pipefail` the step also fails where `{program}` does, or where it ends before the publish"
    if file := read_later(step, mask):
        return f"`{file}` is read later: that may be what tells of a failure"
    return ""


def _assumptions(publication: Publication, mask: Mask) -> list[str]:
    found = []
    if hosted(publication.step.job) is not True:
        found.append("that the runner has bash")
    if publication.doubt:
        found.append(f"that `{publication.command}` publishes: {publication.doubt}")
    if not mask.own:
        found.append("that the script around the pipe is to learn of a failure")
    return found
