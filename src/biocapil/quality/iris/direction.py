"""Fine structure of the iris by direction: defocus takes it everywhere, motion along its way.

Reference: ISO/IEC 29794-6:2015, 6.2.10 (sharpness), 6.2.11 (motion blur).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.opencv import opencv

WORKING_RADIUS_PX = 60.0
"""Pictures are brought to this radius of the iris, so that blur is told in parts of it."""
FINE_PX, COARSE_PX = 1.0, 3.0
DIRECTIONS = 8
FLOOR = 0.3
BRIGHTEST = 225.0
"""Reflections are brighter; their edges say nothing about the lens."""
FEWEST_PIXELS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailByDirection:
    """Detail of the iris and of the pupil's border, which have no direction of their own.

    Attributes:
        fineness: Logarithm of the energy of fine over that of coarse structure.
        one_sidedness: How much that logarithm differs between the best and the worst direction.
    """

    fineness: float
    one_sidedness: float


def detail_by_direction(
    window: NDArray[np.float32], inside: NDArray[np.bool_], *, radius_px: float
) -> DetailByDirection:
    """Measure the iris with its pupil.

    Args:
        window: Grey values. Shape (rows, columns), float32.
        inside: True on the iris and the pupil, between the lids. Same shape.
        radius_px: Radius of the iris in it.
    """
    cv2 = opencv()
    share = WORKING_RADIUS_PX / radius_px
    size = (max(8, round(window.shape[1] * share)), max(8, round(window.shape[0] * share)))
    way = cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR
    even = cv2.resize(window, size, interpolation=way)
    shines = cv2.dilate((even > BRIGHTEST).astype(np.uint8), np.ones((13, 13), np.uint8)) > 0
    seen = cv2.resize(inside.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    seen = (cv2.erode(seen.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0) & ~shines
    if int(seen.sum()) < FEWEST_PIXELS:
        return DetailByDirection(fineness=0.0, one_sidedness=0.0)
    fine, coarse = (_energies(cv2.GaussianBlur(even, (0, 0), sigma), seen) for sigma in (FINE_PX, COARSE_PX))
    ratios = np.log((fine + FLOOR) / (coarse + FLOOR))
    return DetailByDirection(fineness=float(ratios.mean()), one_sidedness=float(np.ptp(ratios)))


def _energies(image: NDArray[np.float32], seen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean size of the slope along each direction. Shape (DIRECTIONS,)."""
    cv2 = opencv()
    x, y = (cv2.Scharr(image, cv2.CV_32F, *order, scale=1 / 32)[seen] for order in ((1, 0), (0, 1)))
    angles = np.arange(DIRECTIONS) * (np.pi / DIRECTIONS)
    return np.array([float(np.abs(x * np.cos(a) + y * np.sin(a)).mean()) for a in angles])
