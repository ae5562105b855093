"""Where an npm must not be taken for new enough, and where it must: whole jobs, as people write them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from golden import lay
from tp_fix.git.listing import walk
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository

CHECKOUT = "- uses: actions/checkout@v6\n"
FILE = CHECKOUT + "- {uses: actions/setup-node@v6, with: {node-version-file: .nvmrc}}\n"
PUBLISH = "- run: npm publish\n"


def node(version: str) -> str:
    return CHECKOUT + f"- {{uses: actions/setup-node@v6, with: {{node-version: {version}}}}}\n"


def run(script: str, more: str = "") -> str:
    return "- run: |\n" + textwrap.indent(script, "    ") + "\n" + textwrap.indent(more, "  ")


def after(script: str) -> str:
    """A publish behind commands in its own script, in a job with Node 20."""
    return node("20") + run(f"{script}\nnpm publish")


UPGRADE = run("npm install -g npm@11")
SURE = [
    node("24") + PUBLISH,
    node("20") + UPGRADE + PUBLISH,
    after("npm i -g npm@11"),
    after("npm i -g npm@11 && npm -v"),
    after("npm i -g npm@11 # or not || true"),
    after(". ~/.nvm/nvm.sh\nnvm use 22\nnpm i -g npm@11"),
    node("20") + run("npm i -g npm@11", "if: steps.x.outputs.y\n") + PUBLISH + "  if: steps.x.outputs.y\n",
    node("20") + run("npm i -g npm@11\nnpm publish", "if: always()\n"),
    node("24") + PUBLISH + "  if: success() && github.ref == 'x'\n",
    FILE + PUBLISH,
    CHECKOUT + run("cat .nvmrc") + FILE + PUBLISH,
]
UNSURE = [
    # the publish runs although what came before has failed, or not run
    *(
        node("20") + UPGRADE + PUBLISH + f'  if: "{condition}"\n'
        for condition in ("always()", "failure()", "!cancelled()")
    ),
    node("24") + PUBLISH + "  if: success() || failure()\n",
    node("20")
    + run("npm i -g npm@11", "if: env['X'] == '1'\n")
    + run("echo X=1 >> $GITHUB_ENV")
    + PUBLISH
    + "  if: env['X'] == '1'\n",
    node("20")
    + run("npm i -g npm@11", "if: steps.a.outputs.x\n")
    + "- {id: a, run: echo}\n"
    + PUBLISH
    + "  if: steps.a.outputs.x\n",
    # the upgrade may fail unnoticed, or leave the npm on the path what it is
    *map(
        after,
        (
            "set +e\nnpm i -g npm@11",
            "! npm i -g npm@11",
            "{ npm i -g npm@11; } || true",
            "npm i -g npm@11 && echo ok || true",
            "npm i -g npm@11 \\\n  || true",
            "npm i -g npm@11 --dry-run",
            "npm i -g npm@11 --no-bin-links",
            "npm i -g npm@11 --location=project",
            "NPM_CONFIG_PREFIX=/x npm i -g npm@11",
            "export NPM_CONFIG_PREFIX=/x\nnpm i -g npm@11",
            "npm config set prefix ~/.npm\nnpm i -g npm@11",
            "npm i -g npm@11\nalias npm=/x/npm",
            "npm i -g npm@11\nPATH+=:/x",
        ),
    ),
    node("20") + run("npm config set prefix ~/.npm") + UPGRADE + PUBLISH,
    node("20") + run("echo NPM_CONFIG_PREFIX=/x >> $GITHUB_ENV") + UPGRADE + PUBLISH,
    node("20") + run(". ~/.nvm/nvm.sh\nnvm use 22\nnpm i -g npm@11") + PUBLISH,
    node("20") + "- uses: a/b@v1\n" + run("npm i -g npm@11\necho /x >> $GITHUB_PATH") + PUBLISH,
    # another npm than that of setup-node
    *(
        node("24") + run(f"{command} publish")
        for command in (
            "npx npm",
            "A=b npx npm",
            "npm x npm",
            "npm  exec npm",
            "pnpm exec npm",
            "pnpm dlx npm",
            "yarn exec npm",
            "bun x npm",
            "corepack npm",
            "/usr/bin/npm",
            "./node_modules/.bin/npm",
            "PATH=/x npm",
        )
    ),
    *(
        node("24") + run(command) + PUBLISH
        for command in (
            "npm run setup",
            "npm test",
            "make setup",
            "cd tools\n./setup.sh",
            "conda install nodejs=18",
            "nvs use 18",
            "npx -y n lts",
            "pnpm runtime set node 18 -g",
        )
    ),
    # another version than the files say
    *(
        CHECKOUT + run(script) + FILE + PUBLISH
        for script in ("echo 18 > .nvmrc", "rm .nvmrc", "git checkout v1", "gh pr checkout 1", "git reset --hard x")
    ),
    *(
        f"- {{uses: actions/checkout@v6, with: {{{given}}}}}\n" + FILE.removeprefix(CHECKOUT) + PUBLISH
        for given in ("ref: maint", 'ref: "${{ inputs.ref }}"', "repository: other/x")
    ),
    node("''") + PUBLISH,
    CHECKOUT + run("echo NODE=18 >> $GITHUB_ENV") + node('"${{ env.NODE }}"') + PUBLISH,
    node('"${{ inputs.node }}"') + PUBLISH,
    CHECKOUT + "- {uses: ./.github/actions/node, with: {node-version: ''}}\n" + PUBLISH,
    CHECKOUT + "- uses: ./.github/actions/many\n" + PUBLISH,
]
ACTION = """\
inputs: {node-version: {default: 24}}
runs:
  using: composite
  steps: [{uses: actions/setup-node@v6, with: {node-version: "${{ inputs.node-version }}"}}]
"""
WORKFLOW = """\
on:
  push:
  workflow_dispatch:
    inputs:
      node: {type: choice, options: ["24", "26"]}
permissions: {contents: read, id-token: write}
jobs:
  publish:
    runs-on: ubuntu-24.04
    env: {NODE: 24}
    steps:
"""
FILES = {
    "package.json": '{"name": "octo-pkg", "scripts": '
    '{"setup": "npm i -g npm@10", "pretest": "npm i npm@10 -g", "test": "x"}}',
    "Makefile": "setup:\n\tnpm i -g npm@10\n",
    "tools/setup.sh": "npm i -g npm@10\n",
    ".nvmrc": "24\n",
    ".github/actions/node/action.yml": ACTION,
    ".github/actions/many/action.yml": "runs:\n  using: composite\n  steps:\n"
    + 8 * "    - uses: ./.github/actions/many\n",
}


@pytest.mark.parametrize("steps", SURE)
def test_a_client_that_is_new_enough(steps: str, tmp_path: Path) -> None:
    assert new_enough(steps, tmp_path) is True


@pytest.mark.parametrize("steps", UNSURE)
def test_a_client_that_may_be_too_old(steps: str, tmp_path: Path) -> None:
    assert new_enough(steps, tmp_path) is not True


def new_enough(steps: str, folder: Path) -> bool | None:
    workflow = WORKFLOW + textwrap.indent(steps, "      ")
    files = {**FILES, ".github/workflows/release.yml": workflow}
    root = str(lay({path: text.encode() for path, text in files.items()}, folder / "r"))
    (found,) = Model(Repository(root, walk(root), "octo-org/octo-repo")).publications
    return found.client.new_enough
