"""A latent ghost: ridges of an earlier finger in the ground around the print.

They are ordered like ridges, have a dark and a light side each, unlike the border of the print, and are
fainter and shallower than the print. How faint, how shallow, and how far from it: that is asked in four ways.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from biocapil.quality.finger.picture import CELL_PX, MM_PER_CELL, Picture
from biocapil.quality.finger.relief import Relief
from biocapil.quality.opencv import Mask, Raster, block_means, blur, close_and_open, dilate

NEAR_CELLS = 3
"""Diameter by which the print is grown, so that its own border counts for nothing."""

FEW_CELLS = 25
ORDERED = 0.45
"""Coherence from which structure is ordered."""

OVER_NOISE = 2.0
"""Strength of a ghost in parts of that of the quiet ground."""

WAYS = {"ghost_far_mm2": (0.45, 5, 3), "ghost_broad_mm2": (0.6, 3, 5)}
"""For each measure: strength of what is surely print in parts of its strong cells, and the diameters by which
that is grown and by which regions are opened, in cells."""

DEPTHS = {"ghost_mm2": 0.6, "ghost_shallow_mm2": 0.5}
"""For each measure: depth of ridges under valleys, in parts of the print's, below which they are a ghost."""

LEAST_BALANCE = 0.35
LEAST_ORDERED = 0.35
LEAST_DEPTH = 6.0

NAMES = ("ground_strength", "ground_strong", "ground_coherence", "ground_share", *WAYS, *DEPTHS)


def ghost_measures(picture: Picture, foreground: Mask, relief: Relief) -> dict[str, float]:
    """Ordered structure beside the print.

    Returns:
        Strength of the ground's cells (20th and 90th percentile, grey values), median coherence there, the
        share of the ground, and the area of faint ordered regions in four ways, mm².
    """
    outside = ~dilate(foreground, NEAR_CELLS)
    found = dict.fromkeys(NAMES, 0.0)
    quiet = 1.0
    if outside.sum() >= FEW_CELLS:
        quiet = float(np.percentile(picture.strength[outside], 20))
        found["ground_strength"] = quiet
        found["ground_strong"] = float(np.percentile(picture.strength[outside], 90))
        found["ground_coherence"] = float(np.median(picture.coherence[outside]))
        found["ground_share"] = float(outside.mean())
    if foreground.any():
        strong = float(np.percentile(picture.strength[foreground], 75))
        ordered = (picture.coherence > ORDERED) & (picture.strength > OVER_NOISE * max(quiet, 1.0))
        balanced = _balance(picture) > LEAST_BALANCE
        for name, (share, grown, opened) in WAYS.items():
            surely = close_and_open(picture.strength > share * strong, close_cells=5, open_cells=3)
            found[name] = _area_mm2(ordered & balanced & ~dilate(surely, grown), opened)
        balanced &= picture.coherence > LEAST_ORDERED
        found |= {name: _area_mm2(balanced & shallow, 5) for name, shallow in _shallow(relief, foreground)}
    return found


def _shallow(relief: Relief, foreground: Mask) -> Iterator[tuple[str, Mask]]:
    """Cells whose ridges are less deep than the print's, but deeper than noise, for each of `DEPTHS`."""
    depth = blur(relief.valleys - relief.tops, 0.7)
    of_print, of_noise = float(np.percentile(depth[foreground], 80)), float(np.percentile(depth, 5))
    over_noise = depth > max(1.5 * of_noise, 0.1 * of_print, LEAST_DEPTH)
    for name, share in DEPTHS.items():
        yield name, over_noise & (depth < share * of_print)


def _area_mm2(cells: Mask, opened: int) -> float:
    region = close_and_open(cells, close_cells=3, open_cells=opened)
    return float(region.sum()) * MM_PER_CELL**2


def _balance(picture: Picture) -> Raster:
    """Lesser in parts of the greater of what lies above and below the middle grey around each cell."""
    above, below = (
        blur(block_means(np.maximum(part, 0), CELL_PX), 1.0) for part in (picture.ridges, -picture.ridges)
    )
    return np.minimum(above, below) / (np.maximum(above, below) + np.float32(0.1))
