"""Steps and commands of a local composite action that never run for a step, by the inputs that it gives literally."""

from __future__ import annotations

import re

from tp_fix.formats.shell_branches import asked_around
from tp_fix.models.repository import Repository
from tp_fix.models.running.composite import InnerStep
from tp_fix.models.running.given import settled
from tp_fix.models.running.script import script_of_step
from tp_fix.models.when.evaluation import Context, condition
from tp_fix.models.when.values import UNKNOWN, Object, Value
from tp_fix.models.workflow import Step

TEST = re.compile(r"(?P<open>\[\[?)\s+(?P<words>.*?)\s+\]\]?|test\s+(?P<more>.*)", re.DOTALL)
WORD = r"""(?:"(?P<{0}>[^"$`\\]*)"|'(?P<{0}s>[^']*)'|(?P<{0}p>[\w./-]+))"""
EQUAL = re.compile(WORD.format("a") + r"\s+(?P<operator>==?|!=)\s+" + WORD.format("b"))
EMPTY = re.compile(r"(?P<not>!\s+)?(?P<operator>-[zn])\s+" + WORD.format("a"))


def never_runs(step: Step, repository: Repository) -> bool:
    """Whether the condition of a step inside a composite action is certainly false for what it is given."""
    if not isinstance(step, InnerStep) or step.condition is None:
        return False
    names = step.inputs.keys if step.inputs is not None else []
    given = Object({name.lower(): _value(name, step, repository) for name in names}, rest=UNKNOWN)
    return condition(step.condition, Context({"inputs": given})) is False


def _value(name: str, step: InnerStep, repository: Repository) -> Value:
    text = settled(f"${{{{ inputs.{name} }}}}", step, repository)
    return UNKNOWN if "${{" in text else text


def never_reached(step: Step, offset: int, repository: Repository) -> bool:
    """Whether a command of such a step stands in a branch that is certainly not taken."""
    if not isinstance(step, InnerStep) or step.run is None or script_of_step(step).unread:
        return False
    around = asked_around(step.run, offset)
    return any(holds(settled(each.text, step, repository)) is (not each.holds) for each in around)


def holds(test: str) -> bool | None:
    """Whether a shell's test of literal words is true; None for every other one."""
    found = TEST.fullmatch(test)
    words = (found["words"] or found["more"] or "") if found is not None else ""
    if equal := EQUAL.fullmatch(words):
        one, other = _word(equal, "a"), _word(equal, "b")
        pattern = found is not None and found["open"] == "[[" and re.search(r"[*?\[]", other)
        return None if pattern else (one == other) is (equal["operator"] != "!=")
    if empty := EMPTY.fullmatch(words):
        answer = (_word(empty, "a") == "") is (empty["operator"] == "-z")
        return answer is (empty["not"] is None)
    return None


def _word(found: re.Match[str], name: str) -> str:
    return next(value for value in (found[name], found[f"{name}s"], found[f"{name}p"]) if value is not None)
