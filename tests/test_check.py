"""`tp-fix check`: the preflight list of a repository, and of files that were pasted without theirs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import tp_fix
from golden import to_real
from tp_fix.engine import find
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.paste import Input, pasted
from tp_fix.report.check.checklist import Checklist, Line, short
from tp_fix.report.check.preflight import checklists
from tp_fix.rule import Finding, rule
from tp_fix.rules import all_rules

WORKFLOW = """\
name: Release
on:
  release:
    types: [published]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
          registry-url: https://npm-registry.invalid
      - run: npm ci
      - run: npm publish
"""
MANIFEST = """\
{
  "name": "left-pad-plus",
  "version": "1.2.3",
  "repository": "octo-org/octo-repo"
}
"""
RELEASE = ".github/workflows/release.yml"


def lists(files: dict[str, str], name: str | None = None, *, given: bool = False) -> list[Checklist]:
    """The lists of a repository in memory."""
    raw = {path: to_real(text.encode()) for path, text in files.items()}
    model = Model(Repository.of(raw, name, given=given))
    rules = all_rules()
    return checklists(model, model.publications, find(model, rules), [found.id for found in rules])


def line(files: dict[str, str], named: str, name: str | None = "octo-org/octo-repo", *, given: bool = True) -> Line:
    """The first line of that name on the only list."""
    (checklist,) = lists(files, name, given=given)
    return next(found for found in checklist.lines if found.name == named)


def with_step(old: str, new: str) -> dict[str, str]:
    assert old in WORKFLOW
    return {RELEASE: WORKFLOW.replace(old, new), "package.json": MANIFEST}


GOOD = {RELEASE: WORKFLOW, "package.json": MANIFEST}


def test_a_good_repository_has_nothing_crossed() -> None:
    (checklist,) = lists(GOOD, "octo-org/octo-repo", given=True)
    marks = {found.name: found.mark for found in checklist.lines}
    unknown = {"provenance", "the package", "trusted publisher"}
    assert {name for name, mark in marks.items() if mark == "unknown"} == unknown
    assert "no" not in marks.values()
    assert {"repository", "workflow file", "environment", "permissions", "npm version", "runner"} <= marks.keys()
    assert {"registry", "no token", "triggers", "package.json"} <= marks.keys()


@pytest.mark.parametrize(
    ("old", "new", "named", "mark", "said"),
    [
        ("      id-token: write\n", "", "permissions", "no", "not in effect"),
        (
            "node-version: 24",
            "node-version: 20",
            "npm version",
            "no",
            "Node 20 brings npm 10.8.2",
        ),
        (
            "node-version: 24",
            "node-version: ${{ vars.NODE }}",
            "npm version",
            "unknown",
            "depends on Node ${{ vars.NODE }}",
        ),
        ("ubuntu-latest", "self-hosted", "runner", "no", "self-hosted"),
        ("ubuntu-latest", "${{ inputs.runner }}", "runner", "unknown", "may be a runner of your own"),
        (
            "registry-url: https://npm-registry.invalid",
            "registry-url: ${{ vars.URL }}",
            "registry",
            "unknown",
            "may be",
        ),
        (
            "- run: npm publish",
            "- run: npm publish\n        env: {NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKEN }}'}",
            "no token",
            "no",
            "NODE_AUTH_TOKEN",
        ),
        ("- run: npm publish", "- run: npm publish --no-provenance", "provenance", "yes", "switched off"),
        ("- run: npm publish", "- run: npm publish --provenance", "provenance", "unknown", "E422"),
        ("- run: npm publish", "- run: npm publish $FLAGS", "publish", "unknown", "dry run"),
        ("runs-on:", "environment: npm\n    runs-on:", "environment", "yes", "`npm`, in this case"),
        ("runs-on:", "environment: {name: npm}\n    runs-on:", "environment", "yes", "`npm`, in this case"),
        ("runs-on:", "environment: ${{ inputs.e }}\n    runs-on:", "environment", "unknown", "known only at run time"),
        ("name: Release", "name: Release", "environment", "yes", "none: leave the field empty"),
        ("name: Release", "name: Release", "workflow file", "yes", "`release.yml`"),
    ],
)
def test_lines(old: str, new: str, named: str, mark: str, said: str) -> None:
    found = line(with_step(old, new), named)
    assert found.mark == mark
    assert said in found.reason


def test_lines_say_where() -> None:
    found = line(with_step("      id-token: write\n", ""), "permissions")
    assert (found.path, found.line) == (RELEASE, 6)
    found = line(with_step("runs-on:", "environment: npm\n    runs-on:"), "environment")
    assert (found.path, found.line) == (RELEASE, 7)


@pytest.mark.parametrize(
    ("name", "given", "mark", "said"),
    [
        ("octo-org/octo-repo", True, "yes", "as given"),
        ("octo-org/octo-repo", False, "unknown", "only the git remote says so"),
        (None, False, "unknown", "`octo-org/octo-repo` by package.json"),
    ],
)
def test_a_remote_does_not_prove_the_name(name: str | None, given: bool, mark: str, said: str) -> None:
    found = line(GOOD, "repository", name, given=given)
    assert found.mark == mark
    assert said in found.reason


CALLED = WORKFLOW.replace("release:\n    types: [published]", "workflow_call:")
CALLER = """\
on: push
jobs:
  release:
    permissions: {contents: read, id-token: write}
    uses: ./.github/workflows/release.yml
