"""What stands in the way of OIDC in the configuration of a release tool, and which client publishes behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from test_release_tools import TREE, model
from tp_fix.facts.registry import public_host
from tp_fix.models.hindrance.branches import DEFAULT, below_others, branches_of, matches
from tp_fix.models.hindrance.client_behind import Behind, client_behind
from tp_fix.models.hindrance.commands_behind import commands_behind
from tp_fix.models.hindrance.hindrance import Hindrance
from tp_fix.models.hindrance.hindrances import hindrances_of
from tp_fix.models.hindrance.yarn_tokens import YarnToken, yarn_token_sources
from tp_fix.models.model import Model
from tp_fix.models.tool.tools import ToolRun, tools_of
from tp_fix.models.workflow import Step
from tp_fix.node import Data

PUBLIC = f"https://{public_host()}"
FILE = ".github/workflows/a.yml"
SR: TREE = {"name": "octo-pkg", "version": "1.0.0", "devDependencies": {"semantic-release": "^25.0.9"}}


def last(root: Path, steps: str, files: TREE, on: str = "push") -> tuple[Step, Model]:
    """The last step of a workflow, in a repository with these files; `on` is its trigger in flow style."""
    made = model(root, steps if steps.startswith("      -") else f"      - {steps}\n", files)
    if on != "push":
        path = root / FILE
        path.write_text(path.read_text(encoding="utf-8").replace("on: push", f"on: {on}"), encoding="utf-8")
    return made.repository.workflows[FILE].jobs[0].steps[-1], made


def run_of(root: Path, steps: str, files: TREE, on: str = "push") -> tuple[ToolRun, Model]:
    step, made = last(root, steps, files, on)
    return next(iter(tools_of(step, made.repository))), made


def found(root: Path, steps: str, files: TREE, on: str = "push") -> list[Hindrance]:
    run, made = run_of(root, steps, files, on)
    return list(hindrances_of(run, made.repository))


def package(name: str, version: str, **more: Data) -> TREE:
    return {"package.json": {"name": "octo-pkg", "version": "1.0.0", "devDependencies": {name: version}, **more}}


ONLY_MAIN = "{push: {branches: [main]}}"


@pytest.mark.parametrize(
    ("branches", "on", "where"),
    [
        (None, ONLY_MAIN, ""),
        (None, "push", ""),
        (None, "{push: {branches: [main, beta, alpha]}}", ""),
        (None, "{push: {branches: [main, master]}}", ""),
        (None, "{push: {branches: [main, next]}}", "`main`"),
        (None, "{push: {branches: [main, '[0-9]+.x']}}", "`1.x`"),
        (None, "{push: {branches: [main, '*.x']}}", "`1.x`"),
        (None, "{push: {branches: ['**']}}", ""),
        (["main"], "push", ""),
        ("main", "push", ""),
        (["main", {"name": "next", "prerelease": True}], "push", ""),
        ([{"name": "beta", "prerelease": True}, "main"], "{push: {branches: [main, beta]}}", ""),
        (["main", "next"], ONLY_MAIN, "`main`"),
        (["main", "next"], "{push: {branches: [next]}}", ""),
        (["main", {"name": "next", "channel": "next"}], "push", "`main`"),
        (["1.x", "main"], ONLY_MAIN, ""),
        (["1.x", "main"], "{push: {branches: [main, 1.x]}}", "`1.x`"),
        (["1.x", "main"], "push", "`1.x`"),
        (["+([0-9])?(.{+([0-9]),x}).x", "main"], ONLY_MAIN, ""),
        (["+([0-9])?(.{+([0-9]),x}).x", "main"], "{push: {branches: [main]}, workflow_dispatch: }", "`1.x`"),
        ([{"name": "old/+([0-9]).x", "range": "${name}"}, "main"], "{push: {branches: [main, 'old/**']}}", "old/"),
        (["main", "release/*"], ONLY_MAIN, "`main`"),
        (["main", "next"], "{push: {tags: ['v*']}}", ""),
        (["main", "next"], "{pull_request: {branches: [main]}}", ""),
        (["main", 5], "push", "cannot be read"),
    ],
)
def test_semantic_release_moves_a_tag_only_where_another_release_branch_stands_above(
    branches: Data, on: str, where: str, tmp_path: Path
) -> None:
    files: TREE = {"package.json": {**SR, **({"release": {"branches": branches}} if branches is not None else {})}}
    hindrances = found(tmp_path / "r", "run: npx semantic-release", files, on)
    assert [hindrance.known for hindrance in hindrances] == ([False] if where else [])
    assert all(where in hindrance.what for hindrance in hindrances)


@pytest.mark.parametrize(
    ("condition", "hindered"),
    [
        ("", True),
        ("if: github.ref == 'refs/heads/main'", False),
        ("if: github.ref_name == 'main' && github.repository == 'octo-org/octo-repo'", False),
        ("if: github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/heads/1')", True),
        ("if: vars.RELEASE", True),
    ],
)
def test_conditions_count(condition: str, hindered: bool, tmp_path: Path) -> None:
    files: TREE = {"package.json": {**SR, "release": {"branches": ["1.x", "main"]}}}
    steps = f"      - run: npx semantic-release\n        {condition}\n"
    assert bool(found(tmp_path / "r", steps, files)) is hindered


@pytest.mark.parametrize(
    ("name", "text", "hindered"),
    [
        (".releaserc", '{"branches": ["main"]}', False),
        (".releaserc", "branches:\n  - main\n  - next\n", True),
        (".releaserc", "{\n  // with comments\n  branches: ['main', 'next'],\n}\n", True),
        (".releaserc.yaml", "branches: [main]\n", False),
        ("release.config.js", "module.exports = { branches: ['main'] };\n", False),
        ("release.config.js", "module.exports = { branches: ['main', 'next'] };\n", True),
        ("release.config.mjs", "export default {\n  // branches: ['a', 'b'],\n  branches: 'main',\n};\n", False),
        ("release.config.cjs", "const branches = ['main'];\nmodule.exports = { branches };\n", True),
        ("release.config.cjs", "module.exports = { ...require('./base') };\n", True),
        ("release.config.cjs", "module.exports = { plugins: ['@semantic-release/npm'] };\n", False),
        (".releaserc.json", '{"extends": "@octo-org/releases"}', True),
        (".releaserc.json", '{"extends": "@octo-org/releases", "branches": ["main"]}', False),
    ],
)
def test_branches_are_read_from_any_configuration(name: str, text: str, hindered: bool, tmp_path: Path) -> None:
    hindrances = found(tmp_path / "r", "run: npx semantic-release", {"package.json": SR, name: text}, ONLY_MAIN)
    assert bool(hindrances) is hindered


@pytest.mark.parametrize(
    ("words", "hindered"),
    [
        ("--branches main", False),
        ("--branches next-thing", False),
        ("--branches $BRANCHES", True),
        ("-b main", False),
    ],
)
def test_the_command_line_goes_before_the_configuration(words: str, hindered: bool, tmp_path: Path) -> None:
    files: TREE = {"package.json": {**SR, "release": {"branches": ["main", "next"]}}}
    assert bool(found(tmp_path / "r", f"run: npx semantic-release {words}", files)) is hindered


def test_the_action_s_input_goes_before_the_configuration(tmp_path: Path) -> None:
    step = "      - uses: cycjimmy/semantic-release-action@v6\n        with:\n          branches: |\n"
    plain = f"{step}            ['main', {{name: 'beta', prerelease: true}}]\n"
    assert not found(tmp_path / "a", plain, {"package.json": SR})
    assert found(tmp_path / "b", f"{step}            ['main', 'next']\n", {"package.json": SR})


@pytest.mark.parametrize(
    ("address", "known"),
    [
        (f"{PUBLIC}/", []),
        (PUBLIC, [True]),
        (f"http://{public_host()}/", [True]),
        (f"https://{public_host().upper()}/", [True]),
    ],
)
def test_semantic_release_compares_the_registry_letter_by_letter(
    address: str, known: list[bool], tmp_path: Path
) -> None:
    files: TREE = {"package.json": {**SR, "publishConfig": {"registry": address}}}
    hindrances = found(tmp_path / "r", "run: npx semantic-release", files, ONLY_MAIN)
    assert [hindrance.known for hindrance in hindrances] == known
    assert all(hindrance.route == ("publishConfig", "registry") for hindrance in hindrances)


@pytest.mark.parametrize(
    ("version", "known"), [("3.2.2", []), ("2.0.5", [True]), ("*", [False])], ids=["new", "old", "any"]
)
def test_the_plugin_for_pnpm_has_a_version_of_its_own(version: str, known: list[bool], tmp_path: Path) -> None:
    name = "@anolilab/semantic-release-pnpm"
    own: TREE = {**SR, "publishConfig": {"registry": PUBLIC}, "release": {"branches": "main", "plugins": [name]}}
    own["devDependencies"] = {"semantic-release": "^25.0.9", name: version}
    assert [each.known for each in found(tmp_path / "r", "run: npx semantic-release", {"package.json": own})] == known


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("+([0-9])?(.{+([0-9]),x}).x", "1.x", True),
        ("+([0-9])?(.{+([0-9]),x}).x", "12.3.x", True),
        ("+([0-9])?(.{+([0-9]),x}).x", "1.x.x", True),
        ("+([0-9])?(.{+([0-9]),x}).x", "main", False),
        ("release/*", "release/a", True),
        ("release/*", "release/a/b", False),
        ("@(a|b)", "b", True),
        ("v{1,2}", "v2", True),
        ("main", "main", True),
        ("(", "(", True),
        ("[z-a]", "a", True),
        ("+(a|a)b", "a" * 50, True),
        ("*" * 40 + "b", "a" * 50, True),
    ],
)
def test_branch_patterns_are_those_of_micromatch(pattern: str, name: str, covered: bool) -> None:
    assert matches(pattern, name) is covered


def test_the_default_branches_have_three_kinds() -> None:
    listed = branches_of(list(DEFAULT)) or []
    kinds = ["maintenance", "release", "release", "release", "release", "prerelease", "prerelease"]
    assert [branch.kind for branch in listed] == kinds
    assert [branch.name for branch in below_others(listed)][1:] == ["master", "main", "next"]


@pytest.mark.parametrize(
    ("words", "settings", "known"),
    [
        ("", {}, []),
        ("--verify-access", {}, [True]),
        ("--verifyAccess", {}, [True]),
        ("--verify-access=true", {}, [True]),
        ("--verify-access=false", {}, []),
        ("--verify-access false", {}, []),
        ("--no-verify-access", {"verifyAccess": True}, []),
        ("--verify-access=$ASK", {}, [False]),
        ("", {"verifyAccess": True}, [True]),
        ("", {"verifyAccess": False}, []),
        ("", {"command": {"publish": {"verifyAccess": True}}}, [True]),
        ("", {"command": {"version": {"verifyAccess": True}}}, [True]),
        ("", {"command": {"publish": {"verifyAccess": False}}, "verifyAccess": True}, []),
        ("--temp-tag", {}, [False]),
        ("", {"command": {"publish": {"tempTag": True}}}, [False]),
        ("--dist-tag next --canary --otp 123456", {}, []),
        ("--legacy-auth $NPM_AUTH", {}, [True]),
        ("", {"command": {"publish": {"registry": f"{PUBLIC}/"}}}, []),
        ("", {"command": {"publish": {"registry": "https://npm.octo-org.example"}}}, [True]),
        ("", {"command": {"publish": {"registry": "${REGISTRY}"}}}, [False]),
    ],
)
@pytest.mark.parametrize("tool", ["lerna", "@lerna-lite/cli"])
def test_lerna(words: str, settings: Data, known: list[bool], tool: str, tmp_path: Path) -> None:
    files = {**package(tool, "^9.0.7" if tool == "lerna" else "^5.7.0"), "lerna.json": settings}
    hindrances = found(tmp_path / "r", f"run: npx lerna publish from-package {words}", files)
    assert [hindrance.known for hindrance in hindrances] == known


@pytest.mark.parametrize(
    ("words", "files", "known"),
    [
        ("", {}, [True]),
        ("--npm.skipChecks", {}, []),
        ("--npm.skipChecks=true --ci", {}, []),
        ("--npm.skipChecks=false", {}, [True]),
        ("--no-npm.skipChecks", {".release-it.json": {"npm": {"skipChecks": True}}}, [True]),
        ("--npm.skipChecks=$SKIP", {}, [False]),
        ("", {".release-it.json": {"npm": {"skipChecks": True}}}, []),
        ("", {".release-it.json": {"github": {"skipChecks": True}}}, [True]),
        ("", {".release-it.json": "{\n  // comments\n  npm: {skipChecks: true},\n}"}, []),
        ("", {".release-it.yaml": "npm:\n  skipChecks: true\n"}, []),
        ("", {".release-it.toml": "[npm]\nskipChecks = true\n"}, []),
        ("", {".release-it.ts": "export default { npm: { skipChecks: true } } satisfies Config;\n"}, []),
        ("", {".release-it.js": "module.exports = { github: { skipChecks: true } };\n"}, [True]),
        ("", {".release-it.js": "module.exports = { npm: settings() };\n"}, [False]),
        ("", {".release-it.js": "module.exports = { ...base };\n"}, [False]),
        ("", {".release-it.json": {"extends": "github:octo-org/release-it"}}, [False]),
        ("", {".release-it.json": "{"}, [False]),
        ("--config ci.json", {"ci.json": {"npm": {"skipChecks": True}}}, []),
        ("-c ci.json", {".release-it.json": {"npm": {"skipChecks": True}}}, [False]),
        ("--config $FILE", {}, [False]),
    ],
)
def test_release_it(words: str, files: TREE, known: list[bool], tmp_path: Path) -> None:
    tree = {**package("release-it", "^20.0.0"), **files}
    hindrances = found(tmp_path / "r", f"run: npx release-it {words}", tree)
    assert [hindrance.known for hindrance in hindrances] == known


def test_each_package_of_a_workspace_is_asked(tmp_path: Path) -> None:
    scripts: Data = {"release": "npm run release --workspaces --if-present --"}
    files = package("release-it", "^20.0.0", private=True, workspaces=["packages/*"], scripts=scripts)
    for name in ("a", "b", "c"):
        own: TREE = {"name": name, "version": "1.0.0", "scripts": {"release": "release-it"}}
        files |= {f"packages/{name}/package.json": own, f"packages/{name}/.release-it.json": {"npm": {"publish": True}}}
    files["packages/b/.release-it.json"] = {"npm": {"skipChecks": True}}
    paths = [hindrance.path for hindrance in found(tmp_path / "r", "run: npm run release -- --ci", files)]
    assert paths == ["packages/a/.release-it.json", "packages/c/.release-it.json"]


@pytest.mark.parametrize(
    ("words", "settings", "publishes"),
    [
        ("", {}, True),
        ("", {"npm": False}, False),
        ("", {"npm": {"publish": False}}, False),
        ("--npm=false", {}, False),
        ("--no-npm", {}, False),
        ("--npm.publish=false", {}, False),
        ("--npm.publish", {"npm": {"publish": False}}, True),
        ("", {"npm": False, "plugins": {"@release-it-plugins/workspaces": True}}, True),
        ("", {"npm": False, "plugins": {"@release-it/bumper": {}}}, False),
    ],
)
def test_release_it_publishes_unless_told_not_to(words: str, settings: Data, publishes: bool, tmp_path: Path) -> None:
    files = {**package("release-it", "^20.0.0"), ".release-it.json": settings}
    step, made = last(tmp_path / "r", f"run: npx release-it {words}", files)
    assert bool(list(tools_of(step, made.repository))) is publishes


@pytest.mark.parametrize(
    ("step", "files", "known"),
    [
        ("run: npx beachball publish", package("beachball", "^2.66.0"), []),
        ("run: npx beachball publish -y -n $TOKEN", package("beachball", "^2.66.0"), [True]),
        ("run: npx beachball publish --token=$TOKEN", package("beachball", "^2.66.0"), [True]),
        ("run: npx auto shipit", package("auto", "^11.3.6"), [False]),
        ("run: npx auto shipit", {**package("auto", "^11.3.6"), ".autorc": '{"plugins": ["npm"]}'}, [True]),
        (
            "run: npx auto shipit",
            {**package("auto", "^11.3.6"), ".autorc": '{"plugins": [["npm", {"setRcToken": false}]]}'},
            [],
        ),
        ("run: npx shipjs trigger", package("shipjs", "^0.28.2"), [True]),
        (
            "run: npx shipjs trigger",
            {**package("shipjs", "^0.28.2"), "ship.config.js": "module.exports = { useOidcTokenProvider: isCi() };"},
            [False],
        ),
        ("run: npx rush publish --publish", package("@microsoft/rush", "^5.1.0"), [False]),
        ("run: npx changeset publish", package("@changesets/cli", "^2.31.0"), []),
        ("run: npx changeset publish --otp $OTP", package("@changesets/cli", "^2.31.0"), [False]),
        ("run: npx nx release publish", package("nx", "^23.0.0"), []),
        ("run: npx np --yolo", package("np", "^11.0.1"), []),
    ],
)
def test_the_others(step: str, files: TREE, known: list[bool], tmp_path: Path) -> None:
    assert [hindrance.known for hindrance in found(tmp_path / "r", step, files)] == known


CHANGESETS: TREE = {"package.json": {"name": "a", "version": "1.0.0", "devDependencies": {"@changesets/cli": "2.31.0"}}}
OLD: TREE = {"package.json": {"name": "a", "version": "1.0.0", "devDependencies": {"@changesets/cli": "2.26.2"}}}
NEW: TREE = {"package.json": {"name": "a", "version": "1.0.0", "devDependencies": {"@changesets/cli": "3.0.3"}}}
ANY: TREE = {"package.json": {"name": "a", "version": "1.0.0", "devDependencies": {"@changesets/cli": "*"}}}


def managed(tree: TREE, manager: str) -> TREE:
    own = tree["package.json"]
    assert isinstance(own, dict)
    return {"package.json": {**own, "packageManager": manager}}


BERRY = "__metadata:\n  version: 8\n"
CLASSIC = "# yarn lockfile v1\n"


@pytest.mark.parametrize(
    ("files", "client"),
    [
        (CHANGESETS, "npm"),
        ({**CHANGESETS, "package-lock.json": "{}"}, "npm"),
        ({**CHANGESETS, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "pnpm"),
        ({**CHANGESETS, "yarn.lock": BERRY}, "npm"),
        ({**CHANGESETS, "yarn.lock": CLASSIC}, "npm"),
        ({**CHANGESETS, "bun.lock": "{}"}, "npm"),
        (managed(CHANGESETS, "pnpm@10.20.0"), "pnpm"),
        ({**managed(CHANGESETS, "npm@11.6.2"), "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "npm"),
        ({**CHANGESETS, "bun.lock": "{}", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "npm"),
        ({**OLD, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "pnpm"),
        ({**OLD, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "package-lock.json": "{}"}, "npm"),
        (managed(OLD, "pnpm@10.20.0"), "npm"),
        ({**NEW, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "pnpm"),
        ({**NEW, "pnpm-workspace.yaml": "packages: ['packages/*']\n"}, "pnpm"),
        ({**NEW, "yarn.lock": BERRY}, "yarn"),
        ({**NEW, "yarn.lock": CLASSIC}, "classic"),
        ({**ANY, "package-lock.json": "{}"}, "npm"),
        ({**ANY, "yarn.lock": BERRY}, ""),
    ],
)
def test_changesets_publishes_with_the_client_of_the_project(files: TREE, client: str, tmp_path: Path) -> None:
    run, made = run_of(tmp_path / "r", "run: npx changeset publish", files)
    assert getattr(client_behind(run, made.repository), "client", None) == client


def test_a_package_with_a_lock_file_of_its_own_is_published_with_another_client(tmp_path: Path) -> None:
    root: TREE = {"name": "r", "private": True, "devDependencies": {"@changesets/cli": "2.31.0"}}
    files: TREE = {"package.json": root, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}
    files["pnpm-workspace.yaml"] = "packages: ['packages/*']\n"
    files |= {f"packages/{name}/package.json": {"name": name, "version": "1.0.0"} for name in ("a", "b")}
    run, made = run_of(tmp_path / "one", "run: npx changeset publish", files)
    assert client_behind(run, made.repository) == Behind("pnpm", "", "changesets publishes with pnpm")
    run, made = run_of(tmp_path / "two", "run: npx changeset publish", {**files, "packages/a/package-lock.json": "{}"})
    behind = client_behind(run, made.repository)
    assert behind is not None and behind.client == "" and "npm (for packages/a)" in behind.why


def npm_lock(version: str) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": {"": {}, "node_modules/npm": {"version": version}}})


@pytest.mark.parametrize(
    ("step", "files", "client"),
    [
        ("run: npx semantic-release", {"package.json": SR, "package-lock.json": npm_lock("11.21.2")}, None),
        ("run: npx semantic-release", {"package.json": SR, "package-lock.json": npm_lock("10.9.4")}, "npm"),
        ("run: npx semantic-release", {"package.json": SR, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "npm"),
        ("run: npx semantic-release@25.0.9", {"package.json": SR}, None),
        ("run: pnpm dlx semantic-release@25.0.9", {"package.json": SR}, "npm"),
        ("uses: cycjimmy/semantic-release-action@v6", {"package.json": SR}, "npm"),
        ("run: npx lerna publish", package("lerna", "9.0.7"), None),
        ("run: npx release-it", package("release-it", "20.0.0"), "npm"),
        ("run: npx release-it --npm.publishPackageManager=pnpm", package("release-it", "20.0.0"), "pnpm"),
        (
            "run: npx release-it",
            {**package("release-it", "20.0.0"), ".release-it.json": {"npm": {"publishPackageManager": "pnpm"}}},
            "pnpm",
        ),
        ("uses: JS-DevTools/npm-publish@v4", package("a", "1"), "npm"),
        ("run: npx nx release publish", {**package("nx", "22.0.0"), "pnpm-lock.yaml": "a: 1\n"}, "pnpm"),
        ("run: npx nx release publish", {**package("nx", "22.0.0"), "yarn.lock": CLASSIC}, "npm"),
        ("run: npx nx release publish", {**package("nx", "23.3.1"), "bun.lock": "{}"}, "npm"),
        ("run: npx nx release publish", {**package("nx", "22.0.0"), "bun.lock": "{}"}, "bun"),
        ("run: npx nx release publish", {**package("nx", "22.0.0"), "yarn.lock": "", "package-lock.json": "{}"}, "npm"),
        (
            "run: npx nx release publish",
            {**package("nx", "22.0.0"), "nx.json": {"cli": {"packageManager": "pnpm"}}, "package-lock.json": "{}"},
            "pnpm",
        ),
        ("run: npx nx release publish", package("nx", "22.0.0"), ""),
        ("run: npx np --yolo", {**package("np", "12.1.1"), "pnpm-lock.yaml": "a: 1\n"}, "pnpm"),
        ("run: npx np --yolo", {**package("np", "12.1.1"), "yarn.lock": BERRY}, "yarn"),
        ("run: npx np --yolo", package("np", "12.1.1"), "npm"),
        ("run: npx auto shipit", package("auto", "11.3.6"), ""),
    ],
)
def test_the_client_behind(step: str, files: TREE, client: str | None, tmp_path: Path) -> None:
    run, made = run_of(tmp_path / "r", step, files)
    assert getattr(client_behind(run, made.repository), "client", None) == client


@pytest.mark.parametrize(
    ("step", "files", "commands"),
    [
        (
            "{uses: changesets/action@v1, with: {publish: pnpm release, cwd: ./packages/a}}",
            {"package.json": {"name": "a", "version": "1.0.0"}},
            [("pnpm release", "packages/a")],
        ),
        (
            "{uses: changesets/action@v2, with: {publish-script: npx changeset publish}}",
            {"package.json": {"name": "a", "version": "1.0.0"}},
            [("npx changeset publish", "")],
        ),
        (
            "{uses: changesets/action/publish@v2}",
            {"package.json": {"name": "a", "version": "1.0.0"}},
            [("npx changeset publish", "")],
        ),
        (
            "run: npx semantic-release",
            {
                "package.json": {
                    **SR,
                    "release": {
                        "plugins": [
                            "@semantic-release/npm",
                            ["@semantic-release/exec", {"publishCmd": "pnpm publish -r", "execCwd": "packages"}],
                        ]
                    },
                }
            },
            [("pnpm publish -r", "packages")],
        ),
        ("run: npx lerna publish", package("lerna", "9.0.7"), []),
    ],
)
def test_commands_behind(step: str, files: TREE, commands: list[tuple[str, str]], tmp_path: Path) -> None:
    run, made = run_of(tmp_path / "r", step, files)
    assert [(behind.text, behind.folder) for behind in commands_behind(run, made.repository)] == commands


YARN: TREE = {"package.json": {"name": "a", "version": "1.0.0", "packageManager": "yarn@4.10.3"}}
PUBLISHING = "run: yarn npm publish"
SETUP = "      - {{uses: actions/setup-node@{}, with: {{registry-url: '{}'}}}}\n      - run: yarn npm publish\n"


def tokens(root: Path, steps: str, rc: str = "") -> list[YarnToken]:
    step, made = last(root, steps, {**YARN, ".yarnrc.yml": rc} if rc else YARN)
    return list(yarn_token_sources(step, "", made.repository))


def env(**variables: str) -> str:
    listed = ", ".join(f"{name}: '{value}'" for name, value in variables.items())
    return f"{{{PUBLISHING}, env: {{{listed}}}}}"


@pytest.mark.parametrize(
    ("steps", "rc", "expected"),
    [
        (PUBLISHING, "", []),
        (PUBLISHING, "nodeLinker: node-modules\n", []),
        (env(YARN_NPM_AUTH_TOKEN="${{ secrets.A }}"), "", ["set"]),
        (env(YARN_NPM_AUTH_IDENT="a:b"), "", ["set"]),
        (env(YARN_NPM_AUTH_TOKEN=""), "", []),
        (env(NPM_TOKEN="x"), "", []),
        (PUBLISHING, "npmAuthToken: abc\n", ["set stays"]),
        (PUBLISHING, "npmAuthIdent: a:b\n", ["set stays"]),
        (env(YARN_NPM_AUTH_TOKEN=""), "npmAuthToken: abc\n", ["stays"]),
        (PUBLISHING, 'npmAuthToken: "${NPM_TOKEN}"\n', ["stops"]),
        (env(NPM_TOKEN="x"), 'npmAuthToken: "${NPM_TOKEN}"\n', ["set stops"]),
        (env(NPM_TOKEN="x"), 'npmAuthToken: "${NPM_TOKEN:-}"\n', ["set"]),
        (PUBLISHING, 'npmAuthToken: "${NPM_TOKEN:-}"\n', [""]),
        (PUBLISHING, 'npmAuthToken: "${NPM_TOKEN-}"\n', [""]),
        (env(NPM_TOKEN="x"), 'npmAuthToken: "${NPM_TOKEN:-none}"\n', ["set stays"]),
        (PUBLISHING, 'npmAuthToken: "${NPM_TOKEN-none}"\n', ["set stays"]),
        (env(NPM_TOKEN=""), 'npmAuthToken: "${NPM_TOKEN-none}"\n', ["stays"]),
        (PUBLISHING, "npmScopes:\n  octo-org:\n    npmAuthToken: abc\n", ["set stays"]),
        (PUBLISHING, f"npmRegistries:\n  {PUBLIC}:\n    npmAuthToken: abc\n", ["set stays"]),
        (PUBLISHING, f"npmRegistries:\n  //{public_host()}:\n    npmAuthIdent: a:b\n", ["set stays"]),
        (PUBLISHING, "npmRegistries:\n  https://npm.pkg.github.com:\n    npmAuthToken: abc\n", []),
        (PUBLISHING, "npmAlwaysAuth: true\nnpmPublishAccess: public\n", []),
        (f"      - run: yarn config set npmAuthToken $T\n      - {PUBLISHING}\n", "", ["set stays"]),
        (f"      - run: yarn config set -H npmAuthToken $T\n      - {PUBLISHING}\n", "", ["set stays"]),
        (f"      - run: 'echo \"npmAuthToken: $T\" >> ~/.yarnrc.yml'\n      - {PUBLISHING}\n", "", ["set stays"]),
        (f"      - run: echo YARN_NPM_AUTH_TOKEN=$T >> $GITHUB_ENV\n      - {PUBLISHING}\n", "", ["set unsure"]),
        (f"      - run: yarn config set nodeLinker pnp\n      - {PUBLISHING}\n", "", []),
        (SETUP.format("v6", PUBLIC), 'npmAuthToken: "${NODE_AUTH_TOKEN:-}"\n', ["set stays"]),
        (SETUP.format("v7", PUBLIC), 'npmAuthToken: "${NODE_AUTH_TOKEN:-}"\n', [""]),
        (SETUP.format("main", PUBLIC), 'npmAuthToken: "${NODE_AUTH_TOKEN:-}"\n', ["set stays"]),
    ],
)
def test_where_yarn_may_have_a_token_from(steps: str, rc: str, expected: list[str], tmp_path: Path) -> None:
    named = [("set", "set"), ("stays", "stays"), ("stops", "stops")]
    shown = []
    for token in tokens(tmp_path / "r", steps, rc):
        words = [word for name, word in named if getattr(token, name)] + ([] if token.sure else ["unsure"])
        shown.append(" ".join(words))
    assert shown == expected


def test_every_file_of_yarn_above_a_folder_counts(tmp_path: Path) -> None:
    files: TREE = {**YARN, ".yarnrc.yml": "npmAuthToken: abc\n", "packages/a/.yarnrc.yml": "npmAuthToken: b: c\n"}
    step, made = last(tmp_path / "r", PUBLISHING, files)
    found = yarn_token_sources(step, "packages/a", made.repository)
    assert [(token.path, token.sure) for token in found] == [("packages/a/.yarnrc.yml", False), (".yarnrc.yml", True)]
