"""The words of a command line as options and positional words, by the grammar of the program that reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from tp_fix.formats.shell import Word

NAMED = re.compile(r"""["']?--?(?P<name>[^\s=$`"']+)=""")
"""The start of an option whose name is plain and whose value is not: `--tag=$TAG`."""
EXPANSION = re.compile(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`|\$\w+", re.DOTALL)


class Grammar(NamedTuple):
    """How a program reads its options, all without their dashes.

    `valued` take the next word. `alias` gives the name under which an option is listed, single letters included.
    `known` are all names when the program accepts any unambiguous start of one. `greedy`: unknown ones take a value.
    """

    valued: frozenset[str]
    alias: Mapping[str, str] = MappingProxyType({})
    known: frozenset[str] = frozenset()
    greedy: bool = False


class Option(NamedTuple):
    """An option as given: `value` is True or False for a flag, a text, or None when it is known only at run time.

    `raw` is the value's own spelling.
    """

    name: str
    value: str | bool | None
    raw: str = ""


class Arguments(NamedTuple):
    """A command line, read. `rest` follows the first positional word when reading stops there.

    `opaque`: some word is known only at run time and may stand for options.
    """

    positional: tuple[Word, ...]
    options: tuple[Option, ...] = ()
    rest: tuple[Word, ...] = ()
    opaque: bool = False

    def last(self, name: str) -> Option | None:
        """The option that counts when it is given more than once."""
        return next((option for option in reversed(self.options) if option.name == name), None)

    def is_on(self, name: str) -> bool | None:
        """Whether a flag is set; None when that is known only at run time. What opaque words may hold is not asked."""
        option = self.last(name)
        if option is None or isinstance(option.value, bool):
            return bool(option and option.value)
        return None if option.value is None else option.value not in ("", "0", "false", "null")

    def spelled(self, name: str) -> tuple[str, ...]:
        """The values of an option, each as it is written when it is known only at run time."""
        options = (option for option in self.options if option.name == name and not isinstance(option.value, bool))
        return tuple(option.raw if option.value is None else str(option.value) for option in options)


def split(words: Sequence[Word], grammar: Grammar, *, stop: bool = False) -> Arguments:
    """Read the words after the program's name; with `stop`, up to the first positional one."""
    positional: list[Word] = []
    options: list[Option] = []
    opaque = False
    pending = list(reversed(words))
    while pending:
        word = pending.pop()
        if word.literal == "--":
            positional += reversed(pending[-1:] if stop else pending)
            pending = pending[:-1] if stop else []
        elif found := _options(word, grammar):
            options += found[:-1]
            options.append(_with_value(found[-1], pending, grammar))
        elif may_be_options(word):
            opaque = True
            if not _names_an_option(word):
                positional.append(word)
        else:
            positional.append(word)
        if stop and positional:
            break
    return Arguments(tuple(positional), tuple(options), tuple(reversed(pending)), opaque)


def names(text: str) -> frozenset[str]:
    """A set of names, from a text of them."""
    return frozenset(text.split())


def renames(text: str) -> dict[str, str]:
    """A text of `name=other` pairs as a mapping; `a,b=other` gives both names the other one."""
    pairs = (pair.partition("=") for pair in text.split())
    return {name: other for given, _, other in pairs for name in given.split(",")}


def may_be_options(word: Word) -> bool:
    """Whether a word that is known only at run time may stand for options: `$FLAGS` may, `$DIR/x.tgz` does not."""
    if word.literal is not None:
        return False
    text = word.text.lstrip("\"'")
    if text.startswith("-"):
        return True
    return text.startswith(("$", "`")) and not re.search(r"[/.]", EXPANSION.sub("", text))


def _names_an_option(word: Word) -> bool:
    return word.text.lstrip("\"'").startswith("-") or "--" in word.text


def _options(word: Word, grammar: Grammar) -> list[Option]:
    """The options that one word spells, without the value that may follow; none when the word is no option."""
    text = word.literal
    if text is None:
        match = NAMED.match(word.text)
        return [Option(_canonical(match["name"], grammar), None, word.text[match.end() :])] if match else []
    if len(text) < 2 or not text.startswith("-"):
        return []
    name, equals, value = text.lstrip("-").partition("=")
    if equals:
        return [Option(_canonical(name, grammar), {"true": True, "false": False}.get(value, value), value)]
    if not text.startswith("--") and name not in grammar.alias and set(name) <= set(grammar.alias):
        return [Option(grammar.alias[letter], True) for letter in name]
    if name.startswith("no-") and name not in grammar.alias:
        return [Option(_canonical(name[3:], grammar), False)]
    return [Option(_canonical(name, grammar), True)]


def _canonical(name: str, grammar: Grammar) -> str:
    if name not in grammar.alias and name not in grammar.known:
        longer = [known for known in grammar.known if known.startswith(name)]
        name = longer[0] if len(longer) == 1 else name
    return grammar.alias.get(name, name)


def _with_value(option: Option, pending: list[Word], grammar: Grammar) -> Option:
    """The option with the next word as its value, if it takes one: then that word is gone from `pending`."""
    if not pending or option.value is not True or option.raw:
        return option
    follower = pending[-1].literal
    takes = option.name in grammar.valued or (grammar.greedy and option.name not in grammar.known)
    if takes and not (follower or "").startswith("-"):
        word = pending.pop()
        return Option(option.name, word.literal, word.text)
    if not takes and follower in ("true", "false"):
        return Option(option.name, pending.pop().literal == "true", follower)
    return option
