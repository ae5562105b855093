"""The rule `release-tool`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.facts.clients import MINIMA, dotted
from tp_fix.facts.publishers.clients import PNPM_11, PNPM_BROKEN
from tp_fix.facts.tables import GENERATORS, NO_PUBLISHERS, PUBLISHERS, TOOL_ENGINES, TOOL_NEWEST
from tp_fix.models.client.manager_at import folder_at, manager_at
from tp_fix.models.grants import grant_of
from tp_fix.models.installed.known import Known
from tp_fix.models.model import Model
from tp_fix.models.npmrc import CREDENTIALS
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.running.composite import outermost, steps_before
from tp_fix.models.token.credentials import tokens_at, writes_token
from tp_fix.models.token.token_names import token_inputs
from tp_fix.models.tool.lacking import variable_unset
from tp_fix.models.tool.on_node import Mismatch, mismatch
from tp_fix.models.tool.tools import ToolRun, below
from tp_fix.models.versions.versions import from_on
from tp_fix.models.workflow import Step, Workflow
from tp_fix.node import Route
from tp_fix.rule import Applicability, Finding, Fix, Severity, rule
from tp_fix.rules.release_tool_fix import fix_of, raised, variable_set

LONGEST = 60
"""Characters of a command in a message."""
NEEDING = {"yarn": "Yarn", "pnpm stage": "pnpm"}
"""Commands that want a version of their tool whatever else publishes, and the tool's name."""
BROKEN, MENDED = from_on(*PNPM_BROKEN), PNPM_BROKEN[1]


@rule("release-tool", precedence=45, tables=(PUBLISHERS, NO_PUBLISHERS, GENERATORS, TOOL_ENGINES, TOOL_NEWEST))
def release_tool(model: Model) -> Iterator[Finding]:
    """The tool that releases must be one that can publish over OIDC.

    Tools that publish by themselves have to learn trusted publishing by themselves: semantic-release did with 25.0.1,
    lerna with 9.0.0, Yarn with 4.10.3, pnpm 11 with 11.0.7, `JS-DevTools/npm-publish` with v4.1.0. Older ones want a
    token whatever the workflow grants, so a release from which the token has been taken fails. A newer npm does not
    help them.

    ## What is found

    Steps that publish to npm's public registry with a release tool, by its action, a command, a package script or a
    shell script:

    - a tool that is known to be too old: an error where the job has `id-token: write` and no token is in sight, as that
      release fails; else a warning;
    - a tool that has no OIDC in any version: Yarn Classic, bun, a few actions; or of which nobody knows;
    - publib, which publishes with a token unless `NPM_TRUSTED_PUBLISHER` is set;
    - a tool that does not run on the Node that its step finds;
    - `changesets/action` before v1.7.0, which writes the word `undefined` for a token where none is set, and
      `MetaMask/action-npm-publish` before v6.2.1, which hands Yarn a token that it prefers to OIDC;
    - a tool whose version cannot be known from the files, as a note that says what would settle it;
    - a workflow that projen, dist or another program writes, as a note that says what to change in its place. No rule
      edits such a file.

    The version is that of the command (`npx lerna@8`), of an install in an earlier step, of the lock file (of npm,
    pnpm, Yarn and bun), of `packageManager`, or of the range in package.json where no lock file pins it. `@latest`, a
    branch and a commit without its release in a comment prove nothing.

    ## What the fix does

    An action is moved to a newer release in the manner of its pin, `@v3` to `@v4`, `@v3.1.0` to the newest full
    release, a commit with its comment to the commit of that release. That is safe where no input, output or default
    means something else there, on GitHub's own runners: `JS-DevTools/npm-publish` from v2 on, `changesets/action`
    within v1 where its commands have neither quotes nor several lines. `cycjimmy/semantic-release-action` v4 and v5
    bring semantic-release 24 or older, so v6 asks for `--unsafe`. All other moves are only shown, with what changes:
    `changesets/action` never goes from v1 to v2 by machine.

    `yarn publish` of Yarn Classic becomes `npm publish`, with `--access` and `--tag` as they are: that asks for
    `--unsafe`, as npm may pack other files. It is only shown where the command has other options or is part of a larger
    one, without setup-node, in a workspace, and where a .yarnrc, a .yarnignore or a script `prepublish` counts for Yarn
    only. publib gets its variable once nothing else is lacking, as it forgets its token then; that is safe.

    A package is never raised here, as package.json and the lock file have to change together: the fix is shown with
    the command for the repository's package manager.

    ## What it leaves alone

    Dry runs; an npm that is too old behind changesets, nx and other tools that hand over to it, which `npm-version` is
    about; semantic-release without its npm plugin; packages that go to another registry, and private ones.

    Source: the release notes and sources of the tools; lerna, pnpm, Yarn and bun run against a registry, 2026-11-22.
    """
    seen: set[tuple[str, Route, str]] = set()
    for workflow in model.repository.workflows.values():
        for finding in _in_workflow(workflow, model):
            key = (finding.path, finding.route, finding.message)  # what a composite action runs has many users
            if key not in seen:
                seen.add(key)
                yield finding


def _in_workflow(workflow: Workflow, model: Model) -> Iterator[Finding]:
    for publication in model.published_in(workflow):
        if publication.run is not None:
            yield from _of_tool(publication.run, model)
        else:
            yield from _of_manager(publication, model)
    yield from _of_generator(workflow, model)


def _of_generator(workflow: Workflow, model: Model) -> Iterator[Finding]:
    """Where to turn with a workflow that a program writes, once for all that it publishes."""
    for publication in model.published_in(workflow):
        if publication.ready is False and publication.generated:
            said = f"{publication.what} cannot be moved by an edit: {publication.generated}"
            yield _finding(publication.step, "note", said)
            return


