"""The rules: every module of this package that holds one is found."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tp_fix.errors import UsageError
from tp_fix.rule import Rule


def all_rules() -> tuple[Rule, ...]:
    """Every rule of this package, the highest precedence first."""
    found = [
        value
        for module in iter_modules(__path__)
        for value in vars(import_module(f"{__name__}.{module.name}")).values()
        if isinstance(value, Rule)
    ]
    return tuple(sorted(found, key=lambda rule: (-rule.precedence, rule.id)))


def rule_named(name: str, rules: tuple[Rule, ...]) -> Rule:
    """The rule of that name. Raises UsageError, which names the nearest one."""
    for rule in rules:
        if rule.id == name:
            return rule
    from difflib import get_close_matches

    known = [rule.id for rule in rules]
    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else "known rules: " + ", ".join(known)
    raise UsageError(f"there is no rule {name!r}", hint)
