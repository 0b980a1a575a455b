"""From two densities to a log-likelihood ratio that never falls as similarity grows nor claims too much.

    log-likelihood ratio = ln( share of mated pairs with this similarity / share of non-mated pairs with it )

It is bounded below by what the number of mated pairs supports, follows both densities as far as
non-mated pairs were counted, and beyond that grows only as fast as the upper limit of the false match
rate falls: evidence that rests on a fitted tail is credited at the tail's worst, not at its best.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.false_match import FalseMatchCurve
from biocapil.calibration.monotone import isotonic


def log_likelihood_ratios(
    mated: NDArray[np.float64], curve: FalseMatchCurve, *, mated_pairs: int
) -> NDArray[np.float64]:
    """Log-likelihood ratio in each cell of the fine grid, in nats.

    Args:
        mated: Share of mated pairs in each cell. Shape (CELLS,).
        curve: False match rate with limits.
        mated_pairs: How many mated pairs there are: one in so many may behave like a non-mated pair.

    Returns:
        Shape (CELLS,), float64, never falling.
    """
    nonmated = _density(curve.rate)
    doubt = 1.0 / (mated_pairs + 1)
    alike = (1 - doubt) * mated + doubt * nonmated
    measured = slice(0, curve.measured_to + 1)
    ratios = _monotone_ratios(alike[measured], nonmated[measured])
    beyond = np.log(_positive(alike) / curve.high)[curve.measured_to :]
    growth = np.maximum.accumulate(np.maximum(beyond - beyond[0], 0.0))
    return np.concatenate([ratios, ratios[-1] + growth[1:]])


def _density(survival: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of pairs in each cell, from the share at or beyond its start."""
    return np.asarray(survival - np.append(survival[1:], 0.0), dtype=np.float64)


def _positive(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(shares, 1e-300)


def _monotone_ratios(mated: NDArray[np.float64], nonmated: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ratios of two histograms, pooled until they never fall.

    Isotonic regression of the share that is mated is the maximum-likelihood monotone calibration.

    Reference: Brümmer and du Preez 2006, doi:10.1016/j.csl.2005.08.001, section 6.
    """
    both = mated + nonmated
    filled = both > 0
    share = isotonic(mated[filled] / both[filled], both[filled])
    held = np.clip(share, 1e-12, 1 - 1e-12)
    places = np.flatnonzero(filled)
    return np.interp(np.arange(len(both)), places, np.log(held / (1 - held)))
