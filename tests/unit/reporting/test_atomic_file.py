from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from biocapil.reporting import write_private


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, "new ü")

    assert path.read_text(encoding="utf-8") == "new ü"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "record.fmr"

    write_private(path, b"FMR\0\xff")

    assert path.read_bytes() == b"FMR\0\xff"


def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "other", tmp_path / "record.fmr"
    target.write_bytes(b"theirs")
    link.symlink_to(target)

    write_private(link, b"ours")

    assert target.read_bytes() == b"theirs"
    assert not link.is_symlink()


def test_a_failure_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_private(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_private(tmp_path / "nowhere" / "report.html", "new")


def test_an_undecodable_name_in_json_is_written_as_its_escape(tmp_path: Path) -> None:
    path = tmp_path / "result.json"

    write_private(path, json.dumps({"name": "bad\udcff.png"}, ensure_ascii=False))

    assert json.loads(path.read_text(encoding="utf-8")) == {"name": "bad\udcff.png"}
