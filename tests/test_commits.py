"""A patch as commits: every golden case is the sum of its commits, and every tree in between is a sound one."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden import Case, cases, lay, outcome
from tp_fix.commits import commits

PATCHED = [case for case in cases() if (case.path / "after").is_dir()]


@pytest.mark.parametrize("case", PATCHED, ids=lambda case: case.name)
def test_the_commits_of_a_case_lead_to_its_after(case: Case, tmp_path: Path) -> None:
    result, files = outcome(lay(case.before(), tmp_path / "tree"), case.options)
    made = commits(result)
    assert made
    tree = case.before()
    for commit in made:
        assert commit.items, "a commit that mends nothing"
        for before, after in commit.files:
            assert tree.pop(before.path) == before.raw
            assert (before.path, before.raw) != (after.path, after.raw)
            tree[after.path] = after.raw
    assert tree == files


def test_rules_come_in_the_order_of_precedence_round_by_round(tmp_path: Path) -> None:
    case = next(case for case in PATCHED if case.name == "together/both-rules-in-rounds")
    result, _ = outcome(lay(case.before(), tmp_path / "tree"), case.options)
    assert [commit.rule for commit in commits(result)] == ["id-token", "npm-token", "registry-url"]
