from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

import biocapil.segmentation
from biocapil.sample import CapturedSample
from biocapil.segmentation import cut_finger, segment_slap, segment_thumbs
from biocapil.synthesis import MasterPrint, Slap, make_slap
from biocapil.vocabulary import FingerPosition, Hand, Modality

Masters = dict[FingerPosition, MasterPrint]
Box = tuple[int, int, int, int]


def overlap(one: Box, other: Box) -> float:
    """Shared area by area of both."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0, width) * max(0, height)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def test_public_names_are_pinned() -> None:
    assert biocapil.segmentation.__all__ == [
        "HandReading",
        "SlapSegment",
        "SlapSegmentation",
        "cut_finger",
        "segment_slap",
        "segment_thumbs",
    ]


@pytest.mark.parametrize("hand", list(Hand))
def test_hand_fingers_and_boxes_are_those_of_the_truth(slaps: dict[Hand, Slap], hand: Hand) -> None:
    found = segment_slap(slaps[hand].sample)
    truth = {finger.position: finger for finger in slaps[hand].fingers}
    assert found.hand is hand
    assert found.hand_probability > 0.9
    assert {each.position for each in found.segments} == set(truth)
    for each in found.segments:
        assert overlap(each.box_px, truth[each.position].box_px) > 0.75
        assert not each.cut_off


@pytest.mark.parametrize("hand", list(Hand))
@pytest.mark.parametrize("digit", range(4))
def test_a_missing_finger_shifts_no_name(masters: Masters, hand: Hand, digit: int) -> None:
    missing = hand.fingers[digit]
    slap = make_slap(masters, 21, hand=hand, missing=[missing], difficulty=0.3)
    found = segment_slap(slap.sample, missing=[missing])
    assert found.hand is hand
    assert found.positions == frozenset(hand.fingers) - {missing}


def test_a_finger_that_does_not_touch_is_not_there(masters: Masters) -> None:
    gone = FingerPosition.RIGHT_LITTLE
    slap = make_slap(masters, 5, hand=Hand.RIGHT, missing=[gone], difficulty=0.3)
    found = segment_slap(slap.sample)
    assert len(found.segments) == 3
    assert found.strangers == 0


def test_resolution_does_not_matter(slaps: dict[Hand, Slap]) -> None:
    sample = slaps[Hand.LEFT].sample
    rows, columns = sample.pixels.shape
    double = cv2.resize(sample.pixels, (2 * columns, 2 * rows), interpolation=cv2.INTER_LINEAR)
    found = segment_slap(CapturedSample(pixels=np.asarray(double, np.uint8), resolution_ppi=1000))
    assert found.hand is Hand.LEFT
    assert found.positions == frozenset(Hand.LEFT.fingers)


def test_a_finger_over_the_border_is_told(slaps: dict[Hand, Slap]) -> None:
    slap = slaps[Hand.RIGHT]
    little = slap.fingers[-1].box_px
    edge = little[0] + little[2] * 2 // 3
    found = segment_slap(replace(slap.sample, pixels=slap.sample.pixels[:, :edge]))
    assert [each.position for each in found.segments if each.cut_off] == [FingerPosition.RIGHT_LITTLE]


def test_fingers_that_touch_each_other_are_parted(slaps: dict[Hand, Slap]) -> None:
    slap = slaps[Hand.RIGHT]
    middle, ring = slap.fingers[1].box_px, slap.fingers[2].box_px
    gap = ring[0] - (middle[0] + middle[2])
    pixels = slap.sample.pixels
    left = pixels[:, : middle[0] + middle[2]]
    closed = np.hstack([left, pixels[:, ring[0] + 4 :]])
    assert gap > 0
    found = segment_slap(replace(slap.sample, pixels=closed))
    assert len(found.segments) == 4


def test_an_empty_glass_shows_nothing() -> None:
    rng = np.random.default_rng(3)
    pixels = rng.normal(240, 2, (1500, 1600)).clip(0, 255).astype(np.uint8)
    found = segment_slap(CapturedSample(pixels=pixels, resolution_ppi=500))
    assert found.segments == ()
    assert found.hand is None


def test_thumbs_are_named_as_they_lie(slaps: dict[Hand, Slap]) -> None:
    slap = slaps[Hand.RIGHT]
    right = slap.fingers[1].box_px
    pair = replace(slap.sample, pixels=slap.sample.pixels[:, : right[0] + right[2] + 30])
    both = segment_thumbs(pair)
    assert [each.position for each in both.segments] == [
        FingerPosition.LEFT_THUMB,
        FingerPosition.RIGHT_THUMB,
    ]
    one = segment_thumbs(pair, missing=[FingerPosition.LEFT_THUMB])
    assert {each.position for each in one.segments} == {FingerPosition.UNKNOWN}


def test_a_cut_finger_shows_itself_only(slaps: dict[Hand, Slap]) -> None:
    slap = slaps[Hand.LEFT].sample
    segments = segment_slap(slap).segments
    fingers = [cut_finger(slap, each) for each in segments]
    dark = (slap.pixels < 128).sum()
    assert [each.position for each in fingers] == [each.position for each in segments]
    assert all(each.resolution_ppi == 500 for each in fingers)
    assert sum((each.pixels < 128).sum() for each in fingers) == pytest.approx(dark, rel=0.02)


def test_a_face_is_refused() -> None:
    face = CapturedSample(pixels=np.zeros((50, 50), np.uint8), modality=Modality.FACE)
    with pytest.raises(ValueError, match="fingers"):
        segment_slap(face)


def test_no_picture_stands_in_a_text(slaps: dict[Hand, Slap]) -> None:
    (first, *_) = segment_slap(slaps[Hand.RIGHT].sample).segments
    assert repr(first) == f"SlapSegment(RIGHT_INDEX, box {first.box_px})"
