"""What is known of actions/setup-node, of the Yarn of a repository, and of programs that release."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden import lay
from tp_fix.facts.setup_node import BY_COMMIT, BY_TAG, MAJORS, NEWEST_MAJOR, RELEASES, newest
from tp_fix.git.listing import walk
from tp_fix.models.installed.berry import is_berry
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.setup_node import node_version, pin_of, version_comment
from tp_fix.models.token.unset_token import may_be_old, old_node
from tp_fix.models.tool.semantic_release_runs import runs_semantic_release
from tp_fix.models.user_config import HANDLES
from tp_fix.models.workflow import Step

V402 = BY_TAG["v4.0.2"]
V700 = BY_TAG["v7.0.0"]


def model(root: Path, step: str, files: dict[str, str] | None = None, job: str = "") -> Model:
    steps = f"    steps:\n      - run: npm publish\n      - {step}\n"
    text = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n{job}{steps}"
    laid = lay({".github/workflows/a.yml": text.encode(), **{p: t.encode() for p, t in (files or {}).items()}}, root)
    return Model(Repository(str(laid), walk(str(laid))))


def step_of(model: Model) -> Step:
    return model.repository.workflows[".github/workflows/a.yml"].jobs[0].steps[1]


def test_every_release_is_there_once_and_has_a_whole_commit() -> None:
    assert len(BY_TAG) == len(BY_COMMIT) == len(RELEASES)
    assert all(len(release.commit) == 40 and release.version[0] in MAJORS for release in RELEASES)
    assert newest(NEWEST_MAJOR) == V700
    assert newest(4).tag == "v4.4.0"


@pytest.mark.parametrize(
    ("ref", "style", "major"),
    [
        ("v4", "major", 4),
        ("v4.0.2", "release", 4),
        (V402.commit, "commit", 4),
        (V402.commit.upper(), "commit", 4),
        (V402.commit[:12], "other", None),
        ("0" * 40, "other", None),
        ("v4.0", "other", 4),
        ("v4.9.9", "other", 4),
        ("v2-beta", "other", 2),
        ("main", "other", None),
        ("releases/v1", "other", None),
        ("4", "other", None),
        ("v8", "other", None),
        ("v0", "other", None),
        ("", "other", None),
    ],
)
def test_pins(ref: str, style: str, major: int | None, tmp_path: Path) -> None:
    pin = pin_of(step_of(model(tmp_path, f"uses: actions/setup-node@{ref}")))
    assert (pin.style, pin.major.number if pin.major else None) == (style, major)


@pytest.mark.parametrize(
    ("comment", "new"),
    [
        ("v4.0.2", "v7.0.0"),
        ("v4", "v7"),
        ("v4.0", "v7.0"),
        ("4.0.2", "7.0.0"),
        ("tag=v4.0.2", "tag=v7.0.0"),
        ("pin@v4", "pin@v7"),
        ("@v4", "@v7"),
        ("ratchet:actions/setup-node@v4", "ratchet:actions/setup-node@v7"),
        ("v4.0.2 (pinned)", None),
        ("v4.0.2-beta", None),
        ("pinned", None),
        ("", None),
    ],
)
def test_comments_that_are_versions(comment: str, new: str | None) -> None:
    assert version_comment(comment, V700) == new


@pytest.mark.parametrize(
    ("step", "version"),
    [
        ("{ uses: actions/setup-node@v4, with: { node-version: 14.x } }", "14.x"),
        ("{ uses: actions/setup-node@v4, with: { Node-Version: 14.x } }", "14.x"),
        ("{ uses: actions/setup-node@v2, with: { version: v12.1.0 } }", "v12.1.0"),
        ("{ uses: actions/setup-node@v4, with: { version: 24 } }", None),
        ("{ uses: actions/setup-node@main, with: { version: 24 } }", None),
    ],
)
def test_the_node_that_is_named(step: str, version: str | None, tmp_path: Path) -> None:
    assert node_version(step_of(model(tmp_path, step))) == version


@pytest.mark.parametrize(
    ("inputs", "old"),
    [
        ("node-version: 14.x", True),
        ("node-version: v12.1.0", True),
        ("node-version: 15", False),
        ("node-version: 24", False),
        ("node-version: lts/*", False),
        ("node-version: lts/jod", False),
        ("node-version: lts/Erbium", True),
        ("node-version: latest", False),
        ("node-version: 24-nightly", None),
        ("node-version: '>=12'", False),
        ("node-version: '>=12 <13'", True),
        ("node-version: '<=14'", True),
        ("node-version: '<15'", True),
        ("node-version: '<=15'", None),
        ("node-version: ^14.17", True),
        ("node-version: '12 || 24'", False),
        ("node-version: 12 - 14", True),
        ("node-version: '${{ matrix.n }}'", True),
        ("node-version: '${{ env.N }}'", True),
        ("node-version: '${{ env.OTHER }}'", None),
        ("node-version: '${{ inputs.node }}'", None),
        ("node-version: ''", False),
        ("cache: npm", False),
        ("node-version-file: .nvmrc", True),
        ("node-version-file: ./.tool-versions", False),
        ("node-version-file: package.json", True),
        ("node-version-file: missing", None),
        ("node-version-file: '${{ inputs.file }}'", None),
    ],
)
def test_whether_the_node_may_be_old(inputs: str, old: bool | None, tmp_path: Path) -> None:
    job = "    strategy: { matrix: { n: [18, 12, latest], os: [ubuntu-latest] } }\n    env: { N: 12 }\n"
    files = {
        ".nvmrc": "v12.22.1\n",
        ".tool-versions": "python 3.12\nnodejs 24.1.0\n",
        "package.json": '{"engines": {"node": "^14"}}',
    }
    found = model(tmp_path, f"{{ uses: actions/setup-node@v4, with: {{ {inputs} }} }}", files, job)
    answer = True if old_node(step_of(found), found) else None if may_be_old(step_of(found), found) else False
    assert answer is old


CLASSIC = "# THIS IS AN AUTOGENERATED FILE.\n# yarn lockfile v1\n"
BERRY = "# This file is generated.\n\n__metadata:\n  version: 8\n"


@pytest.mark.parametrize(
    ("files", "berry"),
    [
        ({}, False),
        ({"yarn.lock": CLASSIC}, False),
        ({"yarn.lock": BERRY}, True),
        ({"yarn.lock": ""}, False),
        ({".yarnrc.yml": ""}, True),
        ({".yarnrc.yml": "", "yarn.lock": CLASSIC}, False),
        ({".yarnrc.yml": "", ".yarnrc": ""}, False),
        ({"package.json": '{"packageManager": "yarn@4.10.3"}'}, True),
        ({"package.json": '{"packageManager": "yarn@1.22.22"}', ".yarnrc.yml": ""}, False),
        ({"package.json": '{"packageManager": "pnpm@10.0.0"}'}, False),
        ({"package.json": '{"packageManager": 4}'}, False),
        ({"package.json": "[1"}, False),
        ({"web/.yarnrc.yml": ""}, False),
        ({"yarn.lock": BERRY, "web/yarn.lock": CLASSIC}, False),
        ({"yarn.lock": BERRY, "web/yarn.lock": BERRY}, True),
        ({"yarn.lock": BERRY + "x" * 2_000_000}, True),
    ],
)
def test_yarn_is_berry_only_when_all_signs_say_so(files: dict[str, str], berry: bool, tmp_path: Path) -> None:
    repository = model(tmp_path, "run: yarn", files).repository
    assert is_berry(repository) is berry
    assert "yarn.lock" not in [problem.path for problem in repository.problems]


@pytest.mark.parametrize(
    ("script", "releases"),
    [
        ("npx semantic-release", True),
        ("npx -p semantic-release@25 semantic-release", True),
        ("npx semantic-release@25 --branches main", True),
        ("npm exec -- semantic-release", True),
        ("pnpm dlx semantic-release", True),
        ("pnpm semantic-release", True),
        ("yarn semantic-release", True),
        ("yarn run semantic-release", True),
        ("yarn dlx semantic-release", True),
        ("bunx semantic-release", True),
        ("semantic-release", True),
        ("npm run ship", True),
        ("npm run quiet", False),
        ("sh ship.sh", True),
        ("npx semantic-release --dry-run", False),
        ("npx semantic-release -d", False),
        ("npm install semantic-release", False),
        ("echo semantic-release", False),
        ("npx semantic-release-cli setup", False),
    ],
)
def test_what_releases_with_semantic_release(script: str, releases: bool, tmp_path: Path) -> None:
    manifest = '{"scripts": {"ship": "semantic-release", "quiet": "semantic-release --dry-run"}}'
    found = model(tmp_path, f"run: {script}", {"package.json": manifest, "ship.sh": "npx semantic-release\n"})
    assert runs_semantic_release(step_of(found), found) is releases


@pytest.mark.parametrize(
    ("script", "handles"),
    [
        ("echo x > ~/.npmrc", True),
        ('cp a "$HOME/.npmrc"', True),
        ("npm config set a b", True),
        ("npm --silent config set a b", True),
        ("npm c set a b", True),
        ("npm set a b", True),
        ("pnpm config delete a", True),
        ("npm login", True),
        ("export NPM_CONFIG_USERCONFIG=x", True),
        ("npm config get registry", False),
        ("npm pkg get name", False),
        ("npm ci && npm run build", False),
        ("set -e", False),
    ],
)
def test_scripts_that_handle_the_configuration_of_npm(script: str, handles: bool) -> None:
    assert (HANDLES.search(script) is not None) is handles
