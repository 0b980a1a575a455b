from pathlib import Path

import pytest

from biocapil.errors import FormatError
from biocapil.intake.named_files import read_named_files


def filled(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(b"x")
    return folder


def test_names_say_subject_and_sample(tmp_path: Path) -> None:
    (entry,) = read_named_files(filled(tmp_path, "101_2.iso"), dataset="fvc")
    assert (entry.subject, entry.sample, entry.dataset) == ("101", "2", "fvc")
    assert entry.name == "101_2.iso"
    assert entry.file == tmp_path / "101_2.iso"


def test_entries_stand_in_order_of_numbers_not_of_letters(tmp_path: Path) -> None:
    folder = filled(tmp_path, "10_1.fmr", "9_10.fmr", "9_2.fmr", "a_1.fmr")
    assert [entry.name for entry in read_named_files(folder)] == [
        "9_2.fmr",
        "9_10.fmr",
        "10_1.fmr",
        "a_1.fmr",
    ]


def test_the_last_underline_parts_subject_and_sample(tmp_path: Path) -> None:
    (entry,) = read_named_files(filled(tmp_path, "left_index_3.png"))
    assert (entry.subject, entry.sample) == ("left_index", "3")


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    folder = filled(tmp_path, "1_1.iso", ".hidden")
    (folder / "more").mkdir()
    assert len(read_named_files(folder)) == 1


@pytest.mark.parametrize("name", ["101.iso", "_1.iso", "101_.iso"])
def test_other_names_are_refused_with_an_example(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError, match=f"{name} does not follow.*101_2.iso"):
        read_named_files(filled(tmp_path, name))


def test_an_empty_or_absent_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no file in folder"):
        read_named_files(tmp_path)
    with pytest.raises(FormatError, match="absent cannot be read"):
        read_named_files(tmp_path / "absent")
