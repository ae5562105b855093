"""What is in force in a run, and where each value came from: command line > environment > tp-fix.toml > default."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tp_fix.errors import UsageError
from tp_fix.git.listing import Listing
from tp_fix.models.preferences import PREFERENCES
from tp_fix.rule import Finding, Rule, Severity
from tp_fix.rules import all_rules, rule_named
from tp_fix.settings_file import REPOSITORY, Ignore, SettingsFile, nearest, settings_file

VARIABLE = "GITHUB_REPOSITORY"


@dataclass(frozen=True)
class Asked:
    """What the command line says of the things that a settings file can say too."""

    repository: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """The values in force. `given` says that a person or GitHub itself named the repository, not just a remote.

    `select` is empty where every rule runs. `off` are the rules that the file, and nobody else, leaves out;
    `named_by_file` tells whether it named the repository.
    """

    repository: str | None
    given: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    prefer: tuple[str, ...]
    file: SettingsFile
    asked: Asked
    named_by_file: bool

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that run, the highest precedence first."""
        chosen = (rule for rule in all_rules() if not self.select or rule.id in self.select)
        return tuple(rule for rule in chosen if rule.id not in self.ignore)

    @property
    def off(self) -> tuple[str, ...]:
        wanted = self.asked.select or [rule.id for rule in all_rules()]
        out = {rule.id for rule in self.rules}.union(self.asked.ignore)
        return tuple(sorted(name for name in wanted if name not in out))

    @property
    def levels(self) -> Mapping[str, Severity]:
        return self.file.levels

    def leveled(self, finding: Finding) -> Finding:
        """The finding at the level that the file wants; what a rule only remarks on stays a note."""
        if finding.severity == "note":
            return finding
        return finding._replace(severity=self.levels.get(finding.rule, finding.severity))

    @cached_property
    def ignores(self) -> Callable[[Finding], bool]:
        """Whether the file leaves a finding out because of its path."""
        if not self.file.ignores:
            return lambda finding: False
        matchers = [(matcher(ignore), ignore.rules) for ignore in self.file.ignores]
        return lambda finding: any(finding.rule in rules and matches(finding.path) for matches, rules in matchers)


def matcher(ignore: Ignore) -> Callable[[str], bool]:
    """Whether a path lies under the pattern of an ignore."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([ignore.pattern]).match_file


def in_force(asked: Asked, tree: Listing) -> Settings:
    """The settings of a run over a tree. Raises UsageError for a name or value that is not right."""
    known = all_rules()
    for name in (*asked.select, *asked.ignore):
        rule_named(name, known)
    for name in asked.prefer:
        if name not in PREFERENCES:
            raise UsageError(f"there is no preference {name!r}", nearest(name, PREFERENCES))
    file = settings_file(tree.root, [rule.id for rule in known])
    said = owner_and_name(asked.repository, "--repository") or _environment()
    named = said or file.repository
    selected = set(asked.select)
    return Settings(
        named or tree.repository,
        named is not None,
        asked.select or file.select,
        _joined(tuple(name for name in file.ignore if name not in selected), asked.ignore),
        _joined(file.prefer, asked.prefer),
        file,
        asked,
        said is None and named is not None,
    )


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _environment() -> str | None:
    """What GitHub says of the repository where it runs tp-fix; an empty variable says nothing."""
    return owner_and_name(os.environ.get(VARIABLE) or None, f"the environment's {VARIABLE}")


def owner_and_name(value: str | None, where: str) -> str | None:
    """The value if it has the form of a name. Raises UsageError, which says where it stands."""
    if value is not None and not REPOSITORY.fullmatch(value):
        raise UsageError(f"{where} {value!r} is not OWNER/NAME", "for example octo-org/left-pad")
    return value
