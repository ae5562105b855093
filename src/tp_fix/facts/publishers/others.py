"""Release tools with a command of their own that belong to no larger family."""

from __future__ import annotations

from tp_fix.facts.publishers.clients import ENVIRONMENT
from tp_fix.facts.publishers.row import (
    ASKS,
    CONTENTS,
    DRY,
    EVERYTHING_RELEASED,
    Advice,
    By,
    NodeWanted,
    Oidc,
    Publisher,
    Raising,
    Tokens,
)
from tp_fix.formats.argv import names

TOOLS = (
    Publisher(
        "np",
        "A*",
        By(names("np"), quiet=ASKS | names("--preview --no-publish --release-draft-only"), packages=("np",)),
        Oidc(since=(11, 0, 1), through="npm"),
        Raising(("np@^11.0.1",)),
        Tokens(ENVIRONMENT),
        CONTENTS,
        source="S sindresorhus/np, release notes",
        reach="argument",
    ),
    Publisher(
        "nx release",
        "A*",
        By(
            names("nx"),
            names("release"),
            DRY | names("version changelog plan plan:check --skip-publish"),
            ("nx",),
        ),
        Oidc(through="npm, pnpm or bun"),
        tokens=Tokens(ENVIRONMENT),
        scopes=CONTENTS,
        advice=Advice(
            later="may move dist-tags, which wants a token",
            assumes="nx moves no dist-tag, as it does where a version is there already",
        ),
        source="S nx packages/js/src/executors/release-publish",
        reach="nx",
    ),
    Publisher(
        "release-it",
        "A*",
        By(names("release-it"), quiet=DRY | names("--no-npm --no-npm.publish"), packages=("release-it",)),
        Oidc(through="npm", nodes=(NodeWanted((21, 0, 0), "^22.22.2 || ^24.15.0 || >=26.0.0"),)),
        tokens=Tokens(ENVIRONMENT),
        scopes=EVERYTHING_RELEASED,
        advice=Advice(later="set `npm.skipChecks: true`: it asks who is logged in"),
        source="S release-it lib/plugin/npm, lib/plugin/github at 21.1.2; engines at npm",
    ),
    Publisher(
        "beachball",
        "A*",
        By(names("beachball"), names("publish"), ASKS, ("beachball",)),
        Oidc(through="npm"),
        tokens=Tokens(names("NPM_TOKEN"), flags=names("--token -n")),
        scopes=CONTENTS,
        advice=Advice(later="take `--token` out: an empty one fails"),
        source="S beachball 2.66.0 lib/options/getCliOptions.js: NPM_TOKEN counts as `--token`",
    ),
    Publisher(
        "ship.js",
        "X",
        By(names("shipjs"), names("trigger"), DRY, ("shipjs",)),
        Oidc(since=(0, 28, 2), through="npm", nodes=(NodeWanted((0, 28, 2), ">=20.0.0"),)),
        Raising(("shipjs@^0.28.2",)),
        Tokens(names("NPM_AUTH_TOKEN")),
        advice=Advice(hint="set `useOidcTokenProvider: true` in ship.config.js"),
        source="S algolia/shipjs; engines at npm",
    ),
    Publisher(
        "auto",
        "X",
        By(names("auto"), names("shipit release canary next latest"), DRY, ("auto",)),
        Oidc(through="npm or lerna"),
        tokens=Tokens(ENVIRONMENT),
        advice=Advice(
            later="its npm plugin writes ~/.npmrc: `setRcToken: false`",
            lacking="whether auto releases over OIDC is not known: set `setRcToken: false` for its npm plugin, and try",
        ),
        source="U nothing in its documentation about OIDC",
    ),
    Publisher(
        "rush publish",
        "X",
        By(names("rush"), names("publish"), ASKS, ("@microsoft/rush",)),
        Oidc(through="the client that rush.json pins"),
        tokens=Tokens(flags=names("--npm-auth-token -n")),
        scopes=CONTENTS,
        advice=Advice(
            lacking="rush publishes with the client of rush.json and with common/config/rush/.npmrc-publish: raise the "
            "first, and take the token out of the second"
        ),
        source="D rushjs.io",
    ),
    Publisher(
        "publib",
        "A",
        By(names("publib publib-npm"), quiet=ASKS, packages=("publib",)),
        Oidc(since=(0, 2, 1008), through="npm", variable="NPM_TRUSTED_PUBLISHER"),
        Raising(("publib@^0.2.1008",)),
        Tokens(names("NPM_TOKEN")),
        scopes=(),
        advice=Advice(
            hint='set `NPM_TRUSTED_PUBLISHER: "true"`; a project of projen says `npmTrustedPublishing: true` in its '
            ".projenrc"
        ),
        source="S publib 0.2.1061 bin/publib-npm",
    ),
    Publisher(
        "napi-rs",
        "A*",
        By(
            names("napi"),
            names("prepublish pre-publish"),
            ASKS | names("--dry-run --skip-optional-publish"),
            ("@napi-rs/cli",),
        ),
        Oidc(through="npm, or the `npmClient` of its settings"),
        tokens=Tokens(ENVIRONMENT),
        scopes=CONTENTS,
        advice=Advice(later="each package of a platform needs a trusted publisher of its own"),
        source="S @napi-rs/cli 3.10.12 dist/cli.js",
        reach="built",
    ),
    Publisher(
        "wasm-pack",
        "A",
        By(names("wasm-pack"), names("publish"), ASKS, ("wasm-pack",)),
        Oidc(through="npm"),
        tokens=Tokens(ENVIRONMENT),
        scopes=(),
        source="D wasm-pack, publish: npm publish in the folder of the built package",
        reach="built",
    ),
)
