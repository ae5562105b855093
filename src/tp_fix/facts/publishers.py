"""Tools and actions that publish to npm: how each is recognised, and from which version on it does so over OIDC.

One row per publisher; what later rules need to know of one (its tokens, say) is another field of its row.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from tp_fix.facts.clients import Version
from tp_fix.facts.releases import Release
from tp_fix.formats.argv import names

Kind = Literal["A", "A*", "X", "L"]
"""How far the move to OIDC may go by machine: A safe, A* where its condition is proved, X advice only, L left alone."""


class NodeWanted(NamedTuple):
    """From this version of a tool on it runs on a Node of this range (its `engines.node`).

    `refuses` says that it stops by itself on any other; without that most clients only warn.
    """

    version: Version
    range: str
    refuses: bool = False


class Raise(NamedTuple):
    """What raising an action comes to, for the majors that are listed.

    `assumption` is what a fix rests on, as a clause behind "that"; `obstacle` says what changes between the two, and
    keeps the fix from being written. With neither, no input, output or default changed its meaning, except that of
    `commands`: inputs with a command, whose quotes and line ends are read in another way.
    """

    majors: tuple[int, ...]
    to: Release
    assumption: str = ""
    obstacle: str = ""
    commands: tuple[str, ...] = ()


class Publisher(NamedTuple):
    """A row.

    `programs` are commands, which publish with one of `verbs` as their first word (any, where there are none) and
    without any word of `quiet`. `packages` are npm's that bring the command; the first one's version counts.
    `actions` are `owner/repo`, in lower case; `publishes_with` are inputs of which one must be given, else nothing
    goes to npm.

    `since` is the first version of the package that publishes over OIDC and `action_since` the action's; `advised` is
    an action's version that is better, without which OIDC works too. `through` names the client that a tool hands
    over to, whose version then matters too; a tool with neither a version nor a client has no OIDC at all, and
    `instead` says what to run. `companions` are packages that override the tool's own part when installed beside it,
    with the first version that is new enough. `wanted` is what to ask a package manager for. `scopes` are the most
    that it may ask of GITHUB_TOKEN, None where that is not known. `hint` says what has to
    change together with the version, `later` what else stands in the way of OIDC.
    """

    name: str
    kind: Kind
    programs: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    packages: tuple[str, ...] = ()
    actions: frozenset[str] = frozenset()
    publishes_with: tuple[str, ...] = ()
    since: Version | None = None
    action_since: Version | None = None
    advised: Version | None = None
    through: str = ""
    instead: str = ""
    companions: tuple[tuple[str, Version], ...] = ()
    wanted: tuple[str, ...] = ()
    nodes: tuple[NodeWanted, ...] = ()
    raises: tuple[Raise, ...] = ()
    scopes: tuple[tuple[str, str], ...] | None = None
    hint: str = ""
    later: str = ""
    source: str = ""
    checked: str = "2026-11-23"


CLIENTS = {
    "npm": Publisher("npm", "A", since=(11, 5, 1), source="X facts/clients.py"),
    "npm stage": Publisher("npm stage", "A", since=(11, 15, 0), source="X facts/clients.py"),
    "pnpm": Publisher("pnpm", "A*", through="npm, up to pnpm 10", source="X facts/clients.py"),
    "pnpm stage": Publisher("pnpm stage", "A*", since=(11, 3, 0), source="S facts/clients.py"),
    "yarn": Publisher("Yarn Berry", "A*", since=(4, 10, 3), source="X facts/clients.py"),
}
"""The package managers' own commands, by the tool that models.command finds; their words are read there."""


ASKS = names("--help -h --version -v")
DRY = names("--dry-run -d") | ASKS

CHECKED = "2026-11-23"
NPM_PUBLISH_ACTION = Release("v4.1.5", "0fd2f4369c5d6bcfcde6091a7c527d810b9b5c3f", "2026-02-01", "S tags", CHECKED)
SEMANTIC_RELEASE_ACTION = Release(
    "v6.0.0", "b12c8f6015dc215fe37bc154d4ad456dd3833c90", "2025-11-17", "S tags", "2026-11-23"
)
CHANGESETS_ACTION = Release("v1.9.0", "a45c4d594aa4e2c509dc14a9f2b3b67ba3780d0d", "2026-06-03", "S tags", CHECKED)
OPTIC_ACTION = Release("v4.12.4", "08642f7889f3bb519fb69ce2c3bf58e4f900c018", "2026-07-09", "S tags", CHECKED)
METAMASK_ACTION = Release("v6.4.0", "6b78b52f56c3bd2f491ec0aca4e4b04ff9fb3353", "2026-06-17", "S tags", CHECKED)

