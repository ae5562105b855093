"""What npm makes of the address in a manifest's `repository`, as far as it leads to GitHub.

A port of hosted-git-info's `fromUrl` and of @npmcli/package-json's use of it (S both at npm 11.19.1, and X: the table
in tests/test_hosted.py is what they gave, checked 2026-11-22). giturlparse, the library for this in Python, knows
no shorthands and takes addresses that npm sends on as they are, so it cannot tell what the registry gets.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

HOST = "github.com"
HOSTS = ("github", "gitlab", "bitbucket", "gist", "sourcehut")
PREFIXES = frozenset(("git", "http", "https", "ssh", "git+http", "git+https", "git+ssh", *HOSTS))
"""What npm takes for the start of an address when no `//` follows."""
SPOKEN = {
    "git": "git://",
    "http": "git+ssh://git@",
    "git+ssh": "git+ssh://git@",
    "ssh": "git+ssh://git@",
    "git+https": "git+https://",
    "https": "git+https://",
}
"""The protocols in which npm recognises GitHub, and how each is spelled in what it sends."""
WITH_USER = frozenset({"git", "git+https", "https"})
SHORTHAND = re.compile(r"[^\s/.@:#][^\s/@:#]*/[^\s/@:#]*[^\s/@:#](?:#.*)?", re.DOTALL)
"""owner/name, and what follows a `#`."""


class Sent(NamedTuple):
    """What npm publishes for an address on GitHub: `url`, and the `name`, owner/name, that it leads to."""

    url: str
    name: str


def sent(address: str) -> Sent | None:
    """None where npm recognises no repository on GitHub; unless it knows another host there, it sends it as it is."""
    parts = _parsed(f"github:{address}" if SHORTHAND.fullmatch(address) else address)
    if parts is None:
        return None
    if parts.scheme == "github":
        return _shortcut(parts)
    host = (parts.hostname or "") if parts.scheme in ("http", "https") else parts.netloc.rpartition("@")[2]
    if host.removeprefix("www.").partition(":")[0] != HOST or parts.scheme not in SPOKEN:
        return None
    _, owner, project, kind, branch = (*parts.path.split("/"), "", "", "", "")[:5]
    if kind not in ("", "tree") or not owner or not project.removesuffix(".git"):
        return None
    return _sent(parts.scheme, _user(parts), owner, project, branch if kind else parts.fragment)


def meant(address: str) -> str | None:
    """The owner/name on GitHub that a person sees in an address where npm sees none."""
    found = re.search(r"(?:^|[/@]|www\.)github\.com[/:]+([\w.-]+/[\w.-]+)", address, re.IGNORECASE)
    found = found or re.fullmatch(r"([\w-][\w.-]*/[\w.-]+)/", address)
    return found[1].removesuffix(".git") if found else None


def canonical(name: str) -> str:
    """The spelling that npm itself gives owner/name."""
    return f"git+https://{HOST}/{name}.git"


def respelled(address: str, name: str) -> str:
    """An address that leads to owner/name for npm, in the form of the old one where that can be."""
    old = sent(address)
    if old is not None:
        changed = re.sub(rf"(?<![\w.-]){re.escape(old.name)}(?![\w-])", lambda match: name, address, count=1)
        if (new := sent(changed)) is not None and new.name == name:
            return changed
    if address.startswith(tuple(f"{host}:" for host in HOSTS)):
        return f"github:{name}"
    if address.startswith("https://"):
        return f"https://{HOST}/{name}" + (".git" if address.rstrip("/").endswith(".git") else "")
    return canonical(name)


def _shortcut(parts: SplitResult) -> Sent | None:
    owner, _, project = parts.path[parts.path.find("@") + 1 :].removeprefix("/").rpartition("/")
    return _sent("https", "", owner, project, parts.fragment) if owner and not parts.netloc else None


def _sent(scheme: str, user: str, owner: str, project: str, branch: str) -> Sent:
    name = f"{unquote(owner)}/{unquote(project).removesuffix('.git')}"
    return Sent(f"{SPOKEN[scheme]}{user}{HOST}/{name}.git" + (f"#{unquote(branch)}" if branch else ""), name)


def _user(parts: SplitResult) -> str:
    user, at, _ = parts.netloc.rpartition("@")
    return user + at if parts.scheme in WITH_USER else ""


def _parsed(address: str) -> SplitResult | None:
    """The parts of an address as npm reads it: corrected the way it corrects `git@host:owner/name`."""
    corrected = _with_slashes(address)
    return _url(corrected) or _url(_without_colon(corrected))


def _with_slashes(address: str) -> str:
    colon, at = address.find(":"), address.find("@")
    if colon >= 0 and (address[:colon] in PREFIXES or address.startswith("://", colon)):
        return address
    if at >= 0:
        return f"git+ssh://{address}" if at > colon else address
    return f"{address[: colon + 1]}//{address[colon + 1 :]}"


def _without_colon(address: str) -> str:
    """The last colon as a slash where a path, and no port, comes behind it."""
    before = address.partition("#")[0]
    at, colon = before.rfind("@"), before.rfind(":")
    if colon > at:
        address = f"{address[:colon]}/{address[colon + 1 :]}"
    if ":" not in address.partition("#")[0] and "//" not in address:
        address = f"git+ssh://{address}"
    return address


def _url(address: str) -> SplitResult | None:
    """An address that a browser would take: with a scheme, and a number for its port."""
    address = address.strip()
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address):
        return None
    try:
        parts = urlsplit(re.sub(r"^(https?):/*", r"\1://", address, flags=re.IGNORECASE))
        _ = parts.port
    except ValueError:
        return None
    return parts
