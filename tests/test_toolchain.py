"""Which Node and npm a publication uses, whether they fit together, and what mends it: tables.

The truth is written down here, from npm's engines and what each Node was measured to bring, not asked of the code.
"""

from __future__ import annotations

from itertools import product

import pytest

from tp_fix.models.client.image import node_of_job
from tp_fix.models.client.version_file import in_mise, in_tool_versions, in_version_file, volta
from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.remedy.remedied import Remedy
from tp_fix.models.remedy.remedy import remedy_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.given import possible
from tp_fix.models.versions.bundled import bundled_npm
from tp_fix.models.versions.node_named import node_named
from tp_fix.models.versions.npm_named import npm_named
from tp_fix.models.versions.versions import ANY, Versions, exactly

PATH = ".github/workflows/release.yml"
Version = tuple[int, int, int]


def repository(steps: str, job: str = "", **files: str) -> Repository:
    """A repository with one workflow, which publishes from its only job."""
    workflow = f"""
on:
  push:
    tags: ["v*"]
permissions:
  id-token: write
jobs:
  publish:
    runs-on: ubuntu-latest
{job}
    steps:
{steps}
"""
    given = {name.replace("__", "/"): text.encode() for name, text in files.items()}
    return Repository.of({PATH: workflow.encode(), "package.json": b'{"name": "x", "version": "1.0.0"}', **given})


def publication(before: str, publish: str = "npm publish", job: str = "", **files: str) -> Publication:
    steps = f"{before}\n      - run: {publish}"
    return Model(repository(steps, job, **files)).publications[0]


def setup(node: str) -> str:
    return f"      - uses: actions/setup-node@v6\n        with:\n          node-version: {node}"


BRINGS: dict[Version, Version] = {
    (16, 20, 2): (8, 19, 4),
    (18, 0, 0): (8, 6, 0),
    (18, 20, 8): (10, 8, 2),
    (20, 0, 0): (9, 6, 4),
    (20, 11, 1): (10, 2, 4),
    (20, 16, 0): (10, 8, 1),
    (20, 17, 0): (10, 8, 2),
    (20, 20, 2): (10, 8, 2),
    (21, 7, 3): (10, 5, 0),
    (22, 8, 0): (10, 8, 2),
    (22, 9, 0): (10, 8, 3),
    (22, 12, 0): (10, 9, 0),
    (22, 23, 2): (10, 9, 8),
    (24, 0, 0): (11, 3, 0),
    (24, 4, 1): (11, 4, 2),
    (24, 5, 0): (11, 5, 1),
    (24, 10, 0): (11, 6, 1),
    (24, 11, 1): (11, 6, 2),
    (24, 15, 0): (11, 12, 1),
    (24, 19, 0): (11, 17, 0),
    (25, 0, 0): (11, 6, 2),
    (26, 1, 0): (11, 13, 0),
    (26, 10, 0): (11, 19, 1),
}
"""What some releases bring."""
RANGES: dict[str, Version] = {
    "16": (16, 20, 2),
    "18": (18, 20, 8),
    "18.x": (18, 20, 8),
    "20": (20, 20, 2),
    "^20": (20, 20, 2),
    "lts/iron": (20, 20, 2),
    "22": (22, 23, 2),
    "20 || 22": (22, 23, 2),
    '">=18 <23"': (22, 23, 2),
    "24": (24, 19, 0),
    "lts/*": (24, 19, 0),
    "26": (26, 10, 0),
    "latest": (26, 10, 0),
    '">=18"': (26, 10, 0),
}
"""A release that each of these may be."""
WRITTEN = {**{".".join(map(str, node)): node for node in BRINGS}, **RANGES}
NEWEST: dict[int, Version] = {10: (10, 9, 9), 11: (11, 21, 2), 12: (12, 2, 0)}
OIDC: Version = (11, 5, 1)


def carries(node: Version, npm: int) -> bool:
    """The `engines` of npm 10, 11 and 12."""
    return {
        10: (18, 17, 0) <= node < (19, 0, 0) or node >= (20, 5, 0),
        11: (20, 17, 0) <= node < (21, 0, 0) or node >= (22, 9, 0),
        12: (22, 22, 2) <= node < (23, 0, 0) or (24, 15, 0) <= node < (25, 0, 0) or node >= (26, 0, 0),
    }[npm]


