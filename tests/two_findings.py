"""A repository in which exactly two rules find something, `id-token` and `npm-token`, and both have a fix."""

from __future__ import annotations

from pathlib import Path

import pytest

import test_command_line
from test_command_line import git, release
from tp_fix.facts.registry import public_host

WORKFLOW = test_command_line.WORKFLOW.replace(
    "node-version: 24\n", f"node-version: 24\n          registry-url: https://{public_host()}\n"
)
MANIFEST = '{"name": "octo-pkg", "version": "1.0.0", "repository": "octo-org/octo-repo"}\n'


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """With its remote, and nothing committed."""
    root = tmp_path / "repo"
    release(root).parent.mkdir(parents=True)
    release(root).write_text(WORKFLOW)
    (root / "package.json").write_text(MANIFEST)
    git(root, "init", "-q")
    git(root, "remote", "add", "origin", "git@github.com:octo-org/octo-repo.git")
    return root
