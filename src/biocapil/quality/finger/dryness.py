"""Broken ridges: dry skin leaves dots and short pieces, and grain as fine as the units of a ridge."""

from __future__ import annotations

import numpy as np

from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.finger.relief import Relief
from biocapil.quality.opencv import Mask, block_means, components

SMALL_PX = 60
"""A piece of a ridge below this area is a dot: an unbroken period of ridge covers more."""

COUNTED_STEP_PX = 2
"""Pieces are counted at every second pixel: the thinnest ridges are three wide."""

UNIT_PX = 6400.0
"""Pieces are counted in squares of about ten ridge periods."""

NAMES = ("pieces", "dots", "dot_share", "holes", "grain", "grain_on_ridges")


def dryness_measures(picture: Picture, foreground: Mask, relief: Relief) -> dict[str, float]:
    """Pieces of ridges, holes in them, and grain.

    Returns:
        Pieces, dots and holes in ridges for each square of ten ridge periods; the share of ridge that
        lies in dots; and the grain: what is finer than ridges, in parts of their strength, over all of
        the print and on its ridges.
    """
    if not foreground.any():
        return dict.fromkeys(NAMES, 0.0)
    side = CELL_PX // COUNTED_STEP_PX
    over = foreground.repeat(side, axis=0).repeat(side, axis=1)
    ridges = relief.ridges[::COUNTED_STEP_PX, ::COUNTED_STEP_PX]
    area = float(foreground.sum()) * CELL_PX**2 / UNIT_PX
    sizes = components(ridges & over)[1][1:] * COUNTED_STEP_PX**2
    gaps = components(~ridges & over)[1][1:] * COUNTED_STEP_PX**2
    small = sizes < SMALL_PX
    fine = picture.grey - picture.smooth
    energy = fine * fine
    on_ridges = relief.ridges.astype(np.float32)
    ridge_energy = block_means(energy * on_ridges, CELL_PX)[foreground].sum()
    ridge_share = block_means(on_ridges, CELL_PX)[foreground].sum()
    strength = float(np.median(picture.strength[foreground])) + 1
    return {
        "pieces": len(sizes) / area,
        "dots": float(small.sum()) / area,
        "dot_share": float(sizes[small].sum()) / max(float(sizes.sum()), 1.0),
        "holes": float((gaps < SMALL_PX).sum()) / area,
        "grain": float(np.sqrt(block_means(energy, CELL_PX)[foreground].mean())) / strength,
        "grain_on_ridges": float(np.sqrt(ridge_energy / max(float(ridge_share), 0.1))) / strength,
    }
