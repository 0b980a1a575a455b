"""Minutiae records for the tests of this folder: one maker of small ones, one strategy of sound ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import strategies as st

from biocapil.formats import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordedMinutiae,
    RecordHeader,
    RecordStandard,
)

RecordMaker = Callable[..., MinutiaeRecord]
WIDTH, HEIGHT = 300, 400


def minutiae_of(rows: list[tuple[int, int, int, int, int]], reserved: int = 0) -> RecordedMinutiae:
    """Minutiae from (kind, x, y, angle, quality)."""
    table = np.array(rows, np.int64).reshape(-1, 5)
    return RecordedMinutiae(
        kinds=table[:, 0].astype(np.uint8),
        x_px=table[:, 1].astype(np.uint16),
        y_px=table[:, 2].astype(np.uint16),
        angles=table[:, 3].astype(np.uint8),
        qualities=table[:, 4].astype(np.uint8),
        reserved=np.full(len(table), reserved, np.uint8),
    )


def record_of(standard: RecordStandard, *views: FingerView, **header: int) -> MinutiaeRecord:
    """A record of a 300 by 400 image at 500 ppi."""
    owner = 0x42 if standard is RecordStandard.ANSI_378_2004 else 0
    fields = {"width_px": WIDTH, "height_px": HEIGHT, "x_ppcm": 197, "y_ppcm": 197, "product_owner": owner}
    return MinutiaeRecord(standard=standard, header=RecordHeader(**{**fields, **header}), views=views)


def view_of(
    rows: list[tuple[int, int, int, int, int]] | None = None, *, reserved: int = 0, **fields: object
) -> FingerView:
    """A view of the right index with two minutiae, or of the given ones."""
    chosen = [(1, 10, 20, 30, 40), (2, 299, 399, 179, 100)] if rows is None else rows
    values: dict[str, object] = {"position": 2, "view_number": 0, "impression": 0, "quality": 80}
    return FingerView(**{**values, **fields}, minutiae=minutiae_of(chosen, reserved))  # type: ignore[arg-type]  # a maker of test data


@st.composite
def sound_views(draw: st.DrawFn, standard: RecordStandard, number: int) -> FingerView:
    """View `number` of the left thumb, with anything in it that the standard allows."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(0, WIDTH - 1),
                st.integers(0, HEIGHT - 1),
                st.integers(0, standard.angle_units - 1),
                st.integers(0, 100),
            ),
            max_size=12,
        )
    )
    blocks = draw(st.lists(st.tuples(st.integers(256, 0xFFFF), st.binary(max_size=9)), max_size=3))
    return view_of(
        rows,
        position=6,
        view_number=number,
        impression=draw(st.sampled_from([0, 1, 2, 3, 8, 9])),
        quality=draw(st.integers(0, 100)),
        blocks=tuple(ExtendedBlock(kind=kind, data=data) for kind, data in blocks),
    )


@st.composite
def sound_records(draw: st.DrawFn) -> MinutiaeRecord:
    """Records that strict reading accepts."""
    standard = draw(st.sampled_from(RecordStandard))
    count = draw(st.integers(1, 3))
    views = [draw(sound_views(standard, number)) for number in range(count)]
    return record_of(standard, *views, device_id=draw(st.integers(0, 0xFFF)))


@pytest.fixture(scope="session")
def make_record() -> RecordMaker:
    return record_of


@pytest.fixture(scope="session")
def make_view() -> Callable[..., FingerView]:
    return view_of


@pytest.fixture(scope="session")
def make_minutiae() -> Callable[..., RecordedMinutiae]:
    return minutiae_of


@pytest.fixture(scope="session")
def records() -> st.SearchStrategy[MinutiaeRecord]:
    return sound_records()
