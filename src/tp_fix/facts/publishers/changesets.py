"""changesets: its command, its actions, and actions of others that run it."""

from __future__ import annotations

from tp_fix.facts.publishers.clients import ENVIRONMENT
from tp_fix.facts.publishers.row import (
    ASKS,
    CHECKED,
    CONTENTS,
    Advice,
    By,
    NodeWanted,
    Oidc,
    Publisher,
    Raise,
    Raising,
    Tokens,
)
from tp_fix.facts.releases import Release
from tp_fix.formats.argv import names

ACTION = Release("v1.9.0", "a45c4d594aa4e2c509dc14a9f2b3b67ba3780d0d", "2026-06-03", "S tags", CHECKED)
RELEASES = (*CONTENTS, ("pull-requests", "write"))
BEHIND = "npm, pnpm or Yarn"

TOOLS = (
    Publisher(
        "changesets",
        "A*",
        By(names("changeset"), names("publish"), ASKS, ("@changesets/cli",)),
        Oidc(
            through="pnpm in a pnpm project, else npm; from v3 on Yarn Berry too",
            nodes=(NodeWanted((3, 0, 0), "^22.11.0 || ^24.0.0 || >=26.0.0"),),
        ),
        tokens=Tokens(ENVIRONMENT),
        scopes=(),
        source="S @changesets/cli src/commands/publish: its tags stay in the clone; engines at npm",
        reach="changesets",
    ),
    Publisher(
        "changesets/action v1",
        "A*",
        By(actions=names("changesets/action"), inputs=("publish",)),
        Oidc(
            advised=((1, 7, 0), "writes the word `undefined` for a token where none is set"),
            through=BEHIND,
        ),
        Raising(actions=(Raise((1,), ACTION, commands=("publish", "version")),)),
        Tokens(names("NPM_TOKEN")),
        RELEASES,
        Advice(later="v2 renamed the inputs: it never comes by a bump alone"),
        "S action.yml and src/ at v1.0.0 to v1.9.0: inputs were only added, but v1.9.0 is the first to read quotes",
        reach="changesets",
    ),
    Publisher(
        "changesets/action v2",
        "A",
        By(actions=names("changesets/action"), inputs=("publish-script",)),
        Oidc(through=BEHIND),
        tokens=Tokens(names("NODE_AUTH_TOKEN")),
        scopes=RELEASES,
        source="S action.yml and README at v2.0.0",
        reach="changesets",
    ),
    Publisher(
        "changesets/action/publish",
        "A",
        By(actions=names("changesets/action/publish")),
        Oidc(through=BEHIND),
        tokens=Tokens(names("NODE_AUTH_TOKEN")),
        scopes=CONTENTS,
        source="S publish/action.yml at v2.0.0: it always publishes, a script of its own is an input",
        reach="changesets",
    ),
    Publisher(
        "seek-oss/changesets-snapshot",
        "A*",
        By(actions=names("seek-oss/changesets-snapshot")),
        Oidc(through=BEHIND),
        tokens=Tokens(names("NPM_TOKEN")),
        source="S seek-oss/changesets-snapshot",
        reach="changesets",
    ),
    Publisher(
        "Shopify/snapit",
        "X",
        By(actions=names("shopify/snapit"), off=("branch",)),
        tokens=Tokens(names("NPM_TOKEN")),
        advice=Advice(
            "npx changeset publish --no-git-tag --snapshot",
            lacking="Shopify/snapit stops without NPM_TOKEN: version and publish the snapshot with changesets itself",
        ),
        source="S index.ts and action.yml at v0.0.15",
    ),
)
