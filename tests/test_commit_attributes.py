"""Commits and what git converts: the lines that were meant and no other, and the user's line ends byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from migrations import BRANCH, MANIFEST, RELEASE, WORKFLOW, Repo, left_behind, settled

WHERE = pytest.mark.parametrize("where", ["--branch", "--commit"])


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    home = settled(monkeypatch, tmp_path)
    yield home
    assert left_behind(home) == []


class Given(NamedTuple):
    """Line ends of the blob and of the user's file, attributes, settings."""

    blob: str = "\n"
    here: str = "\n"
    attributes: str = ""
    config: tuple[str, ...] = ()
    workflow: str = WORKFLOW


GIVEN = {
    "text=auto, a blob that was never normalised": Given("\r\n", "\r\n", "* text=auto"),
    "text=auto": Given("\n", "\n", "* text=auto"),
    "eol=crlf": Given("\n", "\r\n", "*.yml text eol=crlf"),
    "eol=crlf, as an editor left it": Given("\n", "\n", "*.yml text eol=crlf"),
    "-text": Given("\r\n", "\r\n", "* -text"),
    "no attribute": Given("\r\n", "\r\n"),
    "autocrlf=true": Given("\n", "\r\n", "", ("core.autocrlf=true",)),
    "autocrlf=true, as an editor left it": Given("\n", "\n", "", ("core.autocrlf=true",)),
    "autocrlf=input": Given("\n", "\n", "", ("core.autocrlf=input",)),
    "autocrlf=input, as an editor left it": Given("\n", "\r\n", "", ("core.autocrlf=input",)),
    "safecrlf": Given("\n", "\r\n", "", ("core.autocrlf=true", "core.safecrlf=true")),
    "ident": Given("\n", "\n", "*.yml ident", (), f"# $Id$\n{WORKFLOW}"),
    "export-ignore": Given("\n", "\n", ".github export-ignore"),
    "a filter that is not there": Given("\n", "\n", "*.yml filter=octo"),
    "a filter": Given(
        "\n",
        "\n",
        "*.yml filter=octo",
        ("filter.octo.clean=sed s/ubuntu/UBUNTU/", "filter.octo.smudge=sed s/UBUNTU/ubuntu/"),
    ),
    "a filter that must be": Given(
        "\n",
        "\n",
        "*.yml filter=octo",
        ("filter.octo.clean=cat", "filter.octo.smudge=cat", "filter.octo.required=true"),
    ),
    "a filter in the repository": Given(
        "\n", "\n", "*.yml filter=octo", ("filter.octo.clean=sh ./clean.sh", "filter.octo.smudge=cat")
    ),
}


def repository(root: Path, given: Given) -> Repo:
    repo = Repo(root)
    repo.write("package.json", MANIFEST)
    repo.write("clean.sh", "cat\n")
    repo.write(RELEASE, given.workflow.replace("\n", given.blob))
    if given.blob == "\n":
        for setting in given.config:
            repo.git("config", *setting.split("=", 1))
        repo.write(".gitattributes", f"{given.attributes}\n")
    repo.git("-c", "core.safecrlf=false", "add", "--all")
    repo.git("commit", "--quiet", "--message=feat: the beginning")
    if given.blob != "\n" and given.attributes:
        repo.write(".gitattributes", f"{given.attributes}\n")
        repo.git("add", ".gitattributes")
        repo.git("commit", "--quiet", "--message=attributes")
    repo.write(RELEASE, given.workflow.replace("\n", given.here))
    if "ident" in given.attributes:
        (repo.root / RELEASE).unlink()
        repo.git("checkout", "--quiet", "--", RELEASE)
    repo.git("update-index", "--refresh", check=False)
    repo.git("-c", "core.safecrlf=false", "add", RELEASE)
    assert repo.git("status", "--porcelain") == ""
    return repo


