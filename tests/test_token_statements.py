"""Statements of scripts that have to do with npm credentials: what each is, and what keeps it where it is."""

from __future__ import annotations

import pytest

from tp_fix.change import RemoveKeys, ReplaceInScalar
from tp_fix.facts.registry import public_host
from tp_fix.models.repository import Repository
from tp_fix.models.token.guards import guard_of
from tp_fix.models.token.statements import Statement, statements_of, without
from tp_fix.models.workflow import Step

HOST = "REGISTRY"
"""Stands for the public registry's host."""
WORKFLOW = """on: push
jobs:
  a:
    runs-on: ubuntu-latest
    env:
      NPM_TOKEN: ${{ secrets.NPM_TOKEN }}
      OTHER: x
    steps:
      - if: "CONDITION"
        run: |
"""


def step_with(script: str, condition: str = "true") -> Step:
    text = WORKFLOW.replace("CONDITION", condition)
    lines = "".join(f"          {line}\n" if line else "\n" for line in script.replace(HOST, public_host()).split("\n"))
    path = ".github/workflows/a.yml"
    repository = Repository.of({path: (text + lines + "# npm publish\n").encode()})
    return repository.workflows[path].jobs[0].steps[0]


def found(script: str) -> list[Statement]:
    return list(statements_of(step_with(script)))


@pytest.mark.parametrize(
    ("script", "target", "names"),
    [
        ('echo "//REGISTRY/:_authToken=$NPM_TOKEN" > .npmrc', ".npmrc", {"NPM_TOKEN"}),
        ('echo "//REGISTRY/:_authToken=${NPM_TOKEN}" >> ~/.npmrc', "~/.npmrc", {"NPM_TOKEN"}),
        ("echo '//REGISTRY/:_authToken=${NPM_TOKEN}' >> $HOME/.npmrc", "$HOME/.npmrc", {"NPM_TOKEN"}),
        ('echo "//REGISTRY/:_authToken=\\${NPM_TOKEN}" > "$NPM_CONFIG_USERCONFIG"', None, {"NPM_TOKEN"}),
        ('echo -e "registry=https://REGISTRY/\\n//REGISTRY/:_authToken=$NPM_TOKEN" > .npmrc', ".npmrc", {"NPM_TOKEN"}),
        ("printf '//REGISTRY/:_authToken=%s\\n' \"$NPM_TOKEN\" > .npmrc", ".npmrc", {"NPM_TOKEN"}),
        ('echo "//REGISTRY/:_authToken=$NPM_TOKEN" | tee -a .npmrc >/dev/null', ".npmrc", {"NPM_TOKEN"}),
        ("cat <<EOF >.npmrc\n//REGISTRY/:_authToken=$NPM_TOKEN\nEOF", ".npmrc", {"NPM_TOKEN"}),
        ("cat > .npmrc <<'EOF'\n//REGISTRY/:_authToken=${NPM_TOKEN}\nEOF", ".npmrc", {"NPM_TOKEN"}),
        ("tee .npmrc <<EOF\n//REGISTRY/:_authToken=$NPM_TOKEN\nEOF", ".npmrc", {"NPM_TOKEN"}),
        ("npm config set //REGISTRY/:_authToken $NPM_TOKEN", "", {"NPM_TOKEN"}),
        ("npm config set //REGISTRY/:_authToken=$NPM_TOKEN --location=project", "", {"NPM_TOKEN"}),
        ('npm set "//REGISTRY/:_authToken" "${NPM_TOKEN}"', "", {"NPM_TOKEN"}),
        ("pnpm config set //REGISTRY/:_authToken=$NPM_TOKEN", "", {"NPM_TOKEN"}),
        ("pn config set //REGISTRY/:_authToken=$NPM_TOKEN", "", {"NPM_TOKEN"}),
        ("yarn config set npmAuthToken $NPM_TOKEN", "", {"NPM_TOKEN"}),
        ("echo //REGISTRY/:_authToken=${{ secrets.X }} > .npmrc", ".npmrc", set()),
        ("echo //REGISTRY/:_authToken=${{ env.NPM_TOKEN }} > .npmrc", ".npmrc", {"NPM_TOKEN"}),
    ],
)
def test_writers_are_known(script: str, target: str | None, names: set[str]) -> None:
    (one,) = found(script)
    assert (one.role, one.stays, set(one.names)) == ("writer", "", names)
    assert target is None or one.target == target


@pytest.mark.parametrize(
    "script",
    [
        'echo "//npm.pkg.github.com/:_authToken=$NPM_TOKEN" > .npmrc',
        "npm config set //npm.octo.example/:_authToken $NPM_TOKEN",
    ],
)
def test_writers_for_other_registries_are_foreign(script: str) -> None:
    assert [one.role for one in found(script)] == ["foreign"]


@pytest.mark.parametrize(
    "script",
    [
        "npm config delete //REGISTRY/:_authToken",
        "yarn config unset npmAuthToken",
        "trap 'npm config delete //REGISTRY/:_authToken' EXIT",
        "trap 'rm -f ~/.npmrc' EXIT",
        "rm -f .npmrc",
    ],
)
def test_removers_are_known(script: str) -> None:
    assert [one.role for one in found(script)] == ["remover"]


