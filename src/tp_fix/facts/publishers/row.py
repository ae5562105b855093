"""What a row of the table of publishers says."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tp_fix.facts.clients import Version
from tp_fix.facts.releases import Release
from tp_fix.formats.argv import names

Kind = Literal["A", "A*", "X", "L"]
"""How far the move to OIDC may go by machine: A safe, A* where its condition is proved, X advice only, L left alone."""

Reach = Literal["workspace", "lerna", "changesets", "nx", "folder", "argument", "input", "built"]
"""What is published: the packages of the workspace as the client, lerna, changesets or nx sees it, the folder's own,
what the command or an input names, or what has no manifest in the repository."""

CHECKED = "2026-11-23"
ASKS = names("--help -h --version -v")
DRY = names("--dry-run -d") | ASKS

Scopes = tuple[tuple[str, str], ...]
CONTENTS: Scopes = (("contents", "write"),)
EVERYTHING_RELEASED: Scopes = (*CONTENTS, ("issues", "write"), ("pull-requests", "write"))


class By(NamedTuple):
    """How a publisher is recognised: as a command, as an action, or both.

    `programs` are commands, which publish with one of `verbs` as their first word (any, where there are none) and
    without any word of `quiet`. `packages` are npm's that bring the command; the first one's version counts.
    `actions` are `owner/repo`, in lower case; `inputs` are those of which one must be given, else nothing goes to npm,
    and `inputs_until` the first version that publishes without them. `off` are inputs with which nothing does.
    """

    programs: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    packages: tuple[str, ...] = ()
    actions: frozenset[str] = frozenset()
    inputs: tuple[str, ...] = ()
    inputs_until: Version | None = None
    off: tuple[str, ...] = ()


class NodeWanted(NamedTuple):
    """From this version of a tool on it runs on a Node of this range (its `engines.node`).

    `refuses` says that it stops by itself on any other; without that most clients only warn.
    """

    version: Version
    range: str
    refuses: bool = False


class Oidc(NamedTuple):
    """What a publisher needs before it publishes over OIDC.

    `since` is the first version of the package that does and `action_since` the action's; `advised` is an action's
    version that is better, and what those before it do. `through` names the client that a tool hands over to, whose
    version then matters too; a tool with neither a version nor a client has no OIDC at all. `companions` are packages
    that override the tool's own part when installed beside it, with the first version that is new enough. `variable`
    is one of the environment that has to be `true`.
    """

    since: Version | None = None
    action_since: Version | None = None
    advised: tuple[Version, str] | None = None
    through: str = ""
    companions: tuple[tuple[str, Version], ...] = ()
    nodes: tuple[NodeWanted, ...] = ()
    variable: str = ""


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


class Raising(NamedTuple):
    """How a publisher is raised: `packages` is what to ask a package manager for, `actions` the newer releases."""

    packages: tuple[str, ...] = ()
    actions: tuple[Raise, ...] = ()


class Tokens(NamedTuple):
    """Where a publisher takes an npm token from.

    `variables` are those of the environment, `inputs` the action's, which it can do without once it publishes over
    OIDC. `flags` are options of the command; one that ends in `:` stands for every registry, as in
    `--//registry.example/:_authToken=…`.
    """

    variables: frozenset[str] = frozenset()
    inputs: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()


class Advice(NamedTuple):
    """What a person has to know. `instead` is the command to publish with where a tool has no OIDC.

    `hint` says what has to change together with the version, `later` what else stands in the way of OIDC. `lacking` is
    why a publisher of kind X cannot be moved by machine, with what to do, as one sentence. `assumes` is what has to
    hold before its token may go, as a clause behind "that".
    """

    instead: str = ""
    hint: str = ""
    later: str = ""
    lacking: str = ""
    assumes: str = ""


class Publisher(NamedTuple):
    """A row. `scopes` are the most that it may ask of GITHUB_TOKEN, None where that is not known."""

    name: str
    kind: Kind
    by: By
    oidc: Oidc = Oidc()
    raising: Raising = Raising()
    tokens: Tokens = Tokens()
    scopes: Scopes | None = None
    advice: Advice = Advice()
    source: str = ""
    checked: str = CHECKED
    reach: Reach = "workspace"
