"""Mated scores on the fine grid: smoothed where they are dense, spread out where they are few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.root_scale import CELLS, STEP, scaled_roots
from biocapil.labelled_scores import LabelledScores

OFFSET = 0.3
"""Root of similarity that is added before the logarithm, so that scores near 0 do not spread without end."""

LOG_STEP = 0.01
"""Width of a cell of the logarithmic grid on which mated scores are smoothed."""


def mated_density(sets: Sequence[LabelledScores], units: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of mated pairs in each cell of the fine grid, each set counting the same.

    Scores are smoothed by a Gaussian on the logarithm of their root, whose width follows the spread of
    the scores and the number of subjects, because impressions of one finger say little more than one.

    Args:
        sets: Score sets; those without a mated pair are passed over.
        units: Unit of each size band.

    Returns:
        Shape (CELLS,), float64, sum 1.

    Raises:
        ValueError: No set holds a mated pair.

    Reference: Silverman 1986, Density Estimation for Statistics and Data Analysis, section 3.4.
    """
    logs: list[NDArray[np.float64]] = []
    weights: list[NDArray[np.float64]] = []
    subjects = 0
    for each in sets:
        kept = each.mated
        if kept.any():
            roots = scaled_roots(each.similarities[kept], each.sizes[kept], units)
            logs.append(np.log(np.minimum(roots, CELLS * STEP) + OFFSET))
            weights.append(np.full(len(roots), 1.0 / len(roots)))
            subjects += len(np.unique(each.first_subject[kept]))
    if not logs:
        raise ValueError("no mated pair in any set: a calibration needs two impressions of some finger")
    return _on_fine_grid(_smoothed(np.concatenate(logs), np.concatenate(weights), subjects))


def false_non_match_rate(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of mated pairs below the start of each cell. Shape (CELLS,), float64, rising from 0."""
    below = np.cumsum(density)
    return np.concatenate([[0.0], below[:-1]])


def _log_grid() -> NDArray[np.float64]:
    """Middles of the logarithmic cells, from below log(OFFSET) to beyond the end of the fine grid."""
    return np.arange(np.log(OFFSET) - 1.0, np.log(CELLS * STEP + OFFSET) + 1.0, LOG_STEP)


def _smoothed(logs: NDArray[np.float64], weights: NDArray[np.float64], subjects: int) -> NDArray[np.float64]:
    """Smoothed share in each logarithmic cell; what falls below a similarity of 0 is folded back."""
    grid = _log_grid()
    mean = np.average(logs, weights=weights)
    spread = float(np.sqrt(np.average((logs - mean) ** 2, weights=weights)))
    width = max(1.06 * spread * max(subjects, 2) ** -0.2, 2 * LOG_STEP)
    counts = np.bincount(np.rint((logs - grid[0]) / LOG_STEP).astype(np.intp), weights, len(grid))
    reach = int(np.ceil(4 * width / LOG_STEP))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1, dtype=np.float64) * LOG_STEP / width) ** 2)
    full = np.asarray(np.convolve(counts, kernel / kernel.sum()), dtype=np.float64)
    smooth = full[reach : reach + len(grid)].copy()
    edge = int(np.rint((np.log(OFFSET) - grid[0]) / LOG_STEP))
    folded = smooth[:edge][::-1]
    smooth[edge : edge + len(folded)] += folded
    smooth[:edge] = 0.0
    return smooth / float(smooth.sum())


def _on_fine_grid(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of the logarithmic cells carried to the fine grid."""
    reached = np.concatenate([[0.0], np.cumsum(shares)])
    borders = np.exp(np.concatenate([_log_grid() - LOG_STEP / 2, [_log_grid()[-1] + LOG_STEP / 2]])) - OFFSET
    fine = np.interp(np.arange(CELLS + 1) * STEP, borders, reached)
    fine[0], fine[-1] = 0.0, 1.0
    return np.asarray(np.maximum(np.diff(fine), 0.0), dtype=np.float64)
