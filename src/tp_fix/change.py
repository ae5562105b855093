"""The kinds of change that a rule can ask for, most of them by route, and what each does to a document's content.

A change says *what* becomes true; `formats` decides which characters change for it. `replay` carries the same
change out on the content alone, so that the proof can compare the two. A file's name is no part of its content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tp_fix.node import Atom, Data, Node, Route
from tp_fix.source import Span


class SetValue(NamedTuple):
    """The value at `route` becomes `value`, whatever it was."""

    route: Route
    value: Data


Comments = tuple[tuple[str, str], ...]
"""Texts of scalars in a new value, each with the comment that stands behind it: a release's name behind its commit."""


class AddKey(NamedTuple):
    """The mapping at `route` gains `key`, right after the key `after`, or at its end."""

    route: Route
    key: str
    value: Data
    after: str | None = None
    comments: Comments = ()


class RemoveKeys(NamedTuple):
    """The mapping at `route` loses `keys`; some other key stays."""

    route: Route
    keys: tuple[str, ...]


class RenameKey(NamedTuple):
    """The key that `route` ends with is called `name`."""

    route: Route
    name: str


class InsertItem(NamedTuple):
    """The sequence at `route` gains `value` as its item number `at`, from 0 to its length."""

    route: Route
    at: int
    value: Data
    comments: Comments = ()


class RemoveItem(NamedTuple):
    """The item that `route` ends with goes; another one stays."""

    route: Route


class ReplaceItem(NamedTuple):
    """The item that `route` ends with makes way for `values`, one or more."""

    route: Route
    values: tuple[Data, ...]
    comments: Comments = ()


class ReplaceInScalar(NamedTuple):
    """In the string at `route`, the characters of `span` (counted in the value, not in the file) become `text`."""

    route: Route
    span: Span
    text: str


class SetComment(NamedTuple):
    """The comment at the end of the line of the scalar at `route` is `# text`, whether there was one or not."""

    route: Route
    text: str


Change = (
    SetValue | AddKey | RemoveKeys | RenameKey | InsertItem | RemoveItem | ReplaceItem | ReplaceInScalar | SetComment
)


class RenameFile(NamedTuple):
    """The file is called `name`, in the folder where it stands."""

    name: str


def comments_of(change: Change) -> list[str]:
    """The texts of the comments that a change brings in, once for each time that one is written."""
    match change:
        case SetComment(_, text):
            return [text]
        case AddKey(value=value, comments=comments) | InsertItem(value=value, comments=comments):
            return _commented([value], comments)
        case ReplaceItem(_, values, comments):
            return _commented(list(values), comments)
    return []


def _commented(values: list[Data], comments: Comments) -> list[str]:
    known, found, pending = dict(comments), [], values
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, str) and value in known:
            found.append(known[value])
    return found


def same(one: Change, other: Change) -> bool:
    """Whether two changes are the same: tuples of different kinds can be equal."""
    return type(one) is type(other) and one == other


class Leaf(NamedTuple):
    """A scalar's content. `style` and `raw`, its spelling in the file, are None where any will do."""

    value: Atom
    style: str | None = None
    raw: str | None = None


class Mapping(NamedTuple):
    """A mapping's content, in order: the raw spelling of each key (None: any) beside its value."""

    pairs: dict[str, tuple[str | None, Shape]]
    style: str | None = None


class Sequence(NamedTuple):
    items: tuple[Shape, ...]
    style: str | None = None


Shape = Leaf | Mapping | Sequence
"""A document's content together with the spelling of all that no change is allowed to respell."""


def shape(node: Node, text: str) -> Shape:
    """The shape of a node that was read from `text`. An alias counts as a leaf with its own spelling as value."""
    raw = text[node.span.start : node.span.end]
    if node.alias:
        return Leaf(raw, node.style, raw)
    if node.pairs is not None:
        pairs: dict[str, tuple[str | None, Shape]] = {
            str(key.value): (text[key.span.start : key.span.end], shape(value, text)) for key, value in node.pairs
        }
        return Mapping(pairs, node.style)
    if node.items is not None:
        return Sequence(tuple(shape(item, text) for item in node.items), node.style)
    return Leaf(node.value, node.style, raw)


def shape_of(data: Data) -> Shape:
    """The shape of new content, whose spelling is free."""
    if isinstance(data, dict):
        return Mapping({key: (None, shape_of(value)) for key, value in data.items()})
    if isinstance(data, list):
        return Sequence(tuple(shape_of(item) for item in data))
    return Leaf(data)


def matches(expected: Shape, actual: Shape) -> bool:
    """Whether a document is what was expected: content, order of keys, and spelling where it is not free."""
    if expected.style not in (None, actual.style):
        return False
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return list(expected.pairs) == list(actual.pairs) and all(
            raw in (None, actual.pairs[key][0]) and matches(value, actual.pairs[key][1])
            for key, (raw, value) in expected.pairs.items()
        )
    if isinstance(expected, Sequence) and isinstance(actual, Sequence):
        return len(expected.items) == len(actual.items) and all(map(matches, expected.items, actual.items))
    return (
        isinstance(expected, Leaf)
        and isinstance(actual, Leaf)
        and type(expected.value) is type(actual.value)
        and expected.value == actual.value
        and expected.raw in (None, actual.raw)
    )


