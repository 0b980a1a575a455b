"""`SignGates`: where the cascade of embeddings stops a pair that its signs tell to be unlike.

    pair ─► first words of signs ─► all signs ─► values of the probe, signs of the reference ─► stage two
             share >= first          share >= every      weighed sum >= weighed

Gates can be set in two ways. `gates_at` knows only the threshold: three spreads below what a pair *at* the
threshold has. `sign_gates_for` is told the similarities of mated pairs: most of them lie above the threshold,
so that far higher gates lose no more of them. What it promises holds for mates that are alike as those are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.packed_embeddings import PackedEmbeddings
from biocapil.comparison.sign_spread import Floats

PARTS = {"first": 0.5, "every": 0.25, "weighed": 0.25}
"""Share of the pairs that may be lost which each gate may lose."""

COST_OF_A_WORD = 3.0
"""Cycles that one more word of signs takes for sixteen pairs, where bits are counted in wide vectors."""

COST_OF_A_ROW = 25.0
"""Cycles for a pair that passes the first words."""

BISECTIONS = 60

MOST_SIMILARITIES = 1000
"""More mated similarities than these are put together, neighbours with neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignGates:
    """Gates on signs.

    Attributes:
        words: Words of 64 signs that are looked at first, at least 1.
        first: Smallest share of equal signs among those.
        every: Smallest share of equal signs among all.
        weighed: Smallest weighed sum (`sign_spread.WeighedSpread`); None lets all pass.
    """

    words: int
    first: float
    every: float
    weighed: float | None


def gates_at(packed: PackedEmbeddings, threshold: float) -> SignGates:
    """Gates that hardly a pair from a similarity on is stopped at, wherever above it mates may lie."""
    gate = packed.spreads.every.gate(threshold)
    return SignGates(words=len(packed.spreads.first), first=gate, every=gate, weighed=None)


def sign_gates_for(
    packed: PackedEmbeddings, *, threshold: float, mated: NDArray[np.floating], kept: float = 0.999
) -> SignGates:
    """Gates that keep so many of the mated pairs that the exact scan finds.

    Args:
        packed: The gallery that will be searched.
        threshold: Similarity from which a pair is a candidate, -1 to 1.
        mated: Similarities of mated pairs of the same model, at least one from the threshold on. Shape (M,).
        kept: Share of those from the threshold on that is to pass all gates, between 0 and 1.

    Raises:
        ValueError: No mated pair reaches the threshold, or `kept` lies outside its range.
    """
    if not 0.0 < kept < 1.0:
        raise ValueError(f"kept must be between 0 and 1, got {kept!r}")
    found = np.sort(np.asarray(mated, np.float64))
    found = found[found >= threshold]
    if not len(found):
        raise ValueError(f"at least one mated similarity must be {threshold} or more, got none")
    groups = np.array_split(found, min(len(found), MOST_SIMILARITIES))
    similarities = np.array([group.mean() for group in groups])
    lost = {name: part * (1.0 - kept) for name, part in PARTS.items()}
    spreads = packed.spreads
    every = _gate(*spreads.every.expected(similarities), lost["every"])
    weighed = _gate(*spreads.weighed.expected(similarities), lost["weighed"])
    gates = [_gate(*spread.expected(similarities), lost["first"]) for spread in spreads.first[:-1]] + [every]
    costs = [
        COST_OF_A_WORD * words + COST_OF_A_ROW * 16.0 * spread.passing(gate)
        for words, (spread, gate) in enumerate(zip(spreads.first, gates, strict=True), start=1)
    ]
    words = int(np.argmin(costs)) + 1
    return SignGates(words=words, first=gates[words - 1], every=every, weighed=weighed)


def _gate(expected: Floats, spread: Floats, lost: float) -> float:
    """Value below which a share `lost` of normally spread values lies, by bisection."""
    low = float((expected - 10.0 * spread).min())
    high = float((expected + 10.0 * spread).max())
    places = list(zip(expected.tolist(), (spread * math.sqrt(2.0)).tolist(), strict=True))
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        if sum(math.erfc((mean - middle) / wide) for mean, wide in places) > 2.0 * lost * len(places):
            high = middle
        else:
            low = middle
    return low
