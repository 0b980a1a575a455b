"""Bring a sample to the resolution that the network was trained for, without moving anything.

A pixel is a small square: pixel i of n covers [i, i + 1) of the side, its centre lies at i + ½. Resampling
keeps the sides of the picture, so a centre at the new resolution is a place in millimetres at once; the
side of a new pixel is computed for each axis from the sizes after rounding, not from the ratio of the ppi.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.optional_part import load_opencv
from biocapil.sample import CapturedSample

TOLERANCE = 0.005
"""Relative difference of resolution that stays: 1 % of a ridge period over a whole print is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resampled:
    """Pixels at the network's resolution.

    Attributes:
        pixels: Grey values. Shape (rows, columns), uint8.
        um_per_px: Width and height of a pixel in micrometres.
    """

    pixels: NDArray[np.uint8]
    um_per_px: tuple[float, float]


def size_at(sample: CapturedSample, resolution_ppi: float) -> tuple[int, int]:
    """Rows and columns of the sample at another resolution; its own size within the tolerance."""
    rows, columns = sample.pixels.shape
    factor = resolution_ppi / sample.resolution_ppi
    if abs(sample.resolution_ppi - resolution_ppi) < TOLERANCE * resolution_ppi:
        return rows, columns
    return max(1, round(rows * factor)), max(1, round(columns * factor))


def resample(sample: CapturedSample, *, resolution_ppi: float) -> Resampled:
    """Resample to a resolution: cubic upwards, by area downwards.

    Args:
        sample: Sample as captured.
        resolution_ppi: Resolution of the network.

    Returns:
        Pixels at that resolution; the sample's own where it differs by less than half a percent.
    """
    rows, columns = sample.pixels.shape
    new_rows, new_columns = size_at(sample, resolution_ppi)
    pixels = np.ascontiguousarray(sample.pixels)
    if (new_rows, new_columns) != (rows, columns):
        cv2 = load_opencv("extraction")
        way = cv2.INTER_CUBIC if resolution_ppi > sample.resolution_ppi else cv2.INTER_AREA
        pixels = cv2.resize(pixels, (new_columns, new_rows), interpolation=way)
    side = sample.um_per_px
    return Resampled(pixels=pixels, um_per_px=(side * (columns / new_columns), side * (rows / new_rows)))
