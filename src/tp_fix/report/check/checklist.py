"""The preflight list: for each publication, what npm has to be told and what the job needs, line by line.

Lines are made of the findings of the rules where a rule speaks about them, and of the models where none does. A rule
that no line is about has a line of its own as soon as it finds something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.models.grants import DEEPEST, callers_of
from tp_fix.models.model import Model
from tp_fix.models.npmrc import is_npmrc
from tp_fix.models.package import Package
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Job
from tp_fix.node import Node, Route
from tp_fix.rule import Finding

MANY = 4
"""Packages that a title names."""
Mark = Literal["yes", "no", "unknown"]


class Line(NamedTuple):
    """One line: what it is about, whether it holds, why in a few words, and where, `line` from 1 or 0 for nowhere."""

    name: str
    mark: Mark
    reason: str
    path: str = ""
    line: int = 0


class Group(NamedTuple):
    """Lines that belong together for the reader."""

    title: str
    lines: tuple[Line, ...]


class Checklist(NamedTuple):
    """The lines of one publication, or of a package that nothing is known to publish: `publication` is None then."""

    publication: Publication | None
    package: Package | None
    groups: tuple[Group, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def path(self) -> str:
        """The workflow; the manifest where there is none."""
        return self.publication.workflow.path if self.publication else self.package.path if self.package else ""

    @property
    def names(self) -> tuple[str, ...] | None:
        """The packages' names; None when they cannot be known."""
        if self.publication is not None:
            return self.publication.names
        return tuple(filter(None, (self.package.name,))) if self.package else None

    @property
    def title(self) -> str:
        names = self.names or ()
        more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
        named = f" of {', '.join(names[:MANY])}{more}" if names else ""
        if self.publication is None:
            return f"{self.path}{named}"
        return f"{self.path}: job `{self.publication.step.job.id}`, `{short(self.publication.command)}`{named}"


def short(text: str, longest: int = 80) -> str:
    """A text on one line, cut where it is longer than that, behind a whole part of it if there is one."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut.rpartition("; ")[0] or cut) + "…"


class Report(NamedTuple):
    """Everything that `tp-fix check` says.

    `notes` hold for all lists, `beside` are findings on none of them, each with its line. `nothing` is what to say
    where there is no list, `pasted` that there was no repository.
    """

    repository: str | None
    lists: tuple[Checklist, ...]
    notes: tuple[Line, ...] = ()
    beside: tuple[tuple[Finding, int], ...] = ()
    problems: tuple[Unreadable, ...] = ()
    nothing: str = ""
    pasted: bool = False


class View(NamedTuple):
    """What a line is made of.

    `rules` are those that ran, `findings` those about this publication; `unnamed` are the workflows whose file name
    nobody said.
    """

    model: Model
    publication: Publication
    rules: frozenset[str]
    findings: tuple[Finding, ...]
    unnamed: frozenset[str] = frozenset()

    @property
    def repository(self) -> Repository:
        return self.model.repository


class Item(NamedTuple):
    """A line to be: the rules whose findings cross it, and what the models say where these are silent.

    `decided` says that the models know better than the findings whether it holds or cannot be known.
    """

    name: str
    own: Callable[[View], Line | None]
    rules: tuple[str, ...] = ()
    decided: bool = False


def lines_of(view: View, items: Iterable[Item]) -> Iterator[Line]:
    """The lines of some items, in their order: a finding each, or what the models say."""
    for item in items:
        found = [finding for finding in view.findings if finding.rule in item.rules]
        own = item.own(view)
        if found and not (item.decided and own is not None):
            yield from _unique(_line(item.name, finding, view.repository) for finding in found)
        elif own is not None:
            yield own


def others(view: View, items: Iterable[Item]) -> Iterator[Line]:
    """Lines for the findings of rules that no item is about."""
    known = {rule for item in items for rule in item.rules}
    left = (finding for finding in view.findings if finding.rule not in known)
    yield from _unique(_line(finding.rule, finding, view.repository) for finding in left)


def _line(name: str, finding: Finding, repository: Repository) -> Line:
    mark: Mark = "unknown" if finding.severity == "note" else "no"
    return Line(name, mark, finding.message, finding.path, line_at(repository, finding.path, finding.route))


def _unique(lines: Iterable[Line]) -> list[Line]:
    """Crossed ones first, and only these where there are some: a note beside a cross helps nobody."""
    found = list(dict.fromkeys(lines))
    return [line for line in found if line.mark == "no"] or found


def line_at(repository: Repository, path: str, route: Route) -> int:
    """The line of the key or item that a route ends with; the first where the file cannot be read so far."""
    try:
        document = repository.document(path)
    except Unreadable:
        return 1
    if not route:
        return 1
    parent, last = document.root.at(route[:-1]), route[-1]
    node: Node | None = None
    if parent is not None:
        node = parent.key(last) if isinstance(last, str) else parent.at((last,))
    return document.line(node) if node is not None else 1


ADVICE = frozenset({"masked-failure", "publish-isolation"})
"""Rules about how safe a release is, and how loud: whether it works does not hang on them, so they cross nothing."""


def about(publication: Publication, findings: Iterable[Finding], model: Model) -> tuple[Finding, ...]:
    """The findings that concern a publication.

    They stand in its step and job, in the jobs that call its workflow, in these workflows' heads, in its packages'
    manifests, or in any .npmrc.
    """
    jobs = {(job.workflow.path, job.id) for job in _jobs(publication.step.job, model.repository)}
    steps = {(other.workflow.path, other.route) for other in model.publications}
    own = (publication.workflow.path, publication.route)
    manifests = {package.path for package in publication.target.packages or ()}
    return tuple(
        finding
        for finding in findings
        if finding.rule not in ADVICE
        and (finding.rule, finding.severity) != ("provenance", "note")  # the list has a line of its own for it
        and (is_npmrc(finding.path) or finding.path in manifests or _near(finding, jobs, steps - {own}, own))
    )


Place = tuple[str, Route]


def _near(finding: Finding, jobs: set[tuple[str, str]], foreign: set[Place], own: Place) -> bool:
    """Whether a finding stands where it can matter; a note on a single step matters to that step alone."""
    path, route = finding.path, finding.route
    if path not in {path for path, _ in jobs}:
        return False
    if route[:1] != ("jobs",) or len(route) < 2:
        return True
    if (path, route[1]) not in jobs:
        return False
    step = (path, route[:4])
    if len(route) < 4 or route[2] != "steps" or step == own:
        return True
    return finding.severity != "note" and step not in foreign


def _jobs(job: Job, repository: Repository, depth: int = 0) -> Iterator[Job]:
    """A job, and those that call its workflow, from level to level."""
    yield job
    if depth < DEEPEST:
        for caller in callers_of(job.workflow, repository):
            yield from _jobs(caller, repository, depth + 1)
