"""Which packages a publish publishes: workspaces, filters, loops, variables, matrices, release tools."""

from __future__ import annotations

import json
import time

import pytest

from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository


def manifest(name: str, **more: object) -> str:
    return json.dumps({"name": name, "version": "1.0.0", **more})


MEMBERS = {
    "packages/a/package.json": manifest("@octo/a"),
    "packages/b/package.json": manifest("@octo/b"),
    "packages/secret/package.json": manifest("@octo/secret", private=True),
    "tools/c/package.json": manifest("c"),
}
NPM = {"package.json": manifest("root", private=True, workspaces=["packages/*", "tools/*"]), **MEMBERS}
PNPM = {
    "package.json": manifest("root"),
    "pnpm-workspace.yaml": "packages:\n  - 'packages/*'\n  - 'tools/**'\n  - '!tools/left-out'\n",
    "tools/left-out/package.json": manifest("left-out"),
    **MEMBERS,
}
LERNA = {"package.json": manifest("root"), "lerna.json": '{"packages": ["packages/*"]}', **MEMBERS}
SINGLE = {"package.json": manifest("only")}


def found(files: dict[str, str], step: str, job: str = "") -> list[Publication]:
    text = f"on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n{job}    steps:\n      - {step}\n"
    both = {**files, ".github/workflows/x.yml": text}
    return Model(Repository.of({path: each.encode() for path, each in both.items()})).publications


def names(files: dict[str, str], step: str, job: str = "") -> list[str] | None:
    publications = found(files, step, job)
    assert publications, "nothing publishes"
    known = publications[-1].names
    return None if known is None else sorted(known)


