"""Ridge phase: where in the wave of ridge and valley every place of a master lies.

A pair of Gabor filters, even and odd, turned and sized place by place as the ridges themselves were grown,
gives a complex number whose angle is the phase and whose size says how wave-like the place is.

Reference: Larkin, Fletcher, A coherent framework for fingerprint analysis: are fingerprints holograms?,
Optics Express 15 (2007), section 2.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.filter_family import (
    GROWTH_WIDENS,
    ORIENTATIONS,
    PERIODS_CELLS,
    FilterFamily,
    compress_filters,
    gabor_pair,
)
from biocapil.synthesis.raster import Raster

ENVELOPE_ACROSS = 0.54
ENVELOPE_ALONG = 0.6
"""Standard deviations of the envelope in ridge periods: short along the ridge, so that its end shows."""
KEPT_ENERGY = 0.99

Complex = NDArray[np.complex64]


def ridge_phase(ridges: Raster, orientation_rad: Raster, period_cells: Raster) -> Complex:
    """Phase and strength of the ridge wave.

    Args:
        ridges: Ridge field, positive on ridges. Shape (rows, columns).
        orientation_rad: Ridge orientation, counter-clockwise from the x axis. Same shape.
        period_cells: Ridge period in grid cells. Same shape.

    Returns:
        The wave; its angle grows along (sin, cos) of the orientation taken in [0, π), x to the right and
        y down, and is 0 in the middle of a ridge. Same shape.
    """
    even, odd = (
        family.filtered(ridges, family.weights_by_place(orientation_rad, period_cells))
        for family in _families()
    )
    return (even - 1j * odd).astype(np.complex64)


@cache
def _families() -> tuple[FilterFamily, FilterFamily]:
    """The even filters and the odd ones, which change their sign after half a turn; made once a process."""
    pairs = [
        [
            gabor_pair(turn, period * GROWTH_WIDENS, across=ENVELOPE_ACROSS, along=ENVELOPE_ALONG)
            for period in PERIODS_CELLS
        ]
        for turn in np.pi * np.arange(ORIENTATIONS + 1) / ORIENTATIONS
    ]
    even, odd = (np.array([[pair[part].ravel() for pair in row] for row in pairs]) for part in (0, 1))
    return (
        FilterFamily(*compress_filters(even, kept_energy=KEPT_ENERGY)),
        FilterFamily(*compress_filters(odd, kept_energy=KEPT_ENERGY)),
    )
