"""Which way up: ridges arch over the tip of a finger and run level below, so the flow tells its upper end.

The flow around the middle of the print is laid on a coarse grid. Turned by half a turn, the grid's cells
change places and the doubled directions stay; the difference of the two is what tells up from down, and
changes its sign when the print is turned.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.opencv import Mask, Raster, block_means

BOX_CELLS = 6
GRID = (9, 7)
"""Boxes of 2.4 mm: 22 × 17 mm around the middle of the print."""

FEATURES = 3 * (GRID[0] * GRID[1] // 2)
"""Differences of each box and its opposite: two of direction, one of cover; the middle box has none."""


def flow_differences(picture: Picture, foreground: Mask) -> NDArray[np.float32]:
    """How the flow of each box differs from that of the opposite box.

    Args:
        picture: The sample.
        foreground: Cells of the print.

    Returns:
        Differences of the doubled direction (real, imaginary) and of the cover, half the boxes each.
        Shape (3 · 31,), float32; of the print turned by half a turn the same with the other sign.
    """
    layers = _around_the_middle(picture, foreground)
    size = BOX_CELLS * CELL_PX
    boxes = np.stack([block_means(layer, BOX_CELLS) for layer in layers]).reshape(3, -1)
    del size
    half = boxes.shape[1] // 2
    differences: NDArray[np.float32] = (boxes - boxes[:, ::-1])[:, :half].astype(np.float32).ravel()
    return differences


def _around_the_middle(picture: Picture, foreground: Mask) -> list[Raster]:
    """Direction and cover of the cells around the print's centre of mass; zeros beyond the picture."""
    rows, columns = GRID[0] * BOX_CELLS, GRID[1] * BOX_CELLS
    found = np.nonzero(foreground)
    middle = [round(float(each.mean())) if len(each) else 0 for each in found]
    direction = picture.tensor / (np.abs(picture.tensor) + np.float32(1e-3)) * picture.coherence * foreground
    layers: list[Raster] = []
    for layer in (direction.real, direction.imag, foreground.astype(np.float32)):
        padded = np.pad(layer, ((rows, rows), (columns, columns)))
        top, left = middle[0] + rows - rows // 2, middle[1] + columns - columns // 2
        layers.append(np.ascontiguousarray(padded[top : top + rows, left : left + columns], np.float32))
    return layers
