"""How surely ridges run in one direction at each place, and how smoothly that direction changes."""

from __future__ import annotations

import numpy as np

from biocapil.quality.finger.picture import Picture
from biocapil.quality.opencv import Mask, Raster, blur

FLOW_SIGMA_CELLS = 3.0


def orientation_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """Certainty of the orientation over the print, 0 to 1.

    Returns:
        Weak, middle and strong cells' coherence, the share of sure cells, and the smoothness: how long the
        mean direction of a neighbourhood is, cells of equal weight.
    """
    if not foreground.any():
        return dict.fromkeys(("coherence_weak", "coherence", "coherence_strong", "sure_share", "flow"), 0.0)
    coherence = picture.coherence
    weak, middle, strong = (float(value) for value in np.percentile(coherence[foreground], (10, 50, 90)))
    return {
        "coherence_weak": weak,
        "coherence": middle,
        "coherence_strong": strong,
        "sure_share": float((coherence[foreground] > 0.5).mean()),
        "flow": float(flow_certainty(picture, foreground)[foreground].mean()),
    }


def flow_certainty(picture: Picture, foreground: Mask) -> Raster:
    """Length of the mean doubled direction around each cell, 0 to 1."""
    unit = picture.tensor / (np.abs(picture.tensor) + np.float32(1e-3)) * foreground
    weight = blur(foreground.astype(np.float32), FLOW_SIGMA_CELLS) + np.float32(1e-3)
    real = blur(np.ascontiguousarray(unit.real), FLOW_SIGMA_CELLS)
    imaginary = blur(np.ascontiguousarray(unit.imag), FLOW_SIGMA_CELLS)
    length: Raster = np.hypot(real, imaginary) / weight
    return length
