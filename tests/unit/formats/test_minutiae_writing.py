from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError
from biocapil.formats import (
    MAX_RECORD_BYTES,
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordStandard,
    read_minutiae_record,
    write_minutiae_record,
)

ISO, ANSI = RecordStandard
RecordMaker = Callable[..., MinutiaeRecord]
ViewMaker = Callable[..., FingerView]


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_decoding_gives_back_what_was_encoded(
    data: st.DataObject, records: st.SearchStrategy[MinutiaeRecord]
) -> None:
    record = data.draw(records)
    encoded = write_minutiae_record(record)
    parsed = read_minutiae_record(encoded)
    assert not parsed.problems
    assert (parsed.record.standard, parsed.record.header) == (record.standard, record.header)
    for again, view in zip(parsed.record.views, record.views, strict=True):
        for name in ("position", "view_number", "impression", "quality", "blocks"):
            assert getattr(again, name) == getattr(view, name)
        for field in fields(view.minutiae):
            np.testing.assert_array_equal(
                getattr(again.minutiae, field.name), getattr(view.minutiae, field.name)
            )
    assert write_minutiae_record(parsed.record) == encoded


def test_reserved_bits_are_written_as_they_came(make_record: RecordMaker, make_view: ViewMaker) -> None:
    data = write_minutiae_record(make_record(ISO, make_view(reserved=2), compliance=2, reserved=9))
    parsed = read_minutiae_record(data, strict=False)
    assert len(parsed.problems) == 3
    assert write_minutiae_record(parsed.record) == data


def test_a_record_without_a_view_is_not_written(make_record: RecordMaker) -> None:
    with pytest.raises(FormatError, match=r"number of finger views, byte 22: 0 .* must be 1\.\.176"):
        write_minutiae_record(make_record(ISO))


def test_every_violation_names_field_value_and_range(make_record: RecordMaker, make_view: ViewMaker) -> None:
    with pytest.raises(FormatError, match=r"horizontal resolution, byte 18: 50 .* must be 99\.\.65535"):
        write_minutiae_record(make_record(ISO, make_view(), x_ppcm=50))
    with pytest.raises(
        FormatError, match=r"finger view 2, angle of minutia 1, byte 52: 200 is outside 0\.\.179"
    ):
        write_minutiae_record(
            make_record(ANSI, make_view(), make_view([(1, 0, 0, 200, 0)], view_number=1), height_px=400)
        )
    with pytest.raises(FormatError, match="finger view 2, view number, byte 43: 3 is not allowed, must be 1"):
        write_minutiae_record(make_record(ISO, make_view(), make_view(view_number=3)))


@pytest.mark.parametrize("standard", RecordStandard)
def test_a_record_so_long_that_readers_would_mistake_it_is_not_written(
    make_record: RecordMaker, make_view: ViewMaker, standard: RecordStandard
) -> None:
    block = ExtendedBlock(kind=300, data=bytes(0xFFFF - 4))
    fitting = [make_view([], position=n // 16, view_number=n % 16, blocks=(block,)) for n in range(23)]
    data = write_minutiae_record(make_record(standard, *fitting))
    assert len(data) <= MAX_RECORD_BYTES
    assert read_minutiae_record(data).record.standard is standard
    more = [make_view([], position=n // 16, view_number=n % 16, blocks=(block,)) for n in range(26)]
    with pytest.raises(FormatError, match=r"total length, byte 8: .* cannot be told from the other standard"):
        write_minutiae_record(make_record(standard, *more))
