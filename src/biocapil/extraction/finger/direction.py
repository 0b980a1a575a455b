"""The one place where the network's direction becomes an angle of ISO/IEC 19794-2.

The trap: minutiae detectors disagree by half a turn. Some point away from the end of a ridge, the
standard points into the ridge; and some let y grow upwards. LEADER's pair (cos, sin) is counter-clockwise
as a person sees the picture and points the standard's way already: an ending back along its ridge, a
bifurcation into the valley between its branches. Two tests prove it, one on drawn ridges and one
against the minutiae records of another maker.

Reference:
    ISO/IEC 19794-2:2005, clause 6.4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TURN = 2 * np.pi


def angles_from_directions(cos: NDArray[np.float32], sin: NDArray[np.float32]) -> NDArray[np.float32]:
    """Angles of direction vectors, which need not have unit length.

    Args:
        cos: Part along x, to the right. Shape (N,), float32.
        sin: Part along y, upwards. Shape (N,), float32.

    Returns:
        Counter-clockwise from the positive x axis, 0 <= angle < 2π. Shape (N,), float32.
    """
    angles = np.mod(np.arctan2(sin.astype(np.float64), cos.astype(np.float64)), TURN).astype(np.float32)
    angles[angles >= np.float32(TURN)] = 0  # just below a whole turn, rounded up to it
    return angles
