"""Which places of the unwrapped iris can be trusted: seen by the network, and like the rest of their ring."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.iris.network_maps import opencv
from biocapil.extraction.iris_rule import IrisRule

BAND_ROWS = 8
"""Rings whose statistics are taken together, with half as many beyond either side."""
FEWEST_PLACES = 100
LEAST_DEVIATION = 4.0
"""Grey values by which a ring always may vary."""
LEAST_ROUGHNESS = 1.0
CALM_SECTORS_DEG = ((0.0, 150.0), (150.0, 200.0), (340.0, 360.0))
"""Sides and bottom, where lids and lashes lie least; 0 is right, 90 below. Every other column will do."""
NORMAL_DEVIATION = 1.4826
"""Standard deviation of a normal distribution in median absolute deviations."""
SMOOTHING_ROWS = 4.0


def trusted_places(
    grey: NDArray[np.float32], seen: NDArray[np.float32], *, rule: IrisRule
) -> NDArray[np.bool_]:
    """Work the mask out.

    Args:
        grey: Unwrapped iris. Shape (rows, columns), float32.
        seen: Share of each place in which the network saw texture. Same shape.
        rule: Limits of the model.

    Returns:
        True where the texture may be used. Same shape.
    """
    cv2 = opencv()
    mask: NDArray[np.bool_] = seen > 0.5
    calm = _calm_columns(grey.shape[1])
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.0)
    usual = _ring_statistics(smooth[:, calm], mask[:, calm])
    if usual is None:
        return mask
    median, deviation = usual
    away = (smooth - median[:, None]) / deviation[:, None]
    odd = (away < -rule.dark) | (away > rule.bright) | _rough(grey, mask, calm, limit=rule.rough)
    grown: NDArray[np.bool_] = cv2.dilate(odd.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return mask & ~grown


def _calm_columns(columns: int) -> NDArray[np.bool_]:
    degrees = np.arange(columns) * (360 / columns)
    chosen = np.zeros(columns, np.bool_)
    for first, last in CALM_SECTORS_DEG:
        chosen |= (degrees >= first) & (degrees < last)
    chosen[1::2] = False
    return chosen


def _ring_statistics(
    grey: NDArray[np.float32], mask: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Median and deviation of each ring; None where too little is seen."""
    rows = grey.shape[0]
    middles: list[float] = []
    medians: list[float] = []
    deviations: list[float] = []
    for first in range(0, rows, BAND_ROWS):
        around = slice(max(0, first - BAND_ROWS // 2), first + BAND_ROWS + BAND_ROWS // 2)
        values = grey[around][mask[around]]
        if len(values) > FEWEST_PLACES:
            median = float(np.median(values))
            middles.append(first + (BAND_ROWS - 1) / 2)
            medians.append(median)
            deviations.append(NORMAL_DEVIATION * float(np.median(np.abs(values - median))))
    if not middles:
        return None
    every = np.arange(rows, dtype=np.float64)
    median_of: NDArray[np.float32] = np.interp(every, middles, medians).astype(np.float32)
    smooth = opencv().GaussianBlur(median_of[:, None], (1, 0), 0, sigmaY=SMOOTHING_ROWS)
    deviation_of = np.maximum(np.interp(every, middles, deviations), LEAST_DEVIATION)
    return smooth[:, 0], deviation_of.astype(np.float32)


def _rough(
    grey: NDArray[np.float32], mask: NDArray[np.bool_], calm: NDArray[np.bool_], *, limit: float
) -> NDArray[np.bool_]:
    """Where the grey values vary much more than elsewhere in the iris, as among lashes."""
    cv2 = opencv()
    mean = cv2.blur(grey, (9, 5))
    deviation = np.sqrt(np.maximum(cv2.blur(grey * grey, (9, 5)) - mean * mean, 0))
    values = deviation[:, calm][mask[:, calm]]
    if len(values) <= FEWEST_PLACES:
        return np.zeros_like(mask)
    median = float(np.median(values))
    spread = max(NORMAL_DEVIATION * float(np.median(np.abs(values - median))), LEAST_ROUGHNESS)
    rough: NDArray[np.bool_] = deviation > median + limit * spread
    return rough
