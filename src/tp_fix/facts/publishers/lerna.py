"""lerna and lerna-lite."""

from __future__ import annotations

from tp_fix.facts.publishers.clients import ENVIRONMENT
from tp_fix.facts.publishers.row import ASKS, CONTENTS, Advice, By, NodeWanted, Oidc, Publisher, Raising, Tokens
from tp_fix.formats.argv import names

TOOLS = (
    Publisher(
        "lerna",
        "A*",
        By(names("lerna"), names("publish"), ASKS | names("--skip-npm --dry-run"), ("lerna",)),
        Oidc(
            since=(9, 0, 0),
            nodes=(
                NodeWanted((9, 0, 0), "^20.19.0 || ^22.12.0 || >=24.0.0"),
                NodeWanted((10, 0, 0), "^22.22.2 || ^24.15.0 || >=26.0.0"),
            ),
        ),
        Raising(("lerna@^9",)),
        Tokens(ENVIRONMENT),
        CONTENTS,
        Advice(
            later="up to lerna 8 a token always wins; `--verify-access` asks who is logged in, and has to go; "
            "`--temp-tag` moves dist-tags, which wants a token"
        ),
        "X 8.2.4 has no exchange, 9.0.7 and 10.1.1 have one; engines at npm",
        reach="lerna",
    ),
    Publisher(
        "lerna-lite",
        "A*",
        By(names("lerna"), names("publish"), ASKS | names("--dry-run"), ("@lerna-lite/publish", "@lerna-lite/cli")),
        Oidc(since=(4, 9, 0), nodes=(NodeWanted((4, 9, 0), "^20.17.0 || >=22.9.0"),)),
        Raising(("@lerna-lite/cli@^4.9.0", "@lerna-lite/publish@^4.9.0")),
        Tokens(ENVIRONMENT),
        CONTENTS,
        source="S lerna-lite packages/publish; engines at npm",
        reach="lerna",
    ),
)
