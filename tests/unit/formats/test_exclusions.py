from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.errors import FormatError
from biocapil.formats import exclusion_line, read_exclusions


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "out.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_samples_and_pairs_are_read_with_their_lines(tmp_path: Path) -> None:
    found = read_exclusions(written(tmp_path, "first,second\na/1.png,\n\n p1 , p2 \n"))
    assert [(one.first, one.second, one.line) for one in found] == [("a/1.png", "", 2), ("p1", "p2", 4)]


def test_a_spreadsheet_with_semicolons_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (found,) = read_exclusions(written(tmp_path, b'\xef\xbb\xbffirst;second\r\n"a;b";c\r\n'))
    assert (found.first, found.second) == ("a;b", "c")


def test_a_file_with_only_a_header_excludes_nothing(tmp_path: Path) -> None:
    assert read_exclusions(written(tmp_path, "first,second\n")) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "must begin with the columns first, second; found: nothing"),
        ("a,b\nc,d\n", "must begin with the columns first, second; found: a, b"),
        ("first,second\na\n", "out.csv line 2: 1 cells, needed are 2"),
        ("first,second\na,b,c\n", "out.csv line 2: 3 cells"),
        ("first,second\na,b\n,c\n", "out.csv line 3: first is empty"),
        ('first,second\n"a,b\n', "out.csv line 2: unexpected end of data"),
        (b"first,second\n\xff,\n", "is not UTF-8"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_exclusions(written(tmp_path, content))
    assert said in str(caught.value)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"exclusion file gone.csv cannot be read"):
        read_exclusions(tmp_path / "gone.csv")


@given(content=st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = written(tmp_path_factory.mktemp("fuzz"), content)
    try:
        read_exclusions(file)
    except FormatError:
        return


def test_a_line_that_was_written_is_read_back(tmp_path: Path) -> None:
    names = [("a,b.png", 'p"1'), ("x/108", ""), ("Ny. Sé", "2")]
    file = tmp_path / "out.csv"
    file.write_text("\n".join(["first,second", *(exclusion_line(*each) for each in names)]), encoding="utf-8")
    assert [(found.first, found.second) for found in read_exclusions(file)] == names
