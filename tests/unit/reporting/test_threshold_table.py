import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.evaluation.rates import det_curve
from biocapil.reporting.threshold_table import threshold_table


def curve_of() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(1)
    mated, nonmated = rng.gamma(5, 5, 200), rng.gamma(1, 0.5, 3000)
    mated[:3] = -np.inf
    return mated, nonmated


def test_rates_are_exact_at_every_threshold_as_it_is_written() -> None:
    mated, nonmated = curve_of()
    for threshold, fmr, fnmr in threshold_table(det_curve(mated, nonmated)).rows():
        assert fmr == pytest.approx((nonmated >= threshold).mean(), rel=1e-6)
        assert fnmr == pytest.approx((mated < threshold).mean(), rel=1e-6)


def test_it_is_monotone_and_short_and_ends_beyond_every_pair() -> None:
    table = threshold_table(det_curve(*curve_of()))
    assert len(table.rows()) <= 400
    assert (np.diff(table.thresholds) > 0).all()
    assert (np.diff(table.fmr) <= 0).all()
    assert (np.diff(table.fnmr) >= 0).all()
    assert (table.fmr[-1], table.fnmr[-1]) == (0.0, 1.0)


def test_the_nearest_row_is_found_also_beyond_the_ends() -> None:
    table = threshold_table(det_curve(*curve_of()), rows=5)
    assert [table.nearest(value) for value in (0.0, float(table.thresholds[2]), np.inf)] == [0, 2, 4]


def test_a_set_whose_samples_all_failed_has_a_table_without_matches() -> None:
    table = threshold_table(det_curve(np.array([-np.inf]), np.array([-np.inf])), rows=3)
    assert [row[1:] for row in table.rows()] == [[0.0, 1.0]] * 3


def test_fewer_than_two_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="rows must be at least 2, got 1"):
        threshold_table(det_curve(*curve_of()), rows=1)
