import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biocapil.evaluation.rates import (
    DetCurve,
    det_curve,
    equal_error_rate,
    operating_point,
)

# Few distinct values, so that ties within and between the sets are the rule; failures among them.
scores = st.lists(st.one_of(st.integers(0, 6).map(float), st.just(-np.inf)), min_size=1, max_size=25).map(
    lambda values: np.array(values, dtype=np.float32)
)


def test_a_worked_example_by_hand() -> None:
    curve = det_curve(np.array([1.0, 3.0, 4.0, 5.0]), np.array([0.0, 1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(curve.thresholds, [0, 1, 2, 3, 4, 5, np.inf])
    np.testing.assert_array_equal(curve.fmr, [1, 0.75, 0.5, 0.25, 0, 0, 0])
    np.testing.assert_array_equal(curve.fnmr, [0, 0, 0.25, 0.25, 0.5, 0.75, 1])
    assert equal_error_rate(curve) == 0.25
    zero = operating_point(curve, max_fmr=0.0)
    assert (zero.threshold, zero.fmr, zero.fnmr) == (4.0, 0.0, 0.5)
    quarter = operating_point(curve, max_fmr=0.3)
    assert (quarter.threshold, quarter.fmr, quarter.fnmr) == (3.0, 0.25, 0.25)


def test_the_equal_error_rate_is_read_on_the_line_between_two_points() -> None:
    curve = det_curve(np.array([1.0, 3.0]), np.array([0.0, 2.0, 2.0, 2.0]))
    # Points (FMR, FNMR): (1, 0) (.75, 0) (.75, .5) (0, .5): the last side crosses at one half.
    assert equal_error_rate(curve) == 0.5
    tied = det_curve(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
    # (1, 0) (.5, 0) (0, .5): the middle of the slope that the tie at 1 makes.
    assert equal_error_rate(tied) == 0.25


def test_parted_sets_have_no_error() -> None:
    curve = det_curve(np.array([5.0, 6.0]), np.array([1.0, 4.0]))
    assert equal_error_rate(curve) == 0.0
    assert operating_point(curve, max_fmr=0.0).fnmr == 0.0


def test_sets_that_all_tie_err_by_half() -> None:
    assert equal_error_rate(det_curve(np.ones(3), np.ones(7))) == 0.5


def test_failures_to_extract_are_false_non_matches_at_every_threshold() -> None:
    curve = det_curve(np.array([9.0, -np.inf]), np.array([1.0, -np.inf, -np.inf, -np.inf]))
    np.testing.assert_array_equal(curve.fnmr, [0.5, 0.5, 1.0])
    np.testing.assert_array_equal(curve.fmr, [0.25, 0.0, 0.0])
    assert equal_error_rate(curve) == 0.5


def test_nothing_but_failures_is_all_error() -> None:
    curve = det_curve(np.array([-np.inf]), np.array([-np.inf]))
    np.testing.assert_array_equal(curve.thresholds, [np.inf])
    assert equal_error_rate(curve) == 1.0


def test_one_in_a_thousand_meets_a_limit_of_one_in_a_thousand() -> None:
    nonmated = np.zeros(1000)
    nonmated[0] = 7.0
    point = operating_point(det_curve(np.array([7.0, 8.0]), nonmated), max_fmr=0.001)
    assert (point.threshold, point.fnmr) == (7.0, 0.0)


@given(mated=scores, nonmated=scores)
@settings(max_examples=150, deadline=None)
def test_every_point_is_what_counting_gives(
    mated: NDArray[np.float32], nonmated: NDArray[np.float32]
) -> None:
    curve = det_curve(mated, nonmated)
    for threshold, fmr, fnmr in zip(curve.thresholds, curve.fmr, curve.fnmr, strict=True):
        assert fmr == sum(bool(s >= threshold) for s in nonmated) / len(nonmated)
        assert fnmr == sum(bool(s < threshold) for s in mated) / len(mated)


@given(mated=scores, nonmated=scores, max_fmr=st.sampled_from([0.0, 0.001, 0.1, 0.5, 1.0]))
@settings(max_examples=150, deadline=None)
def test_no_threshold_does_better_than_the_operating_point(
    mated: NDArray[np.float32], nonmated: NDArray[np.float32], max_fmr: float
) -> None:
    point = operating_point(det_curve(mated, nonmated), max_fmr=max_fmr)
    candidates = [*np.unique(np.concatenate([mated, nonmated])), np.inf]
    allowed = [t for t in candidates if np.isfinite(t) or t > 0]
    best = min(np.mean(mated < t) for t in allowed if np.mean(nonmated >= t) <= max_fmr)
    assert point.fmr <= max_fmr
    assert point.fnmr == pytest.approx(best)


@given(mated=scores, nonmated=scores, seed=st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_rates_keep_under_shuffling_and_rising_maps(
    mated: NDArray[np.float32], nonmated: NDArray[np.float32], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    plain = det_curve(mated, nonmated)
    moved = det_curve(rng.permutation(mated) * 2 + 3, rng.permutation(nonmated) * 2 + 3)
    np.testing.assert_array_equal(plain.fmr, moved.fmr)
    np.testing.assert_array_equal(plain.fnmr, moved.fnmr)
    assert equal_error_rate(plain) == equal_error_rate(moved)


@given(
    mated=st.lists(st.integers(0, 6), min_size=1, max_size=30),
    nonmated=st.lists(st.integers(0, 6), min_size=1, max_size=30),
)
@settings(max_examples=100, deadline=None)
def test_the_equal_error_rate_lies_on_an_independent_receiver_curve(
    mated: list[int], nonmated: list[int]
) -> None:
    thresholds = [99, *sorted({*mated, *nonmated}, reverse=True)]
    fmr = np.array([np.mean([score >= t for score in nonmated]) for t in thresholds])
    hit_rate = np.array([np.mean([score >= t for score in mated]) for t in thresholds])
    expected = equal_error_rate(det_curve(np.array(mated, float), np.array(nonmated, float)))
    surplus = fmr + hit_rate - 1.0  # FMR minus FNMR, rising
    rates = np.interp(0.0, surplus, fmr)
    assert expected == pytest.approx(rates, abs=1e-12)


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(ValueError, match="mated must be a non-empty array"):
        det_curve(np.array([]), np.ones(1))
    with pytest.raises(ValueError, match="nonmated must be a non-empty array"):
        det_curve(np.ones(1), np.ones((1, 1)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_similarities_that_cannot_be_ordered_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="no NaN and no"):
        det_curve(np.array([1.0, bad]), np.ones(1))


def test_a_limit_that_is_no_rate_is_refused() -> None:
    curve = DetCurve(thresholds=np.array([np.inf]), fmr=np.zeros(1), fnmr=np.ones(1))
    with pytest.raises(ValueError, match="max_fmr must lie in"):
        operating_point(curve, max_fmr=1.5)
