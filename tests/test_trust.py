"""`tp-fix trust`: its text, its JSON, its exit statuses, and what it says where npm cannot be told just so."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import tp_fix.report
from golden import to_placeholder, to_real
from test_command_line import git, tp_fix_run
from test_trusted_publisher import CALLED, CALLER, FOLDER, MANIFEST, RELEASE, WORKSPACE
from tp_fix.facts.registry import settings_page
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.report.trust.registration import Registration, npm_steps, registrations

SCHEMA = json.loads((Path(tp_fix.report.__path__[0]) / "trust" / "schema.json").read_text())
NAME = "octo-org/octo-repo"


def told(files: dict[str, str], tags: tuple[str, ...] = (), *, given: bool = True) -> tuple[Registration, ...]:
    """What a repository in memory makes; a workflow is named by its file name alone."""
    placed = {f"{FOLDER}{path}" if path.endswith((".yml", ".yaml")) else path: text for path, text in files.items()}
    raw = {path: to_real(text.encode()) for path, text in placed.items()}
    return registrations(Model(Repository.of(raw, NAME, given=given)), tags=tags)


def notes(files: dict[str, str]) -> str:
    """All notes about the only package."""
    (found,) = told({"package.json": MANIFEST, **files})
    return "\n".join(found.notes)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    lay(root, {f"{FOLDER}release.yml": RELEASE.replace("npm publish", "npm publish -ws"), **WORKSPACE})
    git(root, "init", "-q")
    git(root, "remote", "add", "origin", "git@github.com:octo-org/octo-repo.git")
    return root


def lay(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(to_real(text.encode()))


def trust(root: Path, *args: str) -> tuple[int, str]:
    run = tp_fix_run("trust", *args, cwd=root)
    assert "Traceback" not in run.stderr
    return run.returncode, run.stdout or run.stderr


def as_json(root: Path, *args: str) -> list[dict[str, Any]]:
    found = json.loads(trust(root, "--format", "json", *args)[1])
    Draft202012Validator(SCHEMA).validate(found)
    packages: list[dict[str, Any]] = found["packages"]
    return packages


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_json(repo: Path) -> None:
    first, second = as_json(repo, "--repository", NAME)
    assert first == {
        "name": "@octo/a",
        "repository": NAME,
        "workflow": "release.yml",
        "environment": "",
        "actions": ["publish"],
        "settings_url": settings_page("@octo/a"),
        "commands": [f"npm trust github @octo/a --file release.yml --repository {NAME} --allow-publish"],
        "notes": [],
    }
    assert second["name"] == "@octo/b"


def test_json_of_what_is_not_known(repo: Path) -> None:
    text = RELEASE.replace("npm publish", "npm publish $X").replace(
        "runs-on:", "environment: ${{ vars.E }}\n    runs-on:"
    )
    lay(repo, {f"{FOLDER}release.yml": text})
    (only,) = as_json(repo)
    unknown = {key: only[key] for key in ("name", "environment", "settings_url", "commands")}
    assert unknown == {"name": None, "environment": None, "settings_url": None, "commands": []}
    assert only["workflow"] == "release.yml" and "It may be one of: @octo/a, @octo/b." in only["notes"]
    assert trust(repo)[0] == 1


def test_text_has_fields_page_and_command(repo: Path) -> None:
    status, said = trust(repo, "--repository", NAME)
    assert status == 0
    for line in (
        "@octo/a",
        "    owner          octo-org",
        "    repository     octo-repo",
        "    workflow file  release.yml",
        "    environment    (leave it empty)",
        "    allow          npm publish",
        f"    {settings_page('@octo/b')}",
        f"      npm trust github @octo/b --file release.yml --repository {NAME} --allow-publish",
    ):
        assert f"{line}\n" in said
    assert said.count("workflow file") == 1, "what is the same for both is said once"
    assert "letter by letter" in said and "E404" in said and "npm 11.15.0 or newer" in said


def test_a_remote_does_not_prove_the_name_and_that_is_said_once(repo: Path) -> None:
    assert trust(repo)[1].count("is what the git remote says") == 1
    assert "git remote" not in trust(repo, "--repository", NAME)[1]


def test_without_a_remote_the_repository_is_asked_for(repo: Path) -> None:
    git(repo, "remote", "remove", "origin")
    status, said = trust(repo)
    assert status == 1 and "say --repository OWNER/NAME" in said and "npm trust github @octo" not in said
    assert as_json(repo)[0]["repository"] is None
    assert trust(repo, "--repository", NAME)[0] == 0


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (("--package", "@octo/a"), ["@octo/a"]),
        (("--package", "@octo/a", "--package", "@octo/b"), ["@octo/a", "@octo/b"]),
        (("packages/b",), ["@octo/a", "@octo/b"]),
        ((".github/workflows/release.yml",), ["@octo/a", "@octo/b"]),
        (("packages/tests",), []),
    ],
)
def test_narrowed(repo: Path, args: tuple[str, ...], names: list[str]) -> None:
    assert [each["name"] for each in as_json(repo, *args)] == names


def test_a_name_that_is_not_here(repo: Path) -> None:
    status, said = trust(repo, "--package", "@octo/c")
    assert status == 2 and "there is no package '@octo/c' here" in said and "did you mean @octo/" in said


def test_a_folder_that_is_not_here(repo: Path) -> None:
    assert trust(repo, "nowhere") == (2, "tp-fix: 'nowhere': no such file or folder\n")


@pytest.mark.parametrize("format", ["text", "json", "sh"])
def test_nothing_publishes(repo: Path, format: str) -> None:
    (repo / FOLDER / "release.yml").unlink()
    run = tp_fix_run("trust", "--format", format, cwd=repo)
    assert run.returncode == 1
    assert run.stdout == "" if format == "sh" else run.stdout


def test_a_manifest_that_cannot_be_read_elsewhere_does_not_matter(repo: Path) -> None:
    lay(repo, {"test/fixtures/package.json": "{"})
    assert trust(repo)[0] == 0
    lay(repo, {"packages/a/package.json": "{"})
    assert trust(repo)[0] == 2


def test_colours_only_where_they_are_wanted(repo: Path) -> None:
    assert "\x1b[" not in trust(repo)[1] and "\x1b[1m@octo/a" in trust(repo, "--color", "always")[1]


def test_the_script_is_one(repo: Path) -> None:
    script = trust(repo, "--format", "sh")[1]
    assert script.startswith("#!/bin/sh\n") and "\nregister @octo/a release.yml '' --allow-publish\n" in script
    assert "@" not in script.replace("@octo/", "").replace('"$@"', "").replace("npm@11", ""), "every mark is filled in"
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)
    assert "npm-registry.invalid" in to_placeholder(script)


def test_what_is_not_read_is_said(repo: Path) -> None:
    text = RELEASE.replace("run: npm publish", "run: doas npm publish")
    lay(repo, {f"{FOLDER}other.yml": text})
    for format in ("text", "json", "sh"):
        run = tp_fix_run("trust", "--format", format, cwd=repo)
        assert "look yourself whether it publishes to npm: step `#3` in .github/workflows/other.yml" in run.stderr
        assert run.returncode == 0


@pytest.mark.parametrize("format", ["text", "json", "sh"])
def test_a_credential_is_cut_short(repo: Path, format: str) -> None:
    token = "npm_" + "a" * 36
    lay(repo, {f"{FOLDER}release.yml": RELEASE.replace("npm publish", f"npm publish $X --_authToken={token}")})
    said = trust(repo, "--format", format)[1]
    assert token not in said and "npm publish" in said


# what cannot be registered just so


def test_the_plain_case_needs_no_note() -> None:
    assert notes({"release.yml": RELEASE}) == ""


DISPATCHED = RELEASE.replace("release:\n    types: [published]", "workflow_dispatch:")


def test_several_workflows() -> None:
    said = notes({"release.yml": RELEASE, "beta.yml": DISPATCHED})
    assert "2 files are started to publish it: `release.yml` (release); `beta.yml` (workflow_dispatch)." in said
    assert "up to 10 trusted publishers" in said and "the client's own page still says one" in said
    assert "let one workflow start every release and call the others" in said


def test_several_callers() -> None:
    said = notes({"publish.yml": CALLED, "a.yml": CALLER, "b.yml": CALLER})
    assert ".github/workflows/publish.yml is called by `a.yml`, `b.yml`; npm sees the file that was started." in said


def test_a_caller_that_is_not_here() -> None:
    said = notes({"publish.yml": CALLED})
    assert "publish.yml is only called, and nothing here calls it" in said


def test_one_file_started_in_many_ways_is_one() -> None:
    events = "release:\n    types: [published]\n  workflow_dispatch:\n  schedule: [{cron: 0 0 * * *}]"
    assert notes({"release.yml": RELEASE.replace("release:\n    types: [published]", events)}) == ""


def test_different_environments_of_one_file() -> None:
    job = RELEASE.partition("jobs:\n")[2].replace("publish:", "beta:", 1)
    said = notes({"release.yml": RELEASE + job.replace("runs-on:", "environment: beta\n    runs-on:")})
    assert "`release.yml` (release) publishes it in different environments: none or `beta`" in said
    assert "use one environment, or leave npm's field empty" in said


def test_an_environment_that_only_the_run_tells() -> None:
    said = notes({"release.yml": RELEASE.replace("runs-on:", "environment: ${{ inputs.e }}\n    runs-on:")})
    assert "The environment of job `publish` in .github/workflows/release.yml is known only at run time." in said


@pytest.mark.parametrize(
    ("run", "there"),
    [
        ("npm dist-tag add left-pad-plus@$V latest", True),
        ("npm dist-tags rm left-pad-plus next", True),
        ("yarn npm tag add left-pad-plus@1.0.0 latest", True),
        ("npm dist-tag ls", False),
        ("echo npm dist-tag add", False),
        ("npm publish --tag next", False),
    ],
)
def test_dist_tags(run: str, there: bool) -> None:
    said = notes({"release.yml": f"{RELEASE}      - run: {run}\n"})
    assert ("also runs `npm dist-tag`: npm 11.21.0 or 12.2.0 asks for an identity" in said) == there


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("npm publish", "cd dist && npm publish", "the name is that of package.json above it"),
        (
            "npm publish",
            "npm publish $FLAGS",
            "Whether job `publish` in .github/workflows/release.yml publishes is not",
        ),
        ("https://npm-registry.invalid", "${{ vars.URL }}", "It may go to another registry"),
        (
            "runs-on:",
            "if: github.repository == 'octo-org/other'\n    runs-on:",
            "lets it run in `octo-org/other` alone",
        ),
        ("runs-on:", "environment: -x\n    runs-on:", "npm's client cannot be given these names"),
    ],
)
def test_other_doubts(old: str, new: str, said: str) -> None:
    assert said in notes({"release.yml": RELEASE.replace(old, new)})


def test_a_condition_on_this_repository_is_none() -> None:
    condition = f"if: github.repository == '{NAME.upper()}' && github.repository_owner == 'octo-org'"
    assert notes({"release.yml": RELEASE.replace("runs-on:", f"{condition}\n    runs-on:")}) == ""


# packages that npm may not know yet


def versions(a: str, b: str, *more: str) -> dict[str, str]:
    manifest = '{{"name": "@octo/{0}", "version": "{1}"}}'
    own = {f"packages/{name}/package.json": manifest.format(name, version) for name, version in (("a", a), ("b", b))}
    return {
        **WORKSPACE,
        **own,
        "release.yml": RELEASE.replace("npm publish", "npm publish -ws"),
        **dict.fromkeys(more, ""),
    }


@pytest.mark.parametrize(
    ("files", "tags", "first", "sign"),
    [
        (versions("1.0.0", "1.0.0"), (), "@octo/a", ""),
        (versions("1.0.0", "1.0.0"), ("v1.0.0", "v2.0.0"), "@octo/a", ""),
        (versions("1.0.0", "1.0.0"), ("@octo/a@1.0.0",), "@octo/b", "no git tag has its name, as that of @octo/a has"),
        (versions("1.0.0", "1.0.0"), ("a-v1.0.0",), "@octo/b", "no git tag"),
        (versions("1.0.0", "1.0.0"), ("a/1.0.0", "b/1.0.0"), "@octo/a", ""),
        (versions("1.0.0", "1.0.0"), ("a-thing", "ab@1.0.0"), "@octo/a", ""),
        (versions("1.0.0", "0.0.0"), (), "@octo/a", ""),
        (versions("1.0.0", "0.0.0", "packages/a/CHANGELOG.md"), (), "@octo/b", "its version is 0.0.0 and it has no"),
        (versions("0.0.0", "0.0.0", "packages/a/CHANGELOG.md"), (), "@octo/a", ""),
        (versions("1.0.0", "0.0.0", "packages/a/CHANGELOG.md", "packages/b/CHANGELOG.md"), (), "@octo/a", ""),
    ],
)
def test_signs_of_a_new_package(files: dict[str, str], tags: tuple[str, ...], first: str, sign: str) -> None:
    found = told(files, tags)
    assert found[0].name == first
    assert [bool(each.new) for each in found] == [bool(sign), False]
    assert sign in "; ".join(found[0].new)
    assert found[0].first == ("cd packages/b && npm publish --access public" if sign else "")


def test_new_ones_come_first_with_what_to_do(repo: Path) -> None:
    git(repo, "add", "-A")
    git(repo, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x")
    git(repo, "tag", "@octo/a@1.0.0")
    said = trust(repo)[1]
    assert said.startswith(
        "@octo/b\n  ! npm may not know @octo/b yet: no git tag has its name, as that of @octo/a has."
    )
    assert "\n      cd packages/b && npm publish --access public\n" in said
    assert as_json(repo)[0]["notes"][0].startswith("npm may not know it yet: no git tag has its name")


# plain data for others


def test_steps_for_what_a_run_is_about() -> None:
    raw = {f"{FOLDER}{name}.yml": to_real(RELEASE.encode()) for name in ("a", "b")}
    model = Model(Repository.of({"package.json": MANIFEST.encode(), **raw}, NAME))
    (step,) = npm_steps(model, lambda path, route: path.endswith("a.yml"))
    assert [entry.workflow for entry in step.entries] == ["a.yml", "b.yml"], "npm has to know of both"
    assert step.commands[0][:4] == ("npm", "trust", "github", "left-pad-plus")
    assert npm_steps(model, lambda path, route: False) == ()