RUNS: list[tuple[dict[str, str], str, list[str] | None]] = [
    (NPM, "npm publish -w @octo/a -w tools/c", ["@octo/a", "c"]),
    (NPM, "npm publish -w packages", ["@octo/a", "@octo/b", "@octo/secret"]),
    (NPM, "npm publish --workspaces", ["@octo/a", "@octo/b", "c"]),
    (NPM, "npm publish -w nowhere", None),
    (SINGLE, "pnpm pack && npm publish only-1.0.0.tgz", ["only"]),
    (SINGLE, "pnpm pack --pack-destination out && npm publish ./out/*.tgz", ["only"]),
    (SINGLE, "pnpm pack --out x.tgz && npm publish only-1.0.0.tgz", None),
    (PNPM, "pnpm -r pack && npm publish ./*.tgz", None),
    (PNPM, "pnpm -r publish", ["@octo/a", "@octo/b", "c", "root"]),
    (PNPM, "pnpm publish --filter @octo/a", ["@octo/a"]),
    (PNPM, "pnpm publish --filter a", ["@octo/a"]),
    (PNPM, "pnpm publish --filter '@octo/*'", ["@octo/a", "@octo/b"]),
    (PNPM, "pnpm publish --filter '@octo/*' --filter '!@octo/a'", ["@octo/b"]),
    (PNPM, "pnpm -r --filter '!root' publish", ["@octo/a", "@octo/b", "c"]),
    (PNPM, "pnpm publish --filter ./packages/b", ["@octo/b"]),
    (PNPM, "pnpm publish --filter './packages/*'", ["@octo/a", "@octo/b"]),
    (PNPM, "pnpm publish --filter '{tools/c}'", ["c"]),
    (PNPM, "pnpm publish --filter @octo/a...", None),
    (PNPM, "pnpm publish --filter '[origin/main]'", None),
    (PNPM, "pnpm publish --filter nowhere", None),
    (PNPM, "pnpm publish --filter $PKG", None),
    (PNPM, "pnpm -C packages/a publish", ["@octo/a"]),
    (PNPM, "pnpm --dir packages/a publish", ["@octo/a"]),
    (PNPM, "cd packages/a && pnpm publish -w", ["root"]),
    (NPM, "pnpm -r publish", None),
    (NPM, "yarn workspaces foreach -A --no-private npm publish", ["@octo/a", "@octo/b", "c"]),
    (NPM, "yarn workspaces foreach -A --include '@octo/*' --exclude @octo/b npm publish", ["@octo/a"]),
    (NPM, "yarn workspaces foreach -A --exclude '{packages/a,packages/b}' npm publish", ["c"]),
    (NPM, "yarn workspaces foreach -R npm publish", None),
    (NPM, "yarn workspaces foreach --since npm publish", None),
    (NPM, "yarn workspace @octo/b npm publish", ["@octo/b"]),
    (NPM, "yarn publish packages/a", ["@octo/a"]),
    (NPM, "yarn --cwd packages/b publish", ["@octo/b"]),
    (LERNA, "npx lerna publish from-package --yes", ["@octo/a", "@octo/b"]),
    (LERNA, "cd packages && npx lerna publish", ["@octo/a", "@octo/b"]),
    (NPM, "npx lerna publish", None),
    (NPM, "npx changeset publish", ["@octo/a", "@octo/b", "c"]),
    (PNPM, "npx changeset publish", ["@octo/a", "@octo/b", "c"]),
    (SINGLE, "npx changeset publish", ["only"]),
    (PNPM, "npx np", ["root"]),
    (PNPM, "npx nx release", None),
    ({**PNPM, "nx.json": '{"release": {"projects": ["@octo/a", "tools/c"]}}'}, "npx nx release", ["@octo/a", "c"]),
    ({**PNPM, "nx.json": '{"release": {"projects": ["packages/*"]}}'}, "npx nx release", None),
    (NPM, "for p in packages/a tools/c; do (cd $p && npm publish); done", ["@octo/a", "c"]),
    (NPM, 'for p in a b; do npm publish "./packages/$p"; done', ["@octo/a", "@octo/b"]),
    (NPM, "for p in packages/*/; do npm publish ./$p; done", ["@octo/a", "@octo/b"]),
    (NPM, "for p in packages/*; do (cd $p; npm publish); done", ["@octo/a", "@octo/b"]),
    (NPM, "for p in packages/*; do pushd $p; npm publish; popd; done", ["@octo/a", "@octo/b"]),
    (NPM, "for p in a b; do cd packages/$p; npm publish; cd ../..; done", ["@octo/a", "@octo/b"]),
    (NPM, "for p in a b; do cd packages/$p; npm publish; done", None),
    (NPM, "for p in tools/*; do (cd $p && npm publish); done", None),
    (NPM, "for p in dist/*; do (cd $p && npm publish); done", None),
    (NPM, 'for p in packages/*; do [ "$p" != packages/a ] && npm publish ./$p; done', None),
    (NPM, "for p in $(ls packages); do (cd packages/$p && npm publish); done", None),
    (NPM, "ls packages | while read p; do (cd packages/$p && npm publish); done", None),
    (NPM, 'ALL=(packages/a tools/c); for p in "${ALL[@]}"; do npm publish ./$p; done', ["@octo/a", "c"]),
    (NPM, 'one() { (cd "$1" && npm publish); }; one packages/a; one tools/c', ["@octo/a", "c"]),
    (NPM, "PKG=packages/a; cd $PKG; npm publish", ["@octo/a"]),
    (NPM, "read PKG; cd $PKG; npm publish", None),
    (NPM, 'if [ -n "$X" ]; then PKG=packages/a; else PKG=packages/b; fi; cd $PKG; npm publish', None),
]


@pytest.mark.parametrize(("files", "run", "expected"), RUNS, ids=[run for _, run, _ in RUNS])
def test_what_a_command_publishes(files: dict[str, str], run: str, expected: list[str] | None) -> None:
    step = "run: |\n          " + "\n          ".join(run.split("\n"))
    assert names(files, step) == (sorted(expected) if expected is not None else None)


