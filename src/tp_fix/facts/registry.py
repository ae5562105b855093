"""npm's public registry and its web pages. No file names their hosts: they come from packageurl-python."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlsplit

PROBE = "pkg:npm/tp-fix@1"
"""Any package will do: only the host of its addresses is used."""


@lru_cache(maxsize=1)
def public_host() -> str:
    """The host name of the public registry."""
    from packageurl.contrib.purl2url import get_download_url

    address: str = get_download_url(PROBE)  # type: ignore[no-untyped-call]  # packageurl-python leaves it unannotated
    return urlsplit(address).netloc


@lru_cache(maxsize=1)
def _site() -> str:
    from packageurl.contrib.purl2url import get_repo_url

    parts = urlsplit(get_repo_url(PROBE))  # type: ignore[no-untyped-call]  # packageurl-python leaves it unannotated
    return f"{parts.scheme}://{parts.netloc}"


def is_public(address: str) -> bool | None:
    """Whether a registry's address is the public one's; None for an expression, a variable, or what is no address."""
    if "$" in address:
        return None
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return None
    return parts.netloc.lower() == public_host() if parts.netloc else None


def settings_page(package: str) -> str:
    """Where a maintainer configures a package's trusted publisher."""
    return f"{_site()}/package/{quote(package, safe='@/', errors='replace')}/access"
