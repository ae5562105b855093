"""How the items of a sequence spell their scalars and braces, for new ones beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from tp_fix.formats import emit
from tp_fix.formats.spelling import content_start
from tp_fix.formats.yaml_site import QUOTES, Site
from tp_fix.node import Data, Node, Route


def kin(site: Site) -> list[Node]:
    """The document's other sequences under a key of the same name: the steps of other jobs."""
    found: list[Node] = []
    queue = [site.root] if site.route and isinstance(site.route[-1], str) else []
    while queue:
        node = queue.pop(0)
        below = [(key, child) for key, child in node.children() if not child.alias]
        found += [child for key, child in below if key == site.route[-1] and child.items and child is not site.node]
        queue += [child for _, child in below]
    return found


def quotes_like(
    items: Sequence[Node], others: Callable[[], Sequence[Node]], value: Data
) -> Iterator[tuple[Route, str]]:
    """The quotes of each string in a new item, by its keys, as the items have them under the same keys.

    Where none of them has the key, the items of `others` tell, which are looked for only then.
    """
    if not isinstance(value, dict):
        return
    beside: list[Node] | None = None
    for route, text in _strings(value):
        scalars = _scalars(items, route)
        if not scalars:
            beside = [item for node in others() for item in node.items or []] if beside is None else beside
            scalars = _scalars(beside, route)
        yield route, _quote(scalars, text)


def _strings(value: dict[str, Data]) -> Iterator[tuple[Route, str]]:
    for key, child in value.items():
        if isinstance(child, dict):
            yield from (((key, *route), text) for route, text in _strings(child))
        elif isinstance(child, str):
            yield (key,), child


def _scalars(items: Sequence[Node], route: Route) -> list[Node]:
    found = [item.at(route) for item in items]
    return [node for node in found if node is not None and node.style in ("plain", *QUOTES) and not node.alias]


def _quote(scalars: list[Node], text: str) -> str:
    """The quotes that most scalars have which need none; for a text that needs some, those that are usual."""
    free = [node for node in scalars if emit.is_plain(str(node.value))]
    quotes = Counter(QUOTES[node.style] for node in free if node.style in QUOTES)
    if 2 * quotes.total() <= len(free):
        needed = Counter(QUOTES[node.style] for node in scalars if node.style in QUOTES)
        quotes = needed if not emit.is_plain(text) else Counter()
    return next((quote for quote, _ in quotes.most_common(1)), "")


def padding(site: Site, items: Sequence[Node]) -> str:
    """The space inside the braces of the first item that has some; one where none has."""
    for item in items:
        if item.style == "flow" and item.pairs and not item.alias:
            return "" if site.text[content_start(site.text, item) + 1].strip() else " "
    return " "
