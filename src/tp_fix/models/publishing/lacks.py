"""What stands between a publication and OIDC: readiness is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.client.client import Client
from tp_fix.models.grants import grant_of
from tp_fix.models.hindrance.hindrances import hindrances_of
from tp_fix.models.hosting import hosted
from tp_fix.models.publishing.publication import Lack
from tp_fix.models.publishing.registry import Registry
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import outermost
from tp_fix.models.tool.lacking import lacking_of_run
from tp_fix.models.tool.tools import ToolRun
from tp_fix.models.workflow import Step


def lacks_of(
    step: Step, registry: Registry, client: Client, repository: Repository, run: ToolRun | None = None
) -> Iterator[Lack]:
    """What stands between a publication and OIDC. The one place where readiness is decided."""
    job = outermost(step).job
    grant = grant_of(job, repository)
    if grant.granted is not True:
        yield Lack("scope", f"`id-token: write` is not in effect{grant.why}", grant.granted is False)
    lacking = lacking_of_run(run) if run is not None else ()
    yield from (Lack(topic, what, known) for topic, what, known in lacking)
    by_hand = any(topic == "publisher" for topic, _, _ in lacking)
    if run is not None and run.new_enough is not False and not by_hand:
        yield from (Lack("setting", each.what, each.known) for each in hindrances_of(run, repository))
    if client.new_enough is not True and not by_hand:
        yield Lack("client", client.why, client.new_enough is False)
    if registry.public is None:
        yield Lack("registry", f"the registry is not known ({registry.address})", False)
    github_s = hosted(job)
    if github_s is not True:
        labels = ", ".join(job.runner) or "none given"
        yield Lack(
            "runner",
            f"the runner ({labels}) is {'not' if github_s is False else 'perhaps not'} GitHub's own",
            github_s is False,
        )
