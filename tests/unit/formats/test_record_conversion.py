from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError
from biocapil.formats import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordStandard,
    convert_record,
    read_minutiae_record,
    write_minutiae_record,
)
from biocapil.formats.ansi_378_2004 import UNKNOWN_OWNER

ISO, ANSI = RecordStandard
RecordMaker = Callable[..., MinutiaeRecord]
ViewMaker = Callable[..., FingerView]
COUNTS = ExtendedBlock(kind=1, data=bytes(4))
CUT_COUNTS = ExtendedBlock(kind=1, data=bytes(5))
CORES = ExtendedBlock(kind=2, data=bytes(2))
VENDOR = ExtendedBlock(kind=300, data=b"x")


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_sound_record_stays_itself_within_its_standard(
    data: st.DataObject, records: st.SearchStrategy[MinutiaeRecord]
) -> None:
    record = data.draw(records)
    converted = convert_record(record, standard=record.standard)
    assert write_minutiae_record(converted) == write_minutiae_record(record)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_record_is_sound_in_the_other_standard_and_keeps_its_pixels(
    data: st.DataObject, records: st.SearchStrategy[MinutiaeRecord]
) -> None:
    record = data.draw(records)
    other = ANSI if record.standard is ISO else ISO
    again = read_minutiae_record(write_minutiae_record(convert_record(record, standard=other))).record
    assert again.standard is other
    for new, old in zip(again.views, record.views, strict=True):
        assert new.minutiae.x_px.tolist() == old.minutiae.x_px.tolist()
        assert new.minutiae.y_px.tolist() == old.minutiae.y_px.tolist()
        turns = new.minutiae.angles / other.angle_units - old.minutiae.angles / record.standard.angle_units
        gaps = abs((turns + 0.5) % 1 - 0.5)
        assert (gaps <= 0.5 / other.angle_units + 1e-9).all()


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [(ISO, ISO, (COUNTS, CORES, VENDOR)), (ISO, ANSI, (COUNTS,)), (ANSI, ISO, (COUNTS,))],
)
def test_extended_data_carries_over_where_its_layout_is_the_same(
    make_record: RecordMaker,
    make_view: ViewMaker,
    source: RecordStandard,
    target: RecordStandard,
    kept: tuple[ExtendedBlock, ...],
) -> None:
    record = make_record(source, make_view(blocks=(COUNTS, CUT_COUNTS, CORES, VENDOR)))
    assert convert_record(record, standard=target).views[0].blocks == kept


def test_the_software_is_named_only_where_the_standard_has_a_place(
    make_record: RecordMaker, make_view: ViewMaker
) -> None:
    ansi = make_record(ANSI, make_view(), product_owner=0x42, product_type=0x11)
    same = convert_record(ansi, standard=ANSI).header
    assert (same.product_owner, same.product_type) == (0x42, 0x11)
    iso = convert_record(ansi, standard=ISO)
    assert (iso.header.product_owner, iso.header.product_type) == (0, 0)
    assert convert_record(iso, standard=ANSI).header.product_owner == UNKNOWN_OWNER


@pytest.mark.parametrize("standard", RecordStandard)
def test_everything_that_lenient_reading_lets_through_is_repaired(
    make_record: RecordMaker, make_view: ViewMaker, standard: RecordStandard
) -> None:
    view = make_view(
        [(3, 500, 600, 255, 101)], reserved=3, position=44, view_number=5, quality=200, blocks=(CUT_COUNTS,)
    )
    broken = make_record(standard, view, view, compliance=0b1111, reserved=7)
    converted = convert_record(broken, standard=ISO)
    again = read_minutiae_record(write_minutiae_record(converted)).record
    assert again.header.compliance == 8
    assert (again.header.width_px, again.header.height_px) == (501, 601)
    assert [(v.position, v.view_number, v.quality) for v in again.views] == [(0, 0, 0), (0, 1, 0)]
    minutiae = again.views[0].minutiae
    assert (minutiae.kinds[0], minutiae.qualities[0], minutiae.reserved[0]) == (0, 0, 0)


def test_a_latent_has_no_code_in_the_other_standard(make_record: RecordMaker, make_view: ViewMaker) -> None:
    record = convert_record(make_record(ISO, make_view(impression=7)), standard=ANSI)
    with pytest.raises(FormatError, match="impression type"):
        write_minutiae_record(record)


def test_a_seventeenth_view_of_one_finger_is_left_to_the_writer(
    make_record: RecordMaker, make_view: ViewMaker
) -> None:
    record = convert_record(make_record(ISO, *[make_view()] * 17), standard=ISO)
    with pytest.raises(FormatError, match="finger view 17, view number"):
        write_minutiae_record(record)
