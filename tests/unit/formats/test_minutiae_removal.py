from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.formats import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordStandard,
    read_minutiae_record,
    record_to_templates,
    remove_minutiae,
    shorten_record,
    write_minutiae_record,
)
from biocapil.formats.minutiae_removal import lasting_first, record_bytes

ISO, ANSI = RecordStandard
RecordMaker = Callable[..., MinutiaeRecord]
ViewMaker = Callable[..., FingerView]
COUNTS = ExtendedBlock(kind=1, data=bytes(4))
VENDOR = ExtendedBlock(kind=300, data=b"vendor")
MANY = [(1, 3 * place, 3 * place, place, 20 + place) for place in range(40)]


def order_of(rows: list[tuple[float, float, int, int, int]]) -> list[int]:
    """Order of removal, last first, of minutiae (x, y, kind, angle, quality)."""
    table = np.array(rows, np.float64)
    kinds, qualities = table[:, 2].astype(np.uint8), table[:, 4].astype(np.uint8)
    return lasting_first(table[:, :2], kinds, table[:, 3], qualities).tolist()


def test_the_lowest_quality_goes_first() -> None:
    assert order_of([(0, 0, 1, 0, 30), (9, 9, 1, 0, 90), (5, 5, 1, 0, 60)]) == [1, 2, 0]


def test_of_equal_quality_the_farthest_from_the_centre_of_all_goes_first() -> None:
    assert order_of([(0, 0, 1, 0, 0), (4, 0, 1, 0, 0), (5, 0, 1, 0, 0), (11, 0, 1, 0, 0)]) == [2, 1, 0, 3]


def test_of_equal_distance_endings_go_first_then_the_largest_angle() -> None:
    corners = [(0, 0, 1, 9, 0), (2, 0, 2, 8, 0), (0, 2, 1, 3, 0), (2, 2, 2, 5, 0)]
    assert order_of(corners) == [3, 1, 2, 0]
    assert lasting_first(np.empty((0, 2)), *[np.empty(0, np.uint8)] * 3).tolist() == []


@given(data=st.data(), limit=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_a_template_keeps_the_best_in_their_order(
    data: st.DataObject, records: st.SearchStrategy[MinutiaeRecord], limit: int
) -> None:
    (template, *_) = record_to_templates(data.draw(records))
    short = remove_minutiae(template, limit=limit)
    assert len(short) == min(limit, len(template))
    assert (
        sorted(short.qualities.tolist()) == sorted(template.qualities.tolist())[len(template) - len(short) :]
    )
    rows = iter(zip(template.positions_um.tolist(), template.angles_rad.tolist(), strict=True))
    assert all(
        row in rows for row in zip(short.positions_um.tolist(), short.angles_rad.tolist(), strict=True)
    )
    assert remove_minutiae(short, limit=limit) is short


@pytest.mark.parametrize("standard", RecordStandard)
def test_two_fingers_of_eighty_minutiae_fit_a_kilobyte(
    make_record: RecordMaker, make_view: ViewMaker, standard: RecordStandard
) -> None:
    rows = [(1, place, place, place, place) for place in range(80)]
    record = make_record(standard, make_view(rows), make_view(rows, position=7))
    assert shorten_record(record, max_bytes=1024).views == record.views
    assert len(write_minutiae_record(record)) == record_bytes(record) <= 1024


@given(data=st.data(), max_bytes=st.integers(30 + 3 * 6, 500))
@settings(max_examples=60, deadline=None)
def test_a_shortened_record_fits_is_sound_and_wastes_no_room(
    data: st.DataObject, records: st.SearchStrategy[MinutiaeRecord], max_bytes: int
) -> None:
    record = data.draw(records)
    short = shorten_record(record, max_bytes=max_bytes)
    written = write_minutiae_record(short)
    assert len(written) <= max_bytes
    assert not read_minutiae_record(written).problems
    before, after = ([len(view.minutiae) for view in each.views] for each in (record, short))
    most = max(after)
    assert after == [min(count, most) for count in before]
    if after != before:
        one_more = sum(min(count, most + 1) for count in before) - sum(after)
        assert len(written) + 6 * one_more > max_bytes


def test_extended_data_go_before_minutiae(make_record: RecordMaker, make_view: ViewMaker) -> None:
    record = make_record(ISO, make_view(MANY, blocks=(COUNTS, VENDOR)))
    (view,) = shorten_record(record, max_bytes=record_bytes(record) - 1).views
    assert (len(view.minutiae), view.blocks) == (40, ())
    assert shorten_record(record, max_bytes=record_bytes(record)).views[0].blocks == (COUNTS, VENDOR)


def test_ridge_counts_go_with_the_minutiae_that_they_number(
    make_record: RecordMaker, make_view: ViewMaker
) -> None:
    record = make_record(
        ISO, make_view(MANY, blocks=(COUNTS, VENDOR)), make_view(blocks=(COUNTS,), position=7)
    )
    first, second = shorten_record(record, minutiae=30).views
    assert (first.minutiae.qualities.tolist(), first.blocks) == (list(range(30, 60)), (VENDOR,))
    assert (len(second.minutiae), second.blocks) == (2, (COUNTS,))


def test_what_cannot_be_is_refused(make_record: RecordMaker, make_view: ViewMaker) -> None:
    record = make_record(ISO, make_view(), make_view(view_number=1))
    with pytest.raises(
        ValueError, match="2 finger views without minutiae take 36 bytes, max_bytes allows 35"
    ):
        shorten_record(record, max_bytes=35)
    assert [len(view.minutiae) for view in shorten_record(record, max_bytes=36).views] == [0, 0]
    with pytest.raises(ValueError, match="minutiae must not be negative, got -1"):
        shorten_record(record, minutiae=-1)
    (template, _) = record_to_templates(record)
    with pytest.raises(ValueError, match="limit must not be negative, got -1"):
        remove_minutiae(template, limit=-1)
    assert len(remove_minutiae(replace(template), limit=0)) == 0
