"""Every golden case through every invariant."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from golden import TRANSFORMS, Case, cases, described, lay, outcome, transformed
from tp_fix.formats import yaml
from tp_fix.report.diff import unified
from tp_fix.rules import all_rules

CASES = cases()
CHANGING = [case for case in CASES if case.before() != case.after()]
every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
every_changing_case = pytest.mark.parametrize("case", CHANGING, ids=[case.name for case in CHANGING])


@every_case
def test_gives_the_findings_and_files_of_the_case(case: Case, tmp_path: Path) -> None:
    result, files = outcome(lay(case.before(), tmp_path / "r"), case.options)
    assert described(result) == case.expected_findings
    assert files == case.after()


@every_case
def test_a_second_run_changes_nothing_and_finds_what_was_left(case: Case, tmp_path: Path) -> None:
    first, files = outcome(lay(case.before(), tmp_path / "r"), case.options)
    second, same = outcome(lay(files, tmp_path / "s"), case.options)
    assert same == files
    now = first.after.repository
    left = [item.entry for item in first.reported if item.entry.status != "planned"]
    left = [entry._replace(finding=entry.finding._replace(path=now.by_now(entry.finding.path))) for entry in left]
    assert sorted((item.entry for item in second.reported), key=repr) == sorted(left, key=repr)


@every_case
def test_does_not_depend_on_the_order_of_rules(case: Case, tmp_path: Path) -> None:
    root = lay(case.before(), tmp_path / "r")
    backwards, files = outcome(root, case.options._replace(rules=case.options.rules[::-1]))
    assert described(backwards) == case.expected_findings
    assert files == case.after()


@every_case
def test_the_prefilter_hides_nothing(case: Case, tmp_path: Path) -> None:
    result, files = outcome(lay(case.before(), tmp_path / "r"), case.options, prefilter=False)
    assert [line for line in described(result) if not line.startswith("cannot read")] == [
        line for line in case.expected_findings if not line.startswith("cannot read")
    ]
    assert files == case.after()


@every_changing_case
def test_git_applies_the_diff(case: Case, tmp_path: Path) -> None:
    root = lay(case.before(), tmp_path / "r")
    result, files = outcome(root, case.options)
    patch = "".join(unified(*pair) for pair in result.files.values()).encode()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=root, input=patch, check=True)
    assert {path: (root / path).read_bytes() for path in files} == files


@every_case
@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_same_happens_in_another_guise(case: Case, name: str, tmp_path: Path) -> None:
    transform = TRANSFORMS[name]
    root = lay(transformed(case.before(), transform), tmp_path / "r")
    _, files = outcome(root, case.options)
    assert files == transformed(case.after(), transform)


@every_case
def test_the_python_parser_gives_the_same_edits(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "parse", partial(yaml.parse, pure=True))
    result, files = outcome(lay(case.before(), tmp_path / "r"), case.options)
    assert described(result) == case.expected_findings
    assert files == case.after()


@every_changing_case
def test_actionlint_has_nothing_new_to_say(case: Case, tmp_path: Path) -> None:
    before = remarks(lay(case.before(), tmp_path / "before"))
    assert remarks(lay(case.after(), tmp_path / "after")) <= before


def remarks(root: Path) -> set[str]:
    """What actionlint says of the workflows, without the places."""
    actionlint = Path(sys.executable).parent / "actionlint"
    files = [str(path) for path in sorted((root / ".github" / "workflows").glob("*.y*ml"))]
    run = subprocess.run(
        [
            actionlint,
            "-no-color",
            "-shellcheck=",
            "-pyflakes=",
            "-format",
            "{{range $e := .}}{{$e.Message}}\n{{end}}",
            *files,
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return set(run.stdout.splitlines())


@pytest.mark.parametrize("rule", [rule.id for rule in all_rules()])
def test_each_rule_has_an_example_and_two_cases_without_change(rule: str) -> None:
    mine = [case for case in CASES if case.name.startswith(f"{rule}/")]
    assert f"{rule}/example" in [case.name for case in mine]
    assert sum(case.before() == case.after() for case in mine) >= 2
    assert all((case.path / "notes.md").is_file() for case in mine)
