from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, TruncatedRecord
from biocapil.formats import ExtendedBlock, RecordStandard
from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.extended_data import decode_blocks, encode_blocks, needed_bytes

ISO, ANSI = RecordStandard


def decode(data: bytes, *, strict: bool) -> tuple[tuple[ExtendedBlock, ...], list[FormatError], ByteReader]:
    reader = ByteReader(data, record="r")
    log = ProblemLog(strict=strict)
    return decode_blocks(reader, log, view="v"), log.problems, reader


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=20)), max_size=5))
def test_blocks_come_back_as_they_were(parts: list[tuple[int, bytes]]) -> None:
    blocks = tuple(ExtendedBlock(kind=kind, data=data) for kind, data in parts)
    again, problems, reader = decode(encode_blocks(blocks), strict=True)
    assert again == blocks
    assert not problems
    assert not reader.remaining


@pytest.mark.parametrize(
    ("data", "field", "offset", "kept"),
    [
        (b"\0", "v, extended data length", 0, 0),
        (b"\0\x05\x01\x00\0\x04", "v, extended data", 2, 1),
        (b"\0\x06\x01\x00\0\x04\0\0", "v, extended data block 2", 6, 1),
        (b"\0\x04\x01\x00\0\x05", "v, extended data block 1 length", 4, 0),
        (b"\0\x04\x01\x00\0\x03", "v, extended data block 1 length", 4, 0),
    ],
)
def test_broken_areas_are_named_and_read_as_far_as_they_part_into_blocks(
    data: bytes, field: str, offset: int, kept: int
) -> None:
    with pytest.raises(FormatError) as caught:
        decode(data, strict=True)
    assert (caught.value.field, caught.value.offset) == (field, offset)
    assert isinstance(caught.value, TruncatedRecord) is ("block" not in field)
    blocks, problems, reader = decode(data, strict=False)
    assert len(blocks) == kept
    assert (problems[0].field, problems[0].offset) == (field, offset)
    assert not reader.remaining


def test_the_reader_stands_behind_an_area_that_breaks_in_its_middle() -> None:
    _, problems, reader = decode(b"\0\x06\x01\x00\0\x09\0\0next", strict=False)
    assert len(problems) == 1
    assert reader.take_rest() == b"next"


@pytest.mark.parametrize(
    ("standard", "kind", "data", "needed"),
    [
        (ISO, 1, b"", 1),
        (ISO, 1, bytes(7), 7),
        (ISO, 1, bytes(6), 7),
        (ANSI, 1, bytes(8), 10),
        (ISO, 3, b"anything", None),
        (ISO, 300, b"", None),
        (ISO, 2, b"\0\0", 2),
        (ISO, 2, b"", 2),
        (ISO, 2, bytes.fromhex("02 409600fa5a 406400962d 01 408f00e8646e78"), 19),
        (ISO, 2, bytes.fromhex("01 009600fa 01 008f00e8"), 10),
        (ISO, 2, b"\x02\x40", 11),
        (ANSI, 2, bytes.fromhex("42") + bytes(10) + b"\x01" + bytes(4), 16),
        (ANSI, 2, bytes.fromhex("02") + bytes(8) + b"\x41" + bytes(7), 17),
        (ANSI, 2, b"", 2),
    ],
)
def test_contents_state_their_own_length(
    standard: RecordStandard, kind: int, data: bytes, needed: int | None
) -> None:
    assert needed_bytes(ExtendedBlock(kind=kind, data=data), standard) == needed
