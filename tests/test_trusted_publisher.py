"""What npm has to be told of each package: file names, environments, actions, and what cannot be known."""

from __future__ import annotations

import pytest

from golden import to_real
from tp_fix.facts.trust import command
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.models.trust.trusted_publisher import Trust, TrustedPublisher, trust_of

FOLDER = ".github/workflows/"
RELEASE = """\
on:
  release:
    types: [published]
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with: {node-version: 24, registry-url: "https://npm-registry.invalid"}
      - run: npm publish
"""
CALLED = RELEASE.replace("release:\n    types: [published]", "workflow_call:")
CALLER = """\
on: push
jobs:
  release:
    uses: ./.github/workflows/publish.yml
"""
MANIFEST = '{"name": "left-pad-plus", "version": "1.0.0"}\n'


def trust(files: dict[str, str], name: str | None = "octo-org/octo-repo") -> Trust:
    """What npm has to be told of a repository in memory; a workflow is named by its file name alone."""
    placed = {f"{FOLDER}{path}" if path.endswith((".yml", ".yaml")) else path: text for path, text in files.items()}
    return trust_of(Model(Repository.of({path: to_real(text.encode()) for path, text in placed.items()}, name)))


def only(files: dict[str, str], name: str | None = "octo-org/octo-repo") -> TrustedPublisher:
    found = trust({"package.json": MANIFEST, **files}, name)
    assert not found.unnamed
    (publisher,) = found.publishers
    return publisher


def test_the_plain_case() -> None:
    found = only({"release.yml": RELEASE})
    assert found[:2] == ("left-pad-plus", "octo-org/octo-repo")
    assert (found.workflow, found.environment, found.actions) == ("release.yml", "", ("publish",))
    assert [publication.command for publication in found.publications] == ["npm publish"]
    assert [" ".join(words) for words in found.commands] == [
        "npm trust github left-pad-plus --file release.yml --repository octo-org/octo-repo --allow-publish"
    ]


def test_without_a_repository_there_is_no_command() -> None:
    found = only({"release.yml": RELEASE}, None)
    assert (found.repository, found.commands) == (None, ())


@pytest.mark.parametrize(
    ("written", "environment"),
    [
        ("", ""),
        ("environment: npm", "npm"),
        ("environment: {name: npm, url: https://example.org}", "npm"),
        ("environment: {url: https://example.org}", ""),
        ("environment: ''", ""),
        ("environment:", ""),
        ("environment: 42", "42"),
        ("environment: ${{ inputs.environment }}", None),
        ("environment: {name: 'npm-${{ github.ref_name }}'}", None),
    ],
)
def test_environments(written: str, environment: str | None) -> None:
    found = only({"release.yml": RELEASE.replace("    runs-on:", f"    {written}\n    runs-on:")})
    assert found.environment == environment
    assert len(found.commands) == (environment is not None)
    assert all(("--environment" in words) == bool(environment) for words in found.commands)


@pytest.mark.parametrize(
    ("run", "actions"),
    [
        ("npm publish", ("publish",)),
        ("npm stage publish", ("stage",)),
        ("pnpm stage publish", ("stage",)),
        ("pnpm publish --tag stage", ("publish",)),
        ("npm publish && npm stage publish", ("publish", "stage")),
        ("npm stage publish; npm publish", ("publish", "stage")),
    ],
)
def test_actions(run: str, actions: tuple[str, ...]) -> None:
    assert only({"release.yml": RELEASE.replace("npm publish", run)}).actions == actions


def test_npm_sees_the_file_that_was_started() -> None:
    found = only({"publish.yml": CALLED, "main.yml": CALLER})
    assert (found.workflow, found.workflows) == ("main.yml", ("main.yml",))


def test_a_caller_may_name_the_repository_itself() -> None:
    caller = CALLER.replace("./", "Octo-Org/octo-repo/").replace("publish.yml", "publish.yml@main")
    assert only({"publish.yml": CALLED, "main.yml": caller}).workflow == "main.yml"


def test_a_workflow_that_is_called_and_started_is_two_ways() -> None:
    both = RELEASE.replace("on:\n", "on:\n  workflow_call:\n")
    found = only({"publish.yml": both, "main.yml": CALLER})
    assert (found.workflow, found.workflows) == (None, ("publish.yml", "main.yml"))


def test_callers_of_callers() -> None:
    middle = CALLER.replace("on: push", "on: workflow_call")
    outer = CALLER.replace("publish.yml", "middle.yml")
    assert only({"publish.yml": CALLED, "middle.yml": middle, "outer.yaml": outer}).workflow == "outer.yaml"


