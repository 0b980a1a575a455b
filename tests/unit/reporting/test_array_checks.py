from __future__ import annotations

import numpy as np
import pytest

from biocapil.reporting.array_checks import check_lengths, check_numbers, check_range, check_rising


def test_arrays_of_one_length_pass() -> None:
    check_lengths(x=np.zeros(3), y=np.ones(3, np.int64))
    check_lengths(alone=np.zeros(0))


def test_arrays_of_other_shapes_are_named_with_their_shapes() -> None:
    with pytest.raises(
        ValueError, match=r"x, y and z must have one shape \(N,\), got \(2,\), \(2,\) and \(3,\)"
    ):
        check_lengths(x=np.zeros(2), y=np.zeros(2), z=np.zeros(3))
    with pytest.raises(ValueError, match=r"x must have one shape \(N,\), got \(2, 2\)"):
        check_lengths(x=np.zeros((2, 2)))


def test_values_out_of_range_are_refused_and_gaps_pass() -> None:
    check_range("rates", np.array([0.0, np.nan, 1.0]), 0, 1)
    with pytest.raises(ValueError, match=r"rates must lie from 0 to 1, got 1\.5"):
        check_range("rates", np.array([0.5, 1.5]), 0, 1)


def test_gaps_are_refused_where_numbers_are_needed() -> None:
    check_numbers("scores", np.array([1.0, np.inf]))
    with pytest.raises(ValueError, match="scores must hold numbers, got NaN at 1"):
        check_numbers("scores", np.array([1.0, np.nan]))


@pytest.mark.parametrize("values", [[1.0, 1.0], [2.0, 1.0], [1.0, np.nan]])
def test_values_that_do_not_rise_are_refused(values: list[float]) -> None:
    check_rising("ranks", np.array([1, 2, 5]))
    with pytest.raises(ValueError, match="ranks must rise, got"):
        check_rising("ranks", np.array(values))
