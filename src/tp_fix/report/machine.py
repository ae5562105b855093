"""The report for machines, version 1; its JSON Schema is schema.json beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps

from tp_fix.engine import Reported, Result
from tp_fix.facts.registry import public_host
from tp_fix.models.publication import Publication
from tp_fix.node import Data
from tp_fix.report.advice import next_steps
from tp_fix.report.diff import unified
from tp_fix.report.safe import redacted


def as_json(result: Result, rules: Sequence[str], settings: str | None, *, applied: bool) -> str:
    """The whole report, with the names of the rules that ran and the path of the settings file that was read.

    Credentials in clear are cut short everywhere in it; control characters are escaped.
    """
    model = result.after if applied else result.before
    files: list[Data] = [{"path": path, "diff": redacted(unified(*pair))} for path, pair in result.files.items()]
    problems: list[Data] = [_problem(problem.path, problem.line, problem.reason) for problem in result.problems]
    document: dict[str, Data] = {
        "version": 1,
        "repository": result.before.repository.name,
        "settings": settings,
        "stage": result.stage,
        "rules": [*sorted(rules)],
        "publications": [_publication(publication) for publication in model.publications],
        "findings": [*problems, *findings_of(result)],
        "ignored": len(result.ignored),
        "files": files,
        "next": [redacted(step) for step in next_steps(result)],
    }
    return dumps(document, indent=2)


def findings_of(result: Result) -> list[Data]:
    """The findings as they stand in the report."""
    return [_finding(item) for item in result.reported]


def _problem(path: str, line: int, reason: str) -> Data:
    return {
        "rule": "unreadable",
        "level": "error",
        "path": path,
        "line": max(line, 1),
        "column": 1,
        "message": redacted(reason),
        "excused": "",
        "fix": None,
    }


def _publication(publication: Publication) -> Data:
    names = publication.names
    return {
        "path": publication.workflow.path,
        "job": publication.step.job.id,
        "step": publication.step.label,
        "tool": publication.tool,
        "packages": None if names is None else [*names],
        "registry": publication.registry.address or f"https://{public_host()}/",
        "ready": publication.ready,
        "lacks": [lack.what for lack in publication.lacks],
    }


def _finding(item: Reported) -> Data:
    finding = item.entry.finding
    fix: Data = None
    if finding.fix is not None:
        fix = {
            "title": finding.fix.title,
            "applicability": finding.fix.applicability.name.lower(),
            "status": item.entry.status,
            "reason": redacted(item.entry.reason),
        }
    return {
        "rule": finding.rule,
        "level": finding.severity,
        "path": finding.path,
        "line": item.line,
        "column": item.column,
        "message": redacted(finding.message),
        "excused": item.excused,
        "fix": fix,
    }
