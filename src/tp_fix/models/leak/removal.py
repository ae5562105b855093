"""Whether a statement that only prints can be taken out of a script, with nothing else changing."""

from __future__ import annotations

import re

from tp_fix.facts import printing
from tp_fix.formats.shell_flow import Expansion, Flow, Flows, Inner, Stage
from tp_fix.models.running.cut import UNPARSED, why_not_cut

SUMMARY = re.compile(r"[\"']?\$\{?GITHUB_STEP_SUMMARY\}?[\"']?")
NODE_ALONE = re.compile(r"\s*console\.(?:log|info|error)\(\s*process\.env\.\w+\s*\)\s*;?\s*")
DEMANDS = re.compile(r"\$\{!?\w+:?[?=]")
"""An expansion that does something when the variable is not set: `${X:?}` ends the script, `${X:=y}` sets X."""
COUNTS = re.compile(r"\$\(\((?:[^()]|\([^()]*\))*(?:\+\+|--|[^=!<>]=(?!=))")
"""Arithmetic that changes a variable."""
LINES = 3
"""Line ends in a statement that goes: a here-document that is longer says more than a credential."""


def why_not_removed(flow: Flow, script: Flows, text: str) -> tuple[str, str]:
    """Why a statement cannot go, '' when it can, and what is assumed then."""
    if not script.sound:
        return UNPARSED, ""
    if not flow.top:
        return "it is part of a condition, a loop, a function or a larger command", ""
    if reason := _impure(flow):
        return reason, ""
    if COUNTS.search(text[slice(*flow.span)]):
        return "it also gives a value to a variable", ""
    if text.count("\n", *flow.span) > LINES:
        return "it prints more than that", ""
    if reason := why_not_cut(flow.span, script, text):
        return reason, ""
    if any(program_of(stage) == "curl" for stage in flow.stages):
        return "", "it assumes that the token is asked for only to be looked at"
    searches = program_of(flow.stages[-1]) in printing.SEARCHING
    return "", "it assumes that the script need not end where this finds nothing" if searches else ""


def _impure(flow: Flow) -> str:
    """Why a pipeline may do more than print, '' when it does not."""
    for stage in flow.stages:
        program = program_of(stage)
        pure = printing.PRINTERS | printing.ENVIRONMENT | printing.SHOWERS | printing.CHANGING | {"curl", "jq", "wc"}
        if stage.target and not SUMMARY.fullmatch(stage.target) and stage.target not in printing.LOGS:
            return f"it also writes {stage.target}"
        if stage.words and stage.words[0].span.start != stage.span.start:
            return "it also gives a value to a variable"
        alone = program == "node" and any(NODE_ALONE.fullmatch(word.literal or "") for word in stage.words)
        if program == "sed" and any(word.text.startswith(("-i", "--in-place")) for word in stage.words):
            return "sed changes a file"
        if (program not in pure or program == "tee") and not alone:
            return f"`{program or 'a group of commands'}` may do more than print"
        if any(
            isinstance(piece, Expansion) and DEMANDS.match(piece.text) for pieces in stage.pieces for piece in pieces
        ):
            return "it also stops the script, or sets the variable, where that is empty"
        inner = [piece for pieces in (*stage.pieces, stage.given) for piece in pieces if isinstance(piece, Inner)]
        for each in inner:
            for below in each.flows:
                if reason := _impure(below):
                    return reason
    return ""


def program_of(stage: Stage) -> str:
    """The name of the program that a stage runs; '' when it is known only at run time, and for a group."""
    return (stage.words[0].literal or "") if stage.words else ""
