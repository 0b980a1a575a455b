from __future__ import annotations

from pathlib import Path

import pytest

from biocapil.cli import whole_files
from biocapil.cli.whole_files import write_whole


def test_a_file_is_written_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "record"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [file.name for file in tmp_path.iterdir()] == ["record"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "record"
    write_whole(path, b"minutiae")
    assert path.stat().st_mode & 0o077 == 0


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "record"
    path.write_bytes(b"old")
    monkeypatch.setattr(whole_files.os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["record"]


def test_a_folder_that_is_not_there_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "absent" / "record", b"new")
