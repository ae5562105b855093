"""What stands in the way of OIDC with changesets, which hands over to npm, pnpm or Yarn."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.hindrance.hindrance import Hindrance, flag_of, place_of
from tp_fix.models.repository import Repository
from tp_fix.models.tool.tools import ToolRun


def hindrances(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """Of one run. It looks for two-factor authentication on a terminal only (S @changesets/cli 2.27.1 to 3.0.3)."""
    if flag_of(run, "otp") is not None:
        what = "`--otp` hands changesets a one-time password, which goes with a token: take both out"
        yield Hindrance(what, False, *place_of(run))
