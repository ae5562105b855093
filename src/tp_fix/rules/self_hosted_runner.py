"""The rule `self-hosted-runner`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.facts.labels import company_of
from tp_fix.models.hosting import hosted, labels_of
from tp_fix.models.model import Model
from tp_fix.models.workflow import Job
from tp_fix.rule import Finding, rule
from tp_fix.rules.isolated_publish import isolated_publish


@rule("self-hosted-runner", precedence=11)
def self_hosted_runner(model: Model) -> Iterator[Finding]:
    """A job that publishes over trusted publishing has to run on a runner of GitHub's own.

    npm says of self-hosted runners that they are not supported for now. What has been seen is that the exchange
    succeeds and provenance, which npm then attaches by itself, is turned down with E422 `Unsupported GitHub Actions
    runner environment: "self-hosted"`. To GitHub, and so to npm, the runners of other companies are self-hosted too,
    however much their labels look like GitHub's.

    ## What is found

    Every job that publishes to npm's public registry and whose `runs-on` has the label `self-hosted` or one of
    another company's runners: an error. A custom label, a group, an expression that is not a literal matrix of the
    same job: a warning, as GitHub's larger runners have such names too, and nobody can tell from here.

    ## What the fix does

    Nothing by itself. With `--prefer isolated-publish --unsafe` the publish moves into a job of its own on
    `ubuntu-latest`, which gets the packed archive of the old one: `publish-isolation` says how, and when it is only
    shown. The build stays where it was.

    ## What it leaves alone

    Jobs that build and do not publish, wherever they run; other registries.

    Source: npm's documentation of trusted publishing; GitHub's documentation of runner labels; the documentation of
    the companies in tp-fix's table.
    """
    seen: set[tuple[str, str]] = set()
    for publication in model.publications:
        job = publication.step.job
        key = (job.workflow.path, job.id)
        answer = hosted(job)
        if answer is True or key in seen:
            continue
        seen.add(key)
        fix = isolated_publish(publication, model)
        place = (job.workflow.path, (*job.route, "runs-on"))
        if answer is False:
            yield Finding("self-hosted-runner", "error", *place, _said(job), fix)
        else:
            yield Finding("self-hosted-runner", "warning", *place, _doubt(job), fix)


def _said(job: Job) -> str:
    company = next((name for label in labels_of(job) if (name := company_of(label))), None)
    whose = f"{company}'s, self-hosted to npm" if company else "self-hosted"
    return (
        f"job `{job.id}` publishes from a runner that is {whose} ({', '.join(labels_of(job))}): "
        "trusted publishing is not supported there, and its provenance is refused with E422"
    )


def _doubt(job: Job) -> str:
    labels = ", ".join(job.runner) or "nothing given"
    return (
        f"whether job `{job.id}` publishes from a runner of GitHub's cannot be known ({labels}): "
        "npm refuses provenance from any other with E422"
    )
