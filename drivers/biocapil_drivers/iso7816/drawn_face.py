"""`drawn_face`: the picture that emulated cards hold: drawn, of nobody."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def drawn_face(rows: int = 320, columns: int = 240) -> NDArray[np.uint8]:
    """A drawn head before a bright ground.

    Args:
        rows: Height in pixels.
        columns: Width in pixels.

    Returns:
        Shape (rows, columns, 3): red, green, blue; uint8.
    """
    y, x = np.mgrid[:rows, :columns].astype(np.float64)
    y, x = (y - 0.48 * rows) / (0.34 * rows), (x - 0.5 * columns) / (0.32 * columns)
    pixels = np.empty((rows, columns, 3))
    pixels[:] = (225.0, 228.0, 232.0)
    pixels[(np.abs(x) < 1.2) & (y > 1.1)] = (60.0, 80.0, 110.0)
    head = x**2 + y**2 < 1.0
    pixels[head] = np.array([205.0, 165.0, 140.0]) * (1.0 - 0.15 * x[head, np.newaxis] ** 2)
    pixels[head & (y < -0.55)] = (45.0, 35.0, 30.0)
    for side in (-0.38, 0.38):
        pixels[((x - side) / 0.16) ** 2 + ((y + 0.12) / 0.07) ** 2 < 1.0] = (245.0, 245.0, 245.0)
        pixels[((x - side) / 0.06) ** 2 + ((y + 0.12) / 0.06) ** 2 < 1.0] = (50.0, 35.0, 25.0)
    pixels[(x / 0.28) ** 2 + ((y - 0.5) / 0.06) ** 2 < 1.0] = (150.0, 70.0, 70.0)
    return np.asarray(np.clip(np.rint(pixels), 0, 255), dtype=np.uint8)
