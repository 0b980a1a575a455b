"""The upper tail of non-mated scores: a generalised Pareto distribution above a high point.

Reference: Pickands 1975, doi:10.1214/aos/1176343003 (why); Hosking and Wallis 1987,
doi:10.1080/00401706.1987.10488243 (probability-weighted moments); ISO/IEC 5152:2024 (for FMR).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.root_scale import STEP

TAIL_SHARE = 0.02
"""Share of the non-mated pairs that make the tail."""

FEWEST_EXCESSES = 30
"""Pairs that the tail of a small set should have, even if it then begins lower."""

LARGEST_SHARE = 0.25
"""Share of the pairs that the tail of the smallest set has."""

SHAPE_SPREAD = 0.1
"""How far, as a standard deviation, the shape is believed to lie from 0 before any tail was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Share of non-mated pairs beyond a point of the root scale.

    Attributes:
        start: Where the tail begins, in scaled roots.
        share: Share of the pairs beyond `start`, 0 to 1.
        shape: 0 falls exponentially, above 0 slower; never below, for an end of all scores is not believed.
        scale: Mean excess at shape 0, in scaled roots; above 0.
    """

    start: float
    share: float
    shape: float
    scale: float

    def survival(self, roots: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of pairs at or beyond each point, which must not lie below `start`."""
        excess = np.maximum(roots - self.start, 0.0) / self.scale
        if abs(self.shape) < 1e-6:
            return self.share * np.exp(-excess)
        return self.share * (1.0 + self.shape * excess) ** (-1.0 / self.shape)


def fit_tail(weights: NDArray[np.float64], *, pairs: float, doubt: float = 0.0) -> Tail:
    """Fit the tail of a weighted histogram on the fine grid.

    The shape is drawn towards 0 by as much as its own standard error asks, so that a short tail does
    not speak of more than it knows.

    Args:
        weights: Weight of the pairs in each cell. Shape (CELLS,).
        pairs: How many pairs the histogram stands for, for the standard error of the shape.
        doubt: How far to move the shape from its best estimate, in standard deviations of what is believed
            of it after the tail was seen.

    Raises:
        ValueError: There is no weight, or all of it lies in one cell.
    """
    total = float(weights.sum())
    beyond = np.cumsum(weights[::-1])[::-1]
    if total <= 0 or np.count_nonzero(weights) < 2:
        raise ValueError("a tail needs non-mated pairs of at least two different similarities")
    wanted = min(max(TAIL_SHARE, FEWEST_EXCESSES / pairs), LARGEST_SHARE)
    found = int(np.searchsorted(-beyond, -wanted * total, side="right"))
    first = min(max(found, 1), len(weights) - 1)
    while np.count_nonzero(weights[first:]) < 2:
        first -= 1
    share = float(beyond[first]) / total
    mean, shape = _moments(weights[first:])
    trust = SHAPE_SPREAD**2 / (SHAPE_SPREAD**2 + 2.0 / max(pairs * share, 1.0))
    moved = shape * trust + doubt * SHAPE_SPREAD * math.sqrt(1 - trust)
    shape = min(max(moved, 0.0), 0.5)
    return Tail(start=first * STEP, share=share, shape=shape, scale=max(mean * (1 - shape), STEP / 2))


def _moments(excess: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and shape by probability-weighted moments of the cells' middles."""
    middles = (np.arange(len(excess), dtype=np.float64) + 0.5) * STEP
    mass = excess / excess.sum()
    below = np.cumsum(mass) - mass / 2
    mean, lower = float((mass * middles).sum()), float((mass * middles * (1 - below)).sum())
    return mean, 2 - mean / (mean - 2 * lower) if mean > 2 * lower else 0.0