INSTALLS: dict[str, tuple[int, ...]] = {
    "npm install -g npm@10": (10,),
    "npm install -g npm@11": (11,),
    "npm install -g npm@12": (12,),
    "npm install -g npm@latest": (12,),
    "npm install -g npm": (12, 11, 10),
    'npm install -g "npm@>=11"': (12, 11),
    "npm install -g npm@^11.5.1": (11,),
}
"""The majors that a command takes, in the order in which npm tries them."""


@pytest.mark.parametrize(("written", "install"), [*product(WRITTEN, INSTALLS)])
def test_an_installed_npm(written: str, install: str) -> None:
    found = publication(f"{setup(written)}\n      - run: '{install}'")
    node, remedy = WRITTEN[written], remedy_of(found)
    major = next((major for major in INSTALLS[install] if carries(node, major)), None)
    chain = found.client.chain
    assert chain is not None
    assert bool(chain.faults) is (major is None)
    assert found.client.new_enough is (major is not None and NEWEST[major] >= OIDC)
    if found.client.new_enough:
        assert remedy is None
    else:
        mended(remedy, node, ("raise", "bound"))


@pytest.mark.parametrize("written", WRITTEN)
def test_the_npm_of_the_node(written: str) -> None:
    node = WRITTEN[written]
    found = publication(setup(written))
    new_enough = BRINGS[node] >= OIDC
    assert found.client.new_enough is new_enough, found.client.why
    if not new_enough:
        mended(remedy_of(found), node, ("upgrade",))


@pytest.mark.parametrize(("written", "major"), [*product(WRITTEN, (10, 11, 12))])
def test_the_npm_of_npx(written: str, major: int) -> None:
    node = WRITTEN[written]
    found = publication(setup(written), f"npx npm@{major} publish")
    fits = carries(node, major)
    assert found.client.new_enough is (False if major == 10 else True if fits else None)
    if not found.client.new_enough:
        mended(remedy_of(found), node, ("raise", "bound"))


def mended(remedy: Remedy | None, node: Version, verbs: tuple[str, ...]) -> None:
    """Safe where the Node carries npm 11; else another Node, which is an assumption or only shown."""
    assert remedy is not None
    if carries(node, 11):
        assert remedy.title.startswith(verbs)
        assert (remedy.assumption, remedy.obstacle) == ("", "")
    else:
        assert remedy.title == "set up Node 24 in job `publish`"
        assert remedy.assumption or remedy.obstacle


@pytest.mark.parametrize("node", ["27", "27.1.0", "^28", ">=27"])
@pytest.mark.parametrize("install", ["", "npm install -g npm@13", "npm install -g npm@latest"])
def test_what_is_newer_than_the_tables_is_no_error(node: str, install: str) -> None:
    more = f"\n      - run: {install}" if install else ""
    assert publication(setup(f'"{node}"') + more).client.new_enough is True


@pytest.mark.parametrize("node", BRINGS)
def test_what_a_node_brings(node: Version) -> None:
    assert bundled_npm(exactly(node)) == exactly(BRINGS[node])


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("20", (20, 20, 2), (20, 19, 0)),
        ("v20", (20, 20, 2), (22, 0, 0)),
        ("20.11.1", (20, 11, 1), (20, 11, 2)),
        ("~20.11", (20, 11, 1), (20, 12, 0)),
        ("20.x", (20, 20, 2), (21, 0, 0)),
        ("  22  ", (22, 23, 2), (20, 20, 2)),
        ("LTS/Jod", (22, 23, 2), (24, 0, 0)),
        ("lts/*", (24, 19, 0), (22, 23, 2)),
        ("lts/-1", (22, 23, 2), (20, 20, 2)),
        ("lts/-2", (20, 20, 2), (18, 20, 8)),
        ("lts/argon", (4, 9, 1), (6, 0, 0)),
        ("latest", (26, 10, 0), (24, 19, 0)),
        ("node", (30, 0, 0), (24, 19, 0)),
        ("current", (26, 10, 0), (24, 19, 0)),
        ("*", (26, 10, 0), (20, 20, 2)),
        ("x", (26, 10, 0), (20, 20, 2)),
        (">=20 <23", (22, 23, 2), (24, 0, 0)),
        ("18 - 20", (20, 20, 2), (18, 20, 8)),
        ("27", (27, 3, 0), (26, 10, 0)),
    ],
)
def test_a_node_by_its_name(text: str, inside: Version, outside: Version) -> None:
    found = node_named(text)
    assert found is not None
    assert found.holds(inside)
    assert not found.holds(outside)