SEMANTIC_RELEASE = Publisher(
    "semantic-release",
    "A*",
    programs=names("semantic-release"),
    quiet=DRY,
    packages=("semantic-release",),
    since=(25, 0, 1),
    companions=(("@semantic-release/npm", (13, 1, 0)),),
    wanted=("semantic-release@^25.0.1", "@semantic-release/npm@^13.1.0"),
    nodes=(NodeWanted((25, 0, 0), "^22.14.0 || >=24.10.0", refuses=True),),
    later="no `registry-url` in the job; channels and maintenance branches move dist-tags, which still wants a token",
    source="S @semantic-release/npm lib/trusted-publishing; engines of both packages at npm",
)
SEMANTIC_RELEASE_BY_ACTION = Publisher(
    "cycjimmy/semantic-release-action",
    "A*",
    packages=("semantic-release",),
    actions=names("cycjimmy/semantic-release-action"),
    since=(25, 0, 1),
    action_since=(6, 0, 0),
    companions=SEMANTIC_RELEASE.companions,
    raises=(
        Raise(
            (4, 5),
            SEMANTIC_RELEASE_ACTION,
            assumption="the configuration and the plugins of the release work with semantic-release 25, which is what "
            "changes with v6",
        ),
        Raise(
            (1, 2, 3),
            SEMANTIC_RELEASE_ACTION,
            obstacle="v1 to v3 bring semantic-release 19 or older, and much has changed up to the 25 of v6: see its "
            "release notes",
        ),
    ),
    later="a version in `extra_plugins` overrides what the action brings",
    source="S action.yml, package.json and src/installSpecifyingVersionSemantic.task.js at the tags",
)
LERNA = Publisher(
    "lerna",
    "A*",
    programs=names("lerna"),
    verbs=names("publish"),
    quiet=ASKS | names("--skip-npm --dry-run"),
    packages=("lerna",),
    since=(9, 0, 0),
    wanted=("lerna@^9",),
    nodes=(
        NodeWanted((9, 0, 0), "^20.19.0 || ^22.12.0 || >=24.0.0"),
        NodeWanted((10, 0, 0), "^22.22.2 || ^24.15.0 || >=26.0.0"),
    ),
    later="up to lerna 8 a token always wins; `--verify-access` asks who is logged in, and has to go; `--temp-tag` "
    "moves dist-tags, which wants a token",
    source="run against the real tool: 8.2.4 has no exchange, 9.0.7 and 10.1.1 have one; engines at npm",
)
LERNA_LITE = Publisher(
    "lerna-lite",
    "A*",
    programs=names("lerna"),
    verbs=names("publish"),
    quiet=ASKS | names("--dry-run"),
    packages=("@lerna-lite/publish", "@lerna-lite/cli"),
    since=(4, 9, 0),
    wanted=("@lerna-lite/cli@^4.9.0", "@lerna-lite/publish@^4.9.0"),
    nodes=(NodeWanted((4, 9, 0), "^20.17.0 || >=22.9.0"),),
    source="S lerna-lite packages/publish; engines at npm",
)
NP = Publisher(
    "np",
    "A*",
    programs=names("np"),
    quiet=ASKS | names("--preview --no-publish --release-draft-only"),
    packages=("np",),
    since=(11, 0, 1),
    through="npm",
    wanted=("np@^11.0.1",),
    source="S sindresorhus/np, release notes",
)
NPM_PUBLISH = Publisher(
    "JS-DevTools/npm-publish",
    "A*",
    programs=names("npm-publish"),
    quiet=names("--dry-run --help -h --version -v"),
    packages=("@jsdevtools/npm-publish",),
    actions=names("js-devtools/npm-publish"),
    since=(4, 1, 0),
    action_since=(4, 1, 0),
    through="npm",
    wanted=("@jsdevtools/npm-publish@^4.1.0",),
    raises=(
        Raise((2, 3, 4), NPM_PUBLISH_ACTION),
        Raise(
            (1,),
            NPM_PUBLISH_ACTION,
            obstacle="v2 renamed the input `check-version` to `strategy`, runs no package scripts unless "
            "`ignore-scripts: false` says so, and its outputs are empty where those of v1 were `none`",
        ),
    ),
    later="before v4.1.0 the input `token` is required",
    source="S action.yml and src/ at v1.4.3, v2.2.2, v3.1.1, v4.0.0, v4.1.0 and v4.1.5; v4.1.0 run for real",
)
CHANGESETS_BY_ACTION = Publisher(
    "changesets/action",
    "A*",
    actions=names("changesets/action changesets/action/publish"),
    publishes_with=("publish", "publish-script"),
    through="npm, pnpm or Yarn, which its `publish` command calls",
    advised=(1, 7, 0),
    raises=(Raise((1,), CHANGESETS_ACTION, commands=("publish", "version")),),
    later="v2 renamed the inputs: it never comes by a bump alone",
    source="S action.yml, src/index.ts and src/run.ts at v1.0.0 to v1.9.0: inputs were only added within v1, but up to "
    "v1.8.0 commands were cut at white space, and since v1.9.0 @actions/exec reads their quotes",
)
CHANGESETS = Publisher(
    "changesets",
    "A*",
    programs=names("changeset"),
    verbs=names("publish"),
    quiet=ASKS,
    packages=("@changesets/cli",),
    through="pnpm in a pnpm project, else npm; from v3 on Yarn Berry too",
    nodes=(NodeWanted((3, 0, 0), "^22.11.0 || ^24.0.0 || >=26.0.0"),),
    source="S @changesets/cli src/commands/publish; engines at npm",
)
OPTIC = Publisher(
    "nearform optic-release-automation",
    "A*",
    actions=names("nearform-actions/optic-release-automation-action nearform/optic-release-automation-action"),
    publishes_with=("npm-token",),
    action_since=(4, 12, 0),
    through="npm, which it installs by itself",
    raises=(
        Raise(
            (1, 2, 3, 4),
            OPTIC_ACTION,
            obstacle="OIDC also wants `publish-mode: oidc`, and the newer releases set up a Node of their own choice",
        ),
    ),
    hint="add `publish-mode: oidc`",
    source="S action.yml at v4.4.4, v4.11.2, v4.12.0 and v4.12.4",
)
METAMASK = Publisher(
    "MetaMask/action-npm-publish",
    "A*",
    actions=names("metamask/action-npm-publish"),
    publishes_with=("npm-token",),
    action_since=(6, 0, 0),
    through="Yarn",
    raises=(
        Raise(
            (1, 2, 3, 4, 5),
            METAMASK_ACTION,
            obstacle="v6 stages what it publishes unless `staged-publish: false` says otherwise, and wants Yarn 4.16 "
            "and Node 22.14",
        ),
    ),
    later="its token is for the first publish of a package only",
    source="D CHANGELOG.md; S scripts/publish.sh at v6.4.0",
)
PUBLIB = Publisher(
    "publib",
    "A",
    programs=names("publib publib-npm"),
    quiet=ASKS,
    packages=("publib",),
    since=(0, 2, 1008),
    through="npm",
    wanted=("publib@^0.2.1008",),
    hint='set `NPM_TRUSTED_PUBLISHER: "true"`; a project of projen says `npmTrustedPublishing: true` in its .projenrc',
    source="S publib, bin/publib-npm",
)
SHIPJS = Publisher(
    "ship.js",
    "X",
    programs=names("shipjs"),
    verbs=names("trigger"),
    quiet=DRY,
    packages=("shipjs",),
    since=(0, 28, 2),
    through="npm",
    wanted=("shipjs@^0.28.2",),
    nodes=(NodeWanted((0, 28, 2), ">=20.0.0"),),
    hint="set `useOidcTokenProvider: true` in ship.config.js",
    source="S algolia/shipjs; engines at npm",
)
YARN_CLASSIC = Publisher(
    "Yarn Classic",
    "X",
    programs=names("yarn"),
    verbs=names("publish"),
    packages=("yarn",),
    instead="npm publish",
    source="R yarnpkg/yarn is frozen",
)
BUN = Publisher(
    "bun",
    "X",
    programs=names("bun"),
    verbs=names("publish"),
    quiet=names("--dry-run --help -h"),
    packages=("bun",),
    instead="bunx npm@11 publish",
    hint="where a dependency says `workspace:`, pack with bun and publish the archive with npm",
    source="run against the real tool: none at 1.4.5",
)
REPLACED = Publisher(
    "a publishing action without OIDC",
    "X",
    actions=names(
        "simenandre/publish-with-pnpm pascalgn/npm-publish-action primer/publish mikeal/merge-release actions/npm"
    ),
    instead="npm publish",
    hint="pnpm publish, where the packages depend on each other by `workspace:`",
    source="S action.yml: a token is required",
)

