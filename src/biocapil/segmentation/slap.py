"""`segment_slap` and `segment_thumbs`: the whole way, one line a step."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from biocapil.sample import CapturedSample
from biocapil.segmentation.flow import ridge_flow
from biocapil.segmentation.hand_shape import read_hand
from biocapil.segmentation.pointing import pointing_of
from biocapil.segmentation.regions import Region, find_regions
from biocapil.segmentation.segments import SlapSegment, SlapSegmentation
from biocapil.segmentation.skin import find_skin
from biocapil.vocabulary import FingerPosition, Hand, Modality

FINGERS = 4
THUMBS = (FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_THUMB)
"""As they lie side by side, from left to right."""


def segment_slap(
    sample: CapturedSample, *, missing: Collection[FingerPosition] = (), expected: Hand | None = None
) -> SlapSegmentation:
    """Find the four fingers of a hand, whose hand it is, and which finger is which.

    Args:
        sample: A slap, fingertips upward, grey, at any resolution.
        missing: Fingers, of either hand, that the person does not have or cannot lay down.
        expected: Hand that was asked for; without it, both are equally likely beforehand.

    Returns:
        Fingers from left to right; those that are not there are not.

    Raises:
        ValueError: The sample is not of fingers.
        MissingPart: OpenCV is not installed.
    """
    _require_fingers(sample)
    skin = find_skin(sample)
    regions = find_regions(skin.mask, wanted=FINGERS - _most_missing(missing))
    reading = read_hand(regions, pointing_of(ridge_flow(sample), regions), missing=missing, expected=expected)
    if reading is None:
        return SlapSegmentation(segments=())
    names = [position or FingerPosition.UNKNOWN for position in reading.positions]
    return SlapSegmentation(
        segments=_segments(sample, regions, names, skin.px_per_cell),
        hand=reading.hand,
        hand_probability=reading.probability,
        turn_rad=reading.turn_rad,
    )


def segment_thumbs(sample: CapturedSample, *, missing: Collection[FingerPosition] = ()) -> SlapSegmentation:
    """Find two thumbs that lie side by side, the left one left.

    Args:
        sample: A slap of thumbs.
        missing: Thumbs that the person does not have or cannot lay down.

    Returns:
        Thumbs from left to right; what lies beside them has no name.

    Raises:
        ValueError: The sample is not of fingers.
        MissingPart: OpenCV is not installed.
    """
    _require_fingers(sample)
    skin = find_skin(sample)
    there = [thumb for thumb in THUMBS if thumb not in missing]
    regions = find_regions(skin.mask, wanted=len(there))
    fits = len(regions) == len(there)
    names = there if fits else [FingerPosition.UNKNOWN] * len(regions)
    return SlapSegmentation(segments=_segments(sample, regions, names, skin.px_per_cell))


def _require_fingers(sample: CapturedSample) -> None:
    if sample.modality is not Modality.FINGER:
        raise ValueError(f"a slap shows fingers, this sample is of modality {sample.modality.value}")


def _most_missing(missing: Collection[FingerPosition]) -> int:
    """The larger number of missing fingers of one hand: regions are parted no further than that allows."""
    counts = (
        sum(FingerPosition.RIGHT_INDEX <= each <= FingerPosition.RIGHT_LITTLE for each in missing),
        sum(FingerPosition.LEFT_INDEX <= each <= FingerPosition.LEFT_LITTLE for each in missing),
    )
    return max(counts)


def _segments(
    sample: CapturedSample, regions: Sequence[Region], names: Sequence[FingerPosition], px_per_cell: float
) -> tuple[SlapSegment, ...]:
    return tuple(
        SlapSegment(
            position=name,
            box_px=_box(sample, region, px_per_cell),
            angle_rad=region.angle_rad,
            cut_off=region.cut_off,
            mask=region.mask,
            px_per_cell=px_per_cell,
        )
        for region, name in zip(regions, names, strict=True)
    )


def _box(sample: CapturedSample, region: Region, px_per_cell: float) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(region.mask)
    height, width = sample.pixels.shape
    left, top = round(int(columns.min()) * px_per_cell), round(int(rows.min()) * px_per_cell)
    right = min(width, round((int(columns.max()) + 1) * px_per_cell))
    bottom = min(height, round((int(rows.max()) + 1) * px_per_cell))
    return left, top, right - left, bottom - top
