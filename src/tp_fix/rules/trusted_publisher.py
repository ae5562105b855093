"""The rule `trusted-publisher`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from tp_fix.facts.trust import PERMISSIONS
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.trust.drift import Drift, What, drifts, stem, unpublished
from tp_fix.models.trust.renaming import FOLDER
from tp_fix.node import Route
from tp_fix.rule import Finding, Severity, rule
from tp_fix.rules.trusted_publisher_fix import fix

NAMED = 3
"""So many packages are named."""
CI = {"gitlab": "GitLab CI", "circleci": "CircleCI"}
REFUSED = "and npm refuses its releases: it compares letter by letter"
Group = list[Drift]


@rule("trusted-publisher", precedence=120)
def trusted_publisher(model: Model) -> Iterator[Finding]:
    """What npm has been told of a package must be what publishes it, letter by letter.

    npm's form takes whatever is typed: repository, workflow file and environment are compared only when a release asks
    for its token, and a difference of one letter's case is answered with a misleading E404. The files that
    `npm trust list NAME --json` prints, given with `--against`, or `[[publisher]]` in tp-fix.toml say what npm has:

        npm trust list left-pad --json > left-pad.json
        tp-fix --against left-pad.json

    A file tells its package by its name; `--against left-pad=list.json` says it. Where nothing is said, this rule has
    nothing to say either.

    ## What is found

    For each package that is published here and that something is said of: another repository, workflow file or
    environment, also if only its case or `.yml` and `.yaml` differ; a path or a list in the place of the file's name,
    which never works; an action that is used and not allowed; a publisher of another CI; no publisher at all. A
    reusable workflow counts by the name of the workflow that calls it, which is the one that npm sees.

    A job with an environment where npm names none is a warning: npm then takes runs from outside of the environment
    too, past its protection rules. Notes tell of publishers that nothing here uses, of packages that nothing here
    publishes, and of what is known only at run time.

    ## What the fix does

    npm's side is never touched: the commands are shown. There is none that edits a publisher, so the old one is
    revoked and a new one made. Two things can be asked for instead, with `--unsafe`:

    - `--prefer renamed-workflow` gives the workflow file the name that npm has. `uses:` of workflows that call it, and
      `paths` and `workflow_run` filters that name it, follow in the same fix. Texts for people, like a badge in a
      README, are named and left. The fix is only shown where something else names the file (a script, CODEOWNERS,
      `gh workflow run`), where it counts its runs, or where npm wants the old name for another package.
    - `--prefer added-environment` gives the job that publishes the environment that npm has. In a reusable workflow
      that is the job there: a job that calls one cannot have an environment.

    ## What it leaves alone

    What is the same. The repository of a clone whose remotes include the one that npm has: it may be a fork.

    Source: npm's documentation on trusted publishers; C npm/cli lib/trust-cmd.js and lib/commands/trust.
    """
    groups: dict[tuple[object, ...], Group] = {}
    for drift in drifts(model):
        groups.setdefault(_alike(drift), []).append(drift)
    for group in groups.values():
        yield _finding(group, model)
    for package, listed in unpublished(model):
        if place := _any_place(package, model.repository):
            said = f"npm has a trusted publisher for {package} ({listed.where}), which nothing here is known to publish"
            yield Finding("trusted-publisher", "note", place, (), said)


def _alike(drift: Drift) -> tuple[object, ...]:
    """What is the same in findings that are told as one: all but the package."""
    have = drift.have._replace(package="", id="", where="") if drift.have else None
    way = (drift.way.workflow, drift.way.environment, drift.way.actions)
    return drift.what, way, have, drift.sure


def _any_place(package: str, repository: Repository) -> str:
    """A file to speak of a package in: its manifest, else a workflow, else another manifest; '' without any."""
    own = [each.path for each in repository.packages.every() if each.name == package]
    return next(filter(repository.editable, (*own, *repository.workflows, *repository.packages.manifests)), "")


def _finding(group: Group, model: Model) -> Finding:
    first = group[0]
    path, route = _place(first, model)
    message = SAID[first.what](first, _about(group), model.repository)
    return Finding("trusted-publisher", _severity(first, model.repository), path, route, message, fix(group, model))


def _place(drift: Drift, model: Model) -> tuple[str, Route]:
    """The file that npm sees for a wrong file name, the job for its environment, else the step that publishes."""
    step = drift.way.publications[0].step
    if drift.what == "workflow" and FOLDER + drift.file in model.repository.workflows:
        return FOLDER + drift.file, ("on",)
    if drift.what in ("environment", "open"):
        key = ("environment",) if step.job.node.get("environment") is not None else ()
        return step.job.workflow.path, (*step.job.route, *key)
    return step.job.workflow.path, step.route


def _severity(drift: Drift, repository: Repository) -> Severity:
    """An error where the release would fail for certain."""
    if drift.what in ("unseen", "unused"):
        return "note"
    known = any(each.certain and each.registry.public for each in drift.way.publications)
    guessed = drift.what == "repository" and not repository.given
    return "warning" if drift.what == "open" or guessed or not (drift.sure and known) else "error"


def _about(group: Group) -> str:
    """The packages, and who says what npm has for them."""
    names = [drift.package for drift in group]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more} ({group[0].where})"


def _file(drift: Drift) -> str:
    """Who publishes, in the words of npm's form."""
    return f"`{drift.file}`" if drift.file else "a workflow that is not here"


