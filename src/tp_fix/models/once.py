"""Something worked out once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")


def once(known: dict[tuple[object, ...], object], key: tuple[object, ...], make: Callable[[], T]) -> T:
    """What is kept in `known` under a key whose first part says what it is; made where it is not there yet."""
    if key not in known:
        known[key] = make()
    return cast(T, known[key])
