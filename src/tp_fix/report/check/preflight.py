"""What stands on the preflight list, line by line, and the lists of a whole repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tp_fix.facts.registry import is_public, settings_page
from tp_fix.models.grants import grant_of
from tp_fix.models.hosted import sent
from tp_fix.models.hosting import hosted
from tp_fix.models.model import Model
from tp_fix.models.package import Package
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.remedy.remedy import remedy_of
from tp_fix.models.repository import Repository
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import tokens_at
from tp_fix.models.token.reaching import credentials_of
from tp_fix.models.trust.drift import settled
from tp_fix.models.trust.trusted_publisher import started_elsewhere, starts
from tp_fix.models.workflow import Job, text_of
from tp_fix.report.advice import MANY
from tp_fix.report.check.checklist import Checklist, Group, Item, Line, Mark, View, about, line_at, lines_of, others
from tp_fix.rule import Finding

SAY = "say it with --repository OWNER/NAME"
SURE = "make sure with --repository OWNER/NAME"
FOREIGN = frozenset({"pull_request", "pull_request_target", "pull_request_review", "workflow_run", "issue_comment"})
"""Events that other people than the maintainers can cause (facts/actions.md, checked 2026-11-22)."""


def checklists(
    model: Model,
    publications: Iterable[Publication],
    findings: Sequence[Finding],
    rules: Iterable[str],
    unnamed: frozenset[str] = frozenset(),
) -> list[Checklist]:
    """A list for each publication."""
    names = frozenset(rules)
    views = [View(model, found, names, about(found, findings, model), unnamed) for found in publications]
    return [_checklist(view) for view in views]


def _checklist(view: View) -> Checklist:
    publication = view.publication
    groups = (
        Group("npm's form wants", tuple(lines_of(view, FORM))),
        Group("the job needs", (*lines_of(view, JOB), *others(view, (*FORM, *JOB)))),
        Group("only npm and GitHub know", (_provenance(publication), *_npm(publication.names, view.model))),
    )
    return Checklist(publication, None, groups)


def package_checklist(package: Package, repository: Repository) -> Checklist:
    """What can be said of a manifest alone."""
    form = [repository_line(repository, (package,))]
    field = _field((package,), repository, settled=False)
    own = [line for line in (field, _private(package), _destination(package)) if line is not None]
    missing = "none was given: file name, environment, permissions, npm, runner, token and triggers are not judged"
    own.append(Line("workflow", "unknown", missing))
    known = (package.name,) if package.name else ()
    groups = (
        Group("npm's form wants", tuple(form)),
        Group("the package needs", tuple(own)),
        Group("only npm and GitHub know", tuple(_npm(known))),
    )
    return Checklist(None, package, groups)


def beside(findings: Sequence[Finding], lists: Iterable[Checklist], model: Model) -> list[Finding]:
    """The findings that are on none of the lists."""
    publications = [checklist.publication for checklist in lists if checklist.publication is not None]
    told = {id(finding) for publication in publications for finding in about(publication, findings, model)}
    return [finding for finding in findings if id(finding) not in told]


def repository_line(repository: Repository, packages: Iterable[Package]) -> Line:
    """The owner and name that npm must be told."""
    if repository.name and repository.given:
        return Line("repository", "yes", f"`{repository.name}`, as given")
    if repository.name:
        why = f"`{repository.name}`: only the git remote says so, and npm minds the case; {SURE}"
        return Line("repository", "unknown", why)
    said = next((name for package in packages if (name := _owner_and_name(package))), None)
    if said:
        return Line("repository", "unknown", f"`{said}` by package.json, which may be wrong; {SURE}")
    return Line("repository", "unknown", f"OWNER/NAME is not to be seen from here; {SAY}")


def _repository(view: View) -> Line:
    return repository_line(view.repository, view.publication.target.packages or ())


def _workflow_file(view: View) -> Line:
    """npm compares the name of the file that was started: the caller's for a reusable workflow."""
    workflow = view.publication.workflow
    found = {start.path: start for start in starts(workflow, view.repository)}
    names = " or ".join(f"`{start.file_name}`" for start in found.values())
    if any(path in view.unnamed for path in found):
        return Line("workflow file", "unknown", "pasted without its name: npm wants the file's, ending and case alike")
    if foreign := [start for start in found.values() if started_elsewhere(start, view.repository)]:
        why = f"nothing here calls {foreign[0].file_name}, and npm wants the name of the file that does"
        return Line("workflow file", "unknown", why)
    if len(found) > 1:
        why = f"{names}, whichever is started; a package may have to do with one trusted publisher"
        return Line("workflow file", "unknown", why)
    if elsewhere := _elsewhere(view, set(found)):
        why = f"{names}; {elsewhere} publishes it too, and a package may have to do with one trusted publisher"
        return Line("workflow file", "unknown", why)
    start = next(iter(found.values()))
    through = "" if start.path == workflow.path else ", which calls it: not the file that publishes"
    return Line("workflow file", "yes", f"{names}{through}; npm minds the case and `.yml`/`.yaml`")


