"""Where fingers touched: cells of 0.2 mm whose neighbourhood holds ridges, or is black with moisture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.sample import CapturedSample
from biocapil.segmentation.opencv import Mask, Raster, box_mean, closed_and_opened, resized

CELL_MM = 0.2
GREY_MM = 0.1
"""Side of the pixels in which contrast is measured: five to a ridge, whatever the sensor."""

WINDOW_MM = 1.1
"""Two ridges and more: the contrast of one window does not depend on where its ridges lie."""

WEAKEST = 6.0
"""Standard deviation in grey values below which no cell is skin: noise of sensors stays under it."""

SHARE_OF_STRONG = 0.3
"""A cell is skin from this share of the contrast of the picture's strong cells on."""

SOLID = 0.4
"""A cell darker than this share of the background is skin, ridges or not: a wet print runs together."""

CLOSE_MM, OPEN_MM = 1.6, 2.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skin:
    """What touched.

    Attributes:
        mask: Shape (rows, columns) in cells, bool.
        contrast: Standard deviation of the grey values around each cell. Same shape, float32.
        px_per_cell: Pixels of the sample along a cell.
    """

    mask: Mask
    contrast: Raster
    px_per_cell: float


def find_skin(sample: CapturedSample) -> Skin:
    """Cells that a finger touched.

    Args:
        sample: A slap, at any resolution.
    """
    rows, columns = sample.pixels.shape
    px_per_mm = 1000.0 / sample.um_per_px
    grey = resized(sample.pixels, _shape(rows, columns, px_per_mm * GREY_MM))
    side = 2 * round(WINDOW_MM / GREY_MM / 2) + 1
    mean = box_mean(grey, side)
    variance = box_mean(grey * grey, side) - mean * mean
    fine = np.sqrt(np.maximum(variance, 0)).astype(np.float32)
    contrast = resized(fine, _shape(rows, columns, px_per_mm * CELL_MM))
    strong = float(np.percentile(contrast, 98))
    level = resized(mean, contrast.shape)
    solid = level < SOLID * float(np.percentile(level, 95))
    ridged = contrast > max(WEAKEST, SHARE_OF_STRONG * strong)
    mask = closed_and_opened(ridged | solid, close_cells=_cells(CLOSE_MM), open_cells=_cells(OPEN_MM))
    return Skin(mask=mask, contrast=contrast, px_per_cell=CELL_MM * 1000 / sample.um_per_px)


def _shape(rows: int, columns: int, px: float) -> tuple[int, int]:
    return max(1, round(rows / px)), max(1, round(columns / px))


def _cells(length_mm: float) -> int:
    return max(1, round(length_mm / CELL_MM))
