"""Whether colours are wanted: what the command line, the environment and the terminal say."""

from __future__ import annotations

import os


def wanted(option: str) -> bool | None:
    """True and False for `always` and `never`; None leaves it to the terminal, unless NO_COLOR speaks."""
    known = {"always": True, "never": False}.get(option)
    return False if known is None and os.environ.get("NO_COLOR") else known
