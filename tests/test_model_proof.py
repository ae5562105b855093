"""Point 6 of the proof on two states of a repository, without a rule in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_models import model
from tp_fix.errors import OurFault
from tp_fix.model_proof import prove_model
from tp_fix.models.when.guards import narrowed
from tp_fix.script_proof import prove_scripts

WORKFLOW = """\
on: [push, pull_request]
jobs:
  a:
    runs-on: ubuntu-latest
    if: {}
    steps:
      - run: npm publish --registry https://npm.pkg.github.com
"""


@pytest.mark.parametrize(
    ("test", "fits"),
    [("github.event_name != 'pull_request'", True), ("github.event_name == 'release'", False), ("false", False)],
)
def test_publishing_to_another_registry_runs_whenever_it_did(tmp_path: Path, test: str, fits: bool) -> None:
    states = [
        model(
            tmp_path / str(number), {".github/workflows/r.yml": WORKFLOW.format(text), "package.json": '{"name": "a"}'}
        )
        for number, text in enumerate(("always()", test))
    ]
    if fits:
        prove_model(*states)
    else:
        with pytest.raises(OurFault, match="another registry"):
            prove_model(*states)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("", "", True),
        ("", "a == 'b'", True),
        ("", "a && b", True),
        ("a", "", False),
        ("a", "a && b", True),
        ("a", "${{ a && b }}", True),
        ("${{ a }}", "b && a", True),
        ("a && b", "a", False),
        ("a || b", "(a || b) && c", True),
        ("a || b", "a || b && c", False),
        ("a", "a || b", False),
        ("", "always()", False),
        ("a", "a && !cancelled()", False),
        ("always() && a", "always() && a && b", True),
        ("x ${{ a }}", "x ${{ a }}", True),
        ("a", "a &&", False),
    ],
)
def test_a_condition_that_only_asks_for_more(old: str, new: str, kept: bool) -> None:
    assert narrowed(old, new) is kept


RELEASE = """\
on: release
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: npm ci
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
      - if: github.ref == 'x' && env.NPM_TOKEN != ''
        run: |
          echo "a" > b
          npm run build
          npm publish
        env:
          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}
"""


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("          npm run build\n", "", "the command `npm run build` would be gone"),
        ("npm ci", "npm install", "the command `npm ci` would be gone"),
        ("      - run: npm ci\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n", "", "npm ci"),
        ("        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n", "", "would lose a token of its own"),
        ("github.ref == 'x' && ", "", "would run where it did not"),
        (" && env.NPM_TOKEN != ''", "", "would run where it did not"),
        ('          echo "a" > b\n', "", ""),
    ],
)
def test_scripts_keep_what_is_no_credential_of_theirs(tmp_path: Path, old: str, new: str, lost: str) -> None:
    states = [
        model(tmp_path / str(number), {".github/workflows/r.yml": text, "package.json": '{"name": "a"}'})
        for number, text in enumerate((RELEASE, RELEASE.replace(old, new)))
    ]
    if lost:
        with pytest.raises(OurFault, match=lost):
            prove_scripts(*states)
    else:
        prove_scripts(*states)


def test_a_condition_goes_with_the_variable_that_it_asks_for(tmp_path: Path) -> None:
    after = RELEASE.replace(" && env.NPM_TOKEN != ''", "")
    after = after.replace("        env:\n          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n", "")
    states = [
        model(tmp_path / str(number), {".github/workflows/r.yml": text, "package.json": '{"name": "a"}'})
        for number, text in enumerate((RELEASE, after))
    ]
    prove_scripts(*states)


CALLED = """\
on:
  workflow_call:
    secrets: {{K: {{}}, {}}}
jobs:
  p:
    runs-on: ubuntu-latest
    steps:
      - run: npm publish
        env: {{{}}}
"""
CALLING = "on: push\njobs:\n  c:\n    uses: ./.github/workflows/p.yml\n    secrets: {{K: x, {}}}\n"
DECLARED, USED, GIVEN = "T: {required: true}", "A: '${{ secrets.T }}'", "T: '${{ secrets.T }}'"


@pytest.mark.parametrize(
    ("declared", "used", "given", "why"),
    [
        (DECLARED, USED, "", "leaves out t, which is required in"),
        ("", "B: x", GIVEN, "hands over t, which is not declared in"),
        ("", USED, "", "the secret t is used and not declared"),
        (DECLARED, "B: x", GIVEN, ""),
        ("", "B: x", "", ""),
    ],
)
def test_callers_and_callees_fit_each_other(tmp_path: Path, declared: str, used: str, given: str, why: str) -> None:
    states = [
        model(
            tmp_path / str(number),
            {
                ".github/workflows/p.yml": CALLED.format(texts[0], texts[1]),
                ".github/workflows/c.yml": CALLING.format(texts[2]),
                "package.json": '{"name": "a"}',
            },
        )
        for number, texts in enumerate([(DECLARED, USED, GIVEN), (declared, used, given)])
    ]
    if why:
        with pytest.raises(OurFault, match=why):
            prove_model(*states)
    else:
        prove_model(*states)


ACTION = """\
inputs: {{{}}}
runs:
  using: composite
  steps:
    - run: npm publish
      shell: bash
      env: {{{}}}
"""
USING = (
    "on: push\njobs:\n  p:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./.github/actions/p\n"
    "        with: {{{}}}\n"
)
HANDED, TAKEN = "t: '${{ secrets.T }}'", "A: '${{ inputs.t }}'"


@pytest.mark.parametrize(
    ("declared", "used", "given", "why"),
    [
        ("u: {}", "B: x", HANDED, "a step gives t, which is not declared"),
        ("u: {}", TAKEN, "u: x", "the input t is used and not declared"),
        ("t: {}", "B: x", "t: x", ""),
    ],
)
def test_actions_and_their_users_fit_each_other(tmp_path: Path, declared: str, used: str, given: str, why: str) -> None:
    states = [
        model(
            tmp_path / str(number),
            {
                ".github/actions/p/action.yml": ACTION.format(texts[0], texts[1]),
                ".github/workflows/c.yml": USING.format(texts[2]),
                "package.json": '{"name": "a"}',
            },
        )
        for number, texts in enumerate([("t: {}, u: {}", TAKEN, f"{HANDED}, u: x"), (declared, used, given)])
    ]
    if why:
        with pytest.raises(OurFault, match=why):
            prove_model(*states)
    else:
        prove_model(*states)
