"""A patch as a series of commits: one for what one rule does in one round, in the order of precedence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tp_fix.engine import Reported, Result, Round, patched
from tp_fix.model_proof import prove_model
from tp_fix.models.model import Model
from tp_fix.patch import Patch
from tp_fix.source import Source


class Commit(NamedTuple):
    """What one rule does in one round: the findings that it mends, and each file as it was and as it becomes.

    `before` and `after` are the models of the trees around it. A change that an earlier rule of the same round made too
    belongs to that one.
    """

    rule: str
    items: tuple[Reported, ...]
    files: tuple[tuple[Source, Source], ...]
    before: Model
    after: Model

    @property
    def paths(self) -> tuple[str, ...]:
        """Of all files that come, go or change; one that is renamed has two."""
        return tuple(dict.fromkeys(each.path for pair in self.files for each in pair))


def commits(result: Result) -> list[Commit]:
    """The commits of a run, in the order in which they are made. The tree after each passes the proof.

    Raises OurFault when one does not.
    """
    return [commit for each in result.rounds for commit in _of_round(each, result.before)]


def _of_round(each: Round, first: Model) -> Iterator[Commit]:
    """The commits of one round. All of its patches lie on one baseline, so each tree is that and all patches so far."""
    made: dict[str, Patch] = {}
    before = each.model
    for rule, patches in each.plan.growth.items():
        new = [path for path, patch in patches.items() if patch != made.get(path)]
        if not new:
            continue
        after = each.model.over(patched(each.model.repository, patches))
        prove_model(first, after)
        items = (item for item in each.items if item.entry.finding.rule == rule and item.entry.status == "planned")
        names = [each.model.repository.on_disk(path) for path in new]
        yield Commit(rule, tuple(items), tuple(_files(names, before, after)), before, after)
        made, before = patches, after


def _files(names: list[str], before: Model, after: Model) -> Iterator[tuple[Source, Source]]:
    """The files of these names on disk, whatever they are called before and after."""
    for name in sorted(names):
        old, new = (model.repository for model in (before, after))
        yield old.source(old.by_now(name)), new.source(new.by_now(name))
