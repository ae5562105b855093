"""Three-valued evaluation: tables of what GitHub answers, and that what is certain stays so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_models import model
from tp_fix.formats.expression import parse
from tp_fix.models.when.evaluation import Context, always_true, condition, evaluate, template, value_of
from tp_fix.models.when.events import FORK, Scene
from tp_fix.models.when.reach import ways_to
from tp_fix.models.when.values import SOME_TEXT, TEXT, UNKNOWN, Array, Object, Unknown, Value, starting, to_text, truth

KNOWN = Context(
    {
        "github": value_of(
            {
                "ref": "refs/heads/main",
                "event_name": "push",
                "event": {"pull_request": {"labels": [{"name": "Bug"}, {"name": "release"}]}},
            }
        ),
        "list": value_of(["a", "b"]),
        "empty": value_of({}),
    }
)
CERTAIN: list[tuple[str, object]] = [
    ("null", None),
    ("!null", True),
    ("!0", True),
    ("!-0", True),
    ("!''", True),
    ("!'false'", False),
    ("!'0'", False),
    ("!' '", False),
    ("!NaN", True),
    ("!list", False),
    ("!empty", False),
    ("'A' == 'a'", True),
    ("'ß' == 'SS'", False),
    ("1 == '1'", True),
    ("1 == ' 1.0 '", True),
    ("'' == 0", True),
    ("null == 0", True),
    ("null == ''", True),
    ("null == false", True),
    ("null == null", True),
    ("true == 1", True),
    ("true == 'true'", False),
    ("false == ''", True),
    ("'x' == 0", False),
    ("NaN == NaN", False),
    ("NaN != NaN", True),
    ("list == list", True),
    ("list == github", False),
    ("list == null", False),
    ("fromJSON('[]') == fromJSON('[]')", False),
    ("'a' < 'B'", True),
    ("'10' < '9'", True),
    ("10 < '9'", False),
    ("'x' < 1", False),
    ("'x' >= 1", False),
    ("list < 1", False),
    ("2 >= 2", True),
    ("a.b.c", None),
    ("github.nothing", None),
    ("github.nothing.at.all", None),
    ("GITHUB.Ref", "refs/heads/main"),
    ("github['ref']", "refs/heads/main"),
    ("list[1]", "b"),
    ("list[2]", None),
    ("list['x']", None),
    ("'' || 'b'", "b"),
    ("'a' || 'b'", "a"),
    ("'' && 'b'", ""),
    ("1 && 'b'", "b"),
    ("0 || null || ''", ""),
    ("contains('Hello', 'ELL')", True),
    ("contains(list, 'B')", True),
    ("contains(list, 'c')", False),
    ("contains(empty, 'c')", False),
    ("contains(github.event.pull_request.labels.*.name, 'bug')", True),
    ("contains(github.event.pull_request.labels.*.name, 'bu')", False),
    ("contains(github.event.issue.labels.*.name, 'bug')", False),
    ('contains(fromJSON(\'["push", "release"]\'), github.event_name)', True),
    ("startsWith(github.ref, 'REFS/heads/')", True),
    ("startsWith(github.ref, 'refs/tags/')", False),
    ("startsWith(null, '')", True),
    ("endsWith(github.ref, '/Main')", True),
    ("format('{0} {{{1}}}', 'a', 1)", "a {1}"),
    ("join(list)", "a,b"),
    ("join(list, '-')", "a-b"),
    ("join('x', '-')", "x"),
    ("toJSON(list)", '[\n  "a",\n  "b"\n]'),
    ("toJSON(null)", "null"),
    ("fromJSON('{\"a\": [1]}').a[0]", 1.0),
    ("fromJSON('true')", True),
    ("case(false, 'a', true, 'b', 'c')", "b"),
    ("case(false, 'a', 'c')", "c"),
    ("ALWAYS()", True),
]


@pytest.mark.parametrize(("text", "value"), CERTAIN)
def test_what_is_certain(text: str, value: object) -> None:
    names = {**KNOWN.names, "a": Object()}
    found = evaluate(parse(text), Context(names))
    assert found == value and type(found) is type(value)


PARTLY = Context(
    {
        "any": UNKNOWN,
        "text": TEXT,
        "some": SOME_TEXT,
        "ref": starting("refs/tags/v"),
        "open": Object({"known": "x"}, rest=UNKNOWN),
        "items": Array((UNKNOWN, "b")),
    }
)
THREE_VALUED: list[tuple[str, bool | None]] = [
    ("any", None),
    ("!any", None),
    ("nowhere", None),
    ("false && any", False),
    ("any && false", False),
    ("any && ''", False),
    ("true && any", None),
    ("true || any", True),
    ("any || true", True),
    ("any || false", None),
    ("some", True),
    ("text", None),
    ("!some", False),
    ("ref", True),
    ("ref == 'refs/heads/main'", False),
    ("ref != 'refs/heads/main'", True),
    ("ref == 'REFS/TAGS/V1'", None),
    ("ref == 'refs/tags/'", False),
    ("ref == ''", False),
    ("ref == null", False),
    ("ref == 1", False),
    ("ref == false", False),
    ("some == ''", False),
    ("some == null", None),
    ("text == ''", None),
    ("any == NaN", False),
    ("any != NaN", True),
    ("any == any", None),
    ("text == items", False),
    ("any == items", None),
    ("any < 1", None),
    ("any < NaN", False),
    ("any < items", False),
    ("startsWith(ref, 'refs/tags/')", True),
    ("startsWith(ref, 'refs/tags/v1')", None),
    ("startsWith(ref, 'refs/heads/')", False),
    ("startsWith(text, '')", True),
    ("startsWith(any, '')", None),
    ("startsWith('refs/x', ref)", False),
    ("startsWith('refs/tags/v1', ref)", None),
    ("endsWith(ref, 'x')", None),
    ("endsWith(ref, '')", True),
    ("contains(ref, '/tags/')", True),
    ("contains(ref, 'beta')", None),
    ("contains('abc', ref)", False),
    ("contains(items, 'b')", True),
    ("contains(items, 'a')", None),
    ("contains(fromJSON('[\"refs/heads/main\"]'), ref)", False),
    ("contains(any, 'x')", None),
    ("open", True),
    ("open.known == 'x'", True),
    ("open.other == 'x'", None),
    ("open.other.deeper", None),
    ("text.anything", False),
    ("ref.anything.at.all == null", True),
    ("open.*", True),
    ("any.*.name", None),
    ("format('x{0}', any)", True),
    ("format('{0}', any)", None),
    ("startsWith(format('v{0}', any), 'v')", True),
    ("startsWith(format('v{0}', any), 'w')", False),
    ("format('{1}', any)", None),
    ("hashFiles('x')", None),
    ("join(any)", None),
    ("toJSON(any)", True),
    ("fromJSON(any)", None),
    ("fromJSON('[')", None),
    ("any && 'a' || 'b'", True),
    ("(any && 'a' || 'b') == 'c'", None),
    ("startsWith(ref || 'x', 'refs/')", True),
    ("startsWith(text || 'x', 'x')", None),
    ("(text && 'a') == 1", None),
    ("case(any, 'a', 'b')", True),
    ("case(any, 'a', '')", None),
    ("case('x', 'a', 'b')", None),
    ("unheard(1) || true", True),
    ("unheard(1)", None),
    ("success()", None),
    ("failure()", None),
    ("always()", True),
]


@pytest.mark.parametrize(("text", "answer"), THREE_VALUED)
def test_three_valued(text: str, answer: bool | None) -> None:
    assert truth(evaluate(parse(text), PARTLY)) is answer


def test_hostile_formats_stay_small() -> None:
    text = "'x'"
    for _ in range(30):
        text = f"format('{{0}}{{0}}{{0}}{{0}}{{0}}{{0}}{{0}}{{0}}', {text})"
    assert truth(evaluate(parse(text), Context())) is None


CONDITIONS: list[tuple[str | None, bool | None]] = [
    (None, True),
    ("", True),
    ("  ", True),
    ("true", True),
    ("false", False),
    ("'false'", True),
    ("0", False),
    ("github.event_name == 'push'", True),
    ("${{ github.event_name == 'push' }}", True),
    ("${{ github.event_name == 'release' }}", False),
    ("${{ false }} ", True),
    ("${{ false }}\n", True),
    ("${{ always() }} && false", True),
    ("${{ false }} && ${{ false }}", True),
    ("${{ 'false' }}", False),
    ("github.event_name == 'push' &&\ngithub.ref == 'refs/heads/main'\n", True),
    ("${{ a ", None),
    ("a b", None),
    ("", True),
]


@pytest.mark.parametrize(("text", "runs"), CONDITIONS)
def test_conditions(text: str | None, runs: bool | None) -> None:
    assert condition(text, Context(KNOWN.names, {"success": True})) is runs


AFTER_FAILURE: list[tuple[str | None, bool | None]] = [
    (None, False),
    ("true", False),
    ("${{ 'x' == 'y' }} && true", False),
    ("${{ true }} && ${{ always() }}", True),
    ("always()", True),
    ("failure()", None),
    ("!cancelled()", None),
    ("!success()", True),
    ("contains('always()', 'x') || true", False),
    ("github.ref == 'x' && always()", False),
]


@pytest.mark.parametrize(("text", "runs"), AFTER_FAILURE)
def test_conditions_when_something_did_not_succeed(text: str | None, runs: bool | None) -> None:
    assert condition(text, Context(KNOWN.names, {"success": False})) is runs


def test_text_around_an_expression_is_always_true() -> None:
    assert always_true("${{ a }} && b") and always_true("${{ a }}\n") and always_true("!${{ a }}")
    assert not any(map(always_true, [None, "", "a && b", "${{ a }}", "${{ 'x' }}", "${{ a", "${{ a b }} && c"]))


def test_template() -> None:
    context = Context({"github": value_of({"ref": "x"})})
    assert template("a-${{ github.ref }}-b", context) == "a-x-b"
    assert template("${{ github.ref }}", context) == "x"
    assert template("v${{ other }}", context) == starting("v")
    assert template("${{ broken", context) == UNKNOWN


NAMES = st.sampled_from(["a", "b.x", "b.y", "c", "'refs/heads/main'", "'1'", "''", "0", "1", "true", "null", "c[0]"])
OPERATORS = st.sampled_from(["&&", "||", "==", "!=", "<", ">", "<=", ">="])
TREES = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda three: f"({three[0]} {three[1]} {three[2]})"),
        inner.map(lambda one: f"!{one}"),
        st.tuples(st.sampled_from(["contains", "startsWith", "endsWith"]), inner, inner).map(
            lambda three: f"{three[0]}({three[1]}, {three[2]})"
        ),
        st.tuples(inner, inner).map(lambda two: f"format('v{{0}}{{1}}', {two[0]}, {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"join({two[0]}, {two[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"case(!{three[0]}, {three[1]}, {three[2]})"),
        inner.map(lambda one: f"toJSON({one})"),
        inner.map(lambda one: f"({one}).*" if one[0] not in "!'01" else one),
    ),
    max_leaves=12,
)
ATOMS: st.SearchStrategy[Value] = st.sampled_from(
    ["", "x", "refs/heads/main", "REFS/heads/main", "refs/tags/v1", "0", "1", " ", "true", None, True, False, 0.0, 1.0]
)
FULL = st.fixed_dictionaries(
    {
        "a": ATOMS,
        "b": st.fixed_dictionaries({"x": ATOMS, "y": ATOMS}).map(Object),
        "c": st.lists(ATOMS, max_size=3).map(lambda own: Array(tuple(own))),
    }
)


def blurred(value: Value, how: int) -> Value:
    """The same value with something of it not known."""
    if how == 0:
        return value
    if isinstance(value, Object) and how > 1:
        return Object({key: blurred(own, how - 1) for key, own in value.properties.items()}, rest=UNKNOWN)
    if isinstance(value, Array) and how > 1:
        return Array(tuple(blurred(own, how - 1) for own in value.items))
    if isinstance(value, str) and how > 1:
        return starting(value[: how - 1]) if value else TEXT
    return Unknown(truth(value)) if how == 3 else UNKNOWN


def contradicts(said: Value, true: Value) -> bool:
    """Whether a value that is partly known cannot be the one that it is."""
    if isinstance(said, Unknown):
        text = to_text(true) if isinstance(true, str) else None
        return (said.truth is not None and said.truth is not truth(true)) or (
            said.text and (not isinstance(text, str) or not text.startswith(said.prefix))
        )
    if isinstance(said, Object | Array):
        return type(said) is not type(true)
    return not (said == true or said != said) or type(said) is not type(true)


@given(TREES, FULL, st.tuples(*[st.integers(0, 5)] * 3))
def test_what_is_certain_stays_so_when_more_is_known(
    text: str, full: Mapping[str, Value], how: tuple[int, int, int]
) -> None:
    tree = parse(text)
    partly = {name: blurred(value, blur) for (name, value), blur in zip(full.items(), how, strict=True)}
    assert not contradicts(evaluate(tree, Context(partly)), evaluate(tree, Context(full)))


HEAD = "name: r\n"
JOB = "jobs:\n  a:\n    runs-on: x\n    if: {}\n    steps:\n      - run: npm publish\n"


SCENE = Scene("octo-org/octo-repo")


def ways(root: Path, top: str, test: str, scene: Scene = SCENE) -> dict[str, bool | None]:
    """In which variants a job with this `if` runs, by event and detail."""
    found = model(root, {".github/workflows/r.yml": top + "\n" + JOB.format(test), "package.json": '{"name": "a"}'})
    (publication,) = found.publications
    return {
        " ".join(filter(None, way.variant.key)): way.runs for way in ways_to(publication.step, found.repository, scene)
    }


PULL: dict[str, bool | None] = dict.fromkeys(
    ["pull_request opened", "pull_request synchronize", "pull_request reopened"], False
)
VARIANTS: list[tuple[str, str, dict[str, bool | None]]] = [
    ("on: push", "github.ref == 'refs/heads/main'", {"push branch": None, "push tag": False}),
    ("on: push", "github.ref_type == 'tag'", {"push branch": False, "push tag": True}),
    ("on: {push: {branches: [main]}}", "github.ref == 'refs/heads/main'", {"push branch": True}),
    ("on: {push: {branches: [main]}}", "github.ref_name == 'main'", {"push branch": True}),
    ("on: {push: {branches: [main]}}", "github.ref == 'refs/heads/next'", {"push branch": False}),
    ("on: {push: {branches: ['**', '!main']}}", "github.ref == 'refs/heads/main'", {"push branch": None}),
    ("on: {push: {branches-ignore: [main]}}", "startsWith(github.ref, 'refs/tags/')", {"push branch": False}),
    ("on: {push: {tags: ['v*']}}", "startsWith(github.ref, 'refs/tags/v')", {"push tag": True}),
    ("on: {push: {tags: ['v?1']}}", "startsWith(github.ref, 'refs/tags/v')", {"push tag": None}),
    ("on: {push: {tags: ['v1.*', 'v2.*']}}", "startsWith(github.ref_name, 'v')", {"push tag": True}),
    (
        "on: {push: {tags: [v1], branches: [main]}}",
        "github.ref == 'refs/heads/main'",
        {"push branch": True, "push tag": False},
    ),
    ("on: pull_request", "github.ref == 'refs/heads/main'", PULL),
    ("on: pull_request", "github.event_name == 'push'", PULL),
    ("on: pull_request", "contains(github.ref, 'tags') || endsWith(github.ref, '/main')", PULL),
    ("on: pull_request", "github.ref == 'refs/pull/x/merge' || github.ref_type == 'tag'", PULL),
    ("on: pull_request", "endsWith(github.ref_name, '/merge')", dict.fromkeys(PULL, True)),
    ("on: pull_request", "github.ref == 'refs/pull/17/merge'", dict.fromkeys(PULL, None)),
    ("on: pull_request", "github.event.pull_request.merged == true", PULL),
    ("on: pull_request", "github.event.pull_request", dict.fromkeys(PULL, True)),
    ("on: pull_request", "github.head_ref == ''", PULL),
    ("on: pull_request", "github.event.pull_request.draft == false", dict.fromkeys(PULL, None)),
    ("on: pull_request", "github.event.release", PULL),
    ("on: pull_request", "github.event.action == 'opened'", {**PULL, "pull_request opened": True}),
    (
        "on: {pull_request: {types: [closed]}}",
        "github.event.pull_request.merged",
        {"pull_request closed": None},
    ),
    (
        "on: {pull_request: {types: [closed], branches: [main]}}",
        "github.base_ref == 'main' && github.ref == 'refs/heads/main'",
        {"pull_request closed": None},
    ),
    (
        "on: {pull_request_target: {branches: [main], types: [opened]}}",
        "github.ref == 'refs/heads/main'",
        {"pull_request_target opened": True},
    ),
    ("on: push", "github.event.pull_request.merged == true", {"push branch": False, "push tag": False}),
    ("on: push", "github.event.inputs.x == 'true'", {"push branch": False, "push tag": False}),
    ("on: push", "inputs.x != ''", {"push branch": False, "push tag": False}),
    ("on: push", "github.event.head_commit.message", {"push branch": None, "push tag": None}),
    ("on: push", "!github.base_ref", {"push branch": True, "push tag": True}),
    ("on: workflow_dispatch", "inputs.x", {"workflow_dispatch": None}),
    ("on: workflow_dispatch", "github.event.inputs.x == 'y'", {"workflow_dispatch": None}),
    ("on: {schedule: [{cron: '0 0 * * *'}]}", "github.ref_type == 'branch'", {"schedule": True}),
    ("on: issue_comment", "github.event.issue.pull_request", dict.fromkeys(
        ["issue_comment created", "issue_comment edited", "issue_comment deleted"], None)),
    ("on: {release: {types: [published]}}", "startsWith(github.ref, 'refs/tags/')", {"release published": True}),
    ("on: {release: {types: [published]}}", "github.event.release.prerelease", {"release published": None}),
    (
        "on: {workflow_run: {workflows: [r]}}",
        "github.event.workflow_run.event == 'push'",
        {"workflow_run workflow_run": False},
    ),
    (
        "on: {workflow_run: {workflows: [Elsewhere]}}",
        "github.event.workflow_run.event == 'push'",
        {"workflow_run pull_request": False, "workflow_run pull_request_target": False, "workflow_run push": True},
    ),
    ("on: push", "github.repository == 'Octo-Org/octo-repo'", {"push branch": True, "push tag": True}),
    ("on: push", "github.repository_owner == 'else'", {"push branch": False, "push tag": False}),
    ("on: unheard_of", "github.ref == 'x'", {"unheard_of": None}),
    ("on: unheard_of", "github.event_name == 'push'", {"unheard_of": False}),
]  # fmt: skip


@pytest.mark.parametrize(("on", "test", "runs"), VARIANTS)
def test_each_event_has_its_own_context(on: str, test: str, runs: dict[str, bool | None], tmp_path: Path) -> None:
    assert ways(tmp_path, HEAD + on, f'"{test}"') == runs


def test_a_fork_has_another_name(tmp_path: Path) -> None:
    test = "github.repository == 'octo-org/octo-repo'"
    assert ways(tmp_path, "on: {push: {branches: [main]}}", test, FORK) == {"push branch": False}


def test_a_stranger_merges_nothing_and_comes_from_a_fork(tmp_path: Path) -> None:
    scene = Scene("octo-org/octo-repo", stranger=True)
    head = "github.event.pull_request.head.repo.full_name == github.repository"
    on = "on: {pull_request_target: {types: [closed]}}"
    assert ways(tmp_path / "a", on, head, scene) == {"pull_request_target closed": False}
    assert ways(tmp_path / "b", on, head) == {"pull_request_target closed": None}
    assert ways(tmp_path / "c", on, "github.event.pull_request.merged", scene) == {"pull_request_target closed": False}
