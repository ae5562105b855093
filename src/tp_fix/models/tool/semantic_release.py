"""The configuration of semantic-release that counts for a run."""

from __future__ import annotations

from tp_fix.models.repository import Repository
from tp_fix.models.tool.tool_settings import SettingsFile, first_of, in_manifest
from tp_fix.node import Data

ENDS = ("", ".json", ".yaml", ".yml", ".js", ".ts", ".cjs", ".mjs")
FILES = (
    *(f".releaserc{end}" for end in ENDS),
    *(f".config/releaserc{end}" for end in ENDS),
    *(f"release.config{end}" for end in (".js", ".ts", ".cjs", ".mjs")),
)
"""In cosmiconfig's order, package.json before them; only the folder itself counts (S semantic-release 25.0.9)."""
NPM = "@semantic-release/npm"
PNPM = "@anolilab/semantic-release-pnpm"
EXEC = "@semantic-release/exec"


def configuration_of(folder: str | None, repository: Repository) -> SettingsFile | None:
    """The file in the folder of a run that says how it releases; None where all is left at its defaults."""
    here = folder or ""
    return in_manifest("release", here, repository) or first_of(FILES, here, repository)


def plugins_of(file: SettingsFile | None) -> dict[str, Data] | None:
    """The plugins that are listed, each with its settings; None where the list cannot be read, or is the default."""
    said = file.at("plugins") if file is not None else None
    if said is None or not isinstance(said.value, list):
        return None
    found: dict[str, Data] = {}
    for plugin in said.value:
        if isinstance(plugin, str):
            found[plugin] = {}
        elif isinstance(plugin, list) and plugin and isinstance(plugin[0], str):
            found[plugin[0]] = plugin[1] if len(plugin) > 1 else {}
    return found
