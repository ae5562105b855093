"""tools/refresh_facts.py on small inputs of our own: what it writes, what it leaves, what it says."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FACTS = ROOT / "src" / "tp_fix" / "facts"
MODULES = ("node_releases.py", "setup_node.py", "checkout.py", "clients.py", "runner_images.py")
TOOLS = (
    *("npm", "pnpm", "@yarnpkg+cli", "semantic-release", "@semantic-release+npm"),
    *("lerna", "@lerna-lite+cli", "np", "release-it"),
)
DAY = "2031-02-03"
COMMIT = "c0ffee" * 6 + "abcd"
INDEX: list[dict[str, Any]] = [
    {"version": "v27.0.0-alpha.1", "date": "2030-01-01", "npm": "99.0.0", "lts": False},
    {"version": "v26.99.0", "date": "2030-01-01", "npm": "11.99.0", "lts": False},
    {"version": "v24.5.0", "date": "2025-07-31", "npm": "11.5.1", "lts": False},
    {"version": "v24.11.1", "date": "2025-11-11", "npm": "11.6.2", "lts": "Krypton"},
    {"version": "v12.22.12", "date": "2022-04-05", "npm": "6.14.16", "lts": "Erbium"},
    {"version": "v0.1.14", "date": "2011-08-26", "lts": False},
]
SCHEDULE = {
    "v12": {"start": "2019-04-23", "lts": "2019-10-21", "codename": "Erbium"},
    "v24": {"start": "2025-05-06", "lts": "2025-10-28", "codename": "Krypton"},
    "v25": {"start": "2025-10-15"},
    "v26": {"start": "2026-05-05", "lts": "2026-10-28", "codename": ""},
}
CODENAMES = "Subject to change.\n\n* Erbium (12.x 2019)\n* Krypton (24.x 2025)\n* Lithium (26.x 2026)\n"
TAGS = f"v1\t{COMMIT}\t2030-01-01\nv99.0.0\t{COMMIT}\t2030-01-01\nv99.1.0-beta\t{COMMIT}\t2030-01-02\n"
OVERVIEW = """\
| Image | Architecture | YAML Label | Included Software |
| ------|--------------|------------|-------------------|
| Ubuntu 99.04<br>![badge](https://example.invalid/x) | x64 | `ubuntu-latest` or `ubuntu-99.04` | [ubuntu-99.04] |
| Slim | x64 | `ubuntu-slim` | [ubuntu-slim] |

[ubuntu-99.04]: https://github.com/actions/runner-images/blob/main/images/ubuntu/Ubuntu9904-Readme.md
[ubuntu-slim]: https://github.com/actions/runner-images/blob/main/images/slim-Readme.md
[elsewhere]: https://github.com/actions/runner-images/blob/main/docs/elsewhere.md
"""
README = """\
- Image Version: 20300101.1.1
- Node.js 30.1.0
- Npm 13.0.1
- Yarn 1.22.22

#### Node.js
- 28.0.1
- 30.1.0

#### PyPy
- 3.9.19
"""
SLIM = "- Image Version: 20300101.2\n- Node.js 30.1.0\n- Npm 13.0.1\n"
ENGINES = [
    {"version": "11.0.0", "engines": {"node": ">=20"}},
    {"version": "11.1.0", "engines": {"node": ">=20"}},
    {"version": "12.0.0-beta.1", "engines": {"node": ">=99"}},
    {"version": "12.0.0"},
    {"version": "11.2.0", "engines": {"node": ">=22"}},
]


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """The modules as they are, in a repository of their own."""
    folder = tmp_path / "facts"
    folder.mkdir()
    for name in MODULES:
        (folder / name).write_bytes((FACTS / name).read_bytes())
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "As they are")
    return folder


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    files = {
        "node-index.json": json.dumps(INDEX),
        "node-schedule.json": json.dumps(SCHEDULE),
        "node-codenames.md": CODENAMES,
        "setup-node-tags.txt": TAGS,
        "checkout-tags.txt": TAGS,
        **{f"npm/{tool}.json": json.dumps(ENGINES) for tool in TOOLS},
        "runner-images/README.md": OVERVIEW,
        "runner-images/images/ubuntu/Ubuntu9904-Readme.md": README,
        "runner-images/images/slim-Readme.md": SLIM,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.invalid", "-c", "init.defaultBranch=main")
    return subprocess.run(
        ["git", "-C", folder, *identity, *arguments], capture_output=True, text=True, check=True
    ).stdout


def refresh(*arguments: str | Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tools" / "refresh_facts.py", *arguments]
    env = os.environ | (environment or {})
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", env=env)


def table(facts: Path, module: str, name: str) -> list[Any]:
    return list(runpy.run_path(str(facts / module))[name])


def test_everything_is_refreshed_and_shown(facts: Path, inputs: Path) -> None:
    run = refresh("--from", inputs, "--into", facts, "--day", DAY)
    assert run.returncode == 0, run.stderr
    for name in MODULES:
        assert f"+++ b/{name}" in run.stdout
    assert "+    NodeRelease((26, 99, 0), (11, 99, 0), " in run.stdout


def test_a_second_run_changes_nothing(facts: Path, inputs: Path) -> None:
    refresh("--from", inputs, "--into", facts, "--day", DAY)
    before = [(facts / name).read_bytes() for name in MODULES]
    assert refresh("--from", inputs, "--into", facts, "--day", DAY).returncode == 0
    assert [(facts / name).read_bytes() for name in MODULES] == before


def test_only_the_tables_asked_for_are_touched(facts: Path, inputs: Path) -> None:
    refresh("setup-node", "runner-images", "--from", inputs, "--into", facts)
    assert git(facts, "diff", "--name-only").split() == ["runner_images.py", "setup_node.py"]


def test_what_is_confirmed_gets_the_day_and_what_is_not_there_any_more_stays(facts: Path, inputs: Path) -> None:
    before = {row.version: row for row in table(facts, "node_releases.py", "RELEASES")}
    refresh("node", "--from", inputs, "--into", facts, "--day", DAY)
    after = {row.version: row for row in table(facts, "node_releases.py", "RELEASES")}
    index = "D nodejs.org/dist/index.json"
    assert after.keys() - before.keys() == {(26, 99, 0)}
    assert after[26, 99, 0][1:] == ((11, 99, 0), index, DAY)
    assert after[24, 5, 0][1:] == ((11, 5, 1), index, DAY)
    assert tuple(after[24, 0, 0]) == tuple(before[24, 0, 0])
    assert list(after) == sorted(after)


def test_an_entry_of_a_copy_may_name_its_source(facts: Path, inputs: Path) -> None:
    (inputs / "node-index.json").write_text(json.dumps([INDEX[2] | {"source": "R a letter"}]))
    refresh("node", "--from", inputs, "--into", facts)
    assert {row.version: row for row in table(facts, "node_releases.py", "RELEASES")}[24, 5, 0].source == "R a letter"


def test_what_was_never_to_change_is_said_aloud(facts: Path, inputs: Path) -> None:
    (inputs / "node-index.json").write_text(json.dumps([INDEX[2] | {"npm": "11.5.2"}]))
    run = refresh("node", "--from", inputs, "--into", facts)
    assert run.stderr == "node: RELEASES had ((24, 5, 0), (11, 5, 1)), the source has ((24, 5, 0), (11, 5, 2))\n"
    assert {row.version: row for row in table(facts, "node_releases.py", "RELEASES")}[24, 5, 0].npm == (11, 5, 2)


def test_a_planned_line_becomes_one_when_the_index_says_so(facts: Path, inputs: Path) -> None:
    refresh("lts", "--from", inputs, "--into", facts)
    assert [row.codename for row in table(facts, "node_releases.py", "PLANNED")] == ["lithium"]
    (inputs / "node-index.json").write_text(json.dumps([INDEX[1] | {"lts": "Lithium"}, *INDEX[2:]]))
    refresh("lts", "--from", inputs, "--into", facts)
    assert table(facts, "node_releases.py", "PLANNED") == []
    assert table(facts, "node_releases.py", "LINES")[-1][:3] == (26, "lithium", "2026-10-28")


def test_moving_tags_and_prereleases_are_no_releases(facts: Path, inputs: Path) -> None:
    before = len(table(facts, "checkout.py", "RELEASES"))
    refresh("checkout", "--from", inputs, "--into", facts, "--day", DAY)
    *others, last = table(facts, "checkout.py", "RELEASES")
    assert tuple(last) == ("v99.0.0", COMMIT, "2030-01-01", "S tags of actions/checkout", DAY)
    assert len(others) == before


def test_engines_are_rows_where_they_change(facts: Path, inputs: Path) -> None:
    refresh("npm", "--from", inputs, "--into", facts)
    engines = [row[1:3] for row in table(facts, "clients.py", "ENGINES") if row.tool == "npm"]
    newest = [row[1:3] for row in table(facts, "clients.py", "NEWEST") if row.tool == "npm"]
    assert engines == [((11, 0, 0), ">=20"), ((11, 2, 0), ">=22"), ((12, 0, 0), "*")]
    assert newest == [(11, (11, 2, 0)), (12, (12, 0, 0))]


def test_a_single_release_is_no_list(facts: Path, inputs: Path) -> None:
    (inputs / "npm" / "np.json").write_text(json.dumps(ENGINES[0]))
    assert refresh("npm", "--from", inputs, "--into", facts).returncode == 0
    assert [row[1:3] for row in table(facts, "clients.py", "NEWEST") if row.tool == "np"] == [(11, (11, 0, 0))]


def test_an_image_that_is_gone_goes_with_its_labels(facts: Path, inputs: Path) -> None:
    refresh("runner-images", "--from", inputs, "--into", facts)
    slim, ubuntu = table(facts, "runner_images.py", "IMAGES")[::-1]
    if slim.name != "ubuntu-slim":
        slim, ubuntu = ubuntu, slim
    node, npm = (30, 1, 0), (13, 0, 1)
    assert ubuntu[1:7] == (
        ("ubuntu-latest", "ubuntu-99.04"),
        "20300101.1.1",
        node,
        npm,
        (1, 22, 22),
        ((28, 0, 1), node),
    )
    assert slim[1:7] == (("ubuntu-slim",), "20300101.2", node, npm, None, ())


@pytest.mark.parametrize(
    ("group", "name", "text", "said"),
    [
        ("node", "node-index.json", "{", "node-index.json: not JSON (Expecting "),
        ("node", "node-index.json", "[]", "node-index.json: nothing in it, or not what it used to hold"),
        ("node", "node-index.json", '{"a": 1}', "node-index.json: nothing in it, or not what it used to hold"),
        ("node", "node-index.json", '[{"version": "v24.0.0"}]', "is not what it used to be (KeyError: 'npm')"),
        ("node", "node-index.json", '[{"version": "v24.0.0", "npm": "new"}]', "'new' is no version"),
        ("node", "node-index.json", '[{"version": "v4.0.0"}]', "node-index.json has nothing for RELEASES"),
        ("node", "node-index.json", "\udcff", "node-index.json: not UTF-8"),
        ("lts", "node-schedule.json", '{"26": {"lts": 3}}', "is not what it used to be"),
        ("lts", "node-schedule.json", '{"x": {"lts": "2030-01-01"}}', "is not what it used to be"),
        (
            "setup-node",
            "setup-node-tags.txt",
            "v4.0.0 c0ffee\n",
            "setup-node-tags.txt:1: not a tag, a commit and a day",
        ),
        ("checkout", "checkout-tags.txt", "", "checkout-tags.txt has nothing for RELEASES"),
        ("npm", "npm/np.json", "<html>", "np.json: not JSON (Expecting value"),
        ("npm", "npm/np.json", "", "np.json: not JSON (Expecting value"),
        ("runner-images", "runner-images/README.md", "Moved.", "runner-images has nothing for IMAGES"),
        ("runner-images", "runner-images/images/slim-Readme.md", "# Slim", "slim-Readme.md: no image version, no Node"),
    ],
)
def test_a_broken_input_is_one_line_and_changes_nothing(
    facts: Path, inputs: Path, group: str, name: str, text: str, said: str
) -> None:
    (inputs / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    run = refresh(group, "--from", inputs, "--into", facts)
    assert run.returncode == 2
    assert run.stderr.startswith(f"{group}: ")
    assert said in run.stderr
    assert run.stderr.endswith("; its tables stay as they were\n")
    assert run.stderr.count("\n") == 1
    assert git(facts, "status", "--porcelain") == ""


def test_a_missing_input_does_not_keep_the_others(facts: Path, inputs: Path) -> None:
    (inputs / "checkout-tags.txt").unlink()
    run = refresh("--from", inputs, "--into", facts)
    assert run.returncode == 2
    missing = f"checkout: {inputs / 'checkout-tags.txt'}: No such file or directory; its tables stay as they were"
    complaints = run.stderr.splitlines()
    assert missing in complaints
    assert all(line == missing or line.endswith("which the source has no more: it goes") for line in complaints)
    assert git(facts, "diff", "--name-only").split() == sorted({*MODULES} - {"checkout.py"})


def test_a_module_without_markers_is_left_alone(facts: Path, inputs: Path) -> None:
    module = facts / "checkout.py"
    module.write_text(module.read_text(encoding="utf-8").replace("# refreshed: end RELEASES\n", ""), encoding="utf-8")
    run = refresh("checkout", "--from", inputs, "--into", facts)
    assert run.returncode == 2
    assert "checkout.py has no '# refreshed: start RELEASES' with its end" in run.stderr


def test_an_unknown_table_is_a_usage_error(inputs: Path) -> None:
    run = refresh("bun", "--from", inputs)
    assert run.returncode == 2
    assert "bun" in run.stderr.splitlines()[-1]


def instead_of(url: str, path: Path) -> dict[str, str]:
    """An environment in which git goes to a folder for an address."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{path.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": url,
    }