"""


@pytest.mark.parametrize(
    ("callers", "mark", "said"),
    [
        ({}, "unknown", "nothing here calls release.yml"),
        ({"main.yml": CALLER}, "yes", "`main.yml`, which calls it"),
        ({"main.yml": CALLER, "beta.yaml": CALLER}, "unknown", "`beta.yaml` or `main.yml`"),
    ],
)
def test_npm_wants_the_callers_file(callers: dict[str, str], mark: str, said: str) -> None:
    files = {RELEASE: CALLED, "package.json": MANIFEST}
    found = line(files | {f".github/workflows/{name}": text for name, text in callers.items()}, "workflow file")
    assert found.mark == mark
    assert said in found.reason


def test_two_workflows_that_publish_one_package_are_told_apart() -> None:
    both = lists({**GOOD, ".github/workflows/beta.yml": WORKFLOW}, "octo-org/octo-repo", given=True)
    files = [found for checklist in both for found in checklist.lines if found.name == "workflow file"]
    assert [(found.mark, found.reason.split("; ")[1][:24]) for found in files] == [
        ("unknown", "`release.yml` publishes "),
        ("unknown", "`beta.yml` publishes it "),
    ]


def test_a_finding_of_a_caller_is_the_publications_too() -> None:
    caller = CALLER.replace(", id-token: write", "")
    found = line({RELEASE: CALLED, "package.json": MANIFEST, ".github/workflows/main.yml": caller}, "permissions")
    assert found.mark == "no"
    assert ".github/workflows/main.yml" in found.reason


def test_a_rule_that_no_line_is_about_has_its_own() -> None:
    @rule("brand-new", precedence=1)
    def brand_new(model: Model) -> Iterator[Finding]:
        """Something new."""
        yield Finding("brand-new", "warning", RELEASE, ("jobs", "publish", "steps", 2), "the install is odd")
        yield Finding("brand-new", "note", RELEASE, ("jobs", "publish", "steps", 1), "only a note")

    model = Model(Repository.of({path: to_real(text.encode()) for path, text in GOOD.items()}, "octo-org/octo-repo"))
    (checklist,) = checklists(model, model.publications, find(model, [brand_new]), ["brand-new"])
    assert [found for found in checklist.lines if found.name == "brand-new"] == [
        Line("brand-new", "no", "the install is odd", RELEASE, 17)
    ]


def test_short() -> None:
    assert short("a\n  b") == "a b"
    assert short("first part; second part that is long", 20) == "first part…"
    assert short("x" * 30, 10) == "x" * 9 + "…"


# what is pasted, told apart


def parts(text: str | bytes, path: str = "") -> tuple[list[str], list[str]]:
    """The files that one input makes, and why others cannot be used."""
    raw = text.encode() if isinstance(text, str) else text
    found = pasted([Input(path or "standard input", path, raw)])
    return list(found.files), [problem.message for problem in found.problems]


FENCED = f"""\
Here is what I have:

