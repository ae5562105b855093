"""Names under which a credential enters a file: where they come from, and what goes with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_models import model
from tp_fix.change import RemoveKeys, SetValue
from tp_fix.models.model import Model
from tp_fix.models.token.handing import clusters, handing_of
from tp_fix.models.token.parameters import Entry, elsewhere, left_of, parameter_of, questions_of, trail_of

P, C, A = ".github/workflows/p.yml", ".github/workflows/c.yml", ".github/actions/a/action.yml"
STEP = ("jobs", "p", "steps", 0, "env", "A")
CALLED = """\
on:
  workflow_call:
    secrets: {T: {required: true}}
jobs:
  p:
    runs-on: ubuntu-latest
    steps:
      - run: npm publish
        env: {A: '${{ secrets.t }}'}
"""


def calling(given: str, event: str = "push", uses: str = "./.github/workflows/p.yml") -> str:
    return f"on: {event}\njobs:\n  c:\n    uses: {uses}\n    secrets: {given}\n"


def tree(tmp_path: Path, files: dict[str, str]) -> Model:
    return model(tmp_path / "tree", {"package.json": '{"name": "a"}', **files})


@pytest.mark.parametrize(
    ("called", "given", "origins"),
    [
        (CALLED, "{T: '${{ secrets.NPM }}'}", ["${{ secrets.NPM }}"]),
        (CALLED, "{t: '${{ secrets.GITHUB_TOKEN }}'}", ["${{ secrets.GITHUB_TOKEN }}"]),
        (CALLED, "{T: ''}", []),
        (CALLED, "{T: literal}", ["literal"]),
        (CALLED, "{T: '${{ secrets.A || secrets.B }}'}", ["${{ secrets.A || secrets.B }}"]),
        (CALLED, "inherit", ["${{ secrets.t }}"]),
        (CALLED, "{U: x}", []),
        (
            CALLED.replace("on:\n", "on:\n  push:\n", 1),
            "{T: '${{ secrets.NPM }}'}",
            ["${{ secrets.T }}", "${{ secrets.NPM }}"],
        ),
    ],
)
def test_where_a_value_comes_from(tmp_path: Path, called: str, given: str, origins: list[str]) -> None:
    repository = tree(tmp_path, {P: called, C: calling(given)}).repository
    assert sorted(text for text, _ in trail_of("${{ secrets.t }}", P, repository).origins) == sorted(origins)


def test_a_secret_of_its_own_is_no_parameter(tmp_path: Path) -> None:
    repository = tree(tmp_path, {P: CALLED.replace("workflow_call:", "push:"), C: "on: push\njobs: {}\n"}).repository
    assert parameter_of("${{ secrets.T }}", P, repository) is None
    assert parameter_of("${{ inputs.t }}", P, repository) is None


@pytest.mark.parametrize(
    ("more", "goes"),
    [
        ("", True),
        ("      - run: echo ${{ secrets.T }}\n", False),
        ("      - run: echo ${{ secrets['T'] }}\n", False),
        ("      - run: echo ${{ toJSON(secrets) }}\n", False),
        ("      - run: echo ${{ secrets[matrix.name] }}\n", False),
        ("      - run: echo ${{ secrets.T_OTHER }} secrets.other\n", True),
        ("  q:\n    uses: o/r/.github/workflows/x.yml@v1\n    secrets: inherit\n", False),
        ("  q:\n    uses: o/r/.github/workflows/x.yml@v1\n    secrets: {X: '${{ secrets.T }}'}\n", False),
    ],
)
def test_what_else_uses_it(tmp_path: Path, more: str, goes: bool) -> None:
    repository = tree(tmp_path, {P: CALLED + more, C: calling("{T: '${{ secrets.NPM }}'}")}).repository
    handing = handing_of([Entry(P, STEP)], repository)
    assert bool(handing.parameters) is goes
    if goes:
        assert handing.changes == (
            (P, SetValue(("on", "workflow_call"), None)),
            (C, RemoveKeys(("jobs", "c"), ("secrets",))),
        )


def test_workflows_that_hand_everything_on_to_each_other_end(tmp_path: Path) -> None:
    one = CALLED + "  q:\n    uses: ./.github/workflows/c.yml\n    secrets: inherit\n"
    two = calling("inherit", "workflow_call")
    repository = tree(tmp_path, {P: one, C: two}).repository
    assert {each.path for each in handing_of([Entry(P, STEP)], repository).parameters} == {P, C}
    parameter = parameter_of("${{ secrets.T }}", P, repository)
    assert parameter is not None
    assert left_of(parameter, [], repository)


def test_a_hundred_levels(tmp_path: Path) -> None:
    files = {P: CALLED}
    for level in range(100):
        called = "p" if not level else f"w{level - 1}"
        text = calling("{T: '${{ secrets.T }}'}", "workflow_call", f"./.github/workflows/{called}.yml")
        files[f".github/workflows/w{level}.yml"] = text
    repository = tree(tmp_path, files).repository
    assert len(handing_of([Entry(P, STEP)], repository).parameters) == 101


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if: inputs.t != ''", True),
        ("if: ${{ inputs.t }}", True),
        ("if: inputs.tag != ''", False),
        ("env: {B: \"${{ inputs.t && 'a' || 'b' }}\"}", True),
        ("env: {B: '${{ inputs.t }}'}", False),
    ],
)
def test_questions_whether_it_is_set(tmp_path: Path, text: str, found: bool) -> None:
    action = f"inputs: {{t: {{}}}}\nruns:\n  using: composite\n  steps:\n    - run: npm publish\n      {text}\n"
    user = "on: push\njobs:\n  p:\n    steps:\n      - uses: ./.github/actions/a\n"
    repository = tree(tmp_path, {A: action, C: user}).repository
    parameter = parameter_of("${{ inputs.t }}", A, repository)
    assert parameter is not None
    assert bool(list(questions_of(parameter, repository))) is found


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({C: calling("inherit")}, ""),
        ({C: calling("inherit", uses="octo-org/octo-repo/.github/workflows/p.yml@v1")}, "another version"),
        ({C: calling("inherit", uses="octo-org/other/.github/workflows/p.yml@v1")}, ""),
    ],
)
def test_callers_of_another_version(tmp_path: Path, files: dict[str, str], why: str) -> None:
    repository = tree(tmp_path, {P: CALLED, **files}).repository
    repository.name = "octo-org/octo-repo"
    parameter = parameter_of("${{ secrets.T }}", P, repository)
    assert parameter is not None
    assert (why in elsewhere(parameter, repository)) if why else not elsewhere(parameter, repository)


def test_what_shares_a_parameter_or_a_mapping_goes_together(tmp_path: Path) -> None:
    two = CALLED.replace("secrets: {T: {required: true}}", "secrets: {T: {required: true}, U: {}}")
    two += "      - run: npm publish\n        env: {A: '${{ secrets.U }}'}\n"
    two += "      - run: npm publish\n        env: {A: '${{ github.token }}'}\n"
    repository = tree(tmp_path, {P: two, C: calling("{T: x, U: y}")}).repository
    entries = [[Entry(P, ("jobs", "p", "steps", number, "env", "A"))] for number in range(3)]
    assert clusters(entries, repository) == [[0, 1], [2]]
