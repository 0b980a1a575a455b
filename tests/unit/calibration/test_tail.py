from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.calibration.root_scale import CELLS, STEP, cells_of
from biocapil.calibration.tail import FEWEST_EXCESSES, LARGEST_SHARE, SHAPE_SPREAD, TAIL_SHARE, Tail, fit_tail


def histogram(roots: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.bincount(cells_of(roots), minlength=CELLS).astype(np.float64)


def test_an_exponential_tail_has_shape_zero_and_its_own_scale() -> None:
    roots = np.random.default_rng(0).exponential(0.4, 400_000)
    tail = fit_tail(histogram(roots), pairs=len(roots))
    assert tail.shape < 0.05
    assert tail.scale == pytest.approx(0.4, rel=0.05)
    assert tail.share == pytest.approx(TAIL_SHARE, rel=0.05)
    truth = np.exp(-np.array([2.0, 3.0, 4.0]) / 0.4)
    np.testing.assert_allclose(np.log(tail.survival(np.array([2.0, 3.0, 4.0]))), np.log(truth), atol=0.5)


def test_a_heavy_tail_has_a_shape_above_zero() -> None:
    roots = 0.3 * np.random.default_rng(0).pareto(4.0, 400_000)
    tail = fit_tail(histogram(roots), pairs=len(roots))
    assert tail.shape == pytest.approx(0.25, abs=0.08)


def test_a_tail_that_ends_is_taken_for_an_exponential_one() -> None:
    roots = np.random.default_rng(0).uniform(0, 1, 100_000)
    assert fit_tail(histogram(roots), pairs=len(roots)).shape == 0.0


def test_few_pairs_say_little_about_the_shape() -> None:
    roots = 0.3 * np.random.default_rng(0).pareto(2.5, 400_000)
    weights = histogram(roots)
    assert fit_tail(weights, pairs=200).shape < 0.3 * fit_tail(weights, pairs=len(roots)).shape


@pytest.mark.parametrize("shape", [0.0, 0.2])
def test_survival_begins_with_the_share_and_falls(shape: float) -> None:
    tail = Tail(start=1.0, share=0.02, shape=shape, scale=0.3)
    survival = tail.survival(np.linspace(1.0, 5.0, 50))
    assert survival[0] == pytest.approx(0.02)
    assert (np.diff(survival) < 0).all()


def test_a_small_shape_is_hardly_different_from_none() -> None:
    points = np.linspace(1.0, 3.0, 20)
    none = Tail(start=1.0, share=0.02, shape=0.0, scale=0.3).survival(points)
    np.testing.assert_allclose(
        Tail(start=1.0, share=0.02, shape=1e-5, scale=0.3).survival(points), none, rtol=1e-3
    )


@pytest.mark.parametrize("roots", [np.full(100, 0.5), np.zeros(100), np.zeros(0)])
def test_pairs_that_are_all_alike_have_no_tail(roots: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="at least two different similarities"):
        fit_tail(histogram(roots), pairs=100)


@pytest.mark.parametrize("far", [1e3, 1e9])
def test_pairs_far_beyond_the_grid_still_make_a_tail(far: float) -> None:
    roots = np.concatenate([np.linspace(0.0, 1.0, 100), np.full(50, far)])
    tail = fit_tail(histogram(roots), pairs=150)
    assert 0 < tail.share <= 1
    assert tail.start < CELLS * STEP


def test_a_small_set_has_a_tail_that_begins_lower() -> None:
    roots = np.random.default_rng(0).exponential(0.4, 100_000)
    weights = histogram(roots)
    shares = [fit_tail(weights, pairs=pairs).share for pairs in (100_000, 300, 50)]
    assert shares == pytest.approx([TAIL_SHARE, FEWEST_EXCESSES / 300, LARGEST_SHARE], rel=0.05)


def test_doubt_moves_the_shape_of_a_small_set_more() -> None:
    weights = histogram(np.random.default_rng(0).exponential(0.4, 400_000))
    moved = [fit_tail(weights, pairs=pairs, doubt=2.0).shape for pairs in (200, 400_000)]
    assert moved[0] == pytest.approx(2 * SHAPE_SPREAD, rel=0.1)
    assert moved[1] < 0.1
    assert fit_tail(weights, pairs=200, doubt=-2.0).shape == 0.0


def test_two_cells_are_enough() -> None:
    tail = fit_tail(histogram(np.array([0.0] * 99 + [1.0])), pairs=100)
    assert tail.start == 0.0
    assert tail.share == 1.0
