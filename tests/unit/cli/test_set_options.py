from pathlib import Path

import pytest

from biocapil.cli.set_options import NamePattern, prepare_folders, read_set
from biocapil.errors import FormatError
from biocapil.vocabulary import Modality


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("1_1.png", "1_2.png"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_a_plain_folder_takes_every_file_for_a_person_of_its_own(folder: Path) -> None:
    entries = read_set(folder, dataset=None, modality=Modality.FINGER, records=False, pattern=None)
    assert [entry.subject for entry in entries] == ["1_1.png", "1_2.png"]


@pytest.mark.parametrize(("records", "pattern"), [(True, None), (False, NamePattern.SUBJECT_SAMPLE)])
def test_a_folder_of_named_files_is_a_set(
    folder: Path, *, records: bool, pattern: NamePattern | None
) -> None:
    entries = read_set(folder, dataset=None, modality=Modality.FINGER, records=records, pattern=pattern)
    assert [(entry.subject, entry.sample) for entry in entries] == [("1", "1"), ("1", "2")]
    assert {entry.dataset for entry in entries} == {folder.name}


def test_a_manifest_is_filtered_by_its_set(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("path,subject,instance,sample,dataset\na.png,1,,1,x\nb.png,2,,1,y\n")
    (entry,) = read_set(manifest, dataset="y", modality=Modality.FINGER, records=True, pattern=None)
    assert entry.name == "b.png"
    with pytest.raises(FormatError):
        read_set(manifest, dataset="z", modality=Modality.FINGER, records=True, pattern=None)


def test_folders_of_results_are_made_before_the_work(tmp_path: Path) -> None:
    prepare_folders(tmp_path / "a" / "b" / "r.html", None)
    assert (tmp_path / "a" / "b").is_dir()
