from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration import Calibration, policy_for
from biocapil.calibration.person_rates import STEP_NATS
from biocapil.decision import PolicyTarget
from biocapil.vocabulary import Decision

Make = Callable[..., Calibration]


@pytest.mark.parametrize("people", [1, 60, 5_000_000])
@pytest.mark.parametrize("instances", [1, 2])
def test_the_target_is_kept_by_the_upper_limit_and_by_no_lower_threshold(
    make_exact: Make, people: int, instances: int
) -> None:
    target = PolicyTarget(people=people, instances=instances, fpir=0.001, review_fpir=0.05)
    policy = policy_for(target, make_exact())
    for llr, kept in ((policy.duplicate_llr, 0.001), (policy.review_llr, 0.05)):
        assert policy.rates.at(llr).among(people).interval.high <= kept
        assert policy.rates.at(llr - STEP_NATS).among(people).interval.high > kept
    assert policy.review_llr < policy.duplicate_llr
    assert not policy.shortfall


def test_simulated_registries_have_no_more_false_positives_than_the_target(make_exact: Make) -> None:
    calibration = make_exact()
    policy = policy_for(PolicyTarget(people=100, fpir=0.02, review_fpir=0.2), calibration)
    roots = np.random.default_rng(0).exponential(size=(10_000, 100))
    best = np.interp(roots.max(axis=1), calibration.table.roots, calibration.table.llr)
    assert (best >= policy.duplicate_llr).mean() <= 0.02 * 1.3
    assert (best >= policy.duplicate_llr).mean() > 0.01
    assert (best >= policy.review_llr).mean() <= 0.2 * 1.1


def test_a_larger_registry_asks_for_more_evidence(make_exact: Make) -> None:
    calibration = make_exact()
    thresholds = [
        policy_for(PolicyTarget(people=10**power), calibration).duplicate_llr for power in (1, 3, 5)
    ]
    assert thresholds == sorted(set(thresholds))


def test_a_target_that_cannot_be_kept_calls_nobody_a_duplicate(make_exact: Make) -> None:
    calibration = make_exact()
    policy = policy_for(PolicyTarget(people=10**15, fpir=1e-4, review_fpir=0.5), calibration)
    assert math.isinf(policy.duplicate_llr)
    assert math.isfinite(policy.review_llr)
    assert policy.decide(1e6) is Decision.REVIEW
    assert "needs a false match rate of 1 in 10^19 between two persons" in policy.shortfall
    assert "2 instances of each person would" in policy.shortfall
    assert calibration.calibration_id in policy.shortfall


def test_where_not_even_review_can_be_kept_nothing_is_decided(make_exact: Make) -> None:
    policy = policy_for(PolicyTarget(people=10**15, fpir=1e-9, review_fpir=1e-8), _short(make_exact()))
    assert math.isinf(policy.review_llr)
    assert policy.decide(1e6) is Decision.NOT_DECIDABLE
    assert "not even 10 would" in policy.shortfall


def _short(calibration: Calibration) -> Calibration:
    """The same with a table that ends at a rate of one in a hundred."""
    table = calibration.table
    kept = slice(0, int(np.searchsorted(-table.fmr, -0.01)))
    columns = {name: getattr(table, name)[kept] for name in table.columns()}
    return replace(calibration, table=replace(table, **columns))


def test_a_target_of_ten_instances_looks_for_no_more(make_exact: Make) -> None:
    target = PolicyTarget(people=10**6, instances=12)
    policy = policy_for(target, make_exact(measured_to=1.0), measured_only=True)
    assert "not even 12 would" in policy.shortfall


def test_measured_only_stops_where_counting_stopped(make_exact: Make) -> None:
    calibration = make_exact(measured_to=8.0)
    for people, supported in ((1, True), (10**6, False)):
        target = PolicyTarget(people=people, review_fpir=0.01)
        policy = policy_for(target, calibration, measured_only=True)
        assert math.isfinite(policy.duplicate_llr) is supported
        assert bool(policy.shortfall) is not supported
        assert policy_for(target, calibration).extrapolated is not supported
    assert "the pairs counted" in policy.shortfall
    assert policy.decide(1e6) is Decision.NOT_DECIDABLE


def test_the_record_s_pairs_are_named_in_a_shortfall(fitted: Calibration) -> None:
    policy = policy_for(PolicyTarget(people=10**9), fitted, measured_only=True)
    assert f"far more than its {fitted.fitted_on[0].nonmated:,} non-mated pairs" in policy.shortfall


def test_a_policy_carries_what_it_was_made_of(fitted: Calibration) -> None:
    target = PolicyTarget(people=60, instances=2)
    policy = policy_for(target, fitted)
    assert policy.target == target
    assert policy.calibration_id == fitted.calibration_id
    assert policy.dependence == fitted.dependence
    assert policy.policy_id == policy_for(target, fitted).policy_id