**.github/workflows/deploy.yml**
```yaml
{WORKFLOW}```

and

1. the manifest

   ```json
   {MANIFEST.replace(chr(10), chr(10) + "   ")}
   ```

Then run

```sh
npm publish
```
"""


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (WORKFLOW, ["workflow.yml"]),
        (WORKFLOW.replace("\n", "\r\n"), ["workflow.yml"]),
        ("\ufeff" + WORKFLOW, ["workflow.yml"]),
        ("\ufeff" + MANIFEST, ["package.json"]),
        (MANIFEST.replace("\n", "\r\n"), ["package.json"]),
        ('{"on": "push", "jobs": {"a": {"runs-on": "x", "steps": [{"run": "npm publish"}]}}}', ["workflow.yml"]),
        ("{on: push, jobs: {a: {runs-on: x, steps: [{run: npm publish}]}}}", ["workflow.yml"]),
        (WORKFLOW + MANIFEST, ["workflow.yml", "package.json"]),
        (MANIFEST + WORKFLOW, ["package.json", "workflow.yml"]),
        (WORKFLOW + "---\n" + MANIFEST, ["workflow.yml", "package.json"]),
        ((WORKFLOW + "\n" + MANIFEST).replace("\n", "\r\n"), ["workflow.yml", "package.json"]),
        (WORKFLOW + "---\n" + WORKFLOW, ["workflow.yml", "workflow-2.yml"]),
        (f"# .github/workflows/a.yml\n{WORKFLOW}---\n# b.yaml\n{WORKFLOW}", ["a.yml", "b.yaml"]),
        (f"{WORKFLOW}\n// package.json\n{MANIFEST}", ["workflow.yml", "package.json"]),
        (FENCED, ["deploy.yml", "package.json"]),
        (f'~~~ yml title="ci.yml"\n{WORKFLOW}~~~\n', ["ci.yml"]),
        (f"```yaml\n{WORKFLOW}```\n```yaml\n{WORKFLOW}", ["workflow.yml"]),
    ],
)
def test_pastes(text: str, files: list[str]) -> None:
    found, problems = parts(text)
    assert [path.removeprefix(".github/workflows/") for path in found] == files
    assert not problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "standard input: empty"),
        (" \n\n", "standard input: empty"),
        (b"\x00\xff\xfe\x80", "standard input:1: not UTF-8"),
        (b"a" * (1 << 21), "standard input: larger than 1 MiB"),
        ("hello, please check this", "neither a workflow"),
        ("Dear all: it fails: why?", "neither a workflow"),
        (
            "permissions:\n  id-token: write\n",
            "there is `permissions`, but no `on` and no `jobs`; paste the whole file",
        ),
        ("jobs:\n  a:\n    runs-on: x\n", "there is `jobs`, but no `on`; paste the whole file"),
        ("on: push\n", "there is `on`, but no `jobs`"),
        ("on: push\njobs:\n", "not a workflow"),
        ("on: push\njobs: [\n", "not YAML"),
        ("- uses: actions/checkout@v6\n", "neither a workflow"),
        ("runs:\n  using: composite\n  steps: []\n", "an action, not a workflow"),
        ('"repository": {"url": "x"}\n', "not a package.json: there is `repository` without the braces"),
        ('{"lockfileVersion": 3, "name": "x"}', "a package-lock.json"),
        ('{"compilerOptions": {}}', "JSON, but no package.json"),
        ('{"name": "x",}', "not JSON"),
        ("[1, 2]", "neither a workflow"),
        ("```sh\nnpm publish\n```\n", "none of its 1 fenced blocks"),
        ("```yaml\npermissions: {}\n```\n", "block 1: not a workflow"),
    ],
)
def test_pieces_are_turned_down_with_what_is_missing(text: str | bytes, said: str) -> None:
    files, problems = parts(text)
    assert not files
    (problem,) = problems
    assert said in problem


def test_a_piece_beside_a_whole_is_said_too() -> None:
    files, problems = parts(f"```yaml\n{WORKFLOW}```\n```yaml\npermissions: {{}}\n```\n")
    assert len(files) == len(problems) == 1


@pytest.mark.parametrize(("name", "path"), [("package.json", "package.json.yml"), ("x.txt", "x.txt.yml")])
def test_content_counts_and_not_the_name(name: str, path: str) -> None:
    found = pasted([Input(name, name, WORKFLOW.encode())])
    assert list(found.files) == list(found.unnamed) == [f".github/workflows/{path}"]


def test_manifests_keep_their_place_to_each_other() -> None:
    paths = ["/x/a/package.json", "/x/a/packages/b/package.json", "/x/a/other.json"]
    found = pasted([Input(path, path, MANIFEST.encode()) for path in paths])
    assert list(found.files) == ["package.json", "packages/b/package.json", "2/package.json"]


def test_workflows_of_one_name_do_not_hide_each_other() -> None:
    found = pasted([Input(path, path, WORKFLOW.encode()) for path in ("a/release.yml", "b/release.yml")])
    assert list(found.files) == [RELEASE, ".github/workflows/release-2.yml"]
    assert list(found.unnamed) == [".github/workflows/release-2.yml"]


@pytest.mark.parametrize("text", ["````\n~~~\n" * 60_000, "\n" * 900_000, "```" + "a" * 900_000 + "\n```\n"])
def test_odd_pastes_are_read_in_one_go(text: str) -> None:
    files, problems = parts(text)
    assert not files
    assert len(problems) == 1


# the command


def tp(
    *arguments: str, cwd: Path, stdin: bytes = b"", encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "NO_COLOR"))}
    env = {**kept, "PYTHONIOENCODING": encoding, **environment}
    command = [sys.executable, "-m", "tp_fix", "check", *arguments]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, env=env, check=False)


def laid(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(to_real(text.encode()))
    return root


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository that lacks the permission and has a token."""
    root = laid(tmp_path / "repository", with_step("      id-token: write\n", ""))
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "remote", "add", "origin", "git@github.com:octo-org/octo-repo.git"], cwd=root, check=True)
    return root


