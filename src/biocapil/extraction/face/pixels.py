"""From pixels of a sample to what a network reads: grey or colour, any order, mean and scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.face.rules import ColourOrder, Colours
from biocapil.optional_part import load_opencv

PURPOSE = "face extraction"


def network_input(pixels: NDArray[np.uint8], colours: Colours) -> NDArray[np.float32]:
    """Picture as a network reads it.

    Args:
        pixels: Grey, shape (rows, columns), or red, green and blue, shape (rows, columns, 3). uint8.
        colours: What the network reads; grey pictures become three equal colours where it reads three.

    Returns:
        Shape (1, channels, rows, columns), float32.
    """
    ordered = _ordered(pixels, colours.order).astype(np.float32)
    mean, scale = (np.array(each, np.float32) for each in (colours.mean, colours.scale))
    if mean.any():
        ordered -= mean
    if (scale != 1).any():
        ordered *= scale
    return np.ascontiguousarray(ordered.transpose(2, 0, 1)[None])


def _ordered(pixels: NDArray[np.uint8], order: ColourOrder) -> NDArray[np.uint8]:
    """Channels in the network's order. Shape (rows, columns, channels)."""
    if pixels.ndim == 2:
        return np.repeat(pixels[:, :, None], order.channels, axis=2)
    if order is ColourOrder.GREY:
        cv2 = load_opencv(PURPOSE)
        grey: NDArray[np.uint8] = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
        return grey[:, :, None]
    return pixels if order is ColourOrder.RGB else pixels[:, :, ::-1]
