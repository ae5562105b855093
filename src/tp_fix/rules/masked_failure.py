"""The rule `masked-failure`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import RemoveKeys
from tp_fix.models.model import Model
from tp_fix.models.publishing.masked import (
    InScript,
    Mask,
    allowed_to_fail,
    mask_in_step,
    masked_in_scripts,
    silenced_in_step,
)
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.workflow import Job
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule
from tp_fix.rules.masked_failure_fix import fix_in_script, fix_in_step

ID = "masked-failure"
LONGEST = 40


@rule(ID, precedence=35)
def masked_failure(model: Model) -> Iterator[Finding]:
    """A publish that fails must make its job fail.

    Trusted publishing is set up on npm's side, in another place than the workflow, and what is wrong there shows in
    one way only: the publish fails. Where a script hides that, the run is green and nothing was released. As long as
    a token is left beside it, the release may even go on with the token, and end on the day on which that one expires.

    ## What is found

    - a pipe behind a publish (`npm publish | tee log`) in a shell without `pipefail`: a script without `shell:` runs
      with `bash -e`, which takes the exit status of a pipe's last command; `shell: bash` has `pipefail`, `sh` has not;
    - `|| true`, `|| echo …` and the like, also `|| exit 0`, and `|| continue` in a loop;
    - an `&&` list with more commands behind the publish that is not the script's last statement: `-e` does not stop
      there;
    - an `if` around the publish that, when it fails, does nothing or only prints;
    - statements behind it in a shell without `-e`, as after `set +e`;
    - `npm publish &` for which nobody waits; `export X=$(npm publish)`, which ends as `export` does;
    - `continue-on-error: true` on the step or the job, and no `steps.ID.outcome` that is looked at;
    - the first five in package scripts that a workflow runs; they are run by `sh -c`, which does not stop at all;
    - as a note, messages that go to /dev/null: such a publish fails without a word.

    ## What the fix does

    A pipe gets `pipefail`. Where no other pipe stands in the script, the step gets `shell: bash`; where all others
    stand before it, a line `set -o pipefail` in front of it, so that they do what they did. This is safe where
    the runner is GitHub's own and nothing but `tee` and `cat` stands behind the publish: `head` and `grep -q`, for
    example, end early, and would then break a publish that went well. Anything else is shown only: another pipe that
    would begin to fail too, a shell that somebody chose, a container, a file of `tee` that is read later on.

    `|| true` is mostly there on purpose, to get past a version that npm has already. So it is taken away with
    `--unsafe` only where a release or a tag alone starts the workflow and the publish is the only one of its step;
    in all other places, and for `|| echo …` and `continue-on-error`, the fix is for display. A condition is left to a
    person altogether.

    ## What it leaves alone

    `|| exit 1`, `|| { echo failed; exit 1; }`, another try (`|| (sleep 5 && npm publish)`, `until npm publish`), any
    program that tp-fix does not know and which may tell somebody, a status that is looked at (`$?`, `PIPESTATUS`) or
    kept in a variable or in `$GITHUB_OUTPUT`; dry runs and publishes to other registries; scripts for other shells than
    bash and sh.

    Source: the bash manual, `set`; actions/runner ScriptHandlerHelpers.cs; every form was run. Checked 2026-11-23.
    """
    seen: set[tuple[str, Route]] = set()
    for publication in model.publications:
        mask = mask_in_step(publication)
        path, route = publication.workflow.path, (*publication.route, "run")
        if mask is not None:
            yield Finding(ID, "warning", path, route, _said(publication, mask), fix_in_step(publication, mask, model))
        elif silenced_in_step(publication):
            said = f"the messages of `{_short(publication.command)}` go to /dev/null: nobody learns why it fails"
            yield Finding(ID, "note", path, route, said)
        finding = _allowed(publication)
        if finding is not None and (finding.path, finding.route) not in seen:
            seen.add((finding.path, finding.route))
            yield finding
    for found in masked_in_scripts(model):
        yield _in_script(found)


def _said(publication: Publication, mask: Mask) -> str:
    return _message(_short(publication.command), mask, publication.step.run or "")


def _in_script(found: InScript) -> Finding:
    text = found.package.scripts[found.name]
    command = _short(found.publish.command)
    said = f"script `{found.name}`: {_message(command, found.mask, text)}"
    return Finding(ID, "warning", found.package.path, ("scripts", found.name), said, fix_in_script(found))


def _message(command: str, mask: Mask, text: str) -> str:
    """What hides a failure of a command, as a sentence."""
    if mask.kind == "or":
        return f"a failure of `{command}` is hidden by `{_short(text[slice(*mask.span)])}` behind it"
    if mask.kind == "pipe":
        last = mask.stages[-1][0] if mask.stages[-1] else "its last command"
        return f"a failure of `{command}` is hidden by the pipe: without `pipefail` it ends as `{last}` does"
    if mask.kind == "and":
        return f"when `{command}` fails, the script goes on: `-e` stops it for the last command of an `&&` list only"
    if mask.kind == "condition":
        return f"a failure of `{command}` is hidden: the `if` around it then does nothing, or only prints"
    if mask.kind == "background":
        return f"a failure of `{command}` is hidden by the `&` behind it: nobody asks how it ends"
    if mask.kind == "value":
        return f"a failure of `{command}` is hidden: how `$(…)` ends does not matter to the command around it"
    return f"when `{command}` fails, the script goes on: its shell does not stop at a command that fails"


def _allowed(publication: Publication) -> Finding | None:
    """What `continue-on-error` hides."""
    holder = allowed_to_fail(publication.step)
    if holder is None:
        return None
    path = holder.workflow.path if isinstance(holder, Job) else holder.job.workflow.path
    what = f"job `{holder.id}`" if isinstance(holder, Job) else f"step `{holder.label}`"
    said = f"a failure of `{_short(publication.command)}` is hidden by `continue-on-error: true` of {what}"
    change = FileChange(path, RemoveKeys(holder.route, ("continue-on-error",)))
    reason = "it may be there to get past a version that npm has already"
    fix = Fix(f"take `continue-on-error` from {what}", (change,), Applicability.DISPLAY, reason)
    return Finding(ID, "warning", path, (*holder.route, "continue-on-error"), said, fix)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
