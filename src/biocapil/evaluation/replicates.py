"""DET curves of subjects drawn again: the spread of every figure that is read off the curve.

ScoreSet, drawn subjects ─► FMR and FNMR at each threshold, a replicate a row ─► EER, FNMR at a given FMR
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.evaluation.rates import DetCurve, det_curve
from biocapil.evaluation.score_set import ScoreSet
from biocapil.uncertainty import (
    Dependence,
    PairClusters,
    SubjectBootstrap,
    measure_dependence,
    rate_variance,
    shrunken,
)

LEVELS = 120
"""Thresholds at which replicates are told, for each of the two rates."""
ANCHORS = 15
"""Thresholds at which the variance of FMR is worked out; between them it is interpolated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplicateCurves:
    """DET curves of the replicates.

    Attributes:
        thresholds: Rising, the last inf. Shape (T,), float64.
        fmr: FMR of each replicate. Shape (B, T), float64, falling along a row; NaN without pairs.
        fnmr: FNMR of each replicate. Shape (B, T), float64, rising along a row; NaN without pairs.
    """

    thresholds: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]

    def fnmr_at(self, max_fmr: float) -> NDArray[np.float64]:
        """FNMR of each replicate at its own lowest threshold with no more than an FMR. Shape (B,)."""
        at = np.argmax(self.fmr <= max_fmr, axis=1)
        found: NDArray[np.float64] = np.take_along_axis(self.fnmr, at[:, None], axis=1)[:, 0]
        found[np.isnan(self.fmr[:, 0])] = np.nan
        return found

    def equal_error_rates(self) -> NDArray[np.float64]:
        """EER of each replicate, on the line between the two thresholds that enclose it. Shape (B,)."""
        surplus = self.fmr - self.fnmr
        after = np.argmax(surplus <= 0, axis=1)
        before = np.maximum(after - 1, 0)
        row = np.arange(len(surplus))
        drop = surplus[row, before] - surplus[row, after]
        share = np.divide(surplus[row, before], drop, out=np.ones(len(row)), where=drop > 0)
        low, high = self.fnmr[row, before], self.fnmr[row, after]
        rates: NDArray[np.float64] = low + share * (high - low)
        rates[np.isnan(surplus).any(axis=1)] = np.nan
        return rates


def replicate_curves(
    scores: ScoreSet, bootstrap: SubjectBootstrap, *, at: NDArray[np.float64] | None = None
) -> ReplicateCurves:
    """DET curves of a set whose people are drawn again.

    Args:
        scores: The set; it holds mated and non-mated pairs.
        bootstrap: How often each person was drawn.
        at: Further thresholds that must be told. Shape (A,), float64.
    """
    curve = det_curve(scores.mated, scores.nonmated)
    thresholds = np.unique(np.concatenate([_told(curve), np.empty(0) if at is None else at]))
    fmr = bootstrap.exceedance_rates(scores.nonmated, scores.nonmated_clusters, thresholds)
    mated = bootstrap.exceedance_rates(scores.mated, scores.mated_clusters, thresholds)
    index = np.searchsorted(curve.thresholds, thresholds)
    observed = curve.fmr[index]
    variances = _variances(scores.nonmated, scores.nonmated_clusters, thresholds, observed)
    return ReplicateCurves(thresholds=thresholds, fmr=shrunken(fmr, observed, variances), fnmr=1.0 - mated)


def _told(curve: DetCurve) -> NDArray[np.float64]:
    """Thresholds where one of the rates passes steps that grow geometrically, and those just below them."""
    last = len(curve.thresholds) - 1
    lowest_fmr = float(np.min(curve.fmr[curve.fmr > 0], initial=1.0))
    lowest_fnmr = float(np.min(curve.fnmr[curve.fnmr > 0], initial=1.0))
    reached = np.concatenate(
        [
            np.searchsorted(-curve.fmr, -np.geomspace(lowest_fmr, 1.0, LEVELS)),
            np.searchsorted(curve.fnmr, np.geomspace(lowest_fnmr, 1.0, LEVELS)),
            [0, last],
        ]
    )
    told: NDArray[np.float64] = curve.thresholds[np.clip([reached - 1, reached], 0, last).ravel()]
    return told


def _variances(
    similarities: NDArray[np.float32],
    clusters: PairClusters,
    thresholds: NDArray[np.float64],
    observed: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Variance of FMR at each threshold, from that at a few of them as a multiple of the binomial one."""
    model = measure_dependence(similarities, clusters)
    uncertain = np.flatnonzero((observed > 0) & (observed < 1))
    binomial = observed * (1 - observed) / len(similarities)
    if not len(uncertain):
        return binomial
    anchors = uncertain[np.unique(np.linspace(0, len(uncertain) - 1, ANCHORS).astype(np.int64))]
    effects = [_design_effect(similarities >= thresholds[row], clusters, model) for row in anchors]
    multiples: NDArray[np.float64] = np.interp(np.arange(len(thresholds)), anchors, effects)
    return binomial * multiples


def _design_effect(events: NDArray[np.bool_], clusters: PairClusters, model: Dependence) -> float:
    share = float(events.mean())
    return rate_variance(events, clusters, model) / (share * (1 - share) / len(events))
