"""The pages in docs/ are what the rules and their examples say today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from golden import PLACEHOLDER
from tp_fix.cli import explain
from tp_fix.facts.registry import public_host, settings_page
from tp_fix.rule import Rule
from tp_fix.rules import all_rules

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def made(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "tools" / "docs.py", *arguments], capture_output=True, text=True, check=False
    )


def test_the_pages_are_fresh() -> None:
    run = made("--check")
    assert run.returncode == 0, run.stderr


def test_a_stale_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "docs.py").write_text((ROOT / "tools" / "docs.py").read_text(encoding="utf-8"))
    for name in ("golden", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "docs" / "rules").mkdir(parents=True)
    (tmp_path / "docs" / "rules" / "gone.md").write_text("# gone\n")
    command = [sys.executable, str(tmp_path / "tools" / "docs.py")]
    run = subprocess.run([*command, "--check"], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "docs/rules/gone.md is not what its rule says: run make docs" in run.stderr
    assert "docs/rules/id-token.md" in run.stderr
    subprocess.run(command, capture_output=True, check=True)
    assert not (tmp_path / "docs" / "rules" / "gone.md").exists()
    assert subprocess.run([*command, "--check"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_page_shows_what_explain_shows_and_a_tested_diff(rule: Rule) -> None:
    page = (DOCS / "rules" / f"{rule.id}.md").read_text(encoding="utf-8")
    said = CliRunner().invoke(explain, [rule.id]).output
    assert rule.titled_page in page
    assert said.startswith(f"{rule.titled_page}\n")
    for table in rule.tables:
        assert f"\n- {table.title}\n" in page
        assert f"\n## {table.title}\n" in said
    for block in re.findall(r"(?s)```diff\n(.*?)\n```", page):
        assert block.startswith(("--- ", '--- "'))


def test_no_page_names_the_registry() -> None:
    site = settings_page("x").split("/")[2].removeprefix("www.")
    for path in DOCS.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert public_host() not in text
        assert site not in text
        assert (PLACEHOLDER in text) == ("stands here for" in text)


def test_the_table_names_every_rule() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")
    for rule in all_rules():
        assert f"(rules/{rule.id}.md) | {rule.summary} | " in table
