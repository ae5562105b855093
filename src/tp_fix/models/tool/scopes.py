"""Whether a publisher may ask more of GITHUB_TOKEN than its row says."""

from __future__ import annotations

import posixpath
import re

from tp_fix.facts.publishers.row import Publisher
from tp_fix.models.installed.entry import upwards
from tp_fix.models.repository import Repository
from tp_fix.models.tool.destination import configurations
from tp_fix.models.tool.semantic_release import EXEC, configuration_of, plugins_of

SEMANTIC_RELEASE = "semantic-release"
RELEASE_IT = "release-it"
MORE = re.compile(r"discussionCategoryName|\brequire\(|\bimport\b|\bextends\b")
"""In a configuration of semantic-release: it opens discussions, or is not all there is."""
RUNS = re.compile(r"[/-]exec\b")
"""It runs commands, which count for themselves where they can be read."""
CONFIG = re.compile(r"\.release-it(?:\.[\w-]+)?\.(?:json|js|cjs|mjs|ts|ya?ml|toml)")
HOOKS = re.compile(r"\bhooks\b|\bplugins\b|\brequire\(|\bimport\b|\bextends\b")
"""In a configuration of release-it: it runs commands of its own, or is not all there is."""


def asks_more(publisher: Publisher, folder: str | None, repository: Repository) -> bool:
    """Whether it may ask for more than its row says, as its configuration has it run something else."""
    configured = {SEMANTIC_RELEASE, RELEASE_IT} & {*publisher.by.packages}
    if not configured or folder is None:
        return bool(configured)
    if SEMANTIC_RELEASE in configured:
        read = EXEC in (plugins_of(configuration_of(folder, repository)) or {})
        texts = list(configurations(folder, repository))
        return any(map(MORE.search, texts)) or (not read and any(map(RUNS.search, texts)))
    return _runs_more(folder, repository)


def _runs_more(folder: str, repository: Repository) -> bool:
    """Whether a configuration of release-it runs anything else."""
    places = [*upwards(folder)]
    files = [path for path in repository.packages.paths if CONFIG.fullmatch(posixpath.basename(path))]
    near = [repository.text(path) for path in files if posixpath.dirname(path) in places]
    near += [
        repository.text(package.path)
        for place in places
        if (package := repository.packages.at(place)) is not None and RELEASE_IT in package.keys
    ]
    return any(map(HOOKS.search, near))