@pytest.mark.parametrize(
    "text", ["", "twenty", "lts/nobody", "lts/-99", "22-nightly", "rc/22", "20,22", "${{ x }}", "٢٠"]
)
def test_what_names_no_node(text: str) -> None:
    assert node_named(text) is None


@pytest.mark.parametrize("text", ["9" * 500, ">=" + "1" * 100_000, "1.2.3 || " * 20_000, "-" * 100_000, " " * 100_000])
def test_long_versions_are_not_read(text: str) -> None:
    assert node_named(text) in (None, ANY)


@pytest.mark.parametrize(
    ("text", "node", "inside"),
    [
        ("*", (18, 20, 8), (10, 9, 9)),
        ("*", (20, 20, 2), (11, 21, 2)),
        ("*", (24, 10, 0), (11, 21, 2)),
        ("*", (24, 19, 0), (12, 2, 0)),
        (">=11", (20, 20, 2), (11, 21, 2)),
        ("^11 || ^12", (20, 20, 2), (11, 21, 2)),
        ("latest", (20, 20, 2), (12, 2, 0)),
        ("12", (20, 20, 2), (12, 2, 0)),
        ("latest-10", (24, 19, 0), (10, 9, 9)),
        ("next-11", (24, 19, 0), (11, 21, 2)),
        ("10.8.2", (24, 19, 0), (10, 8, 2)),
        ("13", (24, 19, 0), (13, 0, 0)),
    ],
)
def test_an_npm_by_its_name(text: str, node: Version, inside: Version) -> None:
    """As npm 10.8.2 and 11.6.1 chose when they were run on these Nodes."""
    found = npm_named(text, exactly(node))
    assert found.holds(inside)
    assert found.oldest == inside


def test_an_npm_whose_node_is_not_known() -> None:
    assert npm_named("*").at_least(OIDC) is None
    assert npm_named("latest").at_least(OIDC) is True
    assert npm_named("beta") == ANY


FILES: list[tuple[str, str, str | None]] = [
    (".nvmrc", "v20.11.1\n", "20.11.1"),
    (".nvmrc", "lts/jod", "lts/jod"),
    (".nvmrc", "\r\n22\r\n", "22"),
    (".nvmrc", "", ""),
    (".nvmrc", "20 # the old one\n", "20 # the old one"),
    (".node-version", "22.1\n", "22.1"),
    (".tool-versions", "python 3.12\nnodejs 20.1.0\n", "20.1.0"),
    (".tool-versions", "node v22\n", "22"),
    ("package.json", '{"engines": {"node": ">=20"}}', ">=20"),
    ("package.json", '{"engines": {"node": ">=20"}, "volta": {"node": "22.0.0"}}', "22.0.0"),
    ("package.json", '{"engines": {"node": "20"}, "devEngines": {"runtime": {"name": "Node", "version": "24"}}}', "24"),
    ("package.json", '{"devEngines": {"runtime": [{"name": "bun"}, {"name": "node", "version": "24"}]}}', "24"),
    ("package.json", '{"engines": {"node": "20"}, "devEngines": {"runtime": {"name": "node"}}}', "20"),
    ("package.json", '{"name": "x"}', ""),
    ("package.json", '{"volta": {"extends": "./other.json"}}', None),
    ("package.json", '{"volta": {"extends": "./package.json"}}', None),
    ("package.json", '{"volta": {"extends": 1}, "engines": {"node": 20}}', ""),
    ("package.json", '{"volta": [], "engines": "20", "devEngines": {"runtime": "node"}}', ""),
    ("package.json", "{", None),
    ("missing", "", None),
]


