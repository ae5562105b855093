"""The tables that rules rest on, as a person reads them: what, its value, where it comes from, and when it was checked.

A rule names its tables; nothing is read before `tp-fix explain` asks for the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tp_fix.facts.clients import dotted

if TYPE_CHECKING:
    from tp_fix.facts.publishers.row import Publisher

FIRST_NPM_OF_INTEREST = 11
"""From this major of npm on its minors matter; the majors before have no OIDC."""


class Shown(NamedTuple):
    """A row."""

    what: str
    value: str
    source: str
    checked: str


class Table(NamedTuple):
    """A table: its title, and its rows in order."""

    title: str
    rows: Callable[[], Iterator[Shown]]


def _node() -> Iterator[Shown]:
    from tp_fix.facts.node_releases import RELEASES, NodeRelease

    def same(release: NodeRelease) -> tuple[object, ...]:
        kept = 2 if release.npm[0] >= FIRST_NPM_OF_INTEREST else 1
        return release.version[0], release.npm[:kept], release.source, release.checked

    for _, together in groupby(RELEASES, same):
        releases = [*together]
        first, last = releases[0], releases[-1]
        what = dotted(first.version) if first == last else f"{dotted(first.version)} to {dotted(last.version)}"
        npm = dotted(first.npm) if first.npm == last.npm else f"{dotted(first.npm)} to {dotted(last.npm)}"
        yield Shown(f"Node {what}", f"npm {npm}", last.source, last.checked)


def _lts() -> Iterator[Shown]:
    from tp_fix.facts.node_releases import LINES, PLANNED

    for lines, state in ((LINES, "LTS since"), (PLANNED, "planned as LTS for")):
        for line in lines:
            yield Shown(f"Node {line.major}", f"{line.codename}, {state} {line.since}", line.source, line.checked)


def _minima() -> Iterator[Shown]:
    from tp_fix.facts.clients import MINIMA

    for row in MINIMA.values():
        yield Shown(row.tool, f"{dotted(row.version)} or newer", row.source, row.checked)


def _publishers() -> Iterator[Shown]:
    from tp_fix.facts.publishers import ROWS

    for row in ROWS:
        yield Shown(row.name, f"{row.kind}, {_since(row)}", row.source, row.checked)


def _since(row: Publisher) -> str:
    """From which version on a publisher does without a token, and with which client."""
    oidc = row.oidc
    since = [" ".join([*row.by.packages[:1], dotted(oidc.since)])] if oidc.since else []
    since += [f"action v{dotted(oidc.action_since)}"] if oidc.action_since else []
    parts = [f"from {' and '.join(since)}"] if since else []
    parts += [f"through {oidc.through}"] if oidc.through else []
    parts += [f"with `{oidc.variable}`"] if oidc.variable else []
    never = f"never: `{row.advice.instead}`" if row.advice.instead else "not known"
    return ", ".join(parts) or ("publishes nothing by itself" if row.kind == "L" else never)


def _no_publishers() -> Iterator[Shown]:
    from tp_fix.facts.publishers.never import ROWS

    for row in ROWS:
        yield Shown(row.name, row.what, row.source, row.checked)


def _generators() -> Iterator[Shown]:
    from tp_fix.facts.generators import GENERATORS

    for row in GENERATORS:
        yield Shown(row.name, row.instead, row.source, row.checked)


def _engines(wanted: Callable[[str], bool]) -> Iterator[Shown]:
    from tp_fix.facts.clients import ENGINES

    for row in ENGINES:
        if wanted(row.tool):
            yield Shown(f"{row.tool} from {dotted(row.version)}", f"Node {row.node}", row.source, row.checked)


def _newest(wanted: Callable[[str], bool]) -> Iterator[Shown]:
    from tp_fix.facts.clients import NEWEST

    for row in NEWEST:
        if wanted(row.tool):
            yield Shown(f"{row.tool} {row.major}", dotted(row.version), row.source, row.checked)


def _images() -> Iterator[Shown]:
    from tp_fix.facts.runner_images import IMAGES

    for image in IMAGES:
        yarn = f", Yarn {dotted(image.yarn)}" if image.yarn else ""
        cached = f"; cached {' '.join(map(dotted, image.cached))}" if image.cached else ""
        value = f"Node {dotted(image.node)}, npm {dotted(image.npm)}{yarn}{cached}"
        yield Shown(", ".join(image.labels), value, f"{image.source}, {image.version}", image.checked)


def _setup_node_majors() -> Iterator[Shown]:
    from tp_fix.facts.setup_node import MAJORS

    for row in MAJORS.values():
        default = f", sets up Node {row.default_node} when told nothing" if row.default_node else ""
        value = f"runs on Node {row.node}{default}{', exports a placeholder token' if row.placeholder else ''}"
        yield Shown(f"setup-node v{row.number}", value, row.source, row.checked)


def _setup_node_releases() -> Iterator[Shown]:
    from tp_fix.facts.setup_node import RELEASES

    return _newest_tags("setup-node", RELEASES)


def _checkout_releases() -> Iterator[Shown]:
    from tp_fix.facts.checkout import RELEASES

    return _newest_tags("checkout", RELEASES)


def _newest_tags(action: str, releases: Iterable[tuple[str, str, str, str, str]]) -> Iterator[Shown]:
    """The newest release of each major; the tables of releases are in order."""
    for tag, commit, date, source, checked in {row[0].partition(".")[0]: row for row in releases}.values():
        yield Shown(f"{action} {tag.partition('.')[0]}", f"{tag}, {commit}, {date}", source, checked)


NODE = Table("Node's releases and their npm", _node)
LTS = Table("Node's LTS lines", _lts)
MINIMA = Table("The first version that publishes over OIDC", _minima)
PUBLISHERS = Table("What publishes, how far it can be moved, and since when it publishes over OIDC", _publishers)
NO_PUBLISHERS = Table("What publishes nothing to npm", _no_publishers)
GENERATORS = Table("Generators of files, and what to change in the place of their files", _generators)
NPM_ENGINES = Table("The Node that npm wants", lambda: _engines(lambda tool: tool == "npm"))
NPM_NEWEST = Table("npm's newest releases", lambda: _newest(lambda tool: tool == "npm"))
TOOL_ENGINES = Table("The Node that release tools want", lambda: _engines(lambda tool: tool != "npm"))
TOOL_NEWEST = Table("The newest releases of release tools", lambda: _newest(lambda tool: tool != "npm"))
IMAGES = Table("GitHub's runner images", _images)
SETUP_NODE_MAJORS = Table("The majors of actions/setup-node", _setup_node_majors)
SETUP_NODE_RELEASES = Table("The newest releases of actions/setup-node", _setup_node_releases)
CHECKOUT_RELEASES = Table("The newest releases of actions/checkout", _checkout_releases)
