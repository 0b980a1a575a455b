"""Accuracy of one comparison set: the figures that a person asks for, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate, Interval
from biocapil.evaluation.rates import (
    DetCurve,
    OperatingPoint,
    det_curve,
    equal_error_rate,
    operating_point,
)
from biocapil.evaluation.replicates import ReplicateCurves, replicate_curves
from biocapil.evaluation.score_set import ScoreSet
from biocapil.uncertainty import (
    Dependence,
    SubjectBootstrap,
    SupportedClaim,
    bootstrap_interval,
    largest_supported_claim,
    measure_dependence,
    rate_with_interval,
    rule_of_three,
)

FMR_LIMITS = (0.01, 0.001, 0.0)
"""False match rates at which the false non-match rate is told."""
BAND_POINTS = 60
FEW_ERRORS = 10
"""Errors of either kind below which the spread of the replicates is not trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRates:
    """Both error rates of an operating point.

    Attributes:
        fmr: False match rate at the threshold.
        fnmr: False non-match rate; its interval also holds what another set would have made the threshold.
    """

    fmr: ErrorRate
    fnmr: ErrorRate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetBand:
    """Pointwise 95 % band about the DET curve.

    Attributes:
        fmr: False match rates, rising. Shape (F,), float64.
        fnmr: FNMR at the lowest threshold with no more than each. Shape (F,), float64.
        low: Lower end of its interval. Shape (F,), float64.
        high: Upper end. Shape (F,), float64.
    """

    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Accuracy:
    """How well mated and non-mated pairs are told apart.

    Attributes:
        eer: Equal error rate, 0 to 1.
        eer_interval: Where the true one lies.
        points: Operating point at each of `FMR_LIMITS`, in that order.
        rates: Error rates of each point with their intervals, in the same order.
        smallest_provable_fmr: No claim of a lower FMR can rest on this set, at 95 % confidence, even if its
            pairs were independent.
        claim: What the set supports where no false match was seen.
        curve: All DET points.
        band: The curve with its band.
    """

    eer: float
    eer_interval: Interval
    points: tuple[OperatingPoint, ...]
    rates: tuple[PointRates, ...]
    smallest_provable_fmr: float
    claim: SupportedClaim
    curve: DetCurve
    band: DetBand

    @property
    def zero_fmr_threshold(self) -> float:
        """Lowest threshold without a false match; inf where every mated pair lies below one."""
        return self.points[FMR_LIMITS.index(0.0)].threshold


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Measured:
    """A set, how its pairs depend on each other, and its replicates."""

    scores: ScoreSet
    mated: Dependence
    nonmated: Dependence
    replicates: ReplicateCurves

    def fmr(self, threshold: float) -> ErrorRate:
        events = self.scores.nonmated >= threshold
        return rate_with_interval(events, self.scores.nonmated_clusters, dependence=self.nonmated)

    def fnmr(self, threshold: float) -> ErrorRate:
        events = ~(self.scores.mated >= threshold)
        return rate_with_interval(events, self.scores.mated_clusters, dependence=self.mated)

    def interval(self, replicates: NDArray[np.float64], estimate: float) -> Interval:
        return bootstrap_interval(replicates, estimate, self.scores.mated_clusters.occurring)

    def fnmr_at(self, point: OperatingPoint, limit: float) -> ErrorRate:
        """FNMR at a point, with the interval that is wide enough for its threshold too."""
        at_threshold = self.fnmr(point.threshold)
        with_threshold = self.interval(self.replicates.fnmr_at(limit), point.fnmr)
        return ErrorRate(
            value=at_threshold.value,
            interval=Interval(
                low=min(at_threshold.interval.low, with_threshold.low),
                high=max(at_threshold.interval.high, with_threshold.high),
            ),
            errors=at_threshold.errors,
            trials=at_threshold.trials,
        )


def measure_accuracy(scores: ScoreSet, bootstrap: SubjectBootstrap) -> Accuracy | None:
    """Figures of a comparison set; None where one of the two kinds of pairs does not occur.

    Args:
        scores: The set.
        bootstrap: How often each of its people was drawn.
    """
    if not len(scores.mated) or not len(scores.nonmated):
        return None
    curve = det_curve(scores.mated, scores.nonmated)
    points = tuple(operating_point(curve, max_fmr=limit) for limit in FMR_LIMITS)
    band_limits = np.geomspace(1.0 / len(scores.nonmated), 1.0, BAND_POINTS)
    band_points = [operating_point(curve, max_fmr=float(limit)) for limit in band_limits]
    told = np.array([point.threshold for point in (*points, *band_points)])
    measured = _Measured(
        scores=scores,
        mated=measure_dependence(scores.mated, scores.mated_clusters),
        nonmated=measure_dependence(scores.nonmated, scores.nonmated_clusters),
        replicates=replicate_curves(scores, bootstrap, at=told),
    )
    rates = tuple(
        PointRates(fmr=measured.fmr(point.threshold), fnmr=measured.fnmr_at(point, limit))
        for point, limit in zip(points, FMR_LIMITS, strict=True)
    )
    return Accuracy(
        eer=equal_error_rate(curve),
        eer_interval=_eer_interval(curve, measured),
        points=points,
        rates=rates,
        smallest_provable_fmr=rule_of_three(len(scores.nonmated)),
        claim=largest_supported_claim(rates[FMR_LIMITS.index(0.0)].fmr, name="FMR"),
        curve=curve,
        band=_band(measured, band_limits, band_points),
    )


def _eer_interval(curve: DetCurve, measured: _Measured) -> Interval:
    """Interval from the replicates, and no narrower than the error rates at the threshold allow.

    At any threshold the true equal error rate lies between the true FMR and FNMR. Replicates of a few errors
    spread too little, so the higher of the two limits then counts, which is cautious; else the lower.
    """
    eer = equal_error_rate(curve)
    drawn = measured.interval(measured.replicates.equal_error_rates(), eer)
    at = float(curve.thresholds[int(np.argmax(curve.fmr <= curve.fnmr))])
    rates = measured.fmr(at), measured.fnmr(at)
    limits = [rate.interval.high for rate in rates]
    is_few = min(rate.errors for rate in rates) < FEW_ERRORS
    return Interval(low=drawn.low, high=max(drawn.high, max(limits) if is_few else min(limits)))


def _band(measured: _Measured, limits: NDArray[np.float64], points: Sequence[OperatingPoint]) -> DetBand:
    rates = [measured.fnmr_at(point, float(limit)) for point, limit in zip(points, limits, strict=True)]
    return DetBand(
        fmr=limits,
        fnmr=np.array([rate.value for rate in rates]),
        low=np.array([rate.interval.low for rate in rates]),
        high=np.array([rate.interval.high for rate in rates]),
    )
