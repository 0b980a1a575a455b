"""The sample as every measure sees it: 500 ppi, cut to whole cells, with the fields that several share.

sample ─► 500 ppi ─► ridge band ─► strength of each cell ─► structure tensor ─► coherence, orientation
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.quality.opencv import Raster, block_means, blur, enlarge, gradient, opencv
from biocapil.sample import CapturedSample

WORKING_PPI = 500.0
TOLERANCE = 0.005
"""Relative difference of resolution that stays."""

CELL_PX = 8
"""Side of a cell, 0.4 mm: a little less than a ridge period."""

MM_PER_CELL = 25.4 * CELL_PX / WORKING_PPI
SMALLEST_CELLS = 12
"""Shorter sides are lengthened by their border, so that every filter has room."""

FINE_SIGMA_PX = 1.0
"""Below this lies noise of the sensor and grain of the skin."""

COARSE_SIGMA_CELLS = 0.8
"""Above this lies what is slower than ridges."""

TENSOR_SIGMA_CELLS = 1.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """Pixels at 500 ppi and what is read off them for each cell.

    Attributes:
        grey: Grey values. Shape (rows, columns), float32.
        smooth: The same without noise.
        ridges: The same without noise and without slow changes: negative on ridges.
        mean: Mean grey value of each cell. Shape (rows / 8, columns / 8), float32.
        strength: Root mean square of `ridges` in each cell and its neighbours, grey values.
        tensor: Doubled orientation of the gradient times its energy. Shape of `mean`, complex64.
        energy: Energy of the gradient. Shape of `mean`, float32.
    """

    grey: Raster
    smooth: Raster
    ridges: Raster
    mean: Raster
    strength: Raster
    tensor: np.ndarray[tuple[int, ...], np.dtype[np.complex64]]
    energy: Raster

    @property
    def coherence(self) -> Raster:
        """How far the gradients of a cell share one orientation, 0 to 1."""
        share: Raster = np.abs(self.tensor) / (self.energy + np.float32(1e-3))
        return share


def working_picture(sample: CapturedSample) -> Picture:
    """Prepare a sample for measuring.

    Args:
        sample: Sample of a finger at any resolution.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    grey = _whole_cells(_at_working_resolution(sample)).astype(np.float32)
    smooth = blur(grey, FINE_SIGMA_PX)
    mean = block_means(grey, CELL_PX)
    shape = (grey.shape[0], grey.shape[1])
    ridges = smooth - enlarge(blur(mean, COARSE_SIGMA_CELLS), shape)
    across, down = gradient(smooth)
    squares = [block_means(each, CELL_PX) for each in (across * across, down * down, across * down)]
    xx, yy, xy = (blur(each, TENSOR_SIGMA_CELLS) for each in squares)
    strength = np.sqrt(blur(block_means(ridges * ridges, CELL_PX), 0.8))
    return Picture(
        grey=grey,
        smooth=smooth,
        ridges=ridges,
        mean=mean,
        strength=strength,
        tensor=((xx - yy) + 2j * xy).astype(np.complex64),
        energy=xx + yy,
    )


def _at_working_resolution(sample: CapturedSample) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = np.ascontiguousarray(sample.pixels)
    if abs(sample.resolution_ppi - WORKING_PPI) < TOLERANCE * WORKING_PPI:
        return pixels
    cv2 = opencv()
    factor = WORKING_PPI / sample.resolution_ppi
    rows, columns = (max(1, round(side * factor)) for side in pixels.shape)
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    resized: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = cv2.resize(
        pixels, (columns, rows), interpolation=way
    )
    return resized


def _whole_cells(
    pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Pixels cut at the right and below to whole cells, lengthened where there are too few."""
    missing = [max(0, SMALLEST_CELLS * CELL_PX - side) for side in pixels.shape]
    if any(missing):
        pixels = np.pad(pixels, [(gap // 2, gap - gap // 2) for gap in missing], mode="edge")
    rows, columns = (side // CELL_PX * CELL_PX for side in pixels.shape)
    return pixels[:rows, :columns]
