"""How strongly pairs that share a subject depend on each other, and what that does to a rate.

    similarities ─► normal scores ─► correlation of pairs that share ─► covariance of two exceedances

The correlation is measured over all similarities, where there is much to measure. A threshold model (two
normal deviates that both exceed the same threshold) carries it to a rate so low that the errors themselves
are too few to show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from biocapil.uncertainty.clusters import PairClusters, Shared, shared_counts, shared_products
from biocapil.uncertainty.quantiles import normal_scores

ASSUMED_SAME_DYAD = 0.4
ASSUMED_ONE_SUBJECT = 0.05
"""What is assumed where no similarities tell: near the largest seen between fingerprints of public sets."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """Correlation between pairs, and how many pairs of pairs it concerns.

    Attributes:
        same_dyad: Correlation of two pairs of one dyad (of one subject, where pairs are mated), 0 to 1.
        one_subject: Correlation of two pairs that share exactly one subject, 0 to 1.
        counts: Ordered pairs of pairs of each kind.
        pairs: Number of pairs.
    """

    same_dyad: float
    one_subject: float
    counts: Shared
    pairs: int

    @property
    def is_possible(self) -> bool:
        """Whether any two pairs share a subject at all."""
        return self.counts.same_dyad > 0 or self.counts.one_subject > 0

    def variance(self, rate: float) -> float:
        """Variance of the share of pairs beyond a threshold that the given rate exceeds.

        Args:
            rate: The rate, 0 to 1.
        """
        alone = self.pairs * rate * (1 - rate)
        within = self.counts.same_dyad * exceedance_covariance(rate, self.same_dyad)
        across = self.counts.one_subject * exceedance_covariance(rate, self.one_subject)
        return (alone + within + across) / self.pairs**2


def measure_dependence(similarities: NDArray[np.floating], clusters: PairClusters) -> Dependence:
    """Correlation of the similarities of pairs that share a subject, over that of pairs that share none.

    Args:
        similarities: Similarity of each pair; -inf where a side failed. Shape (P,), P >= 1, no NaN.
        clusters: Subjects of the pairs.

    Returns:
        The correlations, negative ones as 0. Where no two pairs are disjoint nothing tells what sharing
        does, and both are taken to be 1; where all similarities are equal both are 0.

    Raises:
        ValueError: Not one similarity a pair, none at all, or NaN.
    """
    if similarities.shape != (len(clusters),) or not len(clusters):
        raise ValueError(
            f"similarities must have shape ({len(clusters)},), at least one, got {similarities.shape}"
        )
    if np.isnan(similarities).any():
        raise ValueError("similarities must hold no NaN")
    counts = shared_counts(clusters)
    if counts.disjoint <= 0:
        return Dependence(same_dyad=1.0, one_subject=1.0, counts=counts, pairs=len(clusters))
    scores = normal_scores(similarities)
    products = shared_products(scores, clusters)
    baseline = products.disjoint / counts.disjoint
    spread = float(scores @ scores) / len(scores) - baseline
    return Dependence(
        same_dyad=_correlation(products.same_dyad, counts.same_dyad, baseline, spread),
        one_subject=_correlation(products.one_subject, counts.one_subject, baseline, spread),
        counts=counts,
        pairs=len(clusters),
    )


def assumed_dependence(
    clusters: PairClusters,
    *,
    same_dyad: float = ASSUMED_SAME_DYAD,
    one_subject: float = ASSUMED_ONE_SUBJECT,
) -> Dependence:
    """Dependence of trials without similarities, from assumed correlations.

    Args:
        clusters: Subjects of the pairs.
        same_dyad: Correlation of two pairs of one dyad, 0 to 1.
        one_subject: Correlation of two pairs that share exactly one subject, 0 to 1.
    """
    for name, correlation in (("same_dyad", same_dyad), ("one_subject", one_subject)):
        if not 0 <= correlation <= 1:
            raise ValueError(f"{name} must lie in [0, 1], got {correlation!r}")
    return Dependence(
        same_dyad=same_dyad, one_subject=one_subject, counts=shared_counts(clusters), pairs=len(clusters)
    )


def exceedance_covariance(rate: float, correlation: float) -> float:
    """Covariance of two events of one rate: two correlated normal deviates above the same threshold.

    The density of the bivariate normal at the threshold is integrated over the correlation, which is
    written as a sine so that the integrand stays smooth up to a correlation of 1.

    Args:
        rate: Probability of each event, 0 to 1.
        correlation: Of the two deviates, 0 to 1.

    Returns:
        0 for independent events, rate × (1 - rate) for equal ones.

    Reference: Owen, D. B., Tables for computing bivariate normal probabilities, Annals of Mathematical
    Statistics 27, 1956, DOI 10.1214/aoms/1177728074.
    """
    if not 0 < rate < 1 or correlation <= 0:
        return 0.0
    squared = NormalDist().inv_cdf(rate) ** 2
    span = float(np.arcsin(correlation))
    sines = np.sin((_NODES + 1) / 2 * span)
    density = np.exp(-squared / (1 + sines)) / (2 * np.pi)
    return float(_WEIGHTS @ density) * span / 2


def _correlation(products: float, count: float, baseline: float, spread: float) -> float:
    if count <= 0 or spread <= 0:
        return 0.0
    return min(1.0, max(0.0, (products / count - baseline) / spread))
