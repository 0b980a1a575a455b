"""Kind of a minutia: as the network tells it, or read off the picture under its arrow where it is silent.

A minutia points to the side with one ridge more. Where a ridge lies in the middle of that side, it is the one
that ends; where a valley lies there, the two ridges beside it have joined.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from biocapil.optional_part import load_opencv
from biocapil.vocabulary import MinutiaType

SMOOTHING_PX = 0.8
REACHES_PX = (3.0, 5.0, 7.0, 9.0)
"""Distances before and behind a minutia, at 500 ppi. On 540 synthetic prints, where both were chosen,
the right kind is found for 82 % of true minutiae (92 % of the clearer half); one distance gives 77 to 80 %.
"""
CHOSEN_AT_PPI = 500.0
ENDING_FROM = 0.5
"""A network's map of endings is a probability: the likelier kind wins."""


def kinds_from_map(endings: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Kinds of minutiae from the probability that each is an ending. Shape (N,), `MinutiaType` codes."""
    kinds = np.where(endings >= ENDING_FROM, MinutiaType.ENDING, MinutiaType.BIFURCATION)
    return kinds.astype(np.uint8)


def kinds_from_ridges(
    pixels: NDArray[np.uint8],
    centres_px: NDArray[np.float64],
    angles_rad: NDArray[np.float32],
    *,
    resolution_ppi: float,
) -> NDArray[np.uint8]:
    """Tell endings from bifurcations by what lies before and behind each minutia.

    Args:
        pixels: Grey values, ridges dark. Shape (rows, columns), uint8.
        centres_px: x and y of each minutia, 0.5 in the middle of the first pixel. Shape (N, 2).
        angles_rad: Direction of each minutia, counter-clockwise, y up. Shape (N,), float32.
        resolution_ppi: Resolution of the picture.

    Returns:
        `MinutiaType` codes. Shape (N,), uint8.
    """
    if len(centres_px) == 0:
        return np.empty(0, np.uint8)
    cv2 = load_opencv("extraction")
    scale = resolution_ppi / CHOSEN_AT_PPI
    smooth = cv2.GaussianBlur(pixels, (0, 0), SMOOTHING_PX * scale).astype(np.float32)
    arrows = np.stack([np.cos(angles_rad), -np.sin(angles_rad)], axis=1)
    reaches = np.array(REACHES_PX)[:, None, None] * scale
    middle = centres_px - 0.5

    def brightness(places: NDArray[np.float64]) -> NDArray[np.float32]:
        """Sum over the reaches. Places of shape (reaches, N, 2) to (N,)."""
        x, y = np.moveaxis(places, -1, 0).astype(np.float32)
        seen = cv2.remap(smooth, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return cast("NDArray[np.float32]", seen.sum(axis=0))

    ridge_before = brightness(middle + reaches * arrows) < brightness(middle - reaches * arrows)
    return np.where(ridge_before, MinutiaType.ENDING, MinutiaType.BIFURCATION).astype(np.uint8)
