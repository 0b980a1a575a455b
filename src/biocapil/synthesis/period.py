"""Ridge period of a finger: how far apart neighbouring ridges lie at every place."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster

FINGER_PERIOD_PX = (6.2, 10.5)
"""Range of a finger's typical period at 500 ppi (0.31 to 0.53 mm); uniform over fingers."""

PATCHINESS = 0.05
"""Relative standard deviation of the slow variation inside one finger."""


def draw_finger_period(rng: np.random.Generator) -> float:
    """Typical ridge period of a random finger, pixels at 500 ppi."""
    return float(rng.uniform(*FINGER_PERIOD_PX))


def draw_period_map(
    rng: np.random.Generator, finger_period_px: float, shape: tuple[int, int], *, cell_px: float
) -> Raster:
    """Ridge period at every grid cell: a little finer at the tip, coarser below the core.

    Args:
        rng: Source of randomness.
        finger_period_px: Typical period of this finger, pixels at 500 ppi.
        shape: Rows and columns of the grid.
        cell_px: Side of one grid cell in pixels.

    Returns:
        Period in pixels at 500 ppi. Shape `shape`, float32.
    """
    down = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    below = 1 + rng.uniform(0, 0.18) * np.clip(down - 0.1, 0, 1)
    above = 1 - rng.uniform(0, 0.08) * np.clip(-down, 0, 1)
    patches = 1 + smooth_noise(rng, shape, correlation_px=120 / cell_px, deviation=PATCHINESS)
    period: Raster = (finger_period_px * below * above * patches).astype(np.float32)
    return period
