"""From a target to thresholds: `policy_for`, or why the data cannot support the target and what would."""

from __future__ import annotations

import math

from biocapil.calibration.calibration import Calibration
from biocapil.calibration.person_rates import nonmated_rates
from biocapil.decision import DecisionPolicy, PolicyTarget
from biocapil.expected_rate import one_in

LEAST_LLR = 0.05
"""Least threshold, in nats: evidence of 0 says nothing, so nobody is looked at because of it."""

TEN = 10
"""Instances up to which a shortfall looks for enough: the fingers of a person."""


def policy_for(target: PolicyTarget, calibration: Calibration) -> DecisionPolicy:
    """Thresholds that keep a target at the confidence of the calibration's limits.

    Args:
        target: What to keep to.
        calibration: Calibration of the scores; `counted_only` of it where nothing may rest on a fitted tail.

    Returns:
        The policy. Where no evidence can keep the target its `shortfall` says so: then nobody is called
        a duplicate, and where not even the review target can be kept, nothing is decided.
    """
    rates = nonmated_rates(calibration, instances=target.instances, comparisons=target.comparisons)
    duplicate = speaking(rates.smallest_llr(people=target.people, fpir=target.fpir))
    review = speaking(rates.smallest_llr(people=target.people, fpir=target.review_fpir))
    return DecisionPolicy(
        review_llr=min(review, duplicate),
        duplicate_llr=duplicate,
        target=target,
        calibration_id=calibration.calibration_id,
        rates=rates,
        dependence=calibration.dependence,
        shortfall=_shortfall(target, calibration) if math.isinf(duplicate) else "",
    )


def speaking(llr: float) -> float:
    """A threshold that evidence has to reach which speaks for one person, however small the registry."""
    return max(llr, LEAST_LLR)


def _shortfall(target: PolicyTarget, calibration: Calibration) -> str:
    """Why the target cannot be kept, and what would keep it."""
    needed = -math.expm1(math.log1p(-target.fpir) / target.people)
    said = (
        f"{target.words()} needs a false match rate of {one_in(needed)} between two persons, "
        f"which calibration {calibration.calibration_id} cannot support"
    )
    enough = _enough_instances(target, calibration)
    remedy = (
        f"{enough} instances of each person would"
        if enough
        else f"not even {max(TEN, target.instances)} would"
    )
    pairs = sum(each.nonmated for each in calibration.fitted_on)
    return f"{said}; {remedy}, or a calibration on far more than its {pairs:,} non-mated pairs"


def _enough_instances(target: PolicyTarget, calibration: Calibration) -> int | None:
    for instances in range(target.instances + 1, TEN + 1):
        rates = nonmated_rates(calibration, instances=instances, comparisons=target.comparisons)
        if math.isfinite(rates.smallest_llr(people=target.people, fpir=target.fpir)):
            return instances
    return None
