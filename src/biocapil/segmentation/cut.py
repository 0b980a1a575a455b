"""`cut_finger`: one finger of a slap as a sample of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from biocapil.sample import CapturedSample
from biocapil.segmentation.opencv import opencv
from biocapil.segmentation.segments import SlapSegment

MARGIN_MM = 1.5


def cut_finger(slap: CapturedSample, segment: SlapSegment) -> CapturedSample:
    """Cut one finger out, as it lies; what belongs to its neighbours becomes the slap's background.

    Args:
        slap: The slap that was segmented.
        segment: One of its fingers.

    Returns:
        A sample of that position, at the slap's resolution and of its origin.
    """
    cv2 = opencv()
    margin = round(MARGIN_MM * 1000 / slap.um_per_px)
    left, top, width, height = segment.box_px
    rows = slice(max(0, top - margin), min(slap.pixels.shape[0], top + height + margin))
    columns = slice(max(0, left - margin), min(slap.pixels.shape[1], left + width + margin))
    side = 2 * round(MARGIN_MM * 1000 / slap.um_per_px / segment.px_per_cell) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    grown = cv2.dilate(segment.mask.astype(np.uint8), disc)
    shape = slap.pixels.shape[::-1]
    kept = cv2.resize(grown, shape, interpolation=cv2.INTER_NEAREST)[rows, columns] > 0
    background = np.uint8(np.percentile(slap.pixels, 95))
    return replace(
        slap, pixels=np.where(kept, slap.pixels[rows, columns], background), position=segment.position
    )
