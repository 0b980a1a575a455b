"""Error rates against pyeer, which counts the same and reads two figures off in another way.

It tells no point beyond the highest score, where FMR is 0 for certain; takes as FMR 0.1 % the point nearest
to it, which may lie above; and as EER the middle between the two rates at one point, not the crossing.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from pyeer.eer_stats import calculate_roc, get_eer_values, get_fmr_op

from biocapil.evaluation.rates import det_curve, equal_error_rate, operating_point


def scores(seed: int, *, digits: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    mated, nonmated = rng.normal(2, 1, 700), rng.normal(0, 1, 4000)
    return np.round(mated, digits), np.round(nonmated, digits)


@pytest.mark.parametrize("digits", [1, 15])
@pytest.mark.parametrize("seed", range(5))
def test_every_point_of_the_curve_is_the_same(seed: int, digits: int) -> None:
    mated, nonmated = scores(seed, digits=digits)
    thresholds, fmr, fnmr = calculate_roc(mated, nonmated)
    curve = det_curve(mated, nonmated)
    np.testing.assert_array_equal(curve.thresholds[:-1], thresholds)
    np.testing.assert_allclose(curve.fmr[:-1], fmr, atol=1e-15)
    np.testing.assert_allclose(curve.fnmr[:-1], fnmr, atol=1e-15)
    assert (curve.fmr[-1], curve.fnmr[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("seed", range(5))
def test_equal_error_rates_lie_between_the_two_rates_that_pyeer_tells(seed: int) -> None:
    mated, nonmated = scores(seed, digits=1)
    _, fmr, fnmr = calculate_roc(mated, nonmated)
    _, _, _, middle = get_eer_values(fmr, fnmr)
    ours = equal_error_rate(det_curve(mated, nonmated))
    step = max(np.abs(np.diff(fmr)).max(where=fmr[1:] < 0.4, initial=0), 0.01)
    assert abs(ours - middle) <= step


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("limit", [0.01, 0.001])
def test_fnmr_at_a_given_fmr_is_the_same_where_the_limit_is_met_exactly(seed: int, limit: float) -> None:
    mated, nonmated = scores(seed, digits=15)  # 4,000 pairs: 40 and 4 false matches meet the limits
    _, fmr, fnmr = calculate_roc(mated, nonmated)
    index, _ = get_fmr_op(fmr, fnmr, limit)
    point = operating_point(det_curve(mated, nonmated), max_fmr=limit)
    assert point.fmr == pytest.approx(fmr[index]) == pytest.approx(limit)
    # several thresholds meet it; ours is the lowest, with the fewest false non-matches
    assert point.fnmr == pytest.approx(fnmr[np.flatnonzero(np.isclose(fmr, limit))].min())
