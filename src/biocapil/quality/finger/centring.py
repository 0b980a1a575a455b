"""How far the print lies from the middle of the sensor."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.picture import MM_PER_CELL
from biocapil.quality.opencv import Mask

NAMES = ("right_mm", "down_mm", "offset_mm", "offset_share", "aside_share", "low_share")


def centring_measures(foreground: Mask) -> dict[str, float]:
    """Offset of the print's centre of mass from the sensor's middle.

    Returns:
        Offset in mm sideways and downwards, its length, the length in parts of half the picture, and how
        unequal the margins are: left against right and above against below, in parts of the picture.
    """
    rows, columns = np.nonzero(foreground)
    if not len(rows):
        return dict.fromkeys(NAMES, 0.0)
    right = (float(columns.mean()) - (foreground.shape[1] - 1) / 2) * MM_PER_CELL
    down = (float(rows.mean()) - (foreground.shape[0] - 1) / 2) * MM_PER_CELL
    half_mm = (foreground.shape[1] * MM_PER_CELL / 2, foreground.shape[0] * MM_PER_CELL / 2)
    return {
        "right_mm": abs(right),
        "down_mm": down,
        "offset_mm": math.hypot(right, down),
        "offset_share": math.hypot(right / half_mm[0], down / half_mm[1]),
        "aside_share": abs(_imbalance(columns, foreground.shape[1])),
        "low_share": _imbalance(rows, foreground.shape[0]),
    }


def _imbalance(places: NDArray[np.intp], side: int) -> float:
    """Margin before the first place less the margin behind the last, in parts of the side."""
    return float(places.min() - (side - 1 - places.max())) / side
