"""Whether a job runs on a runner of GitHub's own: yes, no, or not to be known from the files."""

from __future__ import annotations

import re

from tp_fix.facts.labels import is_hosted
from tp_fix.models.workflow import Job
from tp_fix.node import Node

MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")


def hosted(job: Job) -> bool | None:
    """npm's exchange asks for a runner of GitHub's (D npm, checked 2026-11-22). Any of a matrix's runners counts."""
    answers = [is_hosted(label) for label in labels_of(job)]
    if False in answers:
        return False
    one_each = len(job.runner) == 1 and bool(answers)
    return True if one_each and all(answers) else None


def labels_of(job: Job) -> tuple[str, ...]:
    """The labels of `runs-on`; one that a literal matrix gives stands for all that it gives."""
    match = MATRIX.fullmatch(job.runner[0].strip()) if len(job.runner) == 1 else None
    matrix = job.node.at(("strategy", "matrix"))
    values = _values(matrix, match[1]) if match and matrix is not None else []
    return tuple(str(value.value) for value in values) or job.runner


def _values(matrix: Node, name: str) -> list[Node]:
    """What a matrix gives a name: its list, and what `include` adds; nothing when one of them is no plain text.

    An entry of `include` without the name leaves the runner out, unless it only adds to a row that is there.
    """
    base, include = matrix.get(name), matrix.get("include")
    found = list(base.items or []) if base is not None else []
    found += [value for item in (include.items or [] if include is not None else []) if (value := item.get(name))]
    listed = (base is None or base.items is not None) and (include is None or include.items is not None)
    return found if listed and all(value.text and "${{" not in value.text for value in found) else []
