"""Where each client reads whether to attach a provenance statement, and whether it does so by itself."""

from __future__ import annotations

from typing import Literal, NamedTuple

Place = Literal["flag", "package", "variable", "npmrc", "yarnrc", "workspace"]


class Reader(NamedTuple):
    """A client. `places` are read, the first one that says something counts; `variable` is in small letters.

    `by_itself` says that it attaches a statement after an exchange, where repository and package are public.
    """

    name: str
    places: tuple[Place, ...]
    variable: str
    by_itself: bool
    source: str
    checked: str = "2026-11-23"


NPM = Reader(
    "npm",
    ("flag", "package", "variable", "npmrc"),
    "npm_config_provenance",
    by_itself=True,
    source="S npm/cli lib/commands/publish.js and lib/utils/oidc.js at 11.5.1, 11.21.2 and 12.2.0; X at the first two",
)
"""`publishConfig.provenance: false` does not switch off what it attaches by itself (X npm 11.5.1 and 12.2.0)."""
PNPM = Reader(
    "pnpm 11",
    ("flag", "variable", "workspace"),
    "pnpm_config_provenance",
    by_itself=True,
    source="X pnpm 11.28.11 and 12.21.0; pnpm 10 and older hand over to npm",
)
YARN = Reader(
    "Yarn",
    ("flag", "package", "variable", "yarnrc"),
    "yarn_npm_publish_provenance",
    by_itself=False,
    source="S @yarnpkg/plugin-npm-cli 4.5.1; X Yarn 4.10.3, 4.11.0 and 4.18.1; publishConfig counts from 4.11.0 on",
)
ROWS = (NPM, PNPM, YARN)
STOPS_YARN = "yarn_npm_config_provenance"
"""`yarn npm publish --help` names this variable, and Yarn stops at it: "Unrecognized or legacy configuration settings
found: npmConfigProvenance" (X Yarn 4.10.3, 4.11.0 and 4.18.1, checked 2026-11-23)."""
