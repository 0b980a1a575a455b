"""How strongly ridges stand out from valleys, and skin from the ground around it."""

from __future__ import annotations

import numpy as np

from biocapil.quality.finger.picture import Picture
from biocapil.quality.opencv import Mask, dilate

NEAR_CELLS = 5


def contrast_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """Strength of the ridges over the print, grey values, and grey of skin against grey of the ground.

    Returns:
        Weak, middle and strong cells' strength (10th, 50th, 90th percentile), their spread, the mean
        grey of the print, its darkness below the ground, and the range of all grey values.
    """
    dark, light = (float(value) for value in np.percentile(picture.smooth[::2, ::2], (1, 99)))
    inside = picture.strength[foreground] if foreground.any() else picture.strength.ravel()
    weak, middle, strong = (float(value) for value in np.percentile(inside, (10, 50, 90)))
    skin = float(picture.mean[foreground].mean()) if foreground.any() else float(picture.mean.mean())
    ground = ground_grey(picture, foreground)
    return {
        "strength_weak": weak,
        "strength": middle,
        "strength_strong": strong,
        "strength_evenness": weak / max(strong, 1.0),
        "skin_grey": skin,
        "darkness": ground - skin,
        "darkness_share": (ground - skin) / max(ground - dark, 8.0),
        "range": light - dark,
    }


def ground_grey(picture: Picture, foreground: Mask) -> float:
    """Median grey of the ground; where the print covers all, the lightest tenth of the picture."""
    outside = ~dilate(foreground, NEAR_CELLS)
    if outside.mean() < 0.02:
        return float(np.percentile(picture.smooth[::2, ::2], 90))
    return float(np.median(picture.mean[outside]))
