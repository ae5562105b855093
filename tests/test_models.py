"""What the models make of a repository: clients, registries, packages, permissions, publications, credentials."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden import lay, to_real
from tp_fix.git.listing import github_repository, walk
from tp_fix.models.grants import grant_of
from tp_fix.models.hosting import hosted
from tp_fix.models.model import Model
from tp_fix.models.npmrc import is_npmrc
from tp_fix.models.package import glob
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository
from tp_fix.models.token.credentials import is_credential, kind_of, tokens_at, writes_token
from tp_fix.models.workflow import Variable


def model(root: Path, files: dict[str, str]) -> Model:
    laid = lay({path: to_real(text.encode()) for path, text in files.items()}, root)
    return Model(Repository(str(laid), walk(str(laid)), "octo-org/octo-repo"))


def workflow(steps: str, *, job: str = "", top: str = "on: push\n") -> dict[str, str]:
    """A workflow with one job of these steps, beside a package."""
    body = "".join(f"      {line}\n" if line else "\n" for line in steps.strip("\n").split("\n"))
    extra = "".join(f"    {line}\n" for line in job.strip("\n").split("\n") if line)
    text = f"{top}jobs:\n  publish:\n    runs-on: ubuntu-latest\n{extra}    steps:\n{body}"
    return {".github/workflows/release.yml": text, "package.json": '{"name": "@octo/pkg"}'}


def only(root: Path, steps: str, **more: str) -> Publication:
    (found,) = model(root, workflow(steps, **more)).publications
    return found


def setup(version: str) -> str:
    return f"- uses: actions/setup-node@v6\n  with:\n    node-version: {version}\n- run: npm publish"


CLIENTS: list[tuple[str, bool | None]] = [
    (setup("24"), True),
    (setup("'24.x'"), True),
    (setup("24.5.0"), True),
    (setup("v24.11.1"), True),
    (setup("24.4.0"), False),
    (setup("24.2"), None),
    (setup("25"), True),
    (setup("26.1.0"), True),
    (setup("26.0.0"), True),
    (setup("27"), True),
    (setup("22"), False),
    (setup("'20.x'"), False),
    (setup("lts/*"), True),
    (setup("latest"), True),
    (setup("${{ matrix.node }}"), None),
    ("- uses: actions/setup-node@v6\n- run: npm publish", None),
    ("- uses: actions/setup-node@v6\n  with: { node-version-file: .nvmrc }\n- run: npm publish", None),
    ("- uses: actions/setup-node@v6\n  if: always()\n  with: { node-version: 24 }\n- run: npm publish", None),
    ("- run: npm publish", None),
    ("- run: npx npm@11.5.1 publish", True),
    ("- run: npx -y npm@11 publish", True),
    ("- run: npx npm@11.5.0 publish", False),
    ("- run: npx npm@10 publish", False),
    ("- run: npx npm@latest publish", True),
    ("- run: npx npm@^11.4.0 publish", True),
    ("- run: npm install -g npm@11\n- run: npm publish", True),
    ("- run: npm i -g npm@11.5.1 && npm publish", True),
    ("- run: npm i -g npm@latest\n- run: npm publish", True),
    ("- run: npm i -g npm@11\n  if: github.event_name == 'push'\n- run: npm publish", None),
    ("- run: npm publish\n- run: npm install -g npm@11", None),
    (setup("20").replace("- run", "- run: npm install -g npm@11\n- run"), True),
    ("- run: npm install -g npm@11\n" + setup("20"), False),
    (setup("24").replace("npm publish", "nvm use && npm publish"), None),
    (setup("24").replace("- run", "- uses: volta-cli/action@v4\n- run"), None),
    ("- null\n- run: npm publish\n- uses: actions/setup-node@v6\n  with: { node-version: 24 }", None),
    (setup("24").replace("npm publish", "npm stage publish"), True),
    (setup("24.5.0").replace("npm publish", "npm stage publish"), False),
    (setup("24").replace("npm publish", "pnpm publish"), None),
    (setup("24").replace("npm publish", "yarn npm publish"), None),
    (setup("24").replace("npm publish", "npx pnpm@11.1.3 stage publish"), False),
    (setup("24").replace("npm publish", "npx pnpm@11.3.0 stage publish"), True),
]


@pytest.mark.parametrize(("steps", "new_enough"), CLIENTS)
def test_client(steps: str, new_enough: bool | None, tmp_path: Path) -> None:
    lacks = only(tmp_path, steps, job="permissions: { id-token: write }").lacks
    assert {True: [], None: [False], False: [True]}[new_enough] == [lack.known for lack in lacks]


PUBLIC = "https://npm-registry.invalid"
OTHER = "https://npm.octo.example"
REGISTRIES: list[tuple[dict[str, str], bool | None]] = [
    (workflow("- run: npm publish"), True),
    (workflow(f"- run: npm publish --registry {PUBLIC}/"), True),
    (workflow(f"- run: npm publish --registry={OTHER}"), False),
    (workflow("- run: npm publish --registry $REGISTRY"), None),
    (workflow("- run: npm publish --registry https://[]/"), None),
    (workflow(f"- run: npm publish\n  env:\n    NPM_CONFIG_REGISTRY: {OTHER}"), False),
    (workflow(f"- uses: actions/setup-node@v6\n  with: {{ registry-url: '{PUBLIC}' }}\n- run: npm publish"), True),
    (workflow(f"- uses: actions/setup-node@v6\n  with: {{ registry-url: '{OTHER}' }}\n- run: npm publish"), False),
    (
        workflow(
            f"- uses: actions/setup-node@v6\n  with: {{ registry-url: '{OTHER}', scope: '@else' }}\n- run: npm publish"
        ),
        True,
    ),
    (
        workflow(
            f"- uses: actions/setup-node@v6\n  with: {{ registry-url: '{OTHER}', scope: '@octo' }}\n- run: npm publish"
        ),
        False,
    ),
    ({**workflow("- run: npm publish"), ".npmrc": f"registry={OTHER}\n"}, False),
    ({**workflow("- run: npm publish"), ".npmrc": f"@octo:registry={OTHER}\n"}, False),
    ({**workflow("- run: npm publish"), ".npmrc": f'registry="{PUBLIC}/"\n'}, True),
    ({**workflow("- run: npm publish"), ".npmrc": "@octo:registry=\n"}, True),
    ({**workflow("- run: npm publish"), ".npmrc": f"@else:registry={OTHER}\n"}, True),
    ({**workflow(f"- run: npm publish --registry {PUBLIC}"), ".npmrc": f"@octo:registry={OTHER}\n"}, None),
    (
        {
            **workflow("- run: npm publish"),
            "package.json": f'{{"name": "a", "publishConfig": {{"registry": "{OTHER}"}}}}',
        },
        False,
    ),
    (workflow("- run: npm publish\n  env:\n    NODE_AUTH_TOKEN: ${{ github.token }}"), False),
]


@pytest.mark.parametrize(("files", "public"), REGISTRIES)
def test_registry(files: dict[str, str], public: bool | None, tmp_path: Path) -> None:
    found = model(tmp_path, files).publications
    assert [publication.registry.public for publication in found] == ([] if public is False else [public])


MONOREPO = {
    "package.json": '{"private": true, "name": "root", "workspaces": ["packages/*", "!packages/old"]}',
    "packages/a/package.json": '{"name": "@octo/a"}',
    "packages/b/package.json": '{"name": "@octo/b", "private": true}',
    "packages/c/package.json": '{"name": "@octo/c"}',
    "packages/old/package.json": '{"name": "@octo/old"}',
}
PNPM = {
    **MONOREPO,
    "package.json": '{"name": "root", "private": true}',
    "pnpm-workspace.yaml": "packages: ['packages/**']\n",
}
LERNA = {
    **MONOREPO,
    "package.json": '{"name": "root"}',
    "lerna.json": '{\n  // ours\n  "packages": ["packages/a",],\n}\n',
}
PACKAGES: list[tuple[dict[str, str], str, tuple[str, ...] | None]] = [
    (MONOREPO, "- run: npm publish -ws", ("@octo/a", "@octo/c")),
    (MONOREPO, "- run: npm publish -w @octo/a --workspace packages/c", ("@octo/a", "@octo/c")),
    (MONOREPO, "- run: npm publish --workspace=nothing", None),
    (MONOREPO, "- run: npm publish\n  working-directory: packages/a", ("@octo/a",)),
    (MONOREPO, "- run: cd packages/c && npm publish", ("@octo/c",)),
    (MONOREPO, "- run: |\n    cd packages/a\n    npm publish \\\n      --access public", ("@octo/a",)),
    (MONOREPO, "- run: (cd packages/a); npm publish ./packages/c", ("@octo/c",)),
    (MONOREPO, "- run: cd $WHERE && npm publish", None),
    (MONOREPO, "- run: npm publish ./octo-1.0.0.tgz", None),
    (MONOREPO, "- run: npm publish ${{ matrix.folder }}", None),
    (MONOREPO, "- run: npm publish packages/a/dist", ("@octo/a",)),
    (PNPM, "- run: pnpm -r publish --no-git-checks", ("@octo/a", "@octo/c", "@octo/old")),
    (PNPM, "- run: pnpm --filter @octo/c publish", ("@octo/c",)),
    (PNPM, "- run: pnpm --filter './packages/*' publish", ("@octo/a", "@octo/c", "@octo/old")),
    (LERNA, "- run: npm publish --workspaces", ("@octo/a",)),
]


@pytest.mark.parametrize(("packages", "steps", "names"), PACKAGES)
def test_packages(packages: dict[str, str], steps: str, names: tuple[str, ...] | None, tmp_path: Path) -> None:
    (found,) = model(tmp_path, {**workflow(steps), **packages}).publications
    assert found.names == names


def test_defaults_of_the_job_and_of_the_workflow(tmp_path: Path) -> None:
    files = {**MONOREPO, **workflow("- run: npm publish", job="defaults: { run: { working-directory: ./packages/a } }")}
    (found,) = model(tmp_path, {**files, "package.json": MONOREPO["package.json"]}).publications
    assert found.names == ("@octo/a",)


NO_PUBLICATIONS = [
    "- run: npm publish --dry-run",
    "- run: npm run publish",
    "- run: npx pkg-pr-new publish",
    "- run: echo npm publish",
    "- run: '# npm publish'",
    "- uses: octo-org/npm-publish@v1",
    "- name: npm publish\n  run: 'true'",
]


@pytest.mark.parametrize("steps", NO_PUBLICATIONS)
def test_no_publication(steps: str, tmp_path: Path) -> None:
    assert model(tmp_path, workflow(steps)).publications == []


DOUBTS = [
    ("- run: npm publish $FLAGS", "known only at run time"),
    ("- run: npm publish ${{ inputs.flags }}", "known only at run time"),
    ("- run: |\n    $x = 1\n    npm publish\n  shell: pwsh", "its shell is pwsh"),
    ("- run: |\n    import os\n    os.system('npm publish')\n  shell: python", "its shell is python"),
    ("- run: |\n    if [ x; then\n    npm publish --tag $(", "cannot be parsed"),
]


@pytest.mark.parametrize(("steps", "doubt"), DOUBTS)
def test_a_doubtful_publication_is_one(steps: str, doubt: str, tmp_path: Path) -> None:
    found = only(tmp_path, steps)
    assert found.certain is None and doubt in found.doubt


def test_plain_words_are_read_in_every_shell(tmp_path: Path) -> None:
    found = only(tmp_path, "- run: npm publish --access public\n  shell: pwsh")
    assert found.certain is True


RUNNERS: list[tuple[str, bool | None]] = [
    ("ubuntu-latest", True),
    ("macos-14-xlarge", True),
    ("[self-hosted, linux]", False),
    ("self-hosted", False),
    ("octo-large", None),
    ("{ group: octo }", None),
    ("${{ inputs.runner }}", None),
    ("${{ matrix.os }}", True),
    ("${{ matrix.image }}", None),
    ("[ubuntu-latest]", True),
    ("[linux, x64]", None),
    ("{ group: octo, labels: ubuntu-latest }", None),
    ("{ group: octo, labels: [self-hosted] }", False),
    ("blacksmith-4vcpu-ubuntu-2404", False),
    ("depot-ubuntu-24.04", False),
    ("runs-on=${{ github.run_id }}/runner=2cpu-linux-x64", False),
    ("ubuntu-latest-8-cores", None),
    ("${{ matrix.own }}", False),
    ("${{ matrix.mixed }}", False),
    ("${{ matrix.computed }}", None),
    ("${{ matrix.os }}-large", None),
    ("${{ github.event_name == 'push' && 'ubuntu-latest' || 'ubuntu-22.04' }}", None),
]


@pytest.mark.parametrize(("runner", "expected"), RUNNERS)
def test_runner(runner: str, expected: bool | None, tmp_path: Path) -> None:
    files = workflow(
        "- run: npm publish",
        job="strategy: { matrix: { os: [ubuntu-latest, windows-2025], image: [a], own: [self-hosted], "
        "mixed: [ubuntu-latest, depot-ubuntu], computed: '${{ fromJSON(inputs.os) }}', include: [{os: macos-15}] } }",
    )
    path = ".github/workflows/release.yml"
    files[path] = files[path].replace("runs-on: ubuntu-latest", f"runs-on: {runner}")
    (found,) = model(tmp_path, files).publications
    assert hosted(found.step.job) is expected


GRANTS: list[tuple[str, str, bool]] = [
    ("on: push\n", "permissions: { id-token: write }", True),
    ("on: push\npermissions: { id-token: write }\n", "", True),
    ("on: push\npermissions: { id-token: write }\n", "permissions: { contents: read }", False),
    ("on: push\npermissions: write-all\n", "", True),
    ("on: push\npermissions: read-all\n", "", False),
    ("on: push\npermissions: {}\n", "", False),
    ("on: push\n", "", False),
    ("on: push\n", "permissions:", False),
]


@pytest.mark.parametrize(("top", "job", "granted"), GRANTS)
def test_grant(top: str, job: str, granted: bool, tmp_path: Path) -> None:
    made = model(tmp_path, workflow("- run: npm publish", top=top, job=job))
    assert grant_of(made.publications[0].step.job, made.repository).granted is granted


def test_a_caller_is_the_ceiling_two_levels_up(tmp_path: Path) -> None:
    inner = workflow("- run: npm publish", top="on: workflow_call\n")
    path = ".github/workflows/release.yml"
    middle = f"on: workflow_call\njobs:\n  a:\n    uses: ./{path}\n"
    outer = "on: push\njobs:\n  b:\n    permissions: { %s }\n    uses: ./.github/workflows/middle.yml\n"
    for scope, granted in (("id-token: write", True), ("contents: read", False)):
        files = {**inner, ".github/workflows/middle.yml": middle, ".github/workflows/outer.yml": outer % scope}
        made = model(tmp_path / scope[0], files)
        assert grant_of(made.publications[0].step.job, made.repository).granted is granted


def test_workflows_that_call_each_other_are_no_endless_loop(tmp_path: Path) -> None:
    path = ".github/workflows/release.yml"
    files = workflow("- run: npm publish", top="on: workflow_call\n")
    files[path] += f"  again:\n    uses: ./{path}\n"
    made = model(tmp_path, files)
    assert grant_of(made.publications[0].step.job, made.repository).granted is None


@pytest.mark.parametrize("spelling", ["push", "[push, release]", "{ push: { tags: [v1] }, release: null }"])
def test_triggers_in_all_spellings(spelling: str, tmp_path: Path) -> None:
    (found,) = model(tmp_path, workflow("- run: npm publish", top=f"on: {spelling}\n")).publications
    assert list(found.workflow.events)[:1] == ["push"]


CREDENTIALS = [
    ("NODE_AUTH_TOKEN", "${{ secrets.X }}", True, "secret"),
    ("NPM_TOKEN", "${{ secrets.NPM }}", True, "secret"),
    ("NPMJS_ACCESS_TOKEN", "${{ vars.T }}", True, "expression"),
    ("YARN_NPM_AUTH_TOKEN", "x", True, "literal"),
    ("NPM_CONFIG_//npm-registry.invalid/:_authToken", "${{ secrets.X }}", True, "secret"),
    ("TOKEN", "${{ secrets.NPM_PUBLISH }}", True, "secret"),
    ("TOKEN", "${{ secrets.npm-token }}", True, "secret"),
    ("TOKEN", "${{ secrets.SLACK }}", False, "secret"),
    ("NODE_AUTH_TOKEN", "", False, "literal"),
    ("NODE_AUTH_TOKEN", "${{ secrets.GITHUB_TOKEN }}", True, "github"),
    ("NPM_CONFIG_REGISTRY", "https://npm.octo.example", False, "literal"),
]


@pytest.mark.parametrize(("name", "value", "credential", "kind"), CREDENTIALS)
def test_credential(name: str, value: str, credential: bool, kind: str) -> None:
    variable = Variable(name, value, ())
    assert (is_credential(variable), kind_of(variable)) == (credential, kind)


@pytest.mark.parametrize(
    ("script", "writes"),
    [
        ("echo '//npm-registry.invalid/:_authToken=${NPM_TOKEN}' > .npmrc", True),
        ("npm config set //npm-registry.invalid/:_authToken x", True),
        ("npm config set _auth x", True),
        ("npm publish --//npm-registry.invalid/:_authToken=${{ secrets.T }}", True),
        ("yarn config set npmAuthToken x", True),
        ("NODE_AUTH_TOKEN=${{ secrets.NPM_TOKEN }} npm publish", True),
        ("echo '//npm.pkg.github.com/:_authToken=${{ secrets.GITHUB_TOKEN }}' > .npmrc", False),
        ("npm publish", False),
        ("npm run auth", False),
    ],
)
def test_writes_token(script: str, writes: bool) -> None:
    assert writes_token(to_real(script.encode()).decode()) is writes


def test_the_innermost_variable_of_a_name_counts(tmp_path: Path) -> None:
    top = "on: push\nenv:\n  NPM_TOKEN: ${{ secrets.A }}\n"
    found = only(tmp_path, "- run: npm publish\n  env:\n    NPM_TOKEN: ''", top=top)
    assert tokens_at(found.step) == []


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("packages/*", "packages/a", True),
        ("packages/*", "packages/a/b", False),
        ("packages/**", "packages/a/b", True),
        ("./packages/*/", "packages/a", True),
        ("**/lib", "a/b/lib", True),
        ("**/lib", "lib", True),
        ("pack?ges/[ab]", "packages/[ab]", True),
    ],
)
def test_workspace_pattern(pattern: str, path: str, matches: bool) -> None:
    assert (glob(pattern).fullmatch(path) is not None) is matches


@pytest.mark.parametrize("name", [".npmrc", "a/.npmrc.template", ".npmrc-release", "npmrc", "ci.npmrc", ".npmrc.ci"])
def test_npmrc_family(name: str) -> None:
    assert is_npmrc(name)
    assert not is_npmrc(name + ".d/x.js")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/octo-org/octo.js.git", "octo-org/octo.js"),
        ("git@github.com:octo-org/octo-repo.git", "octo-org/octo-repo"),
        ("ssh://git@github.com:22/octo-org/octo-repo", "octo-org/octo-repo"),
        ("https://user:pw@github.com/octo-org/octo-repo/", "octo-org/octo-repo"),
        ("https://gitlab.com/octo-org/octo-repo", None),
        ("https://notgithub.com/octo-org/octo-repo", None),
        ("", None),
    ],
)
def test_github_repository(url: str, name: str | None) -> None:
    assert github_repository(url) == name
