from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from biocapil.calibration.monotone import isotonic

weighted = st.lists(st.tuples(st.floats(-100, 100), st.floats(0.01, 10)), min_size=1, max_size=40)


@given(weighted)
def test_it_says_the_same_as_scikit_learn(pairs: list[tuple[float, float]]) -> None:
    values, weights = (np.array(column) for column in zip(*pairs, strict=True))
    expected = IsotonicRegression().fit_transform(np.arange(len(values)), values, sample_weight=weights)
    np.testing.assert_allclose(isotonic(values, weights), expected, atol=1e-9)


@given(weighted)
def test_it_never_falls_and_keeps_the_weighted_mean(pairs: list[tuple[float, float]]) -> None:
    values, weights = (np.array(column) for column in zip(*pairs, strict=True))
    fitted = isotonic(values, weights)
    assert (np.diff(fitted) >= -1e-9).all()
    assert np.average(fitted, weights=weights) == pytest.approx(np.average(values, weights=weights), abs=1e-9)


def test_violators_are_pooled_by_weight() -> None:
    fitted = isotonic(np.array([0.0, 3.0, 0.0, 5.0]), np.array([1.0, 1.0, 2.0, 1.0]))
    np.testing.assert_allclose(fitted, [0, 1, 1, 5])


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match=r"share a shape \(N,\), got \(2,\), \(3,\)"):
        isotonic(np.zeros(2), np.ones(3))
    with pytest.raises(ValueError, match="share a shape"):
        isotonic(np.zeros((2, 2)), np.ones((2, 2)))


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan")])
def test_a_weight_that_is_not_above_zero_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        isotonic(np.zeros(2), np.array([1.0, weight]))
