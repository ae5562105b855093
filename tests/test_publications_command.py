"""`tp-fix publications`: what it says of small repositories, its JSON, its exit statuses, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

import tp_fix.report
from golden import to_placeholder, to_real
from test_command_line import git, tp_fix_run
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.report.publications.listing import listing_of
from tp_fix.report.publications.machine import as_json
from tp_fix.report.publications.text import WIDTH, as_text

SCHEMA = json.loads((Path(tp_fix.report.__path__[0]) / "publications" / "schema.json").read_text())
FOLDER = ".github/workflows/"
Files = dict[str, str]
RELEASE = "release: changesets/action@v1.5.3, which runs `pnpm release`"

DIRECT: Files = {
    "package.json": '{"name": "left-pad", "version": "1.0.0"}',
    f"{FOLDER}release.yml": """\
on: {release: {types: [published]}}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 20.18.0
          registry-url: https://npm-registry.invalid
      - name: Try it
        run: npm publish --dry-run
      - name: Publish to npm
        run: npm publish --access public
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
""",
}
DIRECT_TEXT = """\
.github/workflows/release.yml: job `publish`
  ✗ npm publish --access public
    step        `Publish to npm`, line 13
    tool        npm 10.8.2 (Node 20.18.0)
    packages    left-pad
    registry    npm's public registry (registry-url)
    credential  NODE_AUTH_TOKEN from secret NPM_TOKEN (env of the step)
    id-token    not granted
    ready       no: `id-token: write` is not in effect
                no: npm 10.8.2 is older than npm 11.5.1

tp-fix: 1 publication: 0 ready, 1 not"""

MONOREPO: Files = {
    "package.json": """{"name": "octo", "private": true, "packageManager": "pnpm@10.33.0",
        "scripts": {"release": "pnpm build && changeset publish", "build": "tsc -b"},
        "devDependencies": {"@changesets/cli": "2.29.0"}}""",
    "pnpm-workspace.yaml": "packages: ['packages/*']\n",
    **{f"packages/{name}/package.json": f'{{"name": "@octo/{name}"}}' for name in "abcdefg"},
    "packages/tests/package.json": '{"name": "@octo/tests", "private": true}',
    f"{FOLDER}release.yml": """\
on: {push: {branches: [main]}}
permissions: {contents: write, pull-requests: write, id-token: write}
jobs:
  release:
    runs-on: ubuntu-latest
    env:
      NPM_TOKEN: ${{ secrets.NPM_PUBLISH_TOKEN }}
    steps:
      - uses: actions/checkout@v6
      - uses: pnpm/action-setup@v4
      - uses: actions/setup-node@v6
        with: {node-version: 24.11.1}
      - run: echo "//npm-registry.invalid/:_authToken=$NPM_TOKEN" >> ~/.npmrc
      - id: changesets
        uses: changesets/action@v1.5.3
        with:
          publish: pnpm release
          github-token: ${{ secrets.GITHUB_TOKEN }}
""",
}
MONOREPO_TEXT = """\
.github/workflows/release.yml: job `release`
  ✓ changesets/action@v1.5.3, which runs `pnpm release`
    step        `changesets`, line 14
    tool        changesets/action 1.5.3, hands over to pnpm 10.33.0
                (package.json), hands over to npm 11.6.2 (Node 24.11.1)
    packages    7: @octo/a, @octo/b, @octo/c, @octo/d, @octo/e and 2 more
    registry    npm's public registry (default)
    credential  NPM_TOKEN from secret NPM_PUBLISH_TOKEN (env of the job; written
                by step #4)
    id-token    granted
    ready       yes

tp-fix: 1 publication: 1 ready"""

SCRIPT: Files = {
    "package.json": """{"name": "octo-cli", "scripts": {"release": "semantic-release --branches main"},
        "devDependencies": {"semantic-release": "^24.2.0"}}""",
    "package-lock.json": """{"lockfileVersion": 3, "packages": {
        "": {"devDependencies": {"semantic-release": "^24.2.0"}},
        "node_modules/semantic-release": {"version": "24.2.3"}}}""",
    f"{FOLDER}release.yml": """\
on: {push: {branches: [main]}}
jobs:
  release:
    runs-on: ubuntu-latest
    permissions: {contents: write, id-token: write}
    steps:
      - uses: actions/checkout@v6
      - run: npm ci
      - run: |
          npm test
          npm run release -- --debug
        env:
          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}