def test_tags_are_fetched_with_their_commits_and_days(facts: Path, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "--quiet")
    git(origin, "-c", "core.hooksPath=", "commit", "--quiet", "--allow-empty", "--message", "One")
    git(origin, "tag", "v98.0.0")
    git(origin, "tag", "--annotate", "--message", "Two", "v98.0.1")
    git(origin, "tag", "v98")
    commit, day = git(origin, "log", "--format=%H %cs").split()
    run = refresh("checkout", "--into", facts, environment=instead_of("https://github.com/actions/checkout", origin))
    assert run.returncode == 0, run.stderr
    found = [tuple(row[:3]) for row in table(facts, "checkout.py", "RELEASES")[-2:]]
    assert found == [("v98.0.0", commit, day), ("v98.0.1", commit, day)]


def test_images_are_read_out_of_a_clone(facts: Path, inputs: Path) -> None:
    origin = inputs / "runner-images"
    git(origin, "init", "--quiet")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "Images")
    environment = instead_of("https://github.com/actions/runner-images", origin)
    run = refresh("runner-images", "--into", facts, environment=environment)
    assert run.returncode == 0, run.stderr
    assert len(table(facts, "runner_images.py", "IMAGES")) == 2


def test_npm_is_asked_for_each_tool(facts: Path, tmp_path: Path) -> None:
    fake = tmp_path / "bin" / "npm"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\necho \"$@\" >> '{tmp_path}/asked'\ncat <<'end'\n{json.dumps(ENGINES)}\nend\n")
    fake.chmod(0o755)
    run = refresh("npm", "--into", facts, environment={"PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}"})
    assert run.returncode == 0, run.stderr
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == len(TOOLS)
    assert asked[0] == "view npm@>=10 version engines --json"


