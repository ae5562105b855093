"""What npm has been told, from the client's output and from tp-fix.toml: read, or refused with one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from test_command_line import tp_fix_run
from test_settings import settle
from tp_fix.against import configured
from tp_fix.errors import UsageError
from tp_fix.models.repository import Repository
from tp_fix.models.trust.configured import Configured
from two_findings import repo

__all__ = ["repo"]
ONE = {
    "id": "b1a2",
    "type": "github",
    "file": "release.yml",
    "repository": "octo-org/octo-repo",
    "environment": "npm",
    "permissions": ["createPackage", "createStagedPackage"],
}
OLD = {"id": "c3", "type": "github", "file": "old.yml", "repository": "octo-org/octo-repo"}
GITLAB = {"id": "d4", "type": "gitlab", "file": ".gitlab-ci.yml", "project": "octo/octo"}


def printed(*objects: dict[str, Any]) -> str:
    """As the client prints it: a blank line, the object; a blank line at the end; nothing without any."""
    return "".join(f"\n{json.dumps(each, indent=2)}\n" for each in objects) + ("\n" if objects else "")


def packages(*names: str) -> Repository:
    return Repository.of(
        {f"packages/{at}/package.json": json.dumps({"name": name}).encode() for at, name in enumerate(names)}
    )


def read(tmp_path: Path, text: str | bytes, name: str = "list.json", *names: str, package: str = "") -> dict[str, Any]:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    argument = f"{package}={path}" if package else str(path)
    found = configured([argument], [], packages(*names))
    return {each: [publisher._replace(where="") for publisher in listed.publishers] for each, listed in found.items()}


def publisher(package: str = "octo-pkg") -> Configured:
    return Configured(package, "octo-org/octo-repo", "release.yml", "npm", ("publish", "stage"), id="b1a2")


def test_what_the_client_prints(tmp_path: Path) -> None:
    (found,) = read(tmp_path, printed(ONE, OLD, GITLAB), "list.json", "octo-pkg").values()
    assert found == [
        publisher(),
        Configured("octo-pkg", "octo-org/octo-repo", "old.yml", "", ("publish",), id="c3"),
        Configured("octo-pkg", "", "", None, None, "gitlab", "d4"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ONE),
        json.dumps([ONE]),
        printed({"title": "Authenticate your account at", "url": "https://x.invalid"}, ONE),
        b"\xef\xbb\xbf" + json.dumps(ONE).encode(),
        json.dumps(ONE).encode("utf-16"),
        json.dumps({**ONE, "package": "octo-pkg"}),
    ],
)
def test_other_ways_to_save_it(tmp_path: Path, text: str | bytes) -> None:
    assert read(tmp_path, text, "list.json", "octo-pkg") == {"octo-pkg": [publisher()]}


def test_no_publisher_is_printed_as_nothing(tmp_path: Path) -> None:
    for text in ("", "\n", "[]\n"):
        assert read(tmp_path, text, "list.json", "octo-pkg") == {"octo-pkg": []}


@pytest.mark.parametrize(
    ("file", "package"),
    [
        ("a.json", "a"),
        ("octo-b.json", "@octo/b"),
        ("@octo+b.json", "@octo/b"),
        ("@octo%2fb.json", "@octo/b"),
        ("octo__b.json", "@octo/b"),
        ("@octo/b.json", "@octo/b"),
        ("@octo/b", "@octo/b"),
    ],
)
def test_a_file_can_be_named_after_its_package(tmp_path: Path, file: str, package: str) -> None:
    assert read(tmp_path, printed(ONE), file, "a", "@octo/b") == {package: [publisher(package)]}


def test_the_package_can_be_named_before_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, printed(ONE), "x.json", "a", "b", package="@octo/c") == {"@octo/c": [publisher("@octo/c")]}
    assert read(tmp_path, "", "x.json", "a", "b", package="b") == {"b": []}


def test_a_file_with_an_equals_sign_in_its_name_is_a_file(tmp_path: Path) -> None:
    assert read(tmp_path, printed(ONE), "a=b.json", "octo-pkg") == {"octo-pkg": [publisher()]}


def test_one_file_may_speak_of_several_packages_by_name(tmp_path: Path) -> None:
    text = printed({**ONE, "package": "a"}, {**ONE, "package": "b"}, {**OLD, "package": "a"})
    found = read(tmp_path, text, "list.json", "a", "b")
    assert {name: [each.workflow for each in listed] for name, listed in found.items()} == {
        "a": ["release.yml", "old.yml"],
        "b": ["release.yml"],
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n{\n", "list.json:3: not JSON: "),
        ("type: github\nid: b1a2\n", "list.json: not JSON: "),
        ('"octo-pkg"', "something else than objects"),
        ('{"version": 1}', "not a trusted publisher"),
        ('{"error": {"code": "E404", "summary": "x"}}', "npm failed: E404"),
        ('{"error": {"code": "EOTP"}}', "npm failed: EOTP"),
        (json.dumps({**ONE, "permissions": "all"}), "`permissions` is not a list"),
        ("[" * 100000, "nested too deeply"),
        (b"\xff\xff", "not text in UTF-8"),
        (" " * (1 << 20) + "{}", "larger than 1 MiB"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, text, "list.json", "octo-pkg")
    assert said in error.value.message and "list.json" in error.value.message and error.value.hint


def test_a_file_that_may_be_about_several_packages_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not tell which package") as error:
        read(tmp_path, printed(ONE), "list.json", "a", "b")
    assert "--against a=" in error.value.hint
    with pytest.raises(UsageError, match="about b, and not about a"):
        read(tmp_path, printed({**ONE, "package": "b"}), "list.json", "a", "b", package="a")


def test_standard_input_and_the_settings(repo: Path) -> None:
    settle(repo, '[[publisher]]\npackage = "other"\nrepository = "a/b"\nworkflow = "x.yml"\nactions = ["stage"]\n')
    run = tp_fix_run("--show-settings", "--format", "json", "--against", "-", cwd=repo, stdin=printed(ONE))
    rows = {tuple(row["key"]): row for row in json.loads(run.stdout)["settings"]}
    assert rows["publisher", "octo-pkg"]["from"] == "standard input"
    assert rows["publisher", "octo-pkg"]["value"][0]["environment"] == "npm"
    assert rows["publisher", "other"]["from"] == "tp-fix.toml:1"
    assert rows["publisher", "other"]["value"] == [
        {"package": "other", "repository": "a/b", "workflow": "x.yml", "actions": ["stage"]}
    ]


def test_the_command_line_goes_before_the_settings(repo: Path) -> None:
    settle(repo, '[[publisher]]\npackage = "octo-pkg"\nrepository = "a/b"\nworkflow = "x.yml"\n')
    run = tp_fix_run("--show-settings", "--against", "-", cwd=repo, stdin="")
    assert "# octo-pkg: no trusted publisher  # standard input" in run.stdout and "[[publisher]]" not in run.stdout


def test_the_settings_shown_are_settings(repo: Path) -> None:
    text = '[[publisher]]\npackage = "octo-pkg"\nrepository = "a/b"\nworkflow = "x.yml"\nenvironment = "npm"\n'
    settle(repo, text)
    shown = tp_fix_run("--show-settings", cwd=repo).stdout
    settle(repo, shown)
    assert "[[publisher]]  # tp-fix.toml:" in tp_fix_run("--show-settings", cwd=repo).stdout


PUBLISHER = '[[publisher]]\npackage = "octo-pkg"\nrepository = "a/b"\nworkflow = "x.yml"\n'


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("[publisher]\npackage = 'x'\n", "tp-fix.toml:1: 'publisher' is not a list of tables", "[[publisher]]"),
        (f'{PUBLISHER}enviroment = "npm"\n', "tp-fix.toml:5: there is no 'enviroment'", "did you mean environment?"),
        (f'{PUBLISHER}\n[[publisher]]\npackage = "x"\n', "tp-fix.toml:6: 'repository' of a publisher is missing", ""),
        (PUBLISHER.replace("a/b", "https://github.com/a/b"), "tp-fix.toml:3: ", "octo-org/left-pad"),
        (PUBLISHER.replace('"x.yml"', "1"), "tp-fix.toml:4: 1 is no workflow", "release.yml"),
        (f'{PUBLISHER}actions = ["stages"]\n', "tp-fix.toml:5: there is no action 'stages'", "did you mean stage?"),
        (f'{PUBLISHER}actions = "stage"\n', "tp-fix.toml:5: 'actions' is not a list", 'actions = ["publish"]'),
        ("publishers = []\n", "tp-fix.toml:1: there is no setting 'publishers'", "did you mean publisher?"),
    ],
)
def test_what_the_settings_cannot_say(repo: Path, text: str, said: str, hint: str) -> None:
    settle(repo, text)
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 2 and said in run.stderr and hint in run.stderr


def test_a_file_that_is_not_there(repo: Path) -> None:
    run = tp_fix_run("--against", "nowhere.json", cwd=repo)
    assert run.returncode == 2 and "--against nowhere.json: cannot be read: No such file" in run.stderr
