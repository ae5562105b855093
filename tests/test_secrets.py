"""What is taken for a credential, and what for something that stands in for one; no token is spelled out here."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tp_fix.cli import fix
from tp_fix.facts.secrets import SHAPES, checksum, is_local, is_login, is_secret, proves_itself, tokens_in
from tp_fix.git.listing import walk
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.report.safe import redacted
from tp_fix.rules.literal_token import literal_token

BODY = "Qd7rXk2LwPz9" + "Vb4TnHs8Yc6m" + "Jf3GtR"
UUID = "0d3c7f19-52ab-4e68" + "-9b1d-a7c4e2f80b35"


def token(prefix: str, body: str = BODY) -> str:
    return prefix + body + checksum(body)


def test_the_checksum_of_github_s_own_example() -> None:
    """From github.blog, Behind GitHub's new authentication token formats: the only one that is published."""
    assert checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"


@pytest.mark.parametrize("prefix", ["npm_", "ghp_", "gho_", "ghu_", "ghs_"])
def test_a_token_proves_itself(prefix: str) -> None:
    right, wrong = token(prefix), prefix + BODY + "000000"
    shape = next(shape for shape in SHAPES if shape.prefix == prefix)
    assert proves_itself(shape, right)
    assert not proves_itself(shape, wrong)
    assert [found for _, found in tokens_in(f"a {right} b")] == [right]


def test_a_right_checksum_counts_more_than_a_word_of_a_stand_in() -> None:
    assert tokens_in(token("npm_", "test" + BODY[4:]))


def test_other_forms() -> None:
    assert tokens_in("github_pat_" + BODY[:22] + "_" + (BODY + BODY)[: 59 - 1] + "x")
    assert tokens_in("ghr_" + BODY + BODY)


@pytest.mark.parametrize(
    "text",
    [
        "npm_" + "x" * 36,
        "npm_" + "a1B2" * 9,
        "npm_" + "0123456789abcdefghijklmnopqrstuvwxyz",
        "npm_" + "YourTokenGoesRightHere" + "abcd1234efgh56",
        "npm_config_registry",
        "npm_lifecycle_event_is_a_very_long_name_of_a_variable",
        "xnpm_" + BODY + "000000",
        "npm_" + BODY,
        "npm_" + BODY + "0000000",
    ],
)
def test_no_token(text: str) -> None:
    assert tokens_in(text) == []


@pytest.mark.parametrize("value", [UUID, "NpmToken." + UUID, token("npm_"), "eyJ2ZXIiOiIyIiwidHlw.IjoiSldUIn0", BODY])
def test_secret(value: str) -> None:
    assert is_secret(value)


@pytest.mark.parametrize(
    "value",
    [
        "op://infra2024/npm-automation/credential",
        "/home/runner/work/_temp/npm1",
        "https://vault.octo.dev/v1/npm/2024",
        "NPM_TOKEN_2024_AUTOMATION",
        "",
        "dummy",
        "test",
        "YOUR_NPM_TOKEN_123",
        "<token>",
        "${NPM_TOKEN}",
        "$NPM_TOKEN",
        "${{ secrets.NPM_TOKEN }}",
        "process.env.NPM_TOKEN_1",
        "%NPM_TOKEN%",
        "XXXXX-XXXXX-XXXXX-XXXXX",
        "00000000-0000-0000-0000-000000000000",
        "aaaaaaaaaaaaaaaaaaaa1",
        "this-is-not-a-real-token-1",
        "fake-token-for-tests-1",
        "0123456789abcdef0123",
        "correcthorsebatterystaple",
        "short1",
        "two words and 1 number",
    ],
)
def test_no_secret(value: str) -> None:
    assert not is_secret(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("b2N0bzpIazkhcXdMMnZiWg==", True),
        ("dXNlcjpwYXNzd29yZA==", False),
        ("dXNlcjpwYXNz", False),
        ("${NPM_AUTH}", False),
        ("not base64 at all", False),
        ("YWRtaW46YWRtaW4xMjM=", False),
    ],
)
def test_login(value: str, expected: bool) -> None:
    assert is_login(value) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:4873", True),
        ("127.0.0.1:4873/npm", True),
        ("verdaccio:4873", True),
        ("npm.corp-registry.dev", False),
    ],
)
def test_local(host: str, expected: bool) -> None:
    assert is_local(host) is expected


@pytest.mark.parametrize(
    "line",
    [
        "npm config set //host/:_authToken {}",
        "NODE_AUTH_TOKEN: '{}'",
        'npmAuthToken: "{}"',
        "NPM_AUTH: {}",
        "npm-token: {}",
        "_auth={}",
        "YARN_NPM_AUTH_IDENT: {}",
    ],
)
def test_no_report_shows_one(line: str) -> None:
    for value in (UUID, BODY, "octo:" + BODY):
        assert BODY not in redacted(line.format(value))
        assert UUID not in redacted(line.format(value))


def test_a_real_token_is_an_error_and_shown_nowhere(tmp_path: Path) -> None:
    """The whole way, as no file of golden/ may hold a token that a scanner takes for real."""
    secret = token("npm_")
    (tmp_path / ".npmrc").write_text(f"//npm.corp-registry.dev/:_authToken={secret}\n")
    (tmp_path / "package.json").write_text(f'{{"scripts": {{"release": "NPM_TOKEN={secret} npm publish"}}}}')
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    steps = f"[{{run: 'echo {secret} | base64'}}, {{run: x, env: {{ANY: {token('ghp_')}}}}}]"
    (workflows / "a.yml").write_text(f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: {steps}\n")
    for form in ("text", "json"):
        shown = CliRunner().invoke(fix, ["--format", form, "--select", "literal-token", str(tmp_path)]).output
        assert shown.count("stands here in clear") == 4, shown
        assert BODY not in shown
    found = Repository(str(tmp_path), walk(str(tmp_path)))
    assert {finding.severity for finding in literal_token.check(Model(found))} == {"error"}