def _publishes(drift: Drift) -> str:
    """And what it does, as far as that is known."""
    return f"{_file(drift)} {'publishes it' if drift.sure else 'may publish it'}"


def _none(drift: Drift, about: str, repository: Repository) -> str:
    return f"npm has no trusted publisher for {about}; {_publishes(drift)}"


def _elsewhere(drift: Drift, about: str, repository: Repository) -> str:
    kind = drift.have.kind if drift.have else ""
    return f"npm trusts {CI.get(kind, kind)} to publish {about}; {_publishes(drift)} on GitHub Actions"


def _unlisted(drift: Drift, about: str, repository: Repository) -> str:
    place = f" with environment `{drift.environment}`" if drift.environment else ""
    return f"npm has no trusted publisher for {about} that is {_file(drift)}{place}, which publishes it too"


def _repository(drift: Drift, about: str, repository: Repository) -> str:
    have, name = _had(drift, "repository"), repository.name or ""
    said = "" if repository.given else ", as a remote says (--repository would settle it)"
    return f"npm has repository `{have}` for {about}, and this is `{name}`{said}: {_refused(have, name)}"


def _workflow(drift: Drift, about: str, repository: Repository) -> str:
    have = _had(drift, "workflow")
    return f"npm has workflow `{have}` for {about}, and {_publishes(drift)}{_by(drift)}: {_how(have, drift.file)}"


def _how(have: str, need: str) -> str:
    """What is wrong with the name that npm has."""
    if "," in have or " " in have.strip():
        return "npm takes that for one name, and refuses every release"
    if "/" in have:
        return "npm wants the file's name alone, and with a path refuses every release"
    if have.lower() != need.lower() and stem(have) == stem(need):
        return f"only the ending differs, {REFUSED}"
    return _refused(have, need)


def _refused(have: str, need: str) -> str:
    return f"only the case differs, {REFUSED}" if have.lower() == need.lower() else "npm refuses its releases"


def _by(drift: Drift) -> str:
    """Where the publish is, when the file that npm sees calls it."""
    called = sorted({job.workflow.path for job in drift.jobs})
    if not drift.file or FOLDER + drift.file in called:
        return ""
    return f" by calling {called[0]}, and npm sees the caller"


def _environment(drift: Drift, about: str, repository: Repository) -> str:
    have, job = _had(drift, "environment"), drift.jobs[0].id
    said = f"npm has environment `{have}` for {about}, and job `{job}`, which publishes it, has"
    if not drift.environment:
        return f"{said} none: npm refuses its releases"
    return f"{said} `{drift.environment}`: {_refused(have, drift.environment)}"


def _open(drift: Drift, about: str, repository: Repository) -> str:
    return (
        f"npm has no environment for {about}, and job `{drift.jobs[0].id}`, which publishes it, has "
        f"`{drift.environment}`: a run of {_file(drift)} outside of it, past its protection rules, can publish too"
    )


def _actions(drift: Drift, about: str, repository: Repository) -> str:
    allowed = (drift.have.actions if drift.have else None) or ()
    named = " and ".join(f"`{PERMISSIONS[action].command}`" for action in drift.way.actions if action not in allowed)
    return f"npm does not allow {named} for {about}, which {_file(drift)} runs"


def _unseen(drift: Drift, about: str, repository: Repository) -> str:
    if not drift.file:
        have = _had(drift, "workflow")
        return f"npm has workflow `{have}` for {about}; what publishes it is called from no file here"
    have = _had(drift, "environment")
    return f"npm has environment `{have}` for {about}; which one job `{drift.jobs[0].id}` has, only a run tells"


def _unused(drift: Drift, about: str, repository: Repository) -> str:
    environment = _had(drift, "environment")
    place = f"with environment `{environment}`" if environment else "without an environment"
    return f"npm also trusts workflow `{_had(drift, 'workflow')}` {place} to publish {about}, and nothing here does so"


def _had(drift: Drift, field: Literal["repository", "workflow", "environment"]) -> str:
    return (getattr(drift.have, field) if drift.have else None) or ""


SAID: dict[What, Callable[[Drift, str, Repository], str]] = {
    "none": _none,
    "elsewhere": _elsewhere,
    "unlisted": _unlisted,
    "repository": _repository,
    "workflow": _workflow,
    "environment": _environment,
    "open": _open,
    "actions": _actions,
    "unseen": _unseen,
    "unused": _unused,
}