MATRIX = "    strategy: {matrix: {package: [a, b]}}\n"
STEPS: list[tuple[str, str, list[str] | None]] = [
    ("{run: npm publish, working-directory: 'packages/${{ matrix.package }}'}", MATRIX, ["@octo/a", "@octo/b"]),
    ("{run: yarn publish, working-directory: 'packages/${{ matrix.package }}'}", MATRIX, ["@octo/a", "@octo/b"]),
    ("{run: yarn publish, working-directory: '${{ github.ref_name }}'}", "", None),
    ("{run: cd x && yarn publish, working-directory: 'packages/${{ matrix.package }}'}", MATRIX, None),
    ("run: pnpm publish --filter @octo/${{ matrix.package }}", MATRIX, ["@octo/a", "@octo/b"]),
    ("run: cd packages/${{ matrix.package }} && npm publish", MATRIX, ["@octo/a", "@octo/b"]),
    ("{run: cd $P && npm publish, env: {P: 'packages/${{ matrix.package }}'}}", MATRIX, ["@octo/a", "@octo/b"]),
    ("{run: 'npm publish ./packages/$PKG', env: {PKG: a}}", "", ["@octo/a"]),
    ("run: npm publish ./packages/${{ matrix.package }}", "    strategy: {matrix: {package: [a, dist]}}\n", None),
    ("{run: 'npm publish ./packages/$PKG', env: {PKG: '${{ github.ref_name }}'}}", "", None),
    ("{uses: JS-DevTools/npm-publish@v4, with: {package: packages/a}}", "", ["@octo/a"]),
    ("{uses: JS-DevTools/npm-publish@v4, with: {package: ./packages/b/package.json}}", "", ["@octo/b"]),
    ("{uses: JS-DevTools/npm-publish@v4, with: {package: x.tgz}}", "", None),
    ("{uses: JS-DevTools/npm-publish@v4, with: {package: packages/a/dist}}", "", ["@octo/a"]),
    ("{uses: JS-DevTools/npm-publish@v4, with: {package: cdn/build}}", "", None),
    (
        "{uses: JS-DevTools/npm-publish@v4, with: {package: 'packages/${{ matrix.package }}'}}",
        MATRIX,
        ["@octo/a", "@octo/b"],
    ),
]


@pytest.mark.parametrize(("step", "job", "expected"), STEPS, ids=[step for step, _, _ in STEPS])
def test_what_a_step_publishes(step: str, job: str, expected: list[str] | None) -> None:
    assert names(PNPM, step, job) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ('{"plugins": [["@semantic-release/npm", {"pkgRoot": "packages/a"}]]}', ["@octo/a"]),
        ('{"plugins": [["@semantic-release/npm", {"pkgRoot": "dist"}]]}', ["only"]),
        ('{"plugins": [["@semantic-release/npm", {"pkgRoot": "dist/deep/down"}]]}', None),
        ("module.exports = {plugins: [['@semantic-release/npm', {pkgRoot: process.env.ROOT}]]}", None),
    ],
)
def test_the_folder_of_semantic_release(config: str, expected: list[str] | None) -> None:
    files = {**SINGLE, ".releaserc": config, "packages/a/package.json": manifest("@octo/a")}
    assert names(files, "run: npx semantic-release") == expected


def test_loops_that_never_end_are_bounded() -> None:
    loops = "".join(f"for v{n} in 1 2 3 4 5 6 7 8 9 10; do " for n in range(12)) + "npm publish ./packages/$v0"
    start = time.perf_counter()
    assert names(NPM, "run: " + loops + "; done" * 12) is None
    assert names(NPM, "run: 'f() { f; (cd $1 && npm publish); }; f a'") is None
    assert time.perf_counter() - start < 5


def test_one_package_is_published_by_each_way_to_start() -> None:
    (publication,) = found(PNPM, STEPS[0][0], MATRIX)
    assert [(each.start.file_name, len(each.packages)) for each in publication.filled] == [("x.yml", 2)]
