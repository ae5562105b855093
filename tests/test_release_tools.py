"""Release tools: which commands are one, which release an action is pinned to, and what raises a package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golden import lay
from tp_fix.facts.publishers import BY_ACTION, ROWS
from tp_fix.git.listing import walk
from tp_fix.models.client.manager_at import folder_at, manager_at
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.tool.raising import command_for
from tp_fix.models.tool.tools import ToolRun, runs_of, tools_of
from tp_fix.models.versions.versions import ranged

TREE = dict[str, object]
PACKAGE: TREE = {"package.json": {"name": "octo-pkg", "version": "1.0.0"}}


def model(root: Path, steps: str, files: TREE) -> Model:
    text = (
        f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions: {{id-token: write}}\n    steps:\n{steps}"
    )
    raw = {path: data if isinstance(data, str) else json.dumps(data) for path, data in files.items()}
    laid = lay({".github/workflows/a.yml": text.encode(), **{path: data.encode() for path, data in raw.items()}}, root)
    return Model(Repository(str(laid), walk(str(laid))))


def runs(root: Path, step: str, files: TREE | None = None, *, published: bool = False) -> list[ToolRun]:
    """The runs of the last step; `step` is what stands behind its dash, or the text of several."""
    steps = step if step.startswith("      -") else f"      - {step}\n"
    made = model(root, steps, files or PACKAGE)
    last = made.repository.workflows[".github/workflows/a.yml"].jobs[0].steps[-1]
    repository = made.repository
    return list(tools_of(last, repository)) if published else list(runs_of(last, repository))


def test_every_row_can_be_recognised_and_says_where_it_is_from() -> None:
    for row in ROWS:
        assert row.source and (row.programs or row.actions), row.name
        assert row.since or row.action_since or row.through or row.instead, row.name
        assert all(ranged(node.range) is not None for node in row.nodes), row.name
        assert all(len(raised.to.commit) == 40 for raised in row.raises), row.name
    assert all(name == name.lower() for name in BY_ACTION)
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("npx semantic-release", "semantic-release"),
        ("npx --yes semantic-release@25 --debug", "semantic-release"),
        ("pnpm dlx semantic-release@24", "semantic-release"),
        ("npx semantic-release --dry-run ${{ inputs.dry-run }}", "semantic-release"),
        ("npx semantic-release --dry-run false", "semantic-release"),
        ("yarn semantic-release", "semantic-release"),
        ("./node_modules/.bin/semantic-release", "semantic-release"),
        ("npx lerna publish from-package --yes", "lerna"),
        ("yarn lerna publish", "lerna"),
        ("bunx lerna@8 publish", "lerna"),
        ("npm exec -- lerna publish", "lerna"),
        ("npx changeset publish", "changesets"),
        ("npx @changesets/cli publish", "changesets"),
        ("npx np --no-tests", "np"),
        ("npx @jsdevtools/npm-publish", "JS-DevTools/npm-publish"),
        ("npx -p publib publib-npm", "publib"),
        ("npx shipjs trigger", "ship.js"),
        ("bun publish", "bun"),
        ("yarn publish", "Yarn Classic"),
        ("npx nx release publish", "nx release"),
        ("npx release-it --ci", "release-it"),
    ],
)
def test_what_is_a_release_tool(command: str, name: str, tmp_path: Path) -> None:
    assert [run.publisher.name for run in runs(tmp_path / "r", f"run: {command}")] == [name]


@pytest.mark.parametrize(
    "command",
    [
        "npx semantic-release --dry-run",
        "npx semantic-release -d",
        "semantic-release --version",
        "npx lerna version",
        "npx lerna run publish",
        "npx changeset version",
        "npx nx release version",
        "npx nx release --dry-run",
        "npx nx release version ${{ inputs.version }}",
        "npx nx run-many --target publish",
        "npx np --preview",
        "echo lerna publish",
        "npm publish",
        "npx conventional-changelog semantic-release",
        "bun run publish",
    ],
)
def test_what_is_none(command: str, tmp_path: Path) -> None:
    assert runs(tmp_path / "r", f"run: {command}") == []


def test_yarn_publish_is_a_script_of_berry_s(tmp_path: Path) -> None:
    berry: TREE = {"package.json": {"packageManager": "yarn@4.5.0", "scripts": {"publish": "tsc -b"}}}
    assert runs(tmp_path / "r", "run: yarn publish", berry) == []


@pytest.mark.parametrize(
    ("ref", "answer"),
    [
        ("v4", True),
        ("v4.1.0", True),
        ("4.1.3", True),
        ("v5", True),
        ("0fd2f4369c5d6bcfcde6091a7c527d810b9b5c3f", True),
        ("1111111111111111111111111111111111111111 # v4.1.2", True),
        ("1111111111111111111111111111111111111111 # tag=v4.1.2", True),
        ("v4.0", False),
        ("v4.0.1", False),
        ("v3", False),
        ("v1", False),
        ("1111111111111111111111111111111111111111 # v3", False),
        ("1111111111111111111111111111111111111111 # pin@v3.1.1", False),
        ("1111111111111111111111111111111111111111 # v4", None),
        ("1111111111111111111111111111111111111111 # newest of 2024", None),
        ("1111111111111111111111111111111111111111", None),
        ("main", None),
        ("release/v4", None),
        ("v4-beta", None),
        ("", None),
    ],
)
def test_what_the_ref_of_an_action_proves(ref: str, answer: bool | None, tmp_path: Path) -> None:
    (run,) = runs(tmp_path / "r", f"uses: JS-DevTools/npm-publish@{ref}")
    assert run.new_enough is answer


MEMBERS: TREE = {"packages/a/package.json": {"name": "@octo/a", "devDependencies": {"lerna": "^8.1.0"}}}
ROOT: TREE = {"package.json": {"workspaces": ["packages/*"], "devDependencies": {"lerna": "^8.1.0"}}}
BERRY = "__metadata:\n  version: 8\n"


@pytest.mark.parametrize(
    ("files", "folder", "command"),
    [
        (ROOT, "", "npm install --save-dev lerna@^9"),
        ({**ROOT, "yarn.lock": "# yarn lockfile v1\n"}, "", "yarn add -D -W lerna@^9"),
        ({**ROOT, "yarn.lock": BERRY}, "", "yarn add -D lerna@^9"),
        ({**ROOT, "bun.lock": "{}"}, "", "bun add -d lerna@^9"),
        ({**ROOT, "pnpm-workspace.yaml": "packages: ['packages/*']\n"}, "", "pnpm add -D -w lerna@^9"),
        ({"package.json": {"devDependencies": {"lerna": "8.1.0"}}, "pnpm-lock.yaml": ""}, "", "pnpm add -D -E lerna@9"),
        ({"package.json": {"dependencies": {"lerna": "^8.1.0"}}}, "", "npm install lerna@^9"),
        ({"package.json": {"dependencies": {"lerna": "8.1.0"}}}, "", "npm install --save-exact lerna@9"),
        (
            {"package.json": {"workspaces": ["packages/*"]}, **MEMBERS},
            "packages/a",
            "npm -w packages/a install --save-dev lerna@^9",
        ),
        (
            {"package.json": {}, "pnpm-workspace.yaml": "packages: ['packages/*']\n", **MEMBERS},
            "packages/a",
            "pnpm --filter ./packages/a add -D lerna@^9",
        ),
        (
            {"package.json": {"workspaces": ["packages/*"], "packageManager": "yarn@1.22.22"}, **MEMBERS},
            "packages/a",
            "yarn --cwd packages/a add -D lerna@^9",
        ),
        ({"package.json": {}, "bun.lock": "", **MEMBERS}, "packages/a", "bun add --cwd packages/a -d lerna@^9"),
        ({"package.json": {}, **MEMBERS}, "packages/a", "npm --prefix packages/a install --save-dev lerna@^9"),
    ],
)
def test_the_command_that_raises_a_package(files: TREE, folder: str, command: str, tmp_path: Path) -> None:
    step = f"      - run: npx lerna publish\n        working-directory: {folder or '.'}\n"
    made = model(tmp_path / "r", step, files)
    (run,) = runs_of(made.repository.workflows[".github/workflows/a.yml"].jobs[0].steps[0], made.repository)
    assert command_for(run, made.repository) == f"`{command}`"


OLD: TREE = {"package.json": {"name": "octo-pkg", "devDependencies": {"semantic-release": "^24"}}}
LISTED = '{"plugins": ["@semantic-release/github"%s]}'


@pytest.mark.parametrize(
    ("files", "published"),
    [
        ({}, True),
        ({".releaserc": LISTED % ""}, False),
        ({".releaserc": LISTED % ', "@semantic-release/npm"'}, True),
        ({".releaserc": LISTED % ', ["@semantic-release/npm", {"npmPublish": false}]'}, False),
        ({".releaserc.json": '{"branches": ["main"]}'}, True),
        ({".releaserc.json": '{"extends": "@octo/release", "plugins": []}'}, True),
        ({"release.config.js": "module.exports = {plugins: ['@semantic-release/exec']}"}, False),
        ({"release.config.js": "module.exports = {plugins: require('./plugins')}"}, True),
        ({".releaserc.yml": "plugins:\n  - semantic-release-pnpm\n"}, True),
    ],
)
def test_semantic_release_publishes_with_its_npm_plugin(files: TREE, published: bool, tmp_path: Path) -> None:
    found = runs(tmp_path / "r", "run: npx semantic-release", {**OLD, **files}, published=True)
    assert bool(found) is published


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ("      - run: pnpm publish\n", "package.json says pnpm@10.4.1"),
        ("      - uses: pnpm/action-setup@v4\n      - run: pnpm publish\n", "package.json says pnpm@10.4.1"),
        (
            "      - uses: pnpm/action-setup@v4\n        with: {version: 9}\n      - run: pnpm publish\n",
            "`pnpm/action-setup` with `version: 9`",
        ),
        (
            "      - uses: pnpm/action-setup@v4\n        with: {version: '${{ steps.v.outputs.v }}'}\n"
            "      - run: pnpm publish\n",
            "package.json says pnpm@10.4.1",
        ),
        ("      - run: npm i -g pnpm@9\n      - run: pnpm publish\n", "`npm i -g pnpm@9`"),
        ("      - run: npm i -g pnpm@11\n      - run: pnpm publish\n", "package.json says pnpm@10.4.1"),
        ("      - run: npm i -g pnpm\n      - run: pnpm publish\n", "package.json says pnpm@10.4.1"),
        (
            "      - run: |\n          corepack prepare pnpm@9.15.9 --activate\n          pnpm publish\n",
            "package.json says pnpm@10.4.1",
        ),
        (
            "      - run: |\n          corepack use pnpm@9.15.9\n          pnpm publish\n",
            "`corepack use pnpm@9.15.9`",
        ),
        ("      - run: npx pnpm@9.15.9 publish\n", "`pnpm@9.15.9`"),
        ("      - run: npx pnpm@11.2.0 publish\n", "package.json says pnpm@10.4.1"),
    ],
)
def test_which_pnpm_a_command_runs(steps: str, why: str, tmp_path: Path) -> None:
    made = model(tmp_path / "r", steps, {"package.json": {"packageManager": "pnpm@10.4.1"}})
    step = made.repository.workflows[".github/workflows/a.yml"].jobs[0].steps[-1]
    (publication,) = made.published_by(step)
    folder = folder_at(step, publication.offset)
    assert folder == ""
    assert manager_at(step, publication.offset, "pnpm", folder, made.repository).why == why
