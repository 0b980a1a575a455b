"""Give the network sides that are multiples of its stride, and take the margin off its answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Padded:
    """A picture in the middle of a larger one.

    Attributes:
        tensor: What the network reads. Shape (1, 1, height, width), float32, 0 to 255.
        window: Rows and columns of the picture inside it.
    """

    tensor: NDArray[np.float32]
    window: tuple[slice, slice]

    def cut(self, maps: NDArray[np.float32]) -> NDArray[np.float32]:
        """The part of the maps that lies on the picture. Shape (channels, rows, columns)."""
        return maps[:, *self.window]


def pad(pixels: NDArray[np.uint8], *, stride_px: int) -> Padded:
    """Put a picture into the middle of the next size that the network can read.

    The margin has the grey value of the top left pixel: a print rarely reaches the corner, so that is the
    background, and no edge is drawn that could look like a ridge.

    Args:
        pixels: Grey values. Shape (rows, columns), uint8.
        stride_px: Both sides become multiples of this.

    Returns:
        The picture with its margin.
    """
    rows, columns = pixels.shape
    height, width = (-(-side // stride_px) * stride_px for side in (rows, columns))
    top, left = (height - rows) // 2, (width - columns) // 2
    window = (slice(top, top + rows), slice(left, left + columns))
    tensor = np.full((1, 1, height, width), pixels[0, 0], dtype=np.float32)
    tensor[0, 0, *window] = pixels
    return Padded(tensor=tensor, window=window)
