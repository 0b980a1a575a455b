"""`TaggedPicture`: decoded pixels before anyone has decided on their resolution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.formats.resolution_tags import ResolutionTag
from biocapil.vocabulary import FingerPosition, Position

MAX_PIXELS = 64_000_000
"""A ten-print card at 1,000 ppi has 64 million pixels; more is a decompression bomb or no print."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TaggedPicture:
    """One decoded image file.

    Attributes:
        pixels: Grey values, 0 black, of shape (rows, columns); or red, green and blue, where colour was
            asked for and is there, of shape (rows, columns, 3). uint8.
        tag: What the file says about its resolution.
        position: Finger or eye that the file names; UNKNOWN where it names none, as image files do.
    """

    pixels: NDArray[np.uint8]
    tag: ResolutionTag
    position: Position = FingerPosition.UNKNOWN


def refuse_bomb(*, columns: int, rows: int) -> None:
    """Refuse a size that nobody should allocate, before the pixels are decoded.

    Raises:
        FormatError: A side is zero, or there are more than 64 million pixels.
    """
    if columns < 1 or rows < 1:
        raise FormatError(f"{columns} x {rows} pixels are no image")
    if columns * rows > MAX_PIXELS:
        raise FormatError(f"{columns} x {rows} pixels are more than the {MAX_PIXELS:,} allowed")
