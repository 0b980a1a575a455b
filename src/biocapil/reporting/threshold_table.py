"""Both error rates at some hundred thresholds: what a page reads while somebody moves a threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.evaluation import DetCurve

ROWS = 400
FIGURES = 4
"""Significant figures of a threshold, so that what is shown is what the rates were counted at."""
LOWEST = 0.1
"""Smallest threshold of the table; a lower one parts only pairs that hardly resemble each other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThresholdTable:
    """Error rates at rising thresholds, exact at each of them.

    Attributes:
        thresholds: Smallest similarity that matches. Shape (R,), float64, rising.
        fmr: False match rates. Shape (R,), float64, falling.
        fnmr: False non-match rates. Shape (R,), float64, rising.
    """

    thresholds: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]

    def nearest(self, threshold: float) -> int:
        """Row of the threshold that is closest to a similarity; the last one for inf."""
        return int(np.argmin(np.abs(self.thresholds - min(threshold, float(self.thresholds[-1])))))

    def rows(self) -> list[list[float]]:
        """Threshold, FMR and FNMR of each row, rates with seven significant figures."""
        columns = (self.thresholds, self.fmr, self.fnmr)
        return [[float(f"{value:.7g}") for value in row] for row in zip(*columns, strict=True)]


def threshold_table(curve: DetCurve, *, rows: int = ROWS) -> ThresholdTable:
    """Rates at thresholds that rise by equal ratios over the similarities that occur.

    Args:
        curve: Every operating point of the set.
        rows: Most rows, at least 2.

    Raises:
        ValueError: `rows` is below 2.
    """
    if rows < 2:
        raise ValueError(f"rows must be at least 2, got {rows}")
    finite = curve.thresholds[np.isfinite(curve.thresholds)]
    highest = max(float(finite.max(initial=0.0)), LOWEST * 10)
    spread = np.geomspace(LOWEST, highest * 1.01, rows)
    thresholds = np.unique([float(f"{value:.{FIGURES}g}") for value in spread.tolist()])
    at = np.searchsorted(curve.thresholds, thresholds, side="left")
    return ThresholdTable(thresholds=thresholds, fmr=curve.fmr[at], fnmr=curve.fnmr[at])