@pytest.mark.parametrize(
    ("group", "environment", "said"),
    [
        ("node", {"https_proxy": "http://127.0.0.1:9"}, "node: https://nodejs.org/dist/index.json: "),
        (
            "setup-node",
            instead_of("https://github.com/actions/setup-node", Path("/nowhere/at/all")),
            "setup-node: https://github.com/actions/setup-node: fatal: ",
        ),
        (
            "npm",
            {"npm_config_registry": "http://127.0.0.1:9", "npm_config_fetch_retries": "0"},
            "npm: npm view npm@>=10: npm ",
        ),
    ],
)
def test_an_unreachable_source_is_one_line_and_changes_nothing(
    facts: Path, group: str, environment: dict[str, str], said: str
) -> None:
    run = refresh(group, "--into", facts, environment=environment)
    assert run.returncode == 2
    assert run.stderr.startswith(said)
    assert run.stderr.count("\n") == 1
    assert git(facts, "status", "--porcelain") == ""


def test_the_committed_tables_are_as_the_tool_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a refresh shows what changed in the world, and nothing else."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    tool = import_module("refresh_facts")
    for each in tool.TABLES:
        text = (FACTS / each.path).read_text(encoding="utf-8")
        rows = [tuple(row) for row in table(FACTS, each.path, each.name)]
        assert tool._formatted(tool._replaced(text, each, sorted(rows, key=tool._order))) == text
