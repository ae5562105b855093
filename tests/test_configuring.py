"""What scripts before a publication do to its registry: what certainly leaves it alone, and what names another."""

from __future__ import annotations

import json

import pytest

from golden import to_real
from tp_fix.models.model import Model
from tp_fix.models.publishing.publications import elsewhere
from tp_fix.models.repository import Repository

OTHER = "https://npm.pkg.github.com"
PUBLIC = "https://npm-registry.invalid"
Files = dict[str, str]


def registries(
    script: str, command: str = "npm publish", name: str = "@octo/a", more: Files | None = None
) -> list[str]:
    """Where a job's publication goes after a step with a script: public, other, unknown."""
    lines = "".join(f"          {line}\n" for line in script.split("\n"))
    text = (
        "on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v6\n"
        f"      - name: Prepare\n        run: |\n{lines}      - run: {command}\n"
    )
    manifest = json.dumps({"name": name, "version": "1.0.0"})
    files = {"package.json": manifest, ".github/workflows/x.yml": text, **(more or {})}
    repository = Repository.of({path: to_real(each.encode()) for path, each in files.items()})
    found = Model(repository).publications
    answers = ["public" if each.registry.public else "unknown" for each in found]
    return answers + ["other" for _ in elsewhere(repository)]


LEAVES = (
    'echo "access=public" > .npmrc',
    f'echo "access=public" >> ~/.npmrc\necho "registry={PUBLIC}/" >> ~/.npmrc',
    "cat > .npmrc <<EOF\n//npm-registry.invalid/:_authToken=${NPM_TOKEN}\nalways-auth=true\nEOF",
    "cat <<'EOF' > ~/.npmrc\n//npm.pkg.github.com/:_authToken=${GH_TOKEN}\nEOF",
    "printf '%s\\n' 'access=public' > .npmrc",
    f'echo "@else:registry={OTHER}" >> .npmrc',
    f"npm config set @else:registry {OTHER}",
    "npm config set @octo:registry=https://npm-registry.invalid/",
    "ACCESS=$(jq -r '.publishConfig.access' package.json)",
    "for each in a b; do\n  ACCESS=$(jq -r .publishConfig.access $each/package.json)\ndone",
    'if [[ "$(npm pkg get publishConfig)" == "{}" ]]; then echo "no publishConfig"; exit 1; fi',
    "npm config get registry",
    "cat ~/.npmrc | grep -v _authToken",
    'test -f .npmrc && echo "there is an .npmrc" || true',
    'echo "To the registry we go" >> $GITHUB_STEP_SUMMARY',
    "npm ci # from the registry",
    "rm -f .npmrc",
    'npm pkg set version="$VERSION" repository.url=x',
    "case $X in a) echo 'registry';; esac",
    "envsubst '${NPM_TOKEN}' <<< '//npm-registry.invalid/:_authToken=${NPM_TOKEN}' > .npmrc",
)
MAY_SET = (
    'echo "$LINES" > .npmrc',
    'echo "${{ secrets.NPMRC }}" > ~/.npmrc',
    'echo "registry=$URL" > .npmrc',
    'echo "registry=$URL" > ci.npmrc',
    f"{{ echo 'registry={OTHER}'; }} > .npmrc",
    f"f() {{ echo 'registry={OTHER}'; }}\nf > .npmrc",
    f"echo 'registry={OTHER}' | cat > .npmrc",
    f"npm config set registry {OTHER}",
    "npm config set registry $(node -p 1)",
    "npm config set userconfig other",
    f"yarn config set npmRegistryServer {OTHER}",
    "npm config get registry > .npmrc",
    "jq '.publishConfig.registry = \"x\"' package.json > new && mv new package.json",
    "jq '.publishConfig.registry = \"x\"' package.json | sponge package.json",
    "npm pkg set publishConfig.registry=$URL",
    "npm pkg set version=1 publishConfig.registry=$URL",
    "npm pkg set $KEY=x",
    "npm pkg set name=@other/a",
    "npm pkg set --json publishConfig='{}'",
    'KEY="registry=x"; npm config set $KEY',
    "exec > .npmrc\necho registry",
    'echo "NPM_CONFIG_REGISTRY=$URL" >> $GITHUB_ENV',
    "echo 'npm config set registry x' | sh",
    "for each in 'registry=x'; do echo \"$each\"; done > .npmrc",
    "export npm_config_registry=$(cat registry.txt)",
    "npm_config_registry=$(cat registry.txt)",
    "if [ -f x ]; then npm config set registry $URL; fi",
    'echo "registry is"; npm config set registry $URL; if',
    f'echo "@octo:registry=$URL" >> .npmrc\necho "x" > {OTHER}',
    "cp ci.npmrc .npmrc",
    "cat a b > .npmrc",
    f'if [ -n "$X" ]; then npm config set @octo:registry {OTHER}; fi',
)
GOES = (
    f'echo "@octo:registry={OTHER}" >> .npmrc',
    f'echo "" >> .npmrc\necho "//npm.pkg.github.com/:_authToken=$T" >> .npmrc\necho "@octo:registry={OTHER}" >> .npmrc',
    f"npm config set @octo:registry {OTHER}",
    f"npm config set @octo:registry={OTHER} --location project",
)


