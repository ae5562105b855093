"""`--workflow` and `--package`: what they are about, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_command_line import release, report, tp_fix_run
from two_findings import WORKFLOW, repo

__all__ = ["repo"]
MATRIX = WORKFLOW.replace(
    "      - run: npm publish\n", "      - run: npm publish\n        working-directory: ${{ matrix.x }}\n"
)


@pytest.fixture
def monorepo(repo: Path) -> Path:
    """Two packages, each with a workflow of its own, and a manifest that nobody publishes."""
    release(repo).unlink()
    for name in ("a", "b"):
        folder = repo / "packages" / name
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(f'{{"name": "@octo/{name}", "repository": "octo-org/octo-repo"}}\n')
        (folder / ".npmrc").write_text("//npm.octo.example/:_authToken=${T}\n")
        text = WORKFLOW.replace("run: npm publish\n", f"run: npm publish\n        working-directory: packages/{name}\n")
        release(repo).with_name(f"{name}.yml").write_text(text)
    return repo


def workflows(root: Path, *args: str | Path) -> set[str]:
    return {finding["path"].removeprefix(".github/workflows/") for finding in report(root, *args)["findings"]}


def test_without_them_everything_is_meant(monorepo: Path) -> None:
    assert workflows(monorepo) == {"a.yml", "b.yml"}


@pytest.mark.parametrize("name", ["a.yml", ".github/workflows/a.yml", "./.github/workflows/a.yml"])
def test_a_workflow_by_name_or_path(monorepo: Path, name: str) -> None:
    assert workflows(monorepo, "--workflow", name) == {"a.yml"}


def test_a_workflow_by_its_path_from_here(monorepo: Path) -> None:
    run = tp_fix_run("--workflow", "../.github/workflows/b.yml", cwd=monorepo / "packages")
    assert "workflows/b.yml\n" in run.stdout and "workflows/a.yml\n" not in run.stdout


def test_both_may_be_repeated(monorepo: Path) -> None:
    assert workflows(monorepo, "--workflow", "a.yml", "--workflow", "b.yml") == {"a.yml", "b.yml"}
    assert workflows(monorepo, "--package", "@octo/a", "--package", "@octo/b") == {"a.yml", "b.yml"}


def test_a_package_is_its_workflows(monorepo: Path) -> None:
    assert workflows(monorepo, "--package", "@octo/b") == {"b.yml"}


def test_together_with_each_other_and_with_a_path_they_narrow_further(monorepo: Path) -> None:
    assert workflows(monorepo, "--package", "@octo/a", "--workflow", "b.yml") == set()
    assert workflows(monorepo, "--package", "@octo/a", "packages") == set()
    assert workflows(monorepo, "--package", "@octo/a", ".github") == {"a.yml"}


def test_only_what_is_named_is_written_and_advised_on(monorepo: Path) -> None:
    run = tp_fix_run("--apply", "--package", "@octo/a", cwd=monorepo)
    assert run.returncode == 0
    assert "id-token: write" in release(monorepo).with_name("a.yml").read_text()
    assert "id-token: write" not in release(monorepo).with_name("b.yml").read_text()
    assert "give @octo/a a trusted publisher" in run.stdout and "@octo/b" not in run.stdout


def test_what_publishes_packages_that_cannot_be_known_may_publish_this_one(monorepo: Path) -> None:
    release(monorepo).write_text(MATRIX)
    assert workflows(monorepo, "--package", "@octo/a") == {"a.yml", "release.yml"}


def test_a_settings_file_beside_the_manifest_belongs_to_the_package(monorepo: Path) -> None:
    for name in ("a", "b"):
        (monorepo / "packages" / name / ".npmrc").write_text("always-auth=true\n")
    assert "packages/a/.npmrc" in workflows(monorepo, "--package", "@octo/a")
    assert "packages/b/.npmrc" not in workflows(monorepo, "--package", "@octo/a")


@pytest.fixture
def one_workflow(monorepo: Path) -> Path:
    """Both packages published by jobs of one workflow."""
    release(monorepo).with_name("b.yml").unlink()
    path = release(monorepo).with_name("a.yml")
    text = path.read_text()
    path.write_text(
        text + text[text.index("  publish:") :].replace("publish:", "other:").replace("packages/a", "packages/b")
    )
    return monorepo


def test_of_a_workflow_with_several_packages_only_the_jobs_of_one(one_workflow: Path) -> None:
    run = tp_fix_run("--apply", "--package", "@octo/b", cwd=one_workflow)
    assert run.returncode == 0 and "2 of 2 fixed" in run.stdout and "@octo/a" not in run.stdout
    text = release(one_workflow).with_name("a.yml").read_text()
    assert text.count("id-token: write") == 1 and text.index("other:") < text.index("id-token: write")


def test_entries_of_the_baseline_for_other_packages_are_not_missed(one_workflow: Path) -> None:
    tp_fix_run("--write-baseline", cwd=one_workflow)
    assert tp_fix_run("--package", "@octo/b", cwd=one_workflow).returncode == 0
    assert (
        tp_fix_run("--package", "@octo/b", "--apply", cwd=one_workflow).stdout.count("recorded and found no more") == 2
    )


@pytest.fixture
def reusable(monorepo: Path) -> Path:
    callee = release(monorepo).with_name("a.yml")
    callee.write_text(callee.read_text().replace("release:\n    types: [published]", "workflow_call:"))
    release(monorepo).write_text(
        "on: push\njobs:\n  go:\n    permissions: {}\n    uses: ./.github/workflows/a.yml\n    secrets: inherit\n"
    )
    return monorepo


def test_a_caller_means_what_it_calls_too(reusable: Path) -> None:
    found = report(reusable, "--workflow", "release.yml")["findings"]
    assert {finding["path"] for finding in found} == {".github/workflows/a.yml"}
    assert found[0]["fix"]["status"] == "planned"


def test_a_package_means_the_callers_of_its_workflow_too(reusable: Path) -> None:
    assert report(reusable, "--package", "@octo/a")["findings"][0]["fix"]["status"] == "planned"


def test_a_fix_that_needs_a_file_that_is_not_named_is_refused(reusable: Path) -> None:
    finding = report(reusable, "--workflow", "a.yml")["findings"][0]
    assert finding["fix"]["status"] == "refused" and "release.yml lies outside" in finding["fix"]["reason"]


def test_workflows_that_call_each_other_end(monorepo: Path) -> None:
    for name, other in (("x", "y"), ("y", "x")):
        text = f"on: workflow_call\njobs:\n  publish:\n    uses: ./.github/workflows/{other}.yml\n"
        release(monorepo).with_name(f"{name}.yml").write_text(text)
    assert tp_fix_run("--workflow", "x.yml", cwd=monorepo).returncode == 0


@pytest.mark.parametrize(
    ("args", "said", "hint"),
    [
        (("--workflow", "c.yml"), "there is no workflow 'c.yml'", ".yml"),
        (("--workflow", "a.yaml"), "there is no workflow 'a.yaml'", "did you mean a.yml?"),
        (("--workflow", "package.json"), "there is no workflow 'package.json'", ""),
        (("--workflow", ""), "there is no workflow ''", ""),
        (("--package", "@octo/aa"), "there is no package '@octo/aa'", "did you mean @octo/"),
        (("--package", "zzz"), "there is no package 'zzz'", "known: @octo/a, @octo/b, octo-pkg"),
    ],
)
def test_an_unknown_name_names_the_nearest(monorepo: Path, args: tuple[str, ...], said: str, hint: str) -> None:
    run = tp_fix_run(*args, cwd=monorepo)
    assert run.returncode == 2 and said in run.stderr and hint in run.stderr and run.stdout == ""


def test_without_workflows_or_packages(tmp_path: Path) -> None:
    assert "there is no workflow" in tp_fix_run("--workflow", "a.yml", cwd=tmp_path).stderr
    assert "no package.json names one" in tp_fix_run("--package", "a", cwd=tmp_path).stderr
