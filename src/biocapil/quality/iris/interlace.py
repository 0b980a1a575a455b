"""Combing: a camera that takes odd and even rows one after the other tears a moving eye.

Reference: ISO/IEC 29794-6:2015, 6.3 (interlace).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_DIFFERENCE = 0.5


def combing(pixels: NDArray[np.float32]) -> float:
    """Logarithm of how much more neighbouring rows differ than rows two apart.

    Rows of a whole frame differ less from their neighbours than from the next but one.

    Args:
        pixels: Grey values around the eye. Shape (rows, columns), float32.
    """
    if pixels.shape[0] < 4:
        return 0.0
    middle = pixels[1:-1] - 0.5 * (pixels[:-2] + pixels[2:])
    apart = 0.5 * (pixels[2:] - pixels[:-2])
    return float(
        np.log((np.abs(middle).mean() + LEAST_DIFFERENCE) / (np.abs(apart).mean() + LEAST_DIFFERENCE))
    )
