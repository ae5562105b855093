"""Actions that publish to npm, apart from those of a release tool."""

from __future__ import annotations

from tp_fix.facts.publishers.clients import ENVIRONMENT
from tp_fix.facts.publishers.row import ASKS, CHECKED, Advice, By, Oidc, Publisher, Raise, Raising, Tokens
from tp_fix.facts.releases import Release
from tp_fix.formats.argv import names

NPM_PUBLISH = Release("v4.1.5", "0fd2f4369c5d6bcfcde6091a7c527d810b9b5c3f", "2026-02-01", "S tags", CHECKED)
OPTIC = Release("v4.12.4", "08642f7889f3bb519fb69ce2c3bf58e4f900c018", "2026-07-09", "S tags", CHECKED)
METAMASK = Release("v6.4.0", "6b78b52f56c3bd2f491ec0aca4e4b04ff9fb3353", "2026-06-17", "S tags", CHECKED)

TOOLS = (
    Publisher(
        "JS-DevTools/npm-publish",
        "A*",
        By(
            names("npm-publish"),
            quiet=ASKS | names("--dry-run"),
            packages=("@jsdevtools/npm-publish",),
            actions=names("js-devtools/npm-publish"),
        ),
        Oidc(since=(4, 1, 0), action_since=(4, 1, 0), through="npm"),
        Raising(
            ("@jsdevtools/npm-publish@^4.1.0",),
            (
                Raise((2, 3, 4), NPM_PUBLISH),
                Raise(
                    (1,),
                    NPM_PUBLISH,
                    obstacle="v2 renamed the input `check-version` to `strategy`, runs no package scripts unless "
                    "`ignore-scripts: false` says so, and its outputs are empty where those of v1 were `none`",
                ),
            ),
        ),
        Tokens(names("INPUT_TOKEN NPM_TOKEN"), ("token",), names("--token")),
        scopes=(),
        advice=Advice(later="before v4.1.0 the input `token` is required"),
        source="S action.yml and src/ at v1.4.3 to v4.1.5; X v4.1.0",
        reach="input",
    ),
    Publisher(
        "nearform optic-release-automation",
        "A*",
        By(
            actions=names("nearform-actions/optic-release-automation-action nearform/optic-release-automation-action"),
            inputs=("npm-token", "publish-mode"),
        ),
        Oidc(action_since=(4, 12, 0)),
        Raising(
            actions=(
                Raise(
                    (1, 2, 3, 4),
                    OPTIC,
                    obstacle="OIDC also wants `publish-mode: oidc`, and the newer releases set up a Node of their own "
                    "choice",
                ),
            )
        ),
        Tokens(inputs=("npm-token", "optic-token")),
        advice=Advice(hint="add `publish-mode: oidc`", later="it brings a Node and an npm of its own"),
        source="S action.yml at v4.4.4, v4.11.2, v4.12.0 and v4.12.4",
    ),
    Publisher(
        "MetaMask/action-npm-publish",
        "A*",
        By(actions=names("metamask/action-npm-publish"), inputs=("npm-token",), inputs_until=(6, 0, 0)),
        Oidc(
            action_since=(6, 0, 0),
            advised=((6, 2, 1), "hands the token to Yarn, which prefers it to OIDC"),
            through="Yarn",
        ),
        Raising(
            actions=(
                Raise(
                    (1, 2, 3, 4, 5),
                    METAMASK,
                    obstacle="v6 stages what it publishes unless `staged-publish: false` says otherwise, and wants "
                    "Yarn 4.16 and Node 22.14",
                ),
                Raise((6,), METAMASK),
            )
        ),
        Tokens(inputs=("npm-token",)),
        scopes=(),
        advice=Advice(later="its token is for the first publish of a package only"),
        source="D CHANGELOG.md; S action.yml and scripts/publish.sh at v6.4.0",
    ),
    Publisher(
        "decentraland/oddish-action",
        "X",
        By(actions=names("decentraland/oddish-action"), off=("only-update-versions",)),
        tokens=Tokens(names("NODE_AUTH_TOKEN")),
        advice=Advice(
            lacking="whether decentraland/oddish-action publishes over OIDC is not known: ask there, or publish with "
            "`npm publish`",
        ),
        source="U action.yml and README name a token only",
    ),
    Publisher(
        "simenandre/publish-with-pnpm",
        "X",
        By(actions=names("simenandre/publish-with-pnpm")),
        tokens=Tokens(inputs=("npm-auth-token",)),
        advice=Advice(
            "pnpm publish --access public --no-git-checks",
            hint="the action also sets the version from the tag and pushes it",
            lacking="simenandre/publish-with-pnpm requires a token: publish with `pnpm publish` in its place",
        ),
        source="S action.yml: its token is required",
    ),
    *(
        Publisher(
            action,
            "X",
            By(actions=names(action.lower())),
            tokens=Tokens(names("NPM_AUTH_TOKEN") | ENVIRONMENT),
            advice=Advice(
                command, hint=hint, lacking=f"{action} requires a token: publish with `{command}` in its place"
            ),
            source=source,
        )
        for action, command, hint, source in (
            (
                "pascalgn/npm-publish-action",
                "npm publish",
                "the action also makes the tag, and publishes only commits that its pattern matches",
                "S action.yml; D README: NPM_AUTH_TOKEN",
            ),
            (
                "primer/publish",
                "npm publish --access public",
                "the action also chooses the dist-tag by the branch",
                "D README: a token is required",
            ),
            ("mikeal/merge-release", "npm publish", "the action also raises the version", "D README"),
            ("actions/npm", "npm publish", "the action is archived", "D README"),
        )
    ),
)