def _of_tool(run: ToolRun, model: Model) -> Iterator[Finding]:
    publisher, oidc = run.publisher, run.publisher.oidc
    own = run.step.uses is not None and not run.package and not run.old
    what, why = (run.why, "") if own else (run.command, f": {run.why}")
    comes = f", which comes with {below(run)}" if below(run) else ""
    if run.new_enough is False:
        said = f"{what} publishes without OIDC{comes}{why if comes else ''}"
        yield _finding(run.step, _severity(run.step, model), said, fix_of(run, model))
    elif run.new_enough is None and publisher.advice.lacking:
        yield _finding(run.step, "note", f"{run.command}: {publisher.advice.lacking}")
    elif run.new_enough is None:
        yield _finding(run.step, "note", f"{what} may publish without OIDC{comes}{why}: {_settling(run)}")
    elif oidc.advised is not None and run.known.at_least(oidc.advised[0]) is False:
        advised, does = oidc.advised
        said = f"{run.why} {does}; v{dotted(advised)} does not"
        yield _finding(run.step, "warning", said, raised(run.step, publisher))
    elif oidc.variable and variable_unset(run) is True:
        said = f"{run.command} publishes with a token: {oidc.variable}, which {publisher.name} goes by, is not set"
        yield _finding(run.step, _severity(run.step, model), said, variable_set(run, model))
    elif run.step.uses is None:
        since = oidc.since or (0, 0, 0)
        found = mismatch(run.step, run.offset, run.known, since, oidc.nodes, model.repository)
        yield from _on_node(run.step, run.command, run.why, found)


def _of_manager(publication: Publication, model: Model) -> Iterator[Finding]:
    """pnpm and Yarn themselves, where they are known not to do."""
    step, tool = publication.within, publication.tool.split()[0]
    if tool not in ("pnpm", "yarn") or publication.certain is None:
        return
    folder = folder_at(step, publication.offset) or ""
    known = manager_at(step, publication.offset, tool, folder, model.repository)
    said = f"`{_short(publication.command)}`"
    if tool == "pnpm" and known.within(BROKEN, (MENDED,)):
        said += f" gets its token and then publishes without it: {known.why}, and it was mended in {dotted(MENDED)}"
        yield _finding(step, _severity(step, model), said, _manager_fix("pnpm", known))
    elif publication.tool in NEEDING and known.at_least(MINIMA[publication.tool].version) is False:
        first = f"{NEEDING[publication.tool]} {dotted(MINIMA[publication.tool].version)}"
        needs = f"wants {first}" if tool == "pnpm" else f"publishes without OIDC, which comes with {first}"
        yield _finding(step, _severity(step, model), f"{said} {needs}: {known.why}", _manager_fix(tool, known))
    elif tool == "pnpm":
        found = mismatch(step, publication.offset, known, (0, 0, 0), PNPM_11.oidc.nodes, model.repository)
        yield from _on_node(step, said, known.why, found)


def _short(command: str) -> str:
    return command if len(command) <= LONGEST else command[: LONGEST - 1] + "…"


def _manager_fix(manager: str, known: Known) -> Fix:
    """How a package manager is raised, which writes several files by itself."""
    if manager == "yarn":
        version = dotted(MINIMA["yarn"].version)
        title, command = f"raise Yarn to {version}", f"yarn set version {version}"
        more = "; then take every token away, as Yarn prefers one to OIDC"
    else:
        title, more = "raise pnpm to the newest 11", ""
        command = "corepack use pnpm@11"
    if known.route and known.route[0] == "jobs":
        reason = f"raise it where the job names it, {known.why}: other jobs may have to go along"
    else:
        reason = f"run `{command}`, which changes all that names its version{more}"
    return Fix(title, (), Applicability.DISPLAY, reason)


def _on_node(step: Step, command: str, why: str, found: Mismatch | None) -> Iterator[Finding]:
    if found is None:
        return
    said = f"{command} does not run on {found.node}: {why}, which wants Node {found.wanted.range}"
    yield _finding(step, "error" if found.wanted.refuses else "warning", said)


def _severity(step: Step, model: Model) -> Severity:
    """A release fails that has an identity and no token, with a tool that wants one."""
    granted = grant_of(outermost(step).job, model.repository).granted is True
    return "error" if granted and not _has_token(step, model) else "warning"


def _has_token(step: Step, model: Model) -> bool:
    given = bool(token_inputs(step))
    written = any(
        other.run is not None and writes_token(other.run) for other in (*steps_before(step, model.repository), step)
    )
    settings = (setting for one in model.repository.npmrcs.values() for setting in one)
    kept = any(setting.host and setting.key in CREDENTIALS and not setting.variables for setting in settings)
    return given or written or kept or bool(tokens_at(step))


def _settling(run: ToolRun) -> str:
    """What would make a version known."""
    publisher = run.publisher
    if run.step.uses is not None and not run.package:
        newest = publisher.raising.actions[0].to.tag if publisher.raising.actions else "a release"
        return f"pin a release, such as {newest}"
    if run.known.fresh and not run.known.versions.known:
        return "commit a lock file"
    wanted = publisher.raising.packages[0] if publisher.raising.packages else publisher.name
    return f"name a version, as `{wanted}`" if run.fetched or not run.known.path else f"ask for `{wanted}`"


def _finding(step: Step, severity: Severity, message: str, fix: Fix | None = None) -> Finding:
    route = (*step.route, "uses" if step.uses is not None else "run")
    return Finding("release-tool", severity, step.job.workflow.path, route, message, fix)
