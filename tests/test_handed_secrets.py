"""Whose secret it is that a reusable workflow publishes with."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden import lay
from tp_fix.git.listing import walk
from tp_fix.models.repository import Repository
from tp_fix.models.token.handed_secrets import secrets_behind

PUBLISH = (
    "on:\n  workflow_call:\n    secrets: {tok: {required: true}}\n%s"
    "jobs:\n  p: {runs-on: x, steps: [{run: npm publish}]}\n"
)
CALLER = "on: push\njobs:\n  c:\n    uses: ./.github/workflows/publish.yml\n    secrets: %s\n"


def behind(name: str, tmp_path: Path, *callers: str, more: str = "") -> set[str]:
    files = {f".github/workflows/c{at}.yml": CALLER % caller for at, caller in enumerate(callers)}
    files[".github/workflows/publish.yml"] = PUBLISH % more
    root = str(lay({path: text.encode() for path, text in files.items()}, tmp_path / "tree"))
    repository = Repository(root, walk(root))
    return set(secrets_behind(name, repository.workflows[".github/workflows/publish.yml"], repository))


@pytest.mark.parametrize(
    ("callers", "found"),
    [
        ((), {"tok"}),
        (("{tok: '${{ secrets.NPM_TOKEN }}'}",), {"NPM_TOKEN"}),
        (("{TOK: '${{ secrets.A }}'}", "{tok: '${{ secrets.B }}'}"), {"A", "B"}),
        (("inherit",), {"tok"}),
        (("{other: '${{ secrets.A }}'}",), set()),
        (("{tok: '${{ secrets.A || secrets.B }}'}",), set()),
    ],
)
def test_what_callers_hand_over(callers: tuple[str, ...], found: set[str], tmp_path: Path) -> None:
    assert behind("tok", tmp_path, *callers) == found


def test_one_that_is_started_by_itself_too(tmp_path: Path) -> None:
    assert behind("tok", tmp_path, "{tok: '${{ secrets.A }}'}", more="  workflow_dispatch:\n") == {"A", "tok"}


def test_one_that_calls_itself(tmp_path: Path) -> None:
    again = "  again:\n    uses: ./.github/workflows/publish.yml\n    secrets: {tok: '${{ secrets.tok }}'}\n"
    path = ".github/workflows/publish.yml"
    text = f"on: workflow_call\njobs:\n{again}  p: {{runs-on: x, steps: [{{run: npm publish}}]}}\n"
    root = str(lay({path: text.encode()}, tmp_path / "tree"))
    repository = Repository(root, walk(root))
    assert secrets_behind("tok", repository.workflows[path], repository) == frozenset()
