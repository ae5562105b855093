"""What may reach a terminal: no control characters, and no credential in full."""

from __future__ import annotations

import re

from tp_fix.facts.secrets import PREFIX

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CREDENTIAL = re.compile(
    rf"\b((?-i:{PREFIX}))(?=[A-Za-z0-9]{{16}})\w+"
    r"|((?:(?:_auth(?:Token)?|_password|npmAuth(?:Token|Ident)|_TOKEN|_AUTH|_AUTH_IDENT|npm[_-]?token)\"?\s*[=:]"
    r"|_authToken)\s*[\"']?)(?!\s*[$\"'])([\w.:+/-]{8,}={0,2})",
    re.IGNORECASE,
)


def printable(text: str) -> str:
    """The text with every control and direction character shown as an escape; line feeds and tabs stay."""
    return CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def redacted(text: str) -> str:
    """The text with the body of every literal credential replaced by `…`."""
    return CREDENTIAL.sub(lambda match: f"{match[1] or match[2]}…", text)


def shown(text: str) -> str:
    """Fit for a terminal."""
    return printable(redacted(text))
