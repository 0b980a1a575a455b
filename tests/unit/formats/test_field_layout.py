from __future__ import annotations

from dataclasses import dataclass

import pytest

from biocapil.errors import FormatError, TruncatedRecord
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.field_layout import Field, place_of, read_fields, write_fields

LAYOUT = (
    Field("scale_unit", 1, codes=frozenset((1, 2))),
    Field("month", 1, low=1, high=12, also=255),
    Field("flag", 1, high=0),
    Field("width", 2, low=1),
)


@dataclass(frozen=True)
class Noun:
    scale_unit: int = 1
    month: int = 12
    flag: int = 0
    width: int = 0x0102


def test_fields_are_read_and_written_by_the_same_table() -> None:
    data = bytes((1, 12, 0, 1, 2))
    reader = ByteReader(data, record="ISO")
    assert read_fields(reader, LAYOUT, where="") == {"scale_unit": 1, "month": 12, "flag": 0, "width": 0x0102}
    assert reader.remaining == 0
    assert write_fields(Noun(), LAYOUT, record="ISO", where="") == data


def test_what_a_noun_does_not_hold_is_stated_beside_it() -> None:
    assert (
        write_fields(object(), LAYOUT[2:], record="ISO", where="", stated={"flag": 0, "width": 7})
        == b"\0\0\7"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes((3, 12, 0, 1, 2)), "ISO, image 4, scale unit, byte 0: 3 is not one of 1, 2"),
        (bytes((1, 13, 0, 1, 2)), "ISO, image 4, month, byte 1: 13 is not allowed, must be 1..12 or 255"),
        (bytes((1, 255, 1, 1, 2)), "ISO, image 4, flag, byte 2: 1 is not allowed, must be 0"),
        (bytes((1, 1, 0, 0, 0)), "ISO, image 4, width, byte 3: 0 is not allowed, must be 1..65535"),
    ],
)
def test_values_that_are_not_allowed_are_named(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read_fields(ByteReader(data, record="ISO"), LAYOUT, where="image 4")


def test_a_field_that_is_cut_is_truncated() -> None:
    with pytest.raises(TruncatedRecord, match="ISO, width, byte 3"):
        read_fields(ByteReader(bytes((1, 1, 0, 0)), record="ISO"), LAYOUT, where="")


def test_writing_keeps_the_same_rules() -> None:
    with pytest.raises(FormatError, match=r"ISO, image 4, width: 65536 is not allowed, must be 1\.\.65535"):
        write_fields(Noun(width=65_536), LAYOUT, record="ISO", where="image 4")


def test_a_place_without_a_part_is_the_field_alone() -> None:
    assert place_of("", "flag") == "flag"
