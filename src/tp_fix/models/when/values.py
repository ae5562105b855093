"""Values of GitHub's expressions, known, partly known and unknown, and what can be said of them for certain.

The rules are those of GitHub's documentation and of the runner (S actions/runner, EvaluationResult.cs, checked
2026-11-22). A question about values is answered True, False, or None where it depends on what is not known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from tp_fix.formats.expression import number

NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Unknown:
    """Some value. `truth` is its truth where that is known, `text` says that it is a string, which starts so.

    `shape` is all of the string where only a number in it is not known, which is written 0.
    """

    truth: bool | None = None
    text: bool = False
    prefix: str = ""
    shape: str = ""


UNKNOWN = Unknown()
TEXT = Unknown(text=True)
SOME_TEXT = Unknown(truth=True, text=True)
"""A string that is not empty."""


def starting(prefix: str) -> Unknown:
    """A string of which the start is known."""
    return Unknown(truth=True if prefix else None, text=True, prefix=prefix)


def shaped(shape: str) -> Unknown:
    """A string of which all is known but a number, which is written 0."""
    return Unknown(truth=True, text=True, prefix=shape.partition("0")[0], shape=shape)


@dataclass(frozen=True, eq=False)
class Object:
    """An object. Property names ignore case; one that is not listed is `rest`: null where all are known."""

    properties: Mapping[str, Value] = field(default_factory=dict)
    rest: Value = None

    def get(self, name: str) -> Value:
        lowered = name.lower()
        return next((value for key, value in self.properties.items() if key.lower() == lowered), self.rest)


@dataclass(frozen=True, eq=False)
class Array:
    """A list. One that `.*` made is `filtered`: a property of it is the list of its items' properties."""

    items: tuple[Value, ...] = ()
    filtered: bool = False


Known = bool | float | str | None
Value = Known | Unknown | Object | Array


def truth(value: Value) -> bool | None:
    """Whether GitHub takes it for true: false, 0, NaN, '' and null are not."""
    if isinstance(value, Unknown):
        return value.truth
    if isinstance(value, float | int):
        return value != 0 and not math.isnan(value)
    return value is not None and value != ""


def both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if None in (one, other) else True


def any_of(one: bool | None, other: bool | None) -> bool | None:
    return True if one is True or other is True else None if None in (one, other) else False


def negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def answered(answer: bool | None) -> Value:
    """An answer as a value."""
    return UNKNOWN if answer is None else answer


def either(one: Value, other: Value) -> Value:
    """What is known of a value that is one of two."""
    if one is other or (type(one) is type(other) and one == other):
        return one
    agreed = truth(one)
    text = is_text(one) and is_text(other)
    common = common_start([_start(one), _start(other)]) if text else ""
    return Unknown(agreed if agreed is truth(other) else None, text, common)


def common_start(texts: Sequence[str]) -> str:
    """The characters with which all of the texts start."""
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return "".join(column[0] for column in columns)


def is_text(value: Value) -> bool:
    return value.text if isinstance(value, Unknown) else isinstance(value, str)


def _start(value: Value) -> str:
    return value.prefix if isinstance(value, Unknown) else str(value)


def fold(text: str) -> str:
    """A text as it is compared, without case: one character stays one character, and the dotless i is none of ours."""
    if text.isascii():
        return text.upper()
    return "".join(up if len(up := c.upper()) == 1 and c != "\u0131" else c for c in text)


def to_number(value: Known) -> float:
    if value is None:
        return 0.0
    return number(value) if isinstance(value, str) else float(value)


def to_text(value: Value) -> str | Unknown:
    """A value as a string; objects are called what they are."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() | int():
            return _number_text(value)
        case str():
            return value
        case Object():
            return "Object"
        case Array():
            return "Array"
        case Unknown(truthy, text, prefix, shape):
            return Unknown(truthy if text or truthy else None, text=True, prefix=prefix, shape=shape)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15G}"


def equal(one: Value, other: Value) -> bool | None:
    """`==`: strings ignore case, different kinds are compared as numbers, a list or an object equals itself alone."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return _perhaps_equal(one, other)
    if isinstance(one, Object | Array) or isinstance(other, Object | Array):
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return to_number(one) == to_number(other)


