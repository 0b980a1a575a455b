from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.calibration.summed_evidence import STRONGEST, sum_survivals

CELLS = 200
SURVIVAL = np.exp(-np.arange(CELLS) / 12.0)
"""Chance of one instance to reach each cell; its tail goes down to 6e-8."""


def convolved(survival: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    mass = survival - np.append(survival[1:], 0.0)
    total = mass
    for _ in range(count - 1):
        total = np.convolve(total, mass)
    return np.cumsum(total[::-1])[::-1]


@pytest.mark.parametrize("count", [1, 2, 5, 10])
def test_independent_sums_are_convolutions_to_the_far_tail(count: int) -> None:
    sums = sum_survivals(SURVIVAL, most=count)
    expected = convolved(SURVIVAL, count)
    assert len(sums) == count
    assert sums[-1].shape == expected.shape
    np.testing.assert_allclose(sums[-1], expected, rtol=1e-3, atol=1e-18)


@pytest.mark.parametrize("correlation", [0.05, 0.3, 0.8, STRONGEST])
def test_one_instance_is_as_likely_whatever_is_shared(correlation: float) -> None:
    (one,) = sum_survivals(SURVIVAL, most=1, correlation=correlation)
    np.testing.assert_allclose(one, SURVIVAL, rtol=1e-3)


@pytest.mark.parametrize("correlation", [0.1, 0.5])
@pytest.mark.parametrize("count", [2, 4])
def test_correlated_sums_are_those_of_a_simulation(
    make_alike: Callable[..., NDArray[np.float64]], count: int, correlation: float
) -> None:
    drawn = make_alike(np.random.default_rng(0), 200_000, count, correlation)
    points = np.sort(np.random.default_rng(1).standard_normal(1_000_000))
    share = 1 - np.searchsorted(points, drawn) / len(points)
    sums = (np.searchsorted(-SURVIVAL, -share, side="right") - 1).sum(axis=1)
    predicted = sum_survivals(SURVIVAL, most=count, correlation=correlation)[-1]
    for place in (20, 60, 120):
        counted = int((sums >= place).sum())
        assert counted / len(sums) == pytest.approx(predicted[place], rel=0.02 + 4 / counted**0.5)


def test_what_is_shared_makes_the_tail_heavier() -> None:
    weak = sum_survivals(SURVIVAL, most=3, correlation=0.1)[-1]
    strong = sum_survivals(SURVIVAL, most=3, correlation=0.4)[-1]
    assert (strong[150:400] > weak[150:400]).all()
    assert (weak[150:400] > convolved(SURVIVAL, 3)[150:400]).all()


def test_certainty_stays_certain() -> None:
    for correlation in (0.0, 0.3):
        sums = sum_survivals(np.ones(1), most=3, correlation=correlation)
        np.testing.assert_allclose(np.concatenate(sums), [1, 1, 1])
    sums = sum_survivals(np.array([1.0, 1.0, 0.0]), most=2, correlation=0.3)
    np.testing.assert_allclose(sums[1], [1, 1, 1, 0, 0], atol=1e-12)
