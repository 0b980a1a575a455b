"""Chance that the evidence of several instances adds up to an amount, for different persons.

    chance of one instance ─┬─► as if instances were independent ───────────────► sums
                            └─► for each value of what they share: independent ─┴─► mean over the values

What instances share is a normal variable (a one-factor Gaussian copula): a pair of persons that is a
little more alike in one finger is so in all. Fingers that are alike only in rare pairs of persons, but then
strongly (twins, a print filed twice), are not described by it.

Reference: Vasicek 2002, The distribution of loan portfolio value, Risk 15(12), 160 (the copula); Grübel and
Hermesmeier 1999, ASTIN Bulletin 29(2), 197 (sums by tilted Fourier transforms).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

TILT = 0.025
"""Tilt a cell (half of one a nat), by which the far tail keeps its figures through the Fourier transform."""

SHARED = np.linspace(-9.0, 9.0, 37)
"""Values of what the instances share, in standard deviations."""

STRONGEST = 0.9
"""Correlation up to which `SHARED` is close enough together for what is asked here."""


def sum_survivals(
    survival: NDArray[np.float64], *, most: int, correlation: float = 0.0
) -> tuple[NDArray[np.float64], ...]:
    """Chance that the sum of 1, 2, ... `most` instances reaches each cell.

    Args:
        survival: Chance that one instance reaches each cell of evidence, falling from 1. Shape (L,), float64.
        most: Instances.
        correlation: Of the normal variables behind the instances, 0 to `STRONGEST`.

    Returns:
        For c instances the shape (c * (L - 1) + 1,), float64, falling; its first cell is c times the first.
    """
    given = survival[np.newaxis] if correlation == 0 else _given_shared(survival, correlation)
    weights = np.ones(1) if correlation == 0 else np.exp(-0.5 * SHARED**2)
    masses = given - np.pad(given[:, 1:], ((0, 0), (0, 1)))
    return tuple(_sums(masses, weights / weights.sum(), most))


def _given_shared(survival: NDArray[np.float64], correlation: float) -> NDArray[np.float64]:
    """Chance to reach each cell for each value of `SHARED`. Shape (len(SHARED), L), float64."""
    normal = NormalDist()
    points = np.array([_upper_point(normal, chance) for chance in survival.tolist()])
    moved = (points - math.sqrt(correlation) * SHARED[:, np.newaxis]) / math.sqrt(2 * (1 - correlation))
    chances = [0.5 * math.erfc(value) for value in moved.ravel().tolist()]
    return np.array(chances, dtype=np.float64).reshape(moved.shape)


def _upper_point(normal: NormalDist, chance: float) -> float:
    """Point that a standard normal variable exceeds with this chance."""
    if chance >= 1:
        return -math.inf
    return -normal.inv_cdf(max(chance, 1e-300))


def _sums(masses: NDArray[np.float64], weights: NDArray[np.float64], most: int) -> list[NDArray[np.float64]]:
    """Survivals of the sums, by tilted Fourier transforms."""
    cells = masses.shape[1]
    length = most * (cells - 1) + 1
    size = 1 << max(length - 1, 1).bit_length()
    one = np.fft.rfft(masses * np.exp(TILT * np.arange(cells, dtype=np.float64)), size)
    product = np.ones_like(one)
    survivals: list[NDArray[np.float64]] = []
    for count in range(1, most + 1):
        product *= one
        tilted = np.fft.irfft(weights @ product, size)
        used = np.arange(count * (cells - 1) + 1, dtype=np.float64)
        mass = np.maximum(tilted[: len(used)], 0.0) * np.exp(-TILT * used)
        survivals.append(np.minimum(np.cumsum(mass[::-1])[::-1], 1.0))
    return survivals