def replay(content: Shape, change: Change) -> Shape:
    """The content after the change. Raises KeyError, IndexError or TypeError when the route leaves the document."""
    match change:
        case SetValue(route, value):
            return _at(content, route, lambda old: shape_of(value))
        case AddKey(route, name, value, after):
            return _at(content, route, lambda old: _added(old, name, shape_of(value), after))
        case RemoveKeys(route, keys):
            return _at(content, route, lambda old: _kept(_mapping(old), keys))
        case RenameKey((*route, key), name):
            return _at(content, tuple(route), lambda old: _renamed(_mapping(old), str(key), name))
        case InsertItem(route, at, value, _):
            return _at(content, route, lambda old: _spliced(_sequence(old), at, at, shape_of(value)))
        case RemoveItem((*route, index)):
            return _at(content, tuple(route), lambda old: _spliced(_sequence(old), int(index), int(index) + 1))
        case ReplaceItem((*route, index), values):
            new = map(shape_of, values)
            return _at(content, tuple(route), lambda old: _spliced(_sequence(old), int(index), int(index) + 1, *new))
        case ReplaceInScalar(route, span, text):
            return _at(content, route, lambda old: _replaced(old, span, text))
        case SetComment():
            return content
    raise TypeError(f"no such change: {change}")


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The changes so that each can be replayed on what the ones before it made: all are meant for one baseline.

    What shifts the places behind it, in a text or a sequence, comes after all the others and from the end to the start.
    """
    changes = list(changes)
    inside = [change for change in changes if isinstance(change, ReplaceInScalar)]
    items = [change for change in changes if isinstance(change, InsertItem | RemoveItem)]
    rest = [change for change in changes if not isinstance(change, ReplaceInScalar | InsertItem | RemoveItem)]
    inside.sort(key=lambda change: change.span, reverse=True)
    items.reverse()  # of several at one place the first one stands first, and so has to come last
    items.sort(key=_place, reverse=True)
    return [*rest, *inside, *items]


def _place(change: InsertItem | RemoveItem) -> tuple[tuple[tuple[bool, str | int], ...], bool]:
    """The item that a change concerns, so that routes can be compared; one that goes is before one that comes."""
    route = (*change.route, change.at) if isinstance(change, InsertItem) else change.route
    return tuple((isinstance(step, int), step) for step in route), isinstance(change, RemoveItem)


def _at(content: Shape, route: Route, edit: Callable[[Shape], Shape]) -> Shape:
    if not route:
        return edit(content)
    step, rest = route[0], route[1:]
    if isinstance(step, str):
        mapping = _mapping(content)
        raw, value = mapping.pairs[step]
        return mapping._replace(pairs={**mapping.pairs, step: (raw, _at(value, rest, edit))})
    sequence = _sequence(content)
    return _spliced(sequence, step, step + 1, _at(sequence.items[step], rest, edit))


def _mapping(content: Shape) -> Mapping:
    if not isinstance(content, Mapping):
        raise TypeError("not a mapping")
    return content


def _sequence(content: Shape) -> Sequence:
    if not isinstance(content, Sequence):
        raise TypeError("not a sequence")
    return content


def _spliced(sequence: Sequence, start: int, end: int, *new: Shape) -> Sequence:
    return sequence._replace(items=(*sequence.items[:start], *new, *sequence.items[end:]))


def _added(old: Shape, key: str, value: Shape, after: str | None) -> Mapping:
    if isinstance(old, Leaf) and old.value is None:
        old = Mapping({})  # a key with nothing behind it, about to hold its first mapping
    pairs: dict[str, tuple[str | None, Shape]] = {}
    for name, pair in _mapping(old).pairs.items():
        pairs[name] = pair
        if name == after:
            pairs[key] = (None, value)
    pairs.setdefault(key, (None, value))
    return _mapping(old)._replace(pairs=pairs)


def _kept(old: Mapping, keys: tuple[str, ...]) -> Mapping:
    pairs = dict(old.pairs)
    for key in keys:
        del pairs[key]
    return old._replace(pairs=pairs)


def _renamed(old: Mapping, key: str, name: str) -> Mapping:
    return old._replace(
        pairs={name if at == key else at: (None, pair[1]) if at == key else pair for at, pair in old.pairs.items()}
    )


def _replaced(old: Shape, span: Span, text: str) -> Leaf:
    if not isinstance(old, Leaf) or not isinstance(old.value, str):
        raise TypeError("not a string")
    return Leaf(old.value[: span.start] + text + old.value[span.end :], old.style)
