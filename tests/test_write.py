"""Writing: whole files or none, and what is put back when the disk refuses."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tp_fix.errors import NotWritten
from tp_fix.source import Source
from tp_fix.write import unwritable, write


@pytest.fixture
def files(tmp_path: Path) -> dict[str, tuple[Source, Source]]:
    found = {}
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_bytes(b"old\n")
        before = Source.decode(name, b"old\n")
        found[name] = (before, before.with_text("new\n"))
    return found


def contents(root: Path) -> list[bytes]:
    assert sorted(path.name for path in root.iterdir()) == ["a.yml", "b.yml"], "a temporary file was left"
    return [(root / name).read_bytes() for name in ("a.yml", "b.yml")]


def test_all_are_written(files: dict[str, tuple[Source, Source]], tmp_path: Path) -> None:
    write(str(tmp_path), files)
    assert contents(tmp_path) == [b"new\n", b"new\n"]


def test_a_file_that_changed_meanwhile_stops_everything(
    files: dict[str, tuple[Source, Source]], tmp_path: Path
) -> None:
    (tmp_path / "b.yml").write_bytes(b"theirs\n")
    with pytest.raises(NotWritten, match=r"b\.yml: changed while tp-fix was running"):
        write(str(tmp_path), files)
    assert contents(tmp_path) == [b"old\n", b"theirs\n"]


def test_a_file_that_is_gone_stops_everything(files: dict[str, tuple[Source, Source]], tmp_path: Path) -> None:
    (tmp_path / "b.yml").unlink()
    with pytest.raises(NotWritten, match="cannot be read again"):
        write(str(tmp_path), files)
    assert (tmp_path / "a.yml").read_bytes() == b"old\n"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_was_replaced_is_put_back(
    files: dict[str, tuple[Source, Source]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    honest = os.replace

    def failing(source: str, target: str) -> None:
        if target.endswith("b.yml"):
            raise error
        honest(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises((NotWritten, KeyboardInterrupt)):
        write(str(tmp_path), files)
    assert contents(tmp_path) == [b"old\n", b"old\n"]


def test_a_bom_is_written_back(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbfold")
    before = Source.decode("a.yml", b"\xef\xbb\xbfold")
    write(str(tmp_path), {"a.yml": (before, before.with_text("new"))})
    assert (tmp_path / "a.yml").read_bytes() == b"\xef\xbb\xbfnew"


def test_what_cannot_be_written_is_known_beforehand(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.yml").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    assert unwritable(str(tmp_path), "folder/a.yml") == ""
    assert "symbolic link" in unwritable(str(tmp_path), "link/a.yml")
    (tmp_path / "folder" / "a.yml").chmod(stat.S_IRUSR)
    assert "read-only" in unwritable(str(tmp_path), "folder/a.yml")
