"""The rule `registry-url`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from tp_fix.change import SetValue
from tp_fix.facts.registry import is_public, public_host
from tp_fix.models.model import Model
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.tool.semantic_release_runs import runs_semantic_release
from tp_fix.models.workflow import Job, Step
from tp_fix.node import Route
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule
from tp_fix.rules.registry_url_added import missing
from tp_fix.rules.registry_url_removed import forbidden


@rule("registry-url", precedence=30)
def registry_url(model: Model) -> Iterator[Finding]:
    """The registry that setup-node writes down should be npm's own, and stand where it helps.

    npm does not need `registry-url` to publish over OIDC: the exchange works with and without it. It decides how a
    release looks that fails: with it npm says E404, without it ENEEDAUTH. npm's own example for trusted publishing
    sets it, and preflight lists ask for it. semantic-release's documentation forbids it, as the placeholder token that
    comes with it gets in the way there.

    With `registry-url`, setup-node writes an `.npmrc` into a folder of the runner and makes it the user's: one in the
    home folder is read no more. Up to v6 it also puts a placeholder into `NODE_AUTH_TOKEN`. npm sends that with
    every request of the job; public packages install with it, as they do in npm's example, and where the exchange
    fails the log has a notice "Access token expired or revoked". v7 leaves the variable unset.

    ## What is found

    - A setup-node without `registry-url` in front of `npm publish` or `npm stage publish`: a warning where the fix can
      be offered, else a note that says why not. pnpm and Yarn are not asked for it.
    - The address of npm's own registry with plain `http:`, without a scheme, or with a path, which no registry has.
    - npm's own registry in a job that runs semantic-release, the program or `cycjimmy/semantic-release-action`.

    ## What the fix does

    `registry-url` is added where nothing in the job can depend on the user's own `.npmrc`: no step handles npm's
    configuration, no committed `.npmrc` and no `scope` names another registry, no other setup-node has an address,
    neither Yarn Classic nor an npm older than 7 runs, the publish goes to the public registry, no condition stands
    before setup-node, no step looks at `NODE_AUTH_TOKEN`, and no comment of the file speaks of `registry-url`. It asks
    for `--unsafe` where something in the job cannot be read, where a token in `NODE_AUTH_TOKEN` would begin to count,
    and on runners that are not GitHub's, whose user may have an `.npmrc`.

    A wrong address of npm's own registry is put right; that is always safe.

    For semantic-release it is taken out, with the `scope` and `always-auth` that only it gives a meaning. Where
    `NODE_AUTH_TOKEN` reaches the release that is only shown, as the token gets to npm through it, and so is it where a
    comment speaks of it. Where the variable reaches an install, private packages may hang on it, and where the job
    publishes by itself too, that may: a note says so.

    ## What it leaves alone

    Every other registry (GitHub Packages, Artifactory and the like), addresses that are known only at run time, and a
    slash at the end, which is right.

    Source: npm/cli lib/commands/publish.js and npm's documentation; src/authutil.ts of actions/setup-node; the
    documentation of semantic-release.
    """
    for workflow in model.repository.workflows.values():
        publishing = {publication.step.job.id for publication in model.published_in(workflow)}
        for job in workflow.jobs:
            if job.id not in publishing and not _named(job):
                continue
            if any(runs_semantic_release(step, model) for step in job.steps):
                yield from forbidden(job, model)
            elif job.id in publishing:
                yield from _wrong(job)
                yield from missing(job, model)


def _named(job: Job) -> bool:
    """Whether a setup-node of the job names npm's own registry."""
    addresses = (step.input("registry-url") for step in job.steps if is_setup_node(step))
    return any(is_public(address or "") for address in addresses)


def _wrong(job: Job) -> Iterator[Finding]:
    for step in filter(is_setup_node, job.steps):
        address = step.input("registry-url") or ""
        right = _put_right(address)
        if right == address:
            continue
        path, route = job.workflow.path, _route(step)
        message = f"`{address}` is not the address of npm's public registry, which is https and has no path"
        changes = (FileChange(path, SetValue(route, right)),)
        subject = "put the registry address for setup-node right"
        fix = Fix("put `registry-url` right", changes, Applicability.SAFE, subject=subject)
        yield Finding("registry-url", "warning", path, route, message, fix)


def _route(step: Step) -> Route:
    return (*step.route, "with", step.input_key("registry-url"))


def _put_right(address: str) -> str:
    """The public registry's address as it should be; any other address as it is."""
    if is_public(address) is not True:
        return address
    parts = urlsplit(address if "//" in address else f"//{address}")
    if parts.scheme == "https" and parts.path in ("", "/") and not parts.query and not parts.fragment:
        return address
    return f"https://{public_host()}" + ("/" if address.endswith("/") else "")