ROWS = (
    SEMANTIC_RELEASE,
    SEMANTIC_RELEASE_BY_ACTION,
    LERNA,
    LERNA_LITE,
    NP,
    NPM_PUBLISH,
    CHANGESETS_BY_ACTION,
    CHANGESETS,
    OPTIC,
    METAMASK,
    PUBLIB,
    SHIPJS,
    YARN_CLASSIC,
    BUN,
    REPLACED,
    Publisher(
        "nx release",
        "A*",
        programs=names("nx"),
        verbs=names("release"),
        quiet=DRY | names("version changelog plan plan:check --skip-publish"),
        packages=("nx",),
        through="npm, pnpm or bun",
        later="may move dist-tags, which wants a token",
        source="S nx packages/js/src/executors/release-publish",
    ),
    Publisher(
        "release-it",
        "X",
        programs=names("release-it"),
        quiet=DRY | names("--no-npm --no-npm.publish"),
        packages=("release-it",),
        through="npm",
        nodes=(NodeWanted((21, 0, 0), "^22.22.2 || ^24.15.0 || >=26.0.0"),),
        later="set `npm.skipChecks: true`: it asks who is logged in",
        source="S release-it lib/plugin/npm at 21.1.2; engines at npm",
    ),
    Publisher(
        "beachball",
        "A*",
        programs=names("beachball"),
        verbs=names("publish"),
        quiet=ASKS,
        packages=("beachball",),
        through="npm",
        later="take `--token` out: an empty one fails",
        source="D beachball",
    ),
    Publisher(
        "auto",
        "X",
        programs=names("auto"),
        verbs=names("shipit release canary next latest"),
        quiet=DRY,
        packages=("auto",),
        through="npm or lerna",
        later="its npm plugin writes ~/.npmrc: `setRcToken: false`",
        source="U nothing in its documentation about OIDC",
    ),
    Publisher(
        "rush publish",
        "X",
        programs=names("rush"),
        verbs=names("publish"),
        quiet=ASKS,
        packages=("@microsoft/rush",),
        through="the client that rush.json pins",
        source="D rushjs.io",
    ),
    Publisher(
        "seek-oss/changesets-snapshot",
        "A*",
        actions=names("seek-oss/changesets-snapshot"),
        through="npm, pnpm or Yarn",
        source="S seek-oss/changesets-snapshot",
    ),
)
BY_ACTION = {action: row for row in ROWS for action in row.actions}
PROGRAMS = frozenset(program for row in ROWS for program in (*row.programs, *row.packages))
"""All names by which a publisher is run as a command."""

PNPM_BROKEN = ((11, 0, 0), (11, 0, 7))
"""From the first up to the second, pnpm exchanges its identity and then publishes without the token (X)."""
PNPM_NODES = (NodeWanted((11, 0, 0), ">=22.13.0", refuses=True), NodeWanted((12, 0, 0), ">=18.0.0", refuses=True))
"""X for pnpm 11; engines at npm, checked 2026-11-23."""


def client_row(tool: str) -> Publisher:
    """The row of a package manager's own command."""
    return CLIENTS[tool]


def rows_of(program: str) -> tuple[Publisher, ...]:
    """The publishers that a program, or the package that npx runs, may be."""
    return tuple(row for row in ROWS if row.programs and program in (*row.programs, *row.packages))