@pytest.mark.parametrize("files", [{}, {"middle.yml": CALLER.replace("on: push", "on: workflow_call")}])
def test_a_workflow_that_nothing_here_starts(files: dict[str, str]) -> None:
    found = only({"publish.yml": CALLED, **files})
    assert (found.workflow, found.workflows, found.commands) == (None, (), ())
    assert [way.workflow for way in found.ways] == [None]


def test_workflows_that_call_each_other_come_to_an_end() -> None:
    a = CALLED + "  again:\n    uses: ./.github/workflows/b.yml\n"
    b = "on: workflow_call\njobs:\n  x:\n    uses: ./.github/workflows/a.yml\n"
    assert only({"a.yml": a, "b.yml": b}).workflows in (("a.yml",), ("b.yml",))


def test_releases_come_first_of_several_ways() -> None:
    nightly = RELEASE.replace("release:\n    types: [published]", "schedule: [{cron: 0 0 * * *}]")
    found = only({"a-nightly.yml": nightly, "release.yml": RELEASE})
    assert found.workflow is None
    assert [(way.workflow, way.events) for way in found.ways] == [
        ("release.yml", ("release",)),
        ("a-nightly.yml", ("schedule",)),
    ]
    assert len(found.commands) == 2


def test_one_file_with_two_environments_is_two_ways() -> None:
    second = (
        RELEASE.split("jobs:\n")[1].replace("publish:", "beta:", 1).replace("runs-on:", "environment: b\n    runs-on:")
    )
    found = only({"release.yml": RELEASE + second})
    assert (found.workflow, found.environment) == ("release.yml", None)
    assert [way.environment for way in found.ways] == ["", "b"]


WORKSPACE = {
    "package.json": '{"name": "root", "private": true, "workspaces": ["packages/*"]}',
    "packages/a/package.json": '{"name": "@octo/a", "version": "1.0.0"}',
    "packages/b/package.json": '{"name": "@octo/b", "version": "1.0.0"}',
    "packages/tests/package.json": '{"name": "@octo/tests", "version": "0.0.0", "private": true}',
}


def test_every_package_of_a_workspace() -> None:
    found = trust({**WORKSPACE, "release.yml": RELEASE.replace("npm publish", "npm publish -ws")})
    assert [publisher.package for publisher in found.publishers] == ["@octo/a", "@octo/b"]
    assert not found.unnamed


@pytest.mark.parametrize(
    ("run", "why"),
    [
        ("npm publish $FOLDER", "not to be seen from here"),
        ("cd dist && npm publish", "package.json above that is private"),
        ("npm publish -w '@octo/*'", "not to be seen from here"),
    ],
)
def test_packages_that_cannot_be_known_are_said(run: str, why: str) -> None:
    found = trust({**WORKSPACE, "release.yml": RELEASE.replace("npm publish", run)})
    assert not found.publishers
    (unnamed,) = found.unnamed
    assert why in unnamed.why
    assert unnamed.candidates == ("@octo/a", "@octo/b")
    assert [way.workflow for way in unnamed.ways] == ["release.yml"]


def test_what_is_known_to_be_published_is_no_candidate() -> None:
    run = "npm publish -w @octo/a\n      - run: npm publish $FOLDER"
    found = trust({**WORKSPACE, "release.yml": RELEASE.replace("npm publish", run)})
    assert [publisher.package for publisher in found.publishers] == ["@octo/a"]
    assert [unnamed.candidates for unnamed in found.unnamed] == [("@octo/b",)]


def test_a_folder_that_the_build_makes_borrows_its_name() -> None:
    found = only({"release.yml": RELEASE.replace("npm publish", "cd dist && npm publish")})
    assert (found.package, found.built) == ("left-pad-plus", "package.json")
    assert only({"release.yml": RELEASE}).built == ""


@pytest.mark.parametrize(
    ("package", "environment", "words"),
    [
        ("a", "", "npm trust github a --file r.yml --repository o/r --allow-publish"),
        ("@a/b", "npm", "npm trust github @a/b --file r.yml --repository o/r --environment npm --allow-publish"),
        ("-", "", ""),
        ("a", "-e", ""),
    ],
)
def test_the_clients_command(package: str, environment: str, words: str) -> None:
    assert " ".join(command(package, "o/r", "r.yml", environment, ("publish",))) == words


