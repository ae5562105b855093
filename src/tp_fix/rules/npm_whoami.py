"""The rule `npm-whoami`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.model import Model
from tp_fix.models.token.whoami import Question, questions_in
from tp_fix.rule import Applicability, FileChange, Finding, Fix, Severity, rule


@rule("npm-whoami", precedence=45, stage="drop")
def npm_whoami(model: Model) -> Iterator[Finding]:
    """A job that publishes over OIDC must not ask the registry who is logged in: nobody is.

    npm exchanges its identity for a token only while it publishes, and for that publish alone. `npm whoami` in front
    of it was a fair check of a token; without one it fails with ENEEDAUTH, and the release with it, although the
    publish would have worked. pnpm 11 has no `whoami` at all.

    ## What is found

    `npm whoami`, `pnpm whoami` and `yarn npm whoami` in jobs that publish to npm's public registry, also behind
    package scripts: an error where no npm credential is in sight and the job has an identity, for then it fails
    already; a warning where a token is still there and the question would fail as soon as somebody takes it away.
    Where `npm-token` takes the token away, it takes the question with it, and this rule says nothing.

    ## What the fix does

    The statement goes, and the step when nothing else is in it. This is safe where it stands on lines of its own,
    nothing reads what it says, all that the job publishes is ready for OIDC, and everything that runs before it is
    known not to log in. In a pipe, in `$(…)`, in a list with something else, and in a package script it is shown.

    ## What it leaves alone

    A question to another registry, one that may fail (`|| true`, `continue-on-error`), `npm ping`, and jobs whose token
    stays for a reason: `npm dist-tag` beside the publish, a runner that is not GitHub's.

    Source: npm 11.5.1 to 12.2.0, `npm whoami` without a login, 2026-11-22; npm's documentation of trusted publishing.
    """
    for workflow in model.repository.workflows.values():
        for question in questions_in(workflow, model):
            yield _finding(question)


def _finding(question: Question) -> Finding:
    step = question.step
    what = " and ".join(f"`{text}`" for text in question.texts)
    when = "no npm token is here, so it fails" if question.now else "it fails as soon as the token is gone"
    message = f"step `{step.label}` asks who is logged in ({what}): {when}, as with OIDC nobody is"
    path = step.job.workflow.path
    severity: Severity = "error" if question.now else "warning"
    return Finding("npm-whoami", severity, path, (*step.route, "run"), message, _fix(question))


def _fix(question: Question) -> Fix:
    step, whole = question.step, bool(question.taking.steps)
    title = f"take out step `{step.label}`" if whole else f"take the question out of step `{step.label}`"
    if question.stays:
        return Fix(title, (), Applicability.DISPLAY, question.stays)
    changes = tuple(FileChange(path, change) for path, change in question.taking.changes)
    return Fix(title, changes, Applicability.SAFE, "", "publish without asking who is logged in")
