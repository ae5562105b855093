"""Statements that go from a script: whether the rest stays as it was, the lines they stand on, the emptied step."""

from __future__ import annotations

import re
from collections.abc import Collection

from tp_fix.formats.shell_flow import Flows, flows_of
from tp_fix.models.workflow import Step, text_of
from tp_fix.source import Span

UNPARSED = "the script around it cannot be parsed as bash"


def why_not_cut(span: Span, script: Flows, text: str, going: Collection[Span] = ()) -> str:
    """Why a statement of the script's own cannot be cut out, with nothing else changing; '' when it can.

    `going` are the spans of all statements that go at once, this one among them.
    """
    if not _own_lines(span, text):
        return "it shares its line with something else"
    return _needed(span, script, text, going)


def _own_lines(span: Span, text: str) -> bool:
    lines = lines_of(span, text)
    before, behind = text[lines.start : span.start], text[span.end : lines.end]
    return not before.strip() and re.fullmatch(r"\s*;?\s*(?:#.*)?\s*", behind) is not None


def _needed(span: Span, script: Flows, text: str, going: Collection[Span]) -> str:
    """Why what follows, or the script's own exit status, may hang on a statement."""
    staying = [each for each in script.statements if each == span or each not in going]
    index = staying.index(span) if span in staying else -1
    following = staying[index + 1 : index + 2]
    if following and re.search(r"\$\?|PIPESTATUS|\$_\b", text[slice(*following[0])]):
        return "the command behind it asks how it ended"
    if not following and index > 0 and staying[index - 1] in script.lists:
        return "without it the script would end with the exit status of another command"
    return ""


def lines_of(span: Span, text: str) -> Span:
    """The whole lines that a span stands on, the last one's end included."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", max(span.end - 1, span.start))
    return Span(start, len(text) if end < 0 else end + 1)


def says_nothing_else(step: Step, spans: Collection[Span]) -> bool:
    """Whether a script has no statement besides those at `spans`, `set` with options left out of account."""
    text = step.run or ""
    own = flows_of(text).statements if spans else ()
    rest = [span for span in own if span not in spans]
    return bool(spans) and all(re.fullmatch(r"set [-+][\w\s+-]*", text[slice(*span)]) for span in rest)


def line_spans(step: Step, spans: Collection[Span]) -> list[Span]:
    """The whole lines of a step's script that statements stand on, neighbours joined, in the order of the text.

    Lines at the end of a script that has no line end there take the one before them.
    """
    text = step.run or ""
    joined: list[Span] = []
    for lines in sorted(lines_of(span, text) for span in spans):
        if joined and lines.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(lines.end, joined[-1].end))
        else:
            joined.append(lines)
    if joined and joined[-1].end == len(text) and not text.endswith("\n") and joined[-1].start:
        joined[-1] = Span(joined[-1].start - 1, joined[-1].end)
    return joined


def why_step_stays(step: Step, going: Collection[Step]) -> str:
    """Why a step cannot go together with the steps `going` of its job, itself among them; '' when it can."""
    steps = step.job.node.get("steps")
    if steps is None or len(steps.items or ()) <= len(going):
        return f"job `{step.job.id}` would be left without a step"
    name = text_of(step.node.get("id"))
    text = step.job.workflow.document.source.text
    if name and re.search(rf"steps\s*(?:\.\s*|\[\s*['\"]){re.escape(name)}(?![\w-])", text):
        return f"`steps.{name}` is named elsewhere in the workflow"
    return ""
