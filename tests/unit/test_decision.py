"""A policy parts evidence into bands without gap or overlap, and says how sure its rates are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.decision import DecisionPolicy, EvidenceRates, InstanceEvidence, PolicyTarget
from biocapil.vocabulary import Decision

ORDER = (Decision.UNIQUE, Decision.REVIEW, Decision.DUPLICATE)


def rates() -> EvidenceRates:
    """A rate that falls tenfold a nat, with limits a factor of two apart."""
    rate = 10.0 ** -np.arange(11)
    high = np.minimum(1.0, 2 * rate)
    return EvidenceRates(
        llr=np.arange(11, dtype=np.float64), rate=rate, low=rate / 2, high=high, measured_to=6.0
    )


def policy(review: float = 3.0, duplicate: float = 6.0) -> DecisionPolicy:
    return DecisionPolicy(
        review_llr=review,
        duplicate_llr=duplicate,
        target=PolicyTarget(people=1000),
        calibration_id="model+test1@0123456789ab",
        rates=rates(),
        dependence=0.1,
    )


@pytest.mark.parametrize(
    ("llr", "decision"),
    [
        (-math.inf, Decision.UNIQUE),
        (0.0, Decision.UNIQUE),
        (2.999, Decision.UNIQUE),
        (3.0, Decision.REVIEW),
        (5.999, Decision.REVIEW),
        (6.0, Decision.DUPLICATE),
        (math.inf, Decision.DUPLICATE),
    ],
)
def test_a_threshold_belongs_to_the_band_above_it(llr: float, decision: Decision) -> None:
    assert policy().decide(llr) is decision


def test_equal_thresholds_leave_nobody_for_review() -> None:
    assert policy(4, 4).decide(3.9) is Decision.UNIQUE
    assert policy(4, 4).decide(4.0) is Decision.DUPLICATE


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_more_evidence_never_makes_a_decision_weaker(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert ORDER.index(policy().decide(low)) <= ORDER.index(policy().decide(high))


def test_without_a_duplicate_threshold_nobody_is_called_a_duplicate() -> None:
    assert policy(3.0, math.inf).decide(1e9) is Decision.REVIEW
    assert policy(3.0, math.inf).decide(1.0) is Decision.UNIQUE


@given(st.floats(-100, 100))
def test_without_any_threshold_nothing_is_decided(llr: float) -> None:
    assert policy(math.inf, math.inf).decide(llr) is Decision.NOT_DECIDABLE


def test_evidence_that_is_no_number_is_refused_not_called_unique() -> None:
    with pytest.raises(ValueError, match="must be a number, got nan"):
        policy().decide(math.nan)


@pytest.mark.parametrize(("review", "duplicate"), [(5, 3), (math.nan, 3), (3, math.nan)])
def test_thresholds_out_of_order_are_refused_with_their_values(review: float, duplicate: float) -> None:
    with pytest.raises(ValueError, match="review_llr <= duplicate_llr, got "):
        policy(review, duplicate)


@pytest.mark.parametrize("dependence", [-0.1, 1.1, math.nan])
def test_a_dependence_that_is_no_correlation_is_refused(dependence: float) -> None:
    with pytest.raises(ValueError, match="dependence must lie in"):
        replace(policy(), dependence=dependence)


def test_every_number_changes_the_name_of_a_policy() -> None:
    sound = policy()
    target = sound.target
    others = [
        replace(sound, review_llr=3.0000001),
        replace(sound, duplicate_llr=6.0000001),
        replace(sound, dependence=0.1000001),
        replace(sound, calibration_id="model+test1@0123456789ac"),
        replace(sound, target=replace(target, fpir=0.0010001)),
        replace(sound, target=replace(target, review_fpir=0.0500001)),
        replace(sound, target=replace(target, people=1001)),
        replace(sound, target=replace(target, instances=2)),
        replace(sound, target=replace(target, comparisons=2)),
    ]
    assert len({each.policy_id for each in [sound, *others]}) == len(others) + 1
    assert sound.policy_id == policy().policy_id
    assert sound.policy_id.startswith("fpir0.001@")


def test_a_policy_says_whether_its_threshold_was_counted() -> None:
    assert not policy(3, 6).extrapolated
    assert policy(3, 6.1).extrapolated
    assert policy(3, math.inf).extrapolated


def test_a_policy_is_shown_by_its_name_and_target() -> None:
    shown = repr(policy())
    assert (
        shown
        == f"DecisionPolicy({policy().policy_id!r}, FPIR ≤ 0.1 % against N = 1,000 people with 1 instance)"
    )
    assert PolicyTarget(people=5, instances=3, fpir=0.01).words() == (
        "FPIR ≤ 1 % against N = 5 people with 3 instances"
    )


@pytest.mark.parametrize(
    ("fpir", "review_fpir"),
    [(0, 0.1), (0.1, 0.05), (0.1, 1.0), (-0.1, 0.1), (math.nan, 0.1), (0.1, math.nan)],
)
def test_a_target_out_of_order_is_refused(fpir: float, review_fpir: float) -> None:
    with pytest.raises(ValueError, match="0 < fpir <= review_fpir < 1, got "):
        PolicyTarget(fpir=fpir, review_fpir=review_fpir, people=1)


@pytest.mark.parametrize("name", ["people", "instances", "comparisons"])
@pytest.mark.parametrize("value", [0, -1, 1.5, 10**16, "1", None])
def test_a_count_that_is_none_is_refused(name: str, value: object) -> None:
    counts = {"people": 10, name: value}
    with pytest.raises(ValueError, match=f"{name} must be a whole number from 1 to "):
        PolicyTarget(**counts)  # type: ignore[arg-type]


def test_a_rate_is_that_of_the_last_point_reached() -> None:
    assert rates().at(2.0).value == 1e-2
    assert rates().at(2.9).value == 1e-2
    assert rates().at(99.0).value == 1e-10
    assert rates().at(-0.1).value == 1.0
    assert rates().at(2.0).interval.low == 5e-3
    assert rates().at(2.0).interval.high == 2e-2


def test_a_rate_beyond_what_was_counted_is_marked() -> None:
    assert not rates().at(6.0).extrapolated
    assert rates().at(6.1).extrapolated


def test_the_least_evidence_keeps_the_target_by_its_upper_limit() -> None:
    assert rates().smallest_llr(people=1, fpir=0.02) == 2.0
    assert rates().smallest_llr(people=1, fpir=0.0199) == 3.0
    assert rates().smallest_llr(people=100, fpir=0.02) == 4.0
    assert math.isinf(rates().smallest_llr(people=10**9, fpir=0.01))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"llr": np.zeros(11)}, "llr must be of shape"),
        ({"llr": np.zeros(0)}, "llr must be of shape"),
        ({"llr": np.zeros((2, 2))}, "llr must be of shape"),
        ({"rate": np.ones(3)}, "rate must hold chances of shape"),
        ({"high": np.full(11, 1.1)}, "high must hold chances"),
        ({"low": np.full(11, np.nan)}, "low must hold chances"),
        ({"low": np.linspace(0, 1, 11)}, "low must never rise"),
    ],
)
def test_rates_that_cannot_be_are_refused(change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(rates(), **change)


@pytest.mark.parametrize(
    "change",
    [
        {"llr": math.nan},
        {"llr": math.inf},
        {"similarity": -1.0},
        {"similarity": math.nan},
        {"comparisons": 0},
    ],
)
def test_evidence_that_cannot_be_is_refused(change: dict[str, float]) -> None:
    sound = InstanceEvidence(instance="left_index", similarity=9.0, llr=2.0, comparisons=1)
    with pytest.raises(ValueError, match=r"must be (at least|finite)"):
        replace(sound, **change)
