"""Two systems, or one before and after a change, on the same pairs: is one better, or is it chance?

The same people are drawn for both, so that what makes a set hard falls out of the difference.

    two ScoreSets ─► compare_systems ─────┐
    earlier JSON, result ─► compare_with_earlier ─► PairedDifference
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.evaluation.rates import det_curve, equal_error_rate, operating_point
from biocapil.evaluation.replicates import replicate_curves
from biocapil.evaluation.result import EvaluationResult
from biocapil.evaluation.score_set import ScoreSet
from biocapil.evaluation.subject_errors import SCHEMA, SubjectErrors
from biocapil.uncertainty import SubjectBootstrap, draw_subjects, widened


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """How much higher an error rate of the second system is.

    Attributes:
        name: The rate, such as ``FNMR at FMR 0.001``.
        first: Rate of the first system, 0 to 1.
        second: Rate of the second.
        low: Lower end of the interval of second minus first, -1 to 1.
        high: Upper end.
        confidence: Confidence of the interval.
    """

    name: str
    first: float
    second: float
    low: float
    high: float
    confidence: float

    @property
    def difference(self) -> float:
        """Second minus first: below 0 where the second is better."""
        return self.second - self.first

    @property
    def is_significant(self) -> bool:
        """Whether chance alone would hardly make such a difference: the interval does not hold 0."""
        return self.low > 0 or self.high < 0

    @property
    def verdict(self) -> str:
        """The difference for people."""
        if self.is_significant:
            return "significantly worse" if self.difference > 0 else "significantly better"
        return "may be chance" if self.difference else "unchanged"


def compare_systems(
    first: ScoreSet,
    second: ScoreSet,
    bootstrap: SubjectBootstrap,
    *,
    max_fmr: float,
    confidence: float = 0.95,
) -> tuple[PairedDifference, PairedDifference]:
    """Difference of FNMR at a common FMR, each system at its own threshold, and of EER.

    Args:
        first: Similarities by the first system.
        second: Those by the second, of the same pairs in the same order.
        bootstrap: How often each person was drawn, for both.
        max_fmr: The common FMR, 0 to 1.
        confidence: Confidence of the intervals.

    Raises:
        ValueError: The two are not of the same pairs, or mated or non-mated pairs are missing.
    """
    if not (
        np.array_equal(first.mated_pairs, second.mated_pairs)
        and np.array_equal(first.nonmated_pairs, second.nonmated_pairs)
        and np.array_equal(first.people, second.people)
    ):
        raise ValueError("both systems must have compared the same pairs of the same samples")
    fnmr: list[float] = []
    eer: list[float] = []
    drawn_fnmr: list[NDArray[np.float64]] = []
    drawn_eer: list[NDArray[np.float64]] = []
    for scores in (first, second):
        curve = det_curve(scores.mated, scores.nonmated)
        point = operating_point(curve, max_fmr=max_fmr)
        replicates = replicate_curves(scores, bootstrap, at=np.array([point.threshold]))
        fnmr.append(point.fnmr)
        eer.append(equal_error_rate(curve))
        drawn_fnmr.append(replicates.fnmr_at(max_fmr))
        drawn_eer.append(replicates.equal_error_rates())
    people = first.mated_clusters.occurring
    return (
        _difference(f"FNMR at FMR {max_fmr:g}", fnmr, drawn_fnmr, people, confidence),
        _difference("EER", eer, drawn_eer, people, confidence),
    )


def compare_with_earlier(
    earlier: str,
    result: EvaluationResult,
    *,
    rng: np.random.Generator,
    replicates: int = 2000,
    confidence: float = 0.95,
) -> tuple[PairedDifference, ...]:
    """Difference of FNMR to an earlier result, at each FMR that both tell, thresholds as they were set.

    Args:
        earlier: JSON of an earlier result; it is the first system.
        result: This result; it is the second.
        rng: Source of the draws.
        replicates: Draws of a whole set.
        confidence: Confidence of the intervals.

    Raises:
        FormatError: The text is no such result, or one of another set of samples or pairs.
        ValueError: This result has no error rates.
    """
    key, errors = result.key, result.subject_errors
    if errors is None:
        raise ValueError("the result must hold mated and non-mated pairs to be compared")
    fields = _fields_of(earlier)
    if fields.get("dataset_sha256") != key.dataset_sha256:
        raise FormatError(
            "the earlier result is of another set of samples or pairs "
            f"({str(fields.get('dataset_sha256'))[:12]}, now {key.dataset_sha256[:12]}): "
            "only results of the same set can be compared"
        )
    before = _errors_of(fields)
    if before.mated != errors.mated:
        raise FormatError("the earlier result counts other mated pairs of each person: it cannot be compared")
    bootstrap = draw_subjects(len(errors.mated), replicates=replicates, rng=rng)
    mated = np.array(errors.mated, dtype=np.float64)
    return tuple(
        _difference(
            f"FNMR at FMR {limit}",
            [sum(counts) / mated.sum() for counts in (before.errors[limit], after)],
            [_drawn(np.array(counts), mated, bootstrap) for counts in (before.errors[limit], after)],
            int((mated > 0).sum()),
            confidence,
        )
        for limit, after in errors.errors.items()
        if limit in before.errors
    )


def _drawn(
    errors: NDArray[np.integer], mated: NDArray[np.float64], bootstrap: SubjectBootstrap
) -> NDArray[np.float64]:
    """Share of mated pairs in error in each replicate; NaN where it has none. Shape (B,)."""
    total: NDArray[np.float64] = bootstrap.weights @ mated
    shares: NDArray[np.float64] = np.divide(
        bootstrap.weights @ errors.astype(np.float64), total, out=np.full(len(total), np.nan), where=total > 0
    )
    return shares


def _difference(
    name: str,
    rates: Sequence[float],
    drawn: Sequence[NDArray[np.float64]],
    people: int,
    confidence: float,
) -> PairedDifference:
    first, second = rates
    low, high = widened(drawn[1] - drawn[0], second - first, people, confidence=confidence)
    return PairedDifference(
        name=name,
        first=float(first),
        second=float(second),
        low=max(-1.0, float(low)),
        high=min(1.0, float(high)),
        confidence=confidence,
    )


def _fields_of(text: str) -> Mapping[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError as exc:
        raise FormatError(f"the earlier result is no JSON: {exc}") from exc
    if not isinstance(fields, dict):
        raise FormatError("the earlier result must be a JSON object")
    found = cast("dict[str, Any]", fields)
    if found.get("schema") != SCHEMA:
        raise FormatError(
            f"the earlier result must be of schema {SCHEMA!r}, got {found.get('schema')!r}: evaluate again"
        )
    return found


def _errors_of(fields: Mapping[str, Any]) -> SubjectErrors:
    try:
        told = fields["subject_errors"]
        return SubjectErrors(
            mated=tuple(int(count) for count in told["mated"]),
            errors={
                str(limit): tuple(int(count) for count in counts)
                for limit, counts in told["errors_at_fmr"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise FormatError(f"the earlier result holds no errors of each person: {exc!r}") from exc
