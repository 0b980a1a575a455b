"""The balance of ridge and valley: wet or hard-pressed ridges swell and merge, dry or light ones thin."""

from __future__ import annotations

import numpy as np

from biocapil.quality.finger.contrast import ground_grey
from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.finger.relief import Relief
from biocapil.quality.opencv import Mask, Raster, block_means, blur

NAMES = ("ridge_share_low", "ridge_share", "ridge_share_high", "skewness", "valley_depth", "ridge_depth",
         "filled_share", "paleness")  # fmt: skip


def moisture_measures(picture: Picture, foreground: Mask, relief: Relief) -> dict[str, float]:
    """Share of ridge in the print's cells, and how dark ridges and valleys are.

    Returns:
        Share of ridge (10th, 50th, 90th percentile of the cells), the skewness of grey within the print,
        the depths of valleys and ridges below the ground as a share of the darkest, the share of cells
        that are dark all over, and the grey of ridges in parts of that of the ground.
    """
    if not foreground.any():
        return dict.fromkeys(NAMES, 0.0)
    share = blur(block_means(relief.ridges.astype(np.float32), CELL_PX), 1.0)[foreground]
    low, middle, high = (float(value) for value in np.percentile(share, (10, 50, 90)))
    ground = ground_grey(picture, foreground)
    deepest = max(ground - float(np.percentile(picture.smooth[::2, ::2], 1)), 8.0)
    depth = (ground - picture.mean[foreground]) / deepest
    return {
        "ridge_share_low": low,
        "ridge_share": middle,
        "ridge_share_high": high,
        "skewness": _skewness(picture, foreground),
        "valley_depth": (ground - float(np.median(relief.valleys[foreground]))) / deepest,
        "ridge_depth": (ground - float(np.median(relief.tops[foreground]))) / deepest,
        "filled_share": float((depth > 0.75).mean()),
        "paleness": float(np.median(relief.tops[foreground])) / max(ground, 1.0),
    }


def _skewness(picture: Picture, foreground: Mask) -> float:
    """Median over the cells of the third moment of the ridge band, in parts of its strength."""
    cubes: Raster = block_means(picture.ridges * picture.ridges * picture.ridges, CELL_PX)
    third = blur(cubes, 1.0)[foreground]
    return float(np.median(third / (picture.strength[foreground] + np.float32(1)) ** 3))
