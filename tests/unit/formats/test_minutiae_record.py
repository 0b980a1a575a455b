from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.formats import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordedMinutiae,
    RecordHeader,
    RecordStandard,
)
from biocapil.vocabulary import FingerPosition

ISO = RecordStandard.ISO_19794_2_2005


def test_the_standards_state_their_names_and_angle_units() -> None:
    assert [(s.title, s.angle_units) for s in RecordStandard] == [
        ("ISO/IEC 19794-2:2005", 256),
        ("ANSI/INCITS 378-2004", 180),
    ]


def test_arrays_are_read_only_views(make_minutiae: Callable[..., RecordedMinutiae]) -> None:
    minutiae = make_minutiae([(1, 2, 3, 4, 5)])
    with pytest.raises(ValueError, match="read-only"):
        minutiae.x_px[0] = 9


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("kinds", np.array([4], np.uint8), r"kinds must lie in 0\.\.3, got 4"),
        ("x_px", np.array([0x4000], np.uint16), r"x_px must lie in 0\.\.16383, got 16384"),
        ("reserved", np.array([4], np.uint8), r"reserved must lie in 0\.\.3, got 4"),
        ("y_px", np.array([1], np.uint8), "y_px must be uint16"),
        ("angles", np.zeros(2, np.uint8), r"angles must be uint8 of shape \(N,\)"),
        ("kinds", np.zeros((1, 1), np.uint8), "kinds must be uint8"),
    ],
)
def test_what_does_not_fit_the_bytes_is_refused(
    make_minutiae: Callable[..., RecordedMinutiae], name: str, value: np.ndarray, text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        replace(make_minutiae([(1, 2, 3, 4, 5)]), **{name: value})


def test_a_view_holds_255_minutiae_and_no_more(make_minutiae: Callable[..., RecordedMinutiae]) -> None:
    assert len(make_minutiae([(1, 2, 3, 4, 5)] * 255)) == 255
    with pytest.raises(ValueError, match="at most 255 minutiae, got 256"):
        make_minutiae([(1, 2, 3, 4, 5)] * 256)


@pytest.mark.parametrize(
    ("field", "value"), [("position", 256), ("view_number", 16), ("impression", 16), ("quality", -1)]
)
def test_view_fields_must_fit_their_bits(
    make_view: Callable[..., FingerView], field: str, value: int
) -> None:
    with pytest.raises(ValueError, match=f"must lie in .* got {value}"):
        make_view(**{field: value})


def test_extended_data_must_fit_its_length_field(make_view: Callable[..., FingerView]) -> None:
    blocks = (ExtendedBlock(kind=300, data=bytes(0xFFFF - 4)),)
    assert make_view(blocks=blocks).extended_bytes == 0xFFFF
    with pytest.raises(ValueError, match="extended data length"):
        make_view(blocks=(*blocks, ExtendedBlock(kind=1, data=b"")))
    with pytest.raises(ValueError, match="extended data type"):
        ExtendedBlock(kind=0x10000, data=b"")


@pytest.mark.parametrize(
    ("field", "value"),
    [("width_px", 0x10000), ("device_id", 0x1000), ("compliance", 16), ("reserved", 256)],
)
def test_header_fields_must_fit_their_bits(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{field} must lie in .* got {value}"):
        RecordHeader(**{"width_px": 1, "height_px": 1, "x_ppcm": 197, "y_ppcm": 197, field: value})


def test_a_record_counts_its_views_in_one_byte(
    make_record: Callable[..., MinutiaeRecord], make_view: Callable[..., FingerView]
) -> None:
    with pytest.raises(ValueError, match="number of finger views"):
        make_record(ISO, *[make_view([])] * 256)


def test_a_position_that_is_not_defined_is_the_unknown_finger(make_view: Callable[..., FingerView]) -> None:
    assert make_view(position=10).finger is FingerPosition.LEFT_LITTLE
    assert make_view(position=11).finger is FingerPosition.UNKNOWN


def test_the_frame_holds_minutiae_outside_the_image(
    make_record: Callable[..., MinutiaeRecord], make_view: Callable[..., FingerView]
) -> None:
    inside, outside = make_view(), make_view([(1, 500, 600, 0, 0)])
    assert make_record(ISO).frame_px == (300, 400)
    assert make_record(ISO, inside).frame_px == (300, 400)
    assert make_record(ISO, inside, outside).frame_px == (501, 601)


def test_no_repr_shows_a_minutia_or_extended_data(make_view: Callable[..., FingerView]) -> None:
    text = repr(make_view([(1, 123, 234, 56, 78)], blocks=(ExtendedBlock(kind=300, data=b"secret"),)))
    assert "RecordedMinutiae(1 minutiae)" in text
    assert "ExtendedBlock(kind=300, 6 bytes)" in text
    assert not any(value in text for value in ("123", "234", "56", "78", "secret"))
