from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from biocapil.cli.pictures import no_picture, picture_reader
from biocapil.formats import read_manifest


def test_a_picture_is_read_in_the_resolution_that_its_row_states(manifest: Path) -> None:
    first, *_ = read_manifest(manifest)
    shown = picture_reader(None)(replace(first, resolution_ppi=569.0))
    assert shown is not None
    assert shown.resolution_ppi == 569


def test_a_file_that_cannot_be_shown_is_left_blank(manifest: Path, tmp_path: Path) -> None:
    first, second, *_ = read_manifest(manifest)
    first.file.write_bytes(b"no picture")
    second = replace(second, file=tmp_path / "gone.png")
    read = picture_reader(500.0)
    assert read(first) is None
    assert read(second) is None
    no_picture(first)
