"""The text of the pull request."""

from __future__ import annotations

from tp_fix.engine import Result


def pull_request_title(result: Result) -> str:
    """FIXME: until the texts are here."""
    return "Publish to npm without a token"


def pull_request_body(result: Result) -> str:
    """FIXME: until the texts are here."""
    return f"{len(result.files)} files"
