"""What a composite action never does for the inputs that it is given."""

from __future__ import annotations

import pytest

from tp_fix.formats.shell_branches import asked_around
from tp_fix.models.model import Model
from tp_fix.models.publishing.never import holds
from tp_fix.models.repository import Repository


def published(inner: str, given: str, default: str = "'false'") -> int:
    action = f"inputs:\n  skip-npm:\n    default: {default}\n  tag: {{}}\nruns:\n  using: composite\n  steps:\n{inner}"
    text = (
        "on:\n  workflow_dispatch:\n    inputs: {skip: {type: boolean}}\nenv: {SKIP: 'true'}\n"
        "jobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - uses: ./.github/actions/release\n        with: {{{given}}}\n"
    )
    files = {
        "package.json": '{"name": "a", "version": "1.0.0"}',
        ".github/actions/release/action.yml": action,
        ".github/workflows/x.yml": text,
    }
    return len(Model(Repository.of({path: each.encode() for path, each in files.items()})).publications)


def step(condition: str) -> str:
    return f"    - if: {condition}\n      run: npm publish\n      shell: bash\n"


@pytest.mark.parametrize(
    ("condition", "given", "count"),
    (
        ("inputs.skip-npm != 'true'", "skip-npm: true", 0),
        ("inputs.skip-npm != 'true'", "skip-npm: 'true'", 0),
        ("inputs.skip-npm != 'true'", "SKIP-NPM: 'true'", 0),
        ("${{ inputs.skip-npm != 'true' && github.ref_type == 'tag' }}", "skip-npm: true", 0),
        ("inputs.skip-npm != 'true'", "skip-npm: '${{ env.SKIP }}'", 0),
        ("inputs.skip-npm != 'true'", "skip-npm: '${{ inputs.skip }}'", 1),
        ("inputs.skip-npm != 'true'", "", 1),
        ("inputs.skip-npm == 'true'", "", 0),
        ("always() || inputs.skip-npm != 'true'", "skip-npm: true", 1),
        ("inputs.skip-npm", "skip-npm: false", 1),  # the text 'false' is true
        ("inputs.skip-npm", "skip-npm: ''", 0),
        ("inputs.tag == 'x'", "", 1),  # without a default nothing is concluded
        ("inputs.other == 'x'", "", 1),
        ("inputs.skip-npm !", "skip-npm: true", 1),
    ),
)
def test_conditions_of_inner_steps(condition: str, given: str, count: int) -> None:
    assert published(step(condition), given) == count


SHELL = (
    "    - shell: {shell}\n      run: |\n"
    '        if [ "${{{{ inputs.skip-npm }}}}" = "true" ]\n        then npm version patch\n'
    '        elif [ -z "${{{{ inputs.tag }}}}" ]; then npm publish\n        else npm publish --tag x\n        fi\n'
)


@pytest.mark.parametrize(
    ("given", "shell", "count"),
    (
        ("skip-npm: true", "bash", 0),
        ("skip-npm: true, tag: next", "bash", 0),
        ("tag: next", "bash", 1),
        ("tag: ''", "bash", 1),
        ("", "bash", 2),
        ("skip-npm: '${{ inputs.skip }}'", "bash", 2),
        ("skip-npm: true", "pwsh", 2),
    ),
)
def test_branches_of_inner_scripts(given: str, shell: str, count: int) -> None:
    assert published(SHELL.format(shell=shell), given) == count


def test_release_tools_in_branches() -> None:
    inner = SHELL.format(shell="bash").replace("npm publish", "yarn publish")
    assert (published(inner, "skip-npm: true"), published(inner, "")) == (0, 1)
    assert published(inner.replace("yarn publish", "npx semantic-release"), "skip-npm: true") == 0


@pytest.mark.parametrize(
    ("test", "answer"),
    (
        ('[ "true" = "true" ]', True),
        ("[ true == 'false' ]", False),
        ('[[ "a" != "a" ]]', False),
        ('test "a" = "b"', False),
        ('[ -z "" ]', True),
        ('[ -n "" ]', False),
        ('[ ! -z "x" ]', True),
        ('[ "$X" = "true" ]', None),
        ('[ "${{ inputs.x }}" = "true" ]', None),
        ("[[ a == 'a*' ]]", None),
        ('[ "a" = "b" ] || true', None),
        ('[ "a" = "b" -o "c" = "c" ]', None),
        ('[ -f "a" ]', None),
        ("grep -q x y", None),
    ),
)
def test_literal_tests(test: str, answer: bool | None) -> None:
    assert holds(test) is answer


def test_the_tests_around_a_command() -> None:
    text = "if a; then\n  if b; then one; else two; fi\nelif c\nthen three\nelse four; fi; if d; then :; fi; five"
    found = {word: asked_around(text, text.index(word)) for word in ("one", "two", "three", "four", "five")}
    assert {word: [tuple(each) for each in asked] for word, asked in found.items()} == {
        "one": [("b", True), ("a", True)],
        "two": [("b", False), ("a", True)],
        "three": [("a", False), ("c", True)],
        "four": [("a", False), ("c", False)],
        "five": [],
    }
    assert asked_around(text, text.index("c\nthen")) == (("a", False),)
    assert asked_around("if a; then b", 11) == ()
