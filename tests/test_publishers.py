"""The table of publishers: every row is recognised as what it is, and what is none is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from golden import lay
from tp_fix.facts import actions, tables
from tp_fix.facts.generators import GENERATORS
from tp_fix.facts.publishers import BY_ACTION, BY_PROGRAM, ROWS, rows_of
from tp_fix.facts.publishers.never import ROWS as NEVER
from tp_fix.facts.publishers.never import NoPublisher
from tp_fix.facts.publishers.row import Publisher
from tp_fix.formats import read
from tp_fix.git.listing import walk
from tp_fix.models.model import Model
from tp_fix.models.publishing.generated import generated, not_by_hand
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.token.token_names import token_inputs, token_options, token_variables
from tp_fix.models.tool.scopes import asks_more
from tp_fix.models.versions.versions import ranged
from tp_fix.source import Source

JOB = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    permissions: {id-token: write}\n    steps:\n      - "
PACKAGE: dict[str, object] = {"name": "octo-pkg", "version": "1.0.0"}
BERRY = {**PACKAGE, "packageManager": "yarn@4.12.0"}
PNPM = {**PACKAGE, "packageManager": "pnpm@10.4.1"}
CLASSIC = {**PACKAGE, "packageManager": "yarn@1.22.22"}
LITE = {**PACKAGE, "devDependencies": {"@lerna-lite/publish": "^4.9.0"}}


def found(root: Path, step: str, package: dict[str, object] = PACKAGE) -> list[Publication]:
    """What is published by a step, given as what stands behind its dash."""
    files = {".github/workflows/publish.yml": (JOB + step).encode(), "package.json": json.dumps(package).encode()}
    laid = lay(files, root)
    return Model(Repository(str(laid), walk(str(laid)))).publications


def row_named(name: str) -> Publisher:
    return next(row for row in ROWS if row.name == name)


def test_every_row_can_be_recognised_and_says_where_it_is_from() -> None:
    for row in ROWS:
        assert re.match(r"[CXSDRU] \S", row.source), row.name
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", row.checked), row.name
        assert row.by.programs or row.by.actions or row.by.packages, row.name
        assert all(ranged(node.range) is not None for node in row.oidc.nodes), row.name
        assert all(len(raised.to.commit) == 40 for raised in row.raising.actions), row.name
    assert all(name == name.lower() for name in BY_ACTION)
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert set(BY_PROGRAM) >= {"lerna", "@lerna-lite/cli", "semantic-release", "np"}


def test_a_row_says_what_to_do_where_a_machine_cannot() -> None:
    for row in ROWS:
        moves = row.oidc.since or row.oidc.action_since or row.oidc.through
        assert moves or row.kind in ("X", "L"), row.name
        assert row.kind != "X" or row.advice.lacking or row.advice.hint, row.name
        assert not row.advice.lacking or row.kind == "X", row.name


def test_what_is_built_is_no_package_of_the_repository(tmp_path: Path) -> None:
    (publication,) = found(tmp_path / "r", "run: wasm-pack publish", {**PACKAGE, "private": True})
    assert publication.names is None


@pytest.mark.parametrize(
    ("name", "files", "more"),
    [
        ("semantic-release", {}, False),
        ("semantic-release", {".releaserc": "plugins: ['@semantic-release/git']"}, False),
        ("semantic-release", {".releaserc": "plugins: ['@semantic-release/exec']"}, False),
        ("semantic-release", {".releaserc.js": "module.exports = {plugins: ['@semantic-release/exec']}"}, False),
        (
            "semantic-release",
            {".releaserc.js": "module.exports = {plugins: [['@semantic-release/exec', {publishCmd: command}]]}"},
            True,
        ),
        ("semantic-release", {".releaserc": "extends: '@octo/release'"}, True),
        ("semantic-release", {"release.config.js": "module.exports = {plugins: require('./plugins')}"}, True),
        ("semantic-release", {"package.json": '{"release": {"plugins": ["semantic-release-exec"]}}'}, True),
        ("release-it", {".release-it.json": '{"npm": {"skipChecks": true}}'}, False),
        ("release-it", {".release-it.json": '{"hooks": {"before:init": "make"}}'}, True),
        ("release-it", {".release-it.ci.json": '{"plugins": {"x": {}}}'}, True),
        ("release-it", {"package.json": '{"release-it": {"hooks": {}}}'}, True),
        ("release-it", {"elsewhere/.release-it.json": '{"hooks": {}}'}, False),
        ("lerna", {".releaserc": "plugins: ['@semantic-release/exec']"}, False),
    ],
)
def test_what_may_ask_more_of_github_than_its_row_says(name: str, files: dict[str, str], more: bool) -> None:
    repository = Repository.of({path: text.encode() for path, text in files.items()})
    assert asks_more(row_named(name), "", repository) is more
    assert asks_more(row_named(name), None, repository) is (name != "lerna")


def test_two_tables_agree_on_what_an_action_asks_of_github() -> None:
    for name, rows in BY_ACTION.items():
        known = actions.lookup(name)
        assert known is None or known.scopes in [row.scopes for row in rows], name


RECOGNISED: list[tuple[str, str, str, dict[str, object]]] = [
    ("npm", "A", "run: npm publish", PACKAGE),
    ("npm", "A", "run: npm publish -w packages/a", PACKAGE),
    ("npm stage", "A", "run: npm stage publish", PACKAGE),
    ("npm of a runner", "A", "run: npx -y npm@11 publish", PACKAGE),
    ("npm of a runner", "A", "run: bunx npm@11 publish", PACKAGE),
    ("pnpm up to 10", "A", "run: pnpm -r publish", PNPM),
    ("pnpm 11 and 12", "A*", "run: pnpm publish", {**PACKAGE, "packageManager": "pnpm@11.2.0"}),
    ("pnpm 11 and 12", "A*", "run: pn publish", {**PACKAGE, "packageManager": "pnpm@12.21.0"}),
    ("pnpm stage", "A*", "run: pnpm stage publish", {**PACKAGE, "packageManager": "pnpm@11.3.0"}),
    ("Yarn Berry", "A*", "run: yarn npm publish", BERRY),
    ("Yarn Berry", "A*", "run: yarn workspaces foreach -A npm publish", BERRY),
    ("Yarn Classic", "X", "run: yarn publish", CLASSIC),
    ("bun", "X", "run: bun publish", PACKAGE),
    ("semantic-release", "A*", "run: npx semantic-release@25", PACKAGE),
    ("cycjimmy/semantic-release-action", "A*", "uses: cycjimmy/semantic-release-action@v4", PACKAGE),
    ("changesets/action v1", "A*", "uses: changesets/action@v1\n        with: {publish: npm run release}", PACKAGE),
    (
        "changesets/action v2",
        "A",
        "uses: changesets/action@v2\n        with: {publish-script: npm run release}",
        PACKAGE,
    ),
    ("changesets/action/publish", "A", "uses: changesets/action/publish@v2", PACKAGE),
    ("changesets", "A*", "run: npx changeset publish", PACKAGE),
    ("changesets", "A*", "run: npx @changesets/cli publish", PACKAGE),
    ("seek-oss/changesets-snapshot", "A*", "uses: seek-oss/changesets-snapshot@v0", PACKAGE),
    ("Shopify/snapit", "X", "uses: Shopify/snapit@v0.0.15", PACKAGE),
    ("lerna", "A*", "run: npx lerna publish from-package --yes", PACKAGE),
    ("lerna-lite", "A*", "run: npx lerna publish", LITE),
    ("nx release", "A*", "run: npx nx release --yes", PACKAGE),
    ("nx release", "A*", "run: npx nx release publish", PACKAGE),
    ("rush publish", "X", "run: npx rush publish --publish --include-all", PACKAGE),
    ("release-it", "A*", "run: npx release-it --ci", PACKAGE),
    ("np", "A*", "run: npx np --yolo", PACKAGE),
    ("auto", "X", "run: npx auto shipit", PACKAGE),
    ("auto", "X", "run: yarn auto canary", PACKAGE),
    ("beachball", "A*", "run: npx beachball publish", PACKAGE),
    ("ship.js", "X", "run: npx shipjs trigger", PACKAGE),
    ("JS-DevTools/npm-publish", "A*", "uses: JS-DevTools/npm-publish@v4", PACKAGE),
    ("JS-DevTools/npm-publish", "A*", "run: npx @jsdevtools/npm-publish", PACKAGE),
    (
        "nearform optic-release-automation",
        "A*",
        "uses: nearform-actions/optic-release-automation-action@v4\n        with: {npm-token: 'x'}",
        PACKAGE,
    ),
    (
        "nearform optic-release-automation",
        "A*",
        "uses: nearform-actions/optic-release-automation-action@v4\n        with: {publish-mode: oidc}",
        PACKAGE,
    ),
    ("MetaMask/action-npm-publish", "A*", "uses: MetaMask/action-npm-publish@v6", PACKAGE),
    (
        "MetaMask/action-npm-publish",
        "A*",
        "uses: MetaMask/action-npm-publish@v5\n        with: {npm-token: 'x'}",
        PACKAGE,
    ),
    ("decentraland/oddish-action", "X", "uses: decentraland/oddish-action@master", PACKAGE),
    ("simenandre/publish-with-pnpm", "X", "uses: simenandre/publish-with-pnpm@v2", PACKAGE),
    ("pascalgn/npm-publish-action", "X", "uses: pascalgn/npm-publish-action@1.3.9", PACKAGE),
    ("primer/publish", "X", "uses: primer/publish@v3.0.0", PACKAGE),
    ("mikeal/merge-release", "X", "uses: mikeal/merge-release@master", PACKAGE),
    ("actions/npm", "X", "uses: actions/npm@master", PACKAGE),
    ("publib", "A", "run: npx '-p' 'publib@latest' 'publib-npm'", PACKAGE),
    ("napi-rs", "A*", "run: npx napi prepublish -t npm", PACKAGE),
    ("napi-rs", "A*", "run: yarn napi pre-publish -t npm", PACKAGE),
    ("wasm-pack", "A", "run: wasm-pack publish --access public", PACKAGE),
]
"""A publisher, its class, a step that uses it, and the manifest beside it."""


@pytest.mark.parametrize(("name", "kind", "step", "package"), RECOGNISED)
def test_what_is_recognised(name: str, kind: str, step: str, package: dict[str, object], tmp_path: Path) -> None:
    (publication,) = found(tmp_path / "r", step, package)
    assert (publication.publisher.name, publication.publisher.kind) == (name, kind)


def test_every_row_is_recognised_by_something() -> None:
    left_alone = {row.name for row in ROWS if row.kind == "L"}
    assert {name for name, *_ in RECOGNISED} | left_alone == {row.name for row in ROWS}


def test_a_hook_that_publishes_is_a_publication(tmp_path: Path) -> None:
    package = {**PACKAGE, "scripts": {"prepublishOnly": "napi prepublish -t npm"}}
    assert "napi-rs" in [one.publisher.name for one in found(tmp_path / "r", "run: npm publish", package)]


@pytest.mark.parametrize("row", NEVER, ids=[row.name for row in NEVER])
def test_what_is_no_publisher_yields_no_publication(row: NoPublisher, tmp_path: Path) -> None:
    package = {**PACKAGE, "devDependencies": {"standard-version": "^9", "bumpp": "^10"}}
    assert row.what and re.match(r"[CXSDRU] \S", row.source)
    assert found(tmp_path / "r", f"uses: {row.uses}" if row.uses else f"run: {row.run}", package) == []


@pytest.mark.parametrize(
    "step",
    [
        "uses: go-semantic-release/action@v1",
        "uses: changesets/action@v1",
        "uses: changesets/action@v2\n        with: {version-script: npm run version}",
        "uses: changesets/action/version@v2",
        "uses: nearform-actions/optic-release-automation-action@v4",
        "uses: nearform-actions/optic-release-automation-action@v4\n        with: {npm-token: 'x', publish-mode: none}",
        "uses: MetaMask/action-npm-publish@v5",
        "uses: MetaMask/action-npm-publish@v6\n        with: {dry-run: true}",
        "uses: Shopify/snapit@v0.0.15\n        with: {branch: snapshot-release}",
        "uses: decentraland/oddish-action@master\n        with: {only-update-versions: true}",
        "run: npx napi prepublish -t npm --skip-optional-publish",
        "run: npx napi artifacts",
        "run: wasm-pack build",
        "run: npx publib-pypi",
        "run: npx rush publish --help",
        "run: yarn publish --help",
    ],
)
def test_what_publishes_nothing_with_these_words(step: str, tmp_path: Path) -> None:
    assert found(tmp_path / "r", step) == []


@pytest.mark.parametrize("name", [row.name for row in ROWS if row.advice.lacking])
def test_what_has_no_oidc_lacks_it_with_what_to_do(name: str, tmp_path: Path) -> None:
    step, package = next((step, package) for row, _, step, package in RECOGNISED if row == name)
    (publication,) = found(tmp_path / "r", step, package)
    lack = next(lack for lack in publication.lacks if lack.topic == "publisher")
    assert lack.what == row_named(name).advice.lacking
    assert publication.ready is not True
    assert "client" not in [lack.topic for lack in publication.lacks]


@pytest.mark.parametrize(
    ("step", "inputs"),
    [
        ("uses: JS-DevTools/npm-publish@v3\n        with: {Token: '${{ secrets.T }}'}", ("Token",)),
        ("uses: JS-DevTools/npm-publish@v3\n        with: {token: ''}", ()),
        ("uses: MetaMask/action-npm-publish@v6\n        with: {npm-token: '${{ secrets.T }}'}", ("npm-token",)),
        ("uses: simenandre/publish-with-pnpm@v2\n        with: {npm-auth-token: a}", ("npm-auth-token",)),
        ("uses: seek-oss/changesets-snapshot@v0\n        with: {token: a}", ()),
    ],
)
def test_inputs_that_hold_a_token(step: str, inputs: tuple[str, ...], tmp_path: Path) -> None:
    (publication,) = found(tmp_path / "r", step)
    assert token_inputs(publication.step) == inputs


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("npx beachball publish -n $NPM_TOKEN", ("-n",)),
        ("npx beachball publish --token=$NPM_TOKEN --yes", ("--token=$NPM_TOKEN",)),
        ("npx rush publish --npm-auth-token $NPM_TOKEN", ("--npm-auth-token",)),
        ("npm publish --//registry.example/:_authToken=$NPM_TOKEN", ("--//registry.example/:_authToken",)),
        ("npm publish --access public -n", ()),
        ("npx lerna publish --token x", ()),
    ],
)
def test_options_that_hold_a_token(command: str, options: tuple[str, ...], tmp_path: Path) -> None:
    (publication,) = found(tmp_path / "r", f"run: {command}")
    assert token_options(publication) == options


def test_variables_that_hold_a_token(tmp_path: Path) -> None:
    (publication,) = found(tmp_path / "r", "run: yarn npm publish", BERRY)
    assert token_variables(publication) == {"YARN_NPM_AUTH_TOKEN", "YARN_NPM_AUTH_IDENT"}


@pytest.mark.parametrize(
    ("path", "text", "phrase"),
    [
        ("a.yml", "# ~~ Generated by projen. To modify, edit .projenrc.ts\nname: a\n", "by projen: change .projenrc"),
        ("a.yml", "\ufeff# ~~ Generated by projen.\r\n\r\nname: a\r\n", "by projen: "),
        ("a.yml", "# This file was autogenerated by dist: x\n#\n# Copyright\n\nname: a\n", "by dist: "),
        ("a.yml", "# Copyright\n\n# Code generated by go generate; DO NOT EDIT.\nname: a\n", "by another program: "),
        ("a.yml", "---\n# This file is generated.\nname: a\n", "by another program: "),
        ("a.yml", "# This file was auto-generated by the Firebase CLI\nname: a\n", "by another program: "),
        ("package.json", '{"name": "a", "//": "~~ Generated by projen. To modify"}', "by projen: "),
        (".npmrc", "# ~~ Generated by projen. To modify\nregistry=x\n", "by projen: "),
        ("a.yml", "name: a # DO NOT EDIT\n", ""),
        ("a.yml", "name: a\n# This file is generated by projen\n", ""),
        ("a.yml", "# Release notes are generated automatically\nname: a\n", ""),
        ("a.yml", "name: a\n", ""),
        ("package.json", '{"name": "DO NOT EDIT"}', ""),
    ],
)
def test_a_file_that_a_program_writes(path: str, text: str, phrase: str) -> None:
    said = generated(read(Source.decode(path, text.encode())))
    assert phrase in said
    assert bool(said) is bool(phrase)


def test_what_the_generator_of_a_publishing_file_has_to_be_told() -> None:
    document = read(Source.decode("a.yml", b"# ~~ Generated by projen.\nname: a\n"))
    assert "`npmTrustedPublishing: true`" in not_by_hand(document)
    assert all(re.match(r"[CXSDRU] \S", row.source) for row in GENERATORS)


def test_the_page_of_the_rule_shows_every_row() -> None:
    shown = {row.what: row.value for row in tables.PUBLISHERS.rows()}
    assert list(shown) == [row.name for row in ROWS]
    assert shown["lerna"] == "A*, from lerna 9.0.0"
    assert shown["Yarn Classic"] == "X, never: `npm publish`"
    assert shown["publib"] == "A, from publib 0.2.1008, through npm, with `NPM_TRUSTED_PUBLISHER`"
    assert all(len(row.value) < 80 and len(row.source) < 120 for row in tables.PUBLISHERS.rows())


def test_no_program_is_two_publishers_but_lerna() -> None:
    assert [program for program, rows in BY_PROGRAM.items() if len(rows) > 1] == ["lerna"]
    assert [row.name for row in rows_of("lerna")] == ["lerna", "lerna-lite"]
