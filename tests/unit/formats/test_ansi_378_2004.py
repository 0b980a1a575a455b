from __future__ import annotations

from collections.abc import Callable

import pytest

from biocapil.errors import FormatError
from biocapil.formats import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordStandard,
    read_minutiae_record,
    write_minutiae_record,
)

ANSI = RecordStandard.ANSI_378_2004
RecordMaker = Callable[..., MinutiaeRecord]
ViewMaker = Callable[..., FingerView]


def test_the_header_stands_byte_for_byte_as_in_the_standard(
    make_record: RecordMaker, make_view: ViewMaker
) -> None:
    data = write_minutiae_record(make_record(ANSI, make_view([]), product_type=0x11, device_id=0xB5))
    assert data.hex(" ") == (
        "46 4d 52 00 20 32 30 00 00 20 00 42 00 11 00 b5 01 2c 01 90 00 c5 00 c5 01 00 02 00 50 00 00 00"
    )


def padded(make_record: RecordMaker, make_view: ViewMaker, total: int) -> MinutiaeRecord:
    """A record whose header's short form would make it `total` bytes long."""
    spare = total - 26 - 2 * 6 - 2 * 4
    blocks = (ExtendedBlock(kind=300, data=bytes(60000)), ExtendedBlock(kind=301, data=bytes(spare - 60000)))
    views = (make_view([], blocks=blocks[:1]), make_view([], view_number=1, blocks=blocks[1:]))
    return make_record(ANSI, *views)


@pytest.mark.parametrize(("total", "written", "length"), [(0xFFFF, 0xFFFF, 26), (0x10000, 0x10004, 30)])
def test_the_length_takes_six_bytes_where_two_do_not_hold_it(
    make_record: RecordMaker, make_view: ViewMaker, total: int, written: int, length: int
) -> None:
    record = padded(make_record, make_view, total)
    data = write_minutiae_record(record)
    assert len(data) == written
    assert data[length] == record.views[0].position
    again = read_minutiae_record(data).record
    assert again.header == record.header
    assert again.views[1].blocks == record.views[1].blocks


def test_the_six_byte_form_of_a_short_length_is_a_problem(
    make_record: RecordMaker, make_view: ViewMaker
) -> None:
    data = write_minutiae_record(make_record(ANSI, make_view()))
    long = data[:8] + bytes(2) + (len(data) + 4).to_bytes(4, "big") + data[10:]
    with pytest.raises(FormatError, match="total length, byte 8: the six-byte form states 48"):
        read_minutiae_record(long)
    parsed = read_minutiae_record(long, strict=False)
    assert len(parsed.problems) == 1
    assert write_minutiae_record(parsed.record) == data
