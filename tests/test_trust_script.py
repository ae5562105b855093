"""The script of `tp-fix trust --format sh`, run by real shells against an npm that stands in for the real one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tp_fix.facts.registry import public_host
from tp_fix.facts.trust import Action, command
from tp_fix.report.trust.registration import Entry, Registration
from tp_fix.report.trust.script import as_script

FAKE = Path(__file__).parent / "fake_npm.py"
SHELLS = [shell for shell in ("sh", "dash", "bash") if shutil.which(shell)]
Way = tuple[str, str, tuple[Action, ...]]
RELEASE: Way = ("release.yml", "", ("publish",))
BETA: Way = ("beta.yml", "", ("publish",))


def registration(name: str, *ways: Way, repository: str = "octo-org/octo-repo", **more: Any) -> Registration:
    entries = tuple(Entry(*way, command(name, repository, *way)) for way in ways)
    return Registration(name, repository, entries, more.pop("notes", ()), **more)


class Npm:
    """A folder with the fake npm, and the scripts that run there."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.settings = {"version": "12.2.0", "user": "octo", "unknown": [], "second_factor": False, "at_most": 10}
        for name, text in {
            "npm": f'#!/bin/sh\nexec "{sys.executable}" "{FAKE}" "$@"\n',
            "sleep": '#!/bin/sh\necho "sleep $1" >> "$FAKE_NPM/calls"\n',
        }.items():
            (home / name).write_text(text)
            (home / name).chmod(0o755)

    def run(self, *registrations: Registration, args: tuple[str, ...] = (), shell: str = "sh", **settings: Any) -> str:
        """What the script prints, both streams, and its exit status on the last line."""
        (self.home / "settings.json").write_text(json.dumps(self.settings | settings))
        (self.home / "calls").write_text("")
        (self.home / "trust.sh").write_text(as_script(registrations))
        run = subprocess.run(
            [shell, "trust.sh", *args],
            cwd=self.home,
            env={**os.environ, "PATH": f"{self.home}{os.pathsep}{os.environ['PATH']}", "FAKE_NPM": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return f"{run.stdout}exit {run.returncode}"

    @property
    def calls(self) -> list[str]:
        return (self.home / "calls").read_text().splitlines()

    @property
    def created(self) -> list[str]:
        return [call for call in self.calls if call.startswith("trust github")]

    @property
    def known(self) -> dict[str, Any]:
        path = self.home / "state.json"
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return found


@pytest.fixture
def npm(tmp_path: Path) -> Npm:
    return Npm(tmp_path)


@pytest.mark.parametrize("shell", SHELLS)
def test_it_registers_each_package_and_again_changes_nothing(npm: Npm, shell: str) -> None:
    both = (registration("@octo/a", RELEASE), registration("@octo/b", ("release.yml", "npm", ("publish", "stage"))))
    said = npm.run(*both, shell=shell)
    assert said.endswith("All done\nexit 0"), said
    assert npm.created == [
        "trust github @octo/a --file release.yml --repository octo-org/octo-repo --allow-publish --yes",
        "trust github @octo/b --file release.yml --repository octo-org/octo-repo --environment npm --allow-publish "
        "--allow-stage-publish --yes",
    ]
    before = npm.known
    again = npm.run(*both, shell=shell)
    assert again.count("npm has it already") == 2 and again.endswith("exit 0")
    assert npm.created == [] and npm.known == before


def test_it_pauses_between_calls_and_not_before_the_first(npm: Npm) -> None:
    npm.run(registration("a", RELEASE), registration("b", RELEASE))
    calls = npm.calls[2:]
    assert [call.split()[0] for call in calls] == ["trust", *(["sleep", "trust"] * 3)]
    assert set(calls[1::2]) == {"sleep 2"}


def test_it_talks_to_the_public_registry_whatever_the_project_says(npm: Npm) -> None:
    assert f"\nNPM_CONFIG_REGISTRY=https://{public_host()}/\nexport " in as_script([registration("a", RELEASE)])


@pytest.mark.parametrize("version", ["10.9.8", "11.5.1", "11.14.9", "9.0.0", "garbage", ""])
def test_an_old_npm_is_told_how_to_get_a_new_one(npm: Npm, version: str) -> None:
    said = npm.run(registration("a", RELEASE), version=version)
    assert said.endswith("exit 1") and "npm 11.15.0 or newer is needed" in said and "npm install -g npm@11" in said
    assert npm.calls == ["--version"]


@pytest.mark.parametrize("version", ["11.15.0", "11.21.2", "12.0.0", "12.2.0-pre.1", "20.1.1"])
def test_new_ones_do(npm: Npm, version: str) -> None:
    assert npm.run(registration("a", RELEASE), version=version).endswith("exit 0")


def test_without_a_login_nothing_is_done(npm: Npm) -> None:
    assert npm.run(registration("a", RELEASE), user="").endswith("Log in first: npm login\nexit 1")
    assert npm.created == []


@pytest.mark.parametrize("user", ["octo", ""])
def test_a_dry_run_passes_it_on_and_needs_no_login(npm: Npm, user: str) -> None:
    said = npm.run(registration("a", ("release.yml", "npm", ("publish",))), args=("--dry-run",), user=user)
    assert said.endswith("All done, had this not been a dry run\nexit 0"), said
    (call,) = npm.created
    assert " --dry-run " in call and " --environment npm " in call and call.endswith(" --yes")
    assert npm.known == {}
    assert any("trust list" in call for call in npm.calls) == bool(user)


def test_another_argument_is_refused(npm: Npm) -> None:
    said = npm.run(registration("a", RELEASE), args=("--dryrun",))
    assert said == "usage: sh trust.sh [--dry-run]\nexit 2" and npm.calls == []


OTHER = {"id": "7", "type": "github", "file": "old.yml", "repository": "octo-org/octo-repo"}


@pytest.mark.parametrize(
    "there",
    [
        OTHER | {"permissions": ["createPackage"]},
        OTHER | {"file": "release.yml", "repository": "octo-org/other", "permissions": ["createPackage"]},
        OTHER | {"file": "release.yml", "permissions": ["createStagedPackage"]},
        OTHER | {"file": "release.yml", "environment": "npm", "permissions": ["createPackage"]},
        OTHER | {"file": "release.yml", "type": "gitlab", "permissions": ["createPackage"]},
        OTHER | {"file": "release.yml"},
        OTHER | {"file": "Release.yml", "permissions": ["createPackage"]},
    ],
)
def test_another_trusted_publisher_is_shown_and_left(npm: Npm, there: dict[str, Any]) -> None:
    (npm.home / "state.json").write_text(json.dumps({"a": [there]}))
    said = npm.run(registration("a", RELEASE), registration("b", RELEASE))
    assert "has another trusted publisher" in said and '"id": "7"' in said and "npm trust revoke --id ID a" in said
    assert said.endswith("1 left to you, see above\nexit 1")
    assert [call.split()[2] for call in npm.created] == ["b"]


def test_a_package_that_npm_does_not_know_stops_nothing_else(npm: Npm) -> None:
    said = npm.run(registration("new", RELEASE), registration("b", RELEASE), unknown=["new"])
    assert "404 Not Found" in said and "publish it once by hand" in said and said.endswith("exit 1")
    assert [call.split()[2] for call in npm.created] == ["b"]


def test_the_second_factor_is_asked_for_where_npm_can_ask(npm: Npm) -> None:
    assert npm.run(registration("a", RELEASE), registration("b", RELEASE), second_factor=True).endswith("exit 0")
    lists = [call for call in npm.calls if "trust list" in call]
    assert lists == ["trust list a --json", "trust list a", "trust list a --json", "trust list b --json"]


def test_the_code_of_an_authenticator_is_handed_over(npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    both = (registration("a", RELEASE), registration("b", RELEASE))
    said = npm.run(*both, second_factor="each time")
    assert said.endswith("NPM_CONFIG_OTP=123456 sh trust.sh\nexit 1") and npm.created == []
    monkeypatch.setenv("NPM_CONFIG_OTP", "123456")
    assert npm.run(*both, second_factor="each time").endswith("All done\nexit 0")


@pytest.mark.parametrize(("at_most", "status"), [(10, 0), (1, 1)])
def test_several_trusted_publishers_of_one_package(npm: Npm, at_most: int, status: int) -> None:
    for _ in range(2):
        said = npm.run(registration("a", RELEASE, BETA), registration("b", RELEASE), at_most=at_most)
        assert said.endswith(f"exit {status}"), said
        assert ("let one workflow start every release" in said) == (at_most == 1)
        assert {name: len(there) for name, there in npm.known.items()} == {"a": min(2, at_most), "b": 1}


def test_what_is_not_known_is_left_out_and_said(npm: Npm) -> None:
    unknown = (
        Registration("a", "o/r", (Entry("release.yml", None, ("publish",)),), ("The environment is an expression.",)),
        Registration("b", "o/r", (Entry(None, "", ("publish",)),), ()),
        Registration("c", None, (Entry("release.yml", "", ("publish",)),), ()),
        Registration(None, "o/r", (Entry("r.yml", "", ("stage",)),), (), said="`npm publish $X`", candidates=("@o/x",)),
    )
    script = as_script(unknown)
    assert "\n# register @o/x r.yml '' --allow-stage-publish\n" in script
    assert "\n# The environment is an expression.\n" in script
    said = npm.run(*unknown)
    assert said.count("Left to you: ") == 4 and said.endswith("4 left to you, see above\nexit 1")
    assert "b: the workflow that is started is not in this repository" in said
    assert npm.created == []


def test_packages_that_may_be_new_have_their_first_steps(npm: Npm) -> None:
    script = as_script(
        [registration("a", RELEASE, new=("its version is 0.0.0",), first="cd packages/a && npm publish")]
    )
    assert (
        "# npm may not know a yet: its version is 0.0.0. If so, build it and publish it first:\n#   cd pack" in script
    )


HOSTILE = [
    "$(touch gone)",
    "`touch gone`",
    "a'; touch gone; '",
    "a\ntouch gone\n",
    "a\\ntouch gone",
    '"; touch gone; "',
    "-rf",
    "a b",
    "$HOME",
    "a\u2028touch gone",
    "*",
    "\u202eevil",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_from_the_repository_is_run(npm: Npm, text: str, shell: str) -> None:
    way: Way = (f"{text}.yml", text, ("publish",))
    hostile = (
        registration(text, way, notes=(text,), new=(text,), first=text),
        Registration(None, "o/r", (Entry(way[0], text, ("publish",)),), (text,), said=text, candidates=(text,)),
        registration("b", RELEASE),
    )
    said = npm.run(*hostile, shell=shell)
    assert not (npm.home / "gone").exists() and "syntax" not in said
    assert "b: release.yml" in said and "b" in npm.known
    assert set(npm.known) <= {"b", text}


def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    path = tmp_path / "trust.sh"
    path.write_text(as_script([*(registration(text, RELEASE, BETA) for text in HOSTILE), registration("a", RELEASE)]))
    checked = subprocess.run(
        [Path(sys.executable).parent / "shellcheck", path], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")