@pytest.mark.parametrize("script", LEAVES)
def test_what_leaves_the_registry_alone(script: str) -> None:
    assert registries(script) == ["public"]


@pytest.mark.parametrize("script", MAY_SET)
def test_what_may_set_the_registry(script: str) -> None:
    assert registries(script) == ["unknown"]


@pytest.mark.parametrize("script", GOES)
def test_a_scope_that_an_earlier_step_sends_elsewhere(script: str) -> None:
    assert registries(script) == ["other"]
    assert registries(script, name="a") == ["public"]


@pytest.mark.parametrize(
    "script",
    (
        f"npm config set @octo:registry {OTHER}\nnpm config set @octo:registry https://npm-registry.invalid/",
        f"cd sub\necho '@octo:registry={OTHER}' >> .npmrc",
        f"npm config set @octo:registry {OTHER} || true",
    ),
)
def test_a_scope_that_is_set_in_doubt(script: str) -> None:
    assert registries(script) == ["unknown"]


COMMAND = f"npm publish --registry={PUBLIC}/"


@pytest.mark.parametrize(
    ("script", "name", "wanted"),
    (
        (f"npm config set registry {OTHER}", "@octo/a", "public"),
        (f"echo 'registry={OTHER}' > .npmrc", "@octo/a", "public"),
        ('echo "$LINES" > .npmrc', "a", "public"),
        ('echo "$LINES" > .npmrc', "@octo/a", "unknown"),
        ("npm pkg set publishConfig.registry=$URL", "a", "unknown"),
        (f"npm config set @$OWNER:registry {OTHER}", "@octo/a", "unknown"),
    ),
)
def test_the_command_line_beats_a_configuration(script: str, name: str, wanted: str) -> None:
    assert registries(script, COMMAND, name) == [wanted]


def test_a_committed_template() -> None:
    token, other = {"ci.npmrc": "//npm-registry.invalid/:_authToken=${T}\n"}, {"ci.npmrc": f"registry={OTHER}\n"}
    for script in ("envsubst < ci.npmrc > .npmrc", "envsubst '${T}' < ./ci.npmrc >> ~/.npmrc"):
        assert registries(script, more=token) == ["public"]
        assert registries(script, more=other) == ["unknown"]
        assert registries(f"cd x && {script}", more=token) == ["unknown"]
    assert registries("cp ci.npmrc .npmrc", more=token) == ["unknown"]


def test_a_file_written_anew_takes_a_committed_registry_away() -> None:
    committed = {".npmrc": f"registry={PUBLIC}/\n"}
    assert registries("echo 'access=public' > .npmrc", more=committed) == ["unknown"]
    assert registries("echo 'access=public' >> .npmrc", more=committed) == ["public"]


@pytest.mark.parametrize(
    ("file", "wanted"),
    (
        ('"$GITHUB_WORKSPACE/.npmrc"', "public"),
        ("${{ github.workspace }}/.npmrc", "public"),
        ("../.npmrc", "unknown"),
        ("$GITHUB_WORKSPACE/.npmrc-other", "unknown"),
    ),
)
def test_the_repositorys_own_file_as_the_users(file: str, wanted: str) -> None:
    assert registries("npm ci", f"npm publish --userconfig {file}") == [wanted]
