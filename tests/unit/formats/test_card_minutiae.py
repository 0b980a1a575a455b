from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, TruncatedRecord
from biocapil.formats import CardFormat, CardOrder, read_card_minutiae, write_card_minutiae
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ModelId

COMPACT, NORMAL = CardFormat
Row = tuple[float, float, float, int, int]


def template_of(*rows: Row, side_um: float = 200_000.0) -> FingerprintTemplate:
    """Template of minutiae (x in mm, y in mm, angle in degrees, kind, quality)."""
    table = np.array(rows, np.float64).reshape(-1, 5)
    return FingerprintTemplate(
        positions_um=(table[:, :2] * 1000).astype(np.float32),
        angles_rad=np.radians(table[:, 2]).astype(np.float32),
        kinds=table[:, 3].astype(np.uint8),
        qualities=table[:, 4].astype(np.uint8),
        extent_um=(side_um, side_um),
        model_id=ModelId("m"),
    )


@st.composite
def fingers(draw: st.DrawFn) -> FingerprintTemplate:
    """Templates of any size up to twice what the compact form can hold."""
    wide = draw(st.sampled_from([20.0, 30.0, 60.0]))
    place = st.floats(0, wide, width=32)
    angle = st.floats(0, 359.5, width=32)
    row = st.tuples(place, place, angle, st.integers(0, 2), st.integers(0, 100))
    return template_of(*draw(st.lists(row, min_size=1, max_size=20)))


def test_the_compact_bytes_are_those_of_the_standard() -> None:
    template = template_of((1.0, 25.5, 90.0, 1, 50), (0.04, 0.26, 357.5, 2, 50))
    data = write_card_minutiae(template, card_format=COMPACT)
    assert data == bytes((10, 255, 1 << 6 | 16, 0, 3, 2 << 6 | 0))
    again = read_card_minutiae(data, card_format=COMPACT, position=FingerPosition.LEFT_INDEX)
    np.testing.assert_allclose(again.positions_um, [[1000, 25_500], [0, 300]])
    np.testing.assert_allclose(np.degrees(again.angles_rad), [90, 0])
    assert again.kinds.tolist() == [1, 2]
    assert again.qualities.tolist() == [0, 0]
    assert again.extent_um == (1100.0, 25_600.0)
    assert (again.model_id, again.position) == (
        "minutiae:iso-19794-2-card-compact",
        FingerPosition.LEFT_INDEX,
    )


def test_the_normal_bytes_are_those_of_the_standard() -> None:
    template = template_of((163.83, 0.01, 180.0, 2, 50), (0, 40.0, 359.5, 0, 50))
    data = write_card_minutiae(template, card_format=NORMAL)
    assert data == b"\xbf\xff\0\x01\x80" + b"\0\0" + (4000).to_bytes(2, "big") + b"\0"
    again = read_card_minutiae(data, card_format=NORMAL, model_id=ModelId("card@1"))
    np.testing.assert_allclose(again.positions_um, [[163_830, 10], [0, 40_000]])
    assert again.model_id == "card@1"


@pytest.mark.parametrize("card_format", CardFormat)
@given(template=fingers())
@settings(max_examples=80, deadline=None)
def test_what_was_written_is_read_and_written_again_the_same(
    card_format: CardFormat, template: FingerprintTemplate
) -> None:
    data = write_card_minutiae(template, card_format=card_format)
    again = read_card_minutiae(data, card_format=card_format)
    assert write_card_minutiae(again, card_format=card_format) == data
    extent = np.ptp(template.positions_um, axis=0).max()
    if extent < card_format.unit_um * (card_format.max_coordinate - 1):
        assert len(again) == len(template)
        shift = again.positions_um - template.positions_um
        assert (np.ptp(shift, axis=0) <= card_format.unit_um * 1.01).all()
        turns = (again.angles_rad - template.angles_rad) / (2 * np.pi)
        assert (np.abs((turns + 0.5) % 1 - 0.5) <= 0.501 / card_format.angle_units).all()
    else:
        assert 0 < len(again) <= len(template)


def test_a_print_beyond_the_coordinates_is_shifted_only_as_far_as_it_must() -> None:
    template = template_of((20.0, 1.0, 0, 1, 50), (30.0, 2.0, 0, 1, 50))
    again = read_card_minutiae(write_card_minutiae(template, card_format=COMPACT), card_format=COMPACT)
    np.testing.assert_allclose(again.positions_um, [[15_500, 1000], [25_500, 2000]])


def test_a_print_too_wide_loses_what_is_farthest_from_its_centre() -> None:
    rows: list[Row] = [
        (30.0, 5.0, 0, 1, 10),
        (31.0, 5.0, 0, 1, 10),
        (32.0, 5.0, 0, 1, 10),
        (0, 5.0, 0, 1, 90),
    ]
    again = read_card_minutiae(
        write_card_minutiae(template_of(*rows), card_format=COMPACT), card_format=COMPACT
    )
    assert len(again) == 3
    np.testing.assert_allclose(np.diff(again.positions_um[:, 0]), [1000, 1000])


def test_a_limit_keeps_the_best_in_their_order() -> None:
    template = template_of((1, 1, 0, 1, 10), (2, 1, 0, 1, 90), (3, 1, 0, 1, 80), (4, 1, 0, 1, 20))
    data = write_card_minutiae(template, card_format=COMPACT, limit=2)
    assert data[::3] == bytes((20, 30))


