"""Runs of rows that stand one after the other: where they end, and which rows they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def ends_of(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets of runs of these sizes. Shape (n + 1,), int64."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def run_rows(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of several runs, one run after the other. Shape (sum of sizes,), int64."""
    ends = ends_of(sizes)
    rows: NDArray[np.int64] = np.arange(int(ends[-1])) + np.repeat(starts - ends[:-1], sizes)
    return rows
