"""What is taken for a publisher, and is none: the step that publishes is another one."""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.publishers.row import CHECKED


class NoPublisher(NamedTuple):
    """Something that is taken for a publisher, and is none: how it is called, and what it is instead."""

    name: str
    uses: str = ""
    run: str = ""
    what: str = ""
    source: str = ""
    checked: str = CHECKED


SETS_UP = "sets a toolchain up"
VERSIONS = "makes versions, tags and changelogs"
SOURCE = "D its README"

ROWS = (
    NoPublisher("actions/setup-node", uses="actions/setup-node@v7", what=SETS_UP, source=SOURCE),
    NoPublisher("pnpm/action-setup", uses="pnpm/action-setup@v4", what=SETS_UP, source=SOURCE),
    NoPublisher("oven-sh/setup-bun", uses="oven-sh/setup-bun@v2", what=SETS_UP, source=SOURCE),
    NoPublisher("volta-cli/action", uses="volta-cli/action@v4", what=SETS_UP, source=SOURCE),
    NoPublisher("bahmutov/npm-install", uses="bahmutov/npm-install@v1", what="installs", source=SOURCE),
    NoPublisher("EndBug/version-check", uses="EndBug/version-check@v2", what="looks for a version", source=SOURCE),
    NoPublisher(
        "release-please-action",
        uses="googleapis/release-please-action@v4",
        what="makes releases on GitHub",
        source=SOURCE,
    ),
    NoPublisher(
        "release-please", run="npx release-please github-release", what="makes releases on GitHub", source=SOURCE
    ),
    NoPublisher(
        "release-drafter", uses="release-drafter/release-drafter@v6", what="drafts release notes", source=SOURCE
    ),
    NoPublisher("standard-version", run="npx standard-version", what=VERSIONS, source=SOURCE),
    NoPublisher("bumpp", run="npx bumpp --yes", what=VERSIONS, source=SOURCE),
    NoPublisher("changelogithub", run="npx changelogithub", what="writes release notes", source=SOURCE),
    NoPublisher("tsdx", run="npx tsdx publish", what="builds", source=SOURCE),
    NoPublisher("pkg-pr-new", run="npx pkg-pr-new publish", what="publishes to a place of its own", source=SOURCE),
    NoPublisher("deno publish", run="deno publish", what="publishes to JSR, with an identity", source=SOURCE),
    NoPublisher("jsr publish", run="npx jsr publish", what="publishes to JSR, with an identity", source=SOURCE),
)
