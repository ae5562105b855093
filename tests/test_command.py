"""What a command is: publishes, installs, upgrades, scripts, and the tables of programs and actions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tp_fix.facts import actions, programs
from tp_fix.facts.scopes import READ_ALL, SCOPES
from tp_fix.formats.shell import Command, parse
from tp_fix.models.running.command import (
    INSTALL_SCRIPTS,
    PACK_SCRIPTS,
    PUBLISH_SCRIPTS,
    VERSION_SCRIPTS,
    Publish,
    install_of,
    needs_credential,
    npm_upgrade_of,
    publish_of,
    script_of,
)

NPM = Publish("npm")
PNPM = Publish("pnpm")
YARN = Publish("yarn")


def first(script: str) -> Command:
    return parse(script)[0]


PUBLISHES = {
    "npm publish": NPM,
    "npm pub": NPM,
    "/usr/bin/npm publish": NPM,
    "A=b npm publish 2>&1": NPM,
    "npm publish --access public": NPM,
    "npm publish --tag next --access=public": NPM,
    "npm --loglevel verbose publish --tag next --access public": NPM,
    "npm publish --otp $OTP --tag ${{ inputs.tag }}": NPM,
    "npm publish --tag=$TAG": NPM,
    'npm publish "--tag=$TAG"': NPM,
    "npm publish --//npm-registry.invalid/:_authToken=$NPM_TOKEN": NPM,
    "npm publish --ignore-scripts -s -ddd --no-git-checks": NPM,
    "npm publish ./dist": NPM._replace(specs=("./dist",)),
    "npm publish --tag next ./dist": NPM._replace(specs=("./dist",)),
    "npm publish --tag --access public .": NPM._replace(specs=(".",)),
    "npm publish -- dist": NPM._replace(specs=("dist",)),
    "npm publish $DIR/dist": NPM._replace(specs=(None,)),
    "npm publish packages/${{ matrix.name }}": NPM._replace(specs=(None,)),
    "npm publish *.tgz": NPM._replace(specs=(None,)),
    "npm publish $DIR": NPM._replace(specs=(None,), dry_run=None),
    "npm publish ${{ inputs.flags }}": NPM._replace(specs=(None,), dry_run=None),
    "npm publish ${{ inputs.dry && '--dry-run' || '' }}": NPM._replace(dry_run=None),
    "npm publish -$FLAG": NPM._replace(dry_run=None),
    'npm publish "$@"': NPM._replace(specs=(None,), dry_run=None),
    "npm $FLAGS publish": NPM._replace(dry_run=None, specs=(None,)),
    "npm publish --dry-run": NPM._replace(dry_run=True),
    "npm publish --dry": NPM._replace(dry_run=True),
    "npm --dry-run publish": NPM._replace(dry_run=True),
    "npm publish --dry-run=true": NPM._replace(dry_run=True),
    "npm publish --dry-run true": NPM._replace(dry_run=True),
    "npm publish --dry-run $X": NPM._replace(dry_run=True, specs=(None,)),
    "npm publish --dry-run=false": NPM,
    "npm publish --dry-run false": NPM,
    "npm publish --no-dry-run": NPM,
    "npm publish --dry-run --dry-run=false": NPM,
    "npm publish --dry-run=${{ inputs.dry }}": NPM._replace(dry_run=None),
    "NPM_CONFIG_DRY_RUN=true npm publish": NPM._replace(dry_run=True),
    "npm_config_dry_run=$X npm publish": NPM._replace(dry_run=None),
    "npm_config_prefix=/x npm publish": NPM,
    "npm publish --provenance": NPM._replace(provenance=True),
    "npm publish --provenance=false": NPM._replace(provenance=False),
    "npm publish --no-provenance": NPM._replace(provenance=False),
    "npm publish --registry https://npm.pkg.github.com": NPM._replace(registry="https://npm.pkg.github.com"),
    "npm publish --registry=https://npm-registry.invalid/": NPM._replace(registry="https://npm-registry.invalid/"),
    "npm publish --reg 'https://npm-registry.invalid/'": NPM._replace(registry="https://npm-registry.invalid/"),
    "npm_config_registry=http://localhost npm publish": NPM._replace(registry="http://localhost"),
    "npm publish --registry $REGISTRY": NPM._replace(registry_unknown=True),
    "npm publish --registry=https://${{ env.R }}/": NPM._replace(registry_unknown=True),
    "npm publish --registry": NPM._replace(registry_unknown=True),
    "npm publish --@a:registry=http://localhost": NPM._replace(registry_unknown=True),
    "npm publish -w a --workspace=b -w c": NPM._replace(workspaces=("a", "b", "c")),
    "npm publish -w ${{ matrix.package }}": NPM._replace(workspaces=("${{ matrix.package }}",)),
    "npm publish -w $P --tag x": NPM._replace(workspaces=("$P",)),
    "npm publish --workspaces": NPM._replace(all_workspaces=True),
    "npm publish -ws": NPM._replace(all_workspaces=True),
    "npm publish --workspaces=false": NPM,
    "npm --prefix packages/a publish": NPM._replace(directory="packages/a"),
    "npm -C packages/a publish": NPM._replace(directory="packages/a"),
    "npm publish --prefix=packages/a": NPM._replace(directory="packages/a"),
    "npm publish --prefix $DIR": NPM._replace(directory="$DIR"),
    "npm stage publish": Publish("npm stage"),
    "npm stage publish ./dist --dry-run": Publish("npm stage", dry_run=True, specs=("./dist",)),
    "npx npm@11 publish": NPM._replace(client="11"),
    "npx -y npm@11.5.1 publish --tag next": NPM._replace(client="11.5.1"),
    "npx --yes npm@latest publish dist": NPM._replace(client="latest", specs=("dist",)),
    "npx -y 'npm@^11' publish": NPM._replace(client="^11"),
    "npx npm@$V publish": NPM._replace(client="$V"),
    "npx npm@${{ env.V }} publish": NPM._replace(client="${{ env.V }}"),
    "npx npm publish": NPM,
    "npx -p npm@11 npm publish": NPM._replace(client="11"),
    "npx --package=npm@11 -- npm publish --dry-run": NPM._replace(client="11", dry_run=True),
    "npx --registry http://localhost npm@11 publish": NPM._replace(client="11", registry="http://localhost"),
    "npx npm@11 stage publish": Publish("npm stage", "11"),
    "npm exec -- npm publish": NPM,
    "npm exec --yes npm@11 -- publish --provenance": NPM._replace(client="11", provenance=True),
    "npm x -w a -- npm@11 publish": NPM._replace(client="11", workspaces=("a",)),
    "bunx npm@11 publish": NPM._replace(client="11"),
    "bun x npm@11 publish": NPM._replace(client="11"),
    "pnpm dlx npm@11 publish": NPM._replace(client="11"),
    "pnpx npm@11 publish": NPM._replace(client="11"),
    "yarn dlx npm@11 publish": NPM._replace(client="11"),
    "corepack npm@11 publish": NPM._replace(client="11"),
    "pnpm exec npm publish": NPM,
    "pnpm -r exec npm publish": NPM._replace(all_workspaces=True),
    "yarn exec npm publish": NPM,
    "pnpm publish": PNPM,
    "pn publish": PNPM,
    "pnpm stage publish": Publish("pnpm stage"),
    "pnpm publish --no-git-checks --access public --tag next": PNPM,
    "pnpm publish --publish-branch main dist": PNPM._replace(specs=("dist",)),
    "pnpm -w publish": PNPM,
    "pnpm -r publish": PNPM._replace(all_workspaces=True),
    "pnpm publish -r --report-summary": PNPM._replace(all_workspaces=True),
    "pnpm recursive publish": PNPM._replace(all_workspaces=True),
    "pnpm m publish": PNPM._replace(all_workspaces=True),
    "pnpm --filter a publish": PNPM._replace(workspaces=("a",)),
    "pnpm -F a publish --filter=b": PNPM._replace(workspaces=("a", "b")),
    "pnpm -r --filter './packages/*' publish": PNPM._replace(workspaces=("./packages/*",)),
    "pnpm --filter ${{ matrix.p }} publish": PNPM._replace(workspaces=("${{ matrix.p }}",)),
    "pnpm -C packages/a publish": PNPM._replace(directory="packages/a"),
    "pnpm --dir packages/a publish": PNPM._replace(directory="packages/a"),
    "pnpm publish --dry-run": PNPM._replace(dry_run=True),
    "npx pnpm@9 publish": PNPM._replace(client="9"),
    "yarn npm publish": YARN,
    "yarn npm publish --tolerate-republish --access public": YARN,
    "yarn npm publish --provenance --tag next": YARN._replace(provenance=True),
    "yarn npm publish --dry-run": YARN._replace(dry_run=True),
    "yarn --cwd packages/a npm publish": YARN._replace(directory="packages/a"),
    "yarn packages/a npm publish": YARN._replace(directory="packages/a"),
    "yarn workspace @a/b npm publish --access public": YARN._replace(workspaces=("@a/b",)),
    "yarn workspace a exec npm publish": NPM._replace(workspaces=("a",)),
    "yarn workspaces foreach npm publish": YARN._replace(all_workspaces=True),
    "yarn workspaces foreach -Apt --no-private --exclude x npm publish": YARN._replace(all_workspaces=True),
    "yarn workspaces foreach -A -j 4 --include 'a*' npm publish --tag x": YARN._replace(all_workspaces=True),
    "yarn workspaces foreach -A --dry-run npm publish": YARN._replace(all_workspaces=True, dry_run=True),
    "node_modules/.bin/pnpm publish": PNPM,
    "c8 npm publish": NPM,
}


@pytest.mark.parametrize(("script", "publish"), PUBLISHES.items())
def test_publishes(script: str, publish: Publish) -> None:
    found = publish_of(first(script))
    assert found is not None and found._replace(written=(), options=()) == publish


@pytest.mark.parametrize(
    "script",
    [
        *("npm", "npm ci", "npm run publish", "npm run-script publish", "npm test publish", "npm view x publish"),
        *("npm publish --help", "npm publish -h", "npm -v publish", "npm help publish", "npm --version"),
        *("npm stage list", "npm stage approve x", "npm unpublish", "npm $X", "$NPM publish", "npm $X run publish"),
        *("npm exec publish", "npm exec -- publish", "npx publish", "npx $X publish", "npx -c 'npm publish'"),
        *("echo npm publish", "xargs npm publish", "env npm", "sudo echo npm publish", "time", "doas npm publish"),
        *(
            "pkg-pr-new publish",
            "npx pkg-pr-new publish",
            "pnpm exec pkg-pr-new publish",
            "pnpm dlx pkg-pr-new publish",
        ),
        *("pnpm run publish", "pnpm exec publish", "pnpm -r run publish", "pnpm publish:ci", "pnpm npm publish"),
        *("yarn publish", "yarn run publish", "yarn workspace a publish", "yarn workspaces run publish"),
        *("yarn workspaces foreach run publish", "yarn npm tag add", "yarn workspaces list"),
        *(
            "npx lerna publish",
            "changeset publish",
            "./npm publish",
            "jsr publish",
            "npx jsr publish",
            "corepack enable",
        ),
        *("npm --tag publish", "npm config set publish", "npm --workspace publish ci", "git publish", ">npm publish"),
    ],
)
def test_no_publishes(script: str) -> None:
    assert [publish_of(command) for command in parse(script)] == [None] * len(parse(script))


@pytest.mark.parametrize(
    ("script", "install"),
    [
        ("npm ci", "npm ci"),
        ("npm clean-install", "npm ci"),
        ("npm install", "npm install"),
        ("npm i --no-audit", "npm install"),
        ("npm add x", "npm install"),
        ("npm i -D x", "npm install"),
        ("npm --prefix a ci", "npm ci"),
        ("npm it", "npm install-test"),
        ("npm update", "npm update"),
        ("npx npm@11 ci", "npm ci"),
        ("npm install $FLAGS", "npm install"),
        ("pnpm install --frozen-lockfile", "pnpm install"),
        ("pnpm i", "pnpm install"),
        ("pnpm add -D x", "pnpm add"),
        ("pnpm fetch", "pnpm fetch"),
        ("pnpm -r i", "pnpm install"),
        ("corepack pnpm install", "pnpm install"),
        ("yarn", "yarn"),
        ("yarn --immutable", "yarn"),
        ("yarn --frozen-lockfile --network-timeout 100", "yarn"),
        ("yarn install --immutable", "yarn install"),
        ("yarn add x", "yarn add"),
        ("yarn workspace a add x", "yarn add"),
        ("yarn workspaces focus --production", "yarn workspaces focus"),
        ("npm install -g npm@11", None),
        ("npm i --global x", None),
        ("npm i --location=global x", None),
        ("npm i -gf x", None),
        ("pnpm add -g x", None),
        ("yarn global add x", None),
        ("yarn $X", None),
        ("yarn --version", None),
        ("yarn build", None),
        ("yarn workspaces list", None),
        ("npm install --help", None),
        ("npm run install", None),
        ("npm publish", None),
        ("echo npm ci", None),
        ("npm", None),
    ],
)
def test_installs(script: str, install: str | None) -> None:
    assert install_of(first(script)) == install


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ("npm install -g npm@11.5.1", "11.5.1"),
        ("npm install -g npm@11", "11"),
        ("npm i -g 'npm@^11.5.1'", "^11.5.1"),
        ("npm i -g npm@^11", "^11"),
        ("npm i --global npm@latest", "latest"),
        ("npm i --location=global npm@latest", "latest"),
        ("npm -g i npm", "*"),
        ("npm install -g npm", "*"),
        ("npm update -g npm", "*"),
        ("npm i -g corepack npm@latest", "latest"),
        ("npm i -g npm@11 --registry x pnpm@10", "11"),
        ('npm i -g "npm@>=11.5.1"', ">=11.5.1"),
        ("npm i -g npm@${{ env.NPM_VERSION }}", "${{ env.NPM_VERSION }}"),
        ('npm i -g "npm@$V"', "$V"),
        ("npm i -g npm@11.*", "11.*"),
        ("npm install npm@11", None),
        ("npm install -g --no-global npm@11", None),
        ("npm install -g npm-run-all npx@11", None),
        ("npm install -g $PACKAGES", None),
        ("npm install -g", None),
        ("npm uninstall -g npm", None),
        ("pnpm add -g npm@11", None),
        ("echo npm install -g npm@11", None),
    ],
)
def test_npm_upgrades(script: str, version: str | None) -> None:
    assert npm_upgrade_of(first(script)) == version


def around(*names: str) -> tuple[str, ...]:
    return tuple(prefix + name for name in names for prefix in ("pre", "", "post"))


@pytest.mark.parametrize(
    ("script", "scripts"),
    [
        ("npm run build", around("build")),
        ("npm run build -- --watch", around("build")),
        ("npm run-script build", around("build")),
        ("npm run -w a --if-present build", around("build")),
        ("npm --prefix a run build", around("build")),
        ("npm run --ignore-scripts build", ("build",)),
        ("npm run", ()),
        ("npm run $X", ()),
        ("npm test", around("test")),
        ("npm t", around("test")),
        ("npm start", around("start")),
        ("npm restart", around("stop", "restart", "start")),
        ("npm it", (*INSTALL_SCRIPTS, *around("test"))),
        ("npm version patch", VERSION_SCRIPTS),
        ("npm version $V", VERSION_SCRIPTS),
        ("npm version", ()),
        ("npm version patch --ignore-scripts", ()),
        ("npm ci", INSTALL_SCRIPTS),
        ("npm ci --ignore-scripts", ()),
        ("npm i -g npm@11", ()),
        ("npm pack --dry-run", PACK_SCRIPTS),
        ("npm publish", PUBLISH_SCRIPTS),
        ("npm publish --ignore-scripts", ()),
        ("npx npm@11 publish", PUBLISH_SCRIPTS),
        ("npm stage publish", PUBLISH_SCRIPTS),
        ("npm exec build", ()),
        ("npm build", ()),
        ("pnpm run build", around("build")),
        ("pnpm build", around("build")),
        ("pnpm -r --filter a build --flag", around("build")),
        ("pnpm recursive run build", around("build")),
        ("pnpm test", around("test")),
        ("pnpm install", INSTALL_SCRIPTS),
        ("pnpm publish -r", PUBLISH_SCRIPTS),
        ("pnpm exec build", ()),
        ("pnpm dlx build", ()),
        ("pnpm store prune", ()),
        ("yarn run build", around("build")),
        ("yarn build", around("build")),
        ("yarn workspace a build", around("build")),
        ("yarn workspace a run build", around("build")),
        ("yarn workspaces foreach -A run build", around("build")),
        ("yarn workspaces run build", around("build")),
        ("yarn", INSTALL_SCRIPTS),
        ("yarn npm publish", ("prepublish", *PUBLISH_SCRIPTS)),
        ("yarn publish", ("prepublish", *PUBLISH_SCRIPTS)),
        ("yarn version --patch", VERSION_SCRIPTS),
        ("yarn why x", ()),
        ("yarn npm whoami", ()),
        ("run-s clean 'build:*'", around("clean", "build:*")),
        ("npx npm-run-all --parallel lint 'test -- --ci' --max-parallel 2", around("lint", "test")),
        ("node --run build", ("build",)),
        ("node build.js --run x", ()),
        ("make build", ()),
    ],
)
def test_scripts(script: str, scripts: tuple[str, ...]) -> None:
    assert script_of(first(script)) == scripts


@pytest.mark.parametrize(
    ("script", "needed"),
    [
        ("npm dist-tag add a@1 latest", True),
        ("npm dist-tags ls", True),
        ("npm deprecate a x", True),
        ("npm access list packages", True),
        ("npm owner add x", True),
        ("npm unpublish a@1", True),
        ("npm whoami", True),
        ("npm --registry x whoami", True),
        ("npm token list", True),
        ("npm team ls x", True),
        ("npm org ls x", True),
        ("npm profile get", True),
        ("npm hook ls", True),
        ("npm adduser", True),
        ("npm login", True),
        ("npm stage approve x", True),
        ("npx npm@11 dist-tag ls", True),
        ("pnpm whoami", True),
        ("pnpm dist-tag ls", True),
        ("yarn npm tag add a@1 x", True),
        ("yarn npm whoami", True),
        ("yarn npm login", True),
        ("yarn tag add a@1 x", True),
        ("npm publish", False),
        ("npm stage publish", False),
        ("yarn npm publish", False),
        ("npm ci", False),
        ("npm view x", False),
        ("npm run whoami", False),
        ("npm help whoami", False),
        ("npm whoami --help", False),
        ("yarn whoami", False),
        ("yarn npm info x", False),
        ("whoami", False),
    ],
)
def test_credentials(script: str, needed: bool) -> None:
    assert needs_credential(first(script)) is needed


CONTENTS = ("contents", "write")
READ = ("contents", "read")
PULLS = ("pull-requests", "write")
ISSUES = ("issues", "write")


@pytest.mark.parametrize(
    ("script", "scopes"),
    [
        *(
            (script, ())
            for script in ("echo x", "cd a", "[ -f a ]", "[[ a ]]", "test a", "export A=b", "set -e", "jq . a")
        ),
        *(
            (script, ())
            for script in ("tsc", "npx tsc -p .", "npx -p typescript tsc", "pnpm exec tsc", "npm exec -- tsc")
        ),
        *(
            (script, ())
            for script in ("yarn exec tsc", "yarn tsc", "yarn run tsc", "pnpm tsc", "./node_modules/.bin/tsc")
        ),
        *(
            (script, ())
            for script in ("npx @biomejs/biome ci", "npx vitest@3 run", "c8 mocha", "nyc report", "run-s a b")
        ),
        *(
            (script, ())
            for script in ("node --version", "node -v", "node --run build", "corepack enable", "find . -name a")
        ),
        *(
            (script, ())
            for script in ("npm pack", "npm version patch", "npm run a", "npm test", "npm --version", "npm ls")
        ),
        *(
            (script, ())
            for script in ("npm config get registry", "npm view a", "npm info a", "pnpm run a", "yarn --version")
        ),
        *(
            (script, ())
            for script in ("pnpm test", "yarn test", "yarn run test", "yarn config get a", "npm pkg set a=b")
        ),
        *(
            (script, ())
            for script in ("git config a b", "git commit -m x", "git -C a status", "git --version", "git stash push")
        ),
        *(
            (script, (CONTENTS,))
            for script in ("git push", "git -c a=b push --tags", "git -C $D push $X", "git lfs push")
        ),
        *((script, (READ,)) for script in ("git fetch", "git pull --rebase", "git submodule update")),
        *((f"gh release {verb} v1 --title x", (CONTENTS,)) for verb in ("create", "upload", "edit")),
        ("gh release create v1 --discussion-category a", (CONTENTS, ("discussions", "write"))),
        ("gh release -R a/b create v1", (CONTENTS,)),
        *((f"gh pr {verb} --fill", (CONTENTS, PULLS)) for verb in ("create", "merge", "edit")),
        ("gh pr comment 1 -b x", (PULLS,)),
        *((f"gh issue {verb}", (ISSUES,)) for verb in ("create", "close", "comment")),
        ("gh --version", ()),
        *((script, ()) for script in ("set -e", "jq .env a.json", "jq -n env.A", "jq -n '$ENV.A'", "jq . env.json")),
    ],
)
def test_known_programs(script: str, scopes: programs.Scopes) -> None:
    program = programs.lookup(first(script))
    assert program is not None
    assert program.scopes == scopes
    assert program.source
    assert program.checked


@pytest.mark.parametrize(
    "script",
    [
        *(
            "curl x",
            "xargs npm",
            "eval x",
            "source x",
            "exec x",
            "doas tsc",
            "env",
            "dotenv tsc",
            "$X",
            "make",
            "./x",
        ),
        *(
            "node x.js",
            "node -e x",
            "node",
            "node $X",
            "bash -c x",
            "npx unknown",
            "npx $X",
            "npx",
            "yarn build",
            "pnpm x",
        ),
        *("npm ci", "npm publish", "npm config set a b", "npm set a b", "npm $X", "npm run $X", "npm whoami", "npm"),
        *(
            "yarn",
            "yarn npm publish",
            "yarn config set a b",
            "pnpm install",
            "pnpm config set a b",
            "yarn set version 4",
        ),
        *(
            "gh api x",
            "gh pr view",
            "gh workflow run x",
            "gh $X create",
            "gh release",
            "gh",
            "c8 unknown",
            "docker push x",
        ),
        *(
            "git submodule foreach 'x'",
            "git bisect run x",
            "git rebase --exec x",
            "git $X",
            "find . -exec npm publish ';'",
        ),
        *("set > vars", "typeset -p", "export", "jq -n env", "jq -n '$ENV'", "jq -n 'env | keys'"),
    ],
)
def test_unknown_programs(script: str) -> None:
    assert programs.lookup(first(script)) is None


@pytest.mark.parametrize(
    ("script", "file"),
    [
        ("node scripts/a.js --flag", "scripts/a.js"),
        ("node --require x --enable-source-maps ./a.mjs", "./a.mjs"),
        ("node -r x a.js", "a.js"),
        ("bash a.sh", "a.sh"),
        ("bash -euxo pipefail a.sh", "a.sh"),
        ("bash -e -o pipefail a.sh b", "a.sh"),
        ("sh ./a.sh", "./a.sh"),
        ("./a.sh x", "./a.sh"),
        ("scripts/a", "scripts/a"),
        ("tsx a.ts", "a.ts"),
        ("npx tsx --tsconfig x a.ts", "a.ts"),
        ("yarn tsx a.ts", "a.ts"),
        ("yarn node a.js", "a.js"),
        ("pnpm exec ts-node -P x a.ts", "a.ts"),
        ("python a.py", "a.py"),
        ("python3 -u a.py", "a.py"),
        ("zx a.mjs", "a.mjs"),
        ("source ./a.sh", "./a.sh"),
        (". ./a.sh", "./a.sh"),
        ("node $X", None),
        ("node -e 'x' a.js", None),
        ("node -p x", None),
        ("node --eval=x a.js", None),
        ("node --test a.js", None),
        ("node --run a", None),
        ("node /tmp/a.js", None),
        ("node", None),
        ("bash -c 'a'", None),
        ("bash -ec 'a'", None),
        ("bash -s a", None),
        ("python -m a", None),
        ("/usr/bin/a", None),
        ("./node_modules/.bin/a", None),
        ("npx @a/b x", None),
        ("npm run a", None),
        ("echo ./a.sh", None),
    ],
)
def test_files(script: str, file: str | None) -> None:
    assert programs.file_of(first(script)) == file


def test_a_program_is_known_or_a_file_or_neither() -> None:
    assert not any("/" in name for name in programs.PROGRAMS)
    assert not set(programs.PROGRAMS) & {"node", "bash", "sh", "env", "sudo", "xargs", "eval", "exec", "source", "npx"}


@pytest.mark.parametrize(
    ("uses", "scopes", "reads"),
    [
        ("actions/checkout@v4", (READ,), False),
        ("Actions/Checkout@8ade135a41bc03ea155e62e844d188df1ea18608", (READ,), False),
        ("actions/cache/restore@v4", (), False),
        ("actions/setup-node@v4.0.2", (), False),
        ("JS-DevTools/npm-publish@v3", (), True),
        ("changesets/action@v1", (CONTENTS, PULLS), True),
        ("cycjimmy/semantic-release-action@v4", (CONTENTS, ISSUES, PULLS), True),
        ("googleapis/release-please-action@v4", (CONTENTS, ISSUES, PULLS), False),
        ("google-github-actions/release-please-action@v4", (CONTENTS, ISSUES, PULLS), False),
        ("softprops/action-gh-release@v2", (CONTENTS,), False),
        ("JamesIves/github-pages-deploy-action@v4", (CONTENTS,), False),
        ("peter-evans/create-pull-request@v7", (CONTENTS, PULLS), False),
        ("actions/attest-build-provenance@v3", (("attestations", "write"), ("id-token", "write")), False),
        ("actions/deploy-pages@v4", (("id-token", "write"), ("pages", "write")), False),
    ],
)
def test_known_actions(uses: str, scopes: programs.Scopes, reads: bool) -> None:
    action = actions.lookup(uses)
    assert action is not None
    assert (action.scopes, action.reads_npm_token) == (scopes, reads)


@pytest.mark.parametrize(
    "uses",
    [
        *(
            "./.github/actions/x",
            "docker://alpine:3",
            "actions/github-script@v7",
            "docker/login-action@v3",
            "a/b@v1",
            "",
        ),
        *("actions/checkout/x@v4", "actions@v4", "${{ inputs.action }}", "a/b/.github/workflows/x.yml@v1"),
    ],
)
def test_unknown_actions(uses: str) -> None:
    assert actions.lookup(uses) is None


def test_the_tables_name_each_other_rightly() -> None:
    assert len(actions.ACTIONS) == len(actions.ROWS)
    values = {scope.name: scope.values for scope in SCOPES}
    rows = [action.scopes for action in actions.ROWS] + [program.scopes for program in programs.PROGRAMS.values()]
    assert all(value in values[name] for scopes in (*rows, *programs.GH.values()) for name, value in scopes)
    assert all(list(action.scopes) == sorted(action.scopes) for action in actions.ROWS)


def test_read_all_is_every_documented_scope_that_knows_read() -> None:
    assert list(READ_ALL) == sorted(READ_ALL)
    assert set(READ_ALL.values()) == {"read"}
    assert len(READ_ALL) == 15
    assert "id-token" not in READ_ALL
    assert "models" in READ_ALL


def test_actionlint_knows_the_scopes_with_these_values(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("actionlint")
    blocks = [f"{scope.name}: {value}" for scope in SCOPES for value in scope.values]
    blocks += [
        "models: write",
        "id-token: read",
        "vulnerability-alerts: write",
        "copilot-requests: read",
        "bogus: read",
    ]
    jobs = "".join(
        f"  j{index}:\n    runs-on: ubuntu-latest\n    permissions:\n      {block}\n    steps: [run: ls]\n"
        for index, block in enumerate(blocks)
    )
    path = tmp_path / "w.yml"
    path.write_text(f"on: push\njobs:\n{jobs}", encoding="utf-8")
    command = [str(program), "-oneline", "-shellcheck=", "-pyflakes=", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert len(done.stdout.splitlines()) == 5
