"""What a release tool lacks for OIDC whatever its version: it has none, or a variable has to be set."""

from __future__ import annotations

from typing import Literal

from tp_fix.models.token.credentials import visible_at
from tp_fix.models.tool.tools import ToolRun

Lacking = tuple[Literal["publisher", "setting"], str, bool]
"""Which kind, what as a phrase, and whether it is known to be so."""


def lacking_of_run(run: ToolRun) -> tuple[Lacking, ...]:
    """What stands between a run and OIDC by the row of its publisher."""
    publisher = run.publisher
    found: list[Lacking] = []
    if publisher.kind == "X" and publisher.advice.lacking:
        found.append(("publisher", publisher.advice.lacking, bool(publisher.advice.instead)))
    variable = publisher.oidc.variable
    unset = variable_unset(run) if variable else False
    if unset is not False:
        what = f'`{variable}: "true"` is not set' if unset else f"whether {variable} is set is known only at run time"
        found.append(("setting", f"{what}, and {publisher.name} publishes with a token without it", unset is True))
    return tuple(found)


def variable_unset(run: ToolRun) -> bool | None:
    """Whether the variable that a tool goes by is missing or says no; None where only the run tells."""
    variable = visible_at(run.step).get(run.publisher.oidc.variable)
    if variable is None or variable.value in ("", "false"):
        return True
    return None if "${{" in variable.value else False