@pytest.mark.parametrize(
    ("order", "places"),
    [
        (CardOrder.ANY, [0, 1, 2, 3]),
        (CardOrder.BEST_FIRST, [3, 2, 1, 0]),
        (CardOrder.X_ASCENDING, [1, 3, 2, 0]),
        (CardOrder.X_DESCENDING, [0, 2, 3, 1]),
        (CardOrder.Y_ASCENDING, [3, 1, 2, 0]),
        (CardOrder.Y_DESCENDING, [0, 2, 1, 3]),
        (CardOrder.ANGLE_ASCENDING, [2, 0, 1, 3]),
        (CardOrder.ANGLE_DESCENDING, [3, 1, 0, 2]),
        (CardOrder.POLAR_ASCENDING, [2, 1, 3, 0]),
        (CardOrder.POLAR_DESCENDING, [0, 3, 1, 2]),
    ],
)
@pytest.mark.parametrize("card_format", CardFormat)
def test_a_card_gets_the_order_it_wants(card_format: CardFormat, order: CardOrder, places: list[int]) -> None:
    template = template_of((10, 8, 90, 0, 1), (1, 4, 180, 0, 2), (3, 4, 45, 0, 3), (2, 0, 270, 0, 4))
    data = write_card_minutiae(template, card_format=card_format, order=order)
    plain = write_card_minutiae(template, card_format=card_format)
    size = card_format.minutia_bytes
    rows = [plain[size * place : size * (place + 1)] for place in places]
    assert data == b"".join(rows)


@pytest.mark.parametrize("card_format", CardFormat)
def test_minutiae_that_stand_best_first_get_their_ranks_as_qualities(card_format: CardFormat) -> None:
    template = template_of((1, 1, 0, 1, 10), (2, 1, 0, 1, 90), (3, 1, 0, 1, 80))
    data = write_card_minutiae(template, card_format=card_format, order=CardOrder.BEST_FIRST)
    again = read_card_minutiae(data, card_format=card_format, best_first=True)
    assert again.positions_um[:, 0].tolist() == [2000, 3000, 1000]
    assert again.qualities.tolist() == [100, 50, 1]
    assert read_card_minutiae(data, card_format=card_format).qualities.tolist() == [0, 0, 0]
    alone = read_card_minutiae(data[: card_format.minutia_bytes], card_format=card_format, best_first=True)
    assert alone.qualities.tolist() == [100]


def test_two_fingers_of_eighty_minutiae_take_less_than_half_a_kilobyte() -> None:
    rng = np.random.default_rng(1)
    rows = [(*rng.uniform(0, 20, 2), rng.uniform(0, 360), 1, 50) for _ in range(80)]
    assert 2 * len(write_card_minutiae(template_of(*rows), card_format=COMPACT)) == 480
    assert 2 * len(write_card_minutiae(template_of(*rows), card_format=NORMAL)) == 800


@pytest.mark.parametrize("card_format", CardFormat)
@given(data=st.binary(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_minutiae_or_a_format_error(card_format: CardFormat, data: bytes) -> None:
    size, sound = card_format.minutia_bytes, False
    if data and not len(data) % size:
        heads = data[2::3] if card_format is COMPACT else data[::5]
        sound = all(head >> 6 < 3 for head in heads)
        sound = sound and (card_format is COMPACT or not any(head >> 6 for head in data[2::5]))
    if sound:
        template = read_card_minutiae(data, card_format=card_format)
        assert write_card_minutiae(template, card_format=card_format) == data
        return
    with pytest.raises(FormatError) as caught:
        read_card_minutiae(data, card_format=card_format)
    assert caught.value.record == card_format.title
    assert caught.value.field
    assert caught.value.offset in range(len(data) + 1)


@pytest.mark.parametrize(
    ("card_format", "data", "text"),
    [
        (COMPACT, b"", "number of minutiae, byte 0: 0 is not allowed, must be 1..255"),
        (COMPACT, bytes(3 * 256), "number of minutiae, byte 0: 256 is not allowed, must be 1..255"),
        (COMPACT, bytes(5) + b"\xc0", "type of minutia 2, byte 3: 3 is outside 0..2"),
        (NORMAL, bytes(5) + b"\xc0" + bytes(4), "type of minutia 2, byte 5: 3 is outside 0..2"),
        (NORMAL, bytes(2) + b"\x40" + bytes(2), "reserved bits of minutia 1, byte 0: 1 is outside 0..0"),
    ],
)
def test_what_the_standard_does_not_allow_is_refused(card_format: CardFormat, data: bytes, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        read_card_minutiae(data, card_format=card_format)


def test_bytes_that_end_inside_a_minutia_are_truncated() -> None:
    with pytest.raises(TruncatedRecord, match="minutia 2, byte 3: bytes needed: 3, left: 2"):
        read_card_minutiae(bytes(5), card_format=COMPACT)


def test_what_no_card_takes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"limit must lie in 1\.\.255, got 0"):
        write_card_minutiae(template_of((1, 1, 0, 1, 1)), card_format=COMPACT, limit=0)
    with pytest.raises(ValueError, match="at least one minutia"):
        write_card_minutiae(template_of(), card_format=COMPACT)