def test_a_repository(repository: Path) -> None:
    run = tp(cwd=repository)
    assert run.returncode == 1
    text = run.stdout.decode()
    assert text.startswith(f"{RELEASE}: job `publish`, `npm publish` of left-pad-plus\n")
    assert re.search(rf"✗ permissions +`id-token: write` is not in effect  {re.escape(RELEASE)}:6\n", text)
    assert re.search(r"\? repository +`octo-org/octo-repo`: only the git remote says so", text)
    assert re.search(r"✓ no token ", text)
    assert text.endswith("tp-fix: 1 to mend, 4 not to be known from here; `tp-fix` shows the patch\n")
    assert not run.stderr
    assert tp("--repository", "octo-org/octo-repo", cwd=repository).stdout.count(b"?") == text.count("?") - 1
    assert b"as given" in tp(cwd=repository, GITHUB_REPOSITORY="octo-org/octo-repo").stdout


def test_nothing_crossed_is_0(tmp_path: Path) -> None:
    laid(tmp_path, GOOD)
    run = tp(".", cwd=tmp_path)
    assert run.returncode == 0, run.stdout.decode()
    assert b"nothing to mend" in run.stdout


def test_standard_input_is_read_only_where_no_repository_is_around(repository: Path, tmp_path: Path) -> None:
    assert b"left-pad-plus" in tp(cwd=repository, stdin=MANIFEST.replace("left", "right").encode()).stdout
    assert b"right-pad-plus" in tp(cwd=tmp_path, stdin=MANIFEST.replace("left", "right").encode()).stdout
    assert b"right-pad-plus" in tp("-", cwd=repository, stdin=MANIFEST.replace("left", "right").encode()).stdout


