"""Who else asks GitHub for a job's identity token: actions and programs that stop working without `id-token: write`."""

from __future__ import annotations

import re
from typing import NamedTuple


class User(NamedTuple):
    """An action, any folder of its repository included."""

    action: str
    source: str
    checked: str = "2026-11-22"


USERS = (
    User("actions/attest", "D README: permissions"),
    User("actions/attest-build-provenance", "D README: permissions"),
    User("actions/attest-sbom", "D README: permissions"),
    User("actions/deploy-pages", "D README: permissions"),
    User("aws-actions/configure-aws-credentials", "D README: OIDC"),
    User("azure/login", "D README: login with OpenID Connect"),
    User("google-github-actions/auth", "D README: Workload Identity Federation"),
    User("hashicorp/vault-action", "D README: JWT with GitHub OIDC tokens"),
    User("pypa/gh-action-pypi-publish", "D README: trusted publishing"),
    User("rust-lang/crates-io-auth-action", "D README"),
    User("sigstore/cosign-installer", "D README: keyless signing"),
    User("sigstore/gh-action-sigstore-python", "D README: permissions"),
)
IN_SCRIPTS = re.compile(r"ACTIONS_ID_TOKEN_REQUEST|\bcosign\b|\bsigstore\b|\b(?:deno|jsr)\s+publish\b|getIDToken")
"""In a script: signs that it asks for the token (D jsr.io, docs.sigstore.dev, docs.github.com)."""


def action_uses_identity(uses: str) -> bool:
    """Whether an action is known to ask for the identity token."""
    name = uses.partition("@")[0].lower()
    return any(name == user.action or name.startswith(f"{user.action}/") for user in USERS)