@pytest.mark.parametrize(("path", "text", "version"), FILES)
def test_version_files(path: str, text: str, version: str | None) -> None:
    files = {} if path == "missing" else {path: text.encode()}
    assert in_version_file(f"./{path}", Repository.of(files)) == version


def test_older_setup_nodes_do_not_read_dev_engines() -> None:
    text = b'{"engines": {"node": "20"}, "devEngines": {"runtime": {"name": "node", "version": "24"}}}'
    assert in_version_file("package.json", Repository.of({"package.json": text}), dev_engines=False) == "20"


def test_volta_follows_what_it_extends_and_no_circles() -> None:
    here = Repository.of(
        {
            "package.json": b'{"volta": {"node": "20.1.0", "npm": "11.6.0"}}',
            "a/package.json": b'{"volta": {"node": "22.1.0", "extends": "../package.json"}}',
            "a/b/package.json": b'{"volta": {"extends": "../package.json"}}',
            "c/package.json": b'{"volta": {"extends": "../d/package.json"}}',
            "d/package.json": b'{"volta": {"extends": "../c/package.json"}}',
            "e/package.json": b'{"volta": {"extends": "../../../outside/package.json"}}',
        }
    )
    assert [volta(here, "node", folder) for folder in ("", "a", "a/b", "c", "e")] == [
        "20.1.0",
        "22.1.0",
        "22.1.0",
        None,
        None,
    ]
    assert volta(here, "npm", "a/b") == "11.6.0"
    assert in_version_file("a/b/package.json", here) == "22.1.0"
    assert in_version_file("c/package.json", here) is None


@pytest.mark.parametrize(
    ("path", "text", "version"),
    [
        ("mise.toml", '[tools]\nnode = "22"\n', "22"),
        (".mise.toml", '[tools]\nnodejs = "lts"\n', "lts"),
        (".config/mise/config.toml", '[tools]\nnode = ["20", "24"]\n', "20"),
        ("mise.toml", '[tools]\nnode = { version = "24.1" }\n', "24.1"),
        ("mise.toml", '[tools.node]\nversion = "24.1"\n', "24.1"),
        ("mise.toml", '[tools]\npython = "3.12"\n', None),
        ("mise.toml", "[tools]\nnode = 22\n", None),
        ("mise.toml", "tools = 1\n", None),
        ("mise.toml", "[tools", None),
        ("mise.toml", "x = " + "9" * 5000, None),
        ("mise.toml", "x = " + "[" * 100_000, None),
        (".tool-versions", "nodejs 20.1.0 system\n", "20.1.0"),
    ],
)
def test_mise(path: str, text: str, version: str | None) -> None:
    assert in_mise(Repository.of({path: text.encode()})) == version


def test_tool_versions_of_other_tools() -> None:
    assert in_tool_versions(".tool-versions", Repository.of({".tool-versions": b"# nodejs 20\nruby 3\n"})) is None
    assert in_tool_versions(".tool-versions", Repository.of({})) is None


@pytest.mark.parametrize(
    ("image", "inside", "outside"),
    [
        ("node", (26, 10, 0), (24, 19, 0)),
        ("node:20", (20, 20, 2), (22, 0, 0)),
        ("docker.io/library/node:20-alpine3.19", (20, 20, 2), (22, 0, 0)),
        ("node:20.11.1-bookworm-slim", (20, 11, 1), (20, 12, 0)),
        ("node:lts-slim", (24, 30, 0), (22, 23, 2)),
        ("node:iron", (20, 20, 2), (22, 0, 0)),
        ("node:jod-trixie-slim", (22, 30, 0), (24, 0, 0)),
        ("node:current-alpine", (26, 10, 0), (24, 19, 0)),
        ("node:slim", (26, 10, 0), (24, 19, 0)),
        ("node:22@sha256:0", (22, 1, 0), (24, 0, 0)),
    ],
)
def test_images(image: str, inside: Version, outside: Version) -> None:
    found = start(f"    container: {image}")
    assert found.holds(inside)
    assert not found.holds(outside)


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/x/node:20",
        "octo/node:20",
        "node:20-nanoserver",
        "node@sha256:0",
        "${{ vars.X }}",
        "node:" + "-slim" * 9999,
    ],
)
def test_images_that_are_not_known(image: str) -> None:
    assert start(f"    container: {image}") == ANY


