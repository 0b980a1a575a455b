from __future__ import annotations

from collections.abc import Callable

from biocapil.formats import (
    FingerView,
    MinutiaeRecord,
    RecordStandard,
    read_minutiae_record,
    write_minutiae_record,
)

ISO = RecordStandard.ISO_19794_2_2005


def test_the_header_stands_byte_for_byte_as_in_the_standard(
    make_record: Callable[..., MinutiaeRecord], make_view: Callable[..., FingerView]
) -> None:
    data = write_minutiae_record(make_record(ISO, make_view([]), device_id=0x123, compliance=8))
    assert data.hex(" ") == (
        "46 4d 52 00 20 32 30 00 00 00 00 1e 81 23 01 2c 01 90 00 c5 00 c5 01 00 02 00 50 00 00 00"
    )


def test_the_header_comes_back(
    make_record: Callable[..., MinutiaeRecord], make_view: Callable[..., FingerView]
) -> None:
    record = make_record(ISO, make_view(), width_px=500, x_ppcm=99, y_ppcm=394, device_id=7)
    again = read_minutiae_record(write_minutiae_record(record)).record
    assert again.standard is ISO
    assert again.header == record.header
