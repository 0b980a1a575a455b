"""False match rate at every similarity: counted as far as data reach, then from the fitted tail; with limits.

sets ─► histograms on the fine grid ─┬─► counted share, tail beyond ─► rate
                                     └─► the same of resampled sets and subjects ─► limits
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.root_scale import CELLS, cell_starts, cells_of, scaled_roots
from biocapil.calibration.tail import fit_tail
from biocapil.labelled_scores import LabelledScores

REPLICATES = 200
CONFIDENCE = 0.95
SETS_TO_DRAW = 3
"""Sets from which on each replicate is one of them, so that the limits hold for a set not seen yet."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FalseMatchCurve:
    """Share of non-mated pairs at or beyond the start of each cell of the fine grid.

    Attributes:
        rate: Best estimate, each set counting the same. Shape (CELLS,), float64, falling from 1.
        low: Lower limit. Shape (CELLS,), float64.
        high: Upper limit. Shape (CELLS,), float64.
        measured_to: Place on the grid up to which pairs were counted; beyond, the tail speaks.
    """

    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    measured_to: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NonMatedSet:
    """Non-mated pairs of one set, ready to be counted with any weights of its subjects.

    Attributes:
        cells: Cell of the fine grid of each pair. Shape (P,).
        first: Place of the subject of one side among the set's subjects, from 0. Shape (P,).
        second: The same of the other side. Shape (P,).
        subjects: How many subjects stand in the pairs.
    """

    cells: NDArray[np.intp]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    subjects: int

    def counted(self, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Share of the pairs in each cell, each pair with the product of its subjects' weights."""
        of_pairs = None if weights is None else weights[self.first] * weights[self.second]
        counts = np.bincount(self.cells, of_pairs, CELLS)
        total = counts.sum()
        return counts / total if total > 0 else counts.astype(np.float64)


def nonmated_set(scores: LabelledScores, units: NDArray[np.float64]) -> NonMatedSet:
    """Non-mated pairs of a set on the scaled root scale, each finger with the same finger of others.

    A registry compares like with like, and prints of the same finger of two persons are more alike than those
    of different fingers: on real ten-prints three times as many reached the same score.
    """
    kept = scores.nonmated
    roots = scaled_roots(scores.similarities[kept], scores.sizes[kept], units)
    both = np.concatenate([scores.first_subject[kept], scores.second_subject[kept]])
    names, places = np.unique(both, return_inverse=True)
    return NonMatedSet(
        cells=cells_of(roots),
        first=places[: len(roots)],
        second=places[len(roots) :],
        subjects=len(names),
    )


def false_match_curve(sets: Sequence[NonMatedSet], *, rng: np.random.Generator) -> FalseMatchCurve:
    """Rate with limits over all sets.

    The limits are percentiles over bootstrap replicates. Of three sets and more each replicate draws one,
    because sets differ by more than chance and the next population is one set, not their mean; then the
    subjects are drawn with replacement (on both sides of a pair). Beyond the counted part every replicate
    goes on with its own tail, whose shape is drawn from what is believed of it, so the limits open as they
    should where nothing was counted.

    Args:
        sets: Non-mated pairs of each set.
        rng: Source of randomness.

    Raises:
        ValueError: All pairs are equally alike, or there are too few subjects to resample.

    Reference: Owen 2007, doi:10.1214/07-AOAS122 (two-level resampling is never too narrow).
    """
    pairs = _effective_pairs(sets)
    histograms = [each.counted() for each in sets]
    rate = _rate(np.mean(histograms, axis=0), pairs)
    replicates = [
        _rate(drawn, counted, doubt=float(rng.standard_normal())) for drawn, counted in _replicates(sets, rng)
    ]
    if not replicates:
        raise ValueError("limits need sets of more than two subjects whose pairs are not all equally alike")
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.array(replicates), [tail, 1 - tail], axis=0)
    last = max(int(np.flatnonzero(each)[-1]) for each in histograms)
    supported = int(np.searchsorted(-rate, -3.0 / pairs, side="right")) - 1
    return FalseMatchCurve(
        rate=rate,
        low=np.minimum(low, rate),
        high=np.maximum(np.maximum(high, rate), _rule_of_three(rate, pairs)),
        measured_to=min(last, supported),
    )


def _effective_pairs(sets: Sequence[NonMatedSet]) -> float:
    """Pairs of one set that would tell as much as the mean of these, in which a small set counts fully."""
    return len(sets) ** 2 / sum(1 / len(each.cells) for each in sets)


def _rule_of_three(rate: NDArray[np.float64], pairs: float) -> NDArray[np.float64]:
    """Least upper limit where fewer than three pairs were counted; it falls with the rate beyond."""
    return np.where(rate * pairs >= 3.0, rate, np.maximum(rate, np.minimum(3.0 / pairs, 3.0 * rate)))


def _replicates(
    sets: Sequence[NonMatedSet], rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Resampled histograms, each with the number of pairs behind it."""
    for _ in range(REPLICATES):
        drawn = [sets[int(rng.integers(len(sets)))]] if len(sets) >= SETS_TO_DRAW else sets
        mean = np.mean([_resampled(each, rng) for each in drawn], axis=0)
        if np.count_nonzero(mean) > 1:
            yield mean, _effective_pairs(drawn)


def _resampled(each: NonMatedSet, rng: np.random.Generator) -> NDArray[np.float64]:
    weights = rng.multinomial(each.subjects, np.full(each.subjects, 1 / each.subjects)).astype(np.float64)
    return each.counted(weights)


def _rate(histogram: NDArray[np.float64], pairs: float, *, doubt: float = 0.0) -> NDArray[np.float64]:
    """Counted share up to the tail's start, the tail from there on; never rising."""
    tail = fit_tail(histogram, pairs=pairs, doubt=doubt)
    starts = cell_starts()
    total = histogram.sum()
    counted = np.cumsum(histogram[::-1])[::-1] / total
    joined = np.where(starts < tail.start, counted, tail.survival(np.maximum(starts, tail.start)))
    return np.minimum.accumulate(np.clip(joined, 1e-300, 1.0))
