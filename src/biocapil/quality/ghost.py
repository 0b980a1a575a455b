"""A latent ghost: ridges of an earlier finger in the ground around the print."""

from __future__ import annotations

import numpy as np

from biocapil.quality.opencv import Mask, close_and_open, dilate
from biocapil.quality.picture import MM_PER_CELL, Picture

NEAR_CELLS = 3
"""Diameter by which the print is grown, so that its own border counts for nothing."""

FEW_CELLS = 25
ORDERED = 0.45
"""Coherence from which structure is ordered."""

OVER_NOISE = 2.0
"""Strength of a ghost in parts of that of the quiet ground."""

OPEN_CELLS = 3
NAMES = ("ground_strength", "ground_strong", "ground_coherence", "ghost", "ghost_mm2", "ghost_share",
         "ground_share", "faint_share")  # fmt: skip


def ghost_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """Ordered structure of the ground.

    Returns:
        Strength of the ground's cells (20th and 90th percentile, grey values), median coherence there, the
        90th percentile of their product, area and share of the ground's ordered regions, the share of the
        ground, and the share of the print's cells that are ordered and faint; zeros where there is no
        ground.
    """
    outside = ~dilate(foreground, NEAR_CELLS)
    faint = _faint_share(picture, foreground)
    if outside.sum() < FEW_CELLS:
        return {**dict.fromkeys(NAMES, 0.0), "faint_share": faint}
    strength, coherence = picture.strength[outside], picture.coherence[outside]
    quiet = float(np.percentile(strength, 20))
    ordered = outside & (picture.coherence > ORDERED) & (picture.strength > OVER_NOISE * max(quiet, 0.5))
    regions = close_and_open(ordered, close_cells=3, open_cells=OPEN_CELLS) & outside
    return {
        "ground_strength": quiet,
        "ground_strong": float(np.percentile(strength, 90)),
        "ground_coherence": float(np.median(coherence)),
        "ghost": float(np.percentile(strength * coherence, 90)),
        "ghost_mm2": float(regions.sum()) * MM_PER_CELL**2,
        "ghost_share": float(regions.sum()) / float(outside.sum()),
        "ground_share": float(outside.mean()),
        "faint_share": faint,
    }


def _faint_share(picture: Picture, foreground: Mask) -> float:
    """Share of the print whose ridges are ordered but far weaker than the others."""
    if not foreground.any():
        return 0.0
    strength = picture.strength[foreground]
    weak = strength < 0.45 * float(np.percentile(strength, 75))
    return float((weak & (picture.coherence[foreground] > ORDERED)).mean())
