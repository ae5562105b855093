"""Whether npm 11 refuses to work in a folder, as `devEngines` of its manifest wants another package manager."""

from __future__ import annotations

from tp_fix.models.repository import Repository
from tp_fix.models.versions.npm_named import npm_named
from tp_fix.models.versions.versions import ranged
from tp_fix.node import Data

LENIENT = frozenset({"warn", "ignore"})
"""With these as `onFail` npm goes on (X npm 10.9.8 and 11.21.2; 10.8.2 does not look at it; checked 2026-11-23)."""


def refusal(folder: str, repository: Repository) -> str:
    """Why npm 11 stops with EBADDEVENGINES there, as a phrase; '' where it does not."""
    package = repository.packages.above(folder)
    if package is None:
        return ""
    wanted = package.dev_engines.get("packageManager")
    several = [one for one in (wanted if isinstance(wanted, list) else [wanted]) if isinstance(one, dict)]
    if not several or any(map(_allows, several)) or several[-1].get("onFail") in LENIENT:
        return ""
    return f"{package.path} wants {_shown(several[-1])} in `devEngines`, and npm 11 stops there with EBADDEVENGINES"


def _allows(wanted: dict[str, Data]) -> bool:
    """Whether an entry is for npm 11."""
    version = wanted.get("version")
    versions = ranged(version) if isinstance(version, str) else None
    return wanted.get("name") == "npm" and (versions is None or npm_named("11").within(versions) is not False)


def _shown(wanted: dict[str, Data]) -> str:
    return " ".join(str(wanted[key]) for key in ("name", "version") if wanted.get(key))
