"""The README shows what tp-fix really prints."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_diff_is_the_examples(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "release", tmp_path / "release")
    run = subprocess.run(
        [sys.executable, "-m", "tp_fix", "--format", "diff", tmp_path / "release"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert f"```diff\n{run.stdout}```" in (ROOT / "README.md").read_text(encoding="utf-8")
