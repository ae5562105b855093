"""Which jobs and steps run in which variants: needs, callers, skipped steps, cycles, environments."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_models import model
from tp_fix.models.when.events import Scene
from tp_fix.models.when.guards import guarded, place_of, unwrapped
from tp_fix.models.when.reach import MOST, ways_to
from tp_fix.models.when.untrusted import exposure_of, guard_against, shuts

HOME = Scene("octo-org/octo-repo")


def job(name: str, *, needs: str = "", test: str = "", env: str = "", steps: str = "- run: npm pack") -> str:
    lines = [f"  {name}:", "    runs-on: ubuntu-latest"]
    lines += [f"    needs: {needs}"] * bool(needs) + [f"    if: {test}"] * bool(test) + [f"    env: {env}"] * bool(env)
    return "\n".join([*lines, "    steps:", *(f"      {line}" for line in steps.split("\n"))]) + "\n"


def reached(root: Path, jobs: str, on: str = "[push, pull_request]") -> list[bool | None]:
    """Whether the last publication runs on a push to a branch, on a tag, and when a pull request is opened."""
    text = f"on: {on}\njobs:\n{jobs}"
    found = model(root, {".github/workflows/r.yml": text, "package.json": '{"name": "a"}'})
    ways = ways_to(found.publications[-1].step, found.repository, HOME)
    return [way.runs for way in ways][:3]


PUBLISH = "- run: npm publish"
ON_PUSH = "github.event_name == 'push'"
JOBS: list[tuple[str, list[bool | None]]] = [
    (job("a", steps=PUBLISH), [True, True, True]),
    (job("a", test=ON_PUSH, steps=PUBLISH), [True, True, False]),
    (job("a", test=ON_PUSH) + job("b", needs="a", steps=PUBLISH), [True, True, False]),
    (job("a", test=ON_PUSH) + job("b", needs="[a]", test="always()", steps=PUBLISH), [True, True, True]),
    (job("a", test=ON_PUSH) + job("b", needs="a", test="'!cancelled()'", steps=PUBLISH), [None, None, None]),
    (job("a", test=ON_PUSH) + job("b", needs="a", test="success() || true", steps=PUBLISH), [True, True, True]),
    (job("a", test=ON_PUSH) + job("b", needs="a", test="true", steps=PUBLISH), [True, True, False]),
    (
        job("a", test=ON_PUSH)
        + job("b", needs="a", test="always() && needs.a.result == 'skipped'", steps=PUBLISH),
        [None, None, True],
    ),
    (
        job("a", test=ON_PUSH)
        + job("b", needs="a", test="always() && needs.a.result != 'skipped'", steps=PUBLISH),
        [None, None, False],
    ),
    (
        job("a", test=ON_PUSH)
        + job("b", needs="a", test="always() && needs.a.outputs.go == 'yes'", steps=PUBLISH),
        [None, None, False],
    ),
    (
        job("a", test=ON_PUSH) + job("b", needs="a", test="always()") + job("c", needs="b", steps=PUBLISH),
        [True, True, False],
    ),
    (job("a", test="vars.X == 'y'") + job("b", needs="a", steps=PUBLISH), [None, None, None]),
    (job("a", needs="b") + job("b", needs="a", steps=PUBLISH), [None, None, None]),
    (job("b", needs="nowhere", steps=PUBLISH), [None, None, None]),
    (job("a", test="failure()", steps=PUBLISH), [False, False, False]),
    (job("a", steps="- run: npm publish\n  if: failure()"), [None, None, None]),
    (job("a", steps=f"- run: npm publish\n  if: {ON_PUSH}"), [True, True, False]),
    (job("a", env="{GO: 'yes'}", steps="- run: npm publish\n  if: env.GO == 'yes'"), [True, True, True]),
    (job("a", env="{GO: 'no'}", steps="- run: npm publish\n  if: env.GO == 'yes'"), [False, False, False]),
    (
        job("a", env=f"{{GO: '${{{{ {ON_PUSH.replace(chr(39), chr(39) * 2)} }}}}'}}",
            steps="- run: npm publish\n  if: env.GO == 'true'"),
        [True, True, False],
    ),
    (
        job("a", env="{GO: 'no'}",
            steps="- run: echo GO=yes >> $GITHUB_ENV\n- run: npm publish\n  if: env.GO == 'yes'"),
        [None, None, None],
    ),
    (job("a", steps="- run: npm publish\n  if: env.ELSE == 'yes'"), [None, None, None]),
    (
        job("a", steps=f"- id: x\n  if: {ON_PUSH}\n  run: ./x\n- run: npm publish\n  if: steps.x.outputs.a"),
        [None, None, False],
    ),
    (
        job("a", steps=f"- id: x\n  if: {ON_PUSH}\n  run: ./x\n- run: npm publish\n  if: steps.x.outcome == 'skipped'"),
        [None, None, True],
    ),
    (job("a", steps="- run: npm publish\n  if: matrix.x == 'a'"), [None, None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("jobs", "runs"), JOBS)
def test_jobs_and_steps(jobs: str, runs: list[bool | None], tmp_path: Path) -> None:
    assert reached(tmp_path, jobs) == runs


CALLED = "on:\n  workflow_call:\n    inputs: {go: {type: boolean}}\njobs:\n"


def called(root: Path, callers: dict[str, str], body: str = "") -> dict[tuple[str, ...], bool | None]:
    files = {f".github/workflows/{name}.yml": text for name, text in callers.items()}
    files[".github/workflows/r.yml"] = CALLED + (body or job("a", steps=PUBLISH))
    found = model(root, {**files, "package.json": '{"name": "a"}'})
    return {way.variant.key: way.runs for way in ways_to(found.publications[0].step, found.repository, HOME)}


def caller(on: str, *, test: str = "", given: str = "") -> str:
    lines = ["  call:", "    uses: ./.github/workflows/r.yml"]
    lines += [f"    if: {test}"] * bool(test) + [f"    with: {given}"] * bool(given)
    return f"on: {on}\njobs:\n" + "\n".join(lines) + "\n"


def test_without_callers_nothing_is_known(tmp_path: Path) -> None:
    assert called(tmp_path, {}) == {("workflow_call", ""): None}


def test_a_called_workflow_has_its_callers_events(tmp_path: Path) -> None:
    ways = called(tmp_path, {"a": caller("schedule"), "b": caller("{push: {tags: [v1]}}", test="false")})
    assert ways == {
        ("schedule", "", ".github/workflows/a.yml call"): True,
        ("push", "tag", ".github/workflows/b.yml call"): False,
    }


def test_a_string_input_takes_what_is_written_and_others_their_own_type(tmp_path: Path) -> None:
    on = "on:\n  workflow_call:\n    inputs: {text: {type: string}, flag: {type: boolean, default: true}}\njobs:\n"
    body = on + job("a", test="inputs.text == 'true' && inputs.flag", steps=PUBLISH)
    given = {
        "a": "{text: true}",
        "b": "{text: true, flag: false}",
        "c": "{text: other, flag: true}",
        "d": "{text: 'true', flag: \"${{ github.event_name == 'push' }}\"}",
    }
    files = {f".github/workflows/{name}.yml": caller("schedule", given=value) for name, value in given.items()}
    found = model(tmp_path, {**files, ".github/workflows/r.yml": body, "package.json": '{"name": "a"}'})
    ways = ways_to(found.publications[0].step, found.repository, HOME)
    assert [way.runs for way in ways] == [True, False, False, False]


def test_a_long_chain_of_jobs_is_walked_without_end_of_the_stack(tmp_path: Path) -> None:
    chain = [job("j0", test="github.event_name == 'push'")]
    chain += [job(f"j{number}", needs=f"j{number - 1}") for number in range(1, 1200)]
    text = "on: [push, schedule]\njobs:\n" + "".join(chain) + job("a", needs="j1199", steps=PUBLISH)
    found = model(tmp_path, {".github/workflows/r.yml": text, "package.json": '{"name": "a"}'})
    ways = ways_to(found.publications[0].step, found.repository, HOME)
    assert {way.variant.event: way.runs for way in ways} == {"push": True, "schedule": False}


def test_workflows_that_call_each_other_crosswise_end(tmp_path: Path) -> None:
    names = [f"w{number}" for number in range(12)]
    calls = {name: f"  call-{name}:\n    uses: ./.github/workflows/{name}.yml\n" for name in names}
    files = {
        f".github/workflows/{name}.yml": "on: [workflow_call, push]\njobs:\n"
        + job("a", steps=PUBLISH)
        + "".join(call for other, call in calls.items() if other != name)
        for name in names
    }
    found = model(tmp_path, {**files, "package.json": '{"name": "a"}'})
    assert len(ways_to(found.publications[0].step, found.repository, HOME)) == MOST


def test_inputs_are_what_the_caller_gives(tmp_path: Path) -> None:
    body = job("a", test="inputs.go", steps=PUBLISH)
    on = "schedule"
    callers = {"a": "{go: true}", "b": "{go: false}", "c": "{go: '${{ x }}'}", "d": ""}
    ways = called(tmp_path, {name: caller(on, given=given) for name, given in callers.items()}, body)
    assert list(ways.values()) == [True, False, None, False]  # nobody gives it: the default, which is false


def test_workflows_that_call_each_other_end(tmp_path: Path) -> None:
    inner = CALLED + "  call:\n    uses: ./.github/workflows/r.yml\n"
    body = job("a", steps=PUBLISH) + "  again:\n    uses: ./.github/workflows/x.yml\n"
    assert set(called(tmp_path, {"x": inner}, body).values()) == {None}


GUARDED: list[tuple[str | None, str | None]] = [
    (None, "g"),
    ("a", "a && g"),
    (" a ", " a && g "),
    ("a && b", "a && b && g"),
    ("a == b", "a == b && g"),
    ("a || b", "(a || b) && g"),
    ("(a || b)", "(a || b) && g"),
    ("(a || b) || c", "((a || b) || c) && g"),
    ("a || (b && c)", "(a || (b && c)) && g"),
    ("${{ a || b }}", "${{ (a || b) && g }}"),
    ("${{a}}", "${{a && g}}"),
    ("a ||\nb\n", "(a ||\nb) && g\n"),
    ("${{ a }} && b", None),
    ("a b", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "after"), GUARDED)
def test_a_condition_gains_one_more(text: str | None, after: str | None) -> None:
    assert guarded(text, "g") == after


UNWRAPPED = [
    ("${{ a }} && b", "a && b"),
    ("${{ a || b }} && ${{ c }}", "(a || b) && c"),
    ("${{ a || b }}\n", "a || b"),
    ("!${{ a }}", "!a"),
    ("${{ a }} and b", ""),
]


@pytest.mark.parametrize(("text", "whole"), UNWRAPPED)
def test_text_around_braces_is_put_together(text: str, whole: str) -> None:
    assert unwrapped(text) == whole


GUARDS = [
    ("github.event_name != 'pull_request'", True),
    ("github.event_name == 'push'", True),
    ("github.ref == 'refs/heads/main'", False),
    ("github.event_name != 'pull_request_target'", False),
    ("github.event_name == 'release'", False),
    ("vars.X != 'y'", False),
    ("broken (", False),
]


@pytest.mark.parametrize(("guard", "fits"), GUARDS)
def test_a_guard_is_evaluated_before_it_is_believed(guard: str, fits: bool, tmp_path: Path) -> None:
    text = f"on: [push, pull_request]\njobs:\n{job('a', steps=PUBLISH)}"
    found = model(tmp_path, {".github/workflows/r.yml": text, "package.json": '{"name": "a"}'})
    exposure = exposure_of(found.publications[0], found.repository)
    assert guard_against([exposure]) == GUARDS[0][0]
    assert shuts(place_of(exposure.step), guard, exposure, found.repository) is fits
