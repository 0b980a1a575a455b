"""How a picture is looked at: large ones smaller, and once more where nothing is found.

A detector finds faces of about 10 to 300 pixels. A face that fills its picture needs room around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.face.pixels import PURPOSE
from biocapil.optional_part import load_opencv

BORDER_SHARE = 0.5
"""Width of the border, against the longest side."""
FINER = 4.0
"""A large photograph's second look has so many times the pixels along a side."""
BORDER_GREY = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way to look at a picture.

    Attributes:
        scale: Size of the pixels that are shown against those of the sample, at most 1.
        border_px: Width of the grey border, in shown pixels.
    """

    scale: float
    border_px: int

    def show(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture as this look sees it, grey or colour as it came."""
        cv2 = load_opencv(PURPOSE)
        shown = pixels
        if self.scale < 1:
            rows, columns = (max(1, round(side * self.scale)) for side in pixels.shape[:2])
            shown = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA)
        if self.border_px:
            around = ((self.border_px, self.border_px),) * 2 + ((0, 0),) * (shown.ndim - 2)
            shown = np.pad(shown, around, constant_values=BORDER_GREY)
        return shown

    def back(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places in the sample from places in what was shown; 0 is the middle of the first pixel."""
        return (places - self.border_px + 0.5) / self.scale - 0.5


def looks_at(rows: int, columns: int, *, longest_side_px: int) -> Iterator[Look]:
    """Ways to look at a picture of a size, the cheapest first.

    Args:
        rows: Height of the picture.
        columns: Width of the picture.
        longest_side_px: Larger pictures are scaled down to this at first.
    """
    longest = max(rows, columns)
    scale = min(1.0, longest_side_px / longest)
    yield Look(scale=scale, border_px=0)
    with_border = min(1.0, longest_side_px / longest / (1 + 2 * BORDER_SHARE))
    yield Look(scale=with_border, border_px=round(BORDER_SHARE * longest * with_border))
    if scale < 1:
        yield Look(scale=min(1.0, FINER * scale), border_px=0)
