"""The picture at the network's size, and the maps that it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.optional_part import load_opencv


class Network(Protocol):
    """Whatever turns an image into maps: :class:`biocapil.extraction.session.GraphSession`, or a fake."""

    def run(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Maps of shape (channels, height, width) for an image of shape (1, 1, height, width)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkMaps:
    """Answers of the network.

    Attributes:
        maps: Shares from 0 to 1 by channel. Shape (channels, rows, columns), float32.
        px_per_cell: Pixels of the sample along a side of a cell.
    """

    maps: NDArray[np.float32]
    px_per_cell: float


def opencv() -> Any:
    """OpenCV.

    Raises:
        MissingPart: It is not installed.
    """
    return load_opencv("extraction")


def network_maps(
    pixels: NDArray[np.uint8], network: Network, *, longest_px: int, stride_px: int
) -> NetworkMaps:
    """Ask the network.

    Args:
        pixels: Grey values of the sample. Shape (rows, columns), uint8.
        network: The running model.
        longest_px: Longer side of what it reads.
        stride_px: Its sides must be multiples of this.

    Returns:
        Its maps, cut to the picture.
    """
    cv2 = opencv()
    px_per_cell = max(pixels.shape) / longest_px
    rows, columns = (max(1, round(side / px_per_cell)) for side in pixels.shape)
    way = cv2.INTER_AREA if px_per_cell > 1 else cv2.INTER_LINEAR
    small = cv2.resize(pixels, (columns, rows), interpolation=way)
    rest = [(-side) % stride_px for side in small.shape]
    image = np.pad(small, [(one // 2, one - one // 2) for one in rest], mode="edge")
    maps = network.run(image[None, None].astype(np.float32))
    top, left = rest[0] // 2, rest[1] // 2
    return NetworkMaps(maps=maps[:, top : top + rows, left : left + columns], px_per_cell=px_per_cell)