""",
}
SCRIPT_TEXT = """\
.github/workflows/release.yml: job `release`
  ✗ semantic-release --branches main --debug
    step        #3, line 9
    through     `npm run release -- --debug`, script `release` of package.json
    tool        semantic-release 24.2.3 (package-lock.json)
    packages    octo-cli
    registry    npm's public registry (default)
    credential  NPM_TOKEN from secret NPM_TOKEN (env of the step)
    id-token    granted
    ready       no: semantic-release 24.2.3 is older than semantic-release
                25.0.1

tp-fix: 1 publication: 0 ready, 1 not"""

CALLED: Files = {
    "package.json": '{"name": "octo-lib"}',
    f"{FOLDER}ci.yml": """\
on: push
jobs:
  release:
    permissions: {contents: read, id-token: write}
    uses: ./.github/workflows/publish.yml
    secrets:
      npm-token: ${{ secrets.OCTO_NPM_TOKEN }}
""",
    f"{FOLDER}publish.yml": """\
on:
  workflow_call:
    secrets:
      npm-token: {required: true}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: ./.github/actions/publish
        with:
          token: ${{ secrets.npm-token }}
""",
    ".github/actions/publish/action.yml": """\
name: Publish
inputs:
  token: {required: true}
runs:
  using: composite
  steps:
    - uses: actions/setup-node@v6
      with: {node-version: 24.11.1, registry-url: 'https://npm-registry.invalid'}
    - name: Go
      run: npm publish
      shell: bash
      env:
        NODE_AUTH_TOKEN: ${{ inputs.token }}
""",
}
CALLED_TEXT = """\
.github/workflows/publish.yml: job `publish`
  called by .github/workflows/ci.yml, job `release`
  ✓ npm publish
    step        #2, line 10
    through     action `./.github/actions/publish`, its step `Go`
    tool        npm 11.6.2 (Node 24.11.1)
    packages    octo-lib
    registry    npm's public registry (registry-url)
    credential  NODE_AUTH_TOKEN from secret OCTO_NPM_TOKEN (env of a step of
                .github/actions/publish/action.yml)
    id-token    granted
    ready       yes

tp-fix: 1 publication: 1 ready"""

BESIDE: Files = {
    "package.json": '{"name": "octo-both"}',
    f"{FOLDER}publish.yml": """\
on: {release: {types: [published]}}
jobs:
  npm:
    runs-on: ubuntu-latest
    permissions: {contents: read, id-token: write}
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with: {node-version: 24.11.1}
      - run: npm publish
  packages:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with: {node-version: 20.18.0, registry-url: 'https://npm.pkg.github.com'}
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{ github.token }}
  preview:
    uses: octo-org/shared/.github/workflows/preview.yml@main
    secrets:
      npm-token: ${{ secrets.NPM_TOKEN }}
  canary:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - name: Canary
        run: node scripts/canary.mjs
        env:
          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}
""",
}
BESIDE_TEXT = """\
.github/workflows/publish.yml: job `npm`
  ✓ npm publish
    step        #3, line 10
    tool        npm 11.6.2 (Node 24.11.1)
    packages    octo-both
    registry    npm's public registry (default)
    credential  none, OIDC only
    id-token    granted
    ready       yes

Not to npm's public registry: left alone

.github/workflows/publish.yml: job `packages`
  - npm publish
    step        #3, line 17
    tool        npm 10.8.2 (Node 20.18.0)
    packages    octo-both
    registry    GitHub Packages, by its token (NODE_AUTH_TOKEN is GITHUB_TOKEN)
    credential  NODE_AUTH_TOKEN from GITHUB_TOKEN (env of the step)