def test_a_path_narrows(repository: Path) -> None:
    other = WORKFLOW.replace("npm publish", "npm publish ./b")
    laid(repository, {".github/workflows/b.yml": other, "b/package.json": MANIFEST.replace("left", "right")})
    assert b"2 publications" in tp(cwd=repository).stdout
    for path in (RELEASE, "package.json"):
        run = tp(path, cwd=repository)
        assert b"left-pad-plus" in run.stdout
        assert b"right-pad-plus" not in run.stdout
    for path in (".github/workflows/b.yml", "b", "b/package.json"):
        run = tp(path, cwd=repository)
        assert b"left-pad-plus" not in run.stdout
        assert b"right-pad-plus" in run.stdout


def test_nothing_that_publishes(tmp_path: Path) -> None:
    laid(tmp_path, {RELEASE: "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: make}]\n"})
    run = tp(".", cwd=tmp_path)
    assert run.returncode == 1
    assert run.stdout.decode().count("\n") == 1
    assert b"nothing here is known to publish to npm; recognised so far: `npm publish`" in run.stdout


def test_a_publish_that_is_not_read_is_pointed_at(tmp_path: Path) -> None:
    laid(tmp_path, with_step("- run: npm publish", "- run: doas npm publish"))
    run = tp(".", cwd=tmp_path)
    assert run.returncode == 1
    assert f"{RELEASE}:18 note id-token: step `#4` may publish in a way".encode() in run.stdout


def findings(text: str) -> str:
    """The part of a report that lists findings and patch."""
    return text[text.index(f"\n{RELEASE}\n") : text.rindex("\ntp-fix:")]


def test_two_files_in_any_order_and_one_paste_give_the_same_findings(repository: Path, tmp_path: Path) -> None:
    broken = with_step("      id-token: write\n", "")
    pasted = laid(tmp_path / "pasted", {"release.yml": broken[RELEASE], "manifest.txt": MANIFEST})
    one = tp("release.yml", "manifest.txt", cwd=pasted)
    other = tp("manifest.txt", "release.yml", cwd=pasted)
    assert one.returncode == other.returncode == 1
    assert one.stdout == other.stdout
    fenced = f"# release.yml\n{(pasted / 'release.yml').read_text()}---\n{MANIFEST}"
    by_pipe = tp("-", cwd=tmp_path, stdin=fenced.encode()).stdout.decode()
    text = one.stdout.decode()
    assert "✗ permissions" in text
    assert "+      id-token: write\n" in text
    assert "? not given  .npmrc, other workflows and files" in text
    shifted = re.sub(r"(?m)^  (\d+):", lambda match: f"  {int(match[1]) - 1}:", findings(by_pipe))
    assert shifted.split("\n---")[0] == findings(text).split("\n---")[0]
    whole = subprocess.run(
        [sys.executable, "-m", "tp_fix"], cwd=repository, capture_output=True, text=True, check=False
    ).stdout
    assert findings(text).strip() in whole


def test_only_a_manifest(tmp_path: Path) -> None:
    run = tp("-", cwd=tmp_path, stdin=b'{"name": "x", "private": true}')
    assert run.returncode == 1
    assert "✗ package.json" in run.stdout.decode()
    assert "✗ private" in run.stdout.decode()
    assert b"? workflow" in run.stdout


