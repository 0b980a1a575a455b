import math

import numpy as np
import pytest

from biocapil.sample import Origin
from biocapil.synthesis import Hand, MasterPrint, SensorStyle, Slap, make_slap
from biocapil.synthesis.slap import SLAP_SHAPE, SLAP_STYLES
from biocapil.vocabulary import FingerPosition, Modality

Masters = dict[FingerPosition, MasterPrint]


@pytest.fixture(scope="module")
def masters(master: MasterPrint) -> Masters:
    """One finger for all: places are looked at here, not ridges."""
    return {position: master for position in FingerPosition if position}


@pytest.fixture(scope="module")
def slaps(masters: Masters) -> dict[Hand, Slap]:
    return {hand: make_slap(masters, 5, hand=hand, difficulty=0.3) for hand in Hand}


def middle(box: tuple[int, int, int, int]) -> tuple[float, float]:
    left, top, width, height = box
    return left + width / 2, top + height / 2


def test_a_slap_is_a_synthetic_sample_of_a_whole_glass(slaps: dict[Hand, Slap]) -> None:
    sample = slaps[Hand.RIGHT].sample
    assert sample.pixels.shape == SLAP_SHAPE
    assert sample.modality is Modality.FINGER
    assert sample.position is FingerPosition.UNKNOWN
    assert sample.origin is Origin.SYNTHETIC
    assert sample.resolution_ppi == 500


@pytest.mark.parametrize("hand", list(Hand))
def test_the_index_finger_lies_on_the_side_of_the_thumb(slaps: dict[Hand, Slap], hand: Hand) -> None:
    fingers = slaps[hand].fingers
    assert [finger.position for finger in fingers] == list(hand.fingers)
    across = [middle(finger.box_px)[0] for finger in fingers]
    assert across == sorted(across, reverse=hand is Hand.LEFT)


@pytest.mark.parametrize("hand", list(Hand))
def test_boxes_hold_the_dark_of_the_picture(slaps: dict[Hand, Slap], hand: Hand) -> None:
    pixels = slaps[hand].sample.pixels
    outside = np.ones(SLAP_SHAPE, bool)
    for finger in slaps[hand].fingers:
        left, top, width, height = finger.box_px
        assert left >= 0
        assert top >= 0
        assert left + width <= SLAP_SHAPE[1]
        assert top + height <= SLAP_SHAPE[0]
        assert 100 < width < 420
        outside[top : top + height, left : left + width] = False
        assert (pixels[top : top + height, left : left + width] < 128).mean() > 0.15
    assert (pixels[outside] < 128).mean() < 0.001


def test_the_middle_finger_lies_highest_and_the_little_finger_lowest(masters: Masters) -> None:
    heights = np.mean(
        [
            [middle(finger.box_px)[1] for finger in make_slap(masters, seed, hand=Hand.RIGHT).fingers]
            for seed in range(4)
        ],
        axis=0,
    )
    assert heights.argmin() == 1
    assert heights.argmax() == 3


def test_the_rotation_is_that_of_the_ridges(masters: Masters) -> None:
    for finger in make_slap(masters, 8, hand=Hand.LEFT, difficulty=0).fingers:
        up = finger.to_slap(np.array([[223.0, 200.0], [223.0, 300.0]]))
        dx, dy = up[0] - up[1]
        assert math.atan2(-dx, -dy) == pytest.approx(finger.rotation_rad, abs=0.01)


def test_labels_follow_every_finger(masters: Masters, master: MasterPrint) -> None:
    slap = make_slap(masters, 9, hand=Hand.RIGHT, difficulty=0)
    rows, columns = np.mgrid[150:400:3, 120:330:3]
    points = np.column_stack((columns.ravel(), rows.ravel())).astype(float)
    expected = master.ridges[rows.ravel(), columns.ravel()]
    for finger in slap.fingers:
        places = np.round(finger.to_slap(points)).astype(int)
        left, top, width, height = finger.box_px
        inside = ((places > (left + 40, top + 60)) & (places < (left + width - 40, top + height - 60))).all(1)
        seen = slap.sample.pixels[places[inside, 1], places[inside, 0]].astype(float)
        assert np.corrcoef(expected[inside], -seen)[0, 1] > 0.6


def test_missing_fingers_leave_the_others_where_they_are(masters: Masters) -> None:
    gone = (FingerPosition.RIGHT_MIDDLE, FingerPosition.RIGHT_LITTLE)
    whole, parts = (make_slap(masters, 4, hand=Hand.RIGHT, missing=missing) for missing in ((), gone))
    assert [finger.position for finger in parts.fingers] == [
        FingerPosition.RIGHT_INDEX,
        FingerPosition.RIGHT_RING,
    ]
    assert [finger.box_px for finger in parts.fingers] == [
        finger.box_px for finger in whole.fingers if finger.position not in gone
    ]


def test_the_same_seed_lays_the_same_slap(masters: Masters, slaps: dict[Hand, Slap]) -> None:
    again = make_slap(masters, 5, hand=Hand.LEFT, difficulty=0.3)
    assert np.array_equal(again.sample.pixels, slaps[Hand.LEFT].sample.pixels)


def test_only_large_sensors_take_slaps(masters: Masters) -> None:
    for style in set(SensorStyle) - set(SLAP_STYLES):
        with pytest.raises(ValueError, match=f"style of a slap must be one of .*; got {style.value}"):
            make_slap(masters, 1, hand=Hand.LEFT, style=style)


def test_a_difficulty_out_of_range_is_refused(masters: Masters) -> None:
    with pytest.raises(ValueError, match=r"difficulty must lie in 0\.\.1"):
        make_slap(masters, 1, hand=Hand.LEFT, difficulty=2)


def test_a_finger_that_is_neither_there_nor_missing_is_refused(masters: Masters) -> None:
    without = {position: one for position, one in masters.items() if position != FingerPosition.LEFT_RING}
    with pytest.raises(ValueError, match="none for left_ring"):
        make_slap(without, 1, hand=Hand.LEFT)
    assert len(make_slap(without, 1, hand=Hand.LEFT, missing=[FingerPosition.LEFT_RING]).fingers) == 3
