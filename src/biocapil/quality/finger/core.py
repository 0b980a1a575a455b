"""Where the core of the pattern lies: the place around which the flow turns once.

Doubled directions turn by a full turn around the core of a loop or whorl, and by one turn the other way
around a delta; each has its own filter.

Reference: Nilsson and Bigun 2003, doi:10.1016/S0167-8655(03)00083-7 (symmetry filters).
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from biocapil.quality.finger.picture import MM_PER_CELL, Picture
from biocapil.quality.opencv import Mask, Raster, correlate

RADIUS_CELLS = 6
SIGMA_CELLS = 2.5
NAMES = ("core", "core_aside_mm", "core_low_mm", "core_offset_mm", "delta")


def core_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """Strength and place of the core.

    Returns:
        Strength of the strongest core, 0 to 1, its distance from the middle of the picture sideways,
        downwards and in all, mm, and the strength of the strongest delta.
    """
    if not foreground.any():
        return dict.fromkeys(NAMES, 0.0)
    unit = picture.tensor / (np.abs(picture.tensor) + np.float32(1e-3)) * foreground
    real, imaginary = (np.ascontiguousarray(part, np.float32) for part in (unit.real, unit.imag))
    cosine, sine = _filters()
    parts = [correlate(part, kernel) for part in (real, imaginary) for kernel in (cosine, sine)]
    core = np.hypot(parts[0] + parts[3], parts[2] - parts[1])
    delta = np.hypot(parts[0] - parts[3], parts[2] + parts[1])
    row, column = divmod(int(core.argmax()), core.shape[1])
    aside = abs(column - (core.shape[1] - 1) / 2) * MM_PER_CELL
    low = (row - (core.shape[0] - 1) / 2) * MM_PER_CELL
    return {
        "core": float(core.max()),
        "core_aside_mm": aside,
        "core_low_mm": low,
        "core_offset_mm": math.hypot(aside, low),
        "delta": float(delta.max()),
    }


@cache
def _filters() -> tuple[Raster, Raster]:
    """Cosine and sine of the angle around the middle, weighted by a bell of sum 1."""
    y, x = np.mgrid[-RADIUS_CELLS : RADIUS_CELLS + 1, -RADIUS_CELLS : RADIUS_CELLS + 1].astype(np.float32)
    length = np.hypot(x, y)
    weight = length * np.exp(-(length**2) / (2 * SIGMA_CELLS**2))
    weight /= weight.sum()
    safe = np.maximum(length, 1)
    return (weight * x / safe).astype(np.float32), (weight * y / safe).astype(np.float32)
