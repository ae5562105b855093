"""What npm's client and registry ask of somebody who tells them whom to trust: flags, versions, limits.

`C` is the client's source (lib/trust-cmd.js, lib/commands/trust/*.js, lib/utils/auth.js), the same in 11.15.0, 11.21.2
and 12.2.0; `X` was run against these three, with a registry of our own; `D` is documentation.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Action = Literal["publish", "stage"]


class Permission(NamedTuple):
    """What a trusted publisher may do: the client's flag for it, and its name in what `npm trust list` prints.

    At least one is demanded. There is none for `npm dist-tag`: `--allow-dist-tag` is refused (X).
    """

    action: Action
    command: str
    flag: str
    listed: str
    source: str
    checked: str = "2026-11-22"


class Fact(NamedTuple):
    """One thing that is known, and where from."""

    value: int
    source: str
    checked: str = "2026-11-22"


PERMISSIONS: dict[Action, Permission] = {
    "publish": Permission("publish", "npm publish", "--allow-publish", "createPackage", "C, X"),
    "stage": Permission("stage", "npm stage publish", "--allow-stage-publish", "createStagedPackage", "C, X"),
}
OLDEST_CLIENT = (11, 15, 0)
"""`npm trust` is older, 11.10.0, but refuses the permission flags there as unknown (X, D npm-trust.md, 2026-11-22)."""
PAUSE = Fact(2, "D npm-trust.md of 11.21.2: seconds between two calls, against the registry's rate limit")
WITHOUT_ASKING = Fact(5, "D npm-trust.md of 11.21.2: minutes for which the website can leave the second factor out")
AT_MOST = Fact(
    10, "D npm/documentation#2034 of 2026-09: trusted publishers of one package, where npm has several already"
)
"""The client's own page still says one (D npm-trust.md of 12.2.0), and that a second one is refused. Where there are
several, none can be edited: it is deleted and made anew; and `npm stage publish` is always allowed (D #2034)."""
DIST_TAG_CLIENTS = ((11, 21, 0), (12, 2, 0))
"""From these on `npm dist-tag` asks for an identity by itself too (C lib/commands/dist-tag.js, 2026-11-22)."""


def command(
    package: str, repository: str, workflow: str, environment: str, actions: tuple[Action, ...]
) -> tuple[str, ...]:
    """The words that tell npm of a trusted publisher; the client asks before it does so, unless `--yes` is added.

    Empty where a name has a dash before it, which the client takes for an option, also behind `=` and `--`, to go on
    with another package or without the environment (X 12.2.0); and where it has what no name can have, like line ends.
    `--repository` and `--environment` are also called `--repo` and `--env` (C).
    """
    if any(name.startswith("-") or not name.isprintable() for name in (package, repository, workflow, environment)):
        return ()
    return (
        *("npm", "trust", "github", package, "--file", workflow, "--repository", repository),
        *(("--environment", environment) if environment else ()),
        *(PERMISSIONS[action].flag for action in actions),
    )
