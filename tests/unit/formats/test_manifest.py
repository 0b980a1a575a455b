from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError
from biocapil.formats import read_manifest
from biocapil.vocabulary import EyePosition, FingerPosition, Modality

HEADER = "dataset,path,modality,subject,instance,sample,note\n"
ROWS = "a,a/1.png,finger,p1,Left_index,1,x\na,a/2.png,face,p1,,1,x\nb,/scans/3.png,finger,p2,second try,2,x\n"


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "list.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_rows_come_in_the_order_of_the_file_with_paths_beside_it(tmp_path: Path) -> None:
    first, second, third = read_manifest(written(tmp_path, HEADER + ROWS))
    assert (first.name, first.file, first.subject) == ("a/1.png", tmp_path / "a" / "1.png", "p1")
    assert (first.dataset, first.sample, first.position) == ("a", "1", FingerPosition.LEFT_INDEX)
    assert (second.modality, second.position) == (Modality.FACE, FingerPosition.UNKNOWN)
    assert third.file == Path("/scans/3.png")


def test_an_instance_that_is_no_finger_is_kept_as_it_is(tmp_path: Path) -> None:
    third = read_manifest(written(tmp_path, HEADER + ROWS))[2]
    assert (third.instance, third.position) == ("second try", FingerPosition.UNKNOWN)


def test_the_number_of_an_eye_names_an_eye_and_no_finger(tmp_path: Path) -> None:
    (entry,) = read_manifest(written(tmp_path, HEADER + "a,1.png,iris,p,2,1,\n"))
    assert entry.position is EyePosition.LEFT


def test_filters_take_rows_of_one_dataset_and_one_modality(tmp_path: Path) -> None:
    file = written(tmp_path, HEADER + ROWS)
    assert [e.name for e in read_manifest(file, dataset="a")] == ["a/1.png", "a/2.png"]
    assert [e.name for e in read_manifest(file, dataset="a", modality=Modality.FACE)] == ["a/2.png"]
    assert [e.name for e in read_manifest(file, modality=Modality.FINGER)] == ["a/1.png", "/scans/3.png"]


def test_without_the_two_filter_columns_every_row_is_a_finger(tmp_path: Path) -> None:
    (entry,) = read_manifest(written(tmp_path, "path,subject,instance,sample\n1.png,p,,\n"))
    assert (entry.modality, entry.dataset) == (Modality.FINGER, "")


def test_a_byte_order_mark_and_semicolons_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    text = b'\xef\xbb\xbf path;subject;instance;sample\r\n"1;a.png";Ny. S\xc3\xa9;3;1\r\n\r\n'
    (entry,) = read_manifest(written(tmp_path, text))
    assert (entry.name, entry.subject, entry.position) == ("1;a.png", "Ny. Sé", FingerPosition.RIGHT_MIDDLE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column path, subject, instance, sample; .*found: none"),
        ("path,subject,sample\n", "no column instance; needed: .*found: path, subject, sample"),
        (HEADER, "list.csv has no rows"),
        (HEADER + ROWS + "b,,finger,p,,1,\n", "row 5: path is empty"),
        (HEADER + "a,1.png,finger, ,,1,\n", "row 2: subject is empty"),
        (HEADER + ROWS + "\nb,a/1.png,finger,p,,1,\n", "row 6: path 'a/1.png' stands in row 2 already"),
        (HEADER + "a,1.png,voice,p,,1,\n", "row 2: unknown modality 'voice'; known: finger, face, iris"),
        (HEADER + "a,1.png\n", "row 2: 2 cells, the header has 7"),
        (HEADER + "a,1\0.png,finger,p,,1,\n", "row 2: path holds a zero byte"),
        (HEADER + '"a\n', "line 2: unexpected end of data"),
        (
            HEADER.replace("note", "resolution_ppi") + "a,1.png,finger,p,,1,fine\n",
            "row 2: resolution_ppi.*'fine'",
        ),
        (HEADER.replace("note", "resolution_ppi") + "a,1.png,finger,p,,1,49.9\n", "number from 50 to 4000"),
        (HEADER.replace("note", "resolution_ppi") + "a,1.png,finger,p,,1,nan\n", "row 2: .* got 'nan'"),
        (b"path\xff", "list.csv is not UTF-8"),
    ],
)
def test_a_wrong_manifest_is_refused_with_its_row(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read_manifest(written(tmp_path, text))


def test_a_filter_that_leaves_nothing_says_what_there_is(tmp_path: Path) -> None:
    file = written(tmp_path, HEADER + ROWS)
    with pytest.raises(FormatError, match=r"of dataset 'c'; it holds: a, b$"):
        read_manifest(file, dataset="c")
    with pytest.raises(FormatError, match=r"of modality 'iris'; it holds: face, finger$"):
        read_manifest(file, dataset="a", modality=Modality.IRIS)
    bare = written(tmp_path, "path,subject,instance,sample\n1.png,p,,\n")
    with pytest.raises(FormatError, match="it holds: no dataset names"):
        read_manifest(bare, dataset="c")


def test_a_missing_manifest_is_a_format_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"nothing\.csv cannot be read: No such file"):
        read_manifest(tmp_path / "nothing.csv")


@given(text=st.text(alphabet='pathsubjecinl,;"\n\r\0 é1', max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_raises_anything_but_a_format_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = written(tmp_path_factory.mktemp("fuzz"), "path,subject,instance,sample\n" + text)
    try:
        entries = read_manifest(file)
    except FormatError:
        return
    assert entries


@pytest.mark.lent
def test_the_lent_manifest_is_read_and_filtered(lent_data: Path) -> None:
    entries = read_manifest(lent_data / "manifest.csv", dataset="socofing_real", modality=Modality.FINGER)
    assert len(entries) == 2050
    assert len({entry.position for entry in entries}) == 10
    assert entries[0].file.is_file()


def test_further_columns_become_attributes_of_the_sample(tmp_path: Path) -> None:
    text = "path,subject,instance,sample,sex,,age\n1.png,p,,1, f ,x,31\n2.png,p,,2,,,\n"
    first, second = read_manifest(written(tmp_path, text))
    assert first.attributes == (("sex", "f"), ("age", "31"))
    assert (first.attribute("sex"), first.attribute("device")) == ("f", "")
    assert second.attributes == (("sex", ""), ("age", ""))


def test_a_row_may_state_the_resolution_of_its_image(tmp_path: Path) -> None:
    text = "path,subject,instance,sample,resolution_ppi\n1.png,p,,1,569\n2.png,p,,2,\n"
    first, second = read_manifest(written(tmp_path, text))
    assert (first.resolution_ppi, second.resolution_ppi) == (569.0, None)
    assert first.attributes == ()
