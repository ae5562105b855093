"""npm's settings that reach a publish through what runs it, and pipes that run where they do not stand."""

from __future__ import annotations

import pytest

from tp_fix.formats.shell_failure import pipes_in
from tp_fix.models.running.command import publish_of, settings_for_scripts
from tp_fix.models.running.script import commands_of
from tp_fix.models.tool.recognised import settings_of

OTHER = "https://npm.octo.example"


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("npm run release", {}),
        ("npm run release --access public", {}),
        (f"npm run release --registry={OTHER}", {"npm_config_registry": OTHER}),
        (f"npm --registry {OTHER} run release", {"npm_config_registry": OTHER}),
        (f"npm_config_registry={OTHER} npm run release", {"npm_config_registry": OTHER}),
        (f"env NPM_CONFIG_REGISTRY={OTHER} npm run release", {"npm_config_registry": OTHER}),
        (f"npm run release -- --registry={OTHER}", {}),
        ("npm run release --registry=$REGISTRY", {"npm_config_registry": None}),
        ("npm run release --userconfig ci.npmrc", {"npm_config_registry": None}),
        ("npm run release --dry-run", {"npm_config_dry_run": "true"}),
        ("npm run release --no-provenance", {"npm_config_provenance": "false"}),
        (f"npm run release --@octo:registry={OTHER}", {}),
        ("node release.js", {}),
    ],
)
def test_what_a_client_hands_on(command: str, settings: dict[str, str | None]) -> None:
    (found,) = commands_of(command)
    assert dict(settings_for_scripts(found)) == settings


def test_what_is_handed_on_counts_below_the_command_line() -> None:
    (found,) = commands_of("npm publish --registry https://a.example")
    publish = publish_of(found._replace(assignments=(("npm_config_registry", OTHER),)))
    assert publish is not None
    assert publish.registry == "https://a.example"


@pytest.mark.parametrize(
    ("command", "registry"),
    [
        ("npx lerna publish", None),
        (f"npm_config_registry={OTHER} npx lerna publish", OTHER),
        (f"env npm_config_registry={OTHER} npx lerna publish", OTHER),
        (f"cross-env NPM_CONFIG_REGISTRY={OTHER} lerna publish", OTHER),
    ],
)
def test_settings_in_front_of_a_tool(command: str, registry: str | None) -> None:
    (found,) = commands_of(command)
    assert next((each.value for each in settings_of(found) if each.name == "registry"), None) == registry


@pytest.mark.parametrize(
    ("script", "inside"),
    [
        ("cat a | grep b\n", []),
        ("x() { cat a | grep b; }\nx\n", ["cat a | grep b"]),
        ("x() { y $(cat a | grep b); }\ncat c | grep d\n", ["cat a | grep b"]),
    ],
)
def test_pipes_of_functions(script: str, inside: list[str]) -> None:
    assert [script[slice(*span)] for span in pipes_in(script, functions=True)] == inside
