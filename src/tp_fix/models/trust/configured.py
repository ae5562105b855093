"""What npm has been told of packages: their trusted publishers, as a person or npm's client says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tp_fix.facts.trust import Action


class Configured(NamedTuple):
    """One trusted publisher. `environment` is '' where there is none; None there, and for `actions`: nobody said.

    `kind` is npm's word for the CI; of another one than GitHub Actions, nothing more is known. `id` is npm's, '' where
    nobody said; `where` is the file that said all this, with the line where that helps.
    """

    package: str
    repository: str
    workflow: str
    environment: str | None = ""
    actions: tuple[Action, ...] | None = None
    kind: str = "github"
    id: str = ""
    where: str = ""


class Listed(NamedTuple):
    """All that is said of one package: `publishers` is empty where npm has none. `where` says who says so."""

    publishers: tuple[Configured, ...]
    where: str


Publishers = Mapping[str, Listed]
"""What is said, by package; empty where nobody said anything."""
