"""Subjects drawn again with replacement: the spread of figures that no formula covers.

    weights of subjects ─► weights of pairs ─► rates at each threshold, a replicate a row ─► interval

A mated pair counts as often as its subject was drawn, a non-mated one as often as both of its subjects
together. That doubles the part of the variance that belongs to the dyads themselves, so the replicates of
a rate over dyads are pulled towards the observed rate until their spread is that of `rates`.

Reference: Owen, The pigeonhole bootstrap, Annals of Applied Statistics 1, 2007, DOI 10.1214/07-AOAS122;
ISO/IEC 19795-1:2021, annex B.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import Interval
from biocapil.uncertainty.clusters import PairClusters
from biocapil.uncertainty.quantiles import normal_quantile, student_quantile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubjectBootstrap:
    """How often each subject was drawn in each replicate.

    Attributes:
        weights: Draws. Shape (B, S), int32, each row adding up to S.
    """

    weights: NDArray[np.int32]

    @property
    def subjects(self) -> int:
        """Number of subjects that are drawn from."""
        return int(self.weights.shape[1])

    def exceedance_rates(
        self, similarities: NDArray[np.floating], clusters: PairClusters, thresholds: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Weighted share of pairs at or above each threshold, in each replicate.

        Args:
            similarities: Similarity of each pair; -inf where a side failed. Shape (P,).
            clusters: Subjects of the pairs.
            thresholds: Thresholds in rising order. Shape (T,).

        Returns:
            Shape (B, T), float64; NaN in a replicate that drew none of the pairs.
        """
        reached = np.searchsorted(thresholds, similarities, side="right")
        cells, counts = np.unique(clusters.dyad * (len(thresholds) + 1) + reached, return_counts=True)
        dyad, level = np.divmod(cells, len(thresholds) + 1)
        first, second = _sides_of_dyads(clusters)
        loops = first == second
        rates = np.full((len(self.weights), len(thresholds)), np.nan)
        for replicate in range(len(self.weights)):
            drawn: NDArray[np.int32] = self.weights[replicate]
            of_dyads: NDArray[np.int32] = drawn[first] * drawn[second]
            of_dyads[loops] = drawn[first[loops]]
            at_level = np.bincount(level, counts * of_dyads[dyad], len(thresholds) + 1)
            total = at_level.sum()
            if total > 0:
                rates[replicate] = at_level[::-1].cumsum()[::-1][1:] / total
        return rates


def draw_subjects(subjects: int, *, replicates: int, rng: np.random.Generator) -> SubjectBootstrap:
    """Draw as many subjects as there are, with replacement, many times.

    Args:
        subjects: Number of subjects, at least 1.
        replicates: Number of draws of a whole set, at least 1.
        rng: Source of the draws.
    """
    if subjects < 1 or replicates < 1:
        raise ValueError(f"subjects and replicates must be at least 1, got {subjects} and {replicates}")
    weights = rng.multinomial(subjects, np.full(subjects, 1 / subjects), replicates)
    return SubjectBootstrap(weights=weights.astype(np.int32))


def shrunken(
    replicates: NDArray[np.float64], estimates: NDArray[np.float64], variances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Replicates pulled towards the estimates until they spread no further than the variances allow.

    Args:
        replicates: Rates a replicate and threshold. Shape (B, T), float64.
        estimates: Observed rates. Shape (T,), float64.
        variances: Variance that each rate should have. Shape (T,), float64.

    Returns:
        Shape (B, T), float64; replicates that spread less are left as they are.
    """
    squared = (replicates - estimates) ** 2
    spread = np.nansum(squared, axis=0) / np.maximum(1, (~np.isnan(squared)).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = np.where(spread > 0, np.sqrt(variances / spread), 1.0)
    shrunk: NDArray[np.float64] = estimates + np.minimum(factors, 1.0) * (replicates - estimates)
    return shrunk


def widened(
    replicates: NDArray[np.float64], estimate: float, subjects: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Percentiles of the replicates about an estimate, widened for the number of subjects.

    Drawing from S subjects loses one degree of freedom and the tails of Student's distribution; both are
    given back as factors, sqrt(S / (S - 1)) and the ratio of the quantiles.

    Args:
        replicates: Statistic of each replicate; NaN where it has none. Shape (B,).
        estimate: Statistic of the whole set.
        subjects: Number of subjects drawn from, at least 1.
        confidence: Share of such intervals that hold the true value, between 0 and 1.

    Returns:
        Lower and upper end, which enclose the estimate; infinite where nothing can be said: no replicate
        has the statistic, or there is one subject only.
    """
    known = replicates[~np.isnan(replicates)]
    if not len(known) or subjects < 2:
        return -np.inf, np.inf
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    tails = student_quantile(confidence, subjects - 1) / normal_quantile(confidence)
    factor = tails * math.sqrt(subjects / (subjects - 1))
    return (
        min(estimate, estimate + factor * (float(low) - estimate)),
        max(estimate, estimate + factor * (float(high) - estimate)),
    )


def bootstrap_interval(
    replicates: NDArray[np.float64], estimate: float, subjects: int, *, confidence: float = 0.95
) -> Interval:
    """Interval of a rate from its replicates, `widened` on the scale of the arcsine of its square root.

    There the spread of a rate hardly depends on it, so that the lower end does not fall below 0 for errors
    that were seen.

    Args:
        replicates: Rate in each replicate; NaN where it has none. Shape (B,).
        estimate: Rate in the whole set, 0 to 1.
        subjects: Number of subjects drawn from, at least 1.
        confidence: Share of such intervals that hold the true rate, between 0 and 1.
    """
    angles = np.arcsin(np.sqrt(np.clip(replicates, 0.0, 1.0)))
    ends = widened(angles, math.asin(math.sqrt(estimate)), subjects, confidence=confidence)
    low, high = (math.sin(min(max(end, 0.0), math.pi / 2)) ** 2 for end in ends)
    return Interval(low=min(low, estimate), high=max(high, estimate), confidence=confidence)


def _sides_of_dyads(clusters: PairClusters) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Both subjects of each dyad, in the order of the dyads' numbers."""
    _, representative = np.unique(clusters.dyad, return_index=True)
    return clusters.first[representative], clusters.second[representative]