def _perhaps_equal(one: Value, other: Value) -> bool | None:
    """False where it is certain that the two differ, else None."""
    some, value = (one, other) if isinstance(one, Unknown) else (other, one)
    assert isinstance(some, Unknown)
    if isinstance(value, Unknown):
        starts = fold(some.prefix), fold(value.prefix)
        differ = some.text and value.text and not (starts[0].startswith(starts[1]) or starts[1].startswith(starts[0]))
        return False if differ else None
    if isinstance(value, Object | Array):
        return False if some.text else None
    if isinstance(value, str):
        differ = some.text and not fold(value).startswith(fold(some.prefix))
        differ = differ or (some.shape != "" and NUMBER.sub("0", fold(value)) != fold(some.shape))
        return False if differ or (value == "" and some.truth) else None
    never = math.isnan(to_number(value)) or _no_number(some)
    return False if never else None


def _no_number(some: Unknown) -> bool:
    """Whether it is a string that no number can be read from: `refs/…`."""
    first = some.prefix[:1]
    return some.text and first.isalpha() and first != "I"


def less(one: Value, other: Value) -> bool | None:
    """`<`, which is False for what cannot be compared."""
    if isinstance(one, Object | Array) or isinstance(other, Object | Array):
        return False
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        nan = any(isinstance(v, float) and math.isnan(v) for v in (one, other))
        return False if nan else None
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) < fold(other)
    return to_number(one) < to_number(other)


def at(value: Value, key: Value) -> Value:
    """`value[key]`; null for what is not there."""
    if isinstance(value, Unknown):
        return None if value.text else UNKNOWN
    if isinstance(value, Array) and value.filtered:
        return _of_each(value, key)
    if isinstance(value, Object):
        name = to_text(key) if not isinstance(key, Object | Array) else None
        return UNKNOWN if isinstance(name, Unknown) else None if name is None else value.get(name)
    if not isinstance(value, Array) or isinstance(key, Object | Array):
        return None
    if isinstance(key, Unknown):
        return UNKNOWN
    place = to_number(key)
    there = math.isfinite(place) and 0 <= place < len(value.items)
    return value.items[int(place)] if there else None


def _of_each(value: Array, key: Value) -> Value:
    if isinstance(key, Unknown) or any(isinstance(item, Unknown) for item in value.items):
        return Unknown(truth=True)
    holders = [item for item in value.items if isinstance(item, Object | Array)]
    found = [at(item, key) for item in holders if _has(item, key)]
    return Array(tuple(found), filtered=True)


def _has(holder: Object | Array, key: Value) -> bool:
    if isinstance(holder, Array):
        return not isinstance(key, Object | Array | Unknown) and 0 <= to_number(key) < len(holder.items)
    name = to_text(key) if not isinstance(key, Object | Array) else None
    if not isinstance(name, str):
        return False
    return holder.rest is not None or name.lower() in {own.lower() for own in holder.properties}


def every(value: Value) -> Value:
    """`value.*`: the items of a list, the values of an object, nothing of anything else."""
    if isinstance(value, Unknown):
        return Array((), filtered=True) if value.text else Unknown(truth=True)
    if isinstance(value, Object):
        return Unknown(truth=True) if value.rest is not None else Array(tuple(value.properties.values()), filtered=True)
    if not isinstance(value, Array):
        return Array((), filtered=True)
    if not value.filtered:
        return Array(value.items, filtered=True)
    inner = [every(item) for item in value.items if isinstance(item, Object | Array | Unknown)]
    if any(isinstance(item, Unknown) for item in inner):
        return Unknown(truth=True)
    return Array(tuple(v for item in inner if isinstance(item, Array) for v in item.items), filtered=True)
