"""New YAML, written small: the fragments that changes bring in, in the manner of what stands around them."""

from __future__ import annotations

import re
from json import dumps
from typing import NamedTuple

from tp_fix.formats.yaml_parse import resolve
from tp_fix.node import Atom, Data, Route

WORDS_OF_YAML_1_1 = frozenset(["y", "n", "yes", "no", "on", "off"])
INDICATORS = re.compile(r": |:$| #|^[-?:,\[\]{}#&*!|>'\"%@`\s]|\s$|^---|^\.\.\.")


class Look(NamedTuple):
    """How the neighbours look: columns per level, columns from a key to the dashes below it, line end, quotes.

    `item` are the columns from a dash to what stands behind it. `comments` stand behind the scalars with these texts,
    which are then on lines of their own. `quotes` are those of single scalars by their routes in a new mapping, and go
    before `quote`; `pad` stands inside of braces.
    """

    step: int = 2
    dash: int = 2
    item: int = 2
    eol: str = "\n"
    quote: str = ""
    comments: tuple[tuple[str, str], ...] = ()
    quotes: tuple[tuple[Route, str], ...] = ()
    pad: str = " "

    def behind(self, value: Data) -> str:
        """The comment behind a value, with the space before it."""
        return next((f" # {comment}" for text, comment in self.comments if text == value), "")

    def inside(self, key: str) -> Look:
        """How the value of a mapping's key looks."""
        below = [(route[1:], quote) for route, quote in self.quotes if route[:1] == (key,)]
        own = next((quote for route, quote in below if not route), self.quote)
        return self._replace(quote=own, quotes=tuple(below))


USUAL = Look()


def scalar(value: Atom, quote: str = "", *, flow: bool = False) -> str:
    """One value on one line; `quote` is the neighbours', '' for plain where plain says the same."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if quote == '"' or not value.isprintable():
        return dumps(value, ensure_ascii=False)
    if quote == "'" or not is_plain(value, flow=flow):
        return "'" + value.replace("'", "''") + "'"
    return value


def is_plain(value: str, *, flow: bool = False) -> bool:
    """Whether a string needs no quotes to be read as itself."""
    return (
        value.isprintable()
        and not INDICATORS.search(value)
        and not (flow and re.search(r"[,:\[\]{}]", value))  # ":": libyaml takes no plain https:// in brackets
        and isinstance(resolve(value), str)
        and value.lower() not in WORDS_OF_YAML_1_1
    )


def flow(value: Data, look: Look = USUAL) -> str:
    """A value on one line, collections in brackets."""
    if isinstance(value, dict):
        inner = ", ".join(f"{scalar(key, flow=True)}: {flow(item, look.inside(key))}" for key, item in value.items())
        return f"{{{look.pad}{inner}{look.pad}}}" if inner else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, look) for item in value) + "]"
    return scalar(value, look.quote, flow=True)


def pair(key: str, value: Data, column: int, look: Look) -> str:
    """A key and its value in block style, the key to be written at `column`."""
    return scalar(key, key_quote(key)) + ":" + behind_key(value, column, look.inside(key))


def key_quote(key: str) -> str:
    """Keys are quoted only where they must be: `on` is a key that everybody writes plain."""
    return "" if is_plain(key) or key.lower() in WORDS_OF_YAML_1_1 else "'"


def behind_key(value: Data, column: int, look: Look) -> str:
    """What follows the colon of a key at `column`: one line, or the lines below it."""
    if isinstance(value, dict) and value:
        start = look.eol + " " * (column + look.step)
        inner = look._replace(quote="")  # a scalar next door says nothing of what a new block holds
        return "".join(start + pair(key, item, column + look.step, inner) for key, item in value.items())
    if isinstance(value, list) and value:
        start = look.eol + " " * (column + look.dash) + "-" + " " * (look.item - 1)
        return "".join(start + item(entry, column + look.dash + look.item, look) for entry in value)
    if isinstance(value, str) and "\n" in value:
        return " " + _literal(value, column + look.step, look.eol)
    return " " + (flow(value) if isinstance(value, dict | list) else scalar(value, look.quote)) + look.behind(value)


def item(value: Data, column: int, look: Look) -> str:
    """A sequence's item, to be written at `column`, two or more behind its dash."""
    if isinstance(value, dict) and value:
        start = look.eol + " " * column
        return start.join(pair(key, entry, column, look) for key, entry in value.items())
    return flow(value, look) + look.behind(value)


def _literal(value: str, column: int, eol: str) -> str:
    body = value.rstrip("\n")
    chomp = {0: "-", 1: ""}.get(len(value) - len(body), "+")
    lines = [" " * column + line if line else "" for line in body.split("\n")]
    return eol.join([f"|{chomp}", *lines]) + eol * max(0, len(value) - len(body) - 1)
