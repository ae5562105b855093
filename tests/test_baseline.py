"""A baseline: what is recorded, what it excuses, and that it stays honest."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from test_command_line import release, report, tp_fix_run
from tp_fix import engine
from tp_fix.baseline import baseline_of, held_against, record
from tp_fix.change import SetValue
from tp_fix.formats import read
from tp_fix.models.landmark import landmark
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.node import Route
from tp_fix.plan import Limits
from tp_fix.rule import Applicability, FileChange, Finding, Fix, rule
from tp_fix.source import Source
from two_findings import WORKFLOW, repo

__all__ = ["repo"]
NAME = ".tp-fix-baseline.json"


def recorded(root: Path) -> list[dict[str, str]]:
    run = tp_fix_run("--write-baseline", cwd=root)
    assert run.returncode == 0, run.stderr
    findings: list[dict[str, str]] = json.loads((root / NAME).read_text())["findings"]
    number = f"{len(findings)} finding{'s' if len(findings) != 1 else ''} recorded in {NAME}"
    assert run.stdout == f"tp-fix: {number if findings else f'nothing to record: {NAME} is empty now, and can go'}\n"
    return findings


def excused(root: Path, *args: str) -> list[tuple[str, str, str]]:
    return [(item["rule"], item["level"], item["excused"]) for item in report(root, *args)["findings"]]


def test_what_is_recorded_does_not_count_and_is_still_shown(repo: Path) -> None:
    found = recorded(repo)
    assert [(item["rule"], item["place"]) for item in found] == [
        ("id-token", "jobs.publish"),
        ("npm-token", "jobs.publish.steps[npm publish].env.NODE_AUTH_TOKEN"),
    ]
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 0 and f"(known from {NAME})" in run.stdout
    assert run.stdout.endswith(f"2 of 2 would be fixed in 1 file; --apply writes them; 2 known from {NAME}\n")
    assert excused(repo) == [(rule, "note", f"known from {NAME}") for rule in ("id-token", "npm-token")]


def test_the_file_is_stable_sorted_and_ends_with_a_line_end(repo: Path) -> None:
    found = recorded(repo)
    raw = (repo / NAME).read_bytes()
    assert found == sorted(found, key=lambda item: tuple(item.values()))
    assert json.loads(raw)["version"] == 1 and raw.endswith(b"}\n")
    recorded(repo)
    assert (repo / NAME).read_bytes() == raw


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: "# a comment\n\n" + text,
        lambda text: text.replace("    steps:\n", "    steps:\n      - run: echo\n"),
        lambda text: text.replace("jobs:\n", "jobs:\n  test:\n    runs-on: x\n    steps: [{ run: npm test }]\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("setup-node@v6", "setup-node@v7"),
        lambda text: text.replace("          NODE_AUTH", "          A: b\n          NODE_AUTH"),
    ],
)
def test_edits_elsewhere_do_not_break_it(repo: Path, edit: Callable[[str], str]) -> None:
    recorded(repo)
    release(repo).write_bytes(edit(WORKFLOW).encode())
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 0, run.stdout


def second_job(text: str) -> str:
    return text + text[text.index("  publish:") :].replace("  publish:", "  again:")


def test_a_new_finding_counts(repo: Path) -> None:
    recorded(repo)
    release(repo).write_text(second_job(WORKFLOW))
    assert tp_fix_run(cwd=repo).returncode == 1
    new = [item for item in report(repo)["findings"] if not item["excused"]]
    assert [(item["rule"], item["level"]) for item in new] == [("id-token", "error"), ("npm-token", "warning")]
    assert "job `again`" in new[0]["message"]


def test_of_several_alike_as_many_are_known_as_were_recorded(repo: Path) -> None:
    step = WORKFLOW[WORKFLOW.index("      - run: npm publish") :]
    release(repo).write_text(WORKFLOW + step)
    recorded(repo)
    assert tp_fix_run(cwd=repo).returncode == 0
    release(repo).write_text(WORKFLOW + step + step)
    assert excused(repo).count(("npm-token", "warning", "")) == 1
    assert tp_fix_run(cwd=repo).returncode == 1


def test_an_entry_that_is_found_no_more_counts_until_it_is_taken_out(repo: Path) -> None:
    release(repo).write_text(second_job(WORKFLOW))
    recorded(repo)
    release(repo).write_text(WORKFLOW)
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 1
    assert (
        "  4:1 warning baseline: recorded and found no more: id-token in .github/workflows/release.yml, jobs.again"
        in (run.stdout)
    )
    assert f"2 entries of {NAME} found no more" in run.stdout
    assert "tp-fix --write-baseline writes it anew" in tp_fix_run("--format", "diff", cwd=repo).stderr
    assert len(recorded(repo)) == 2 and tp_fix_run(cwd=repo).returncode == 0


def test_what_was_fixed_is_reported_as_it_was(repo: Path) -> None:
    recorded(repo)
    assert excused(repo, "--apply")[:2] == [("id-token", "error", ""), ("npm-token", "warning", "")]


def test_a_message_that_counts_steps_is_the_same_when_one_comes_before(repo: Path) -> None:
    hands = "      - run: echo '_authToken=${NPM_TOKEN}' >> .npmrc\n"
    release(repo).write_text(WORKFLOW + hands)
    assert "step `#`" in "".join(item["message"] for item in recorded(repo))
    release(repo).write_text(WORKFLOW.replace("    steps:\n", "    steps:\n      - run: echo\n") + hands)
    assert tp_fix_run(cwd=repo).returncode == 0


def test_apply_fixes_what_is_known_and_asks_for_a_new_baseline(repo: Path) -> None:
    recorded(repo)
    run = tp_fix_run("--apply", cwd=repo)
    assert run.returncode == 1 and "2 of 2 fixed in 1 file; 2 entries of" in run.stdout
    assert "NODE_AUTH_TOKEN" not in release(repo).read_text()
    assert recorded(repo) == []
    assert tp_fix_run(cwd=repo).stdout == "tp-fix: nothing to do\n"


def test_what_is_recorded_does_not_depend_on_what_would_be_fixed(repo: Path) -> None:
    recorded(repo)
    assert tp_fix_run("--unsafe", cwd=repo).returncode == 0
    baseline = json.loads((repo / NAME).read_text())
    baseline["findings"] = [item for item in baseline["findings"] if item["rule"] == "id-token"]
    (repo / NAME).write_text(json.dumps(baseline))
    assert excused(repo) == [("id-token", "note", f"known from {NAME}"), ("npm-token", "warning", "")]


@rule("first", precedence=1)
def first(model: Model) -> Iterator[Finding]:
    """Wants another name."""
    for path, workflow in model.repository.workflows.items():
        name = workflow.document.root.get("name")
        if name is not None and name.value == "one":
            fix = Fix("rename", (FileChange(path, SetValue(("name",), "two")),), Applicability.SAFE)
            yield Finding("first", "warning", path, ("name",), "is called one", fix)
        elif name is not None:
            yield Finding("first", "warning", path, ("name",), "is called two")


@pytest.mark.parametrize(("applied", "counts"), [(False, False), (True, True)])
def test_what_only_a_fix_of_the_known_brings_is_not_of_today_but_is_once_it_is_there(
    tmp_path: Path, applied: bool, counts: bool
) -> None:
    release(tmp_path).parent.mkdir(parents=True)
    release(tmp_path).write_text("name: one\n" + WORKFLOW)
    repository = Repository(str(tmp_path), [".github/workflows/release.yml"])
    result = engine.run(repository, [first], Limits())
    assert [item.entry.finding.message for item in result.reported] == ["is called one", "is called two"]
    assert record(str(tmp_path), result) == 1
    if applied:
        result.reported = [item for item in result.reported if item.entry.status != "planned"]
    held_against(baseline_of(repository), result, [first], lambda path, route: True, applied=applied)
    levels = {item.entry.finding.message: item.entry.finding.severity for item in result.reported}
    assert (levels["is called two"] == "warning") is counts


@pytest.mark.parametrize("args", [("--select", "npm-token"), ("package.json",), ("--ignore", "id-token")])
def test_entries_that_a_narrower_run_is_not_about_are_not_missed(repo: Path, args: tuple[str, ...]) -> None:
    recorded(repo)
    assert tp_fix_run(*args, cwd=repo).returncode == 0


def test_while_something_cannot_be_read_no_entry_is_missed(repo: Path) -> None:
    recorded(repo)
    release(repo).write_bytes(b"on: push # publish\njobs: [\n")
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 2 and "found no more" not in run.stdout


def test_a_repository_without_findings_gets_no_file(repo: Path) -> None:
    release(repo).unlink()
    assert tp_fix_run("--write-baseline", cwd=repo).stdout == "tp-fix: nothing to record\n"
    assert not (repo / NAME).exists()


def test_notes_are_not_recorded(repo: Path) -> None:
    (repo / "tp-fix.toml").write_text('[levels]\nid-token = "note"\n')
    assert [item["rule"] for item in recorded(repo)] == ["npm-token"]


def test_no_credential_gets_into_it(repo: Path) -> None:
    token = "npm_" + "0123456789" * 3 + "abcdef"
    uuid = "01234567-89ab-cdef-0123-456789abcdef"
    steps = f"      - run: NPM_TOKEN={uuid} npm publish --//r/:_authToken={uuid}\n      - run: {token} publish\n"
    release(repo).write_text(WORKFLOW.replace("${{ secrets.NPM_TOKEN }}", token) + steps)
    (repo / ".npmrc").write_text(f"//registry.octo.example/:_authToken={uuid}\n_auth={uuid}\n")
    assert recorded(repo)
    text = (repo / NAME).read_text()
    assert token not in text and uuid not in text


def test_what_it_names_is_no_use_of_a_secret(repo: Path) -> None:
    before = tp_fix_run(cwd=repo).stdout
    recorded(repo)
    assert NAME not in "".join(report(repo)["next"])
    (repo / NAME).write_text(json.dumps({"version": 1, "findings": []}) + "\n")
    assert tp_fix_run(cwd=repo).stdout == before


BROKEN = {
    "not JSON": ('{"version": 1,}', f"{NAME}:1:15: not JSON"),
    "a list": ("[]", "no baseline"),
    "no version": ('{"findings": []}', "no baseline"),
    "a newer version": ('{"version": 2, "findings": []}', "made by a newer tp-fix (version 2)"),
    "true is no version": ('{"version": "1", "findings": []}', "no baseline"),
    "an entry too short": ('{"version": 1, "findings": [{"rule": "id-token"}]}', "finding 1 does not consist of rule"),
    "an entry that is a word": ('{"version": 1, "findings": ["x"]}', "finding 1 does not consist of rule"),
    "deep": ('{"version": 1, "findings": ' + "[" * 100_000, "nested too deeply"),
    "empty": ("", "not JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_a_clear_line_and_can_be_written_anew(repo: Path, name: str) -> None:
    text, said = BROKEN[name]
    (repo / NAME).write_text(text)
    run = tp_fix_run("--apply", cwd=repo)
    assert run.returncode == 2 and said in run.stderr and "Traceback" not in run.stderr and run.stdout == ""
    assert release(repo).read_text() == WORKFLOW
    assert len(recorded(repo)) == 2


def test_one_that_is_no_file_of_its_own(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text('{"version": 1, "findings": []}')
    (repo / NAME).symlink_to(tmp_path / "outside.json")
    assert "leads out of the repository" in tp_fix_run(cwd=repo).stderr
    run = tp_fix_run("--write-baseline", cwd=repo)
    assert run.returncode == 2 and "symbolic link" in run.stderr
    assert json.loads((tmp_path / "outside.json").read_text())["findings"] == []
    (repo / NAME).unlink()
    (repo / NAME).mkdir()
    assert "not a regular file" in tp_fix_run(cwd=repo).stderr
    run = tp_fix_run("--write-baseline", cwd=repo)
    assert run.returncode == 2 and "cannot be written" in run.stderr


def test_its_mode_is_that_of_other_new_files_and_then_kept(repo: Path) -> None:
    recorded(repo)
    (repo / "new").touch()
    assert stat.S_IMODE((repo / NAME).stat().st_mode) == stat.S_IMODE((repo / "new").stat().st_mode)
    (repo / NAME).chmod(0o600)
    recorded(repo)
    assert stat.S_IMODE((repo / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "args",
    [
        ("--apply",),
        ("--interactive",),
        ("--format", "json"),
        ("--select", "id-token"),
        ("--ignore", "id-token"),
        ("--workflow", "release.yml"),
        ("--package", "octo-pkg"),
        ("package.json",),
        ("--show-settings",),
    ],
)
def test_a_baseline_is_of_the_whole_repository_and_writes_nothing_else(repo: Path, args: tuple[str, ...]) -> None:
    run = tp_fix_run("--write-baseline", *args, cwd=repo)
    assert run.returncode == 2 and "contradict" in run.stderr
    assert not (repo / NAME).exists()


YAML = """\
jobs:
  a:
    runs-on: [x, y]
    steps:
      - name: One
      - id: two
      - uses: octo/three@v1
      - run: |
          npm publish "$SECRET"
      - run: SECRET=0123456789abcdef npm publish
      - { shell: bash }
"""


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ((), ""),
        (("jobs", "a", "steps", 0, "name"), "jobs.a.steps[One].name"),
        (("jobs", "a", "steps", 1), "jobs.a.steps[two]"),
        (("jobs", "a", "steps", 2), "jobs.a.steps[octo/three]"),
        (("jobs", "a", "steps", 3), "jobs.a.steps[npm publish]"),
        (("jobs", "a", "steps", 4), "jobs.a.steps[npm]"),
        (("jobs", "a", "steps", 5), "jobs.a.steps[]"),
        (("jobs", "a", "runs-on", 1), "jobs.a.runs-on[y]"),
        (("jobs", "gone", "steps", 9), "jobs.gone.steps[]"),
    ],
)
def test_landmarks(route: Route, said: str) -> None:
    assert landmark(read(Source.decode("a.yml", YAML.encode())), route) == said


def test_landmarks_of_settings_are_their_keys() -> None:
    document = read(Source.decode(".npmrc", b"a=b\n//r.example/:_authToken=0123456789\n"))
    assert landmark(document, (1,)) == "[//r.example/:_authToken]"