@WHERE
@pytest.mark.parametrize("name", GIVEN)
def test_only_the_lines_that_were_meant(tmp_path: Path, name: str, where: str) -> None:
    given = GIVEN[name]
    repo = repository(tmp_path / "repo", given)
    before = repo.checkout_state()
    run = repo.run(where)
    assert run.status == 0, (run.out, run.err)
    tip, base = (BRANCH, "main") if where == "--branch" else ("HEAD", "HEAD~2")
    assert repo.numbers(tip, base) == f"2\t0\t{RELEASE}\n"
    blob = repo.git("cat-file", "blob", f"{tip}:{RELEASE}")
    assert blob.count("\r\n") == (blob.count("\n") if given.blob == "\r\n" else 0)
    if where == "--branch":
        assert repo.checkout_state() == before
        return
    raw = (repo.root / RELEASE).read_bytes()
    assert raw.count(b"\r\n") == (raw.count(b"\n") if given.here == "\r\n" else 0)
    assert raw.count(b"\n") == len(given.workflow.splitlines()) + 2
    repo.git("add", "--renormalize", RELEASE) if given.blob == "\n" else None
    assert repo.git("status", "--porcelain") == ""


REFUSED = {
    "text, a blob that was never normalised": "*.yml text",
    "text eol=lf, a blob that was never normalised": "*.yml text eol=lf",
}


@WHERE
@pytest.mark.parametrize("attributes", REFUSED.values())
def test_a_commit_that_would_hold_more_is_refused_by_name(tmp_path: Path, attributes: str, where: str) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package.json", MANIFEST)
    repo.write(RELEASE, WORKFLOW.replace("\n", "\r\n"))
    repo.commit()
    repo.write(".gitattributes", f"{attributes}\n")
    repo.git("add", ".gitattributes")
    repo.git("commit", "--quiet", "--message=attributes")
    before = repo.state()
    run = repo.run(where)
    assert run.status == 1
    assert f"git would commit more of {RELEASE} than the fix" in run.out and "git add --renormalize ." in run.out
    assert repo.state() == before


def test_an_encoding_that_is_not_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write(".gitattributes", "*.yml working-tree-encoding=UTF-16\n")
    repo.write(RELEASE, WORKFLOW.encode("utf-16"))
    repo.commit()
    before = repo.state()
    run = repo.run("--branch")
    assert run.status == 2 and f"{RELEASE}:1: not UTF-8" in run.out
    assert repo.state() == before


def test_a_filter_that_must_be_and_is_not(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("data.bin", "x")
    repo.write(RELEASE, WORKFLOW)
    repo.write(".gitattributes", "*.bin filter=octo\n")
    repo.commit()
    repo.git("config", "filter.octo.required", "true")
    repo.git("config", "filter.octo.smudge", "octo-is-not-there")
    before = repo.refs()
    run = repo.run("--branch")
    assert run.status == 2 and repo.refs() == before
    assert f"{repo.root}: git cannot check out HEAD elsewhere: cannot run octo-is-not-there" in run.err


def test_what_is_in_lfs_stays_there(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("data.bin", "version https://git-lfs.example/spec/v1\n")
    repo.write(RELEASE, WORKFLOW)
    repo.write(".gitattributes", "*.bin filter=lfs\n")
    repo.commit()
    repo.git("config", "filter.lfs.required", "true")
    repo.git("config", "filter.lfs.clean", "cat")
    repo.git(
        "config", "filter.lfs.smudge", f'if [ "$GIT_LFS_SKIP_SMUDGE" = 1 ]; then cat; else touch {tmp_path}/asked; fi'
    )
    assert repo.run("--branch").status == 0
    assert not (tmp_path / "asked").exists()
    assert repo.numbers() == f"2\t0\t{RELEASE}\n"


def test_a_filter_that_keeps_its_key_in_gits_folder(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write(RELEASE, WORKFLOW)
    repo.write(".gitattributes", "*.yml filter=crypt\n")
    repo.write(".git/git-crypt/key", "ubuntu")
    key = "$(cat $(git rev-parse --git-dir)/git-crypt/key)"
    repo.git("config", "filter.crypt.required", "true")
    repo.git("config", "filter.crypt.clean", f"sed s/{key}/SECRET/")
    repo.git("config", "filter.crypt.smudge", f"sed s/SECRET/{key}/")
    repo.commit()
    assert "SECRET-latest" in repo.at_branch(RELEASE, "HEAD")
    run = repo.run("--commit")
    assert run.status == 2
    assert "external filter" in run.err
    assert repo.git("status", "--porcelain") == ""
