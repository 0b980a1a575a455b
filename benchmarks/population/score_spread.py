"""How scores spread: what drawn samples are compared with real ones by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates, similarity_matrix
from biocapil.comparison.probe import probe_from_rows
from biocapil.comparison.search import scan
from population import fingers
from population.draws import Floats
from population.finger_model import FITTED, FingerModel
from population.people import FINGERS

NONMATED_SHARES = (0.5, 0.75, 0.9, 0.99, 0.999)
MATED_SHARES = (0.03, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97)
SIZE_SHARES = (0.05, 0.1, 0.25)
EVERY = 4
"""One template in so many is a probe where gates are counted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerSpread:
    """Quantiles of a set of fingers, at the shares above, and how many pairs gates let through.

    Attributes:
        nonmated: Similarities of non-mated pairs.
        mated: Similarities of mated pairs.
        past_gates: Share of non-mated pairs that reach stages two and three.
        sizes: Minutiae of packed templates.
    """

    nonmated: NDArray[np.float64]
    mated: NDArray[np.float64]
    past_gates: NDArray[np.float64]
    sizes: NDArray[np.float64]

    def as_json(self) -> dict[str, list[float]]:
        """Rounded to four digits."""
        return {
            name: [float(f"{value:.4g}") for value in getattr(self, name)]
            for name in ("nonmated", "mated", "past_gates", "sizes")
        }


def finger_spread(packed: PackedTemplates, sources: NDArray[np.int64]) -> FingerSpread:
    """Compare all impressions of a set with each other.

    Args:
        packed: Impressions.
        sources: Finger of each. Shape (N,).
    """
    upper = np.triu_indices(len(sources), 1)
    mated = sources[upper[0]] == sources[upper[1]]
    similarities = similarity_matrix(packed, packed)[upper]
    passed, compared = np.zeros(2), 0
    for row in range(0, len(sources), EVERY):
        others = packed.take(np.flatnonzero(sources != sources[row]))
        found = scan(probe_from_rows(packed.rows(row), packed.model_id), others, exact=False, workers=1)
        passed += found.passed_gates
        compared += len(others)
    return FingerSpread(
        nonmated=np.quantile(similarities[~mated], NONMATED_SHARES),
        mated=np.quantile(similarities[mated], MATED_SHARES),
        past_gates=passed / compared,
        sizes=np.quantile(packed.sizes(), SIZE_SHARES),
    )


def drawn_spread(*, people: int, impressions: int, seed: int, model: FingerModel = FITTED) -> FingerSpread:
    """The same of drawn fingers.

    Args:
        people: One finger each.
        impressions: Of each finger.
        seed: Of the population.
        model: Numbers of the model.
    """
    sources = np.repeat(np.arange(people), impressions)
    numbers = np.arange(len(sources))
    packed = fingers.draw_fingers(sources, numbers, position=FINGERS[0], seed=seed, model=model)
    return finger_spread(packed, sources)


def mean_spread(spreads: list[FingerSpread]) -> FingerSpread:
    """Mean quantiles over sets, each counting the same."""
    return FingerSpread(
        nonmated=np.mean([each.nonmated for each in spreads], axis=0),
        mated=np.mean([each.mated for each in spreads], axis=0),
        past_gates=np.mean([each.past_gates for each in spreads], axis=0),
        sizes=np.mean([each.sizes for each in spreads], axis=0),
    )


def freedom(values: Floats) -> float:
    """Degrees of freedom of fractional Hamming distances: independent bits that would spread as far."""
    mean = float(values.mean())
    return mean * (1 - mean) / float(values.var())


def misses(mated: Floats, nonmated: Floats, *, fmr: float) -> float:
    """False non-match rate at a false match rate; larger is more alike."""
    return float((mated < np.quantile(nonmated, 1 - fmr)).mean())
