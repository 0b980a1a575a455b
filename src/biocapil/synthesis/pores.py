"""Pores: small openings along the middle of the ridges, unlike in size, some open to the side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.raster import Raster, blur

RIDGE_MIDDLE = 0.8
"""Ridge field from which a place counts as the middle of a ridge."""

LARGE_SHARE = 0.2
"""Share of fingers with large pores."""

RADIUS_PX = (0.55, 0.95)
LARGE_RADIUS_PX = (1.0, 1.5)


def draw_pores(rng: np.random.Generator, ridges: Raster) -> Raster:
    """Pores of one finger.

    Args:
        rng: Source of randomness.
        ridges: Ridge field, positive on ridges. Shape (rows, columns).

    Returns:
        Depth of the pores, 0 to about 1. Same shape, float32.
    """
    centres = np.argwhere(_is_ridge_middle(ridges))
    large = rng.random() < LARGE_SHARE
    kept = centres[rng.random(len(centres)) < rng.uniform(0.15, 0.4 if large else 0.8)]
    aside = kept + np.round(rng.normal(0, 0.6, kept.shape)).astype(np.intp)
    rows, columns = np.clip(aside, 0, np.array(ridges.shape) - 1).T
    dots = np.zeros(ridges.shape, np.float32)
    dots[rows, columns] = rng.gamma(2.0, 0.5, len(kept)).astype(np.float32)
    radius_px = float(rng.uniform(*(LARGE_RADIUS_PX if large else RADIUS_PX)))
    pores: Raster = np.minimum(blur(dots, radius_px) * np.float32(2 * np.pi * radius_px**2), 1.2)
    return pores


def _is_ridge_middle(ridges: Raster) -> NDArray[np.bool_]:
    """Strict local maxima of the ridge field among eight neighbours, high enough to be a ridge."""
    padded = np.pad(ridges, 1, mode="edge")
    rows, columns = ridges.shape
    peak = ridges > RIDGE_MIDDLE
    for down in range(3):
        for right in range(3):
            peak &= ridges >= padded[down : down + rows, right : right + columns]
    return peak
