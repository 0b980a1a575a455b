from __future__ import annotations

from pathlib import Path

import pytest

from biocapil.errors import FormatError
from biocapil.formats import read_manifest
from biocapil.formats.image_folder import read_folder
from biocapil.vocabulary import Modality


def filled(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_every_image_file_is_its_own_claimed_subject_in_sorted_order(tmp_path: Path) -> None:
    entries = read_folder(filled(tmp_path, "b/2.TIF", "a.png", "a.wsq", "b/1.jp2"))
    assert [entry.name for entry in entries] == ["a.png", "a.wsq", "b/1.jp2", "b/2.TIF"]
    assert [entry.subject for entry in entries] == [entry.name for entry in entries]
    assert entries[2].file == tmp_path / "b" / "1.jp2"


def test_hidden_files_folders_and_other_files_are_passed_over(tmp_path: Path) -> None:
    filled(tmp_path, "._a.png", ".thumbs/a.png", "notes.txt", "dir.png/inner.bmp")
    assert [entry.name for entry in read_folder(tmp_path)] == ["dir.png/inner.bmp"]


def test_a_hidden_folder_itself_may_be_asked_for(tmp_path: Path) -> None:
    folder = filled(tmp_path, ".scans/a.png") / ".scans"
    assert [entry.name for entry in read_folder(folder)] == ["a.png"]


def test_a_folder_without_images_says_what_it_looked_for(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"no image file in .*known endings: .bmp"):
        read_folder(filled(tmp_path, "notes.txt"))


def test_a_manifest_may_be_a_folder_of_one_modality(tmp_path: Path) -> None:
    (entry,) = read_manifest(filled(tmp_path, "a.png"), modality=Modality.FACE)
    assert entry.modality is Modality.FACE
    assert read_manifest(tmp_path)[0].modality is Modality.FINGER


def test_a_folder_has_no_datasets_to_filter(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="names no datasets, so 'a' is not in it"):
        read_manifest(filled(tmp_path, "a.png"), dataset="a")
