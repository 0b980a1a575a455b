"""How much fine detail the visible iris shows, by direction.

Reference: ISO/IEC 29794-6:2015, 6.2.10 (sharpness).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.iris_segmentation import UnwrappedIris

FEWEST_PLACES = 500
LEAST_DEVIATION = 1.0


def fine_detail(iris: UnwrappedIris) -> float:
    """Deviation of differences of places side by side, in deviations of the grey values of a ring."""
    mask = iris.mask[:, 2:] & iris.mask[:, :-2]
    if int(mask.sum()) < FEWEST_PLACES:
        return 0.0
    apart = (iris.grey[:, 2:] - iris.grey[:, :-2])[mask]
    return float(np.log(max(_spread(apart), 0.05) / max(_ring_deviation(iris), LEAST_DEVIATION)))


def strength(iris: UnwrappedIris) -> float:
    """Deviation of the grey values within a ring."""
    return _ring_deviation(iris)


def _ring_deviation(iris: UnwrappedIris) -> float:
    seen = iris.mask.sum(axis=1)
    rings = seen > iris.mask.shape[1] // 8
    if not rings.any():
        return 0.0
    grey, mask = iris.grey[rings], iris.mask[rings]
    mean = (grey * mask).sum(1, keepdims=True) / mask.sum(1, keepdims=True)
    return _spread((grey - mean)[mask])


def _spread(values: NDArray[np.float32]) -> float:
    """Half of the middle two thirds, which stray values do not move."""
    low, high = np.quantile(values, (1 / 6, 5 / 6))
    return float(high - low) / 2
