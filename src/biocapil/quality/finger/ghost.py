"""A latent ghost: ridges of an earlier finger in the ground around the print.

They are ordered like ridges, but fainter and shallower than the print's, and the ground between them is as
light as ground without a finger. No single bound tells them from the weak parts of an uneven print, so a
network looks at these figures of each cell and of its neighbourhood; it learned from where ghosts lay.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.contrast import ground_grey
from biocapil.quality.finger.fields import FingerFields
from biocapil.quality.finger.picture import CELL_PX, MM_PER_CELL, Picture
from biocapil.quality.finger.relief import Relief
from biocapil.quality.opencv import Mask, Raster, block_means, blur, close_and_open, dilate

NEAR_CELLS = 3
"""Diameter by which the print is grown, so that its own border counts for nothing."""

FEW_CELLS = 25
NEIGHBOURHOODS_CELLS = (2.0, 6.0)
FIGURES = 12
CELL_FEATURES = FIGURES * (1 + len(NEIGHBOURHOODS_CELLS))
LIMIT = 4.0
SMOOTH_CELLS = 1.0
LEAST_SURE = 0.3
SURE_CELLS = {"ghost_sure": 20, "ghost_sure_wide": 60}
"""For each measure: over how many of the surest cells it is the mean; 20 cells are 3.3 mm²."""

NAMES = ("ground_strength", "ground_strong", "ground_coherence", "ground_share", "ghost_mm2",
         "ghost_wide_mm2", "ghost_aside", *SURE_CELLS)  # fmt: skip


def ghost_measures(
    picture: Picture, foreground: Mask, relief: Relief, fields: FingerFields
) -> dict[str, float]:
    """Ordered structure beside the print.

    Returns:
        Strength of the ground's cells (20th and 90th percentile, grey values), median coherence there, the
        share of the ground; the area in mm² of cells that show a ghost more likely than not, and of a third
        of that certainty; how far from the middle of the print they lie, in parts of its spread; and how
        surely the surest cells do, 0 to 1.
    """
    outside = ~dilate(foreground, NEAR_CELLS)
    found = dict.fromkeys(NAMES, 0.0)
    if outside.sum() >= FEW_CELLS:
        weak, strong = (float(value) for value in np.percentile(picture.strength[outside], (20, 90)))
        found["ground_strength"], found["ground_strong"] = weak, strong
        found["ground_coherence"] = float(np.median(picture.coherence[outside]))
        found["ground_share"] = float(outside.mean())
    if foreground.any():
        sure = blur(ghost_of_cells(picture, foreground, relief, fields), SMOOTH_CELLS)
        found["ghost_mm2"], found["ghost_wide_mm2"] = (_area_mm2(sure > least) for least in (0.5, 1 / 6))
        found["ghost_aside"] = _aside(sure, picture.strength)
        falling = np.sort(sure, axis=None)[::-1]
        found |= {name: float(falling[:count].mean()) for name, count in SURE_CELLS.items()}
    return found


def ghost_of_cells(picture: Picture, foreground: Mask, relief: Relief, fields: FingerFields) -> Raster:
    """How surely each cell shows a ghost, 0 to 1. Shape of the cells, float32."""
    logits = fields.ghost.run(cell_features(picture, foreground, relief))[:, 0]
    sure: Raster = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return np.ascontiguousarray(sure.reshape(foreground.shape), np.float32)


def cell_features(picture: Picture, foreground: Mask, relief: Relief) -> NDArray[np.float32]:
    """Figures of each cell and of its neighbourhoods, row by row. Shape (cells, CELL_FEATURES), float32."""
    figures = [
        np.clip(each, -LIMIT, LIMIT).astype(np.float32) for each in _figures(picture, foreground, relief)
    ]
    around = [blur(each, sigma) for sigma in NEIGHBOURHOODS_CELLS for each in figures]
    return np.stack([*figures, *around], axis=-1).reshape(-1, CELL_FEATURES)


def _figures(picture: Picture, foreground: Mask, relief: Relief) -> list[Raster]:
    """Strength, order, depth, greys and grain of each cell, in parts of those of the print."""
    strength, one = picture.strength, np.float32(1)
    depth = blur(relief.valleys - relief.tops, 0.7)
    inside = foreground if foreground.any() else np.ones_like(foreground)
    of_print, deep = (float(np.percentile(each[inside], 75)) for each in (strength, depth))
    quiet = float(np.percentile(strength, 10))
    ground = ground_grey(picture, foreground)
    deepest = max(ground - float(np.percentile(picture.smooth[::2, ::2], 1)), 8.0)
    unit = picture.tensor / (np.abs(picture.tensor) + np.float32(1e-3))
    fine = picture.grey - picture.smooth
    grain = np.sqrt(blur(block_means(fine * fine, CELL_PX), 1.0))
    return [
        np.log((strength + one) / (of_print + 1)),
        picture.coherence,
        np.log((depth + one) / (deep + 1)),
        (ground - picture.mean) / deepest,
        (ground - relief.tops) / deepest,
        (ground - relief.valleys) / deepest,
        _balance(picture),
        foreground.astype(np.float32),
        np.log((strength + one) / (quiet + 1)),
        np.hypot(*(blur(np.ascontiguousarray(part), 2.0) for part in (unit.real, unit.imag))),
        np.log((picture.energy + one) / (strength * strength + one)),
        np.log((grain + np.float32(0.5)) / (strength + one)),
    ]


def _aside(sure: Raster, strength: Raster) -> float:
    """Distance of what is surely a ghost from the middle of what is strong, in parts of its spread."""
    rows, columns = np.indices(strength.shape, np.float32)
    weight = strength * strength / float((strength * strength).sum() + 1e-3)
    middle = [float((each * weight).sum()) for each in (rows, columns)]
    squares = (rows - middle[0]) ** 2 + (columns - middle[1]) ** 2
    ghost = np.maximum(sure - np.float32(LEAST_SURE), 0)
    if not ghost.any():
        return 0.0
    return float(np.sqrt((squares * ghost).sum() / ghost.sum() / max(float((squares * weight).sum()), 1.0)))


def _area_mm2(cells: Mask) -> float:
    return float(close_and_open(cells, close_cells=3, open_cells=3).sum()) * MM_PER_CELL**2


def _balance(picture: Picture) -> Raster:
    """Lesser in parts of the greater of what lies above and below the middle grey around each cell."""
    above, below = (
        blur(block_means(np.maximum(part, 0), CELL_PX), 1.0) for part in (picture.ridges, -picture.ridges)
    )
    return np.minimum(above, below) / (np.maximum(above, below) + np.float32(0.1))
