"""Isotonic regression: the never-falling sequence closest to a weighted one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def isotonic(values: NDArray[np.floating], weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Least-squares fit that never falls, by pooling adjacent violators.

    Args:
        values: Values in order. Shape (N,).
        weights: Weight of each, above 0. Shape (N,).

    Returns:
        Shape (N,), float64.

    Raises:
        ValueError: The shapes differ, or a weight is not above 0.

    Reference: Barlow et al. 1972, Statistical Inference under Order Restrictions, section 1.2.
    """
    if values.shape != weights.shape or values.ndim != 1:
        raise ValueError(f"values and weights must share a shape (N,), got {values.shape}, {weights.shape}")
    if not (weights > 0).all():
        raise ValueError("every weight must be above 0")
    means: list[float] = []
    masses: list[float] = []
    lengths: list[int] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, mass, length = value, weight, 1
        while means and means[-1] >= mean:
            pooled = masses[-1] + mass
            mean = (means.pop() * masses[-1] + mean * mass) / pooled
            masses.pop()
            mass = pooled
            length += lengths.pop()
        means.append(mean)
        masses.append(mass)
        lengths.append(length)
    return np.repeat(np.asarray(means, dtype=np.float64), lengths)
