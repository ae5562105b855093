"""The report for machines, version 1; its JSON Schema is schema.json beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import TYPE_CHECKING

from tp_fix.engine import Reported, Result
from tp_fix.facts.registry import public_host
from tp_fix.models.publishing.publication import Publication
from tp_fix.node import Data
from tp_fix.report.advice import next_steps
from tp_fix.report.diff import unified
from tp_fix.report.safe import redacted

if TYPE_CHECKING:
    from tp_fix.git.branch import Landed, Made
    from tp_fix.proposing import Proposed


def as_json(
    result: Result,
    rules: Sequence[str],
    settings: str | None,
    *,
    applied: bool,
    landed: Landed | None = None,
    proposed: Proposed | None = None,
) -> str:
    """The whole report, with the names of the rules that ran and the path of the settings file that was read.

    `landed` and `proposed` are what became of it in a run that makes commits.

    Credentials in clear are cut short everywhere in it; control characters are escaped.
    """
    model = result.after if applied else result.before
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
        "files": files_of(result),
        "branch": None if landed is None else _branch(landed, proposed),
        "next": [redacted(step) for step in next_steps(result)],
    }
    return dumps(document, indent=2)


def files_of(result: Result) -> list[Data]:
    """The files that change as they stand in the report."""
    return [
        {"path": path, "new_path": after.path, "diff": redacted(unified(before, after))}
        for path, (before, after) in result.files.items()
    ]


def _branch(landed: Landed, proposed: Proposed | None) -> Data:
    """Where the commits are, and how far they came; a name is null while they are only shown."""
    request = proposed.pull_request if proposed is not None else None
    problem = proposed.problem if proposed is not None else None
    return {
        "name": landed.branch,
        "base": landed.base,
        "unchanged": landed.unchanged,
        "replaced": landed.replaced.tip if landed.replaced is not None else None,
        "commits": [_commit(made) for made in landed.made],
        "pushed": None if proposed is None or proposed.pushed is None else proposed.pushed.remote,
        "pull_request": None if request is None else {"what": request.what, "url": request.url},
        "problem": None if problem is None else redacted(problem.message),
    }


def _commit(made: Made) -> Data:
    return {
        "name": made.name or None,
        "rule": made.rule,
        "paths": [*made.paths],
        "message": redacted(made.message),
    }


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
