"""What hides that a publish fails: its script goes on or ends well, or its step is allowed to fail."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.facts.printing import HARMLESS, LOGS
from tp_fix.formats.shell_failure import Mask as Mask
from tp_fix.formats.shell_failure import Options, mask_of, options_at, pipes_in, silenced, told
from tp_fix.formats.shell_flow import Stage
from tp_fix.models.model import Model
from tp_fix.models.package import Package
from tp_fix.models.publishing.found import Found, publishes_in
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.publishing.registry import registry_of
from tp_fix.models.running.command import script_of
from tp_fix.models.running.composite import outermost
from tp_fix.models.running.place import placed
from tp_fix.models.running.script import POSIX, Script, commands_of, script_of_step, shell_of
from tp_fix.models.workflow import Job, Step, texts_in
from tp_fix.source import Span

DEFAULT = Options(errexit=True, pipefail=False)
"""`bash -e {0}`, which reads a script without `shell:`, and `sh -e {0}` (S actions/runner, checked 2026-11-23)."""
BASH = Options(errexit=True, pipefail=True)
"""`shell: bash` is `bash --noprofile --norc -eo pipefail {0}` (S actions/runner, checked 2026-11-23)."""
SCRIPT = Options(errexit=False, pipefail=False)
"""npm, pnpm and Yarn run package scripts with `sh -c` (D npm run, checked 2026-11-23)."""
SUMMARY = re.compile(r"[\"']?\$\{?GITHUB_STEP_SUMMARY\}?[\"']?|/dev/null")
OUTCOME = re.compile(r"\bsteps\s*(?:\.\s*|\[\s*')([\w-]+)(?:'\s*\])?\s*\.\s*outcome\b")
SOURCED = re.compile(r"(?:^|[;&|({]|\bthen\b|\bdo\b)\s*(?:\.|source|eval)\s", re.MULTILINE)
"""In a script: commands that are read from somewhere else, and run by the same shell."""
MANY = 50
"""Package scripts that are entered from one step."""


class InScript(NamedTuple):
    """A publish in a package script that a workflow runs, and what hides its failure."""

    package: Package
    name: str
    publish: Found
    mask: Mask


def options_of(step: Step) -> Options | None:
    """How the shell that reads a step's script starts; None for a shell that is not known, or not bash or sh."""
    words = step.shell.split()
    if shell_of(step) not in POSIX:
        return None
    if len(words) < 2:
        return BASH if words == ["bash"] else DEFAULT
    return told(words[1:], Options(errexit=False, pipefail=False))


def mask_in_step(publication: Publication) -> Mask | None:
    """What in the script of its step hides that a publication fails."""
    step, script = publication.step, script_of_step(publication.step)
    options = options_of(step)
    if options is None or script.unread:
        return None
    at = publication.offset
    return mask_of(script.text, at, options_at(script.commands, at, options), is_harmless)


def is_harmless(stage: Stage) -> bool:
    """Whether a command ends well and leaves nothing behind but lines in the log."""
    words = [word.literal for word in stage.words]
    if stage.target and stage.target not in LOGS and not SUMMARY.fullmatch(stage.target):
        return False
    return words in (["exit"], ["exit", "0"]) or bool(words and words[0] in HARMLESS)


def allowed_to_fail(step: Step) -> Step | Job | None:
    """The step or job around a step that goes on when it fails, with nothing in the job that asks how it ended."""
    outer = outermost(step)
    for each in dict.fromkeys((step, outer)):
        if _lenient(each) and not _asked_for(each):
            return each
    return outer.job if _lenient(outer.job) else None


def _lenient(holder: Step | Job) -> bool:
    node = holder.node.get("continue-on-error")
    return node is not None and str(node.value).replace(" ", "").lower() in ("true", "${{true}}")


def _asked_for(step: Step) -> bool:
    """Whether `steps.ID.outcome` is read: the conclusion of such a step is always a success."""
    own = step.node.get("id")
    names = {match[1] for match in OUTCOME.finditer(texts_in(step.job.node))}
    return own is not None and str(own.value) in names


def masked_in_scripts(model: Model) -> Iterator[InScript]:
    """Publishes in package scripts that steps run, those whose failure is hidden there; each script once."""
    seen: set[tuple[str, str]] = set()
    for workflow in model.repository.workflows.values():
        for step in workflow.steps():
            for package, name in _scripts(step, model):
                if (package.path, name) not in seen:
                    seen.add((package.path, name))
                    yield from _in_script(step, package, name, model)


def _in_script(step: Step, package: Package, name: str, model: Model) -> Iterator[InScript]:
    text = package.scripts[name]
    for found in publishes_in(Script(text, commands_of(text)), package.folder):
        elsewhere = registry_of(step, found.publish, package, model.repository).public is False
        if found.publish.dry_run is not False or elsewhere or not found.read:
            continue
        at = found.span.start
        mask = mask_of(text, at, options_at(commands_of(text), at, SCRIPT), is_harmless)
        if mask is not None:  # without `-e` an `&&` list makes no difference
            yield InScript(package, name, found, mask._replace(kind="next") if mask.kind == "and" else mask)


def _scripts(step: Step, model: Model) -> Iterator[tuple[Package, str]]:
    """The package scripts that a step runs in the folders that it goes to, those that they run among them."""
    if step.run is None:
        return
    pending = list(placed(script_of_step(step).commands, step.directory))
    seen: set[tuple[str, str]] = set()
    while pending and len(seen) < MANY:
        command, folder = pending.pop()
        package = model.repository.packages.above(folder) if folder is not None else None
        for name in script_of(command) if package is not None else ():
            if package is None or name not in package.scripts or (package.path, name) in seen:
                continue
            seen.add((package.path, name))
            yield package, name
            pending += placed(commands_of(package.scripts[name]), package.folder)


def silenced_in_step(publication: Publication) -> bool:
    """Whether what a publication says of a failure goes nowhere."""
    script = script_of_step(publication.step)
    return options_of(publication.step) is not None and not script.unread and silenced(script.text, publication.offset)


def other_pipes(step: Step, mask: Mask) -> list[Span]:
    """The pipelines of a step's script but one."""
    return [span for span in pipes_in(step.run or "") if span != mask.span]


def called_later(step: Step, mask: Mask) -> str:
    """What behind the publish may run pipes that stand elsewhere, as a phrase; '' for nothing."""
    script = step.run or ""
    if SOURCED.search(script, mask.span.end):
        return "what the script reads from somewhere else may have pipes that would begin to fail too"
    if any(span.end <= mask.span.start for span in pipes_in(script, functions=True)):
        return "a pipe in a function of the script would begin to fail too"
    return ""


def line_of(script: str, mask: Mask) -> Span | None:
    """The start of the line that a statement begins, up to the statement; None where something stands before it."""
    start = script.rfind("\n", 0, mask.span.start) + 1
    return Span(start, mask.span.start) if not script[start : mask.span.start].strip() else None


def read_later(step: Step, mask: Mask) -> str:
    """A file of `tee`, or a variable with its name, that the job names in another place too; '' for none."""
    text = texts_in(step.job.node)
    for words in mask.stages:
        for word in words[1:] if words[:1] == ("tee",) else ():
            name = word.strip("\"'${}")
            if not word.startswith("-") and name and text.count(name) > (step.run or "")[slice(*mask.span)].count(name):
                return word
            if (end := posixpath.splitext(name)[1]) and f"*{end}" in text:
                return word
    return ""
