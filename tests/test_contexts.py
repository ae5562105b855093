"""Which values of an expression are the same in another job of the run."""

from __future__ import annotations

import pytest

from tp_fix.models.when.contexts import EVERYWHERE, asks_for_status, foreign_contexts, shell_variables

CONDITIONS: list[tuple[str, tuple[str, ...]]] = [
    ("github.event_name == 'release' && !startsWith(github.ref, 'refs/steps.x')", ()),
    ("${{ github.event.release.prerelease }}", ()),
    ("inputs.a-b == true || vars.X", ()),
    ("contains(github.event.pull_request.labels.*.name, 'it''s env.X')", ()),
    ("1.5 > 0x1f && null != false", ()),
    ("steps.x.outputs.y", ("steps.x",)),
    ("${{ inputs.x }} && needs.y.outputs.z", ("needs.y",)),
    ("env.X != ''", ("env.X",)),
    ("github['ref']", ("github",)),
    ("github.workspace", ("github.workspace",)),
    ("hashFiles('a')", ("hashFiles()",)),
    ("toJSON(github)", ("github",)),
    ("contains(steps.x.outputs.y, github.ref)", ("steps.x",)),
    ("inputs[steps.x.outputs.y]", ("steps.x",)),
    ("matrix.os == runner.os", ("matrix.os", "runner.os")),
]


@pytest.mark.parametrize(("condition", "foreign"), CONDITIONS)
def test_contexts(condition: str, foreign: tuple[str, ...]) -> None:
    assert foreign_contexts(condition, EVERYWHERE, bare=True) == foreign


def test_only_expressions_count_in_a_text() -> None:
    assert foreign_contexts("npm publish --tag env.X ${{ github.ref_name }}", EVERYWHERE) == ()
    assert foreign_contexts("a ${{ steps.x.y }} b ${{ env.Z }}", EVERYWHERE) == ("steps.x", "env.Z")


STATUS: list[tuple[str, bool]] = [
    ("always()", True),
    ("!cancelled() && x", True),
    ("${{ success ( ) }}", True),
    ("github.event.failure == 'always()'", False),
    ("inputs.always", False),
    ("", False),
]


@pytest.mark.parametrize(("condition", "asks"), STATUS)
def test_status(condition: str, asks: bool) -> None:
    assert asks_for_status(condition) is asks


SHELL: list[tuple[str, tuple[str, ...]]] = [
    ("--tag next", ()),
    ('--tag "$TAG"', ()),
    ("--tag ${OTHER:-x}", ("$OTHER",)),
    ("--tag $(cat tag)", ("$(…)",)),
    ("--tag `cat tag`", ("$(…)", "$(…)")),
    ("--tag ${{ inputs.tag }}", ()),
    ("--tag $GITHUB_REF_NAME", ()),
    ("--tag $GITHUB_ENV", ("$GITHUB_ENV",)),
]


@pytest.mark.parametrize(("text", "unknown"), SHELL)
def test_shell_variables(text: str, unknown: tuple[str, ...]) -> None:
    assert shell_variables(text, {"TAG"}) == unknown
