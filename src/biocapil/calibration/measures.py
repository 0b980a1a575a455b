"""How good evidence is: what it costs in bits, and whether predicted error rates come true.

    evidence of labelled pairs ─► Cllr (what is lost) ─► min Cllr (what no calibration could mend)
    calibration + scores it has not seen ─► errors counted at the thresholds of target rates

Reference: Brümmer and du Preez 2006, doi:10.1016/j.csl.2005.08.001, sections 4 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.calibration import Calibration
from biocapil.calibration.monotone import isotonic
from biocapil.error_rate import ErrorRate
from biocapil.errors import IncompatibleTemplates
from biocapil.labelled_scores import LabelledScores
from biocapil.uncertainty import PairClusters, measure_dependence, rate_with_interval

TARGETS = (1e-1, 1e-2, 1e-3, 1e-4)
"""False match rates whose thresholds are tried by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityPoint:
    """A predicted false match rate and what was counted at its threshold.

    Attributes:
        predicted: Rate that the calibration gives this threshold, above 0, at most 1.
        threshold: Scaled root of similarity; inf where the calibration never comes down to the rate.
        measured: Share of the non-mated pairs of the same finger that reached it, with its interval.
        extrapolated: Whether the threshold lies beyond what was counted for the calibration.
    """

    predicted: float
    threshold: float
    measured: ErrorRate
    extrapolated: bool

    @property
    def holds(self) -> bool:
        """Whether what was counted is compatible with the prediction."""
        return self.measured.interval.contains(self.predicted)


def cllr(mated_llr: NDArray[np.floating], nonmated_llr: NDArray[np.floating]) -> float:
    """Cost of log-likelihood ratios over all thresholds, in bits: 0 is certainty, 1 is knowing nothing.

    Args:
        mated_llr: Evidence of mated pairs in nats. Shape (M,), at least one.
        nonmated_llr: Evidence of non-mated pairs in nats. Shape (N,), at least one.

    Returns:
        0 or more; above 1 the evidence misleads.

    Raises:
        ValueError: One kind of pair is missing, or a value is no number.
    """
    mated, nonmated = _checked("mated_llr", mated_llr), _checked("nonmated_llr", nonmated_llr)
    cost = np.logaddexp(0.0, -mated).mean() + np.logaddexp(0.0, nonmated).mean()
    return float(cost) / (2 * float(np.log(2.0)))


def min_cllr(mated_scores: NDArray[np.floating], nonmated_scores: NDArray[np.floating]) -> float:
    """Cllr that is left after the best rising calibration of these very pairs, in bits.

    Args:
        mated_scores: Evidence, or any score that grows with it, of mated pairs. Shape (M,), at least one.
        nonmated_scores: The same of non-mated pairs. Shape (N,), at least one.

    Returns:
        0 where a threshold parts the two kinds, 1 where scores say nothing.

    Raises:
        ValueError: One kind of pair is missing, or a value is no number.
    """
    mated, nonmated = _checked("mated_scores", mated_scores), _checked("nonmated_scores", nonmated_scores)
    scores, places = np.unique(np.concatenate([mated, nonmated]), return_inverse=True)
    of_mated = np.bincount(places[: len(mated)], minlength=len(scores)) / len(mated)
    of_nonmated = np.bincount(places[len(mated) :], minlength=len(scores)) / len(nonmated)
    both = of_mated + of_nonmated
    share = isotonic(of_mated / both, both)
    return (_bits(of_mated, share) + _bits(of_nonmated, 1.0 - share)) / 2


def reliability(
    calibration: Calibration, scores: LabelledScores, *, targets: Sequence[float] = TARGETS
) -> tuple[ReliabilityPoint, ...]:
    """Count, in scores that the calibration was not fitted on, what it predicts.

    Args:
        calibration: Calibration.
        scores: Scores of the same model and comparator that it has not seen.
        targets: Predicted false match rates to try, above 0, at most 1.

    Returns:
        One point for each target, in the same order.

    Raises:
        ValueError: There are no non-mated pairs, or a target is no rate.
        IncompatibleTemplates: The scores come from another model.
    """
    if scores.model_id != calibration.model_id:
        raise IncompatibleTemplates(
            f"the calibration speaks of templates of {calibration.model_id}, the scores of {scores.model_id}"
        )
    if not all(0 < target <= 1 for target in targets):
        raise ValueError(f"targets must lie in (0, 1], got {tuple(targets)!r}")
    kept = scores.nonmated
    if not kept.any():
        raise ValueError("reliability needs non-mated pairs of the same finger, got none")
    table = calibration.table
    roots = calibration.roots(scores.similarities[kept], scores.sizes[kept])
    people = _people(scores, kept)
    dependence = measure_dependence(roots, people)
    thresholds = table.roots_at(np.asarray(targets, dtype=np.float64), table.fmr).tolist()
    return tuple(
        ReliabilityPoint(
            predicted=target,
            threshold=threshold,
            measured=rate_with_interval(roots >= threshold, people, dependence=dependence),
            extrapolated=threshold > table.measured_to,
        )
        for target, threshold in zip(targets, thresholds, strict=True)
    )


def _people(scores: LabelledScores, kept: NDArray[np.bool_]) -> PairClusters:
    """Persons on both sides of some of the pairs, numbered without gaps."""
    both = np.stack([scores.first_subject[kept], scores.second_subject[kept]])
    names, places = np.unique(both, return_inverse=True)
    first, second = places.reshape(both.shape).astype(np.int32)
    return PairClusters(first=first, second=second, subjects=len(names))


def _checked(name: str, values: NDArray[np.floating]) -> NDArray[np.float64]:
    if values.ndim != 1 or not len(values):
        raise ValueError(f"{name} must have the shape (P,) with at least one pair, got {values.shape}")
    if np.isnan(values).any():
        raise ValueError(f"{name} must be numbers, got nan")
    return np.asarray(values, dtype=np.float64)


def _bits(weights: NDArray[np.float64], chances: NDArray[np.float64]) -> float:
    """Mean surprise at what was true, in bits."""
    present = weights > 0
    return 0.0 - float((weights[present] * np.log2(chances[present])).sum())
