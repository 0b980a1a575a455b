from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from biocapil.calibration import Calibration, ReliabilityPoint, cllr, min_cllr, reliability
from biocapil.error_rate import ErrorRate, Interval
from biocapil.errors import IncompatibleTemplates
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import ModelId

scores = st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=30).map(np.array)


def test_knowing_nothing_costs_one_bit_and_knowing_all_costs_none() -> None:
    assert cllr(np.zeros(3), np.zeros(5)) == pytest.approx(1.0)
    assert cllr(np.full(3, 800.0), np.full(5, -800.0)) == pytest.approx(0.0)
    assert cllr(np.array([np.inf]), np.array([-np.inf])) == 0.0


def test_evidence_that_misleads_costs_more_than_knowing_nothing() -> None:
    assert cllr(np.array([-3.0]), np.array([3.0])) > 4


def test_a_worked_example_by_hand() -> None:
    mated, nonmated = np.log([3.0, 1.0]), np.log([1 / 3, 1.0])
    expected = (np.log2(4 / 3) + 1) / 2
    assert cllr(mated, nonmated) == pytest.approx(expected)


def test_the_law_s_own_evidence_of_normal_scores_costs_what_an_integral_says() -> None:
    rng = np.random.default_rng(0)
    mated, nonmated = rng.normal(2, 2, 200_000), rng.normal(-2, 2, 200_000)
    grid = np.linspace(-20, 24, 100_001)
    density = np.exp(-0.5 * ((grid - 2) / 2) ** 2) / (2 * np.sqrt(2 * np.pi))
    integral = float((np.logaddexp(0, -grid) * density).sum() * (grid[1] - grid[0]) / np.log(2))
    assert cllr(mated, nonmated) == pytest.approx(integral, abs=0.005)
    assert min_cllr(mated, nonmated) == pytest.approx(integral, abs=0.005)


@given(scores, scores)
def test_the_least_cost_is_below_one_bit_and_below_any_evidence_s(
    mated: np.ndarray, nonmated: np.ndarray
) -> None:
    least = min_cllr(mated, nonmated)
    assert -1e-12 <= least <= 1 + 1e-12
    assert least <= cllr(mated, nonmated) + 1e-9


@given(scores, scores)
def test_the_least_cost_does_not_depend_on_the_scale_of_scores(
    mated: np.ndarray, nonmated: np.ndarray
) -> None:
    assert min_cllr(np.exp(mated), np.exp(nonmated)) == pytest.approx(min_cllr(mated, nonmated))


@given(scores, scores)
def test_the_least_cost_is_that_of_scikit_learn_s_isotonic_calibration(
    mated: np.ndarray, nonmated: np.ndarray
) -> None:
    values, truth = np.concatenate([mated, nonmated]), np.repeat([1.0, 0.0], [len(mated), len(nonmated)])
    weights = np.repeat([1 / len(mated), 1 / len(nonmated)], [len(mated), len(nonmated)])
    share = IsotonicRegression().fit(values, truth, sample_weight=weights).predict(values)
    chances = np.where(truth == 1, share, 1 - share)
    expected = -float((weights * np.log2(np.maximum(chances, 1e-300))).sum()) / 2
    assert min_cllr(mated, nonmated) == pytest.approx(expected, abs=1e-6)


def test_scores_that_part_the_kinds_cost_nothing_at_best() -> None:
    assert min_cllr(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == pytest.approx(0.0)
    assert min_cllr(np.array([1.0]), np.array([1.0])) == pytest.approx(1.0)


@pytest.mark.parametrize("measure", [cllr, min_cllr])
def test_measures_refuse_what_is_no_evidence(measure: Callable[..., float]) -> None:
    with pytest.raises(ValueError, match="at least one pair"):
        measure(np.zeros(0), np.zeros(1))
    with pytest.raises(ValueError, match=r"nonmated_.* at least one pair"):
        measure(np.zeros(1), np.zeros((1, 1)))
    with pytest.raises(ValueError, match="must be numbers, got nan"):
        measure(np.array([np.nan]), np.zeros(1))


def test_predicted_rates_come_true_on_unseen_scores(
    fitted: Calibration, make_scores: Callable[..., LabelledScores]
) -> None:
    unseen = make_scores(99, persons=400)
    points = reliability(fitted, unseen)
    assert [point.predicted for point in points] == [1e-1, 1e-2, 1e-3, 1e-4]
    assert all(point.measured.trials == int(unseen.nonmated.sum()) for point in points)
    for point in points[:3]:
        assert not point.extrapolated
        assert point.measured.value == pytest.approx(point.predicted, rel=0.3)
    assert points[3].threshold > points[2].threshold


def test_what_reaches_a_threshold_is_counted_and_what_lies_below_is_not(fitted: Calibration) -> None:
    table = fitted.table
    threshold = float(table.roots_at(np.array([0.01]), table.fmr)[0])
    roots = np.array([threshold * 0.999, threshold * 1.001, 40.0])
    three = LabelledScores(
        dataset="",
        model_id=fitted.model_id,
        similarities=(roots**2).astype(np.float32),
        mated=np.zeros(3, bool),
        first_subject=np.zeros(3, np.int32),
        second_subject=np.ones(3, np.int32),
        sizes=np.full(3, 40, np.int16),
        first_instance=np.zeros(3, np.int16),
        second_instance=np.array([0, 0, 1], np.int16),
    )
    (point,) = reliability(fitted, three, targets=[0.01])
    assert (point.predicted, point.threshold, point.extrapolated) == (0.01, threshold, False)
    assert (point.measured.errors, point.measured.trials, point.measured.value) == (1, 2, 0.5)


def test_a_prediction_holds_where_it_lies_in_the_measured_interval() -> None:
    interval = Interval(low=0.001, high=0.02)
    measured = ErrorRate(value=0.01, interval=interval, errors=1, trials=100)
    for predicted, holds in ((0.001, True), (0.02, True), (0.03, False)):
        point = ReliabilityPoint(predicted=predicted, threshold=1.0, measured=measured, extrapolated=False)
        assert point.holds is holds


def test_a_target_beyond_what_was_counted_is_marked(fitted: Calibration, few: LabelledScores) -> None:
    near, far, never = reliability(fitted, few, targets=[1e-2, 1e-8, 1e-40])
    assert (near.extrapolated, far.extrapolated, never.extrapolated) == (False, True, True)
    assert never.threshold == np.inf
    assert never.measured.errors == 0


@pytest.mark.parametrize("target", [0.0, -1.0, 1.1, float("nan")])
def test_a_target_that_is_no_rate_is_refused(fitted: Calibration, few: LabelledScores, target: float) -> None:
    with pytest.raises(ValueError, match="targets must lie in"):
        reliability(fitted, few, targets=[target])


def test_reliability_needs_non_mated_pairs_of_the_same_model(
    fitted: Calibration, few: LabelledScores
) -> None:
    with pytest.raises(IncompatibleTemplates, match="the scores of other@1"):
        reliability(fitted, replace(few, model_id=ModelId("other@1")))
    with pytest.raises(ValueError, match="needs non-mated pairs"):
        reliability(fitted, replace(few, second_subject=few.first_subject))
