"""What credentials look like in a text, which of them prove themselves, and what only stands in for one."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise
from typing import NamedTuple

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET_NAME = r"[\w-]+"
"""A pattern for the name of a secret after `secrets.`. Those of a reusable workflow may have hyphens."""


class Shape(NamedTuple):
    """A kind of token: `pattern` matches all of it. `checked_by` says where its last six characters are specified.

    '' there: such a token does not prove itself.
    """

    what: str
    prefix: str
    pattern: str
    checked_by: str
    source: str
    checked: str = "2026-11-22"


GITHUB_FORMAT = "D github.blog, Behind GitHub's new authentication token formats; X its example"
SHAPES = (
    Shape(
        "an npm token",
        "npm_",
        r"npm_[A-Za-z0-9]{36}",
        "D github.blog, Announcing npm's new access token format: CRC32 in Base62, as GitHub's",
        "the same; U: a secret scanner and a base62 library implement it so, no genuine token was at hand",
    ),
    Shape("a personal access token of GitHub", "ghp_", r"ghp_[A-Za-z0-9]{36}", GITHUB_FORMAT, "D docs.github.com"),
    Shape("an OAuth token of GitHub", "gho_", r"gho_[A-Za-z0-9]{36}", GITHUB_FORMAT, "D docs.github.com"),
    Shape("a GitHub App's token", "ghu_", r"ghu_[A-Za-z0-9]{36}", GITHUB_FORMAT, "D docs.github.com"),
    Shape("a GitHub App's token", "ghs_", r"ghs_[A-Za-z0-9]{36}", GITHUB_FORMAT, "D docs.github.com"),
    Shape("a GitHub App's refresh token", "ghr_", r"ghr_[A-Za-z0-9]{36,76}", "", "D docs.github.com"),
    Shape(
        "a fine-grained personal access token of GitHub",
        "github_pat_",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        "",
        "D docs.github.com",
    ),
)
PREFIX = "|".join(shape.prefix for shape in SHAPES)
TOKEN = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(shape.pattern for shape in SHAPES)})(?![A-Za-z0-9_])")
NEEDLE = re.compile(TOKEN.pattern.encode())
"""TOKEN in bytes: whether a file is worth reading at all."""

STAND_IN = re.compile(
    r"your|example|sample|dummy|fake|test|placeholder|change.?me|redacted|insert|replace|here|todo|fixme|mock|foobar"
    r"|invalid|secret|[-_]token|token[-_]|automation|credential|x{4}|\*{3}|0{6}|1{6}|\.{3}|not.?a|some|none|null|undefined|noop|unused|ignore",
    re.IGNORECASE,
)
"""In what is not random: words that say that it is no credential."""
COMPUTED = re.compile(r"^(?:\.{0,2}|~)/[\w.-]+/|\w://|\$[\w{(]|\{\{|[<>]|%\w+%|process\.env|`")
"""A value that something else is put in for, or that says where one is: a path, an address, `op://…`."""
SHORTEST = 16
MANY_KINDS = 10
"""Different characters: a random text of 16 hexadecimal digits has as many, nearly always."""
RUN = 8
"""Characters in the order of the alphabet, or of a keyboard's digits: nothing random has so many."""
LOCAL = re.compile(
    r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|verdaccio|host\.docker\.internal"
    r"|(?:[\w-]+\.)*(?:local|localhost|test|invalid|example)|(?:[\w-]+\.)*example\.(?:com|org|net))(?::\d+)?",
    re.IGNORECASE,
)
"""Hosts that only a machine's owner reaches, and those that RFC 2606 keeps for examples."""


def tokens_in(text: str) -> list[tuple[Shape, str]]:
    """The tokens of a known kind that stand in a text, those left out that plainly stand in for one."""
    found = [(_shape(match.group()), match.group()) for match in TOKEN.finditer(text)]
    return [(shape, token) for shape, token in found if proves_itself(shape, token) or _random(token, shape)]


def proves_itself(shape: Shape, token: str) -> bool:
    """Whether the token's last six characters are the checksum of the thirty before: then it is no invention."""
    body = token[len(shape.prefix) :]
    return bool(shape.checked_by) and checksum(body[:-6]) == body[-6:]


def checksum(body: str) -> str:
    """CRC32 in Base62, six characters, as GitHub and npm append it."""
    number, spelled = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        spelled = DIGITS[digit] + spelled
    return spelled


def is_secret(value: str) -> bool:
    """Whether the value of a credential's setting is one, whatever its kind: long, mixed, no word says otherwise."""
    if COMPUTED.search(value) or len(value) < SHORTEST or re.search(r"\s", value):
        return False
    if TOKEN.search(value):
        return bool(tokens_in(value))
    mixed = re.search(r"\d", value) is not None and re.search(r"[A-Za-z]", value) is not None
    return mixed and not STAND_IN.search(value) and len(set(value)) >= MANY_KINDS - 2 and not _ordered(value)


def is_login(value: str) -> bool:
    """Whether a value is `user:password` in Base64, or a password so: what `_auth` and `_password` hold."""
    import base64
    import binascii

    if COMPUTED.search(value) or len(value) < RUN or STAND_IN.search(value):
        return False
    try:
        plain = base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return False
    common = re.fullmatch(r"(?:\w*:)?(?:pass(?:word)?|admin|user|guest|root|\w{0,5})\d*", plain, re.IGNORECASE)
    return plain.isprintable() and not STAND_IN.search(plain) and common is None


def is_local(host: str) -> bool:
    """Whether a registry's host, a path behind it perhaps, is one that nobody else can reach."""
    return LOCAL.fullmatch(host.partition("/")[0]) is not None


def _shape(token: str) -> Shape:
    return next(shape for shape in SHAPES if token.startswith(shape.prefix))


def _random(token: str, shape: Shape) -> bool:
    body = token[len(shape.prefix) :]
    return len(set(body)) >= MANY_KINDS and not STAND_IN.search(body) and not _ordered(body) and not _repeats(body)


def _ordered(text: str) -> bool:
    """Whether a run of neighbours stands in a text: `abcdefgh`, `12345678`, `87654321`."""
    codes = [ord(character) for character in text.lower()]
    for step in (1, -1):
        length = 1
        for before, after in pairwise(codes):
            length = length + 1 if after - before == step else 1
            if length >= RUN:
                return True
    return False


def _repeats(body: str) -> bool:
    """Whether a body is one short piece over and over."""
    return re.fullmatch(r"(.{1,12}?)\1{2,}.{0,11}", body) is not None
