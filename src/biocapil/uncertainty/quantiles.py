"""Quantiles and scores of the normal and of Student's distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from biocapil.uncertainty.incomplete_beta import incomplete_beta

PRECISION = 1e-12
_STANDARD = NormalDist()
_GRID = np.linspace(-6.5, 6.5, 8193)
_GRID_CDF = np.array([_STANDARD.cdf(float(z)) for z in _GRID])


def normal_quantile(confidence: float) -> float:
    """Half width, in standard deviations, of the interval that holds a share of the normal distribution."""
    return _STANDARD.inv_cdf(0.5 + confidence / 2)


def student_quantile(confidence: float, degrees: int) -> float:
    """Half width of the interval that holds a share of Student's distribution.

    Args:
        confidence: The share, between 0 and 1.
        degrees: Degrees of freedom, at least 1.
    """
    if degrees < 1:
        raise ValueError(f"degrees must be at least 1, got {degrees}")
    outside = 1.0 - confidence

    def is_short(width: float) -> bool:
        return incomplete_beta(degrees / (degrees + width * width), degrees / 2, 0.5) > outside

    return bisected(is_short, 0.5, 1e6)


def bisected(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """Border between the arguments that are below it and the others, sought on a logarithmic scale.

    Args:
        is_below: Whether the border lies beyond an argument.
        low: Argument below the border, above 0.
        high: Argument beyond the border.
    """
    below, beyond = math.log(low), math.log(high)
    while beyond - below > PRECISION:
        middle = (below + beyond) / 2
        below, beyond = (middle, beyond) if is_below(math.exp(middle)) else (below, middle)
    return math.exp((below + beyond) / 2)


def normal_scores(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Standard normal deviate of each value's rank; ties share their mean rank.

    Args:
        values: Values in any order; -inf is the lowest. Shape (N,).

    Returns:
        Shape (N,), float64.
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(counts) - counts / 2
    scores: NDArray[np.float64] = np.interp(middle_rank / len(values), _GRID_CDF, _GRID)[place]
    return scores