def test_a_workflow_alone_that_publishes_nothing(tmp_path: Path) -> None:
    run = tp("-", cwd=tmp_path, stdin=b"on: push\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n")
    assert run.returncode == 1
    assert run.stdout.startswith(b"tp-fix: nothing here is known to publish")


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["-"], b"", "tp-fix: standard input: empty"),
        (["-"], b"permissions: {}\n", "not a workflow: there is `permissions`, but no `on` and no `jobs`"),
        (["-"], b"\xff\x00", "not UTF-8"),
        (["nowhere.yml"], b"", "'nowhere.yml': no such file or folder"),
        ([".", "x.yml"], b"", "'x.yml': no such file"),
        ([".", "."], b"", "'.' is a folder, and not alone"),
        (["--format", "diff"], b"", "'diff' is not one of"),
        (["--repository", "x"], b"", "is not OWNER/NAME"),
    ],
)
def test_usage_and_unreadable_input_is_2(arguments: list[str], stdin: bytes, said: str, tmp_path: Path) -> None:
    run = tp(*arguments, cwd=tmp_path, stdin=stdin)
    assert run.returncode == 2
    assert said in run.stderr.decode()
    assert not run.stdout


def test_the_rest_is_still_reported(tmp_path: Path) -> None:
    laid(tmp_path, {"release.yml": WORKFLOW, "piece.yml": "permissions: {}\n"})
    run = tp("piece.yml", "release.yml", cwd=tmp_path)
    assert run.returncode == 2
    assert b"cannot read piece.yml: not a workflow" in run.stdout
    assert "✓ permissions".encode() in run.stdout


def test_a_console_without_the_marks_gets_letters(repository: Path) -> None:
    text = tp(cwd=repository, encoding="ascii").stdout.decode("ascii")
    assert re.search(r"NO permissions +`id-token", text)
    assert re.search(r"ok runner ", text)
    assert "\\u" not in text


def test_colours(repository: Path) -> None:
    assert b"\x1b[" not in tp(cwd=repository).stdout
    assert b"\x1b[31m" in tp("--color", "always", cwd=repository).stdout
    assert b"\x1b[" not in tp("--color", "never", cwd=repository).stdout


def test_no_credential_and_no_control_character_is_printed(tmp_path: Path) -> None:
    token = "npm_" + "a1" * 18
    workflow = WORKFLOW.replace("runs-on: ubuntu-latest", f'runs-on: "\\e[2J{token}"')
    run = tp("-", cwd=tmp_path, stdin=workflow.encode())
    as_json = tp("-", "--format", "json", cwd=tmp_path, stdin=workflow.encode())
    assert run.returncode == as_json.returncode
    for output in (run.stdout, as_json.stdout):
        assert b"npm_a1" not in output
        assert b"\x1b" not in output


def validated(run: subprocess.CompletedProcess[bytes]) -> Any:
    schema = json.loads((Path(tp_fix.__file__).parent / "report" / "check" / "schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    document = json.loads(run.stdout)
    Draft202012Validator(schema).validate(document)
    return document


def test_json_of_a_repository(repository: Path) -> None:
    run = tp("--format", "json", cwd=repository)
    assert run.returncode == 1
    document = validated(run)
    (publication,) = document["publications"]
    assert publication["packages"] == ["left-pad-plus"]
    crossed = [found for found in publication["lines"] if found["mark"] == "no"]
    assert [(found["name"], found["path"], found["line"]) for found in crossed] == [("permissions", RELEASE, 6)]
    assert document["pasted"] is False
    assert "findings" not in document


@pytest.mark.parametrize("stdin", [WORKFLOW, MANIFEST, WORKFLOW + MANIFEST, "on: push\njobs: {a: {runs-on: x}}\n"])
def test_json_of_a_paste(stdin: str, tmp_path: Path) -> None:
    document = validated(tp("-", "--format", "json", cwd=tmp_path, stdin=stdin.encode()))
    assert document["pasted"] is True
    assert document["findings"] is not None


def test_json_names_what_cannot_be_read(tmp_path: Path) -> None:
    laid(tmp_path, {"release.yml": WORKFLOW, "piece.yml": "permissions: {}\n"})
    run = tp("piece.yml", "release.yml", "--format", "json", cwd=tmp_path)
    assert run.returncode == 2
    assert [problem["path"] for problem in validated(run)["problems"]] == ["piece.yml"]
