"""Which way the ridges of a finger run, on a grid that lies and turns with it.

Ridge flow knows what an outline does not: ridges arch over the tip and run across below it, so they tell
where a finger points; and most loops open to the side of the little finger, so they tell of whose hand it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample
from biocapil.segmentation.opencv import Raster, box_mean, opencv, resized
from biocapil.segmentation.regions import Region
from biocapil.segmentation.skin import CELL_MM, GREY_MM

WINDOW_MM = 1.3
ACROSS_MM = np.arange(-6.0, 6.1, 2.0)
DOWN_MM = np.arange(-8.0, 8.1, 2.0)
STEPS = (len(DOWN_MM), len(ACROSS_MM))

Flow = NDArray[np.complex64]
"""Doubled angle of the ridges' direction as a complex number, its length how much they agree, 0 to 1; the
angle runs counter-clockwise from the right, as a viewer sees it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FlowField:
    """Ridge flow of a whole slap.

    Attributes:
        flow: Shape (rows, columns) in pixels of 0.1 mm, complex64.
    """

    flow: Flow


def ridge_flow(sample: CapturedSample) -> FlowField:
    """Ridge flow from the structure tensor (Bigün and Granlund, ICCV 1987)."""
    cv2 = opencv()
    px = 1000.0 / sample.um_per_px * GREY_MM
    rows, columns = sample.pixels.shape
    grey = resized(sample.pixels, (max(1, round(rows / px)), max(1, round(columns / px))))
    x = cv2.Scharr(grey, cv2.CV_32F, 1, 0)
    y = cv2.Scharr(grey, cv2.CV_32F, 0, 1)
    side = 2 * round(WINDOW_MM / GREY_MM / 2) + 1
    both: Raster = box_mean(x * x + y * y, side)
    real: Raster = box_mean(x * x - y * y, side)
    cross: Raster = box_mean(2 * x * y, side)
    # ridges run at right angles to the gradient, and rows run downward: minus, and the conjugate
    return FlowField(flow=((-real + 1j * cross) / np.maximum(both, 1e-3)).astype(np.complex64))


def flow_of(field: FlowField, region: Region, *, turn_rad: float) -> Flow:
    """Flow on the grid of a finger that is turned by so much, as if it were upright.

    Args:
        field: Flow of the slap.
        region: The finger.
        turn_rad: Its turn, counter-clockwise.

    Returns:
        Shape STEPS, complex64; 0 where the finger does not touch.
    """
    across, down = np.meshgrid(ACROSS_MM, DOWN_MM)
    cosine, sine = math.cos(turn_rad), math.sin(turn_rad)
    x = region.x_mm + across * cosine + down * sine
    y = region.y_mm + down * cosine - across * sine
    inside = _at(region.mask, y / CELL_MM, x / CELL_MM)
    flow = _at(field.flow, y / GREY_MM, x / GREY_MM)
    turned: Flow = (flow * inside * np.exp(-2j * turn_rad)).astype(np.complex64)
    return turned


def _at(
    image: NDArray[np.bool_] | Flow, rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.complex64]:
    """Nearest values, 0 outside."""
    row, column = rows.astype(np.int64), columns.astype(np.int64)
    inside = (rows >= 0) & (columns >= 0) & (row < image.shape[0]) & (column < image.shape[1])
    found = image[np.where(inside, row, 0), np.where(inside, column, 0)]
    return np.where(inside, found, 0).astype(np.complex64)