def test_the_clients_flags() -> None:
    assert command("a", "o/r", "r.yml", "", ("publish", "stage"))[-2:] == ("--allow-publish", "--allow-stage-publish")


def named(files: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """The file names by package, `?` for what has no known name."""
    found = trust({**WORKSPACE, **files})
    return {each.package: each.workflows for each in found.publishers} | ({"?": ()} if found.unnamed else {})


MATRIX = """\
    strategy:
      matrix:
        {}
    runs-on: ubuntu-latest"""
BOTH = {"@octo/a": ("release.yml",), "@octo/b": ("release.yml",)}
ONE = {"@octo/a": ("release.yml",)}


@pytest.mark.parametrize(
    ("matrix", "run", "expected"),
    [
        ("package: ['@octo/a', '@octo/b']", "npm publish -w ${{ matrix.package }}", BOTH),
        ("package: [a, b]", "npm publish ./packages/${{matrix.package}}", BOTH),
        ("package: [a, b]", "cd packages/${{ matrix.package }} && npm publish", BOTH),
        ("package: [{dir: packages/a}, {dir: packages/b}]", "npm publish ./${{ matrix.package.dir }}", BOTH),
        ("include: [{dir: packages/a}, {dir: packages/b}]", "npm publish ./${{ matrix.dir }}", BOTH),
        ("{node: [20, 24], dir: [packages/a]}", "npm publish ./${{ matrix.dir }}", ONE),
        ("{dir: [packages/a, packages/b], exclude: [{dir: packages/b}]}", "npm publish ./${{ matrix.dir }}", ONE),
        ("{dir: [packages/a], include: [{dir: packages/b}]}", "npm publish ./${{ matrix.dir }}", BOTH),
        ("{dir: [packages/a], include: [{tag: next}]}", "npm publish ./${{ matrix.dir }} --tag ${{ matrix.tag }}", ONE),
        ("{dir: [packages/a, packages/tests]}", "npm publish ./${{ matrix.dir }}", {"?": ()}),
        ("{dir: [packages/a, packages/none]}", "npm publish ./${{ matrix.dir }}", {"?": ()}),
        ("dir: ${{ fromJSON(needs.x.outputs.y) }}", "npm publish ./${{ matrix.dir }}", {"?": ()}),
        ("dir: ['${{ inputs.x }}', packages/a]", "npm publish ./${{ matrix.dir }}", {"?": ()}),
        ("dir: [packages/a]", "npm publish ./${{ matrix.other }}", {"?": ()}),
        ("dir: [packages/a]", "npm publish ./${{ matrix.dir }}/$SUB", {"?": ()}),
    ],
)
def test_a_matrix(matrix: str, run: str, expected: dict[str, tuple[str, ...]]) -> None:
    job = RELEASE.replace("    runs-on: ubuntu-latest", MATRIX.format(matrix).replace("        {", "       {"))
    assert named({"release.yml": job.replace("npm publish", f'"{run}"')}) == expected


CHOICE = """\
  workflow_dispatch:
    inputs:
      dir: {type: choice, options: [packages/a, packages/b]}
"""


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (CHOICE, BOTH),
        (CHOICE.replace("type: choice, options: [packages/a, packages/b]", "type: string"), {"?": ()}),
        (CHOICE.replace("dir:", "other:"), {"?": ()}),
    ],
)
def test_the_choices_of_a_person(events: str, expected: dict[str, tuple[str, ...]]) -> None:
    job = RELEASE.replace("  release:\n    types: [published]\n", events)
    assert named({"release.yml": job.replace("npm publish", "npm publish ./${{ inputs.dir }}")}) == expected


PER_PACKAGE = CALLED.replace("workflow_call:", "{workflow_call: {inputs: {dir: {default: packages/b}}}}")
PER_PACKAGE = PER_PACKAGE.replace(
    "- run: npm publish", "- run: npm publish\n        working-directory: ${{ inputs.dir }}"
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("with: {dir: packages/a}", {"@octo/a": ("one.yml",), "@octo/b": ("two.yml",)}),
        ("", {"@octo/b": ("one.yml", "two.yml")}),
        ("with: {dir: '${{ inputs.dir }}'}", {"?": ()}),
    ],
)
def test_each_caller_of_a_reusable_workflow_has_its_package(given: str, expected: dict[str, tuple[str, ...]]) -> None:
    files = {"one.yml": f"{CALLER}    {given}\n", "two.yml": CALLER, "publish.yml": PER_PACKAGE}
    assert named(files) == expected
