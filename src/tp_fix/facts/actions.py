"""Actions whose behaviour is known: which scopes of GITHUB_TOKEN they may use, and whether they read an npm token."""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """A row: `owner/repo`, or `owner/repo/folder`, at any ref.

    `scopes` are the most that the action may ask of GITHUB_TOKEN. `reads_npm_token` says that it publishes or installs
    with a token from its environment or its inputs. `unless` names inputs with which the row does not hold.
    """

    name: str
    scopes: tuple[tuple[str, str], ...] = ()
    reads_npm_token: bool = False
    unless: tuple[str, ...] = ()
    source: str = "S action.yml: uses no GITHUB_TOKEN, or only to read public releases"
    checked: str = "2026-11-22"


CONTENTS = (("contents", "write"),)
RELEASES = (("contents", "write"), ("pull-requests", "write"))
EVERYTHING_RELEASED = (("contents", "write"), ("issues", "write"), ("pull-requests", "write"))

ROWS = (
    Action("actions/cache", source="S action.yml: the cache has a token of its own"),
    Action("actions/cache/restore", source="S action.yml: the cache has a token of its own"),
    Action("actions/cache/save", source="S action.yml: the cache has a token of its own"),
    Action("actions/checkout", (("contents", "read"),), source="D README, recommended permissions"),
    Action("actions/create-github-app-token", source="S action.yml: signs in as the app"),
    Action("actions/create-release", CONTENTS, source="D docs.github.com, REST, create a release"),
    Action(
        "actions/attest-build-provenance",
        (("attestations", "write"), ("id-token", "write")),
        unless=("push-to-registry",),
        source="D README",
    ),
    Action("actions/deploy-pages", (("id-token", "write"), ("pages", "write")), source="D README"),
    Action(
        "actions/download-artifact", unless=("github-token",), source="S action.yml: artifacts have their own token"
    ),
    Action("actions/setup-go"),
    Action("actions/setup-java"),
    Action("actions/setup-node"),
    Action("actions/setup-python"),
    Action("actions/upload-artifact", source="S action.yml: artifacts have their own token"),
    Action("actions/upload-artifact/merge", source="S action.yml: artifacts have their own token"),
    Action("actions/upload-pages-artifact", source="S action.yml: artifacts have their own token"),
    Action("act10ns/slack", source="S action.yml: a webhook of Slack's", checked="2026-11-23"),
    Action("actions-rs/toolchain", checked="2026-11-23"),
    Action("actions-rust-lang/setup-rust-toolchain", checked="2026-11-23"),
    Action("andstor/file-existence-action", source="S action.yml: looks for files", checked="2026-11-23"),
    Action("astral-sh/setup-uv", checked="2026-11-23"),
    Action(
        "bahmutov/npm-install", reads_npm_token=True, source="S index.js: runs npm ci, pnpm install or yarn install"
    ),
    Action("browser-actions/setup-chrome"),
    Action("bufbuild/buf-setup-action", checked="2026-11-23"),
    Action("changesets/action", RELEASES, reads_npm_token=True, source="D README; S src/index.ts writes .npmrc"),
    Action("codecov/codecov-action", unless=("use_oidc",), source="D README"),
    Action(
        "cycjimmy/semantic-release-action", EVERYTHING_RELEASED, reads_npm_token=True, source="D semantic-release, CI"
    ),
    Action("crazy-max/ghaction-import-gpg", checked="2026-11-23"),
    Action("denoland/setup-deno"),
    Action("dtolnay/rust-toolchain", checked="2026-11-23"),
    Action("foundry-rs/foundry-toolchain", checked="2026-11-23"),
    Action(
        "go-semantic-release/action",
        CONTENTS,
        source="S action.yml: it makes a release on GitHub",
        checked="2026-11-23",
    ),
    Action(
        "google-github-actions/release-please-action",
        EVERYTHING_RELEASED,
        source="D README; issues: labels (R)",
    ),
    Action("googleapis/release-please-action", EVERYTHING_RELEASED, source="D README; issues: labels (R)"),
    Action("jamesives/github-pages-deploy-action", CONTENTS, source="D README"),
    Action("js-devtools/npm-publish", reads_npm_token=True, source="S action.yml: input `token`"),
    Action("microsoft/setup-msbuild", checked="2026-11-23"),
    Action("ncipollo/release-action", CONTENTS, unless=("discussionCategory",), source="D README"),
    Action("oven-sh/setup-bun", unless=("registry-url", "registries")),
    Action("peaceiris/actions-gh-pages", CONTENTS, source="D README"),
    Action("peter-evans/create-pull-request", RELEASES, source="D README"),
    Action("pnpm/action-setup", unless=("run_install",)),
    Action("sbt/setup-sbt", checked="2026-11-23"),
    Action("slackapi/slack-github-action", source="S action.yml: a webhook or a token of Slack's"),
    Action(
        "snok/install-poetry", source="S action.yml: a script that installs Poetry for Python", checked="2026-11-23"
    ),
    Action("softprops/action-gh-release", CONTENTS, unless=("discussion_category_name",), source="D README"),
    Action("stefanzweifel/git-auto-commit-action", CONTENTS, source="D README"),
    Action("step-security/harden-runner", unless=("policy",)),
    Action("swatinem/rust-cache", source="S action.yml: the cache has a token of its own", checked="2026-11-23"),
    Action("volta-cli/action", unless=("registry-url",), source="D README: with it, it writes an .npmrc"),
)
ACTIONS = {action.name: action for action in ROWS}


def lookup(uses: str) -> Action | None:
    """What is known about a `uses:`; None for an action that is not in the table, a local one and a container."""
    return ACTIONS.get(uses.partition("@")[0].strip().rstrip("/").lower())