@pytest.mark.parametrize("container", ["''", "{}", "[]", "{image: }", "{image: [1]}", "null", "false"])
def test_containers_that_are_none(container: str) -> None:
    assert start(f"    container: {container}").at_least((18, 0, 0)) in (True, None)


def start(job: str) -> Versions:
    """What a job has before its first step."""
    here = repository("      - run: npm publish", job)
    step = next(here.workflows[PATH].steps())
    return node_of_job(step, here).versions


MATRIX = "    strategy:\n      matrix:\n        {}"


@pytest.mark.parametrize(
    ("matrix", "texts"),
    [
        ("node: [20, 22]", ("20", "22")),
        ("node: [20.0, 22.10, 18]", ("20", "22.1", "18")),
        ('node: ["22.10"]', ("22.10",)),
        ("{ node: [18, 20], exclude: [{ node: 18 }] }", ("20",)),
        ("{ node: [20], include: [{ node: 24 }] }", ("20", "24")),
        ("{ os: [a, b], include: [{ os: a, node: 20 }, { os: b, node: 22 }] }", ("20", "22")),
        ("{ include: [{ node: 20 }, { node: 22 }] }", ("20", "22")),
        ('node: "${{ fromJSON(x) }}"', ("${{ matrix.node }}",)),
        ("node: 20", ("${{ matrix.node }}",)),
        (f"node: [{', '.join(map(str, range(10_000)))}]", ("${{ matrix.node }}",)),
        (f"{{ node: [20], include: [{', '.join(['{ node: 1 }'] * 10_000)}] }}", ("${{ matrix.node }}",)),
        (f"{{ a: [{'1, ' * 999} 2], b: [{'1, ' * 999} 2], node: [20] }}", ("${{ matrix.node }}",)),
    ],
)
def test_what_a_matrix_gives(matrix: str, texts: tuple[str, ...]) -> None:
    body = matrix if matrix.startswith("{") else f"{{ {matrix} }}"
    here = repository("      - run: npm publish", f"    strategy: {{ matrix: {body} }}")
    step = next(here.workflows[PATH].steps())
    assert possible("${{ matrix.node }}", step, here) == texts


ODD = [
    "[18, 20]",
    "{ a: 1 }",
    "null",
    "~",
    "true",
    "2024-01-01",
    "1e1000",
    "-1",
    "0x14",
    ".nan",
    "9" * 4000,
    "'" + ">=20 " * 20_000 + "'",
    "'" + "x" * 100_000 + "'",
    '"20\\u2028"',
    "''",
    "'${{ }}'",
    "'${{ matrix.a.b.c }}'",
    "'${{ env.NOPE }}'",
]


@pytest.mark.parametrize("value", ODD, ids=lambda value: value[:20])
@pytest.mark.parametrize("key", ["node-version", "node-version-file"])
def test_odd_values_neither_raise_nor_fill_the_screen(key: str, value: str) -> None:
    found = publication(f"      - uses: actions/setup-node@v6\n        with:\n          {key}: {value}")
    remedy = remedy_of(found)
    texts = [found.client.why, *(remedy[:1] + remedy[2:] if remedy else ())]
    assert all(isinstance(text, str) and len(text) < 500 and "\n" not in text for text in texts)


@pytest.mark.parametrize("version", ["x" * 50_000, "$" * 50_000, "$V", "`x`", "$(x)", "''", "latest-" + "1" * 500])
def test_odd_installs(version: str) -> None:
    found = publication(f"{setup('20')}\n      - run: npm install -g npm@{version}")
    assert len(found.client.why) < 500


def test_a_version_file_of_a_megabyte() -> None:
    for text in ("a b\n" * 250_000, "20" + " " * 1_000_000, "node\n" * 200_000, "\n" * 1_000_000, "{" * 1_000_000):
        here = {".nvmrc": text}
        steps = "      - uses: actions/setup-node@v6\n        with:\n          node-version-file: .nvmrc"
        assert len(publication(steps, **here).client.why) < 500
