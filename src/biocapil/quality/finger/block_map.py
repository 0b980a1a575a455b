"""Where in a print the quality lies: one figure for each cell, to be drawn over the print."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.foreground import find_foreground
from biocapil.quality.finger.picture import CELL_PX, WORKING_PPI, working_picture
from biocapil.sample import UM_PER_INCH, CapturedSample

CELL_UM = UM_PER_INCH * CELL_PX / WORKING_PPI
COHERENCE = (0.1, 0.75)
"""Coherence of noise and of clear ridges."""

STRONG_SHARE = 0.5
"""From this share of the strength of the print's strong cells on, more contrast makes no cell better."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QualityMap:
    """Quality of the places of one sample.

    Attributes:
        cells: 0 to 100 on the print, NaN beside it. Shape (rows, columns), float32, read-only.
        cell_um: Side of a cell, micrometres; the first begins at the sample's upper left corner.
    """

    cells: NDArray[np.float32]
    cell_um: float

    def __post_init__(self) -> None:
        if self.cells.dtype != np.float32 or self.cells.ndim != 2:
            raise ValueError(
                f"cells must be float32 of shape (rows, columns), "
                f"got {self.cells.dtype} of shape {self.cells.shape}"
            )
        view = self.cells.view()
        view.flags.writeable = False
        object.__setattr__(self, "cells", view)


def quality_map(sample: CapturedSample) -> QualityMap:
    """How clear the ridges of each place are: coherence of their direction times their contrast.

    Args:
        sample: Sample of a finger at any resolution.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    picture = working_picture(sample)
    foreground = find_foreground(picture)
    cells = np.full(foreground.shape, np.nan, np.float32)
    if foreground.any():
        strong = float(np.percentile(picture.strength[foreground], 90))
        order = np.clip((picture.coherence[foreground] - COHERENCE[0]) / (COHERENCE[1] - COHERENCE[0]), 0, 1)
        contrast = np.clip(picture.strength[foreground] / (STRONG_SHARE * strong), 0, 1)
        cells[foreground] = 100 * order * contrast
    rows, columns = (round(side * sample.um_per_px / CELL_UM + 0.499) for side in sample.pixels.shape)
    return QualityMap(cells=cells[:rows, :columns], cell_um=CELL_UM)