def _elsewhere(view: View, own: set[str]) -> str:
    """Other files that are started to publish one of the packages; '' without any."""
    names = set(view.publication.names or ())
    same = (publication for publication in view.model.publications if names & set(publication.names or ()))
    found = {start.path: start for other in same for start in starts(other.workflow, view.repository)}
    return " or ".join(f"`{start.file_name}`" for path, start in found.items() if path not in own)


def _environment(view: View) -> Line:
    job = view.publication.step.job
    node = job.node.get("environment")
    name = text_of(node.get("name") if node is not None and node.pairs is not None else node)
    if node is None or not name:
        return Line("environment", "yes", "none: leave the field empty")
    mark: Mark = "unknown" if "${{" in name else "yes"
    said = f"`{name}`, known only at run time" if mark == "unknown" else f"`{name}`, in this case"
    return Line("environment", mark, said, *_at(job, "environment", view))


def _command(view: View) -> Line | None:
    publication = view.publication
    if not publication.doubt:
        return None
    return Line("publish", "unknown", publication.doubt, *_step(view))


def _permissions(view: View) -> Line:
    job = view.publication.step.job
    grant = grant_of(job, view.repository)
    if grant.granted is True:
        return Line("permissions", "yes", "`id-token: write` is in effect", *_permissions_place(job, view))
    mark: Mark = "no" if grant.granted is False else "unknown"
    verb = "is not" if grant.granted is False else "may not be"
    return Line("permissions", mark, f"`id-token: write` {verb} in effect{grant.why}", *_place(job, job.route, view))


def _permissions_place(job: Job, view: View) -> tuple[str, int]:
    return _place(job, job.declared.route if job.declared is not None else job.route, view)


def _client(view: View) -> Line:
    client, tool = view.publication.client, view.publication.tool.split()[0]
    mark: Mark = "unknown" if client.new_enough is None else "yes" if client.new_enough else "no"
    remedy = remedy_of(view.publication) if client.new_enough is not True else None
    return Line(f"{tool} version", mark, f"{client.why}; {remedy.title}" if remedy else client.why, *_step(view))


def _setup_node(view: View) -> Line | None:
    """Which setup-node runs before it; whether it is recent enough is the rule's to say."""
    step = view.publication.step
    found = [other for other in step.job.steps if other.index < step.index and is_setup_node(other)]
    if "setup-node" not in view.rules or not found:
        return None
    uses = re.sub(r"@([0-9a-f]{7})[0-9a-f]{33}$", r"@\1", found[-1].uses or "")
    return Line("setup-node", "yes", f"`{uses}`", *_place(step.job, found[-1].route, view))


def _runner(view: View) -> Line:
    job = view.publication.step.job
    ours = hosted(job)
    labels = ", ".join(job.runner) or "none given"
    mark: Mark = "unknown" if ours is None else "yes" if ours else "no"
    said = {"yes": f"{labels}: GitHub's own", "no": f"{labels}: npm takes GitHub's own runners only"}
    why = said.get(mark, f"{labels}: may be a runner of your own, which npm does not take")
    return Line("runner", mark, why, *_at(job, "runs-on", view))


def _registry(view: View) -> Line:
    registry = view.publication.registry
    if registry.public is None:
        return Line("registry", "unknown", f"may be another than npm's public one ({registry.address})", *_step(view))
    return Line("registry", "yes", "npm's public one")


def _token(view: View) -> Line:
    found = tokens_at(view.publication.within)
    if not found:
        others = [each for each in credentials_of(view.publication, view.repository) if each.source != "github"]
        if others:
            said = " and ".join(dict.fromkeys(f"{each.name or 'a token'} ({each.where})" for each in others))
            return Line("no token", "no", f"{said}: with it a failing exchange goes unnoticed")
        return Line("no token", "yes", "none reaches the publish")
    names = " and ".join(variable.name for variable in found)
    place = _place(view.publication.step.job, found[0].route, view)
    return Line("no token", "no", f"{names}: with it a failing exchange goes unnoticed", *place)


def _triggers(view: View) -> Line:
    events = dict.fromkeys(
        event for start in starts(view.publication.workflow, view.repository) for event in start.events
    )
    said = ", ".join(events) or "none"
    foreign = [event for event in events if event in FOREIGN]
    if not foreign or "publish-trigger" in view.rules:
        return Line("triggers", "yes", said)
    return Line("triggers", "unknown", f"{said}: a condition must keep {' and '.join(foreign)} from publishing")


