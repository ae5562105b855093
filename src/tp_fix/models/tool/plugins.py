"""Plugins of a release tool that nobody here has read: they run with all that the release is given."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.repository import Repository
from tp_fix.models.tool.semantic_release import EXEC, NPM, PNPM, configuration_of, plugins_of
from tp_fix.models.tool.tools import SEMANTIC_RELEASE, ToolRun

READ = frozenset(
    {
        NPM,
        PNPM,
        EXEC,
        "@semantic-release/changelog",
        "@semantic-release/commit-analyzer",
        "@semantic-release/error",
        "@semantic-release/git",
        "@semantic-release/github",
        "@semantic-release/gitlab",
        "@semantic-release/release-notes-generator",
    }
)
"""semantic-release's own, of which only `npm` reads a credential of npm's (S their lib/, checked 2026-11-23)."""


def unread_plugins(run: ToolRun, repository: Repository) -> Iterator[str]:
    """The plugins of a run that are not read, and configurations that are read in part, as a person finds them."""
    file = configuration_of(run.folder, repository) if SEMANTIC_RELEASE in run.publisher.by.packages else None
    if file is None:
        return
    listed = plugins_of(file)
    said = file.at("plugins")
    if not said.known or file.at("extends").value is not None or not file.at("extends").known:
        yield f"the commands that {file.path} may have semantic-release run"
    for name in listed or ():
        if name not in READ:
            yield f"the commands of the plugin `{name}`"
