"""The preflight list for machines, version 1; its JSON Schema is schema.json beside this file."""

from __future__ import annotations

from json import dumps

from tp_fix.engine import Result
from tp_fix.node import Data
from tp_fix.report.check.checklist import Checklist, Line, Report
from tp_fix.report.machine import files_of, findings_of
from tp_fix.report.safe import redacted


def as_json(report: Report, result: Result | None) -> str:
    """The whole report, with the findings and the patch of a run where there was one. Credentials are cut short."""
    document: dict[str, Data] = {
        "version": 1,
        "pasted": report.pasted,
        "repository": report.repository,
        "problems": [
            {"path": problem.path, "line": problem.line, "reason": redacted(problem.reason)}
            for problem in report.problems
        ],
        "publications": [_checklist(checklist) for checklist in report.lists],
        "notes": [_line(line) for line in report.notes],
        "beside": [
            {
                "rule": finding.rule,
                "level": finding.severity,
                "path": finding.path,
                "line": line,
                "message": redacted(finding.message),
            }
            for finding, line in report.beside
        ],
    }
    if result is not None:
        document |= {"findings": findings_of(result), "files": files_of(result)}
    return dumps(document, indent=2)


def _checklist(checklist: Checklist) -> Data:
    publication = checklist.publication
    names = checklist.names
    return {
        "path": checklist.path,
        "job": publication.step.job.id if publication else None,
        "step": publication.step.label if publication else None,
        "command": redacted(publication.command) if publication else None,
        "packages": None if names is None else [*names],
        "lines": [{"group": group.title, **_line(line)} for group in checklist.groups for line in group.lines],
    }


def _line(line: Line) -> dict[str, Data]:
    return {
        "name": line.name,
        "mark": line.mark,
        "reason": redacted(line.reason),
        "path": line.path or None,
        "line": line.line or None,
    }