def _field_line(view: View) -> Line | None:
    packages = view.publication.target.packages
    if packages is None:
        return Line("package.json", "unknown", "its `repository` must name the repository; not to be seen from here")
    return _field(packages, view.repository, settled="repository-url" in view.rules)


def _field(packages: Sequence[Package], repository: Repository, *, settled: bool) -> Line | None:
    """`settled` says that a rule has looked, and found nothing wrong."""
    missing = [package.path for package in packages if not _address(package)]
    if missing:
        more = f" (and in {len(missing) - 1} more)" if missing[1:] else ""
        return Line(
            "package.json", "no", f"`repository` is missing{more}: with provenance npm answers E422", missing[0], 1
        )
    for package in packages:
        address = _address(package)
        if repository.name is None or not (settled or _owner_and_name(package) == repository.name):
            place = (package.path, line_at(repository, package.path, ("repository",)))
            return Line(
                "package.json", "unknown", f"`repository` is `{address}`: npm minds owner, name and case", *place
            )
    return Line("package.json", "yes", f"`repository` names {repository.name}") if packages else None


def _address(package: Package) -> str:
    """`repository` of a manifest, in either spelling; '' without one."""
    field = package.repository
    url = field.get("url") if isinstance(field, dict) else field
    return url if isinstance(url, str) else ""


def _owner_and_name(package: Package) -> str | None:
    found = sent(_address(package))
    return found.name if found else None


def _private(package: Package) -> Line | None:
    if not package.private:
        return None
    return Line("private", "no", "`private` is true: npm never publishes it", package.path, 1)


def _destination(package: Package) -> Line:
    address = package.publish_config.get("registry")
    if not isinstance(address, str) or is_public(address):
        return Line("registry", "yes", "npm's public one, as far as package.json says")
    public = is_public(address)
    return Line("registry", "no" if public is False else "unknown", f"`publishConfig` names {address}", package.path, 1)


def _provenance(publication: Publication) -> Line:
    """Whether npm attests the release: made by itself where repository and package are public (facts/npm.md)."""
    if publication.provenance is False:
        return Line("provenance", "yes", "switched off: nothing is needed for it")
    if publication.provenance:
        return Line("provenance", "unknown", "asked for: from a repository that is not public npm answers E422")
    if publication.tool == "yarn":
        return Line("provenance", "unknown", "Yarn makes none unless told to: `--provenance`")
    return Line("provenance", "unknown", "made where repository and package are public")


def _npm(names: Sequence[str] | None, model: Model | None = None) -> Iterator[Line]:
    """What stands on npm's side, and the page where it stands."""
    many = names is None or len(names) != 1
    first = "must be on npm already: a first release needs a token, or a person"
    yield Line("the packages" if many else "the package", "unknown", f"{'each ' if many else ''}{first}")
    if names and model is not None and set(names) <= settled(model):
        said = ", ".join(dict.fromkeys(model.publishers[name].where for name in names))
        yield Line("trusted publisher", "yes", f"npm has what is needed, says {said}")
        return
    if names is None:
        where = "on the settings page of each package"
    elif len(names) > MANY:
        where = f"on {len(names)} pages like {settings_page(names[0])}"
    else:
        where = "on " + ", ".join(map(settings_page, names)) if names else "on the package's settings page"
    yield Line("trusted publisher", "unknown", f"must be set up {where}")


def _place(job: Job, route: tuple[str | int, ...], view: View) -> tuple[str, int]:
    return job.workflow.path, line_at(view.repository, job.workflow.path, route)


def _at(job: Job, key: str, view: View) -> tuple[str, int]:
    return _place(job, (*job.route, key), view) if key in job.node.keys else _place(job, job.route, view)


def _step(view: View) -> tuple[str, int]:
    return _place(view.publication.step.job, view.publication.route, view)


def _nothing(view: View) -> None:
    """A line that only a finding makes."""


FORM = (
    Item("repository", _repository),
    Item("workflow file", _workflow_file),
    Item("environment", _environment),
)
JOB = (
    Item("publish", _command),
    Item("permissions", _permissions, ("id-token",), decided=True),
    Item("npm version", _client, ("npm-version",), decided=True),
    Item("setup-node", _setup_node, ("setup-node",)),
    Item("runner", _runner, ("self-hosted-runner",), decided=True),
    Item("registry", _registry),
    Item("registry-url", _nothing, ("registry-url",)),
    Item("no token", _token, ("npm-token", "literal-token", "token-leak")),
    Item("triggers", _triggers, ("publish-trigger",)),
    Item("package.json", _field_line, ("repository-url",)),
)
