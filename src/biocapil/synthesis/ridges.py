"""Ridge growth: white noise filtered again and again along the orientation field becomes ridges.

Every place has its own Gabor filter (:mod:`biocapil.synthesis.filter_family`). The grid is chosen so that a
ridge period spans about `CELLS_PER_PERIOD` cells, whatever the finger's period: the same filters serve all.

Reference: Cappelli, Maio, Maltoni, Synthetic fingerprint-database generation, ICPR 2002.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from biocapil.synthesis.filter_family import (
    ORIENTATIONS,
    PERIODS_CELLS,
    FilterFamily,
    compress_filters,
    gabor_pair,
)
from biocapil.synthesis.noise import white_noise
from biocapil.synthesis.raster import Raster, blur

CELLS_PER_PERIOD = 4.2
ENVELOPE_ACROSS = 0.54
ENVELOPE_ALONG = 0.69
"""Standard deviations of the Gabor envelope, in ridge periods."""

KEPT_ENERGY = 0.985
STEPS = 11
GAIN = 1.5
"""Slope of the squashing function at zero, in standard deviations of the filtered field."""


def grow_ridges(rng: np.random.Generator, orientation_rad: Raster, period_cells: Raster) -> Raster:
    """Grow ridges along an orientation field.

    Args:
        rng: Source of randomness; another seed gives other minutiae in the same flow.
        orientation_rad: Ridge orientation. Shape (rows, columns).
        period_cells: Ridge period in grid cells, clipped to the family's range. Same shape.

    Returns:
        Filtered field before squashing, about unit deviation, positive on ridges. Same shape, float32.
    """
    family = filter_family()
    weights = family.weights_by_place(orientation_rad, period_cells)
    field = white_noise(rng, (orientation_rad.shape[0], orientation_rad.shape[1]))
    field = blur(field, float(rng.uniform(0.5, 2.5)))
    for step in range(STEPS):
        if step:
            field = np.tanh(field * np.float32(GAIN))
        field = family.filtered(field, weights)
        field /= field.std() + np.float32(1e-6)
    return field


@cache
def filter_family() -> FilterFamily:
    """The filters that ridges grow by; made once a process."""
    even = [
        [
            gabor_pair(turn, period, across=ENVELOPE_ACROSS, along=ENVELOPE_ALONG)[0].ravel()
            for period in PERIODS_CELLS
        ]
        for turn in np.pi * np.arange(ORIENTATIONS) / ORIENTATIONS
    ]
    kernels, weights = compress_filters(np.array(even), kept_energy=KEPT_ENERGY)
    return FilterFamily(kernels=kernels, weights=np.concatenate([weights, weights[:1]]))
