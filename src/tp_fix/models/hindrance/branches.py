"""On which branches semantic-release may have to move a dist-tag, and whether a step runs on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.facts.events import HEADS, PULL_REQUESTS
from tp_fix.models.repository import Repository
from tp_fix.models.when.events import Scene, Variant, variants_of
from tp_fix.models.when.reach import job_runs, step_runs
from tp_fix.models.when.values import Object
from tp_fix.models.workflow import Step, Workflow, text_of
from tp_fix.node import Data, Node

DEFAULT: tuple[Data, ...] = (
    "+([0-9])?(.{+([0-9]),x}).x",
    "master",
    "main",
    "next",
    "next-major",
    {"name": "beta", "prerelease": True},
    {"name": "alpha", "prerelease": True},
)
"""S semantic-release 25.0.9 lib/get-config.js, checked 2026-11-23."""
MAINTENANCE = re.compile(r"(?:\d+|\+\(\[0-9\]\)).*x|\d+\.\d+\.x", re.IGNORECASE)
ELSEWHERE = frozenset({"release", "create", "delete", "fork", "watch"}) | PULL_REQUESTS
"""Events whose ref is no branch, or on which semantic-release publishes nothing."""
REPEATED = re.compile(r"[+*]\(\[[^\]]*\]\)")
MANY, LONGEST = 4, 60
"""Repetitions in a pattern, and characters of a name: with more, matching could take for ever."""
SAMPLES = ("1.x", "1.2.x")


class Branch(NamedTuple):
    """A branch of the configuration; its name may be a pattern."""

    name: str
    kind: str

    @property
    def pattern(self) -> bool:
        return re.search(r"[*?+@!]\(|[*{\[]", self.name) is not None


def branches_of(data: Data) -> list[Branch] | None:
    """The entries of `branches`; None where one cannot be read."""
    entries = data if isinstance(data, list) else [data]
    found = [_branch(entry) for entry in entries]
    return None if None in found else [one for one in found if one is not None]


def _branch(entry: Data) -> Branch | None:
    settings = entry if isinstance(entry, dict) else {"name": entry}
    name = settings.get("name")
    if not isinstance(name, str):
        return None
    if settings.get("range") or MAINTENANCE.fullmatch(name):
        return Branch(name, "maintenance")
    return Branch(name, "prerelease" if settings.get("prerelease") not in (None, False) else "release")


def below_others(branches: Iterable[Branch]) -> list[Branch]:
    """Those above which another one stands that is no prerelease: only there can a version come from another channel.

    On such a branch semantic-release adds the channel to a version that was merged into it (S lib/get-release-to-add).
    """
    listed = list(branches)
    release = [branch for branch in listed if branch.kind == "release"]
    old = [branch for branch in listed if branch.kind == "maintenance" and release]
    several = release if release and release[-1].pattern else release[:-1]
    return [*old, *several]


def reached(step: Step, branch: Branch, repository: Repository, *, named: bool = False) -> str:
    """A branch of this name, or pattern, on which a step may run; '' for none.

    With `named` only what the workflow's own filter of pushes names counts, not that it lets everything through.
    """
    names = _names(step.job.workflow, branch)
    if not named and not names:
        names = [sample for sample in SAMPLES if matches(branch.name, sample)] if branch.pattern else [branch.name]
        names = names or [branch.name]
    return next((name for name in names if _runs_on(step, name, repository)), "")


def _names(workflow: Workflow, branch: Branch) -> list[str]:
    """The names in the filter of pushes that a branch of the configuration covers."""
    found = []
    for name in _filter(workflow.events.get("push"), "branches"):
        sample = next((each for each in SAMPLES if branch.kind == "maintenance" and _lets(name, each)), "")
        if matches(branch.name, name):
            found.append(name)
        elif sample and re.search(r"x|\d", name) and matches(branch.name, sample):
            found.append(sample)
    return found


def _runs_on(step: Step, name: str, repository: Repository) -> bool:
    """Whether a step may run on a branch, by the events of its workflow and the conditions around it."""
    workflow = step.job.workflow
    if workflow.callable:
        return True
    return any(
        _starts(variant, workflow, name)
        and job_runs(step.job, on := _on(variant, name)) is not False
        and step_runs(step, on) is not False
        for variant in variants_of(workflow, repository, Scene(repository.name))
    )


def _starts(variant: Variant, workflow: Workflow, name: str) -> bool:
    if variant.event in ELSEWHERE or variant.detail == "tag":
        return False
    filters = workflow.events.get("push") if variant.event == "push" else None
    wanted, ignored = _filter(filters, "branches"), _filter(filters, "branches-ignore")
    if any(_lets(pattern, name) for pattern in ignored):
        return False
    passes = not wanted
    for pattern in wanted:
        if pattern.startswith("!") and _lets(pattern[1:], name):
            passes = False
        elif _lets(pattern, name):
            passes = True
    return passes


def _on(variant: Variant, name: str) -> Variant:
    known = {"ref": HEADS + name, "ref_name": name, "ref_type": "branch"}
    return variant._replace(github=Object({**variant.github.properties, **known}, rest=variant.github.rest))


def _filter(filters: Node | None, key: str) -> Iterator[str] | list[str]:
    node = filters.get(key) if filters is not None else None
    if node is None:
        return []
    return [text_of(item) for item in node.items] if node.items is not None else [text_of(node)]


def _lets(pattern: str, name: str) -> bool:
    """GitHub's filter patterns, as far as branches need them."""
    if pattern.count("*") > MANY or len(name) > LONGEST:
        return True
    known = {"**": ".*", "*": "[^/]*", "?": "", "+": "+"}
    parts = re.split(r"(\*\*|\*|\[[^\]]*\][+?]?)", pattern)
    text = "".join(known.get(part, part if part.startswith("[") else re.escape(part)) for part in parts)
    return _fits(text, name)


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern of semantic-release's (micromatch) covers a name; one that is hard to read covers all."""
    simple = REPEATED.sub("", pattern)
    hard = re.search(r"[+*]\(", simple) or simple.count("*") > MANY or len(REPEATED.findall(pattern)) > MANY
    if pattern != name and (hard or len(name) > LONGEST):
        return True
    return _fits(_regex(pattern), name)


def _fits(expression: str, name: str) -> bool:
    """Whether a name matches; everything does where people's own classes make no expression: `[z-a]`."""
    try:
        return re.fullmatch(expression, name) is not None
    except re.error:
        return True


def _regex(pattern: str) -> str:
    """`+(…)`, `?(…)`, `*(…)`, `@(…)`, `{a,b}`, `*` and classes as a regular expression."""
    found = ""
    closing: list[str] = []
    for match in re.finditer(r"[+?*@]\(|\[[^\]]*\]|\*\*?|.", pattern, re.DOTALL):
        token = match.group()
        if token[-1] == "(" and len(token) == 2:
            found, closing = found + "(?:", [*closing, {"@": ")"}.get(token[0], f"){token[0]}")]
        elif token == "{":
            found, closing = found + "(?:", [*closing, "}"]
        elif token == ")" and closing and closing[-1] != "}":
            found += closing.pop()
        elif token == "}" and closing and closing[-1] == "}":
            found, closing = found + ")", closing[:-1]
        elif token in (",", "|") and closing:
            found += "|"
        else:
            found += (
                token if token[0] == "[" and len(token) > 1 else {"*": "[^/]*", "**": ".*"}.get(token, re.escape(token))
            )
    return found + "".join(")" for _ in closing)