May publish: not read
  ? .github/workflows/publish.yml: job `preview`, line 20
    it calls `octo-org/shared/.github/workflows/preview.yml@main`, which is
      handed the secret NPM_TOKEN
  ? .github/workflows/publish.yml: job `canary`, step `Canary`, line 28
    it is handed NPM_TOKEN, and what `node scripts/canary.mjs` does is not read

tp-fix: 1 publication: 1 ready; 1 elsewhere; 2 not read"""

NOTHING: Files = {
    "package.json": '{"name": "octo-app", "private": true}',
    f"{FOLDER}ci.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm publish\n",
    f"{FOLDER}lint.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n",
}
NOTHING_TEXT = """\
tp-fix: nothing here is known to publish to npm's public registry: looked at 2
  workflows, and at what they run"""
TEXTS = {
    "direct": (DIRECT, DIRECT_TEXT),
    "monorepo": (MONOREPO, MONOREPO_TEXT),
    "script": (SCRIPT, SCRIPT_TEXT),
    "called": (CALLED, CALLED_TEXT),
    "beside": (BESIDE, BESIDE_TEXT),
    "nothing": (NOTHING, NOTHING_TEXT),
    "no workflow": (
        {"package.json": "{}"},
        "tp-fix: nothing here is known to publish to npm's public registry: there is no\n"
        "  workflow in .github/workflows",
    ),
}


def model(files: Files) -> Model:
    return Model(Repository.of({path: to_real(text.encode()) for path, text in files.items()}, "octo-org/octo-repo"))


def text(files: Files, encoding: str = "utf-8") -> str:
    return click.unstyle(as_text(listing_of(model(files), lambda job, names, manifests: True), encoding))


def machine(files: Files) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json(listing_of(model(files), lambda job, names, manifests: True)))
    Draft202012Validator(SCHEMA).validate(found)
    return found


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    lay(root, {**MONOREPO, f"{FOLDER}beside.yml": BESIDE[f"{FOLDER}publish.yml"]})
    git(root, "init", "-q")
    return root


def lay(root: Path, files: Files) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(to_real(content.encode()))


def run(root: Path, *args: str) -> tuple[int, str, str]:
    done = tp_fix_run("publications", *args, cwd=root)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def commands(root: Path, *args: str) -> list[str]:
    """The commands that are listed, of publications and of what goes elsewhere, and the steps that are not read."""
    status, out, _ = run(root, "--format", "json", *args)
    assert status == 0
    found = json.loads(out)
    listed = [f"{each['job']}: {each['command']}" for each in (*found["publications"], *found["elsewhere"])]
    return [*listed, *(f"{each['job']}?" for each in found["unread"])]


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str) -> None:
    files, wanted = TEXTS[name]
    assert text(files) == wanted
    assert max(map(len, text(files).split("\n"))) <= WIDTH


def test_text_where_the_marks_cannot_be_shown() -> None:
    assert "  NO npm publish --access public\n" in text(DIRECT, "ascii")
    assert "  ok npm publish\n" in text(BESIDE, "ascii")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", TEXTS)
def test_json_keeps_to_its_schema(name: str) -> None:
    found = machine(TEXTS[name][0])
    assert found["version"] == 1 and found["repository"] == "octo-org/octo-repo" and found["problems"] == []


def test_json_of_a_publication() -> None:
    (only,) = machine(DIRECT)["publications"]
    assert to_placeholder(only["registry"]["address"]) == "https://npm-registry.invalid"
    del only["registry"]["address"]
    assert only == {
        "path": ".github/workflows/release.yml",
        "line": 13,
        "job": "publish",
        "step": "Publish to npm",
        "callers": [],
        "kind": "direct",
        "through": [],
        "command": "npm publish --access public",
        "tool": "npm",
        "programs": [{"name": "npm", "version": "10.8.2", "why": "Node 20.18.0"}],
        "packages": ["left-pad"],
        "packages_reason": "",
        "registry": {"public": True, "by": "registry-url"},
        "credentials": [
            {"name": "NODE_AUTH_TOKEN", "source": "secret", "secrets": ["NPM_TOKEN"], "where": "env of the step"}
        ],
        "id_token": False,
        "ready": False,
        "lacks": [
            {"topic": "scope", "what": "`id-token: write` is not in effect", "known": True},
            {"topic": "client", "what": "npm 10.8.2 is older than npm 11.5.1", "known": True},
        ],
        "doubt": "",
    }


def test_json_has_all_packages_and_programs() -> None:
    (only,) = machine(MONOREPO)["publications"]
    assert only["packages"] == [f"@octo/{name}" for name in "abcdefg"] and only["kind"] == "action"
    assert [(each["name"], each["version"]) for each in only["programs"]] == [
        ("changesets/action", "1.5.3"),
        ("pnpm", "10.33.0"),
        ("npm", "11.6.2"),
    ]


def test_json_says_how_a_command_is_reached() -> None:
    assert [each["kind"] for each in machine(SCRIPT)["publications"]] == ["script"]
    (called,) = machine(CALLED)["publications"]
    assert called["kind"] == "composite" and called["through"] == ["action `./.github/actions/publish`, its step `Go`"]
    assert called["callers"] == [{"path": ".github/workflows/ci.yml", "job": "release"}]
    files = {**DIRECT, "release.sh": "npm publish\n"}
    files[f"{FOLDER}release.yml"] = files[f"{FOLDER}release.yml"].replace(
        "npm publish --access public", "sh release.sh"
    )
    (shell,) = machine(files)["publications"]
    assert shell["kind"] == "file" and shell["through"] == ["`sh release.sh`", "release.sh"]


def test_what_goes_elsewhere_is_not_judged() -> None:
    (only,) = machine(BESIDE)["elsewhere"]
    assert only["registry"]["public"] is False and "ready" not in only
    assert only["credentials"] == [
        {"name": "NODE_AUTH_TOKEN", "source": "github", "secrets": [], "where": "env of the step"}
    ]


def test_release_tools_that_go_elsewhere_are_listed_and_those_without_a_registry_are_not() -> None:
    config = '"publishConfig": {"registry": "https://npm.pkg.github.com"}'
    there = {**SCRIPT, "package.json": SCRIPT["package.json"].replace('"scripts"', f'{config}, "scripts"')}
    assert [each["tool"] for each in machine(there)["elsewhere"]] == ["semantic-release"]
    assert machine(there)["publications"] == []
    release = MONOREPO[f"{FOLDER}release.yml"].replace("publish: pnpm release", "version: pnpm v")
    versions_only = machine({**MONOREPO, f"{FOLDER}release.yml": release})
    assert versions_only["publications"] == versions_only["elsewhere"] == []


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (
            "- run: npm config set //npm-registry.invalid/:_authToken ${{ secrets.X }}",
            ("", ["X"], "written by step #3"),
        ),
        (
            "- run: echo '//npm-registry.invalid/:_authToken=${Y}' > .npmrc\n        env: {Y: '${{ secrets.Z }}'}",
            ("Y", ["Z"], "written by step #3"),
        ),
        (
            "- uses: octo-org/set-token@v1\n        with: {token: '${{ secrets.NPM_KEY }}'}",
            ("token", ["NPM_KEY"], "input of `octo-org/set-token@v1`, before it"),
        ),
        ("- run: echo '//npm.pkg.github.com/:_authToken=${{ secrets.X }}' > .npmrc", None),
        ("- run: '# //npm-registry.invalid/:_authToken=${{ secrets.X }}'", None),
    ],
)
def test_credentials_that_are_written_before(steps: str, wanted: tuple[str, list[str], str] | None) -> None:
    release = DIRECT[f"{FOLDER}release.yml"].replace("- name: Try it\n        run: npm publish --dry-run", steps)
    found = machine({**DIRECT, f"{FOLDER}release.yml": release})["publications"][0]["credentials"][1:]
    assert [(each["name"] or "", each["secrets"], each["where"]) for each in found] == ([wanted] if wanted else [])


def test_a_token_that_is_committed_is_listed_and_never_shown() -> None:
    token = f"npm_{'a1' * 18}"
    files = {**BESIDE, ".npmrc": f"//npm-registry.invalid/:_authToken={token}\n"}
    (only,) = machine(files)["publications"]
    assert only["credentials"] == [{"name": None, "source": "clear", "secrets": [], "where": ".npmrc"}]
    assert token not in text(files) and "a value in clear (.npmrc)" in text(files)


@pytest.mark.parametrize(
    "step",
    [
        "run: npx pkg-pr-new publish",
        "run: pnpm --filter=x vsce publish",
        "run: npm ci",
        "run: npx lerna version patch",
        "run: pnpm exec changeset version",
        "run: pnpm add --global semver",
        "run: npm config set //npm-registry.invalid/:_authToken $NPM_TOKEN",
        "run: npm whoami",
    ],
)
def test_what_has_a_token_and_publishes_nothing_is_not_listed(step: str) -> None:
    release = BESIDE[f"{FOLDER}publish.yml"].replace("run: node scripts/canary.mjs", step)
    assert [each["job"] for each in machine({**BESIDE, f"{FOLDER}publish.yml": release})["unread"]] == ["preview"]


@pytest.mark.parametrize(
    "step",
    [
        "run: ./canary",
        "run: npx lerna exec -- npm publish",
        "run: npm run publish\n        working-directory: ${{ matrix.package }}",
        "run: node scripts/canary.mjs",
        'run: eval "npm publish"',
        "run: npx lerna run publish",
        "run: npx turbo run build publish",
        "run: npx nx run-many --target=publish",
        "uses: octo-org/changesets-action@v1\n        with: {publish: pnpm release}",
        "uses: octo-org/publish-to-npm@v2",
        "uses: octo-org/anything@v2\n        with: {command: npm publish}",
        "uses: actions/github-script@v8\n        with: {script: 'await exec.exec(\"yarn release\")'}",
    ],
)
def test_what_may_publish_is_listed(step: str) -> None:
    release = BESIDE[f"{FOLDER}publish.yml"].replace("run: node scripts/canary.mjs", step)
    assert machine({**BESIDE, f"{FOLDER}publish.yml": release})["unread"][1]["job"] == "canary"


PROGRAMS = (
    ("import { exec } from 'node:child_process';\nexec('npm publish');", True, True),
    ("import { $ } from 'zx';\nawait $`pnpm stage publish`;", True, True),
    ("import { spawnSync } from 'child_process';\nconst a = ['publish'];\nspawnSync('npm', a);", True, True),
    ("import { publish } from 'libnpmpublish';", True, True),
    ("console.log('run npm publish next');", False, False),
    ("import publish from './lib.mjs';", False, True),
    ("import { exec } from 'node:child_process';\nexec('gh workflow run npm-publish.yml');", False, False),
    ("import { exec } from 'node:child_process';\n// before npm publish\nexec('npm ci');", False, False),
    ("import { exec } from 'node:child_process';\nexec('pnpm vsce publish');", False, False),
    ("import { exec } from 'node:child_process';\nexec('git push');", False, False),
    ("console.log('hello');", False, False),
)


@pytest.mark.parametrize(("program", "always", "with_identity"), PROGRAMS)
def test_programs_that_name_a_publish_are_listed(program: str, always: bool, with_identity: bool) -> None:
    manifest = {"package.json": '{"name": "left-pad", "version": "1.0.0"}', "tools/go.mjs": program}
    text = "on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n{}    steps:\n{}      - run: node tools/go.mjs\n"
    identity, other = "    permissions: {id-token: write}\n", "      - run: npm publish\n"
    beside = machine({**manifest, f"{FOLDER}x.yml": text.format("", other)})
    assert bool(beside["unread"]) is always
    assert len(beside["publications"]) == 1
    alone = machine({**manifest, f"{FOLDER}x.yml": text.format(identity, "")})
    assert bool(alone["unread"]) is with_identity


def test_words_that_hide_the_packages_may_publish_any() -> None:
    steps = MONOREPO[f"{FOLDER}release.yml"].replace(
        "uses: changesets/action@v1.5.3", "run: X=$(pnpm $FILTERS publish)"
    )
    (only,) = machine({**MONOREPO, f"{FOLDER}release.yml": steps.partition("        with:\n          publish")[0]})[
        "publications"
    ]
    assert only["packages"] is None and only["packages_reason"] == "known only when it runs" and only["doubt"]


def test_the_same_done_for_several_packages_is_told_once() -> None:
    manifests = {
        f"packages/{name}/package.json": f'{{"name": "@octo/{name}", "scripts": {{"out": "npm publish"}}}}'
        for name in "abc"
    }
    root = '{"private": true, "workspaces": ["packages/*"]}'
    release = DIRECT[f"{FOLDER}release.yml"].replace("npm publish --access public", "npm run out --workspaces")
    files = {"package.json": root, **manifests, f"{FOLDER}release.yml": release}
    assert len(machine(files)["publications"]) == 3
    assert text(files).count("✗") == 1 and "@octo/a, @octo/b, @octo/c\n" in text(files)
    assert text(files).endswith("tp-fix: 3 publications: 0 ready, 3 not")


def test_many_callers_are_counted() -> None:
    caller = CALLED[f"{FOLDER}ci.yml"]
    said = text({**CALLED, **{f"{FOLDER}{name}.yml": caller for name in "abcd"}})
    assert "d.yml" not in said and "; and 2 more\n" in " ".join(said.split()).replace("more ", "more\n")


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("npx semantic-release@24.2.1", "tool        semantic-release 24.2.1\n"),
        ("npx npm@11.6.2 publish", "tool        npm 11.6.2 (which the command names)\n"),
        ("npm i -g npm@11.6.2 && npm publish", "tool        npm 11.6.2 (the npm of `npm i -g npm@11.6.2`)\n"),
        ("corepack npm publish", "tool        npm, its version is not known\n"),
    ],
)
def test_the_version_and_where_it_is_from(command: str, wanted: str) -> None:
    release = DIRECT[f"{FOLDER}release.yml"].replace("npm publish --access public", command)
    assert wanted in text({**DIRECT, f"{FOLDER}release.yml": release})


def test_a_whole_repository(repo: Path) -> None:
    status, out, err = run(repo)
    assert (status, err) == (0, "") and out.endswith("tp-fix: 1 publication: 1 ready; 2 not read\n")
    assert commands(repo) == [RELEASE, "preview?", "canary?"], "npm turns a private package down"


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (("--workflow", "release.yml"), [RELEASE]),
        (("--package", "@octo/c"), [RELEASE, "preview?", "canary?"]),
        ((".github/workflows/release.yml",), [RELEASE]),
        (("packages/c",), [RELEASE]),
        (("packages/tests",), []),
    ],
)
def test_narrowed(repo: Path, args: tuple[str, ...], wanted: list[str]) -> None:
    assert commands(repo, *args) == wanted


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nowhere",), "tp-fix: 'nowhere': no such file or folder\n"),
        (("--workflow", "relase.yml"), "there is no workflow 'relase.yml'"),
        (("--package", "@octo/z"), "there is no package '@octo/z' here"),
        (("--repository", "octo"), "--repository 'octo' is not OWNER/NAME"),
        (("--format", "yaml"), "Invalid value for '--format'"),
    ],
)
def test_bad_input(repo: Path, args: tuple[str, ...], said: str) -> None:
    status, out, err = run(repo, *args)
    assert (status, out) == (2, "") and said in err


def test_what_cannot_be_read_is_said_and_the_rest_listed(repo: Path) -> None:
    (repo / FOLDER / "broken.yml").write_text("on: push\njobs: {publish: [\n")
    status, out, err = run(repo, "--format", "json")
    assert status == 2 and f"cannot read {FOLDER}broken.yml:" in err
    found = json.loads(out)
    assert [each["path"] for each in found["problems"]] == [f"{FOLDER}broken.yml"] and found["publications"]


def test_nothing_is_written(repo: Path) -> None:
    before = {path: path.read_bytes() for path in repo.rglob("*") if path.is_file() and ".git/" not in str(path)}
    run(repo)
    after = {path: path.read_bytes() for path in repo.rglob("*") if path.is_file() and ".git/" not in str(path)}
    assert after == before
