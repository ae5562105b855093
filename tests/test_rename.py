"""A change that gives a file another name, from the plan to the disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from golden import lay
from tp_fix.change import RenameFile, SetValue
from tp_fix.commits import commits
from tp_fix.engine import Result, run
from tp_fix.errors import NotWritten, OurFault
from tp_fix.git.listing import walk
from tp_fix.models.model import Model
from tp_fix.models.repository import Repository
from tp_fix.plan import Limits, Offer
from tp_fix.report.diff import unified
from tp_fix.rule import Applicability, FileChange, Finding, Fix, Rule
from tp_fix.source import Source
from tp_fix.write import unwritable, write

FOLDER = ".github/workflows/"
RELEASE, CALLER, PUBLISH = (FOLDER + name for name in ("release.yml", "caller.yml", "publish.yml"))
CALLED = """\
on: workflow_call
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions: {id-token: write}
    steps:
      - run: npm publish
"""
CALLS = """\
on: release
jobs:
  release:
    permissions: {id-token: write}
    uses: ./.github/workflows/release.yml # the release
"""
FILES = {RELEASE: CALLED, CALLER: CALLS, "package.json": '{"name": "octo-pkg"}\n'}
USES = ("jobs", "release", "uses")


def renamer(
    path: str = RELEASE, name: str = "publish.yml", rule: str = "renamer", *more: FileChange, first: int = 9
) -> Rule:
    """A rule that wants a file to have another name, and more with it."""

    def check(model: Model) -> Iterator[Finding]:
        if path in model.repository.paths:
            fix = Fix("rename it", (FileChange(path, RenameFile(name)), *more), Applicability.SAFE)
            yield Finding(rule, "warning", path, ("jobs",), "has the wrong name", fix)

    return Rule(rule, first, check)


FOLLOWED = FileChange(CALLER, SetValue(USES, f"./{PUBLISH}"))


def late(model: Model) -> Iterator[Finding]:
    """A rule that sees the file only under its new name."""
    if PUBLISH in model.repository.paths:
        route = ("jobs", "publish", "runs-on")
        fix = Fix("choose the runner", (FileChange(PUBLISH, SetValue(route, "ubuntu-24.04")),), Applicability.SAFE)
        done = model.repository.document(PUBLISH).root.at(route)
        yield Finding(
            "late", "warning", PUBLISH, route, "is late", fix if done and done.text != "ubuntu-24.04" else None
        )


def laid(root: Path, **more: str) -> Repository:
    files = {**FILES, **{FOLDER + name.replace("_", "."): text for name, text in more.items()}}
    lay({path: text.encode() for path, text in files.items()}, root)
    return Repository(str(root), walk(str(root)), "octo-org/octo-repo")


def statuses(result: Result) -> dict[str, str]:
    return {item.entry.finding.rule: f"{item.entry.status}: {item.entry.reason}" for item in result.reported}


def test_the_repository_after_it_has_the_new_name_alone(tmp_path: Path) -> None:
    result = run(laid(tmp_path), [renamer(RELEASE, "publish.yml", "renamer", FOLLOWED)], Limits())
    now = result.after.repository
    assert now.workflow_paths == (CALLER, PUBLISH) and list(now.workflows) == [CALLER, PUBLISH]
    assert (now.on_disk(PUBLISH), now.by_now(RELEASE), now.by_now(CALLER)) == (RELEASE, PUBLISH, CALLER)
    assert [after.path for _, after in result.files.values()] == [CALLER, PUBLISH]
    assert result.after.publications[0].ready is result.before.publications[0].ready
    assert not result.problems


def test_a_later_round_is_told_of_the_file_as_it_is_on_disk(tmp_path: Path) -> None:
    asked = []

    def forbidden(path: str) -> str:
        asked.append(path)
        return unwritable(str(tmp_path), path)

    limits = Limits(forbidden=forbidden, about=lambda path, route: path == RELEASE)
    rules = [renamer(RELEASE, "publish.yml", "renamer", FOLLOWED), Rule("late", 1, late)]
    result = run(laid(tmp_path), rules, limits)
    found = [(item.entry.finding.rule, item.entry.finding.path, item.line) for item in result.reported]
    assert found == [("renamer", RELEASE, 2), ("late", RELEASE, 4), ("late", RELEASE, 4)]
    assert set(asked) == {RELEASE, CALLER}
    made = commits(result)
    assert [(commit.rule, commit.paths) for commit in made] == [
        ("renamer", (CALLER, RELEASE, PUBLISH)),
        ("late", (PUBLISH,)),
    ]


def test_a_commit_of_the_same_round_finds_the_file_by_its_name_of_then(tmp_path: Path) -> None:
    route = ("jobs", "publish", "runs-on")

    def other(model: Model) -> Iterator[Finding]:
        if RELEASE in model.repository.paths:
            fix = Fix("choose", (FileChange(RELEASE, SetValue(route, "ubuntu-24.04")),), Applicability.SAFE)
            yield Finding("other", "warning", RELEASE, route, "is old", fix)

    rules = [renamer(RELEASE, "publish.yml", "renamer", FOLLOWED), Rule("other", 1, other)]
    made = commits(run(laid(tmp_path), rules, Limits()))
    assert [commit.paths for commit in made] == [(CALLER, RELEASE, PUBLISH), (PUBLISH,)]
    assert made[1].files[0][0].text == CALLED


def test_a_caller_that_is_forgotten_fails_the_proof(tmp_path: Path) -> None:
    with pytest.raises(OurFault, match="would not run on release published any more"):
        run(laid(tmp_path), [renamer()], Limits())


@pytest.mark.parametrize("name", ["caller.yml", "Caller.yml"])
def test_a_name_that_is_taken_is_refused(tmp_path: Path, name: str) -> None:
    result = run(laid(tmp_path), [renamer(name=name)], Limits())
    assert statuses(result) == {"renamer": f"refused: {RELEASE} cannot be called {name}: there is {CALLER}"}


def test_a_name_that_is_taken_on_disk_alone_is_refused(tmp_path: Path) -> None:
    repository = laid(tmp_path)
    (tmp_path / PUBLISH.replace("publish", "Publish")).write_text("ignored by git\n")
    assert "refused" in statuses(run(repository, [renamer()], Limits()))["renamer"]


def test_another_case_of_its_own_name_is_free(tmp_path: Path) -> None:
    more = FileChange(CALLER, SetValue(USES, f"./{FOLDER}Release.yml"))
    result = run(laid(tmp_path), [renamer(RELEASE, "Release.yml", "renamer", more)], Limits())
    write(str(tmp_path), result.files)
    assert sorted(os.listdir(tmp_path / FOLDER)) == ["Release.yml", "caller.yml"]


def test_two_names_for_a_file_and_one_for_two_conflict(tmp_path: Path) -> None:
    one = renamer(RELEASE, "publish.yml", "one", FOLLOWED)
    for second in (renamer(RELEASE, "other.yml", "two", first=1), renamer(CALLER, "Publish.yml", "two", first=1)):
        result = run(laid(tmp_path), [one, second], Limits())
        assert [item.entry.status for item in result.first if item.entry.finding.rule == "two"] == ["conflict"]


def test_the_same_rename_of_two_rules_is_one(tmp_path: Path) -> None:
    seen: list[Offer] = []

    def accepts(offer: Offer) -> bool:
        seen.append(offer)
        return True

    rules = [renamer(RELEASE, "publish.yml", name, FOLLOWED) for name in ("one", "two")]
    result = run(laid(tmp_path), rules, Limits(accepts=accepts))
    assert {item.entry.status for item in result.reported} == {"planned"} and len(seen) == 1
    assert [after.path for _, after in seen[0].files] == [PUBLISH, CALLER]


def test_only_a_rename_is_asked_about_too(tmp_path: Path) -> None:
    callerless = laid(tmp_path, caller_yml=CALLS.replace("release.yml", "other.yml"))
    result = run(callerless, [renamer()], Limits(accepts=lambda offer: False))
    assert statuses(result) == {"renamer": "declined: "}


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.parametrize("name", ["publish.yml", "a name.yml", "größe.yml"])
def test_git_takes_the_diff(tmp_path: Path, name: str, follow: bool) -> None:
    text = CALLED.replace("npm publish", "npm publish --tag next") if follow else CALLED
    before = Source.decode(RELEASE, CALLED.encode())
    diff = unified(before, Source.decode(FOLDER + name, text.encode()))
    lay({RELEASE: CALLED.encode()}, tmp_path / "r")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path / "r", check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "r", input=diff.encode(), check=True)
    assert os.listdir(tmp_path / "r" / FOLDER) == [name]
    assert (tmp_path / "r" / FOLDER / name).read_text() == text
    assert ("similarity index 100%\n" in diff) is not follow


def test_git_takes_the_diff_of_another_file_behind_it(tmp_path: Path) -> None:
    files = {RELEASE: CALLED.encode(), CALLER: CALLS.encode()}
    lay(files, tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    alone = unified(*pair("publish.yml"))
    changed = unified(Source.decode(CALLER, CALLS.encode()), Source.decode(CALLER, CALLS.replace("the", "a").encode()))
    for diff in (alone + changed, unified(*pair("other.yml", CALLED.replace("npm", "pnpm"))) + changed):
        subprocess.run(["git", "apply", "--check", "-"], cwd=tmp_path, input=diff.encode(), check=True)


def pair(name: str, text: str = CALLED) -> tuple[Source, Source]:
    return Source.decode(RELEASE, CALLED.encode()), Source.decode(FOLDER + name, text.encode())


def test_writing_never_takes_the_place_of_another_file(tmp_path: Path) -> None:
    laid(tmp_path)
    with pytest.raises(NotWritten, match=r"caller\.yml: is there by now"):
        write(str(tmp_path), {RELEASE: pair("caller.yml", "on: push\n")})
    assert (tmp_path / RELEASE).read_text() == CALLED and (tmp_path / CALLER).read_text() == CALLS


def test_an_error_in_the_middle_puts_names_and_texts_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid(tmp_path, second_yml=CALLED)
    second = FOLDER + "second.yml"
    files = {
        RELEASE: pair("publish.yml", "on: push\n"),
        second: (Source.decode(second, CALLED.encode()), Source.decode(FOLDER + "third.yml", b"on: push\n")),
    }
    rename = os.rename

    def failing(old: str, new: str) -> None:
        if new.endswith("third.yml"):
            raise PermissionError(13, "Permission denied")
        rename(old, new)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(NotWritten, match="nothing was changed"):
        write(str(tmp_path), files)
    assert {name: (tmp_path / FOLDER / name).read_text() for name in os.listdir(tmp_path / FOLDER)} == {
        "caller.yml": CALLS,
        "release.yml": CALLED,
        "second.yml": CALLED,
    }
