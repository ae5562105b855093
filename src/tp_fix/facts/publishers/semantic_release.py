"""semantic-release and what runs it."""

from __future__ import annotations

from tp_fix.facts.publishers.clients import ENVIRONMENT
from tp_fix.facts.publishers.row import (
    CHECKED,
    CONTENTS,
    DRY,
    EVERYTHING_RELEASED,
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

ACTION = Release("v6.0.0", "b12c8f6015dc215fe37bc154d4ad456dd3833c90", "2025-11-17", "S tags", CHECKED)
COMPANIONS = (("@semantic-release/npm", (13, 1, 0)), ("@anolilab/semantic-release-pnpm", (3, 0, 0)))
"""S of the second: @actions/core's getIDToken is in dist/ from 3.0.0 on, not in 2.0.5."""

TOOLS = (
    Publisher(
        "semantic-release",
        "A*",
        By(names("semantic-release"), quiet=DRY, packages=("semantic-release",)),
        Oidc(
            since=(25, 0, 1),
            companions=COMPANIONS,
            nodes=(NodeWanted((25, 0, 0), "^22.14.0 || >=24.10.0", refuses=True),),
        ),
        Raising(
            ("semantic-release@^25.0.1", "@semantic-release/npm@^13.1.0", "@anolilab/semantic-release-pnpm@^8.1.0")
        ),
        Tokens(ENVIRONMENT),
        EVERYTHING_RELEASED,
        Advice(
            later="no `registry-url` in the job; channels and maintenance branches move dist-tags, which still wants a "
            "token"
        ),
        "S @semantic-release/npm lib/trusted-publishing; engines of both packages at npm",
        reach="folder",
    ),
    Publisher(
        "cycjimmy/semantic-release-action",
        "A*",
        By(packages=("semantic-release",), actions=names("cycjimmy/semantic-release-action")),
        Oidc(since=(25, 0, 1), action_since=(6, 0, 0), companions=COMPANIONS),
        Raising(
            actions=(
                Raise(
                    (4, 5),
                    ACTION,
                    assumption="the configuration and the plugins of the release work with semantic-release 25, which "
                    "is what changes with v6",
                ),
                Raise(
                    (1, 2, 3),
                    ACTION,
                    obstacle="v1 to v3 bring semantic-release 19 or older, and much has changed up to the 25 of v6: "
                    "see its release notes",
                ),
            )
        ),
        Tokens(ENVIRONMENT),
        EVERYTHING_RELEASED,
        Advice(later="a version in `extra_plugins` overrides what the action brings"),
        "S action.yml, package.json and src/installSpecifyingVersionSemantic.task.js at the tags",
        reach="folder",
    ),
    Publisher(
        "go-semantic-release/action",
        "L",
        By(actions=names("go-semantic-release/action")),
        scopes=CONTENTS,
        advice=Advice(later="it publishes nothing to npm by itself: the step that does is another one"),
        source="S action.yml: it makes a release on GitHub",
    ),
)
