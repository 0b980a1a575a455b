"""Ridge or valley: the grey half way between the darkest and the lightest value near a pixel parts them.

So the share of ridge says how wide ridges are, whatever the sensor's contrast.
"""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.opencv import Mask, Raster, blur, extremes

NEAR_PX = 15
"""Holds a ridge and a valley of the widest prints."""

MIDDLE_SIGMA_PX = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relief:
    """What is ridge, and the greys of ridges and valleys.

    Attributes:
        ridges: Pixels that belong to ridges. Shape of the picture, bool.
        tops: Darkest grey near the middle of each cell. Shape of the cells, float32.
        valleys: Lightest grey there. Same shape.
    """

    ridges: Mask
    tops: Raster
    valleys: Raster


def find_relief(picture: Picture) -> Relief:
    """Part ridges from valleys."""
    dark, light = extremes(picture.smooth, NEAR_PX)
    middle = slice(CELL_PX // 2, None, CELL_PX)
    return Relief(
        ridges=picture.smooth < blur((dark + light) / 2, MIDDLE_SIGMA_PX),
        tops=dark[middle, middle],
        valleys=light[middle, middle],
    )
