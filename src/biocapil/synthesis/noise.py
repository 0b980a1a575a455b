"""Smooth random fields: the one ingredient that skin, pressure and sensors all share."""

from __future__ import annotations

import math

import numpy as np

from biocapil.synthesis.raster import Raster, resize

DEVIATION_AFTER_CUBIC = 0.857
"""Standard deviation of cubic interpolated unit noise, averaged over the cell."""

MARGIN_CELLS = 3
"""Knots beyond the image, so that the grid can start anywhere inside its first cell."""


def smooth_noise(
    rng: np.random.Generator, shape: tuple[int, int], *, correlation_px: float, deviation: float = 1.0
) -> Raster:
    """Gaussian random field that changes over about `correlation_px`.

    Args:
        rng: Source of randomness.
        shape: Rows and columns.
        correlation_px: Distance between independent knots, at least 1.
        deviation: Standard deviation of the values.

    Returns:
        The field. Shape `shape`, float32.
    """
    rows, columns = shape
    knots = (_knots(rows, correlation_px), _knots(columns, correlation_px))
    coarse = rng.standard_normal(knots, dtype=np.float32)
    coarse *= np.float32(deviation / DEVIATION_AFTER_CUBIC)
    fine = resize(coarse, (int(knots[0] * correlation_px), int(knots[1] * correlation_px)))
    spare_rows, spare_columns = int(fine.shape[0]) - rows, int(fine.shape[1]) - columns
    top, left = int(rng.integers(spare_rows + 1)), int(rng.integers(spare_columns + 1))
    return fine[top : top + rows, left : left + columns]


def white_noise(rng: np.random.Generator, shape: tuple[int, int]) -> Raster:
    """Independent unit normal values. Shape `shape`, float32."""
    return rng.standard_normal(shape, dtype=np.float32)


def _knots(length_px: int, correlation_px: float) -> int:
    return math.ceil(length_px / correlation_px) + MARGIN_CELLS
