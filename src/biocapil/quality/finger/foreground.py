"""Where the finger touched: cells with ridges, joined to one region, and what that region measures."""

from __future__ import annotations

import numpy as np

from biocapil.quality.finger.picture import MM_PER_CELL, Picture
from biocapil.quality.opencv import Mask, close_and_open, components

WEAKEST = 5.0
"""Strength in grey values below which no cell is taken for skin: noise of sensors stays under it."""

SHARE_OF_STRONG = 0.35
"""A cell is skin from this share of the strength of the print's strong cells on."""

CLOSE_CELLS, OPEN_CELLS = 7, 5


def find_foreground(picture: Picture) -> Mask:
    """Cells that the finger touched: the largest region, its holes filled; none where nothing is strong.

    Args:
        picture: The sample.

    Returns:
        Shape of the cells, bool.
    """
    strong = float(np.percentile(picture.strength, 95))
    skin = picture.strength > max(WEAKEST, SHARE_OF_STRONG * strong)
    region = close_and_open(skin, close_cells=CLOSE_CELLS, open_cells=OPEN_CELLS)
    return _filled(_largest(region))


def foreground_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """Area in mm², its share of the picture, extent in mm, and the share of cells without ridges in it."""
    rows, columns = np.nonzero(foreground)
    if not len(rows):
        return {"area_mm2": 0.0, "area_share": 0.0, "width_mm": 0.0, "height_mm": 0.0, "bare_share": 1.0,
                "compactness": 0.0}  # fmt: skip
    strong = float(np.percentile(picture.strength[foreground], 90))
    bare = picture.strength[foreground] < max(WEAKEST, 0.3 * strong)
    width, height = np.ptp(columns) + 1, np.ptp(rows) + 1
    return {
        "area_mm2": float(len(rows)) * MM_PER_CELL**2,
        "area_share": len(rows) / foreground.size,
        "width_mm": float(width) * MM_PER_CELL,
        "height_mm": float(height) * MM_PER_CELL,
        "bare_share": float(bare.mean()),
        "compactness": len(rows) / float(width * height),
    }


def _largest(region: Mask) -> Mask:
    numbers, areas = components(region)
    if len(areas) < 2:
        return region
    kept: Mask = numbers == 1 + int(areas[1:].argmax())
    return kept


def _filled(region: Mask) -> Mask:
    """Region without holes: outside is only what reaches the border."""
    numbers, _ = components(np.pad(~region, 1, constant_values=True))
    filled: Mask = numbers[1:-1, 1:-1] != numbers[0, 0]
    return filled
