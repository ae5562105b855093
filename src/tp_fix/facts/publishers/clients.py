"""The package managers' own publish commands."""

from __future__ import annotations

from tp_fix.facts.publishers.row import DRY, Advice, By, NodeWanted, Oidc, Publisher, Raising, Tokens
from tp_fix.formats.argv import names

ENVIRONMENT = names("NODE_AUTH_TOKEN NPM_TOKEN")
"""What `.npmrc` files name by convention; npm itself reads neither (X)."""
TOKENS = Tokens(ENVIRONMENT, flags=names("//:_authToken //:_auth"))

NPM = Publisher(
    "npm",
    "A",
    By(names("npm"), names("publish"), DRY),
    Oidc(since=(11, 5, 1)),
    Raising(("npm@11",)),
    TOKENS,
    scopes=(),
    advice=Advice(later="with `--workspaces` every package needs a trusted publisher of its own"),
    source="X facts/clients.py",
)
NPM_STAGE = NPM._replace(
    name="npm stage", by=By(names("npm"), names("stage"), DRY), oidc=Oidc(since=(11, 15, 0)), advice=Advice()
)
NPX_NPM = NPM._replace(
    name="npm of a runner",
    by=By(packages=("npm",), verbs=names("publish stage"), quiet=DRY),
    advice=Advice(hint="raise the version that the command names: another npm on the path does not help"),
)
PNPM_10 = Publisher(
    "pnpm up to 10",
    "A",
    By(names("pnpm"), names("publish"), DRY),
    Oidc(through="npm"),
    Raising(("npm@11",)),
    TOKENS,
    scopes=(),
    source="X pnpm 9 and 10 hand over to npm",
)
PNPM_11 = Publisher(
    "pnpm 11 and 12",
    "A*",
    By(names("pnpm"), names("publish"), DRY),
    Oidc(
        since=(11, 0, 7),
        nodes=(NodeWanted((11, 0, 0), ">=22.13.0", refuses=True), NodeWanted((12, 0, 0), ">=18.0.0", refuses=True)),
    ),
    Raising(("pnpm@11",)),
    Tokens(ENVIRONMENT | names("pnpm_config__auth"), flags=TOKENS.flags),
    scopes=(),
    advice=Advice(later="`--batch` of 11.7 and newer switches OIDC off"),
    source="X pnpm 11.0.0 to 12.21.0; engines at npm",
)
PNPM_BROKEN = ((11, 0, 0), (11, 0, 7))
"""From the first up to the second, pnpm exchanges its identity and then publishes without the token (X)."""
PNPM_STAGE = PNPM_11._replace(
    name="pnpm stage",
    by=By(names("pnpm"), names("stage"), DRY),
    oidc=PNPM_11.oidc._replace(since=(11, 3, 0)),
    advice=Advice(),
    source="S pnpm/pnpm 11.3.0",
)
YARN_BERRY = Publisher(
    "Yarn Berry",
    "A*",
    By(names("yarn"), names("npm"), DRY),
    Oidc(since=(4, 10, 3)),
    Raising(("yarn@4.10.3",)),
    Tokens(names("YARN_NPM_AUTH_TOKEN YARN_NPM_AUTH_IDENT")),
    scopes=(),
    advice=Advice(later="every token has to go, as Yarn prefers one to OIDC"),
    source="X Yarn 4.10.3 and newer",
)
YARN_CLASSIC = Publisher(
    "Yarn Classic",
    "X",
    By(names("yarn"), names("publish"), names("--help -h"), ("yarn",)),
    tokens=Tokens(ENVIRONMENT | names("YARN_AUTH_TOKEN NPM_AUTH_TOKEN")),
    scopes=(),
    advice=Advice("npm publish", lacking="Yarn Classic has no OIDC and never will: publish with `npm publish`"),
    source="R yarnpkg/yarn is frozen",
    reach="argument",
)
BUN = Publisher(
    "bun",
    "X",
    By(names("bun"), names("publish"), DRY - names("-d -v"), packages=("bun",)),
    tokens=Tokens(names("NPM_CONFIG_TOKEN NODE_AUTH_TOKEN")),
    scopes=(),
    advice=Advice(
        "bunx npm@11 publish",
        hint="where a dependency says `workspace:`, pack with bun and publish the archive with npm",
        lacking="bun has no OIDC yet: publish with `bunx npm@11 publish`, or pack with bun and publish that with npm",
    ),
    source="X none at 1.4.5",
    reach="argument",
)

CLIENTS = {
    "npm": NPM,
    "npm stage": NPM_STAGE,
    "pnpm": PNPM_11,
    "pnpm stage": PNPM_STAGE,
    "yarn": YARN_BERRY,
}
"""By the tool that models.command finds, which reads their words itself."""
ROWS = (NPM, NPM_STAGE, NPX_NPM, PNPM_10, PNPM_11, PNPM_STAGE, YARN_BERRY)
TOOLS = (YARN_CLASSIC, BUN)


def client_row(tool: str, client: str, pinned: bool) -> Publisher:
    """The row of a client's own command.

    `client` is the one that exchanges its token, `pinned` says that a runner such as npx brings it.
    """
    if tool == "pnpm" and client == "npm":
        return PNPM_10
    return NPX_NPM if pinned and tool.startswith("npm") else CLIENTS[tool]
