"""Taking away what asks for provenance, wherever it stands: a fix of the rule `provenance`."""

from __future__ import annotations

from tp_fix.change import Change, RemoveItem, RemoveKeys, ReplaceInScalar
from tp_fix.models.model import Model
from tp_fix.models.publishing.attested import Saying, flag_span
from tp_fix.models.publishing.publication import Publication
from tp_fix.rule import Applicability, FileChange, Fix

TASTE = "a matter of taste: spelled out, it also stops a release for which no provenance can be made"


def left_out(publication: Publication, saying: Saying, model: Model) -> Fix | None:
    """The fix, for display; None where it is not known which characters to take."""
    change = _removal(publication, saying, model)
    if change is None:
        return None
    return Fix(f"take {saying.what} away", (FileChange(saying.path, change),), Applicability.DISPLAY, TASTE)


def _removal(publication: Publication, saying: Saying, model: Model) -> Change | None:
    if saying.place == "flag":
        span = flag_span(publication)
        return ReplaceInScalar(saying.at, span, "") if span is not None else None
    if saying.place == "npmrc":
        return RemoveItem(saying.at)
    if saying.place not in ("package", "variable") or not model.repository.editable(saying.path):
        return None
    holder = model.repository.document(saying.path).root.at(saying.at[:-1])
    if holder is not None and holder.keys == [saying.at[-1]]:
        return RemoveKeys(saying.at[:-2], (str(saying.at[-2]),))
    return RemoveKeys(saying.at[:-1], (str(saying.at[-1]),))
