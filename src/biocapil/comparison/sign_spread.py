"""How far the signs of two embeddings tell their similarity: what the first stage of the cascade stands on.

For normally distributed values two embeddings of similarity s agree in a share 1 - arccos(s) / π of their
signs, whatever their dimensions depend on each other. What is left around that was measured to
grow with the root of p (1 - p); its size is taken from pairs of the gallery itself.

Reference: Goemans, Williamson, 1995, doi:10.1145/227683.227684, lemma 3.2, for the share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST_PAIRS = 200
"""Below so many pairs a spread is not measured but taken as that of independent signs."""

MOST_PAIRS = 20_000
"""More pairs than these tell no more."""

SMALLEST_SPREAD = 0.7
"""Measured spreads below this, in units of independent signs, are taken as this."""

SPREADS_BELOW = 3.0
"""How many spreads below the expected share the gate lies: 1 in 1,000 at the threshold itself is lost."""

NORMAL_QUARTILES = 1.349
"""Distance of the quartiles of a normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignSpread:
    """Agreement of signs among references of one gallery.

    Attributes:
        residual: Spread around the expected share, divided by the root of p (1 - p).
        bias: Median of what is left around the expected share, at most 0.
        share: Median share of signs in which two references agree.
        share_spread: Spread of that share.
    """

    residual: float
    bias: float
    share: float
    share_spread: float

    def gate(self, threshold: float) -> float:
        """Share of equal signs that hardly a pair from a similarity on falls below."""
        expected = 1.0 - math.acos(threshold) / math.pi
        spread = self.residual * math.sqrt(expected * (1.0 - expected))
        return expected + self.bias - SPREADS_BELOW * spread

    def passing(self, threshold: float) -> float:
        """Share of non-mated pairs that will pass the gate, if they spread normally."""
        off = (self.gate(threshold) - self.share) / self.share_spread
        return 0.5 * math.erfc(off / math.sqrt(2.0))


def measure_sign_spread(rows: NDArray[np.float32]) -> SignSpread:
    """Spread of signs over pairs of rows that stand far apart; quartiles, so that a few mates do not count.

    Args:
        rows: Embeddings. Shape (N, D), float32.
    """
    count, dimensions = rows.shape
    independent = 1.0 / math.sqrt(dimensions)
    if count < FEWEST_PAIRS:
        return SignSpread(residual=independent, bias=0.0, share=0.5, share_spread=independent / 2)
    pairs = min(count, MOST_PAIRS)
    first = np.array([pair * count // pairs for pair in range(pairs)])
    a, b = rows[first], rows[(first + count // 2 + 1) % count]
    shares = ((a > 0) == (b > 0)).mean(axis=1)
    cosines = np.clip(np.einsum("nd,nd->n", a, b), -1.0, 1.0)
    left = shares - (1.0 - np.arccos(cosines) / np.pi)
    floor = SMALLEST_SPREAD * independent
    return SignSpread(
        residual=max(2.0 * _spread(left), floor),
        bias=min(float(np.median(left)), 0.0),
        share=float(np.median(shares)),
        share_spread=max(_spread(shares), floor / 2),
    )


def _spread(values: NDArray[np.floating]) -> float:
    """Standard deviation, told from the quartiles."""
    low, high = np.percentile(values, [25.0, 75.0])
    return float(high - low) / NORMAL_QUARTILES
