"""Opening or updating a pull request: with gh, else with a token, else by hand; what could not be done is not lost."""

from __future__ import annotations

import os
from collections.abc import Mapping

from tp_fix.github.gh import Gh
from tp_fix.github.proposal import NotOpened, Proposal, PullRequest, compare_url
from tp_fix.github.rest import ADDRESS, open_by_rest

TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")  # in gh's order


def open_pull_request(proposal: Proposal, environ: Mapping[str, str] = os.environ) -> PullRequest:
    """Open the pull request, or give the open one from that branch to that base the new title and body.

    Never raises for what GitHub, gh or the network do: then it is `by_hand`, with the address, the reason and `failed`.
    No token is in anything that is returned.
    """
    gh = Gh.found(environ)
    token = next((environ[name] for name in TOKENS if environ.get(name)), "").strip()
    try:
        if gh and gh.logged_in():
            return gh.open(proposal)
        if token:
            return open_by_rest(proposal, token, environ.get("GITHUB_API_URL") or ADDRESS)
    except NotOpened as error:
        reason, hint = _without_tokens(error.message, environ), _without_tokens(error.hint, environ)
        return PullRequest("by_hand", compare_url(proposal), proposal, (), reason, hint, failed=True)
    missing = "gh is not logged in" if gh else "gh is not installed"
    reason = f"{missing}, and neither GH_TOKEN nor GITHUB_TOKEN is set"
    return PullRequest("by_hand", compare_url(proposal), proposal, (), reason, "gh auth login")


def _without_tokens(text: str, environ: Mapping[str, str]) -> str:
    for name in TOKENS:
        if token := environ.get(name, "").strip():
            text = text.replace(token, "…")
    return text
