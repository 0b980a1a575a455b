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

Floats = NDArray[np.float64]

SIGNS_A_WORD = 64

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
        expected, spread = self.expected(np.array([threshold]))
        return float(expected[0] - SPREADS_BELOW * spread[0])

    def expected(self, similarities: Floats) -> tuple[Floats, Floats]:
        """Share of equal signs that pairs of such similarities have, and its spread. Shape (M,) each."""
        share = 1.0 - np.arccos(np.clip(similarities, -1.0, 1.0)) / np.pi
        return share + self.bias, self.residual * np.sqrt(share * (1.0 - share))

    def passing(self, gate: float) -> float:
        """Share of non-mated pairs that will agree in so many signs, if they spread normally."""
        off = (gate - self.share) / self.share_spread
        return 0.5 * math.erfc(off / math.sqrt(2.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedSpread:
    """How the values of a probe, added up with the signs of a reference, follow their similarity.

    Both sides of unit length; the sum is divided by the root of the number of dimensions.

    Attributes:
        slope: Sum of a pair of similarity 1.
        residual: Spread around slope x similarity.
        bias: Median of what is left, at most 0.
    """

    slope: float
    residual: float
    bias: float

    def expected(self, similarities: Floats) -> tuple[Floats, Floats]:
        """Weighed sum that pairs of such similarities have, and its spread. Shape (M,) each."""
        return self.slope * similarities + self.bias, np.full(similarities.shape, self.residual)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignSpreads:
    """Everything that the gates of one gallery are set by.

    Attributes:
        first: Spread of the first w words of signs, for w = 1, 2 and so on; the last is that of all.
        weighed: Spread of weighed sums.
    """

    first: tuple[SignSpread, ...]
    weighed: WeighedSpread

    @property
    def every(self) -> SignSpread:
        """Spread of all signs."""
        return self.first[-1]


def measure_sign_spreads(rows: NDArray[np.float32]) -> SignSpreads:
    """Spreads over pairs of rows that stand far apart; quartiles, so that a few mates do not count.

    Args:
        rows: Embeddings. Shape (N, D), float32.
    """
    count, dimensions = rows.shape
    widths = [*range(SIGNS_A_WORD, dimensions, SIGNS_A_WORD), dimensions]
    slope = float(np.abs(rows).sum(axis=1, dtype=np.float64).mean()) / math.sqrt(dimensions)
    if count < FEWEST_PAIRS:
        return SignSpreads(
            first=tuple(_independent(width) for width in widths),
            weighed=WeighedSpread(slope=slope, residual=1.0 / math.sqrt(dimensions), bias=0.0),
        )
    pairs = min(count, MOST_PAIRS)
    one = np.array([pair * count // pairs for pair in range(pairs)])
    a, b = rows[one], rows[(one + count // 2 + 1) % count]
    cosines = np.clip(np.einsum("nd,nd->n", a, b), -1.0, 1.0)
    weighed = np.einsum("nd,nd->n", a, np.where(b > 0, np.float32(1.0), np.float32(-1.0)))
    left = weighed / math.sqrt(dimensions) - slope * cosines
    return SignSpreads(
        first=tuple(_measured(a[:, :width] > 0, b[:, :width] > 0, cosines) for width in widths),
        weighed=WeighedSpread(
            slope=slope,
            residual=max(_spread(left), SMALLEST_SPREAD / (2.0 * math.sqrt(dimensions))),
            bias=min(float(np.median(left)), 0.0),
        ),
    )


def _independent(dimensions: int) -> SignSpread:
    """What independent signs would have."""
    spread = 1.0 / math.sqrt(dimensions)
    return SignSpread(residual=spread, bias=0.0, share=0.5, share_spread=spread / 2)


def _measured(a: NDArray[np.bool_], b: NDArray[np.bool_], cosines: NDArray[np.float32]) -> SignSpread:
    """Spread of some signs of pairs of such similarities."""
    shares = (a == b).mean(axis=1)
    left = shares - (1.0 - np.arccos(cosines) / np.pi)
    floor = SMALLEST_SPREAD / math.sqrt(a.shape[1])
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
