"""Point 6 of the proof on two states of a repository, without a rule in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_models import model
from tp_fix.errors import OurFault
from tp_fix.model_proof import prove_model
from tp_fix.models.when.guards import narrowed

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
