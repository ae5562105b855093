"""The rule `token-leak`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tp_fix.change import RemoveItem, ReplaceInScalar
from tp_fix.models.leak.leaks import IDENTITY
from tp_fix.models.leak.log import StepLeak, leaks_of
from tp_fix.models.model import Model
from tp_fix.models.running.cut import line_spans, says_nothing_else, why_step_stays
from tp_fix.models.workflow import Job, Step
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule

FORMS = {
    "whole": "{}",
    "part": "a part or an encoding of {}",
    "length": "the length of {}",
    "environment": "all variables, {} among them",
}
LONGEST = 60
SUBJECT = "keep npm credentials out of the log"


@rule("token-leak", precedence=40)
def token_leak(model: Model) -> Iterator[Finding]:
    """A script must not print a credential, a part of it or its length.

    People print a token to see why a publish fails. Logs are read by everyone who may read the repository, kept for
    months and copied into issues. GitHub hides a secret in them only where all of it stands in one piece: its first
    characters, its Base64, its letters one by one pass. An identity token is never hidden, as it is no secret that
    GitHub knows; until it expires, whoever reads it can publish with it. A token that was shown has to be revoked.

    ## What is found

    In the scripts of every job, whether it publishes or not:

    - `echo`, `printf`, `cat <<<` and the like with an npm credential: a variable of `env:` or `${{ secrets.NPM_… }}`,
      also through other variables, `$(…)`, pipes (`| base64`, `| cut -c1-4`) and `tee`;
    - `cat` of an `.npmrc` that a step before has written a token into;
    - `env`, `printenv`, `set` or `export -p` where a credential is among the variables;
    - `node -e "console.log(process.env.NPM_TOKEN)"`, also in `actions/github-script`;
    - `set -x`, or a shell started with `-x`, in front of commands that name a credential;
    - the identity token: `$ACTIONS_ID_TOKEN_REQUEST_TOKEN`, `$NPM_ID_TOKEN`, and the answer of a request to
      `$ACTIONS_ID_TOKEN_REQUEST_URL`.

    A length alone, and a variable that nothing here sets, are warnings; the others are errors.

    ## What the fix does

    The line goes, with its whole statement; the step goes when nothing else would stay in it. This is safe where
    the statement only prints, stands on lines of its own at the script's top level, and nothing depends on how it
    ends. A request for an identity token goes with `--unsafe`: it may be there to see whether there is one; so does
    a search (`| grep npm_`), which fails where it finds nothing. In a condition, a loop, a function, a chain of
    `&&`, with `${X:?}`, or beside a program that does more than print, it is shown and left to a person.

    ## What it leaves alone

    A token that goes into a file or another program's input (`> .npmrc`, `| docker login --password-stdin`), the
    command `::add-mask::`, tests like `[ -z "$NPM_TOKEN" ]`, `${NPM_TOKEN:+set}`, the variable's name as text, the
    claims of a decoded identity token, `npm config list`, which shows `(protected)`, and credentials of other
    services, GITHUB_TOKEN among them.

    Source: GitHub's documentation on masking; actions/runner, SecretMasker; npm 11.19.1 for `npm config list`.
    """
    for workflow in model.repository.workflows.values():
        for job in workflow.jobs:
            yield from _in_job(job)


def _in_job(job: Job) -> Iterator[Finding]:
    found = list(leaks_of(job))
    by_step = {index: list(group) for index, group in groupby(found, key=lambda leak: leak.step.index)}
    hollow = [leaks[0].step for leaks in by_step.values() if _empties(leaks)]
    for leaks in by_step.values():
        step = leaks[0].step
        if step in hollow:
            yield _finding(leaks, _without_step(step, leaks, hollow))
            continue
        ways = {(leak.leak.stays, leak.leak.assumed) for leak in leaks}
        for way in sorted(ways):
            same = [leak for leak in leaks if (leak.leak.stays, leak.leak.assumed) == way]
            yield _finding(same, _without_lines(step, same, *way))


def _empties(leaks: list[StepLeak]) -> bool:
    """Whether a step does nothing else than print credentials."""
    removable = [leak.leak.span for leak in leaks if not leak.leak.stays]
    return leaks[0].step.run is not None and says_nothing_else(leaks[0].step, removable)


def _without_step(step: Step, leaks: list[StepLeak], hollow: list[Step]) -> Fix:
    title = f"take out step `{step.label}`, which does nothing else"
    path = step.job.workflow.path
    assumed = "; ".join(dict.fromkeys(leak.leak.assumed for leak in leaks if leak.leak.assumed))
    change = (FileChange(path, RemoveItem(step.route)),)
    if reason := why_step_stays(step, hollow):
        return Fix(title, (), Applicability.DISPLAY, reason)
    return Fix(title, change, Applicability.UNSAFE if assumed else Applicability.SAFE, assumed, SUBJECT)


def _without_lines(step: Step, leaks: list[StepLeak], stays: str, assumed: str) -> Fix:
    spans = line_spans(step, [leak.leak.span for leak in leaks])
    many = "lines" if len(leaks) > 1 else "line"
    title = f"take the {many} out of step `{step.label}`"
    if stays:
        return Fix(title, (), Applicability.DISPLAY, stays)
    path = step.job.workflow.path
    changes = tuple(FileChange(path, ReplaceInScalar((*step.route, "run"), span, "")) for span in reversed(spans))
    return Fix(title, changes, Applicability.UNSAFE if assumed else Applicability.SAFE, assumed, SUBJECT)


def _finding(leaks: list[StepLeak], fix: Fix) -> Finding:
    step = leaks[0].step
    said = ", ".join(dict.fromkeys(_said(leak) for leak in leaks))
    names = [shown.what for leak in leaks for shown in leak.leak.shown]
    known = [leak for leak in leaks if leak.known]
    serious = any(shown.form != "length" for leak in known for shown in leak.leak.shown)
    unset = "" if known else f"; nothing here sets {names[0]}, but something may"
    hidden = _hidden(names, serious or not known)
    key = "run" if step.run is not None else "with"
    message = f"step `{step.label}` {said}: {hidden}{unset}"
    return Finding(
        "token-leak", "error" if serious else "warning", step.job.workflow.path, (*step.route, key), message, fix
    )


def _hidden(names: list[str], serious: bool) -> str:
    if not serious:
        return "GitHub does not hide that, and nobody needs it"
    if set(names) == {IDENTITY}:
        return "GitHub does not hide it, and until it expires whoever reads the log can use it"
    return "GitHub hides only the whole value, no part, encoding or length of it; if it ran, revoke the token"


def _said(found: StepLeak) -> str:
    leak = found.leak
    what = " and ".join(dict.fromkeys(FORMS[shown.form].format(shown.what) for shown in leak.shown))
    line = " ".join((found.step.run or "")[slice(*leak.span)].split())
    line = line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
    by = f" (`{line}`)" if line else ""
    return f"traces commands that name {what}{by}" if leak.traced else f"prints {what}{by}"
