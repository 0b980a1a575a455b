from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.formats import ImageRecord, is_image_record, read_image_record, write_image_record
from biocapil.formats.image_records import EDITIONS

Records = dict[str, ImageRecord]
TITLES = [edition.title for edition in EDITIONS.values()]


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_what_is_written_is_read_again_as_it_was(
    data: st.DataObject, image_records: st.SearchStrategy[ImageRecord]
) -> None:
    record = data.draw(image_records)
    written = write_image_record(record)
    assert is_image_record(written)
    assert read_image_record(written) == record


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_mutated_records_raise_nothing_but_format_errors(
    data: st.DataObject, image_records: st.SearchStrategy[ImageRecord]
) -> None:
    mutated = bytearray(write_image_record(data.draw(image_records)))
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, len(mutated)))
    del mutated[start : start + data.draw(st.sampled_from([0, 0, 1, 6, 100]))]
    read_or_refuse(bytes(mutated))


@given(st.binary(max_size=200), st.sampled_from([b"", b"FIR\0", b"FAC\0", b"IIR\0", *EDITIONS]))
@settings(max_examples=200, deadline=None)
def test_random_bytes_raise_nothing_but_format_errors(noise: bytes, opening: bytes) -> None:
    read_or_refuse(opening + noise)


def read_or_refuse(data: bytes) -> None:
    """Nothing but FormatError may come out; what is accepted is written again as it was."""
    try:
        record = read_image_record(data)
    except FormatError as problem:
        assert problem.record  # noqa: PT017 - the refusal itself is the subject
        assert problem.offset is not None  # noqa: PT017 - the same
    else:
        assert write_image_record(record) == data


@pytest.mark.parametrize("title", TITLES)
def test_a_record_cut_anywhere_is_truncated(plain_image_records: Records, title: str) -> None:
    data = write_image_record(plain_image_records[title])
    for length in range(len(data)):
        with pytest.raises(TruncatedRecord) as caught:
            read_image_record(data[:length])
        assert caught.value.offset is not None
        assert caught.value.offset <= length


@pytest.mark.parametrize("title", TITLES)
def test_bytes_behind_a_record_are_named(plain_image_records: Records, title: str) -> None:
    data = write_image_record(plain_image_records[title])
    with pytest.raises(FormatError, match=f"end of record, byte {len(data)}: 2 bytes follow the last image"):
        read_image_record(data + b"\0\0")


@pytest.mark.parametrize("title", TITLES)
def test_a_wrong_total_length_is_named(plain_image_records: Records, title: str) -> None:
    data = bytearray(write_image_record(plain_image_records[title]))
    place = 13 if title.startswith("ISO/IEC 19794-4:2005") else 11
    data[place] -= 1
    with pytest.raises(
        FormatError, match=f"total length, byte 8: states {len(data) - 1} bytes, the images end"
    ):
        read_image_record(bytes(data))


@pytest.mark.parametrize("title", TITLES)
def test_no_length_field_allocates_more_than_the_file_holds(plain_image_records: Records, title: str) -> None:
    data = write_image_record(plain_image_records[title])
    for place in range(8, len(data) - 3):
        read_or_refuse(data[:place] + b"\xff\xff\xff\xff" + data[place + 4 :])


@pytest.mark.parametrize("title", TITLES)
def test_neither_record_nor_refusal_shows_what_the_image_holds(
    plain_image_records: Records, title: str
) -> None:
    record = plain_image_records[title]
    assert str(record.images[0].image.data)[2:-1] not in repr(record)
    assert f"{len(record.images[0].image.data)} bytes" in repr(record)


def test_other_files_are_no_image_record() -> None:
    assert not is_image_record(b"FMR\0 20\0")
    with pytest.raises(FormatError, match="format identifier, byte 0: begins with b'FMR") as caught:
        read_image_record(b"FMR\0 20\0" + bytes(40))
    assert type(caught.value) is FormatError


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (b"FIR\x00030\0", "finger image record is no known edition; read are ISO/IEC 19794-4:2005 and"),
        (b"FAC\x00020\0", "face image record is no known edition; read are ISO/IEC 19794-5:2005 and"),
        (b"IIR\x00\0\0\0\0", "iris image record is no known edition; read are ISO/IEC 19794-6:2005 and"),
    ],
)
def test_other_editions_are_named_and_refused(opening: bytes, said: str) -> None:
    with pytest.raises(UnsupportedVersion, match=said) as caught:
        read_image_record(opening + bytes(60))
    assert (caught.value.record, caught.value.field, caught.value.offset) == ("image record", "version", 4)
