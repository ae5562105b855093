"""The scopes of GITHUB_TOKEN, what each of them knows, and what `read-all` means when it is written out."""

from __future__ import annotations

from typing import NamedTuple


class Scope(NamedTuple):
    """One key of a `permissions:` block and the values that it knows; `documented`: in GitHub's own list of them."""

    name: str
    values: tuple[str, ...] = ("read", "write", "none")
    documented: bool = True


SOURCE = (
    "D docs.github.com, workflow syntax, permissions; S actions/languageservices workflow-v1.0.json 4043eda, "
    "actions/runner Permissions.cs 258d6c8; X actionlint 1.17.0 accepts each with exactly these values "
    "(checked 2026-11-22)"
)

SCOPES = (
    Scope("actions"),
    Scope("artifact-metadata"),
    Scope("attestations"),
    Scope("checks"),
    Scope("code-quality", documented=False),
    Scope("contents"),
    Scope("copilot-requests", ("write", "none"), documented=False),
    Scope("deployments"),
    Scope("discussions"),
    Scope("drives", documented=False),
    Scope("id-token", ("write", "none")),
    Scope("issues"),
    Scope("models", ("read", "none")),
    Scope("packages"),
    Scope("pages"),
    Scope("pull-requests"),
    Scope("repository-projects"),
    Scope("security-events"),
    Scope("statuses"),
    Scope("vulnerability-alerts", ("read", "none"), documented=False),
)
"""Every scope, in the order in which GitHub documents them."""

READ_ALL: dict[str, str] = {scope.name: "read" for scope in SCOPES if scope.documented and "read" in scope.values}
"""`permissions: read-all` written out: every documented scope that knows read, so no id-token.

actionlint rejects none of them. The scopes that GitHub's parser takes and its documentation does not list are left out:
`read-all` grants vulnerability-alerts only behind a feature flag, and actions/runner does not know the other three.
"""