@pytest.mark.parametrize(
    "script",
    [
        "npm whoami",
        "pnpm whoami 2>/dev/null",
        "yarn npm whoami",
        "npm whoami || exit 1",
        "if ! npm whoami > /dev/null; then\n  echo no\n  exit 1\nfi",
        '[ -z "$NPM_TOKEN" ] && exit 1',
        '[[ -z $NPM_TOKEN ]] && { echo "::error::no"; exit 1; }',
        'test -n "$NPM_TOKEN" || exit 1',
        ': "${NPM_TOKEN:?no}"',
        'echo "length ${#NPM_TOKEN}"',
        'if [ -z "${{ secrets.NPM_TOKEN }}" ]; then exit 1; fi',
    ],
)
def test_checks_are_known(script: str) -> None:
    (one,) = found(script)
    assert (one.role, one.stays) == ("check", "")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("cat <<EOF >.npmrc\n//REGISTRY/:_authToken=$NPM_TOKEN\n@a:registry=https://REGISTRY\nEOF", "other settings"),
        ("printf '//REGISTRY/:_authToken=$NPM_TOKEN\\nalways-auth=true\\n' > .npmrc", "other settings"),
        ('echo "//$REGISTRY_HOST/:_authToken=$NPM_TOKEN" > .npmrc', "only at run time"),
        ('echo "_authToken=$NPM_TOKEN" > .npmrc', "names no registry"),
        ('echo "//REGISTRY/:_authToken=$NPM_TOKEN" > npmrc.tmp', "npmrc.tmp"),
        ('echo "//REGISTRY/:_authToken=$(cat token)" > .npmrc', "more than write"),
        ('echo "//REGISTRY/:_authToken=${{ secrets[matrix.x] }}" > .npmrc', "only at run time"),
        ("mv .npmrc-release .npmrc", "whole configuration"),
        ('for x in a; do echo "//REGISTRY/:_authToken=$NPM_TOKEN" > $x/.npmrc; done', "more than write"),
        ("npx npm-cli-login -u a", "logs in"),
        ("USER=$(npm whoami)", "value to a variable"),
        ('echo "$(npm whoami)"', "what `whoami` says"),
        ("npm whoami >> $GITHUB_OUTPUT", "into a file"),
        ('if [ -n "$NPM_TOKEN" ]; then npm publish; fi', "whether the publish runs"),
        ('[ -z "$NPM_TOKEN" ] && exit 0', "without a failure"),
        ('[ -z "$NPM_TOKEN" ] && exit', "without a failure"),
        ('[ -z "$NPM_TOKEN$OTHER" ] && exit 1', "other things"),
        ('if [ -z "$NPM_TOKEN" ]; then make; fi', "`make` may do more"),
        ("NODE_AUTH_TOKEN=$NPM_TOKEN npm publish", "given it right there"),
    ],
)
def test_what_does_more_stays(script: str, why: str) -> None:
    assert why in " ".join(one.stays for one in found(script))


@pytest.mark.parametrize(
    "script",
    [
        "npm publish",
        "npm ping",
        "npm whoami --registry https://npm.octo.example",
        "npm config set registry https://REGISTRY/",
        'echo "A=1" >> $GITHUB_ENV',
        'echo "//REGISTRY/:_authToken=" > .npmrc',
        "# echo //REGISTRY/:_authToken=$NPM_TOKEN",
    ],
)
def test_everything_else_is_none(script: str) -> None:
    assert found(script) == []


def test_blanks_keep_the_offsets() -> None:
    script = 'a\necho "//REGISTRY/:_authToken=$NPM_TOKEN" > .npmrc\nb'
    step = step_with(script)
    text = step.run or ""
    left = without(text, statements_of(step))
    assert len(left) == len(text) and left.split() == ["a", "b"]


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("env.NPM_TOKEN", None),
        ("env.NPM_TOKEN != ''", None),
        ("${{ '' != env.NPM_TOKEN }}", None),
        ("(env.NPM_TOKEN != '')", None),
        ("github.ref == 'x' && env.NPM_TOKEN != ''", "github.ref == 'x'"),
        ("env.NPM_TOKEN && github.ref == 'x'", "github.ref == 'x'"),
        ("a.b  && env.NPM_TOKEN != '' &&  (c.d || e.f)", "a.b &&  (c.d || e.f)"),
        ("${{ always() && env.NPM_TOKEN }}", "${{ always() }}"),
    ],
)
def test_a_guard_goes_and_the_rest_stays(condition: str, left: str | None) -> None:
    guard = guard_of(step_with("a", condition), {"NPM_TOKEN"})
    assert guard is not None and not guard.stays
    text = condition
    for change in guard.changes:
        assert isinstance(change, RemoveKeys if left is None else ReplaceInScalar)
        if isinstance(change, ReplaceInScalar):
            text = text[: change.span.start] + text[change.span.end :]
    assert left is None or text == left


@pytest.mark.parametrize(
    "condition", ["env.NPM_TOKEN == ''", "env.NPM_TOKEN || a.b", "!env.NPM_TOKEN", "env.NPM_TOKEN == 'x' && a.b"]
)
def test_another_question_stays(condition: str) -> None:
    guard = guard_of(step_with("a", condition), {"NPM_TOKEN"})
    assert guard is not None and guard.stays


def test_other_conditions_are_no_guards() -> None:
    assert guard_of(step_with("a", "env.OTHER != ''"), {"NPM_TOKEN"}) is None
