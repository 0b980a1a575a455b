"""The x axis of a histogram of similarity: linear for equal bins, logarithmic for bins that widen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting.axes import LinearScale, LogScale, Scale

ROOM = 1.3
"""How far, as a ratio, a logarithmic axis goes on where a bin starts at 0 or never ends."""


def similarity_scale(
    edges: NDArray[np.float64],
    counts: NDArray[np.int64],
    marks: Sequence[float],
    *,
    start: float,
    end: float,
) -> Scale:
    """Scale that shows every bin with a pair in it and every mark.

    Args:
        edges: Borders of the bins, rising; the last may be infinite. Shape (B + 1,).
        counts: Pairs in each bin. Shape (B,).
        marks: Similarities that must be seen.
        start: Left end, user units.
        end: Right end, user units.
    """
    finite = edges[np.isfinite(edges)]
    high = max([_last_border(finite, counts), *(mark * 1.15 for mark in marks)])
    if len(finite) == len(edges) and np.allclose(np.diff(finite), finite[1] - finite[0]):
        return LinearScale(low=float(finite[0]), high=high, start=start, end=end)
    positive = finite[finite > 0]
    return LogScale(low=float(positive[0]) / ROOM, high=high, start=start, end=end)


def _last_border(finite: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """Right border of the last bin that holds a pair; of a bin without end, a little beyond its start."""
    filled = np.flatnonzero(counts)
    last = int(filled[-1]) + 1 if filled.size else len(finite) - 1
    if last >= len(finite):
        return float(finite[-1]) * ROOM
    return float(finite[last])
